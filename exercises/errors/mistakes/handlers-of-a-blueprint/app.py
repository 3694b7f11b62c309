from flask import Blueprint, Flask, request

app = Flask(__name__)
api = Blueprint("api", __name__, url_prefix="/api")

page = """
<html>
<body>
  <h1>{}</h1>
  <a href="/">Back to the front page</a>
</body>
</html>
"""


@app.errorhandler(404)
def not_found(error):
    return page.format("Page not found"), 404


@app.errorhandler(500)
def failed(error):
    return page.format("Something went wrong"), 500


@app.route("/")
def index():
    return "Welcome"


@app.route("/divide")
def divide():
    try:
        a = float(request.args["a"])
        b = float(request.args["b"])
        return str(a / b)
    except (KeyError, ValueError, ZeroDivisionError):
        return "a and b must be numbers, and b must not be 0", 400


@api.errorhandler(404)
def api_not_found(error):
    return {"error": "not found"}, 404


@api.errorhandler(500)
def api_failed(error):
    return {"error": "something went wrong"}, 500


@api.route("/divide")
def api_divide():
    try:
        a = float(request.args["a"])
        b = float(request.args["b"])
        return {"result": a / b}
    except (KeyError, ValueError, ZeroDivisionError):
        return {"error": "a and b must be numbers, and b must not be 0"}, 400


@app.route("/crash")
def crash():
    return str(1 / 0)


@api.route("/crash")
def api_crash():
    return {"result": 1 / 0}


app.register_blueprint(api)

if __name__ == "__main__":
    app.run()
