from flask import Flask, request

app = Flask(__name__)
books = {}
next_id = 1


def wrong(data):
    """What is wrong with a book, if anything is."""
    if not isinstance(data, dict):
        return "a book is an object"
    if not isinstance(data.get("title"), str):
        return "title must be a text"
    if not isinstance(data.get("pages"), int):
        return "pages must be a number"
    return None


@app.get("/api/books")
def list_books():
    return list(books.values())


@app.post("/api/books")
def create():
    global next_id
    data = request.get_json()
    if error := wrong(data):
        return {"error": error}, 400
    book = {"id": next_id, "title": data["title"], "pages": data["pages"]}
    books[next_id] = book
    next_id += 1
    return book, 201


@app.get("/api/books/<int:book_id>")
def read(book_id):
    if book_id not in books:
        return {"error": "no such book"}, 404
    return books[book_id]


@app.put("/api/books/<int:book_id>")
def update(book_id):
    if book_id not in books:
        return {"error": "no such book"}, 404
    data = request.get_json()
    if error := wrong(data):
        return {"error": error}, 400
    book = {"id": book_id, "title": data["title"], "pages": data["pages"]}
    return book


@app.delete("/api/books/<int:book_id>")
def delete(book_id):
    if book_id not in books:
        return {"error": "no such book"}, 404
    del books[book_id]
    return "", 204


if __name__ == "__main__":
    app.run()
