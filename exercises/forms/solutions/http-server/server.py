from html import escape
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

entries = []


class GuestBook(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path != "/":
            return self.send_error(404)
        lines = [f"<li>{escape(name)}: {escape(message)}</li>" for name, message in entries]
        self.answer(
            200,
            f"""<!doctype html><meta charset="utf-8"><title>Guest book</title>
            <ul>{"".join(lines)}</ul>
            <form action="/" method="POST">
              <label>Name <input name="name"></label>
              <label>Message <input name="message"></label>
              <input type="submit" value="Write">
            </form>""",
        )

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = parse_qs(body, keep_blank_values=True)
        name, message = form.get("name", [""])[0], form.get("message", [""])[0]
        if not name.strip():
            return self.answer(400, "<p>a name is missing</p>")
        entries.insert(0, (name, message))
        self.send_response(303)
        self.send_header("Location", "/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def answer(self, status, page):
        body = page.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


HTTPServer(("127.0.0.1", 8000), GuestBook).serve_forever()
