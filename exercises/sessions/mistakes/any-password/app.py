from flask import Flask, redirect, request, session

app = Flask(__name__)
app.secret_key = "8f42a73054b1749f8f58848be5e6502c"

users = {"ann": "apple", "bob": "banana"}

form = """
<form method="post">
  Name: <input name="username">
  Password: <input type="password" name="password">
  <input type="submit" value="Log in">
</form>
"""


@app.route("/")
def index():
    if "username" in session:
        return "Logged in as " + session["username"]
    return "You are not logged in"


@app.route("/login", methods=["GET", "POST"])
def login():
    if request.method == "POST":
        username = request.form["username"]
        password = request.form["password"]
        if username in users:
            session["username"] = username
            return redirect("/")
        return "Wrong name or password", 401
    return form


@app.route("/profile")
def profile():
    if "username" not in session:
        return redirect("/login")
    return "Profile of " + session["username"]


@app.route("/logout")
def logout():
    session.pop("username", None)
    return redirect("/")


if __name__ == "__main__":
    app.run()
