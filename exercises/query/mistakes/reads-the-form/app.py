from flask import Flask, request

app = Flask(__name__)


@app.route("/add")
def add():
    try:
        return str(int(request.form["x"]) + int(request.form["y"]))
    except ValueError:
        return "not a number", 400


if __name__ == "__main__":
    app.run()
