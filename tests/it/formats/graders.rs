//! Forms of platforms that publish no schema: held to the rules of their documentation and source.

use base64::Engine as _;
use serde_json::Value;

use super::{REPORTS, checks, rendered, rendered_json, saved};
use crate::support::checker::checker;
use crate::support::readers;

/// Asserts that an object has no other keys than these.
fn only_keys(value: &Value, keys: &[&str]) {
    for key in value.as_object().unwrap().keys() {
        assert!(keys.contains(&key.as_str()), "unknown key {key} in {value}");
    }
}

fn sum(tests: &Value, key: &str) -> u64 {
    tests.as_array().unwrap().iter().map(|test| test[key].as_u64().unwrap()).sum()
}

#[test]
fn gradescope_adds_up_to_the_score_or_has_none() {
    for name in REPORTS {
        let (report, results) = (saved(name), rendered_json(name, "gradescope"));
        only_keys(
            &results,
            &["output", "output_format", "visibility", "stdout_visibility", "execution_time", "extra_data", "tests"],
        );
        if report["verdict"] == "error" {
            assert!(results["tests"].is_null() && results["score"].is_null(), "{name} has a score: {results}");
            continue;
        }
        assert_eq!(sum(&results["tests"], "score"), report["score"]["earned"].as_u64().unwrap());
        assert_eq!(sum(&results["tests"], "max_score"), report["score"]["possible"].as_u64().unwrap());
        for test in results["tests"].as_array().unwrap() {
            only_keys(
                test,
                &["name", "name_format", "score", "max_score", "status", "output", "output_format", "visibility"],
            );
            assert!(["passed", "failed"].contains(&test["status"].as_str().unwrap()));
            assert_eq!((test["output_format"].as_str(), test["name_format"].as_str()), (Some("text"), Some("text")));
        }
    }
}

#[test]
fn prairielearn_has_a_share_of_the_points_or_is_not_gradable() {
    for name in REPORTS {
        let (report, results) = (saved(name), rendered_json(name, "prairielearn"));
        only_keys(&results, &["gradable", "score", "message", "tests", "format_errors"]);
        assert!(results.to_string().len() < 1_000_000);
        if report["verdict"] == "error" {
            assert_eq!(results["gradable"], false);
            assert!(results["score"].is_null() && results["message"].is_string());
            continue;
        }
        let score = results["score"].as_f64().unwrap();
        let share = report["score"]["earned"].as_f64().unwrap() / report["score"]["possible"].as_f64().unwrap();
        assert!((0.0..=1.0).contains(&score) && (score - share).abs() < 1e-9, "{name}: {score}");
        assert_eq!(sum(&results["tests"], "max_points"), report["score"]["possible"].as_u64().unwrap());
        assert_eq!(sum(&results["tests"], "points"), report["score"]["earned"].as_u64().unwrap());
    }
}

#[test]
fn prairielearn_takes_results_of_any_report_for_they_are_below_a_megabyte() {
    let mut report = saved("hostile");
    let check = report["checks"][1].clone();
    report["checks"] = (0..2000).map(|_| check.clone()).collect();
    let file = readers::saved(&report.to_string());
    let ran = checker(["report", file.path().to_str().unwrap(), "-f", "prairielearn"]);
    assert!(ran.stdout.len() < 1_000_000, "{} bytes", ran.stdout.len());
}

/// What Autolab parses: the last line, after every `word:` in it became `"word":`.
fn autoresult(output: &str) -> Value {
    let line = output.trim_end().lines().last().unwrap();
    let rewritten = regex::Regex::new("([a-zA-Z0-9]+):").unwrap().replace_all(line, "\"$1\":");
    assert_eq!(rewritten, line, "the rewriting changes nothing");
    serde_json::from_str(line).unwrap()
}

#[test]
fn autolab_finds_its_scores_on_the_last_line_and_only_there() {
    for name in REPORTS {
        let (report, output) = (saved(name), rendered(name, "autolab"));
        let result = autoresult(&output);
        let scores = result["scores"].as_object().unwrap();
        assert_eq!(scores.len(), checks(&report).len());
        for check in checks(&report) {
            assert_eq!(scores[check["id"].as_str().unwrap()], check["points"]["earned"], "null where not graded");
        }
        assert_eq!(result["scoreboard"][0], report["score"]["earned"]);
        let lines: Vec<_> = output.trim_end().lines().collect();
        let json = lines.iter().filter(|line| line.starts_with('{')).count();
        assert_eq!(json, 2, "stages and scores: {output}");
        let stages: Value = serde_json::from_str(lines[lines.len() - 2]).unwrap();
        assert_eq!(stages["_presentation"], "semantic");
        let stage = stages["stages"][0].as_str().unwrap();
        assert_eq!(stages[stage].as_object().unwrap().len(), checks(&report).len());
    }
}

#[test]
fn exercism_says_why_wherever_something_did_not_pass() {
    for name in REPORTS {
        let (report, results) = (saved(name), rendered_json(name, "exercism"));
        only_keys(&results, &["version", "status", "message", "tests"]);
        assert_eq!(results["version"], 3);
        let status = match (report["verdict"].as_str().unwrap(), report["problem"].is_null()) {
            ("passed", _) => "pass",
            ("failed", true) => "fail",
            _ => "error",
        };
        assert_eq!(results["status"], status, "{name}");
        assert_eq!(results["message"].is_string(), status == "error");
        assert!(results["message"].as_str().unwrap_or_default().len() <= 65_535);
        for test in results["tests"].as_array().unwrap() {
            only_keys(test, &["name", "status", "message", "test_code"]);
            assert_eq!(test["message"].is_string(), test["status"] != "pass", "{test}");
            assert!(!test["test_code"].as_str().unwrap().is_empty());
        }
    }
}

/// What the grading reporter of GitHub Classroom makes of a runner's result: points earned and possible, or nothing.
fn reported(line: &str) -> Option<(u64, u64)> {
    assert_eq!(line.trim_end().lines().count(), 1, "one line, as a step's output is");
    let decoded = base64::engine::general_purpose::STANDARD.decode(line.trim_end()).unwrap();
    let result: Value = serde_json::from_slice(&decoded).unwrap();
    only_keys(&result, &["version", "status", "max_score", "tests"]);
    for test in result["tests"].as_array().unwrap() {
        let keys = ["name", "status", "score", "message", "test_code", "filename", "line_no", "execution_time"];
        only_keys(test, &keys);
        assert_eq!(test.as_object().unwrap().len(), keys.len(), "{test}");
    }
    let possible = result["max_score"].as_u64().unwrap();
    (possible > 0).then(|| (sum(&result["tests"], "score"), possible))
}

#[test]
fn github_classroom_reports_the_score_or_nothing() {
    for name in REPORTS {
        let report = saved(name);
        let score = report["score"]["earned"].as_u64().zip(report["score"]["possible"].as_u64());
        assert_eq!(reported(&rendered(name, "classroom")), score, "{name}");
    }
}

#[test]
fn classroom_50_has_a_score_or_null() {
    for name in REPORTS {
        let (report, result) = (saved(name), rendered_json(name, "classroom50"));
        assert_eq!(result["schema"], "classroom50/result/v1");
        assert_eq!(
            (&result["score"], &result["max-score"]),
            (&report["score"]["earned"], &report["score"]["possible"])
        );
        assert_eq!(result["datetime"], "2026-11-23T05:09:46Z");
        for test in result["tests"].as_array().unwrap() {
            only_keys(test, &["test-name", "passed", "score", "max-score"]);
            assert!(test["passed"].is_boolean());
        }
    }
}
