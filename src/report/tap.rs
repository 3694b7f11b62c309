//! TAP, version 14: one test point a check, and why in a YAML block below it.
//!
//! A check that is skipped is a test point with the directive SKIP. Where the submission could not be graded and is
//! not to blame, undecided checks are skipped and the stream bails out: no point says `not ok`.

use std::fmt::Write as _;

use super::explain::{self, Why};
use super::model::{Check, Report, Verdict};
use super::safe;
use crate::locale::Catalogue;

/// The report as a TAP stream.
#[must_use]
pub fn tap(report: &Report, catalogue: &Catalogue) -> String {
    let mut text = format!("TAP version 14\n1..{}\n", report.checks.len());
    for (place, check) in report.checks.iter().enumerate() {
        test_point(&mut text, place + 1, report, check, catalogue);
    }
    match report.verdict {
        Verdict::Error => {
            let reason = explain::not_graded(report, catalogue).replace('\n', " ");
            let _ = writeln!(text, "Bail out! {reason}");
        }
        _ => {
            let _ = writeln!(text, "# {}", explain::verdict(report, catalogue));
        }
    }
    text
}

fn test_point(text: &mut String, number: usize, report: &Report, check: &Check, catalogue: &Catalogue) {
    let name = escaped(&format!("{}: {}", check.id, check.title));
    let why = Why::of(report, check, catalogue);
    let _ = match check.verdict {
        Verdict::Passed => writeln!(text, "ok {number} - {name}"),
        Verdict::Failed => writeln!(text, "not ok {number} - {name}"),
        Verdict::Skipped | Verdict::Error => writeln!(text, "ok {number} - {name} # SKIP {}", escaped(&why.reason)),
    };
    let points = (&check.points.earned, check.points.possible);
    let _ = writeln!(text, "  ---");
    let _ = writeln!(text, "  points: {{ earned: {}, possible: {} }}", yaml(points.0), points.1);
    let _ = writeln!(text, "  duration_ms: {}", yaml(&check.duration_ms));
    if check.verdict == Verdict::Failed {
        let _ = writeln!(text, "  message: {}", yaml(&why.reason));
        let _ = writeln!(text, "  why:");
        for line in why.lines(catalogue) {
            let _ = writeln!(text, "    - {}", yaml(&line));
        }
    }
    let _ = writeln!(text, "  ...");
}

/// A value in YAML's double-quoted or plain form: JSON is both.
fn yaml(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("a number or a text is JSON")
}

/// A description in which nothing starts a directive or ends the line.
fn escaped(text: &str) -> String {
    safe::line(text).replace('\\', "\\\\").replace('#', "\\#")
}
