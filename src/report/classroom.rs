//! GitHub Classroom's result of a test runner: what its grading reporter reads from a step's output `result`.
//!
//! The reporter adds up `score` and `max_score` over all runners, and reports nothing at all where they add up to no
//! points. So what could not be graded is worth no points: it neither earns nor costs any.

use base64::Engine as _;
use serde_json::{Value, json};

use super::explain::{self, Why};
use super::model::{Check, Report, Verdict};
use super::safe;
use crate::locale::Catalogue;

/// The result as one line of base64, which is how a step's output carries it.
#[must_use]
pub fn classroom(report: &Report, catalogue: &Catalogue) -> String {
    let graded = report.verdict != Verdict::Error;
    let document = json!({
        "version": 1,
        "status": match report.verdict {
            Verdict::Passed => "pass",
            Verdict::Failed | Verdict::Skipped => "fail",
            Verdict::Error => "error",
        },
        "max_score": if graded { report.score.possible } else { 0 },
        "tests": report.checks.iter().map(|check| test(report, check, catalogue)).collect::<Vec<_>>(),
    });
    let mut line = base64::engine::general_purpose::STANDARD.encode(document.to_string());
    line.push('\n');
    line
}

fn test(report: &Report, check: &Check, catalogue: &Catalogue) -> Value {
    let graded = report.verdict != Verdict::Error;
    let message = match check.verdict {
        Verdict::Passed => String::new(),
        Verdict::Error => explain::not_graded(report, catalogue),
        Verdict::Failed | Verdict::Skipped => Why::of(report, check, catalogue).text(catalogue),
    };
    json!({
        "name": format!("{}: {}", safe::line(&check.id), safe::line(&check.title)),
        "status": match check.verdict {
            Verdict::Passed => "pass",
            Verdict::Failed | Verdict::Skipped => "fail",
            Verdict::Error => "error",
        },
        "score": check.points.earned.filter(|_| graded).unwrap_or(0),
        "message": message,
        "test_code": explain::decisive(check).map(|exchange| safe::line(&exchange.curl).into_owned()).unwrap_or_default(),
        "filename": "",
        "line_no": 0,
        "execution_time": check.duration_ms,
    })
}
