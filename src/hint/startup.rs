//! Why a program ended before it answered, listens nowhere or speaks no HTTP.

use std::sync::LazyLock;

use regex::Regex;

use super::case::own_line;
use super::sources::{self, Line};
use super::trace::{self, Trace, compiled};
use super::{Log, Program, errors, modules, ports, server_error, syntax};
use crate::event::Exit;
use crate::message::Message;
use crate::outcome::{Blame, Problem, ProblemCode};

/// What is known of a program that did not come to listen.
pub(super) struct Start<'a> {
    pub(super) program: Program<'a>,
    pub(super) log: Log<'a>,
    /// The last error of its log.
    pub(super) error: Option<Trace>,
}

impl<'a> Start<'a> {
    fn new(program: Program<'a>, log: Log<'a>) -> Self {
        let error = trace::last(log.stderr).or_else(|| trace::last(log.stdout));
        Self { program, log, error }
    }

    /// The submission's own line that the error names.
    pub(super) fn line(&self) -> Option<Line<'a>> {
        own_line(self.error.as_ref()?, self.program)
    }

    /// Whether the log holds one of these.
    pub(super) fn log_has(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.log.stderr.contains(word) || self.log.stdout.contains(word))
    }
}

pub(super) fn exited_early(program: Program, exit: Exit, log: Log, holders: &[(u16, String)]) -> Problem {
    let start = Start::new(program, log);
    if let Some(problem) = not_the_students(&start, holders) {
        return problem;
    }
    let hint = of_error(&start).unwrap_or_else(|| of_end(&start, exit));
    problem(ProblemCode::ExitedEarly, message(&start, exit), hint)
}

pub(super) fn never_listened(program: Program, log: Log, seconds: u64) -> Problem {
    let start = Start::new(program, log);
    if let Some(problem) = not_the_students(&start, &[]) {
        return problem;
    }
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    let udp =
        sources::mention(program.sources, &["SOCK_DGRAM", "createSocket(", "UdpSocket", "ListenUDP", "DatagramSocket"]);
    let hint = of_error(&start).unwrap_or_else(|| Message::new(if udp { "hint-udp" } else { "hint-never-listened" }));
    problem(ProblemCode::NeverListened, Message::new("problem-never-listened").with("seconds", seconds), hint)
}

pub(super) fn not_http(program: Program, log: Log, address: &str) -> Problem {
    let start = Start::new(program, log);
    let tls =
        sources::mention(program.sources, &["ssl_context", "https.createServer", "wrap_socket(", "ListenAndServeTLS"]);
    let plain = || Message::new(if tls { "hint-speaks-https" } else { "hint-not-http" });
    let hint = of_error(&start).unwrap_or_else(plain);
    problem(ProblemCode::NotHttp, Message::new("problem-not-http").with("address", address), hint)
}

fn problem(code: ProblemCode, message: Message, hint: Message) -> Problem {
    Problem { code, blame: Blame::Submission, message, hint: Some(hint) }
}

/// A port that another program holds, or a package that this machine lacks.
fn not_the_students(start: &Start, holders: &[(u16, String)]) -> Option<Problem> {
    ports::in_use(start, holders).or_else(|| modules::missing(start))
}

/// How a program ended, in words.
pub(super) fn exit_message(exit: Exit) -> Message {
    match exit {
        Exit::Code(code) => Message::new("exit-code").with("code", i64::from(code)),
        Exit::Signal(signal) => {
            let name = match signal {
                6 => "SIGABRT",
                8 => "SIGFPE",
                9 => "SIGKILL",
                11 => "SIGSEGV",
                15 => "SIGTERM",
                _ => "",
            };
            Message::new("exit-signal").with("signal", i64::from(signal)).with("name", name)
        }
        Exit::Memory { limit } => Message::new("exit-memory").with("megabytes", (limit >> 20).to_string()),
    }
}

/// The end and the last error of the log, with its place.
fn message(start: &Start, exit: Exit) -> Message {
    let exit = exit_message(exit);
    let Some(error) = &start.error else {
        return match last_line(start.log) {
            Some(line) => Message::new("problem-exited-early-error")
                .with("exit", exit)
                .with("error", server_error::shortened(line, start.program.root)),
            None => Message::new("problem-exited-early").with("exit", exit),
        };
    };
    let place = server_error::of(error, start.program);
    match (place.file, place.line) {
        (Some(file), Some(line)) => Message::new("problem-exited-early-at")
            .with("exit", exit)
            .with("error", place.message)
            .with("file", file)
            .with("line", i64::from(line)),
        _ => Message::new("problem-exited-early-error").with("exit", exit).with("error", place.message),
    }
}

/// The last line of the error output that says something.
fn last_line(log: Log<'_>) -> Option<&str> {
    log.stderr.lines().rev().map(str::trim).find(|line| !line.is_empty() && !line.starts_with(['[', '\u{1b}', '*']))
}

