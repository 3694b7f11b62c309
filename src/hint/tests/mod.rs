//! Each hint with the evidence that calls for it, and with near evidence that must not.

mod answers;
mod cookie;
mod failures;
mod json;
mod startup;

use std::time::Duration;

use crate::event::{Exit, StepExchange};
use crate::exchange::{
    Body, ClientName, Exchange, FailureCode, JarVerdict, Moment, ReceivedCookie, Refusal, Request, Response,
    TransportFailure,
};
use crate::exercise::{
    Check, CheckId, CookieExpectation, Expectations, Method, Payload, Presence, Redirects, RequestStep,
    StatusExpectation, StatusMatch, Template, Text, TextExpectation, TimeExpectation, Turn, Visibility,
};
use crate::judge::{Scope, judge};
use crate::source::SourceFile;

use super::{Evidence, Explanation, Log, Program};

/// 2026-11-24 03:49:46 UTC, when every test begins, in microseconds.
const START: i64 = 1_795_492_186_000_000;

/// The submission's folder in every test.
const ROOT: &str = "/srv/student";

/// A step that is to fail, as a test describes it.
struct Scene {
    kind: &'static str,
    sources: Vec<SourceFile>,
    expect: Expectations,
    scope: Scope,
    exchange: Exchange,
    history: Vec<StepExchange>,
    stdout: String,
    stderr: String,
    exit: Option<Exit>,
    hints: Vec<crate::exercise::AuthoredHint>,
}

fn source(path: &str, text: &str) -> SourceFile {
    SourceFile { path: path.into(), text: text.into() }
}

fn exchange(path: &str, cookies: &[(&str, &str)], status: u16, body: &str) -> Exchange {
    let sent: Vec<_> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let headers = if sent.is_empty() { Vec::new() } else { vec![("cookie".to_owned(), sent.join("; "))] };
    let response = Response {
        status,
        version: "HTTP/1.1".into(),
        headers: Vec::new(),
        body: Body { text: body.into(), bytes: body.len(), lossy: false },
        cookies: Vec::new(),
    };
    Exchange {
        client: ClientName::default(),
        request: Request {
            method: "GET".into(),
            url: format!("http://127.0.0.1:5000{path}"),
            target: path.into(),
            headers,
            body: None,
        },
        result: Ok(response),
        elapsed: Duration::from_secs(5),
        sent_at: Moment(START + 10_000_000),
        received_at: Moment(START + 10_001_000),
    }
}

fn set(name: &str, value: &str) -> ReceivedCookie {
    ReceivedCookie {
        name: name.into(),
        raw_value: value.into(),
        path: None,
        domain: None,
        expires: None,
        max_age: None,
        same_site: None,
        secure: false,
        http_only: false,
        effective_path: "/".into(),
        jar: JarVerdict::Kept,
    }
}

