//! The exercise format, run: every form of step and expectation against a real server.

use std::fs;

use serde_json::Value;

use crate::support::checker::{command, run, with_verdict};

/// Tells what it was asked, counts its requests, and redirects.
const SERVER: &str = r#"
import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import urlsplit

asked = 0

class Handler(BaseHTTPRequestHandler):
    def answer(self):
        global asked
        asked += 1
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        url = urlsplit(self.path)
        told = {
            "method": self.command, "path": url.path, "query": url.query, "body": body, "asked": asked,
            "type": self.headers.get("Content-Type"), "x": self.headers.get("X-Own"), "cookie": self.headers.get("Cookie"),
        }
        text = "token=t%dt\n%s" % (asked, json.dumps(told, ensure_ascii=False))
        if url.path == "/go":
            self.send_response(302)
            self.send_header("Location", "/arrived?from=go")
        elif url.path == "/away":
            self.send_response(302)
            self.send_header("Location", "http://example.com/")
        elif url.path == "/loop":
            self.send_response(302)
            self.send_header("Location", "/loop")
        else:
            self.send_response(201 if self.command == "POST" else 200)
        if url.path == "/login":
            self.send_header("Set-Cookie", "session=s%d; HttpOnly; SameSite=Lax; Max-Age=60; Path=/" % asked)
        if url.path == "/logout":
            self.send_header("Set-Cookie", "session=; Max-Age=0; Path=/")
        self.send_header("X-Asked", str(asked))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text.encode())
    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = answer
    def log_message(self, *arguments):
        pass

HTTPServer(("127.0.0.1", 5000), Handler).serve_forever()
"#;

/// The report of the server graded by an exercise with these checks.
fn graded(checks: &str) -> Value {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("app.py"), SERVER).unwrap();
    let exercise = folder.path().join("exercise.toml");
    fs::write(&exercise, format!("id = \"engine\"\nversion = \"1.0.0\"\ntitle = \"engine\"\n{checks}")).unwrap();
    let (folder, exercise) = (folder.path().to_str().unwrap().to_owned(), exercise.to_str().unwrap().to_owned());
    run(&mut command(["run", &folder, "-e", &exercise, "-f", "json", "--seed", "3"])).report()
}

/// The messages of every mismatch.
fn mismatches(report: &Value) -> Vec<String> {
    let checks = report["checks"].as_array().unwrap().iter();
    let found = checks.flat_map(|check| check["mismatches"].as_array().unwrap().iter());
    found.map(|mismatch| mismatch["message"].as_str().unwrap().to_owned()).collect()
}

/// The numbers that the server had counted up to when each request of a check came.
fn counted(report: &Value, check: usize) -> Vec<String> {
    let exchanges = report["checks"][check]["exchanges"].as_array().unwrap().iter();
    let header = |exchange: &Value| {
        let headers = exchange["response"]["headers"].as_array().unwrap().clone();
        headers.iter().find(|header| header[0] == "x-asked").unwrap()[1].as_str().unwrap().to_owned()
    };
    exchanges.map(header).collect()
}

#[test]
fn every_form_of_request_arrives_as_it_was_written() {
    let report = graded(
        r#"
[[checks]]
id = "requests"
title = "requests"
steps = [
  { post = "/form", form = { name = "小 明", n = "{{random}}" }, expect = { status = 201, body = { contains = ["name=%E5%B0%8F+%E6%98%8E", "n={{random}}", "application/x-www-form-urlencoded"] } } },
  { put = "/json", json = { a = [1, true, "{{random}}"], b = { c = 1.5 } }, expect = { body = { contains = ['{\"a\":[1,true,\"{{random}}\"],\"b\":{\"c\":1.5}}', "application/json"] } } },
  { patch = "/text", body = "plain {{random.2}}", expect = { body = { contains = '"body": "plain {{random.2}}"' } } },
  { get = "/q", query = { a = "1 2", b = "ü" }, headers = { X-Own = "mine {{random}}" }, expect = { body = { contains = ['"query": "a=1+2&b=%C3%BC"', '"x": "mine {{random}}"'] } } },
  { delete = "/d", expect = { body = { contains = '"method": "DELETE"' } } },
  { head = "/h", expect = { status = "2xx", body = { is_empty = true }, headers.x-asked = { equals = "6" } } },
  { options = "/o", expect = { status = [204, "2xx"], elapsed = "20s" } },
  { get = "/c", cookies = { a = "1", b = '"x y"' }, expect = { body = { matches = '"cookie": "a=1; b=\\"x y\\""' } } },
]
"#,
    );
    assert_eq!(report["verdict"], "passed", "{:#?} {}", mismatches(&report), report["checks"][0]["exchanges"]);
}

#[test]
fn what_a_step_saves_is_known_to_later_ones() {
    let report = graded(
        r#"
[[checks]]
id = "captures"
title = "captures"
steps = [
  { get = "/first", save = { token = { body = "token=(t[0-9]+t)" }, count = { header = "X-Asked" } }, expect = { captures.token = { matches = "^t1t$" } } },
  { get = "/login", save = { session = { cookie = "session" } }, expect = { cookies.session = { present = true, http_only = true, same_site = "Lax", max_age = 60, session = false, path = "/", value = "s2" } } },
  { get = "/token/{{token}}", query = { count = "{{count}}" }, expect = { body = { contains = ['"path": "/token/t1t"', "count=1", "session={{session}}", "{{cookie.session}}"] } } },
  { get = "/logout", expect = { cookies.session = { present = false } } },
  { get = "/after", expect = { body = { not_contains = "session=" } } },
]
"#,
    );
    assert_eq!(report["verdict"], "passed", "{:#?}", mismatches(&report));
}

