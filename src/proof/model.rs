//! The record of a proof, field by field in the order of the JSON object.
//!
//! A field may be added, with the minor number of the version raised; none changes its meaning.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::report::{Checker, Exercise, Verdict};

/// The version of the record's shape.
pub(super) const SCHEMA_VERSION: &str = "1.0";

/// The record of one proof of one exercise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Proof {
    /// The version of this shape, `major.minor`.
    pub schema_version: String,
    /// What proved.
    pub checker: Checker,
    /// The exercise.
    pub exercise: Exercise,
    /// How it ended.
    pub conclusion: Conclusion,
    /// What is wrong with the exercise, the gravest first.
    pub findings: Vec<Finding>,
    /// The checks, in the exercise's order.
    pub checks: Vec<Check>,
    /// Solutions and mistakes, and how they ended.
    pub subjects: Vec<Subject>,
    /// What became of a solution whose answers were changed; null if none was tried.
    pub mutations: Option<Mutations>,
    /// How often each subject was run.
    pub repeats: usize,
    /// The seed of the first run; the second has the next number.
    pub seed: u64,
    /// How long it took, in milliseconds.
    pub duration_ms: f64,
    /// The language of its titles and messages: `en` or `zh`.
    pub lang: String,
}

/// How a proof ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Conclusion {
    /// There is no finding.
    Proven,
    /// There is at least one.
    Findings,
    /// Something could not be graded, for a reason of this machine's; whatever else was found.
    Error,
}

/// Something that is wrong with an exercise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// `not_graded`, `no_solution`, `solution_fails`, `mistake_passes`, `mistake_differs`, `flaky`, `blind_check` or
    /// `survivor`.
    pub code: String,
    /// The subject that it is about; else null.
    pub subject: Option<String>,
    /// The check that it is about; else null.
    pub check: Option<String>,
    /// In words.
    pub message: String,
    /// The files that hold the reports of the runs that show it.
    pub reports: Vec<String>,
}

/// A check of the exercise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Check {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The mistakes that fail it in every run; not those that cannot be graded as a whole, which fail anything.
    pub caught: Vec<String>,
}

/// A solution or a mistake.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Subject {
    /// What it is called.
    pub name: String,
    /// `solution` or `mistake`.
    pub role: Role,
    /// The checks that it should fail.
    pub fails: Vec<String>,
    /// The problem that it should have; else null.
    pub problem: Option<String>,
    /// Whether every run ended so.
    pub as_expected: bool,
    /// Whether its runs ended in different ways.
    pub flaky: bool,
    /// How many of its runs were run once more, alone, since load could explain how they ended.
    pub retried: usize,
    /// Its runs.
    pub runs: Vec<Run>,
}

/// What a subject should do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Role {
    Solution,
    Mistake,
}

/// One run of a subject.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Run {
    /// Its seed.
    pub seed: u64,
    /// How it ended.
    pub verdict: Verdict,
    /// The code of the problem that it met; else null.
    pub problem: Option<String>,
    /// How each check ended, in the order of `checks`.
    pub checks: Vec<Verdict>,
    /// How long it took, in milliseconds.
    pub duration_ms: f64,
}

/// What became of a solution whose answers were changed in one thing at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Mutations {
    /// The solution.
    pub solution: String,
    /// The seed of its runs.
    pub seed: u64,
    /// How many mutations there are; fewer may have been tried.
    pub possible: usize,
    /// How many some check noticed.
    pub noticed: usize,
    /// How many no check noticed.
    pub survived: usize,
    /// How many made no difference in the end.
    pub idle: usize,
    /// How many could not be graded.
    pub undecided: usize,
    /// The share that was noticed, in whole percent, rounded down; null if nothing could be.
    pub percent: Option<usize>,
    /// Each that was tried.
    pub tried: Vec<Mutation>,
    /// What was left alone, since no check could or should see a difference.
    pub left_out: Vec<String>,
}

/// One thing that was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Mutation {
    /// The requests whose answers were changed: method, path, the names of parameters, of cookies in `[…]`, of the body's
    /// fields in `{…}`, and the status if it is not 200.
    pub request: String,
    /// The kind, such as `header_dropped`.
    pub code: String,
    /// What was changed, in words.
    pub what: String,
    /// What became of it.
    pub outcome: Outcome,
    /// The checks that failed.
    pub noticed_by: Vec<String>,
}

/// What became of a mutation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the fields of `Mutations` say it")]
pub enum Outcome {
    Noticed,
    Survived,
    Idle,
    Undecided,
}
