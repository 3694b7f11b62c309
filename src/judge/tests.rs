use std::time::Duration;

use super::*;
use crate::exchange::{Body, ClientName, FailureCode, JarVerdict, Moment, ReceivedCookie, Refusal, Request};
use crate::exercise::{Exercise, Step, builtin, file};
use crate::locale::Catalogue;

/// 2026-11-24 03:20:31 UTC, in microseconds.
const VISIT: i64 = 1_795_490_431_000_000;

/// A response beside what a step expects of it.
pub(super) fn found(expect: &str, response: Response) -> Vec<String> {
    found_of(expect, Ok(response), &Scope::default())
}

pub(super) fn found_of(expect: &str, result: Result<Response, TransportFailure>, scope: &Scope) -> Vec<String> {
    let expected = expectations(expect);
    let english = Catalogue::new(crate::exercise::Lang::En);
    let mismatches = judge(1, &expected, &exchange(result), scope);
    mismatches.iter().map(|mismatch| english.say(&mismatch.message)).collect()
}

/// The same of a step that uses what an earlier one saved as `id`.
pub(super) fn saved(expect: &str, response: Response, scope: &Scope) -> Vec<String> {
    let steps = format!("{{ get = \"/\", save.id.body = \".\" }}, {{ get = \"/\", expect = {expect} }}");
    let Step::Request(step) = steps_of(&steps).remove(1) else { panic!("no request") };
    let english = Catalogue::new(crate::exercise::Lang::En);
    let mismatches = judge(1, &step.expect, &exchange(Ok(response)), scope);
    mismatches.iter().map(|mismatch| english.say(&mismatch.message)).collect()
}

/// The expectations of an exercise with this one step.
fn expectations(expect: &str) -> Expectations {
    let Step::Request(step) = step(&format!("{{ get = \"/\", expect = {expect} }}")) else { panic!("no request") };
    step.expect
}

fn step(step: &str) -> Step {
    steps_of(step).remove(0)
}

fn steps_of(steps: &str) -> Vec<Step> {
    let source = format!(
        "id = \"x\"\nversion = \"1.0.0\"\ntitle = \"x\"\n[[checks]]\nid = \"c\"\ntitle = \"c\"\nsteps = [{steps}]\n"
    );
    let exercise: Exercise = file::parse(&source).unwrap_or_else(|error| panic!("{error:?}"));
    exercise.checks[0].steps.clone()
}

fn exchange(result: Result<Response, TransportFailure>) -> Exchange {
    Exchange {
        client: ClientName::default(),
        request: Request {
            method: "GET".into(),
            url: "http://127.0.0.1:5000/".into(),
            target: "/".into(),
            headers: Vec::new(),
            body: None,
        },
        result,
        elapsed: Duration::from_millis(3),
        sent_at: Moment(VISIT + 100_000),
        received_at: Moment(VISIT + 103_000),
    }
}

pub(super) fn body(text: &str) -> Response {
    Response {
        status: 200,
        version: "HTTP/1.1".into(),
        headers: Vec::new(),
        body: Body { text: text.into(), bytes: text.len(), lossy: false },
        cookies: Vec::new(),
    }
}

