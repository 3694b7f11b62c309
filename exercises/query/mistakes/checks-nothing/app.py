from flask import Flask, request

app = Flask(__name__)


@app.route("/add")
def add():
    return str(int(request.args["x"]) + int(request.args["y"]))


if __name__ == "__main__":
    app.run()
