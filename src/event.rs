//! The only thing that a run says and that reports hear.

use std::net::SocketAddr;
use std::time::Duration;

use crate::exchange::{Exchange, Moment};
use crate::exercise::CheckId;
use crate::hint::ServerError;
use crate::message::Message;
use crate::outcome::{Mismatch, Problem, Verdict};

pub use crate::outcome::Exit;

/// Something that happened in a run, in the order in which it happened.
#[derive(Clone, Debug)]
pub enum RunEvent {
    /// The run begins. Always the first event.
    Started(Box<Started>),
    /// A setup or build step begins.
    Building {
        /// The command as a person would type it.
        command: Vec<String>,
    },
    /// The server was started, and this is what it cannot reach and use. Once for each start.
    Isolated(Isolation),
    /// The server listens. Once for each start; a restart says it again.
    ServerReady {
        /// Where it is asked.
        address: SocketAddr,
        /// From the launch to the moment it listened.
        after: Duration,
    },
    /// A check's first step is about to be asked.
    CheckStarted {
        /// Which check.
        check: CheckId,
    },
    /// A request went out and came to an end.
    ExchangeFinished(Box<StepExchange>),
    /// A check is decided. Each planned check has exactly one of these, also where nothing could be asked.
    CheckFinished(Box<CheckFinished>),
    /// The submission as a whole cannot be graded. At most once, before the checks' ends.
    ProblemFound(Problem),
    /// The server and everything that it started are gone.
    ServerStopped(ServerStopped),
    /// The run is over. Always the last event.
    Finished {
        /// From the first event to this one.
        elapsed: Duration,
    },
}

/// What is known when a run begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Started {
    /// The submission's path as the user gave it, or the address of a running server.
    pub path: String,
    /// The submission's kind as it stands in reports.
    pub kind: Option<&'static str>,
    /// `sha256:…` over the submission's files, if it has files.
    pub digest: Option<String>,
    /// How it is started, as a person would type it; empty where nothing is launched.
    pub command: Vec<String>,
    /// Who starts it.
    pub start: Start,
    /// The clock.
    pub at: Moment,
}

/// What a server cannot reach and use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Isolation {
    /// `full`, `partial` or `none`.
    pub level: &'static str,
    /// What holds, by the names of reports.
    pub features: Vec<&'static str>,
    /// What does not.
    pub missing: Vec<Missing>,
    /// Whether no isolation was wanted, so that nothing is lost.
    pub asked_for_none: bool,
}

/// A means of isolation that did not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Its name in reports.
    pub feature: &'static str,
    /// Which step the machine refused and how; none where it was not asked for.
    pub reason: Option<String>,
    /// What would make the machine grant it, if that is known.
    pub remedy: Option<Message>,
}

/// How the server comes to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// A new process of its own.
    Cold,
    /// It runs already; the checker did not start it.
    External,
}

impl Start {
    /// The name in the report.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cold => "cold",
            Self::External => "external",
        }
    }
}

/// An exchange in its place.
#[derive(Clone, Debug)]
pub struct StepExchange {
    /// The check that it belongs to.
    pub check: CheckId,
    /// The step, counted from 1. Redirects that were followed and repetitions have the number of their step.
    pub step: usize,
    /// What was asked and what came.
    pub exchange: Exchange,
    /// What the step expects, each thing in a few words.
    pub expected: Vec<Message>,
    /// The same request as a command line to try.
    pub curl: String,
}

/// How a check ended and why.
#[derive(Clone, Debug)]
pub struct CheckFinished {
    /// Which check.
    pub check: CheckId,
    /// How it ended.
    pub verdict: Verdict,
    /// What was expected beside what came; empty unless it failed.
    pub mismatches: Vec<Mismatch>,
    /// What to do next, most telling first.
    pub hints: Vec<Message>,
    /// The server's own error, if its log has one that belongs to this check.
    pub server_error: Option<ServerError>,
    /// The time that its steps took, without waiting for other checks.
    pub elapsed: Duration,
}

/// The end of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerStopped {
    /// How it had ended by itself, if it had.
    pub exit: Option<Exit>,
    /// What it wrote to its standard output, capped.
    pub stdout: String,
    /// What it wrote to its standard error, capped.
    pub stderr: String,
    /// Processes that had left the server's own group and had to be found and ended one by one.
    pub survivors: usize,
}
