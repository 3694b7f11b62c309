from flask import Flask, render_template, request, send_from_directory

app = Flask(__name__)


@app.route("/hello/<name>")
def hello(name):
    return render_template("hello.html", name=name)


@app.route("/search")
def search():
    return render_template("search.html", q=request.args.get("q", ""))


@app.route("/files/<path:name>")
def file(name):
    return send_from_directory("files", name)


if __name__ == "__main__":
    app.run()
