const crypto = require("node:crypto");
const http = require("node:http");

const secret = process.env.SECRET_KEY || "5d1c6a0f2b7e49d38a94e0c77f16b2aa";
const users = new Map([["ann", "apple"], ["bob", "banana"]]);

const form = `<!doctype html>
<title>Login</title>
<form method="post">
  <input name="username"><input name="password" type="password">
  <button>Log in</button>
</form>`;

function signature(text) {
  return crypto.createHmac("sha256", secret).update(text).digest("base64url");
}

function sign(username) {
  const text = Buffer.from(username).toString("base64url");
  return `${text}.${signature(text)}`;
}

// The name in a cookie that this server signed, else undefined.
function verified(cookie) {
  const [text, given = ""] = cookie.split(".", 2);
  const wanted = Buffer.from(signature(text));
  const came = Buffer.from(given);
  if (came.length !== wanted.length || !crypto.timingSafeEqual(came, wanted)) return undefined;
  return Buffer.from(text, "base64url").toString();
}

function visitor(request) {
  for (const pair of (request.headers.cookie || "").split("; ")) {
    if (pair.startsWith("session=")) return verified(pair.slice("session=".length));
  }
  return undefined;
}

function page(response, status, text) {
  response.writeHead(status, { "Content-Type": "text/html; charset=utf-8" });
  response.end(text);
}

function redirect(response, location, cookie) {
  const headers = { Location: location };
  if (cookie) headers["Set-Cookie"] = `${cookie}; HttpOnly; SameSite=Lax; Path=/`;
  response.writeHead(303, headers);
  response.end();
}

async function login(request, response) {
  let body = "";
  for await (const part of request) body += part;
  const fields = new URLSearchParams(body);
  const username = fields.get("username");
  if (!users.has(username) || users.get(username) !== fields.get("password")) {
    return page(response, 401, "Wrong name or password");
  }
  return redirect(response, "/", `session=${sign(username)}`);
}

const server = http.createServer((request, response) => {
  const name = visitor(request);
  const route = `${request.method} ${request.url.split("?")[0]}`;
  if (route === "GET /") return page(response, 200, name ? `Logged in as ${name}` : "You are not logged in");
  if (route === "GET /login") return page(response, 200, form);
  if (route === "POST /login") return login(request, response);
  if (route === "GET /profile") {
    return name ? page(response, 200, `The profile of ${name}`) : redirect(response, "/login");
  }
  if (route === "GET /logout") return redirect(response, "/", "session=; Max-Age=0");
  return page(response, 404, "Not found");
});

server.listen(process.env.PORT || 5000, "127.0.0.1");
