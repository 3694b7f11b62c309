from flask import Flask, redirect, render_template_string, request

app = Flask(__name__)
entries = []

PAGE = """<!doctype html>
<title>Guest book</title>
<form method="post">
  <input name="name" placeholder="name">
  <textarea name="message"></textarea>
  <button>Write</button>
</form>
<ul>
{% for entry in entries %}
  <li><b>{{ entry.name }}</b>: {{ entry.message }}</li>
{% endfor %}
</ul>
"""


@app.route("/", methods=["GET", "POST"])
def guest_book():
    if request.method == "POST":
        name = request.form["name"]
        message = request.form["message"]
        entries.append({"name": name, "message": message})
        return redirect("/")
    return render_template_string(PAGE, entries=entries)


if __name__ == "__main__":
    app.run()
