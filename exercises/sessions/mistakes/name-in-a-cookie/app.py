from flask import Flask, make_response, redirect, request

app = Flask(__name__)

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
    username = request.cookies.get("session")
    if username:
        return "Logged in as " + username
    return "You are not logged in"


@app.route("/login", methods=["GET", "POST"])
def login():
    if request.method == "POST":
        username = request.form["username"]
        password = request.form["password"]
        if username in users and users[username] == password:
            response = make_response(redirect("/"))
            response.set_cookie("session", username)
            return response
        return "Wrong name or password", 401
    return form


@app.route("/profile")
def profile():
    username = request.cookies.get("session")
    if not username:
        return redirect("/login")
    return "Profile of " + username


@app.route("/logout")
def logout():
    response = make_response(redirect("/"))
    response.delete_cookie("session")
    return response


if __name__ == "__main__":
    app.run()
