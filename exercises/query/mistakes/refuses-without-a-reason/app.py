from flask import Flask, request

app = Flask(__name__)


@app.route("/add")
def add():
    total = 0
    for name in ["x", "y"]:
        text = request.args.get(name)
        if text is None:
            return "Bad Request", 400
        try:
            total += int(text)
        except ValueError:
            return "Bad Request", 400
    return str(total)


if __name__ == "__main__":
    app.run()
