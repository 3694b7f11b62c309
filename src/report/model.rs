//! The report, field by field in the order of the JSON object.
//!
//! A field may be added, with the minor number of [`SCHEMA_VERSION`] raised; none changes its meaning.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The version of the report's shape: major, where a reader must change; minor, where something was added.
pub(super) const SCHEMA_VERSION: &str = "1.4";

/// The record of one grading of one submission.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// The version of this shape, `major.minor`.
    pub schema_version: String,
    /// What graded.
    pub checker: Checker,
    /// What was asked for.
    pub exercise: Exercise,
    /// What was graded.
    pub submission: Submission,
    /// `passed` if every check passed, `error` if the submission could not be graded and is not to blame.
    pub verdict: Verdict,
    /// The sums of the checks' points.
    pub score: Score,
    /// How many checks ended how.
    pub counts: Counts,
    /// Why the submission as a whole could not be graded, else null.
    pub problem: Option<Problem>,
    /// The checks, in the order in which they were planned.
    pub checks: Vec<Check>,
    /// The server; null if none was started.
    pub server: Option<Server>,
    /// What the server could not reach and use.
    pub isolation: Isolation,
    /// The number that every random value was drawn from.
    pub seed: u64,
    /// When the run began (RFC 3339, UTC, milliseconds).
    pub started_at: String,
    /// How long the run took, in milliseconds.
    pub duration_ms: f64,
    /// The language of its titles, messages and hints: `en` or `zh`. (Since 1.2; older reports do not say.)
    #[serde(default)]
    pub lang: Option<String>,
}

/// What graded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Checker {
    /// Always `checker`.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// The exercise that was run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Exercise {
    /// Its id.
    pub id: String,
    /// Its author's version.
    pub version: String,
    /// Its title in the report's language.
    pub title: String,
    /// `sha256:` and 64 hexadecimal digits over the exercise file.
    pub digest: String,
}

/// The submission that was graded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Submission {
    /// The path as it was given, or the address of a server that was running already.
    pub path: String,
    /// What it was taken for, such as `flask`; null if it was not recognised.
    pub kind: Option<String>,
    /// `sha256:` and 64 hexadecimal digits over its files; null if it has none.
    pub digest: Option<String>,
}

/// How a check, or the whole, ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Everything expected came.
    Passed,
    /// Something else came, or nothing.
    Failed,
    /// A check that it requires did not pass. Of checks only.
    Skipped,
    /// It could not be decided, and the submission is not to blame.
    Error,
}

/// The sums of points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Score {
    /// Earned; null if the submission could not be graded and is not to blame.
    pub earned: Option<u32>,
    /// Possible.
    pub possible: u32,
}

/// How many checks ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs, reason = "the names are the verdicts'")]
pub struct Counts {
    pub passed: u32,
    pub failed: u32,
    pub skipped: u32,
    pub error: u32,
}

/// Why a submission as a whole could not be graded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Problem {
    /// `unrecognised`, `empty`, `build_failed`, `exited_early`, `never_listened`, `runtime_missing`,
    /// `isolation_unavailable`, `not_http`, `run_timeout` or `internal`.
    pub code: String,
    /// What happened.
    pub message: String,
    /// What to do next, else null.
    pub hint: Option<String>,
    /// `submission` or `environment`.
    pub blame: String,
}

/// How one check ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Check {
    /// Its id within the exercise.
    pub id: String,
    /// Its title in the report's language.
    pub title: String,
    /// How it ended.
    pub verdict: Verdict,
    /// Its points.
    pub points: Points,
    /// The checks that it requires.
    pub requires: Vec<String>,
    /// For a skipped check, the check that did not pass; else null.
    pub because: Option<String>,
    /// The time that its steps took, in milliseconds.
    pub duration_ms: f64,
    /// What was expected beside what came; of a check that ended with `error`, why its own program could not decide.
    pub mismatches: Vec<Mismatch>,
    /// What to do next, most telling first.
    pub hints: Vec<String>,
    /// The server's own error from its log, if it belongs to this check; else null.
    pub server_error: Option<ServerError>,
    /// What was asked and what came, in order.
    pub exchanges: Vec<Exchange>,
    /// Whether students are not to know what it looks at. (Since 1.2.) The report itself holds everything.
    #[serde(default)]
    pub hidden: bool,
    /// How much of a failure students see. (Since 1.2.)
    #[serde(default)]
    pub visibility: Visibility,
    /// What the check's own program said; left out where a check has none or it was not asked. (Since 1.4.)
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub program: Option<Program>,
}

/// A check's own program, and what it said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Program {
    /// The program and its arguments, as the exercise's author wrote them.
    pub command: Vec<String>,
    /// How it ended; null if it was not started, or was ended because its time was over.
    pub exit: Option<Exit>,
    /// What it wrote to its standard output, capped.
    pub stdout: String,
    /// What it wrote to its standard error, capped.
    pub stderr: String,
}

