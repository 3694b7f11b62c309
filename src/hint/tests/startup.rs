use super::super::{BuildFailure, build_failed, exited_early, never_listened, not_http};
use super::*;
use crate::outcome::{Blame, Problem, ProblemCode};

fn ended(kind: &'static str, sources: &[SourceFile], code: i32, stderr: &str) -> Problem {
    let program = Program { kind: Some(kind), root: ROOT, sources };
    let stderr = stderr.replace("ROOT", ROOT);
    exited_early(program, Exit::Code(code), Log { stdout: "", stderr: &stderr }, &[])
}

fn hint(problem: &Problem) -> &'static str {
    problem.hint.as_ref().map_or("", |hint| hint.id)
}

fn python(error: &str) -> String {
    format!("Traceback (most recent call last):\n  File \"ROOT/app.py\", line 1, in <module>\n    code\n{error}\n")
}

#[test]
fn each_end_before_listening_has_its_hint() {
    let app = [source("app.py", "some code\n")];
    let syntax = |code: &str, error: &str| format!("  File \"ROOT/app.py\", line 1\n    {code}\n        ^\n{error}\n");
    for (expected, log) in [
        ("hint-syntax-error", syntax("def x()", "SyntaxError: expected ':'")),
        ("hint-indentation-error", syntax("x", "IndentationError: unexpected indent")),
        ("hint-indentation-error", syntax("x", "TabError: inconsistent use of tabs and spaces in indentation")),
        ("hint-fullwidth-punctuation", syntax("x（", "SyntaxError: invalid character '（' (U+FF08)")),
        ("hint-syntax-error", syntax("x", "SyntaxError: invalid character '€' (U+20AC)")),
        ("hint-source-encoding", "SyntaxError: Non-UTF-8 code starting with '\\xc9' in file ROOT/app.py on line 1, but no encoding declared; see https://peps.python.org/pep-0263/ for details\n".into()),
        ("hint-module-misspelled", python("ModuleNotFoundError: No module named 'flaskk'")),
        ("hint-module-misspelled", python("ModuleNotFoundError: No module named 'Flask'")),
        ("hint-import-name", python("ImportError: cannot import name 'flask' from 'flask' (/opt/venv/lib/python3.11/site-packages/flask/__init__.py)")),
        ("hint-name-error", python("NameError: name 'Flask' is not defined. Did you mean: 'flask'?")),
        ("hint-two-views-one-name", python("AssertionError: View function mapping is overwriting an existing endpoint function: cookie")),
        ("hint-route-without-slash", python("ValueError: URL rule 'get' must start with a slash.")),
        ("hint-waits-for-input", python("EOFError: EOF when reading a line")),
        ("hint-port-invalid", python("OverflowError: bind(): port must be 0-65535.")),
        ("hint-port-privileged", python("PermissionError: [Errno 13] Permission denied")),
        ("hint-error-at-start", python("PermissionError: [Errno 13] Permission denied: '/var/log/app.log'")),
        ("hint-address-not-here", "Cannot assign requested address\n".into()),
        ("hint-error-at-start", python("ZeroDivisionError: division by zero")),
        ("hint-exited-early", "something else\n".into()),
    ] {
        let problem = ended("flask", &app, 1, &log);
        assert_eq!(hint(&problem), expected, "{log}");
        assert_eq!((problem.code, problem.blame), (ProblemCode::ExitedEarly, Blame::Submission));
    }
}

#[test]
fn the_message_names_the_line_and_no_path_of_the_machine() {
    let app = [source("app.py", "from flask import flask\n")];
    let problem = ended(
        "flask",
        &app,
        1,
        &python(
            "ImportError: cannot import name 'flask' from 'flask' (/opt/venv/lib/python3.11/site-packages/flask/__init__.py)",
        ),
    );
    assert_eq!(problem.message.id, "problem-exited-early-at");
    assert_eq!(arg(&problem.message, "file"), "app.py");
    assert_eq!(arg(&problem.message, "line"), "1");
    assert_eq!(arg(&problem.message, "error"), "ImportError: cannot import name 'flask' from 'flask'");
}

#[test]
fn a_file_that_hides_a_module_is_told_and_a_mere_misspelling_is_not() {
    let own = "ImportError: cannot import name 'Flask' from 'flask' (ROOT/flask.py)";
    let theirs = "ImportError: cannot import name 'flask' from 'flask' (/opt/venv/lib/python3.11/site-packages/flask/__init__.py)";
    let sources = [source("app.py", "from flask import Flask\n"), source("flask.py", "\n")];
    assert_eq!(hint(&ended("flask", &sources, 1, &python(own))), "hint-shadowed-module");
    assert_eq!(hint(&ended("flask", &sources, 1, &python(theirs))), "hint-import-name");
    assert_eq!(hint(&ended("flask", &sources[..1], 1, &python(own))), "hint-import-name");
}

