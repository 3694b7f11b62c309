//! The reader and the schema agree, and what is read is what was written.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::Value;

use super::{json_schema, parse, parse_reference};
use crate::exercise::diagnostic::{Diagnostic, render};
use crate::exercise::{
    Capture, Check, Exercise, JsonTemplate, Lang, Limits, Payload, Presence, Redirects, RequestStep, StatusMatch, Step,
    Text, Turn,
};
use crate::outcome::ProblemCode;

const TOP: &str = "id = \"x\"\nversion = \"1.0.0\"\ntitle = \"X\"\n";

fn holds(source: &str) -> Exercise {
    parse(source).unwrap_or_else(|errors| panic!("{}", render(&errors, source, "x", false)))
}

/// An exercise with one check, whose steps are these.
fn with_steps(steps: &str) -> String {
    format!("{TOP}[[checks]]\nid = \"a\"\ntitle = \"A\"\nsteps = [{steps}]\n")
}

fn check(steps: &str) -> Check {
    holds(&with_steps(steps)).checks.remove(0)
}

fn request(step: &str) -> RequestStep {
    match check(step).steps.remove(0) {
        Step::Request(request) => *request,
        other => panic!("{other:?} is no request"),
    }
}

fn errors(source: &str) -> Vec<Diagnostic> {
    parse(source).expect_err("the file does not hold")
}

fn strings(value: &Value) -> BTreeSet<String> {
    value.as_array().into_iter().flatten().map(|name| name.as_str().unwrap().to_owned()).collect()
}

/// The names between backticks.
fn quoted(text: &str) -> BTreeSet<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// For each kind of table: its name in the schema, and a file in which one has a key that no table knows.
fn kinds() -> Vec<(&'static str, String)> {
    let step = |step: &str| with_steps(&format!("{{ get = \"/\", {step} }}"));
    let hint = |hint: &str| format!("{}hints = [{{ {hint} }}]", with_steps("{ get = \"/\" }"));
    vec![
        ("Exercise", format!("qqqqqqqq = 1\n{}", with_steps("{ get = \"/\" }"))),
        ("Limits", format!("limits.qqqqqqqq = 1\n{}", with_steps("{ get = \"/\" }"))),
        ("Check", format!("{}qqqqqqqq = 1", with_steps("{ get = \"/\" }"))),
        ("Languages", hint("say = { en = \"a\", qqqqqqqq = 1 }")),
        ("Step", step("qqqqqqqq = 1")),
        ("Expect", step("expect = { qqqqqqqq = 1 }")),
        ("TextTable", step("expect = { body = { qqqqqqqq = 1 } }")),
        ("ValueTable", step("expect = { json = { \"$\" = { qqqqqqqq = 1 } } }")),
        ("ElementTable", step("expect = { html = { p = { qqqqqqqq = 1 } } }")),
        ("ExpectedCookie", step("expect = { cookies.a = { qqqqqqqq = 1 } }")),
        ("Capture", step("save = { a = { body = \"a\", qqqqqqqq = 1 } }")),
        ("Hint", hint("say = \"a\", qqqqqqqq = 1")),
        ("When", hint("say = \"a\", when = { qqqqqqqq = 1 }")),
    ]
}

fn table_in_schema<'s>(schema: &'s Value, name: &str) -> &'s Value {
    if name == "Exercise" { schema } else { &schema["$defs"][name] }
}

#[test]
fn each_table_has_the_same_keys_in_the_schema_and_in_the_reader() {
    let schema = json_schema();
    for (name, source) in kinds() {
        let all = errors(&source);
        let unknown = all.iter().find(|error| error.message.starts_with("unknown key `qqqqqqqq`"));
        let help = unknown.and_then(|error| error.help.as_deref()).unwrap_or_else(|| panic!("{name}: {all:?}"));
        let (_, keys) = help.split_once(" are ").unwrap();
        let properties = table_in_schema(&schema, name)["properties"].as_object();
        let properties: BTreeSet<_> = properties.into_iter().flatten().map(|(key, _)| key.clone()).collect();
        assert_eq!(quoted(keys), properties, "{name}");
    }
}

#[test]
fn every_closed_table_of_the_schema_is_compared_with_the_reader() {
    let schema = json_schema();
    let closed = |table: &Value| table["additionalProperties"] == Value::Bool(false);
    let definitions = schema["$defs"].as_object().unwrap().iter();
    let mut names: BTreeSet<_> =
        definitions.filter(|(_, table)| closed(table)).map(|(name, _)| name.as_str()).collect();
    assert!(closed(&schema));
    names.insert("Exercise");
    assert_eq!(kinds().iter().map(|(name, _)| *name).collect::<BTreeSet<_>>(), names);
}

