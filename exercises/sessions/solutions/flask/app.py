import os

from flask import Flask, redirect, request, session

app = Flask(__name__)
# The same at every start; on a real server it comes from outside and is known to nobody.
app.secret_key = os.environ.get("SECRET_KEY", "8f42a73054b1749f8f58848be5e6502c")

USERS = {"ann": "apple", "bob": "banana"}

FORM = """<!doctype html>
<title>Login</title>
<form method="post">
  <input name="username" placeholder="Name">
  <input name="password" type="password" placeholder="Password">
  <button>Log in</button>
</form>
"""


@app.route("/")
def index():
    if "username" in session:
        return f"Logged in as {session['username']}"
    return "You are not logged in"


@app.route("/login", methods=["GET", "POST"])
def login():
    if request.method == "GET":
        return FORM
    username = request.form["username"]
    password = request.form.get("password", "")
    if username not in USERS or USERS[username] != password:
        return "Wrong name or password", 401
    session["username"] = username
    return redirect("/")


@app.route("/profile")
def profile():
    if "username" not in session:
        return redirect("/login")
    return f"The profile of {session['username']}"


@app.route("/logout")
def logout():
    session.pop("username", None)
    return redirect("/")


if __name__ == "__main__":
    app.run()
