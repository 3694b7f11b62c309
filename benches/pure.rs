//! What the pure layers cost: reading an exercise, judging an exchange, rendering a report.
//!
//! `cargo bench --bench pure`; `-- --profile-time 5` under callgrind or perf shows where it goes.

#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark")]

use std::hint::black_box;
use std::time::Duration;

use checker::exchange::{Body, ClientName, Exchange, JarVerdict, Moment, ReceivedCookie, Request, Response};
use checker::exercise::{Lang, RequestStep, Step, builtin, file};
use checker::judge::{Scope, judge};
use checker::locale::Catalogue;
use checker::report::{self, Detail, Report};
use criterion::{Criterion, criterion_group, criterion_main};

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

fn pure(criterion: &mut Criterion) {
    let source = builtin::find("cookies").unwrap().source;
    criterion.bench_function("parse the exercise cookies", |bench| bench.iter(|| file::parse(black_box(source))));
    let (exchange, step, scope) = (visit(), step(), Scope::default());
    criterion.bench_function("judge a visit by the clock", |bench| {
        bench.iter(|| judge(1, black_box(&step.expect), black_box(&exchange), &scope));
    });
    let failed = saved("failed");
    let catalogue = Catalogue::new(Lang::En);
    criterion.bench_function("render as json", |bench| bench.iter(|| report::json(black_box(&failed))));
    criterion.bench_function("render for people", |bench| {
        bench.iter(|| report::human(black_box(&failed), &catalogue, Detail::Normal));
    });
    criterion.bench_function("render as html", |bench| bench.iter(|| report::html(black_box(&failed), &catalogue)));
    criterion.bench_function("a catalogue and its first words", |bench| {
        bench.iter(|| Catalogue::new(black_box(Lang::Zh)).label("verdict-passed"));
    });
}

criterion_group!(benches, pure);
criterion_main!(benches);