#[test]
fn a_package_that_this_machine_lacks_costs_no_points() {
    let app = source("app.py", "import x\n");
    let declared = [app.clone(), source("requirements.txt", "flask\nrare-thing>=1\n")];
    let command = |problem: &Problem| problem.hint.as_ref().map(|hint| arg(hint, "command")).unwrap_or_default();
    let lacks = |sources: &[SourceFile], name: &str| {
        ended("flask", sources, 1, &python(&format!("ModuleNotFoundError: No module named '{name}'")))
    };
    for (name, package) in
        [("flask", "flask"), ("PIL", "pillow"), ("flask.views", "flask"), ("rare_thing", "rare_thing")]
    {
        let problem = lacks(&declared, name);
        assert_eq!((problem.code, problem.blame), (ProblemCode::RuntimeMissing, Blame::Environment), "{name}");
        assert_eq!(command(&problem), format!("python3 -m pip install {package}"));
    }
    assert_eq!(lacks(std::slice::from_ref(&app), "rare_thing").blame, Blame::Submission);
    assert_eq!(lacks(&[app, source("flask.py", "")], "flask.views").blame, Blame::Submission);
}

#[test]
fn a_package_of_node_is_told_from_a_file_and_a_misspelling() {
    let lacks = |name: &str| {
        let log = format!(
            "node:internal/modules/cjs/loader:1210\n  throw err;\n  ^\n\nError: Cannot find module '{name}'\nRequire stack:\n- ROOT/server.js\n    at Module._resolveFilename (node:internal/modules/cjs/loader:1207:15)\n    at Object.<anonymous> (ROOT/server.js:1:14)\n"
        );
        ended("node", &[source("server.js", "require('x');\n")], 1, &log)
    };
    let express = lacks("express");
    assert_eq!((express.code, express.blame), (ProblemCode::RuntimeMissing, Blame::Environment));
    assert_eq!(arg(express.hint.as_ref().unwrap(), "command"), "npm install express");
    assert_eq!((hint(&lacks("htpp")), lacks("htpp").blame), ("hint-module-misspelled", Blame::Submission));
    assert_eq!(hint(&lacks("./cookies")), "hint-file-missing");
}

#[test]
fn a_port_that_is_taken_costs_no_points_and_names_the_holder() {
    let holders = [(5000, "AirPlay Receiver".to_owned()), (22, "sshd".to_owned())];
    for log in [
        "Address already in use\nPort 5000 is in use by another program. Either identify and stop that program, or start the server with a different port.\n",
        "Error: listen EADDRINUSE: address already in use :::5000\n    at Server.setupListenHandle (node:net:1817:16)\n",
        "2026/11/24 03:50:00 listen tcp :5000: bind: address already in use\n",
        "[Tue Nov 24 03:50:00 2026] Failed to listen on 127.0.0.1:5000 (reason: Address already in use)\n",
        "app.rb:3:in `initialize': Address already in use - bind(2) for \"127.0.0.1\" port 5000 (Errno::EADDRINUSE)\n",
        "ERROR:    [Errno 98] error while attempting to bind on address ('127.0.0.1', 5000): address already in use\n",
        "OSError: [Errno 98] Address already in use\n",
        // Django names no port.
        "Error: That port is already in use.\n",
    ] {
        let program = Program { kind: Some("flask"), root: ROOT, sources: &[] };
        let problem = exited_early(program, Exit::Code(1), Log { stdout: "", stderr: log }, &holders);
        assert_eq!((problem.code, problem.blame), (ProblemCode::ExitedEarly, Blame::Environment), "{log}");
        assert_eq!(problem.message.id, "problem-port-held", "{log}");
        assert_eq!(
            (arg(&problem.message, "port"), arg(&problem.message, "holder")),
            ("5000".into(), "AirPlay Receiver".into())
        );
    }
}

#[test]
fn a_port_that_is_taken_is_found_in_the_programs_text() {
    let sources = [source("server.py", "HTTPServer((\"127.0.0.1\", 8123), Handler).serve_forever()\n")];
    let program = Program { kind: Some("python"), root: ROOT, sources: &sources };
    let log = Log { stdout: "", stderr: "OSError: [Errno 98] Address already in use\n" };
    let problem = exited_early(program, Exit::Code(1), log, &[(8123, "another program".into())]);
    assert_eq!(arg(&problem.message, "port"), "8123");
    let gone = exited_early(program, Exit::Code(1), log, &[]);
    assert_eq!(hint(&gone), "hint-port-still-in-use");
}

