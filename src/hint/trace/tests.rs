use super::*;

/// Kind, text, and the innermost frame of the last error of a log.
fn read(log: &str) -> (String, String, String) {
    let trace = last(log).unwrap_or_else(|| panic!("no error in {log}"));
    let frame = trace.frames.last().cloned().unwrap_or_default();
    let function = frame.function.map(|name| format!(" {name}")).unwrap_or_default();
    (trace.kind, trace.text, format!("{}:{}{function}", frame.file, frame.line))
}

#[test]
fn the_error_of_each_language_is_read_with_its_innermost_place() {
    for (log, kind, text, place) in [
        (
            "Traceback (most recent call last):\n  File \"/a/app.py\", line 3, in show\n    x\nNameError: name 'x' is not defined\n",
            "NameError",
            "name 'x' is not defined",
            "/a/app.py:3 show",
        ),
        (
            "  File \"/a/app.py\", line 7\n    def x()\n           ^\nSyntaxError: expected ':'\n",
            "SyntaxError",
            "expected ':'",
            "/a/app.py:7",
        ),
        (
            "TypeError: x is not a function\n    at Server.emit (node:events:1:2)\n",
            "TypeError",
            "x is not a function",
            "node:events:1 Server.emit",
        ),
        (
            "/a/server.js:4\n  x(\n   ^\n\nSyntaxError: missing ) after argument list\n    at wrapSafe (node:internal:1:2)\n",
            "SyntaxError",
            "missing ) after argument list",
            "/a/server.js:4",
        ),
        (
            "2026/11/24 03:50:00 http: panic serving 127.0.0.1:5: runtime error: invalid memory address\ngoroutine 6 [running]:\nmain.getCookie({0x1, 0x2})\n\t/a/main.go:20 +0x1d\nnet/http.serve(0x1)\n\t/usr/lib/go/server.go:9 +0x1\n",
            "panic",
            "runtime error: invalid memory address",
            "/a/main.go:20 getCookie",
        ),
        (
            "thread 'main' panicked at src/main.rs:8:30:\ncalled `Option::unwrap()` on a `None` value\n",
            "",
            "called `Option::unwrap()` on a `None` value",
            "src/main.rs:8",
        ),
        (
            "Exception in thread \"main\" java.lang.NullPointerException: nothing\n\tat Main.main(Main.java:12)\n\tat java.base/java.lang.Thread.run(Thread.java:829)\n",
            "NullPointerException",
            "nothing",
            "Main.java:12 main",
        ),
        (
            "[Tue Nov 24 03:50:20 2026] PHP Warning:  Undefined array key \"time\" in /a/index.php on line 7\n",
            "",
            "Undefined array key \"time\"",
            "/a/index.php:7",
        ),
        (
            "PHP Fatal error:  Uncaught Error: Call to undefined function f() in /a/index.php:3\n",
            "",
            "Error: Call to undefined function f()",
            "/a/index.php:3",
        ),
        (
            "/a/app.rb:5:in `block in <main>': undefined method `split' for nil (NoMethodError)\n\tfrom /usr/lib/ruby/x.rb:9:in `call'\n",
            "NoMethodError",
            "undefined method `split' for nil",
            "/a/app.rb:5",
        ),
        (
            "Can't locate object method \"x\" via package \"y\" at server.pl line 12.\n",
            "",
            "Can't locate object method \"x\" via package \"y\"",
            "server.pl:12",
        ),
    ] {
        assert_eq!(read(log), (kind.to_owned(), text.to_owned(), place.to_owned()));
    }
}

#[test]
fn of_several_errors_the_last_counts() {
    let one = |line: u32, name: &str| {
        format!("Traceback (most recent call last):\n  File \"/a/app.py\", line {line}, in f\n    x\n{name}: why\n")
    };
    let chained = format!(
        "{}\nDuring handling of the above exception, another exception occurred:\n\n{}",
        one(1, "KeyError"),
        one(2, "ValueError")
    );
    assert_eq!(read(&chained), ("ValueError".into(), "why".into(), "/a/app.py:2 f".into()));
}

#[test]
fn the_missing_key_behind_flasks_own_error_is_the_error() {
    let log = "Traceback (most recent call last):\n  File \"/a/app.py\", line 5, in show\n    x\nwerkzeug.exceptions.BadRequestKeyError: 400 Bad Request: The browser sent it.\nKeyError: 'time'\n";
    assert_eq!(read(log), ("KeyError".into(), "'time'".into(), "/a/app.py:5 show".into()));
}

#[test]
fn colours_do_not_hide_an_error() {
    assert_eq!(read("\u{1b}[31mTypeError: no\u{1b}[0m\n    at f (/a/x.js:1:2)\n").2, "/a/x.js:1 f");
}

#[test]
fn a_log_without_errors_has_none() {
    for log in [
        "",
        " * Running on http://127.0.0.1:5000\n",
        "127.0.0.1 - - \"GET / HTTP/1.1\" 200 -\n",
        "Error: none really\n",
        "NameError: said in words\n",
    ] {
        assert_eq!(last(log), None, "{log}");
    }
}

#[test]
fn an_express_page_shows_its_stack() {
    let page = "<pre>TypeError: x is not a function<br> &nbsp; &nbsp;at /a/app.js:7:3<br> &nbsp; &nbsp;at next (/a/node_modules/express/lib/x.js:1:1)</pre>";
    let trace = in_page(page).unwrap();
    assert_eq!((trace.kind.as_str(), trace.frames.last().unwrap().line), ("TypeError", 7));
    assert_eq!(in_page("<p>all is well</p>"), None);
}
