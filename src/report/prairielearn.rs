//! PrairieLearn's `results.json` of an external grader.
//!
//! `gradable: false` is what a submission that could not be graded gets: it costs no attempt and no points. Results
//! over one megabyte are refused, so every text has its share.

use serde_json::{Value, json};

use super::explain::{self, Why};
use super::model::{Report, Verdict};
use super::safe;
use crate::locale::Catalogue;

/// How many characters each test may say at most.
const TEXT: usize = 8_000;
/// How many characters all tests may say together: four bytes each are well below the megabyte.
const ALL: usize = 150_000;

/// The report as a `results.json`, with a line end.
#[must_use]
pub fn prairielearn(report: &Report, catalogue: &Catalogue) -> String {
    let document = match (report.verdict, report.score.earned) {
        (Verdict::Error, _) | (_, None) => {
            let why = explain::not_graded(report, catalogue);
            json!({ "gradable": false, "message": why, "format_errors": [why] })
        }
        (_, Some(earned)) => json!({
            "gradable": true,
            "score": share(report, earned),
            "message": explain::verdict(report, catalogue),
            "tests": tests(report, catalogue),
        }),
    };
    format!("{document:#}\n")
}

fn tests(report: &Report, catalogue: &Catalogue) -> Vec<Value> {
    let most = TEXT.min(ALL / report.checks.len().max(1));
    let test = |check: &super::model::Check| {
        let why = (check.verdict != Verdict::Passed).then(|| Why::of(report, check, catalogue));
        json!({
            "name": safe::line(&check.id),
            "description": explain::cut(&safe::line(&check.title), most),
            "points": check.points.earned.unwrap_or(0),
            "max_points": check.points.possible,
            "message": why.as_ref().map(|why| explain::cut(&why.reason, most)).unwrap_or_default(),
            "output": why.map(|why| explain::cut(&why.text(catalogue), most)).unwrap_or_default(),
        })
    };
    report.checks.iter().map(test).collect()
}

/// The score from 0 to 1. An exercise without points is all or nothing.
fn share(report: &Report, earned: u32) -> f64 {
    match report.score.possible {
        0 => f64::from(u8::from(report.verdict == Verdict::Passed)),
        possible => (f64::from(earned) / f64::from(possible)).clamp(0.0, 1.0),
    }
}