#[test]
fn a_program_that_ends_well_is_told_where_the_server_should_start() {
    let end = |kind, text: &str| hint(&ended(kind, &[source("app.py", text)], 0, ""));
    assert_eq!(end("flask", "if __name__ == \"main\":\n    app.run()\n"), "hint-name-check");
    assert_eq!(end("flask", "if name == '__main__':\n    app.run()\n"), "hint-run-not-reached");
    assert_eq!(end("flask", "def show():\n    app.run()\n"), "hint-run-not-reached");
    assert_eq!(end("flask", "app = Flask(__name__)\n"), "hint-run-missing");
    assert_eq!(end("python", "print(1)\n"), "hint-ends-at-once");
    let program = Program { kind: Some("python"), root: ROOT, sources: &[] };
    let killed = exited_early(program, Exit::Signal(9), Log::default(), &[]);
    assert_eq!((killed.message.id, hint(&killed)), ("problem-exited-early", "hint-killed"));
}

#[test]
fn a_program_that_listens_nowhere_or_speaks_no_http_is_told() {
    let with = |text: &str| [source("server.py", text)];
    let never = |text: &str| {
        let sources = with(text);
        hint(&never_listened(Program { kind: Some("python"), root: ROOT, sources: &sources }, Log::default(), 15))
    };
    assert_eq!(never("s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"), "hint-udp");
    assert_eq!(never("s = socket.socket()\n"), "hint-never-listened");
    let other = |text: &str| {
        let sources = with(text);
        hint(&not_http(
            Program { kind: Some("python"), root: ROOT, sources: &sources },
            Log::default(),
            "127.0.0.1:8000",
        ))
    };
    assert_eq!(other("conn.send(b'success')\n"), "hint-not-http");
    assert_eq!(other("app.run(ssl_context='adhoc')\n"), "hint-speaks-https");
}

fn built(stderr: &str) -> Problem {
    let program = Program { kind: Some("rust"), root: ROOT, sources: &[] };
    build_failed(program, "make", BuildFailure::Ended(Exit::Code(2)), Log { stdout: "", stderr })
}

#[test]
fn the_first_error_of_each_compiler_is_told() {
    for (log, file, line, error) in [
        (
            "server.c: In function ‘main’:\nserver.c:9:5: warning: unused variable\nserver.c:11:32: error: expected ‘;’ before ‘addr’\n",
            "server.c",
            "11",
            "expected ‘;’ before ‘addr’",
        ),
        ("# cookies\n./main.go:6:2: imported and not used: \"os\"\n", "main.go", "6", "imported and not used: \"os\""),
        (
            "main.go:5:2: package net/htpp is not in GOROOT (/usr/lib/go-1.19/src/net/htpp)\n",
            "main.go",
            "5",
            "package net/htpp is not in GOROOT",
        ),
        (
            "Main.java:12: error: no suitable method found for write(String)\n",
            "Main.java",
            "12",
            "no suitable method found for write(String)",
        ),
        (
            "   Compiling cookies v0.1.0 (/srv/student)\nerror[E0382]: borrow of moved value: `body`\n  --> src/main.rs:10:75\n",
            "src/main.rs",
            "10",
            "borrow of moved value: `body`",
        ),
    ] {
        let problem = built(log);
        let said = |name: &str| arg(&problem.message, name);
        assert_eq!((said("file").as_str(), said("line").as_str(), said("error").as_str()), (file, line, error));
        assert_eq!((hint(&problem), problem.blame), ("hint-build-failed", Blame::Submission));
    }
    assert_eq!(hint(&built("make: *** No rule to make target 'all'.  Stop.\n")), "hint-build-failed-somewhere");
}

#[test]
fn a_library_that_cannot_be_fetched_costs_no_points() {
    for log in [
        "error: no matching package named `axum` found\nlocation searched: registry `crates-io`\n",
        "error: failed to get `axum` as a dependency of package `cookies v0.1.0`\n",
        "main.go:4:2: no required module provides package github.com/gin-gonic/gin; to add it:\n\tgo get github.com/gin-gonic/gin\n",
        "App.java:1: error: package org.springframework.boot does not exist\n",
    ] {
        let problem = built(log);
        assert_eq!((problem.code, problem.blame), (ProblemCode::RuntimeMissing, Blame::Environment), "{log}");
    }
    let program = Program { kind: Some("go"), root: ROOT, sources: &[] };
    let late = build_failed(program, "go build", BuildFailure::TimedOut(60), Log::default());
    assert_eq!((late.message.id, late.blame), ("problem-build-timeout", Blame::Submission));
}
