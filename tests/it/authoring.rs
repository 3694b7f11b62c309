//! `checker exercises new`: what it writes holds at once.

use std::fs;
use std::path::Path;

use crate::support::checker::{Ran, checker, command, run};
use crate::support::{fixture, names_of, runtimes};

/// What a command said of a folder of the test's own.
fn page(ran: &Ran, folder: &Path) -> String {
    ran.page().replace(folder.to_str().unwrap(), "FOLDER")
}

#[test]
fn a_new_exercise_is_proven_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let new = folder.path().join("Greetings 2");
    let path = new.to_str().unwrap();
    insta::assert_snapshot!("new_exercise", page(&checker(["exercises", "new", path]), folder.path()));
    let mut validate = command(["validate", path, "--seed", "1", "--repeat", "2", "--mutations", "none", "--python"]);
    let ran = run(validate.arg(runtimes::python()));
    insta::assert_snapshot!("new_exercise_proven", page(&ran, folder.path()));
}

#[test]
fn nothing_is_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    fs::write(folder.path().join("exercise.toml"), "mine").unwrap();
    for arguments in [vec!["exercises", "new", path], vec!["exercises", "new", path, "--lang", "zh"]] {
        let ran = checker(&arguments);
        assert_eq!(ran.code, Some(2));
        insta::assert_snapshot!(format!("new_taken_{}", arguments.len()), page(&ran, folder.path()));
    }
    assert_eq!(fs::read_to_string(folder.path().join("exercise.toml")).unwrap(), "mine");
    assert_eq!(names_of(folder.path()), ["exercise.toml"]);
}

/// Everything that differs between two visits, and some that does not.
const SHOP: &str = r#"
import itertools, json, time
from http.server import BaseHTTPRequestHandler, HTTPServer

visits = itertools.count(1)

class Shop(BaseHTTPRequestHandler):
    def do_GET(self):
        visit = next(visits)
        cookies = dict(pair.split("=", 1) for pair in self.headers.get("Cookie", "").split("; ") if "=" in pair)
        pages = {
            "/": ("text/html; charset=utf-8", "<title>Shop</title><h1>Visit %d</h1>" % visit),
            "/basket": ("text/plain", "basket of " + cookies.get("session", "nobody")),
            "/stock.json": ("application/json", json.dumps({"apples": visit, "pears": 2})),
            "/counter": ("text/plain", "visit %d" % visit),
        }
        if self.path == "/members" and "session" in cookies:
            pages["/members"] = ("text/plain", "members only")
        if self.path == "/old":
            self.send_response(302)
            self.send_header("Location", "/")
            self.end_headers()
            return
        kind, text = pages.get(self.path, ("text/plain", "no such page"))
        self.send_response(200 if self.path in pages else 404)
        self.send_header("Content-Type", kind)
        if self.path == "/":
            self.send_header("Set-Cookie", "session=s%dx; HttpOnly; SameSite=Lax; Path=/" % (visit + 1000))
            self.send_header("Set-Cookie", "seen=%s; Max-Age=60" % int(time.time()))
            self.send_header("Set-Cookie", "theme=dark")
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *arguments):
        pass

HTTPServer(("127.0.0.1", 5000), Shop).serve_forever()
"#;

#[test]
fn checks_are_proposed_from_what_a_server_answers_and_it_passes_them() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("shop")).unwrap();
    fs::write(folder.path().join("shop/app.py"), SHOP).unwrap();
    let (new, shop) = (folder.path().join("my-shop"), folder.path().join("shop"));
    let mut record = command(["exercises", "new", new.to_str().unwrap(), "--from", shop.to_str().unwrap()]);
    for path in ["/", "/basket", "/stock.json", "/counter", "/old", "/none", "/members"] {
        record.args(["--visit", path]);
    }
    let ran = run(record.arg("--python").arg(runtimes::python()));
    insta::assert_snapshot!("new_recorded", page(&ran, folder.path()));
    insta::assert_snapshot!("new_recorded_exercise", fs::read_to_string(new.join("exercise.toml")).unwrap());
    assert_eq!(names_of(&new), ["exercise.schema.json", "exercise.toml", "solutions"]);
    // The copy in `solutions/` passes too, and what is missing is said.
    let mut validate = command(["validate", new.to_str().unwrap(), "--repeat", "1", "--mutations", "none", "-q"]);
    let ran = run(validate.arg("--python").arg(runtimes::python()).arg("--reports").arg(folder.path()));
    assert_eq!(
        (ran.code, ran.stdout.as_str()),
        (Some(1), "7 findings\n"),
        "every check lacks a mistake: {}",
        ran.page()
    );
}

#[test]
fn a_server_that_cannot_be_visited_gives_no_exercise() {
    let folder = tempfile::tempdir().unwrap();
    let new = folder.path().join("new");
    let path = new.to_str().unwrap();
    let refused = checker(["exercises", "new", path, "--from", "http://127.0.0.1:1"]);
    insta::assert_snapshot!("new_refused", page(&refused, folder.path()));
    let broken = fixture("proofs/findings/mistakes/crashes.py");
    let mut record = command(["exercises", "new", path, "--from", broken.to_str().unwrap(), "--python"]);
    let ran = run(record.arg(runtimes::python()));
    insta::assert_snapshot!("new_broken", ran.page().replace(broken.to_str().unwrap(), "crashes.py"));
    insta::assert_snapshot!(
        "new_wrong_path",
        checker(["exercises", "new", path, "--from", ".", "--visit", "get"]).page()
    );
    assert!(!new.exists());
}
