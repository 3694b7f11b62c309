//! How checks and submissions end: verdicts, mismatches, problems and points.

use crate::exercise::CheckId;
use crate::message::Message;

/// How one check ended. Only `Failed` is the student's doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Everything expected came.
    Passed,
    /// Something else came than was expected, or nothing.
    Failed,
    /// A check that it requires did not pass.
    Skipped {
        /// The check that did not pass.
        because: CheckId,
    },
    /// The checker could not decide; it earns nothing and costs nothing.
    Error,
}

/// An expectation beside what came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// The step of the check, counted from 1.
    pub step: usize,
    /// What was looked at.
    pub what: Aspect,
    /// What was expected, short, as a person would write it.
    pub expected: Message,
    /// What came, short.
    pub actual: Message,
    /// Both in one sentence.
    pub message: Message,
}

/// The part of an exchange that an expectation looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Aspect {
    /// Whether a response came at all.
    Transport,
    /// The status code.
    Status,
    /// A header, by its name in lower case.
    Header(String),
    /// The body.
    Body,
    /// A value of a JSON body, by its path.
    Json(String),
    /// Elements of an HTML body.
    Html {
        /// Which elements.
        selector: String,
        /// The attribute's name; none for the elements and their text.
        attribute: Option<String>,
    },
    /// What a check's program says.
    Program,
    /// A captured text, by its name.
    Capture(String),
    /// A cookie that the response sets, by its name.
    Cookie(String),
    /// How long the exchange took.
    Elapsed,
    /// Where the response redirects to.
    Redirect,
}

impl Aspect {
    /// The name in the report: `status`, `body`, `header:content-type`, `cookie:time`, …
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Transport => "transport".to_owned(),
            Self::Status => "status".to_owned(),
            Self::Header(name) => format!("header:{name}"),
            Self::Body => "body".to_owned(),
            Self::Json(path) => format!("json:{path}"),
            Self::Html { selector, attribute: None } => format!("html:{selector}"),
            Self::Html { selector, attribute: Some(name) } => format!("html:{selector}@{name}"),
            Self::Program => "program".to_owned(),
            Self::Capture(name) => format!("capture:{name}"),
            Self::Cookie(name) => format!("cookie:{name}"),
            Self::Elapsed => "elapsed".to_owned(),
            Self::Redirect => "redirect".to_owned(),
        }
    }
}

/// Why a submission as a whole could not be graded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Which kind of problem.
    pub code: ProblemCode,
    /// Whose doing it is; decides between verdict `failed` and `error`.
    pub blame: Blame,
    /// What happened.
    pub message: Message,
    /// What to do next, where something can be said.
    pub hint: Option<Message>,
}

/// The kinds of problem. The names in the report are in `snake_case`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProblemCode {
    /// Nothing that the checker knows how to start.
    Unrecognised,
    /// No file at all.
    Empty,
    /// The build step failed or took too long.
    BuildFailed,
    /// The program ended before it had answered.
    ExitedEarly,
    /// The program runs, but listens on no port by the start-up deadline.
    NeverListened,
    /// A language or library is not installed on this machine.
    RuntimeMissing,
    /// The isolation that was demanded is not to be had.
    IsolationUnavailable,
    /// The program listens, but what it says is not HTTP.
    NotHttp,
    /// The deadline of the whole run passed.
    RunTimeout,
    /// A fault of the checker itself, or of the machine below it.
    Internal,
}

impl ProblemCode {
    /// Every code, in the order of the documentation.
    pub const ALL: [Self; 10] = [
        Self::Unrecognised,
        Self::Empty,
        Self::BuildFailed,
        Self::ExitedEarly,
        Self::NeverListened,
        Self::RuntimeMissing,
        Self::IsolationUnavailable,
        Self::NotHttp,
        Self::RunTimeout,
        Self::Internal,
    ];

    /// The code's name in the report.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unrecognised => "unrecognised",
            Self::Empty => "empty",
            Self::BuildFailed => "build_failed",
            Self::ExitedEarly => "exited_early",
            Self::NeverListened => "never_listened",
            Self::RuntimeMissing => "runtime_missing",
            Self::IsolationUnavailable => "isolation_unavailable",
            Self::NotHttp => "not_http",
            Self::RunTimeout => "run_timeout",
            Self::Internal => "internal",
        }
    }
}

/// Whose doing a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blame {
    /// The student's: it earns no points.
    Submission,
    /// The machine's or the checker's: it never costs a student points.
    Environment,
}

impl Blame {
    /// The name in the report.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Submission => "submission",
            Self::Environment => "environment",
        }
    }
}

/// How a process ended by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// It returned this code, 0 to 255; by custom 0 is success.
    Code(i32),
    /// This signal ended it.
    Signal(i32),
    /// It was ended because it and its descendants used more memory than they may.
    Memory {
        /// How much they may use, in bytes.
        limit: u64,
    },
}

impl Exit {
    /// Whether the program says that it did what it was asked to.
    #[must_use]
    pub fn success(self) -> bool {
        self == Self::Code(0)
    }
}

/// `exit code 1`, `signal 9`.
impl std::fmt::Display for Exit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Code(code) => write!(f, "exit code {code}"),
            Self::Signal(number) => write!(f, "signal {number}"),
            Self::Memory { limit } => write!(f, "more than {} MB of memory", limit >> 20),
        }
    }
}
