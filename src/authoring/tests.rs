//! What is proposed for which answers.

use std::time::Duration;

use super::propose::{form, propose, slug};
use crate::exchange::{Body, ClientName, Exchange, JarVerdict, Moment, ReceivedCookie, Request, Response};
use crate::exercise::file;

/// An answer to a path, with cookies sent, cookies set and a body.
fn visit(path: &str, kind: &str, sent: &str, set: &[(&str, &str)], body: &str) -> Exchange {
    let cookie = |(name, value): &(&str, &str)| ReceivedCookie {
        name: (*name).into(),
        raw_value: (*value).into(),
        path: Some("/".into()),
        domain: None,
        expires: None,
        max_age: None,
        same_site: Some("Lax".into()),
        secure: false,
        http_only: true,
        effective_path: "/".into(),
        jar: JarVerdict::Kept,
    };
    let headers = if sent.is_empty() { Vec::new() } else { vec![("cookie".to_owned(), sent.to_owned())] };
    let url = format!("http://127.0.0.1{path}");
    let request = Request { method: "GET".into(), url, target: path.into(), headers, body: None };
    let response = Response {
        status: 200,
        version: "HTTP/1.1".into(),
        headers: vec![("content-type".into(), kind.into())],
        body: Body { text: body.into(), bytes: body.len(), lossy: false },
        cookies: set.iter().map(cookie).collect(),
    };
    let (elapsed, moment) = (Duration::ZERO, Moment(0));
    Exchange {
        client: ClientName::default(),
        request,
        result: Ok(response),
        elapsed,
        sent_at: moment,
        received_at: moment,
    }
}

/// The checks that are proposed, as they are written.
fn proposed(first: &[Exchange], second: &[Exchange]) -> String {
    let paths: Vec<_> = first.iter().map(|exchange| exchange.request.target.clone()).collect();
    let text = file::write(&propose("x", &paths, first, second), "./s");
    file::parse(&text).unwrap_or_else(|wrong| panic!("{wrong:?}\n{text}"));
    text.split_once("[[checks]]\n").unwrap().1.to_owned()
}

#[test]
fn what_both_got_is_asserted_and_what_differs_is_not() {
    let page = |token: &str| {
        let body = format!("<title>Shop</title><h1>Hi {token}</h1>");
        [visit("/", "text/html; charset=utf-8", "", &[("sid", token), ("theme", "dark")], &body)]
    };
    let expected = r#"id = "front"
title = "GET /"
points = 1
steps = [
  { get = "/", expect = { status = 200, headers.content-type = { contains = "text/html" }, cookies.sid = { present = true, value = { matches = "^[0-9A-Za-z]+$" }, http_only = true, same_site = "Lax", path = "/" }, cookies.theme = { present = true, value = "dark", http_only = true, same_site = "Lax", path = "/" }, html = { "title" = "Shop" } } },
]
"#;
    assert_eq!(proposed(&page("a1b2"), &page("c3d4")), expected);
}

#[test]
fn a_body_that_repeats_a_cookie_is_expected_to_repeat_it() {
    let visits = |value: &str| {
        let sent = format!("who={value}");
        [visit("/", "text/plain", "", &[("who", value)], "ok"), visit("/me", "text/plain", &sent, &[], value)]
    };
    let text = proposed(&visits("ann-1"), &visits("bob-2"));
    assert!(text.contains("requires = [\"front\"]\nsteps = [\n  { get = \"/\" },\n"), "{text}");
    assert!(text.contains(r#"{ get = "/me", expect = { status = 200, headers.content-type = { contains = "text/plain" }, body = { contains = ["{{cookie.who}}"] } } }"#), "{text}");
}

#[test]
fn a_value_that_changes_and_comes_again_is_captured() {
    let visits = |token: &str, number: &str| {
        let json = format!(r#"{{"name":"x","the token":"{token}"}}"#);
        [
            visit("/login", "application/json", "", &[], &json),
            visit("/ticket", "text/plain", "", &[], &format!("ticket {number}.")),
            visit("/both", "text/plain", "", &[], &format!("{token} has {number}")),
        ]
    };
    let text = proposed(&visits("a1b2c3", "10001"), &visits("d4e5f6", "20002"));
    let steps = r#"requires = ["login", "ticket"]
steps = [
  { get = "/login", save = { the_token = { json = "$[\"the token\"]" } } },
  { get = "/ticket", save = { value = { body = "^\\s*ticket ([0-9A-Za-z]+)\\.\\s*$" } } },
  { get = "/both", expect = { status = 200, headers.content-type = { contains = "text/plain" }, body = { contains = ["{{the_token}}", "{{value}}"] } } },
"#;
    assert!(text.contains(steps), "{text}");
}

#[test]
fn of_json_the_values_are_asserted_and_of_a_short_text_its_form() {
    let visits = |count: u32| {
        let json = format!(r#"{{"id":{count},"name":"x","in stock":true,"of":{{"k":null,"list":[{count}]}}}}"#);
        [
            visit("/a", "application/json", "", &[], &json),
            visit("/b", "text/plain", "", &[], &format!("visit {count}!")),
        ]
    };
    let text = proposed(&visits(1), &visits(22));
    let json = r#"json = { "$.id" = { type = "integer" }, "$.name" = "x", "$[\"in stock\"]" = true, "$.of.k" = { type = "null" }, "$.of.list" = { type = "array" } } }"#;
    assert!(text.contains(&json.replace("[\"in stock\"]", "[\\\"in stock\\\"]")), "{text}");
    assert!(text.contains(r#"body = { matches = ["^visit [0-9]+!$"] }"#), "{text}");
}

#[test]
fn of_a_page_without_a_title_its_first_words_are_asserted() {
    let page = |count: u32| {
        [visit("/", "text/html", "", &[], &format!("<html><body class=\"x\">\n<p>Welcome</p> {count} visits"))]
    };
    let text = proposed(&page(1), &page(2));
    assert!(text.contains(r#"body = { contains = ["Welcome"] }"#), "{text}");
}

#[test]
fn a_form_is_what_two_values_have_in_common() {
    for (a, b, expected) in [
        ("12:30", "12:31", "^12:[0-9]+$"),
        ("\"a b\"", "\"c b\"", "^\"[0-9A-Za-z]+ b\"$"),
        ("a.b", "a-b", "."),
        ("时1", "时2", "^时[0-9]+$"),
    ] {
        assert_eq!(form(a, b), expected);
        let pattern = regex::Regex::new(&form(a, b)).unwrap();
        assert!(pattern.is_match(a) && pattern.is_match(b), "{a} {b}");
    }
}

#[test]
fn every_path_has_an_id_of_its_own() {
    assert_eq!(slug("/user/Ann?x=1", "front"), "user-ann-x-1");
    assert_eq!(slug("/", "front"), "front");
    assert_eq!(slug("/时间", "front"), "front");
    assert_eq!(slug("2024 course", "exercise"), "exercise-2024-course");
    let same = [visit("/a", "text/plain", "", &[], "x"), visit("/a/", "text/plain", "", &[], "x")];
    let text = proposed(&same, &same);
    assert!(text.contains("id = \"a\"\n") && text.contains("id = \"a-2\"\n"), "{text}");
}
