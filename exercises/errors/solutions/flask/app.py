from flask import Flask, abort, request

app = Flask(__name__)

PAGE = """<!doctype html>
<title>{title}</title>
<h1>{title}</h1>
<p>{text}</p>
<p><a href="/">Back to the front page</a></p>
"""

TEXTS = {
    400: ("This cannot be divided", "Give two numbers, a and b, and a b that is not 0."),
    404: ("Page not found", "There is nothing at this address."),
    500: ("Something went wrong", "It is not your fault. We have been told."),
}


@app.errorhandler(400)
@app.errorhandler(404)
@app.errorhandler(500)
def explain(error):
    title, text = TEXTS[error.code]
    if request.path.startswith("/api/"):
        return {"error": text}, error.code
    return PAGE.format(title=title, text=text), error.code


def quotient():
    try:
        a = float(request.args["a"])
        b = float(request.args["b"])
    except ValueError:
        abort(400)
    if b == 0:
        abort(400)
    return a / b


@app.route("/")
def index():
    return '<form action="/divide"><input name="a"> / <input name="b"> <button>=</button></form>'


@app.route("/divide")
def divide():
    return str(quotient())


@app.route("/api/divide")
def api_divide():
    return {"result": quotient()}


@app.route("/crash")
@app.route("/api/crash")
def crash():
    return str(1 / 0)


if __name__ == "__main__":
    app.run()
