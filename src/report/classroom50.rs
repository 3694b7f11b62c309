//! Classroom 50's `result.json`.
//!
//! A submission that could not be graded has no score there, not zero: its collector takes such a file for a fault
//! of the infrastructure, as it does an exit code that is not 0.

use serde::Serialize;
use serde_json::{Value, json};

use super::model::{Report, Verdict};
use super::safe;

/// What Classroom 50's runner says of the submission, for the file to repeat. What it does not say is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Classroom50Context {
    /// The classroom's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub classroom: Option<String>,
    /// The assignment's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignment: Option<String>,
    /// The tag that was handed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub submission: Option<String>,
    /// The address of the commit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// The address of the release.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
    /// The address where it is reviewed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub review: Option<String>,
}

/// The report as a `result.json`, with a line end.
#[must_use]
pub fn classroom50(report: &Report, context: &Classroom50Context) -> String {
    let mut document = json!({ "schema": "classroom50/result/v1" });
    let told = serde_json::to_value(context).unwrap_or(Value::Null);
    for (key, value) in told.as_object().into_iter().flatten() {
        document[key.as_str()] = value.clone();
    }
    document["datetime"] = datetime(&report.started_at).into();
    document["score"] = report.score.earned.filter(|_| report.verdict != Verdict::Error).into();
    document["max-score"] = report.score.possible.into();
    let tests = report.checks.iter().map(|check| {
        json!({
            "test-name": format!("{}: {}", safe::line(&check.id), safe::line(&check.title)),
            "passed": check.verdict == Verdict::Passed,
            "score": check.points.earned,
            "max-score": check.points.possible,
        })
    });
    document["tests"] = tests.collect();
    format!("{document:#}\n")
}

/// To the second, as the schema's readers expect it.
fn datetime(started_at: &str) -> String {
    let started = started_at.parse::<jiff::Timestamp>().map(|at| at.as_second());
    let started = started.and_then(jiff::Timestamp::from_second).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    started.to_string()
}
