use serde_json::json;

use super::*;
use crate::exercise::Lang;
use crate::report::read;

/// A report with two checks: `first`, and `second` which requires it and was skipped because of it.
fn report(hidden: bool, visibility: &str) -> Report {
    let check = |id: &str, more: serde_json::Value| {
        let mut check = json!({
            "id": id, "title": format!("what {id} looks at"), "verdict": "failed",
            "points": { "earned": 0, "possible": 2 }, "requires": [], "because": null, "duration_ms": 1.0,
            "mismatches": [{
                "step": 1, "what": "body", "expected": "`secret`", "actual": "`came`",
                "message": "expected `secret` in the body, got `came`"
            }],
            "hints": ["the hint"], "server_error": null,
            "exchanges": [{
                "step": 1, "client": "default", "elapsed_ms": 1.0,
                "request": { "method": "GET", "url": "http://127.0.0.1:5000/asked", "headers": [], "body": null },
                "response": null, "failure": null, "expected": "body `secret`", "curl": "curl -i http://127.0.0.1:5000/asked"
            }],
            "program": { "command": ["./probe"], "exit": null, "stdout": "wanted the secret", "stderr": "GET /asked" },
        });
        for (key, value) in more.as_object().unwrap() {
            check[key] = value.clone();
        }
        check
    };
    let document = json!({
        "schema_version": "1.2", "checker": { "name": "checker", "version": "0.1.0" },
        "exercise": { "id": "x", "version": "1.0.0", "title": "X", "digest": "" },
        "submission": { "path": "student", "kind": null, "digest": null },
        "verdict": "failed", "score": { "earned": 0, "possible": 4 },
        "counts": { "passed": 0, "failed": 1, "skipped": 1, "error": 0 }, "problem": null,
        "checks": [
            check("first", json!({ "hidden": hidden, "visibility": visibility })),
            check("second", json!({
                "verdict": "skipped", "requires": ["first"], "because": "first", "mismatches": [], "hints": [],
                "exchanges": [], "program": null
            })),
        ],
        "server": {
            "command": [], "start": "cold", "address": null, "ready_ms": null, "exit": null,
            "stdout": "", "stderr": "GET /asked", "survivors": 0
        },
        "isolation": { "level": "none", "features": [], "missing": [] },
        "seed": 1, "started_at": "", "duration_ms": 1.0, "lang": "en",
    });
    read(&document.to_string()).unwrap()
}

fn seen_by(audience: Audience, report: &Report) -> String {
    crate::report::json(&view(report, audience, &Catalogue::new(Lang::En)))
}

#[test]
fn a_hidden_check_has_no_name_and_no_details_anywhere() {
    let seen = seen_by(Audience::Student, &report(true, "full"));
    for secret in ["first", "secret", "/asked", "the hint"] {
        assert!(!seen.contains(secret), "{secret} is in {seen}");
    }
    assert!(seen.contains(r#""because": "hidden-1""#), "others refer to it by its new name: {seen}");
}

#[test]
fn the_instructor_sees_everything() {
    let report = report(true, "none");
    assert_eq!(seen_by(Audience::Instructor, &report), crate::report::json(&report));
}

#[test]
fn of_visibility_actual_the_expectation_and_the_hints_are_kept_back() {
    let seen = seen_by(Audience::Student, &report(false, "actual"));
    assert!(!seen.contains("secret") && !seen.contains("the hint"), "{seen}");
    assert!(seen.contains("got `came`") && seen.contains("/asked"), "{seen}");
}

#[test]
fn of_visibility_none_the_title_stays() {
    let seen = seen_by(Audience::Student, &report(false, "none"));
    assert!(!seen.contains("secret") && !seen.contains("came") && !seen.contains("/asked"), "{seen}");
    assert!(seen.contains("what first looks at"), "{seen}");
}

#[test]
fn nothing_is_taken_from_what_is_shown_in_full() {
    let report = report(false, "full");
    assert_eq!(seen_by(Audience::Student, &report), crate::report::json(&report));
}

#[test]
fn a_check_that_is_called_hidden_1_keeps_its_name() {
    let mut report = report(true, "full");
    report.checks[1].id = "hidden-1".into();
    let seen = view(&report, Audience::Student, &Catalogue::new(Lang::En));
    let ids: Vec<_> = seen.checks.iter().map(|check| check.id.as_str()).collect();
    assert_eq!(ids, ["hidden-2", "hidden-1"]);
}
