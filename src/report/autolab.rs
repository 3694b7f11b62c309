//! Autolab's standard output: feedback for people, then stages, then the scores on the last line.
//!
//! Each check is a problem of the assessment, under the check's id. Before Autolab parses the last line it rewrites
//! every `word:` to `"word":`, so there is nothing in it but ids and numbers. A problem whose score is null stays
//! without a score, which is what a submission that could not be graded gets; no line at all would become zero.

use serde_json::{Map, Value, json};

use super::explain::{self, Why};
use super::model::{Report, Verdict};
use crate::locale::Catalogue;

/// The stage's name, for Autolab shows it as a heading.
const STAGE: &str = "Checks";

/// The report as the output of an Autolab autograder.
#[must_use]
pub fn autolab(report: &Report, catalogue: &Catalogue) -> String {
    let mut text = String::new();
    for line in feedback(report, catalogue) {
        text.push_str(&line);
        text.push('\n');
    }
    format!("{text}{}\n{}\n", stages(report, catalogue), scores(report))
}

/// What a person reads. No line looks like the JSON that follows.
fn feedback(report: &Report, catalogue: &Catalogue) -> Vec<String> {
    let mut lines = match report.verdict {
        Verdict::Error => explain::not_graded(report, catalogue).lines().map(str::to_owned).collect(),
        _ => vec![explain::verdict(report, catalogue)],
    };
    for check in report.checks.iter().filter(|check| check.verdict == Verdict::Failed) {
        lines.push(super::safe_line(&format!("{}: {}", check.id, check.title)).into_owned());
        lines.extend(Why::of(report, check, catalogue).lines(catalogue).iter().map(|line| format!("  {line}")));
    }
    lines
}

fn stages(report: &Report, catalogue: &Catalogue) -> Value {
    let stage = report.checks.iter().map(|check| {
        let passed = check.verdict == Verdict::Passed;
        let mut told = json!({ "passed": passed });
        if !passed {
            told["hint"] = Why::of(report, check, catalogue).reason.into();
        }
        (name(&check.id), told)
    });
    let stage: Map<String, Value> = stage.collect();
    json!({ "_presentation": "semantic", "stages": [STAGE], STAGE: stage })
}

fn scores(report: &Report) -> Value {
    let undecided = report.verdict == Verdict::Error;
    let score = |earned: Option<u32>| earned.filter(|_| !undecided).map_or(Value::Null, Value::from);
    let scores = report.checks.iter().map(|check| (name(&check.id), score(check.points.earned)));
    let scores: Map<String, Value> = scores.collect();
    match report.score.earned.filter(|_| !undecided) {
        Some(earned) => json!({ "scores": scores, "scoreboard": [earned] }),
        None => json!({ "scores": scores }),
    }
}

/// An id as it may stand in the last line: a saved report may hold anything.
fn name(id: &str) -> String {
    id.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect()
}
