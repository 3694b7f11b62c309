//! CTRF, the Common Test Report Format: one JSON object that many CI dashboards read.
//!
//! Its schema takes no fields of one's own but in `extra`, which holds the points. What could not be decided has
//! the status `other`, which is neither passed nor failed.

use serde::Serialize;
use serde_json::{Value, json};

use super::explain::Why;
use super::model::{Check, Report, Verdict};
use super::safe;
use crate::locale::Catalogue;

#[derive(Serialize)]
struct Test {
    name: String,
    status: &'static str,
    duration: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trace: Option<String>,
    suite: [String; 1],
    #[serde(rename = "rawStatus")]
    raw_status: Verdict,
    extra: Value,
}

/// The report as a CTRF document, with a line end.
#[must_use]
pub fn ctrf(report: &Report, catalogue: &Catalogue) -> String {
    let tests: Vec<_> = report.checks.iter().map(|check| test(report, check, catalogue)).collect();
    let start = report.started_at.parse::<jiff::Timestamp>().map_or(0, jiff::Timestamp::as_millisecond);
    let counts = &report.counts;
    let document = json!({
        "reportFormat": "CTRF",
        "specVersion": "1.0.0",
        "generatedBy": "checker",
        "results": {
            "tool": { "name": "checker", "version": report.checker.version },
            "summary": {
                "tests": tests.len(),
                "passed": counts.passed,
                "failed": counts.failed,
                "skipped": counts.skipped,
                "pending": 0,
                "other": counts.error,
                "start": start,
                "stop": start.saturating_add_unsigned(milliseconds(report.duration_ms)),
            },
            "tests": tests,
            "extra": {
                "exercise": safe::line(&report.exercise.id),
                "submission": safe::line(&report.submission.path),
                "verdict": report.verdict,
                "score": report.score,
                "problem": report.problem.as_ref().map(|problem| safe::line(&problem.message)),
                "seed": report.seed,
            },
        },
    });
    format!("{document:#}\n")
}

fn test(report: &Report, check: &Check, catalogue: &Catalogue) -> Test {
    let passed = check.verdict == Verdict::Passed;
    let why = (!passed).then(|| Why::of(report, check, catalogue));
    Test {
        name: format!("{}: {}", safe::line(&check.id), safe::line(&check.title)),
        status: match check.verdict {
            Verdict::Passed => "passed",
            Verdict::Failed => "failed",
            Verdict::Skipped => "skipped",
            Verdict::Error => "other",
        },
        duration: milliseconds(check.duration_ms),
        message: why.as_ref().map(|why| why.reason.clone()),
        trace: why.filter(|_| check.verdict == Verdict::Failed).map(|why| why.text(catalogue)),
        suite: [safe::line(&report.exercise.id).into_owned()],
        raw_status: check.verdict,
        extra: json!({ "id": safe::line(&check.id), "points": check.points }),
    }
}

/// Whole milliseconds, as the format wants them.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates, which is what is wanted")]
fn milliseconds(duration: f64) -> u64 {
    duration.round() as u64
}
