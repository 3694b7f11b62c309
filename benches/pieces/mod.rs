//! The work of the pure layers on fixed input, for whoever measures it.

use std::hint::black_box;
use std::time::Duration;

use checker::exchange::{Body, ClientName, Exchange, JarVerdict, Moment, ReceivedCookie, Request, Response};
use checker::exercise::{Lang, RequestStep, Step, builtin, file};
use checker::judge::{Scope, judge};
use checker::locale::Catalogue;
use checker::report::{self, Detail, Report};

/// A piece of work, by a name that stays, and what does it once.
pub(crate) type Piece = (&'static str, Box<dyn Fn()>);

/// Every piece, with its input made ready.
pub(crate) fn pieces() -> Vec<Piece> {
    let source = builtin::find("cookies").unwrap().source;
    let (exchange, step, scope) = (visit(), step(), Scope::default());
    let report = || saved("failed");
    let (for_json, for_people, for_browsers) = (report(), report(), report());
    let (english, again) = (Catalogue::new(Lang::En), Catalogue::new(Lang::En));
    let once = |name, work: Box<dyn Fn()>| (name, work);
    vec![
        once("parse the exercise cookies", Box::new(move || drop(black_box(file::parse(black_box(source)))))),
        once(
            "judge a visit by the clock",
            Box::new(move || drop(black_box(judge(1, black_box(&step.expect), black_box(&exchange), &scope)))),
        ),
        once("render as json", Box::new(move || drop(black_box(report::json(black_box(&for_json)))))),
        once(
            "render for people",
            Box::new(move || drop(black_box(report::human(black_box(&for_people), &english, Detail::Normal)))),
        ),
        once("render as html", Box::new(move || drop(black_box(report::html(black_box(&for_browsers), &again))))),
        once(
            "a catalogue and its first words",
            Box::new(|| drop(black_box(Catalogue::new(black_box(Lang::Zh)).label("verdict-passed")))),
        ),
    ]
}

/// 2026-11-24 03:20:31 UTC, in microseconds.
const VISIT: i64 = 1_795_490_431_000_000;

/// The answer of a correct server to `GET /`.
fn visit() -> Exchange {
    let value = "\"Tue Nov 24 03:20:31 2026\"";
    let cookie = ReceivedCookie {
        name: "time".into(),
        raw_value: value.into(),
        path: Some("/".into()),
        domain: None,
        expires: None,
        max_age: None,
        same_site: None,
        secure: false,
        http_only: false,
        effective_path: "/".into(),
        jar: JarVerdict::Kept,
    };
    let response = Response {
        status: 200,
        version: "HTTP/1.1".into(),
        headers: vec![("set-cookie".into(), format!("time={value}; Path=/"))],
        body: Body { text: "success".into(), bytes: 7, lossy: false },
        cookies: vec![cookie],
    };
    Exchange {
        client: ClientName::default(),
        request: Request {
            method: "GET".into(),
            url: "http://127.0.0.1:5000/".into(),
            target: "/".into(),
            headers: Vec::new(),
            body: None,
        },
        result: Ok(response),
        elapsed: Duration::from_millis(1),
        sent_at: Moment(VISIT + 100_000),
        received_at: Moment(VISIT + 101_000),
    }
}

/// The first request of the check that looks at the clock.
fn step() -> RequestStep {
    let exercise = builtin::find("cookies").unwrap().load();
    let check = exercise.checks.iter().find(|check| check.id.0 == "current-time").unwrap();
    let Step::Request(step) = check.steps[0].clone() else { panic!("it asks something") };
    *step
}

fn saved(name: &str) -> Report {
    let path = format!("{}/fixtures/reports/{name}.json", env!("CARGO_MANIFEST_DIR"));
    report::read(&std::fs::read_to_string(path).unwrap()).unwrap()
}
