from flask import Flask, redirect, request

app = Flask(__name__)

current_user = None
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
    if current_user:
        return "Logged in as " + current_user
    return "You are not logged in"


@app.route("/login", methods=["GET", "POST"])
def login():
    global current_user
    if request.method == "POST":
        username = request.form["username"]
        password = request.form["password"]
        if username in users and users[username] == password:
            current_user = username
            return redirect("/")
        return "Wrong name or password", 401
    return form


@app.route("/profile")
def profile():
    if not current_user:
        return redirect("/login")
    return "Profile of " + current_user


@app.route("/logout")
def logout():
    global current_user
    current_user = None
    return redirect("/")


if __name__ == "__main__":
    app.run()
