from flask import Flask, render_template, render_template_string, request, send_from_directory

app = Flask(__name__)


@app.route("/hello/<name>")
def hello(name):
    page = """
<link rel="stylesheet" href="{{ url_for('static', filename='style.css') }}">
<h1>Hello, """ + name + """!</h1>
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
