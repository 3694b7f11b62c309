from flask import Flask, render_template, request, send_from_directory

app = Flask(__name__)


@app.route("/hello/<name>")
def hello(name):
    return f"""
<html>
<head>
  <link rel="stylesheet" href="/static/style.css">
</head>
<body>
  <h1>Hello, {name}!</h1>
</body>
</html>
"""


@app.route("/search")
def search():
    return render_template("search.html", q=request.args.get("q", ""))


@app.route("/files/<path:name>")
def file(name):
    return send_from_directory("files", name)


if __name__ == "__main__":
    app.run()
