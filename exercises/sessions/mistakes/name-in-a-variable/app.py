from flask import Flask, redirect, request, session

app = Flask(__name__)
app.secret_key = "8f42a73054b1749f8f58848be5e6502c"

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
    if session.get("logged_in"):
        return f"Logged in as {current_user}"
    return "You are not logged in"


@app.route("/login", methods=["GET", "POST"])
def login():
    global current_user
    if request.method == "POST":
        username = request.form["username"]
        password = request.form["password"]
        if username in users and users[username] == password:
            session["logged_in"] = True
            current_user = username
            return redirect("/")
        return "Wrong name or password", 401
    return form


@app.route("/profile")
def profile():
    if "logged_in" not in session:
        return redirect("/login")
    return f"Profile of {current_user}"


@app.route("/logout")
def logout():
    session.pop("logged_in", None)
    return redirect("/")


if __name__ == "__main__":
    app.run()
