import os

from flask import Flask, abort, render_template, request, send_file

app = Flask(__name__)


@app.route("/hello/<name>")
def hello(name):
    return render_template("hello.html", name=name)


@app.route("/search")
def search():
    return render_template("search.html", q=request.args.get("q", ""))


@app.route("/files/<path:name>")
def file(name):
    path = os.path.join("files", name)
    if not os.path.isfile(path):
        abort(404)
    return send_file(path)


if __name__ == "__main__":
    app.run()
