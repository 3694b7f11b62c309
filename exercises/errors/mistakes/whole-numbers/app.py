from flask import Flask, request

app = Flask(__name__)

page = """
<html>
<body>
  <h1>{}</h1>
  <a href="/">Back to the front page</a>
</body>
</html>
"""


def is_api():
    return request.path.startswith("/api/")


@app.errorhandler(404)
def not_found(error):
    if is_api():
        return {"error": "not found"}, 404
    return page.format("Page not found"), 404


@app.errorhandler(500)
def failed(error):
    if is_api():
        return {"error": "something went wrong"}, 500
    return page.format("Something went wrong"), 500


@app.route("/")
def index():
    return "Welcome"


@app.route("/divide")
def divide():
    try:
        a = float(request.args["a"])
        b = float(request.args["b"])
        return str(a // b)
    except (KeyError, ValueError, ZeroDivisionError):
        return "a and b must be numbers, and b must not be 0", 400


@app.route("/api/divide")
def api_divide():
    try:
        a = float(request.args["a"])
        b = float(request.args["b"])
        return {"result": a // b}
    except (KeyError, ValueError, ZeroDivisionError):
        return {"error": "a and b must be numbers, and b must not be 0"}, 400


@app.route("/crash")
def crash():
    return str(1 / 0)


@app.route("/api/crash")
def api_crash():
    return {"result": 1 / 0}


if __name__ == "__main__":
    app.run()
