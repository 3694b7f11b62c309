//! Hints: from evidence (exchanges, the server's log, the submission's own text) to what to do next.
//!
//! Pure: it is given data and gives [`Message`]s. Every classic mistake that it recognises has a fixture in
//! `fixtures/submissions/wrong/`, named beside its hint in `fixtures/submissions/wrong.toml`.
//!
//! One file a family of mistakes, each a list of small functions from the evidence to a hint, the most telling first:
//! [`explain`] asks them in turn. A false hint is worse than none: where the evidence is thin, the hint says what was
//! seen and the next step, no more. `trace` reads errors in logs, `sources` the submission's own text.

mod build;
mod case;
mod clock;
mod cookies;
mod errors;
mod explain;
mod json;
mod modules;
mod none;
mod ports;
mod routes;
mod server_error;
mod sources;
mod startup;
mod syntax;
#[cfg(test)]
mod tests;
mod trace;
mod transport;
mod unset;
mod values;

use crate::event::{Exit, ProgramRun, StepExchange};
use crate::exchange::Exchange;
use crate::exercise::{Check, RequestStep};
use crate::judge::Scope;
use crate::message::Message;
use crate::outcome::{Mismatch, Problem};
use crate::source::SourceFile;

/// What is known of the program that is graded.
#[derive(Clone, Copy, Debug)]
pub struct Program<'a> {
    /// The submission's kind as it stands in reports, such as `flask`; none for a server that was running already.
    pub kind: Option<&'static str>,
    /// The absolute folder of the submission, to shorten paths in logs; empty if there is none.
    pub root: &'a str,
    /// Its source files, possibly none.
    pub sources: &'a [SourceFile],
}

/// What a program wrote, during one step or from its start.
#[derive(Clone, Copy, Debug, Default)]
pub struct Log<'a> {
    /// To its standard output.
    pub stdout: &'a str,
    /// To its standard error.
    pub stderr: &'a str,
}

/// Everything that can explain why a step failed.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// The program.
    pub program: Program<'a>,
    /// The check that failed.
    pub check: &'a Check,
    /// The step that failed, counted from 1.
    pub step: usize,
    /// The step as its author scripted it.
    pub scripted: &'a RequestStep,
    /// What its places stood for.
    pub scope: &'a Scope,
    /// The exchange that was judged.
    pub exchange: &'a Exchange,
    /// What was expected beside what came. Never empty.
    pub mismatches: &'a [Mismatch],
    /// Every earlier exchange of the run, this check's and others', oldest first.
    pub history: &'a [StepExchange],
    /// What the program wrote between the request and the end of the exchange.
    pub log: Log<'a>,
    /// What the program wrote from its start until now, including `log`.
    pub whole_log: Log<'a>,
    /// How the program has ended meanwhile, if it has.
    pub exit: Option<Exit>,
}

/// Why a step failed, as far as the evidence shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Explanation {
    /// The server's own error.
    pub server_error: Option<ServerError>,
    /// What to do next, most telling first; at most two.
    pub hints: Vec<Message>,
}

/// An error that the server's own log tells of, at a line of the submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerError {
    /// The file, relative to the submission; none if the log names none of the submission's own.
    pub file: Option<String>,
    /// The line, counted from 1.
    pub line: Option<u32>,
    /// The function, if the log names it.
    pub function: Option<String>,
    /// The error, such as `NameError: name 'tme' is not defined`.
    pub message: String,
}

/// Explains why a step failed: the server's own error, and the classic mistake that the evidence shows.
///
/// The author's hints come first; then the checker's own.
#[must_use]
pub fn explain(evidence: &Evidence) -> Explanation {
    explain::explain(evidence)
}

/// Whether a program's log tells of a port that another program holds.
#[must_use]
pub fn tells_of_a_taken_port(log: &Log) -> bool {
    ports::told_in(log)
}

/// Explains why a check's own program is not content: what the author says to its output, and the server's own error.
#[must_use]
pub fn explain_program(check: &Check, program: Program, run: &ProgramRun, log: Log) -> Explanation {
    explain::program(check, program, run, log)
}

/// The problem of a program that ended before it had answered.
///
/// A library that this machine lacks is the environment's fault (`runtime_missing`), and so is a port that
/// another program holds: `holders` are the programs that listen on ports of the machine now, as
/// `(port, what a person would call it)`.
#[must_use]
pub fn exited_early(program: Program, exit: Exit, log: Log, holders: &[(u16, String)]) -> Problem {
    startup::exited_early(program, exit, log, holders)
}

/// The problem of a program that runs but listens nowhere by the start-up deadline.
#[must_use]
pub fn never_listened(program: Program, log: Log, seconds: u64) -> Problem {
    startup::never_listened(program, log, seconds)
}

/// The problem of a program that listens but does not speak HTTP; `address` is where it was asked.
#[must_use]
pub fn not_http(program: Program, log: Log, address: &str) -> Problem {
    startup::not_http(program, log, address)
}

/// How a setup or build step failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BuildFailure {
    /// It ended with an error.
    Ended(Exit),
    /// It took longer than this many seconds.
    TimedOut(u64),
}

/// The problem of a submission whose setup or build step failed.
///
/// A missing library that the submission declares (`Cargo.toml`, `go.mod`) and this machine does not have
/// is the environment's fault.
#[must_use]
pub fn build_failed(program: Program, command: &str, failure: BuildFailure, log: Log) -> Problem {
    build::failed(program, command, failure, log)
}