fn cookie(raw_value: &str) -> ReceivedCookie {
    ReceivedCookie {
        name: "time".into(),
        raw_value: raw_value.into(),
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

fn sets(cookie: ReceivedCookie) -> Response {
    Response { cookies: vec![cookie], ..body("success") }
}

#[test]
fn a_wrong_status_is_the_only_mismatch() {
    let response = Response { status: 500, ..body("a page without it") };
    assert_eq!(found("{ status = 200, body = { contains = \"None\" } }", response), ["expected status 200, got 500"]);
}

#[test]
fn a_class_and_a_list_of_statuses_are_understood() {
    let created = || Response { status: 201, ..body("") };
    assert_eq!(found("{ status = \"2xx\" }", created()), [""; 0]);
    assert_eq!(found("{ status = [200, \"3xx\"] }", created()), ["expected status 200, 3xx, got 201"]);
}

#[test]
fn a_response_that_did_not_come_says_how() {
    let failure = TransportFailure { code: FailureCode::Timeout, detail: String::new() };
    let found = found_of("{ status = 200 }", Err(failure), &Scope::default());
    assert_eq!(found, ["no usable response: no complete response in time"]);
}

#[test]
fn a_random_value_may_come_back_in_html_but_not_in_capitals() {
    let scope = Scope { randoms: vec!["aB&c".into()], ..Scope::default() };
    let expect = "{ body = { contains = \"{{random}}\" } }";
    assert_eq!(found_of(expect, Ok(body("<p>aB&amp;c</p>")), &scope), [""; 0]);
    let found = found_of(expect, Ok(body("AB&C")), &scope);
    assert_eq!(found, ["expected the body to have `aB&c`, got AB&C"]);
}

#[test]
fn a_quoted_cookie_may_come_back_without_its_quotes() {
    let cookies = [("time".to_owned(), "\"a\\054 b\"".to_owned())].into();
    let scope = Scope { cookies, ..Scope::default() };
    let expect = "{ body = { equals = \"{{cookie.time}}\" } }";
    for same in ["\"a\\054 b\"", "a, b", " a, b\n"] {
        assert_eq!(found_of(expect, Ok(body(same)), &scope), [""; 0], "{same}");
    }
    assert_eq!(found_of(expect, Ok(body("a")), &scope).len(), 1);
}

#[test]
fn what_must_not_be_there_is_found_in_html_too() {
    let found = found("{ body = { not_contains = \"<b>\" } }", body("x &lt;b&gt;"));
    assert_eq!(found, ["expected the body to have no `<b>`, got x &lt;b&gt;"]);
}

#[test]
fn an_empty_body_is_called_empty() {
    let found = found("{ body = { contains = \"None\" } }", body(" \n"));
    assert_eq!(found, ["expected the body to have `None`, got nothing (empty)"]);
}

#[test]
fn a_cookie_of_another_name_is_named() {
    let other = ReceivedCookie { name: "Time".into(), ..cookie("x") };
    let found = found("{ cookies.time = { present = true } }", sets(other));
    assert_eq!(found, ["cookie `time`: expected a cookie named `time`, got other names: `Time`"]);
}

#[test]
fn a_refused_cookie_names_the_attribute() {
    let refused = Refusal::Domain("example.com".into());
    let other = ReceivedCookie { jar: JarVerdict::Refused(refused), ..cookie("x") };
    let found = found("{ cookies.time = { present = true } }", sets(other));
    let expected = "cookie `time`: expected a cookie `time` that a browser keeps, got thrown away: \
        Domain=example.com is not this server";
    assert_eq!(found, [expected]);
}

#[test]
fn a_path_that_does_not_cover_the_other_page_is_a_mismatch() {
    let at = |path: &str| sets(ReceivedCookie { effective_path: path.into(), ..cookie("x") });
    let expect = "{ cookies.time = { sent_to = \"/get\" } }";
    for path in ["/", "/get"] {
        assert_eq!(found(expect, at(path)), [""; 0], "{path}");
    }
    for path in ["/admin", "/ge", "/get/"] {
        assert_eq!(found(expect, at(path)).len(), 1, "{path}");
    }
}

#[test]
fn quotes_do_not_make_an_empty_value_a_value() {
    let expect = "{ cookies.time = { value = { is_empty = false } } }";
    assert_eq!(found(expect, sets(cookie("\"\""))).len(), 1);
    assert_eq!(found(expect, sets(cookie("x"))), [""; 0]);
}

#[test]
fn the_time_of_the_visit_is_accepted_and_another_one_is_measured() {
    let expect = "{ cookies.time = { time = \"now\" } }";
    assert_eq!(found(expect, sets(cookie("\"Tue Nov 24 03:20:31 2026\""))), [""; 0]);
    let old = found(expect, sets(cookie("\"Tue Nov 24 03:18:31 2026\"")));
    assert_eq!(old, ["the value of the cookie `time` is 120 seconds behind the visit: \"Tue Nov 24 03:18:31 2026\""]);
    let none = found(expect, sets(cookie("hello")));
    assert_eq!(none, ["the value of the cookie `time` is not a time: hello"]);
}

#[test]
fn a_value_of_the_second_in_which_the_program_started_is_undecided_until_the_next() {
    let expected = expectations("{ cookies.time = { time = \"now\" } }");
    let exchange = exchange(Ok(sets(cookie("Tue Nov 24 03:20:31 2026"))));
    let until = undecided_until(&expected, &exchange, Moment(VISIT + 50_000)).unwrap();
    assert!(until.0 >= VISIT + 1_000_000 && until.0 < VISIT + 1_100_000, "{until:?}");
    assert_eq!(undecided_until(&expected, &exchange, Moment(VISIT - 50_000)), None);
}

#[test]
fn a_value_with_microseconds_needs_no_waiting() {
    let expected = expectations("{ cookies.time = { time = \"now\" } }");
    let exchange = exchange(Ok(sets(cookie("2026-11-24T03:20:31.101234"))));
    assert_eq!(undecided_until(&expected, &exchange, Moment(VISIT + 50_000)), None);
}

#[test]
fn a_redirect_is_compared_within_the_servers_origin() {
    let to = |location: &str| Response { headers: vec![("location".into(), location.into())], ..body("") };
    let expect = "{ redirected_to = \"/login?next=x\" }";
    for location in ["/login?next=x", "http://127.0.0.1:5000/login?next=x", "login?next=x"] {
        assert_eq!(found(expect, to(location)), [""; 0], "{location}");
    }
    for location in ["/login", "http://example.com/login?next=x"] {
        assert_eq!(found(expect, to(location)).len(), 1, "{location}");
    }
}

#[test]
fn the_built_in_exercises_say_what_they_expect_in_a_few_words() {
    let exercise = builtin::find("cookies").unwrap().load();
    let english = Catalogue::new(crate::exercise::Lang::En);
    let scope = Scope { randoms: vec!["AAA".into(), "BBB".into()], ..Scope::default() };
    let mut said = Vec::new();
    for check in &exercise.checks[..4] {
        for step in &check.steps {
            let Step::Request(step) = step else { continue };
            let words: Vec<_> = summary(&step.expect, &scope).iter().map(|message| english.say(message)).collect();
            said.push(words.join(", "));
        }
    }
    assert_eq!(said[0], "200, a cookie `time` that a browser sends to `/get`");
    assert_eq!(said[1], "200, a cookie `time` with the time of the visit");
    assert_eq!(said[4], "200, body `AAA`");
    assert_eq!(said[8], "200, body `AAA`");
    assert_eq!(said[11], "body no `AAA`, body no `BBB`");
}
