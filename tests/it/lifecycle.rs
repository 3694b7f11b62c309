//! Servers that start oddly, do not start, or are interrupted; and that nothing is left of any of them.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;

use crate::support::checker::{checker, command, grade, with_verdict};
use crate::support::{for_each, runtimes};

/// A folder with one Python program, removed at the end.
struct Student(tempfile::TempDir);

impl Student {
    fn new(program: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("app.py"), program).unwrap();
        Self(folder)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn graded(&self, arguments: &[&str]) -> Value {
        let arguments = [&["-f", "json"], arguments].concat();
        grade(self.path(), &arguments).report()
    }

    /// The processes of the machine that work in the student's folder.
    fn alive(&self) -> Vec<PathBuf> {
        let own = fs::canonicalize(self.path()).unwrap();
        let processes = fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path());
        processes.filter(|process| fs::read_link(process.join("cwd")).is_ok_and(|cwd| cwd.starts_with(&own))).collect()
    }

    /// Waits, with a bound, until no process is left; what is left is the failure.
    fn assert_nothing_is_left(&self) {
        let end = Instant::now() + Duration::from_secs(20);
        while !self.alive().is_empty() && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(5));
        }
        assert_eq!(self.alive(), Vec::<PathBuf>::new());
    }
}

/// A correct program with Python's own server; `{BIND}` is where it listens.
const CORRECT: &str = r#"
import os, time
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, HTTPServer
import socket

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        jar = SimpleCookie(self.headers.get("Cookie", ""))
        self.send_response(200)
        if self.path == "/":
            self.send_header("Set-Cookie", 'time="%s"' % time.asctime())
        self.end_headers()
        if self.path == "/get":
            self.wfile.write((jar["time"].value if "time" in jar else "None").encode())

class Server(HTTPServer):
    address_family = socket.AF_INET6 if ":" in BIND[0] else socket.AF_INET
"#;

fn correct(bind: &str, more: &str) -> String {
    format!("BIND = {bind}\n{CORRECT}\n{more}\nServer(BIND, Handler).serve_forever()\n").replacen(
        "BIND = (\"",
        "import os\nBIND = (\"",
        1,
    )
}

#[test]
fn the_port_is_found_wherever_the_server_listens() {
    let binds = [
        r#"("127.0.0.1", 5000)"#,
        r#"("127.0.0.1", 8081)"#,
        r#"("0.0.0.0", 9000)"#,
        r#"("", 8000)"#,
        r#"("::1", 5000)"#,
        r#"("::", 5001)"#,
        r#"("127.0.0.1", 0)"#,
        r#"("127.0.0.1", int(os.environ["PORT"]))"#,
    ];
    for_each(&binds, |bind| {
        let student = Student::new(&correct(bind, ""));
        let report = student.graded(&["--check", "missing-cookie"]);
        if report["verdict"] == "passed" { Ok(()) } else { Err(report["problem"].to_string()) }
    });
}