#[test]
fn the_same_keys_are_required_in_the_schema_and_by_the_reader() {
    let schema = json_schema();
    let empty_check = format!("{TOP}[[checks]]");
    let empty_hint = format!("{}[[checks.hints]]", with_steps("{ get = \"/\" }"));
    for (name, source) in [("Exercise", ""), ("Check", &empty_check), ("Hint", &empty_hint)] {
        let all = errors(source);
        assert_eq!(all.len(), 1, "{all:?}");
        let mut required = strings(&table_in_schema(&schema, name)["required"]);
        // A check may have `exec` instead.
        required.extend((name == "Check").then(|| "steps".to_owned()));
        assert_eq!(quoted(&all[0].message), required, "{name}");
    }
    let required = schema["$defs"].as_object().unwrap().iter().filter(|(_, table)| table.get("required").is_some());
    assert_eq!(required.map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["Check", "Hint"]);
}

#[test]
fn the_schema_says_which_draft_it_is_and_knows_no_null() {
    let schema = json_schema();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    // As a type; it is also the name of a type that a body's values may have.
    assert!(!of_type(&schema).contains("null"));
}

/// Every type that a schema names, at any depth.
fn of_type(schema: &Value) -> BTreeSet<&str> {
    let inside: Vec<&Value> = match schema {
        Value::Object(members) => members.values().collect(),
        Value::Array(items) => items.iter().collect(),
        _ => Vec::new(),
    };
    let own =
        schema.get("type").into_iter().flat_map(|own| own.as_array().map_or(vec![own], |all| all.iter().collect()));
    own.filter_map(Value::as_str).chain(inside.into_iter().flat_map(of_type)).collect()
}

#[test]
fn every_key_has_a_description_for_editors() {
    let schema = json_schema();
    for (name, _) in kinds() {
        for (key, property) in table_in_schema(&schema, name)["properties"].as_object().unwrap() {
            assert!(property["description"].is_string(), "{name}.{key}");
        }
    }
}

#[test]
fn the_digest_is_over_the_bytes_of_the_file() {
    let source = with_steps("{ get = \"/\" }");
    let digest = holds(&source).digest;
    assert!(digest.strip_prefix("sha256:").is_some_and(|hex| hex.len() == 64), "{digest}");
    assert_ne!(digest, holds(&format!("{source}\n")).digest);
    // `printf abc | sha256sum`
    let abc = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(super::digest("abc"), abc);
}

#[test]
fn what_is_left_out_has_the_documented_defaults() {
    let exercise = holds(&with_steps("{ get = \"/\" }"));
    assert_eq!(exercise.limits, Limits::default());
    assert_eq!(exercise.checks[0].points, 1);
    let request = request("{ get = \"/\" }");
    assert_eq!(
        (request.client.0.as_str(), request.redirects, request.turn),
        ("default", Redirects::Stay, Turn::InOrder)
    );
    assert!(matches!(request.payload, Payload::None));
}

#[test]
fn limits_that_are_given_leave_the_others_as_they_are() {
    let exercise = holds(&format!("limits.request = \"500ms\"\n{}", with_steps("{ get = \"/\" }")));
    let expected = Limits { request: Duration::from_millis(500), ..Limits::default() };
    assert_eq!(exercise.limits, expected);
}

#[test]
fn names_keep_the_order_of_the_file_and_headers_lose_their_capitals_where_they_are_expected() {
    let request = request(
        "{ get = \"/\", query = { b = \"1\", a = \"2\" }, headers = { X-B = \"1\", Accept = \"2\" }, \
         expect.headers = { X-B = \"1\", Content-Type = \"2\" } }",
    );
    let names = |pairs: &[(String, _)]| pairs.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&request.query), ["b", "a"]);
    assert_eq!(names(&request.headers), ["X-B", "Accept"]);
    let expected: Vec<_> = request.expect.headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(expected, ["x-b", "content-type"]);
}

#[test]
fn a_plain_string_expects_to_be_contained_and_one_value_is_a_list_of_one() {
    let expect = request("{ get = \"/\", expect = { status = 200, body = \"写 {{random}}\" } }").expect;
    let body = expect.body.unwrap();
    assert_eq!(body.contains.iter().map(ToString::to_string).collect::<Vec<_>>(), ["写 {{random}}"]);
    assert_eq!(expect.status.unwrap().0, [StatusMatch::Code(200)]);
    let list = request("{ get = \"/\", expect.status = [\"2xx\", 0x194] }").expect.status.unwrap();
    assert_eq!(list.0, [StatusMatch::Class(2), StatusMatch::Code(404)]);
}

