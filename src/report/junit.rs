//! JUnit's XML, as GitLab, Jenkins and Artemis read it: one testcase a check.
//!
//! A check that the submission fails is a `failure`; what could not be decided is an `error`, which readers count
//! as a fault of the test, not of the program. Names are the checks' ids, which are unique: GitLab drops testcases
//! of one name, and Artemis reads nothing but the name.

use std::time::Duration;

use quick_junit::{NonSuccessKind, Property, TestCase, TestCaseStatus, TestSuite};

use super::explain::Why;
use super::model::{Check, Report, Verdict};
use super::safe;
use crate::locale::Catalogue;

/// The report as JUnit XML, with a line end.
#[must_use]
pub fn junit(report: &Report, catalogue: &Catalogue) -> String {
    let exercise = safe::line(&report.exercise.id).into_owned();
    let mut suite = TestSuite::new(exercise.as_str());
    suite.set_time(seconds(report.duration_ms));
    suite.extra.insert("timestamp".into(), safe::line(&report.started_at).as_ref().into());
    suite.add_properties([
        Property::new("title", safe::line(&report.exercise.title).as_ref()),
        Property::new("points.earned", points(report.score.earned)),
        Property::new("points.possible", report.score.possible.to_string()),
        Property::new("seed", report.seed.to_string()),
    ]);
    for check in &report.checks {
        suite.add_test_case(testcase(report, check, &exercise, catalogue));
    }
    let mut whole = quick_junit::Report::new("checker");
    whole.set_time(seconds(report.duration_ms));
    whole.add_test_suite(suite);
    whole.to_string().expect("a string takes all that is written to it")
}

fn testcase(report: &Report, check: &Check, exercise: &str, catalogue: &Catalogue) -> TestCase {
    let mut case = TestCase::new(safe::line(&check.id).as_ref(), status(report, check, catalogue));
    case.set_classname(format!("checker.{exercise}"));
    case.set_time(seconds(check.duration_ms));
    case.extra.insert("file".into(), safe::line(&report.submission.path).as_ref().into());
    case.add_properties([
        Property::new("title", safe::line(&check.title).as_ref()),
        Property::new("points.earned", points(check.points.earned)),
        Property::new("points.possible", check.points.possible.to_string()),
    ]);
    case
}

fn status(report: &Report, check: &Check, catalogue: &Catalogue) -> TestCaseStatus {
    let (mut status, kind) = match check.verdict {
        Verdict::Passed => return TestCaseStatus::success(),
        Verdict::Failed => {
            let what = check.mismatches.first().map(|mismatch| mismatch.what.clone());
            (TestCaseStatus::non_success(NonSuccessKind::Failure), what)
        }
        Verdict::Error => (TestCaseStatus::non_success(NonSuccessKind::Error), None),
        Verdict::Skipped => (TestCaseStatus::skipped(), None),
    };
    let why = Why::of(report, check, catalogue);
    let problem = report.problem.as_ref().map(|problem| problem.code.clone());
    if let Some(kind) = kind.or(problem) {
        status.set_type(safe::line(&kind).as_ref());
    }
    status.set_message(why.reason.as_str());
    if check.verdict != Verdict::Skipped {
        status.set_description(why.text(catalogue));
    }
    status
}

/// A number, or nothing where the submission could not be graded.
fn points(earned: Option<u32>) -> String {
    earned.map(|earned| earned.to_string()).unwrap_or_default()
}

/// A saved report may hold any number; what is no duration is none.
fn seconds(milliseconds: f64) -> Duration {
    Duration::try_from_secs_f64(milliseconds / 1000.0).unwrap_or_default()
}
