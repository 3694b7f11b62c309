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
    /// Why it is started cold although a warm start was asked for; none where it was not, or where it is warm.
    pub cold_because: Option<ColdBecause>,
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
    /// The same, with what it imports imported once for all of its processes.
    Warm,
    /// It runs already; the checker did not start it.
    External,
}

impl Start {
    /// The name in the report.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cold => "cold",
            Self::Warm => "warm",
            Self::External => "external",
        }
    }
}

/// Why a program is started cold although a warm start was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColdBecause {
    /// It is of no framework that can be imported before it, or is started in another way than those do. (The name is from
    /// when there was one.)
    NotFlask,
    /// It starts once, and would gain nothing: nothing in it speaks of Flask's debug mode or reloader.
    NoReloader,
    /// It brings packages of its own, or names those that it needs, in this file or folder.
    OwnPackages(String),
    /// A setup command runs before it, and may install anything.
    Setup,
    /// What it writes would not be thrown away on this machine, so that a second start would find it.
    Isolation,
    /// This version of Python cannot do it.
    Python(String),
    /// Its framework is not installed for this Python, or this module that goes with it is not.
    NoFlask(String),
    /// It cannot be read as Python.
    Syntax,
    /// This comes before the framework is imported, and could change what it finds.
    Imports(String),
    /// This file or folder of the submission would be imported instead of a library's module.
    Shadows(String),
    /// The warm start itself failed.
    Fault(String),
    /// It was started warm and did not pass; only a cold start may say so.
    NotPassed,
    /// It passed when it was started warm, and a cold start, made to find that out, came to something else.
    Disagreed,
    /// A warm and a cold start of another submission of its cohort came to different ends.
    Distrusted,
}

impl ColdBecause {
    /// The name in the report.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotFlask => "not_flask",
            Self::NoReloader => "no_reloader",
            Self::OwnPackages(_) => "own_packages",
            Self::Setup => "setup",
            Self::Isolation => "isolation",
            Self::Python(_) => "python",
            Self::NoFlask(_) => "no_flask",
            Self::Syntax => "syntax",
            Self::Imports(_) => "imports",
            Self::Shadows(_) => "shadows",
            Self::Fault(_) => "fault",
            Self::NotPassed => "not_passed",
            Self::Disagreed => "disagreed",
            Self::Distrusted => "distrusted",
        }
    }

    /// The reason in words.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::NotFlask => Message::new("cold-not-flask"),
            Self::NoReloader => Message::new("cold-no-reloader"),
            Self::OwnPackages(name) => Message::new("cold-own-packages").with("name", name.clone()),
            Self::Setup => Message::new("cold-setup"),
            Self::Isolation => Message::new("cold-isolation"),
            Self::Python(version) => Message::new("cold-python").with("version", version.clone()),
            Self::NoFlask(name) => Message::new("cold-no-flask").with("name", name.clone()),
            Self::Syntax => Message::new("cold-syntax"),
            Self::Imports(name) => Message::new("cold-imports").with("name", name.clone()),
            Self::Shadows(name) => Message::new("cold-shadows").with("name", name.clone()),
            Self::Fault(detail) => Message::new("cold-fault").with("detail", detail.clone()),
            Self::NotPassed => Message::new("cold-not-passed"),
            Self::Disagreed => Message::new("cold-disagreed"),
            Self::Distrusted => Message::new("cold-distrusted"),
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
    /// What was expected beside what came; empty unless it failed, or its own program could not decide.
    pub mismatches: Vec<Mismatch>,
    /// What to do next, most telling first.
    pub hints: Vec<Message>,
    /// The server's own error, if its log has one that belongs to this check.
    pub server_error: Option<ServerError>,
    /// What its own program said, if it has one that was asked.
    pub program: Option<ProgramRun>,
    /// The time that its steps took, without waiting for other checks.
    pub elapsed: Duration,
}

/// A check's own program, and what it said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramRun {
    /// As its author wrote it.
    pub command: Vec<String>,
    /// How it ended; none if it was not started, or ended because its time was over.
    pub exit: Option<Exit>,
    /// What it wrote to its standard output, capped.
    pub stdout: String,
    /// What it wrote to its standard error, capped.
    pub stderr: String,
    /// How long it ran.
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
