const http = require("node:http");

const books = new Map();
let nextId = 1;

function send(response, status, value) {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(value === undefined ? "" : JSON.stringify(value));
}

async function received(request) {
  let text = "";
  for await (const chunk of request) text += chunk;
  return JSON.parse(text);
}

// The book that was sent, or what is wrong with it.
async function bookFrom(request) {
  let data;
  try {
    data = await received(request);
  } catch {
    return { error: "the body is not JSON" };
  }
  if (typeof data?.title !== "string") return { error: "title must be a text" };
  if (!Number.isInteger(data.pages)) return { error: "pages must be a whole number" };
  return { book: { title: data.title, pages: data.pages } };
}

async function answer(request, response) {
  const [, id] = request.url.match(/^\/api\/books(?:\/(\d+))?$/) ?? [];
  const known = id === undefined ? undefined : books.get(Number(id));
  if (request.url === "/api/books" && request.method === "GET") return send(response, 200, [...books.values()]);
  if (request.url === "/api/books" && request.method === "POST") {
    const { book, error } = await bookFrom(request);
    if (error) return send(response, 400, { error });
    const created = { id: nextId++, ...book };
    books.set(created.id, created);
    return send(response, 201, created);
  }
  if (known === undefined) return send(response, 404, { error: "no such book" });
  if (request.method === "GET") return send(response, 200, known);
  if (request.method === "PUT") {
    const { book, error } = await bookFrom(request);
    if (error) return send(response, 400, { error });
    return send(response, 200, Object.assign(known, book));
  }
  if (request.method === "DELETE") {
    books.delete(known.id);
    return send(response, 204);
  }
  return send(response, 405, { error: "no such method" });
}

http.createServer(answer).listen(3000, "127.0.0.1");