#[test]
fn json_keeps_its_types_and_fills_strings_only() {
    let request = request("{ post = \"/\", json = { z = 0x10, a = [1.5, true, \"{{random}}\"], d = 2026-11-24 } }");
    let Payload::Json(JsonTemplate::Object(members)) = request.payload else { panic!("an object was written") };
    let [(z, JsonTemplate::Scalar(number)), (a, JsonTemplate::Array(list)), (_, JsonTemplate::Scalar(day))] =
        members.as_slice()
    else {
        panic!("{members:?}")
    };
    assert_eq!((z.as_str(), a.as_str(), number, day), ("z", "a", &Value::from(16), &Value::from("2026-11-24")));
    assert!(matches!(&list[2], JsonTemplate::String(text) if text.to_string() == "{{random}}"));
}

#[test]
fn cookies_are_expected_to_be_there_or_not() {
    let expect =
        request("{ get = \"/\", expect.cookies = { b = { present = true }, a = { present = false } } }").expect;
    let presence: Vec<_> = expect.cookies.iter().map(|(name, cookie)| (name.as_str(), cookie.presence)).collect();
    assert_eq!(presence, [("b", Some(Presence::Present)), ("a", Some(Presence::Absent))]);
}

#[test]
fn captures_come_from_the_body_a_header_or_a_cookie() {
    let steps = "{ get = \"/\", save = { b = { body = \"x\" }, h = { header = \"X-A\" }, c = { cookie = \"time\" } } }, \
                 { get = \"/{{b}}{{h}}{{c}}\" }";
    let Step::Request(first) = check(steps).steps.remove(0) else { panic!("a request was written") };
    assert!(matches!(&first.save[0].1, Capture::Body(pattern) if pattern.to_string() == "x"));
    assert!(matches!(&first.save[1].1, Capture::Header(name) if name == "x-a"));
    assert!(matches!(&first.save[2].1, Capture::Cookie(name) if name == "time"));
}

#[test]
fn pauses_and_restarts_are_steps() {
    let steps = check("{ wait = \"2s\" }, { restart = true }, { get = \"/\", fresh = false }").steps;
    assert!(matches!(steps[0], Step::Wait(pause) if pause == Duration::from_secs(2)));
    assert!(matches!(steps[1], Step::Restart));
}

#[test]
fn a_hint_without_evidence_always_fits() {
    let exercise = holds(&format!("{}hints = [{{ say = {{ zh = \"看\" }} }}]", with_steps("{ get = \"/\" }")));
    let hint = &exercise.checks[0].hints[0];
    assert_eq!(hint.say, Text { en: None, zh: Some("看".into()) });
    assert_eq!(hint.say.in_lang(Lang::En), "看");
    assert!(hint.when.step.is_none() && hint.when.status.is_none());
}

#[test]
fn a_tree_of_great_depth_is_refused_without_harm() {
    let lists = format!("{TOP}a = {}1{}", "[".repeat(50_000), "]".repeat(50_000));
    assert!(parse(&lists).is_err());
    let tables = with_steps(&format!("{{ post = \"/\", json = {}1{} }}", "{ a = ".repeat(50_000), " }".repeat(50_000)));
    assert!(parse(&tables).is_err());
    let _ = parse(&with_steps(&format!("{{ post = \"/\", json{} = 1 }}", ".a".repeat(50_000))));
}

#[test]
fn a_reference_names_variants_checks_and_problems_that_there_are() {
    let exercise = holds(&with_steps("{ get = \"/\" }"));
    let faults = ["cut", "hangs"];
    let source = "solutions = [\"correct\"]\n[mistakes]\ncut = { fails = [\"a\"] }\nhangs = { fails = [\"a\"], problem = \"run_timeout\" }\n";
    let reference = parse_reference(source, &exercise, &faults).unwrap();
    assert_eq!(reference.solutions[0].fault(), None);
    let mistakes: Vec<_> = reference.mistakes.iter().map(|(variant, known)| (variant.fault(), known.problem)).collect();
    assert_eq!(mistakes, [(Some("cut"), None), (Some("hangs"), Some(ProblemCode::RunTimeout))]);
    let wrong = "solutions = [\"corect\"]\n[mistakes]\ncuts = { fails = [\"b\"] }\n";
    let errors = parse_reference(wrong, &exercise, &faults).unwrap_err();
    let messages: Vec<_> =
        errors.iter().map(|error| (error.message.as_str(), error.help.as_deref().unwrap())).collect();
    let expected = [
        ("the reference server has no variant `corect`", "did you mean `correct`?"),
        ("the reference server has no variant `cuts`", "did you mean `cut`?"),
        ("there is no check `b`", "the checks are `a`"),
    ];
    assert_eq!(messages, expected);
}
