//! JSON bodies.

use super::{Scene, check};
use crate::exercise::{JsonExpectation, JsonPath, JsonTemplate};

const FLASK: &str = "from flask import Flask\n";

/// `GET /api` answers this, and at `$.a` there must be this value.
fn scene(body: &str, wanted: serde_json::Value) -> Scene {
    let mut scene = Scene::new("/api", &[], 200, body);
    let equals = Some(JsonTemplate::Scalar(wanted));
    scene.expect.json.push((JsonPath::parse("$.a").unwrap(), JsonExpectation { equals, ..JsonExpectation::default() }));
    scene
}

#[test]
fn what_stands_in_for_json_is_named() {
    check([
        ("json-flask-text", scene("{'a': 1}", 1.into()).py(FLASK)),
        ("json-flask-text", scene("{\"a\": None}", 1.into()).py(FLASK)),
        ("json-python-text", scene("[('a', 1)]", 1.into()).of("python")),
        ("json", scene("{'a': 1}", 1.into()).of("node")),
        ("json-flask-page", scene("<h1>a</h1>", 1.into()).py(FLASK)),
        ("json-page", scene("<h1>a</h1>", 1.into()).of("node")),
        ("json-flask", scene("a = 1", 1.into()).py(FLASK)),
        ("json", scene("", 1.into()).of("go")),
    ]);
}

#[test]
fn values_of_the_wrong_type_are_named_and_other_values_are_not() {
    check([
        ("json-number-as-text", scene(r#"{"a": "3"}"#, 3.into())),
        ("json-text-as-number", scene(r#"{"a": 3}"#, "3".into())),
        ("json-truth-as-text", scene(r#"{"a": "True"}"#, true.into())),
        ("json-truth-as-number", scene(r#"{"a": 0}"#, false.into())),
        ("", scene(r#"{"a": "4"}"#, 3.into())),
        ("", scene(r#"{"a": 2}"#, true.into())),
        ("", scene(r#"{"b": 3}"#, 3.into())),
    ]);
}
