//! Gradescope's `results.json`.
//!
//! Without any score in it, Gradescope calls the run failed and asks the student to tell the staff: that is what a
//! submission that could not be graded gets. A hidden check stays whole for the staff, under `visibility: hidden`.

use serde::Serialize;
use serde_json::{Value, json};

use super::explain::{self, Why};
use super::model::{Check, Report, Verdict};
use super::safe;
use super::student::{self, Audience};
use crate::locale::Catalogue;

#[derive(Serialize)]
struct Test {
    name: String,
    name_format: &'static str,
    score: u32,
    max_score: u32,
    status: &'static str,
    output: String,
    output_format: &'static str,
    visibility: &'static str,
}

/// The report as a `results.json`, with a line end. `report` is the whole one, whoever reads it.
#[must_use]
pub fn gradescope(report: &Report, audience: Audience, catalogue: &Catalogue) -> String {
    let shown = student::view(report, audience, catalogue);
    let head = |output: String| {
        json!({
            "output": output,
            "output_format": "text",
            "visibility": "visible",
            "stdout_visibility": "hidden",
            "execution_time": report.duration_ms / 1000.0,
            "extra_data": { "checker": report.checker.version, "exercise": report.exercise.id, "seed": report.seed },
        })
    };
    let document = if report.verdict == Verdict::Error {
        head(explain::not_graded(&shown, catalogue))
    } else {
        let pairs = report.checks.iter().zip(&shown.checks);
        let tests: Vec<_> = pairs
            .map(|(whole, shown_check)| match (audience, whole.hidden) {
                (Audience::Student, true) => test(report, whole, "hidden", catalogue),
                _ => test(&shown, shown_check, "visible", catalogue),
            })
            .collect();
        let mut document = head(explain::verdict(&shown, catalogue));
        document["tests"] = serde_json::to_value(tests).unwrap_or(Value::Null);
        document
    };
    format!("{document:#}\n")
}

fn test(report: &Report, check: &Check, visibility: &'static str, catalogue: &Catalogue) -> Test {
    let passed = check.verdict == Verdict::Passed;
    Test {
        name: format!("{}: {}", safe::line(&check.id), safe::line(&check.title)),
        name_format: "text",
        score: check.points.earned.unwrap_or(0),
        max_score: check.points.possible,
        status: if passed { "passed" } else { "failed" },
        output: if passed { String::new() } else { Why::of(report, check, catalogue).text(catalogue) },
        output_format: "text",
        visibility,
    }
}