#[test]
fn a_server_that_listens_late_is_waited_for() {
    let student = Student::new(&correct(r#"("127.0.0.1", 5000)"#, "time.sleep(1.5)"));
    assert_eq!(student.graded(&["--check", "missing-cookie"])["verdict"], "passed");
}

#[test]
fn a_port_that_was_named_is_the_only_one_that_counts() {
    let student = Student::new(&correct(r#"("127.0.0.1", 5000)"#, ""));
    let right = student.graded(&["--check", "missing-cookie", "--port", "5000"]);
    assert_eq!(right["verdict"], "passed");
    let wrong = student.graded(&["--port", "6000", "--ready-timeout", "2s"]);
    assert_eq!(wrong["problem"]["code"], "never_listened");
    assert!(wrong["problem"]["message"].as_str().unwrap().contains("127.0.0.1:5000"), "{}", wrong["problem"]);
}

/// A run of a correct server on port 5000 in a network where a stale one holds that port already.
fn graded_beside_a_stale_server(isolation: &str) -> (Option<i32>, Value) {
    // Both live in one network: a shell starts the stale one first, then the checker.
    let student = Student::new(&correct(r#"("127.0.0.1", 5000)"#, ""));
    let stale = Student::new(&correct(r#"("127.0.0.1", 5000)"#, "print('ready', flush=True)"));
    let script = r#"
        cd "$3"; python3 app.py >ready & stale=$!
        until grep -q ready ready; do kill -0 $stale || exit 99; done
        cd /; "$1" run "$2" -f json --isolation "$4"
        code=$?; kill $stale; exit $code
    "#;
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", script, "sh", crate::support::checker::CHECKER]).arg(student.path()).arg(stale.path());
    crate::support::network::own(shell.arg(isolation));
    let output = shell.output().unwrap();
    (output.status.code(), serde_json::from_slice(&output.stdout).unwrap())
}

#[test]
fn a_stale_server_on_the_port_is_never_graded_and_is_named() {
    let (code, report) = graded_beside_a_stale_server("none");
    assert_eq!(code, Some(3), "the student is not to blame: {}", report["problem"]);
    assert_eq!(report["problem"]["blame"], "environment");
    let message = report["problem"]["message"].as_str().unwrap();
    assert!(message.contains("5000") && message.contains("app.py"), "who is in the way: {message}");
    assert_eq!(report["score"]["earned"], Value::Null);
}

#[test]
fn in_a_network_of_its_own_nobody_is_in_the_way() {
    let (code, report) = graded_beside_a_stale_server("strict");
    assert_eq!((code, report["server"]["address"].as_str()), (Some(0), Some("127.0.0.1:5000")), "{report}");
}

#[test]
fn a_program_that_ends_is_reported_with_file_and_line() {
    let student = Student::new("import time\n\ndef start():\n    tme.sleep(1)\n\nstart()\n");
    let report = student.graded(&[]);
    let problem = &report["problem"];
    assert_eq!((problem["code"].as_str(), problem["blame"].as_str()), (Some("exited_early"), Some("submission")));
    let message = problem["message"].as_str().unwrap();
    assert!(message.contains("app.py:4") && message.contains("NameError: name 'tme' is not defined"), "{message}");
    assert_eq!(with_verdict(&report, "failed"), ["set-cookie"]);
    assert_eq!(report["score"]["earned"], 0);
}

#[test]
fn a_package_that_the_machine_lacks_costs_no_points() {
    let bare = tempfile::tempdir().unwrap();
    let venv = bare.path().join("venv");
    let made = std::process::Command::new("python3").args(["-m", "venv", "--without-pip"]).arg(&venv).status();
    assert!(made.unwrap().success(), "install python3 with its venv module");
    let student = Student::new("from flask import Flask\napp = Flask(__name__)\napp.run()\n");
    let python = venv.join("bin/python");
    let arguments = ["run", student.path().to_str().unwrap(), "-f", "json", "--python", python.to_str().unwrap()];
    let ran = checker(arguments);
    let report = ran.report();
    assert_eq!((ran.code, report["verdict"].as_str()), (Some(3), Some("error")));
    let problem = &report["problem"];
    assert_eq!((problem["code"].as_str(), problem["blame"].as_str()), (Some("runtime_missing"), Some("environment")));
    assert!(problem["hint"].as_str().unwrap().contains("pip install flask"), "{problem}");
    assert_eq!(report["score"]["earned"], Value::Null);
}

#[test]
fn a_runtime_that_the_machine_lacks_costs_no_points() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("main.go"), "package main\n").unwrap();
    let mut command = command(["run", folder.path().to_str().unwrap(), "-f", "json"]);
    let report = crate::support::checker::run(command.env("PATH", "/nowhere"));
    assert_eq!(report.code, Some(3), "{}", report.page());
    assert_eq!(report.report()["problem"]["code"], "runtime_missing");
}

#[test]
fn processes_that_leave_the_servers_group_are_ended_and_counted() {
    let more = "
for _ in range(3):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            import signal
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            time.sleep(60)
        os._exit(0)
time.sleep(0.3)
";
    let student = Student::new(&correct(r#"("127.0.0.1", 5000)"#, more));
    let report = student.graded(&["--check", "missing-cookie"]);
    assert_eq!((report["verdict"].as_str(), report["server"]["survivors"].as_u64()), (Some("passed"), Some(3)));
    assert_eq!(student.alive(), Vec::<PathBuf>::new());
}

#[test]
fn a_program_that_goes_on_in_the_background_is_graded() {
    let student = Student::new("import os, sys, subprocess\nsubprocess.Popen([sys.executable, 'server.py'])\n");
    fs::write(student.path().join("server.py"), correct(r#"("127.0.0.1", 5000)"#, "")).unwrap();
    let report = student.graded(&["--check", "missing-cookie", "--command", "python3 app.py"]);
    assert_eq!(report["verdict"], "passed", "{}", report["problem"]);
    assert_eq!(student.alive(), Vec::<PathBuf>::new());
}

#[test]
fn a_flood_of_output_neither_blocks_the_server_nor_fills_the_report() {
    let more = "import sys\nsys.stdout.write('x' * 99 + '\\n')\nfor _ in range(200_000):\n    sys.stdout.write('x' * 99 + '\\n')\n";
    let student = Student::new(&correct(r#"("127.0.0.1", 5000)"#, more));
    let report = student.graded(&["--check", "missing-cookie"]);
    assert_eq!(report["verdict"], "passed", "{}", report["problem"]);
    let kept = report["server"]["stdout"].as_str().unwrap().len();
    assert!(kept < 300_000, "{kept} bytes of a flood of 20 MB are kept");
}

/// A run in progress: the checker, and the student whose server it runs.
struct Going {
    checker: Child,
    student: Student,
    stderr: BufReader<std::process::ChildStderr>,
}

impl Going {
    /// Starts a run and returns when the server listens; it answers nothing.
    fn start(isolation: &str) -> Self {
        let hangs =
            "import threading\nclass Handler(Handler):\n    def do_GET(self):\n        threading.Event().wait(60)\n";
        let student = Student::new(&correct(r#"("127.0.0.1", 5000)"#, hangs));
        let mut command =
            command(["run", student.path().to_str().unwrap(), "-f", "json", "-v", "--isolation", isolation]);
        let mut checker = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stderr = BufReader::new(checker.stderr.take().unwrap());
        let mut line = String::new();
        while !line.contains("127.0.0.1:5000") {
            line.clear();
            assert_ne!(stderr.read_line(&mut line).unwrap(), 0, "the server never listened");
        }
        Self { checker, student, stderr }
    }

    fn signal(&mut self, signal: Signal) -> (Option<i32>, String) {
        kill(Pid::from_raw(self.checker.id().try_into().unwrap()), signal).unwrap();
        let status = self.checker.wait().unwrap();
        let mut stderr = String::new();
        self.stderr.read_to_string(&mut stderr).unwrap();
        (status.code(), stderr)
    }
}

#[test]
fn ctrl_c_ends_a_run_with_130_and_leaves_nothing() {
    for isolation in ["none", "auto"] {
        let mut going = Going::start(isolation);
        let (code, stderr) = going.signal(Signal::SIGINT);
        assert_eq!(code, Some(130));
        assert!(stderr.contains("interrupted"), "{stderr}");
        assert_eq!(going.student.alive(), Vec::<PathBuf>::new(), "gone when the checker is");
    }
}

#[test]
fn sigterm_ends_a_run_with_143_and_leaves_nothing() {
    for isolation in ["none", "auto"] {
        let mut going = Going::start(isolation);
        assert_eq!(going.signal(Signal::SIGTERM).0, Some(143));
        assert_eq!(going.student.alive(), Vec::<PathBuf>::new());
    }
}

#[test]
fn even_sigkill_of_the_checker_leaves_nothing() {
    for isolation in ["none", "auto"] {
        let mut going = Going::start(isolation);
        assert_eq!(going.signal(Signal::SIGKILL).0, None);
        going.student.assert_nothing_is_left();
    }
}

#[test]
fn a_running_server_is_graded_by_its_address() {
    let student = Student::new(&correct(r#"("127.0.0.1", 0)"#, ""));
    let program = fs::read_to_string(student.path().join("app.py")).unwrap();
    let program = program.replace(
        "Server(BIND, Handler).serve_forever()",
        "server = Server(BIND, Handler)\nprint(server.server_port, flush=True)\nserver.serve_forever()",
    );
    fs::write(student.path().join("app.py"), program).unwrap();
    let mut server = std::process::Command::new("python3")
        .args(["app.py"])
        .current_dir(student.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut port = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut port).unwrap();
    let url = format!("http://127.0.0.1:{}", port.trim());
    let output = std::process::Command::new(crate::support::checker::CHECKER)
        .args(["run", "--url", &url, "-f", "json"])
        .output()
        .unwrap();
    server.kill().unwrap();
    server.wait().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["verdict"], "passed", "{report:#}");
    assert_eq!(report["server"]["start"], "external");
    assert_eq!(report["submission"]["path"], url);
}

#[test]
fn an_address_where_nobody_listens_fails_calmly() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let ran = checker(["run", "--url", &format!("http://127.0.0.1:{free}"), "-f", "json", "--request-timeout", "1s"]);
    let report = ran.report();
    assert_eq!(ran.code, Some(1));
    assert_eq!(report["checks"][0]["exchanges"][0]["failure"]["code"], "refused");
}

#[test]
fn a_setup_command_runs_first_and_its_failure_is_told() {
    let student = Student::new(&correct(r#"("127.0.0.1", 5000)"#, "assert open('made').read() == 'here\\n'"));
    let fine = student.graded(&["--check", "missing-cookie", "--setup", "echo here > made"]);
    assert_eq!(fine["verdict"], "passed", "{}", fine["problem"]);
    let wrong = student.graded(&["--setup", "echo no such thing >&2; exit 4"]);
    assert_eq!(wrong["problem"]["code"], "build_failed", "{}", wrong["problem"]);
}

#[test]
fn a_submissions_own_virtual_environment_is_used() {
    let student = Student::new("import only_here\n");
    let venv = student.path().join(".venv");
    let made = std::process::Command::new("python3").args(["-m", "venv", "--without-pip"]).arg(&venv).status();
    assert!(made.unwrap().success(), "install python3 with its venv module");
    let library = fs::read_dir(venv.join("lib")).unwrap().next().unwrap().unwrap().path().join("site-packages");
    fs::write(library.join("only_here.py"), correct(r#"("127.0.0.1", 5000)"#, "")).unwrap();
    let path = student.path().to_str().unwrap();
    let report = checker(["run", path, "-f", "json", "--check", "missing-cookie"]).report();
    assert_eq!(report["verdict"], "passed", "{}", report["problem"]);
}

#[test]
fn what_a_run_inherits_does_not_reach_the_submission() {
    let student = Student::new("import os, sys\nprint(sorted(os.environ), file=sys.stderr)\nsys.exit(1)\n");
    let mut command = command(["run", student.path().to_str().unwrap(), "-f", "json"]);
    command.env("GITHUB_TOKEN", "secret").env("WERKZEUG_RUN_MAIN", "true").env("PYTHONPATH", "/elsewhere");
    let report = crate::support::checker::run(&mut command).report();
    let names = report["server"]["stderr"].as_str().unwrap();
    for name in ["GITHUB_TOKEN", "WERKZEUG_RUN_MAIN", "PYTHONPATH"] {
        assert!(!names.contains(name), "{names}");
    }
    assert!(names.contains("'PORT'") && names.contains("'HOME'"), "{names}");
    let _ = runtimes::python();
}
