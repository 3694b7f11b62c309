from flask import Flask, request

app = Flask(__name__)


@app.route("/add")
def add():
    x = request.args.get("x", 0, type=int)
    y = request.args.get("y", 0, type=int)
    return str(x + y)


if __name__ == "__main__":
    app.run()
