//! Two visits to a server, each with cookies of its own.

use std::path::PathBuf;

use crate::cohort::grading::{self, Once, Settings};
use crate::event::RunEvent;
use crate::exchange::Exchange;
use crate::exercise::draft::{Draft, DraftCheck, DraftGet, DraftStep};
use crate::exercise::file;
use crate::outcome::Blame;
use crate::report::{Report, Verdict};
use crate::runner::{Found, RunError, Target};

/// What stands between the two visits, so that a time to the second differs.
const PAUSE: &str = "1100ms";
/// The clients of both.
const CLIENTS: [&str; 2] = ["first", "second"];

/// The server that is visited.
#[derive(Clone, Debug)]
pub enum Server {
    /// It runs already, at this address.
    Running(String),
    /// It is launched, as a submission.
    Launched(PathBuf),
}

/// What came of the visits.
#[derive(Debug)]
pub struct Recorded {
    /// What the first visitor got, path by path.
    pub first: Vec<Exchange>,
    /// What the second one got.
    pub second: Vec<Exchange>,
}

/// Why a server could not be visited.
#[derive(Debug)]
pub enum RecordError {
    /// It cannot be started, or does not answer: why, and whose doing it is.
    NotVisited(String, Blame),
    /// A signal came, or the machine refused.
    Run(RunError),
}

impl Server {
    /// What is run, and what it is called.
    pub(super) fn grade(&self, settings: &Settings, tell: &mut dyn FnMut(&RunEvent)) -> Result<Report, RunError> {
        let shown = match self {
            Self::Running(url) => url.clone(),
            Self::Launched(path) => path.display().to_string(),
        };
        let once = Once { shown: &shown, lanes: None, alterer: None };
        let find = |scratch: &std::path::Path| match self {
            Self::Running(url) => Found { target: Target::Running { url: url.clone() }, setup: None },
            Self::Launched(path) => grading::find(path, settings, scratch),
        };
        grading::grade_found(once, settings, find, tell)
    }
}

/// Visits the paths in order, twice.
///
/// # Errors
/// If the server cannot be started or a path gets no answer.
pub fn record(server: &Server, paths: &[String], settings: &Settings) -> Result<Recorded, RecordError> {
    let visits = |client: &'static str| {
        paths.iter().map(move |path| {
            let client = Some(client.to_owned());
            DraftStep::Get(Box::new(DraftGet { path: path.clone(), client, ..DraftGet::default() }))
        })
    };
    let steps = visits(CLIENTS[0]).chain([DraftStep::Wait(PAUSE)]).chain(visits(CLIENTS[1])).collect();
    let visit = || "visit".to_owned();
    let check = DraftCheck { id: visit(), title: visit(), requires: Vec::new(), steps };
    let text = file::write(&Draft { id: visit(), title: visit(), checks: vec![check] }, "");
    let exercise = file::parse(&text).map_err(|wrong| {
        let why = wrong.into_iter().map(|diagnostic| diagnostic.message).collect::<Vec<_>>().join("; ");
        RecordError::NotVisited(why, Blame::Submission)
    })?;
    let settings = Settings { exercise, ..settings.clone() };
    let mut exchanges = Vec::new();
    let report = server.grade(&settings, &mut |event| {
        if let RunEvent::ExchangeFinished(told) = event {
            exchanges.push((told.step, told.exchange.clone()));
        }
    });
    let report = report.map_err(RecordError::Run)?;
    if report.verdict != Verdict::Passed {
        return Err(not_visited(&report));
    }
    // A first request may be sent again while a server starts; what counts is the last exchange of each step.
    exchanges.reverse();
    exchanges.dedup_by_key(|(step, _)| *step);
    exchanges.reverse();
    let mut of = CLIENTS.map(|client| {
        exchanges.iter().map(|(_, exchange)| exchange).filter(|exchange| exchange.client.0 == client).cloned().collect()
    });
    Ok(Recorded { first: std::mem::take(&mut of[0]), second: std::mem::take(&mut of[1]) })
}

fn not_visited(report: &Report) -> RecordError {
    let blame = if report.verdict == Verdict::Error { Blame::Environment } else { Blame::Submission };
    let problem = report.problem.as_ref().map(|problem| problem.message.clone());
    let mismatch = report.checks.iter().flat_map(|check| &check.mismatches).next();
    let why = problem.or_else(|| mismatch.map(|mismatch| mismatch.message.clone())).unwrap_or_default();
    RecordError::NotVisited(why, blame)
}