/// How much of a check's failure students see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Everything.
    #[default]
    Full,
    /// What came, not what was expected.
    Actual,
    /// That it failed.
    None,
}

/// A check's points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Points {
    /// Earned; null if the check ended with `error`.
    pub earned: Option<u32>,
    /// Possible.
    pub possible: u32,
}

/// An expectation beside what came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Mismatch {
    /// The step of the check, counted from 1.
    pub step: usize,
    /// What was looked at: `transport`, `status`, `body`, `elapsed`, `redirect`, `header:NAME`, `cookie:NAME`,
    /// `capture:NAME`, and since 1.4 `json:PATH`, `html:SELECTOR`, `html:SELECTOR@ATTRIBUTE` or `program`.
    pub what: String,
    /// What was expected.
    pub expected: String,
    /// What came.
    pub actual: String,
    /// Both in one sentence.
    pub message: String,
}

/// An error that the server's own log tells of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ServerError {
    /// The submission's file, if the log names one; else null.
    pub file: Option<String>,
    /// The line, counted from 1; else null.
    pub line: Option<u32>,
    /// The function; else null.
    pub function: Option<String>,
    /// The error, such as `NameError: name 'tme' is not defined`.
    pub message: String,
}

/// One request and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Exchange {
    /// The step of the check, counted from 1. Followed redirects and repetitions share their step's number.
    pub step: usize,
    /// Whose cookie jar was used.
    pub client: String,
    /// How long it took, in milliseconds.
    pub elapsed_ms: f64,
    /// The request as it was sent.
    pub request: Request,
    /// The response; null if none came.
    pub response: Option<Response>,
    /// Why no usable response came; else null.
    pub failure: Option<Failure>,
    /// What was expected, in a few words; null if nothing in particular.
    pub expected: Option<String>,
    /// A command line that sends the same request.
    pub curl: String,
}

/// A request as it was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Request {
    /// The method, in capitals.
    pub method: String,
    /// The whole address.
    pub url: String,
    /// Names in lower case and values, in the order they were sent.
    pub headers: Vec<(String, String)>,
    /// The body; null if there was none.
    pub body: Option<String>,
}

/// A response.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Such as `HTTP/1.1`.
    pub version: String,
    /// Names in lower case and values, in the order they came; values are lossy UTF-8.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Body,
}

/// A body, as much of it as a report holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Body {
    /// The text; what did not decode is U+FFFD.
    pub text: String,
    /// How many bytes came.
    pub bytes: usize,
    /// Whether `text` is not all of it.
    pub truncated: bool,
    /// Whether some bytes did not decode. (Since 1.1.)
    #[serde(default)]
    pub lossy: bool,
}

/// Why no usable response came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Failure {
    /// `refused`, `reset`, `closed_early`, `timeout`, `invalid_http`, `too_large`, `redirect_loop` or `blocked`.
    pub code: String,
    /// In words.
    pub message: String,
}

/// The server of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Server {
    /// The command as a person would type it; empty if it was running already.
    pub command: Vec<String>,
    /// `cold`: started by the checker; `warm`: started by it with its libraries imported once for all its processes, or
    /// for a whole cohort (since 1.3); `external`: running already.
    pub start: String,
    /// Where it was asked, `host:port`; null if it never listened.
    pub address: Option<String>,
    /// From the launch to the moment it listened, in milliseconds; null if it never did.
    pub ready_ms: Option<f64>,
    /// How it ended by itself, if it did before the checker ended it; else null.
    pub exit: Option<Exit>,
    /// What it wrote to its standard output, capped.
    pub stdout: String,
    /// What it wrote to its standard error, capped.
    pub stderr: String,
    /// Processes that had left the server's own group and had to be ended one by one.
    pub survivors: usize,
    /// Why it was started cold although a warm start was asked for; left out where it was not. (Since 1.3.)
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cold_because: Option<ColdBecause>,
}

/// Why a server was started cold although a warm start was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ColdBecause {
    /// `not_flask`, `no_reloader`, `own_packages`, `setup`, `isolation`, `python`, `no_flask`, `syntax`, `imports`,
    /// `shadows`, `fault`, or `not_passed`: it was started warm first and did not pass, which only a cold start may say.
    /// In a cohort also `disagreed`: it passed warm, and a cold start made to find that out came to something else; then
    /// all that follow are started cold, `distrusted`. `not_flask` is said of all that no warm start is known for, `no_flask`
    /// of any framework that is not installed.
    pub code: String,
    /// The same in words.
    pub message: String,
}

/// How a process ended by itself: one of the two is not null.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Exit {
    /// Its exit code.
    pub code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
}

/// What the server could not reach and use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Isolation {
    /// `full`: in namespaces of its own, with a file system of its own. `partial`: what a machine offers that refuses
    /// namespaces. `none`: with the rights of the user who ran the checker, or nothing was started.
    pub level: String,
    /// What held, such as `net` for a network of its own.
    pub features: Vec<String>,
    /// What did not hold. Where this machine refused it, with the step and the error.
    pub missing: Vec<String>,
}
