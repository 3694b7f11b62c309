from flask import Flask, render_template, render_template_string, request, send_from_directory
from markupsafe import escape

app = Flask(__name__)


@app.route("/hello/<name>")
def hello(name):
    page = f"""
<link rel="stylesheet" href="/static/style.css">
<h1>Hello, {escape(name)}!</h1>
"""
    return render_template_string(page)


@app.route("/search")
def search():
    return render_template("search.html", q=request.args.get("q", ""))


@app.route("/files/<path:name>")
def file(name):
    return send_from_directory("files", name)


if __name__ == "__main__":
    app.run()
