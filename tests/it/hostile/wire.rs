//! Responses that never come, never end, are too much, or are not HTTP, played by a whole server.

use std::fmt;

use super::attack::{Attack, Graded, Level, at_every_level, levels};
use crate::support::for_each;

/// A fixture at a level.
struct Case {
    level: &'static Level,
    name: &'static str,
    expected: &'static str,
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at level {}", self.name, self.level.name)
    }
}

fn cases(table: &[(&'static str, &'static str)]) -> Vec<Case> {
    let each = levels().iter().flat_map(|level| table.iter().map(move |(name, expected)| (level, *name, *expected)));
    each.map(|(level, name, expected)| Case { level, name, expected }).collect()
}

/// What came of `GET /`, which `set-cookie` sends.
fn came(graded: &Graded) -> String {
    let check = &graded.report["checks"][0];
    let exchange = check["exchanges"].as_array().unwrap().last();
    let exchange = exchange.unwrap_or_else(|| panic!("nothing was asked: {}", graded.report["problem"]));
    match (exchange["failure"]["code"].as_str(), exchange["response"]["status"].as_u64()) {
        (Some(failure), None) => failure.to_owned(),
        (None, Some(status)) => status.to_string(),
        both => panic!("a failure or a response, one of the two: {both:?}"),
    }
}

fn expect(found: &str, expected: &str) -> Result<(), String> {
    if found == expected { Ok(()) } else { Err(format!("expected {expected}, found {found}")) }
}

#[test]
fn one_deadline_holds_for_whatever_never_ends() {
    let table = [
        ("never-answers", "timeout"),
        ("drip", "timeout"),
        ("drip-headers", "timeout"),
        ("endless-interim", "timeout"),
    ];
    for_each(&cases(&table), |case| {
        let graded = Attack::new(case.level, case.name).graded(&["--request-timeout", "1s"]);
        expect(&came(&graded), case.expected)
    });
}

#[test]
fn what_is_too_much_is_not_taken() {
    let table = [
        ("endless-body", "too_large"),
        ("big-body", "too_large"),
        ("header-bomb", "too_large"),
        ("long-header", "too_large"),
        ("cookie-flood", "too_large"),
    ];
    for_each(&cases(&table), |case| {
        let graded = Attack::new(case.level, case.name).graded(&[]);
        expect(&came(&graded), case.expected)
    });
}

#[test]
fn what_is_compressed_is_not_blown_up() {
    at_every_level(|level| {
        let graded = Attack::new(level, "gzip-bomb").graded(&[]);
        assert!(matches!(came(&graded).as_str(), "200" | "too_large"), "{}", came(&graded));
        let bytes =
            graded.exchanges().into_iter().filter_map(|exchange| exchange["response"]["body"]["bytes"].as_u64());
        assert!(bytes.max().unwrap_or(0) <= 1 << 20, "at most a megabyte of a body is taken");
    });
}

#[test]
fn a_jar_does_not_grow_without_end() {
    at_every_level(|level| {
        let attack = Attack::new(level, "cookie-hoard");
        let graded = attack.graded(&["--check", "echo-cookie", "--check", "separate-clients"]);
        let sent = graded.exchanges().into_iter().filter_map(|exchange| {
            let headers = exchange["request"]["headers"].as_array().unwrap().iter();
            let cookies = headers.filter(|header| header[0] == "cookie").map(|header| header[1].as_str().unwrap());
            cookies.map(|cookies| cookies.split("; ").count()).max()
        });
        let most = sent.max().unwrap_or(0);
        assert!((1..=60).contains(&most), "{most} cookies in a request");
    });
}

/// Each reply of the fixture, and what must come of it.
const REPLIES: [(&str, &str); 32] = [
    ("silence", "closed_early"),
    ("one-byte", "closed_early"),
    ("cut-status-line", "closed_early"),
    ("cut-header", "closed_early"),
    ("no-end-of-headers", "closed_early"),
    ("interim-only", "closed_early"),
    ("half-closed", "closed_early"),
    ("short-body", "closed_early"),
    ("cut-chunk", "closed_early"),
    ("no-last-chunk", "closed_early"),
    ("unread", "reset"),
    ("greeting", "invalid_http"),
    ("html-alone", "invalid_http"),
    ("http2-preface", "invalid_http"),
    ("http2-frames", "invalid_http"),
    ("tls-alert", "invalid_http"),
    ("icy", "invalid_http"),
    ("version-12", "invalid_http"),
    ("status-letters", "invalid_http"),
    ("status-20", "invalid_http"),
    ("status-2000", "invalid_http"),
    ("status-000", "invalid_http"),
    ("nul-in-header", "invalid_http"),
    ("lone-return", "invalid_http"),
    ("two-lengths", "invalid_http"),
    ("negative-length", "invalid_http"),
    ("length-letters", "invalid_http"),
    ("huge-length", "invalid_http"),
    ("chunk-letters", "invalid_http"),
    ("chunk-overflow", "invalid_http"),
    ("more-than-length", "200"),
    ("not-utf-8", "200"),
];

#[test]
fn what_is_not_http_is_a_failure_with_a_code() {
    for_each(&cases(&REPLIES), |case| {
        let attack = Attack::new(case.level, "invalid-http");
        attack.tell("case.txt", case.name);
        let graded = attack.graded(&[]);
        if graded.problem().is_some() {
            return Err(format!("a server that has answered before has no problem: {}", graded.report["problem"]));
        }
        if graded.verdict() != "failed" && case.expected != "200" {
            return Err(format!("verdict {}", graded.verdict()));
        }
        expect(&came(&graded), case.expected)
    });
}

#[test]
fn a_server_whose_first_answer_is_not_http_has_a_problem() {
    let table = [("greeting", "not_http"), ("tls-alert", "not_http"), ("http2-frames", "not_http")];
    for_each(&cases(&table), |case| {
        let attack = Attack::new(case.level, "invalid-http");
        attack.tell("case.txt", case.name);
        attack.tell("first", "");
        let graded = attack.graded(&[]);
        if graded.report["problem"]["blame"] != "submission" {
            return Err(graded.report["problem"].to_string());
        }
        expect(graded.problem().unwrap_or_default(), case.expected)
    });
}