/// A hint from what the log says.
fn of_error(start: &Start) -> Option<Message> {
    waits_for_input(start)
        .or_else(|| address(start))
        .or_else(|| syntax::hint(start))
        .or_else(|| modules::hint(start))
        .or_else(|| of_routes(start))
        .or_else(|| errors::of_code(start.error.as_ref()?, start.program.sources, start.line()))
        .or_else(|| {
            let line = start.line()?;
            Some(Message::new("hint-error-at-start").with("file", line.file).with("line", i64::from(line.number)))
        })
}

fn waits_for_input(start: &Start) -> Option<Message> {
    start.error.as_ref().filter(|error| error.kind == "EOFError")?;
    let line = start.line()?;
    Some(Message::new("hint-waits-for-input").with("file", line.file).with("line", i64::from(line.number)))
}

/// An address or a port that cannot be listened at.
fn address(start: &Start) -> Option<Message> {
    const NOT_HERE: [&str; 4] = ["ssign requested address", "EADDRNOTAVAIL", "Name or service not known", "ENOTFOUND"];
    const INVALID: [&str; 5] = [
        "port must be 0-65535",
        "ERR_SOCKET_BAD_PORT",
        "invalid port",
        "port out of range",
        "Port number out of range",
    ];
    // Python names the file where one was refused; nothing is named for a port.
    const PRIVILEGED: [&str; 4] = [
        "listen EACCES",
        "bind: permission denied",
        "Errno::EACCES",
        "PermissionError: [Errno 13] Permission denied\n",
    ];
    let id = if start.log_has(&INVALID) {
        "hint-port-invalid"
    } else if start.log_has(&NOT_HERE) {
        "hint-address-not-here"
    } else if start.log_has(&PRIVILEGED) && ports::in_text(&start.log).is_none_or(|port| port < 1024) {
        "hint-port-privileged"
    } else {
        return None;
    };
    Some(Message::new(id))
}

/// What Flask refuses when a route is made.
fn of_routes(start: &Start) -> Option<Message> {
    static NO_SLASH: LazyLock<Regex> =
        LazyLock::new(|| compiled(r"^(?:URL rule|urls) '?(.*?)'? must start with a(?: leading)? slash"));
    static TWICE: LazyLock<Regex> = LazyLock::new(|| compiled(r"overwriting an existing endpoint function: (\S+)"));
    let error = start.error.as_ref()?;
    if let Some(route) = error.find(&NO_SLASH) {
        return Some(Message::new("hint-route-without-slash").with("route", route));
    }
    error.find(&TWICE).map(|name| Message::new("hint-two-views-one-name").with("name", name))
}

/// Nothing in the log says why: how it ended, and where the server should have been started.
fn of_end(start: &Start, exit: Exit) -> Message {
    match exit {
        Exit::Code(0) => name_check(start).or_else(|| run_not_reached(start)).unwrap_or_else(|| ends_at_once(start)),
        Exit::Code(_) => Message::new("hint-exited-early"),
        Exit::Signal(_) => Message::new("hint-killed"),
        Exit::Memory { .. } => Message::new("hint-memory"),
    }
}

/// `__name__` is compared with something else than `"__main__"`.
fn name_check(start: &Start) -> Option<Message> {
    static CHECK: LazyLock<Regex> = LazyLock::new(|| compiled(r#"^if\s+\(?\s*(\w*name\w*)\s*==\s*["'](\w*)["']"#));
    let mut lines = sources::all_lines(start.program.sources);
    let wrong = |line: &Line| {
        CHECK
            .captures(line.code)
            .is_some_and(|parts| parts[1].contains("name") && parts[2].contains("ma") && &parts[2] != "__main__")
    };
    let line = lines.find(wrong)?;
    Some(Message::new("hint-name-check").with("file", line.file).with("line", i64::from(line.number)))
}

static STARTS: LazyLock<Regex> =
    LazyLock::new(|| compiled(r"\b\w+\.run\(|\.serve_forever\(|\brun_app\(|\.listen\(|\bserve\(|ListenAndServe"));

/// The line that starts the server stands where it is not reached.
fn run_not_reached(start: &Start) -> Option<Message> {
    let files = start.program.sources;
    let line = sources::all_lines(files).filter(|line| STARTS.is_match(line.code)).find(|line| line.indent > 0)?;
    let reached = sources::all_lines(files).any(|line| STARTS.is_match(line.code) && line.indent == 0);
    (!reached)
        .then(|| Message::new("hint-run-not-reached").with("file", line.file).with("line", i64::from(line.number)))
}

fn ends_at_once(start: &Start) -> Message {
    let call = match start.program.kind {
        Some("flask") => "app.run()",
        Some("fastapi" | "starlette") => "uvicorn.run(app)",
        Some("bottle") => "run(port=8080)",
        Some("node" | "express") => "listen(3000)",
        Some("go") => "http.ListenAndServe(\":8080\", nil)",
        _ => return Message::new("hint-ends-at-once"),
    };
    Message::new("hint-run-missing").with("call", call)
}
