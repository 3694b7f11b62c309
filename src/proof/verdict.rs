//! Whether a run ended as it should. All of it is pure.

use super::subject::Role;
use crate::report::{Report, Verdict};

/// How a run ended beside how it should.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Difference {
    /// The checks that failed and should not.
    pub(super) unexpected: Vec<String>,
    /// The checks that should fail and did not.
    pub(super) missing: Vec<String>,
    /// The problem that was met where another one, or none, should be.
    pub(super) problem: Option<String>,
    /// The problem that should be met and was not.
    pub(super) no_problem: Option<&'static str>,
}

impl Difference {
    /// Between a run and what its subject should do.
    pub(super) fn of(role: &Role, report: &Report) -> Self {
        let failed = failed(report);
        let (expected, problem): (Vec<_>, _) = match role {
            Role::Solution => (Vec::new(), None),
            Role::Mistake(known) => (known.fails.iter().map(|id| id.0.as_str()).collect(), known.problem),
        };
        let met = report.problem.as_ref().map(|problem| problem.code.as_str());
        let wanted = problem.map(crate::outcome::ProblemCode::name);
        // What is skipped needs what failed, so it says nothing more.
        let without = |these: &[&str], those: &[&str]| -> Vec<String> {
            these.iter().filter(|id| !those.contains(id)).map(|id| (*id).to_owned()).collect()
        };
        Self {
            unexpected: without(&failed, &expected),
            missing: without(&expected, &failed),
            problem: met.filter(|met| Some(*met) != wanted).map(str::to_owned),
            no_problem: wanted.filter(|wanted| Some(*wanted) != met),
        }
    }

    pub(super) fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

/// The checks that failed, in the exercise's order.
pub(super) fn failed(report: &Report) -> Vec<&str> {
    let failed = report.checks.iter().filter(|check| check.verdict == Verdict::Failed);
    failed.map(|check| check.id.as_str()).collect()
}

/// What two runs of the same subject must have in common: each check's verdict, and the problem.
pub(super) fn outcome(report: &Report) -> (Vec<Verdict>, Option<&str>) {
    let verdicts = report.checks.iter().map(|check| check.verdict).collect();
    (verdicts, report.problem.as_ref().map(|problem| problem.code.as_str()))
}

/// The first two runs that ended in different ways. Runs that could not be graded say nothing.
pub(super) fn disagreeing(reports: &[Report]) -> Option<(&Report, &Report)> {
    let mut graded = reports.iter().filter(|report| report.verdict != Verdict::Error);
    let first = graded.next()?;
    graded.find(|other| outcome(other) != outcome(first)).map(|other| (first, other))
}
