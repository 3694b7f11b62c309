from flask import Flask

app = Flask(__name__)


@app.route("/")
def index():
    return "Index Page"


@app.route("/hello")
def hello():
    return "Hello, World"


@app.route("/user/<username>")
def show_user(username):
    return f"User {username}"


@app.route("/post/<int:post_id>")
def show_user(post_id):
    return f"Post {post_id}"


if __name__ == "__main__":
    app.run()