impl Scene {
    /// A visit of the path that answers this.
    fn new(path: &str, cookies: &[(&str, &str)], status: u16, body: &str) -> Self {
        let mut scope = Scope::default();
        scope.cookies.extend(cookies.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let ok = StatusExpectation(vec![StatusMatch::Code(200)]);
        Self {
            kind: "flask",
            sources: Vec::new(),
            expect: Expectations { status: Some(ok), ..Expectations::default() },
            scope,
            exchange: exchange(path, cookies, status, body),
            history: Vec::new(),
            stdout: String::new(),
            stderr: String::new(),
            exit: None,
            hints: Vec::new(),
        }
    }

    /// `GET /get` with the cookie `time`, whose value must be shown.
    fn echo(value: &str, body: &str) -> Self {
        Self::new("/get", &[("time", value)], 200, body).body("{{cookie.time}}")
    }

    /// `GET /get` without the cookie `time`, where `None` must be shown.
    fn none(cookies: &[(&str, &str)], body: &str) -> Self {
        Self::new("/get", cookies, 200, body).body("None")
    }

    /// `GET /`, which must set the cookie `time` for `/get`.
    fn setting(cookies: Vec<ReceivedCookie>) -> Self {
        let mut scene = Self::new("/", &[], 200, "success");
        let expected = CookieExpectation {
            presence: Some(Presence::Present),
            sent_to: Some(Template::parse("/get").unwrap()),
            value: Some(TextExpectation { is_empty: Some(false), ..TextExpectation::default() }),
            ..CookieExpectation::default()
        };
        scene.expect.cookies.push(("time".into(), expected));
        scene.response().cookies = cookies;
        scene
    }

    /// `GET /`, whose cookie `time` must be the time of the visit.
    fn timed(value: &str) -> Self {
        let mut scene = Self::setting(vec![set("time", value)]);
        let now = CookieExpectation { time: Some(TimeExpectation::Now), ..CookieExpectation::default() };
        scene.expect.cookies = vec![("time".into(), now)];
        scene
    }

    fn response(&mut self) -> &mut Response {
        self.exchange.result.as_mut().unwrap()
    }

    fn body(mut self, contains: &str) -> Self {
        let contains = vec![Template::parse(contains).unwrap()];
        self.expect.body = Some(TextExpectation { contains, ..TextExpectation::default() });
        self
    }

    fn py(self, text: &str) -> Self {
        self.file("app.py", text)
    }

    fn file(mut self, path: &str, text: &str) -> Self {
        self.sources.push(source(path, text));
        self
    }

    fn of(mut self, kind: &'static str) -> Self {
        self.kind = kind;
        self
    }

    fn stderr(mut self, text: &str) -> Self {
        self.stderr = text.replace("ROOT", ROOT);
        self
    }

    fn stdout(mut self, text: &str) -> Self {
        self.stdout = text.into();
        self
    }

    fn failing(mut self, code: FailureCode) -> Self {
        self.exchange.result = Err(TransportFailure { code, detail: String::new() });
        self
    }

    fn ended(mut self, code: i32) -> Self {
        self.exit = Some(Exit::Code(code));
        self
    }

    /// An exchange of another client's, that many seconds before this one.
    fn after(mut self, seconds: i64, mut earlier: Exchange, cookies: Vec<ReceivedCookie>) -> Self {
        earlier.sent_at = Moment(self.exchange.sent_at.0 - seconds * 1_000_000);
        earlier.received_at = Moment(earlier.sent_at.0 + 1000);
        earlier.client = ClientName("somebody".into());
        earlier.result.as_mut().unwrap().cookies = cookies;
        self.history.push(StepExchange {
            check: CheckId("before".into()),
            step: 1,
            exchange: earlier,
            expected: Vec::new(),
            curl: String::new(),
        });
        self
    }

    fn explain(&self) -> Explanation {
        let path = &self.exchange.request.target;
        let scripted = RequestStep {
            method: Method::Get,
            path: Template::parse(path).unwrap(),
            query: Vec::new(),
            headers: Vec::new(),
            cookies: Vec::new(),
            payload: Payload::None,
            client: ClientName::default(),
            redirects: Redirects::Stay,
            turn: Turn::InOrder,
            expect: self.expect.clone(),
            save: Vec::new(),
        };
        let check = Check {
            id: CheckId("check".into()),
            title: Text::plain("check"),
            points: 1,
            requires: Vec::new(),
            steps: Vec::new(),
            hints: self.hints.clone(),
            hidden: false,
            visibility: Visibility::Full,
        };
        let mismatches = judge(1, &self.expect, &self.exchange, &self.scope);
        assert!(!mismatches.is_empty(), "the step does not fail");
        let log = Log { stdout: &self.stdout, stderr: &self.stderr };
        super::explain(&Evidence {
            program: Program { kind: Some(self.kind), root: ROOT, sources: &self.sources },
            check: &check,
            step: 1,
            scripted: &scripted,
            scope: &self.scope,
            exchange: &self.exchange,
            mismatches: &mismatches,
            history: &self.history,
            log,
            whole_log: log,
            exit: self.exit,
        })
    }

    /// The ids of the hints, in their order, with a comma between them.
    fn ids(&self) -> String {
        let hints = self.explain().hints;
        hints.iter().map(|hint| hint.id.trim_start_matches("hint-")).collect::<Vec<_>>().join(",")
    }
}

/// Each row's scene gives exactly the hints beside it.
fn check(rows: impl IntoIterator<Item = (&'static str, Scene)>) {
    for (expected, scene) in rows {
        let body = scene.exchange.response().map_or("", |response| &response.body.text);
        assert_eq!(scene.ids(), expected, "body {body:?}, log {:?}, sources {:?}", scene.stderr, scene.sources);
    }
}

/// An argument of a hint as text.
fn arg(message: &crate::message::Message, name: &str) -> String {
    let value = message.args.iter().find(|(arg, _)| *arg == name).map(|(_, value)| value);
    match value {
        Some(crate::message::Arg::Text(text)) => text.clone(),
        Some(crate::message::Arg::Number(number)) => number.to_string(),
        Some(crate::message::Arg::Message(message)) => {
            message.args.iter().map(|(name, _)| arg(message, name)).collect::<Vec<_>>().join(":")
        }
        _ => String::new(),
    }
}

/// A cookie that the jar throws away.
fn thrown(refusal: Refusal, value: &str) -> ReceivedCookie {
    ReceivedCookie { jar: JarVerdict::Refused(refusal), ..set("time", value) }
}