#[test]
fn nothing_to_save_is_a_mismatch_of_its_step() {
    let report = graded(
        r#"
[[checks]]
id = "captures"
title = "captures"
steps = [
  { get = "/first", save = { token = { body = "nothing like it" } } },
  { get = "/{{token}}" },
]
"#,
    );
    assert_eq!(mismatches(&report), ["nothing to keep as `token`: the body does not have it"]);
    assert_eq!(report["checks"][0]["exchanges"].as_array().unwrap().len(), 1, "the check ends there");
}

#[test]
fn redirects_are_followed_only_on_request_and_only_at_home() {
    let report = graded(
        r#"
[[checks]]
id = "stays"
title = "stays"
steps = [{ get = "/go", expect = { status = 302, redirected_to = "/arrived?from=go" } }]
[[checks]]
id = "follows"
title = "follows"
steps = [{ get = "/go", redirects = true, expect = { status = 200, body = { contains = '"path": "/arrived"' } } }]
[[checks]]
id = "away"
title = "away"
steps = [{ get = "/away", redirects = true, expect = { status = 200 } }]
[[checks]]
id = "loop"
title = "loop"
steps = [{ get = "/loop", redirects = true, expect = { status = 200 } }]
"#,
    );
    assert_eq!(with_verdict(&report, "passed"), ["stays", "follows"]);
    assert_eq!(report["checks"][1]["exchanges"].as_array().unwrap().len(), 2, "each redirect is an exchange");
    let exchanges = report["checks"][2]["exchanges"].as_array().unwrap();
    let last = exchanges.last().unwrap();
    assert_eq!(last["request"]["url"], "http://example.com/", "where it would have led");
    assert_eq!(last["curl"], "curl -i http://127.0.0.1:5000/away", "what a student may try");
    let failure = |check: usize| {
        report["checks"][check]["exchanges"].as_array().unwrap().last().unwrap()["failure"]["code"].clone()
    };
    assert_eq!((failure(2), failure(3)), ("blocked".into(), "redirect_loop".into()));
}

#[test]
fn a_restart_forgets_what_the_program_knew_and_keeps_the_jars() {
    let report = graded(
        r#"
[[checks]]
id = "restart"
title = "restart"
steps = [
  { get = "/login" },
  { restart = true },
  { get = "/again", expect = { headers.x-asked = { equals = "1" }, body = { contains = "session=s1" } } },
]
"#,
    );
    assert_eq!(report["verdict"], "passed", "{:#?}", mismatches(&report));
}

#[test]
fn a_check_that_waits_lets_others_go_on() {
    let report = graded(
        r#"
[[checks]]
id = "waits"
title = "waits"
steps = [{ get = "/one" }, { wait = "300ms" }, { get = "/three" }]
[[checks]]
id = "goes-on"
title = "goes on"
steps = [{ get = "/two" }]
[[checks]]
id = "needs-the-first"
title = "needs the first"
requires = ["waits"]
steps = [{ get = "/four" }]
"#,
    );
    assert_eq!(report["verdict"], "passed");
    assert_eq!(counted(&report, 0), ["1", "3"]);
    assert_eq!(counted(&report, 1), ["2"]);
    assert_eq!(counted(&report, 2), ["4"]);
}

#[test]
fn a_fresh_step_is_asked_before_everything_else() {
    let report = graded(
        r#"
[[checks]]
id = "early"
title = "early"
steps = [{ get = "/second" }]
[[checks]]
id = "late"
title = "late"
requires = ["early"]
steps = [{ get = "/first", fresh = true }, { get = "/third" }]
"#,
    );
    assert_eq!(counted(&report, 0), ["2"]);
    assert_eq!(counted(&report, 1), ["1", "3"]);
}

#[test]
fn a_check_whose_requirement_failed_is_skipped_and_names_it() {
    let report = graded(
        r#"
[[checks]]
id = "wrong"
title = "wrong"
points = 2
steps = [{ get = "/", expect = { status = 404 } }]
[[checks.hints]]
when = { status = 200, body = "token=" }
say = { en = "the author's own hint", zh = "作者的提示" }
[[checks]]
id = "skipped"
title = "skipped"
points = 3
requires = ["wrong"]
steps = [{ get = "/" }]
[[checks]]
id = "skipped-too"
title = "skipped too"
requires = ["skipped"]
steps = [{ get = "/" }]
"#,
    );
    assert_eq!(with_verdict(&report, "skipped"), ["skipped", "skipped-too"]);
    assert_eq!(
        (&report["checks"][1]["because"], &report["checks"][2]["because"]),
        (&"wrong".into(), &"skipped".into())
    );
    assert_eq!(report["checks"][0]["hints"][0], "the author's own hint");
    assert_eq!(report["score"], serde_json::json!({ "earned": 0, "possible": 6 }));
    assert_eq!(mismatches(&report), ["expected status 404, got 200"]);
}

#[test]
fn clients_have_jars_of_their_own_within_a_check() {
    let report = graded(
        r#"
[[checks]]
id = "jars"
title = "jars"
steps = [
  { get = "/login", client = "ann" },
  { get = "/login", client = "bob" },
  { get = "/who", client = "ann", expect = { body = { contains = "session=s1", not_contains = "s2" } } },
  { get = "/who", client = "bob", expect = { body = { contains = "session=s2" } } },
  { get = "/who", expect = { body = { not_contains = "session=" } } },
]
[[checks]]
id = "other-check"
title = "other check"
steps = [{ get = "/who", client = "ann", expect = { body = { not_contains = "session=" } } }]
"#,
    );
    assert_eq!(report["verdict"], "passed", "{:#?}", mismatches(&report));
}
