//! The gradebook: everybody of a cohort, and what is known of what they handed in.
//!
//! Graded, could not be graded, not graded yet and missing are four states, and only the first has points: nothing
//! here turns the others into 0.

mod canvas;
mod causes;
mod csv;
mod html;
mod human;
mod json;
mod markdown;
mod moodle;

use std::path::PathBuf;

use super::manifest::{Entry, Handed, Manifest, Who};
use super::store::{Graded, Store};
use crate::report::{Report, Verdict};

pub use self::csv::csv;
pub use canvas::canvas;
pub use causes::{Cluster, causes, identical_answers};
pub use html::{Page, html};
pub use human::human;
pub use json::json;
pub use markdown::markdown;
pub use moodle::{Filled, moodle};

/// Everybody, and how they did.
#[derive(Clone, Debug)]
pub struct Gradebook {
    /// The exercise's id.
    pub exercise: String,
    /// Its title in the reports' language.
    pub title: String,
    /// The points of all checks; none as long as nothing is graded.
    pub possible: Option<u32>,
    /// The checks, in the exercise's order.
    pub checks: Vec<Column>,
    /// Who handed in, in the manifest's order, then who is missing, in the roster's.
    pub rows: Vec<Row>,
}

/// One check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its points.
    pub possible: u32,
}

/// One submission, or somebody who handed nothing in.
#[derive(Clone, Debug)]
pub struct Row {
    /// The entrant's key; empty for whoever is missing.
    pub key: String,
    /// The people.
    pub people: Vec<Who>,
    /// All that they handed in, oldest first.
    pub attempts: Vec<Handed>,
    /// What is known.
    pub state: State,
    /// Where the report lies, relative to the folder of results.
    pub place: Option<PathBuf>,
    /// Which of the folders of results that is.
    pub store: usize,
}

/// What is known of a submission.
#[derive(Clone, Debug)]
pub enum State {
    /// It has its points.
    Graded(Box<Graded>),
    /// It could not be graded, and is not to blame.
    NotGraded(Box<Graded>),
    /// It has no result yet.
    Waiting,
    /// Nothing was handed in.
    Missing,
}

impl State {
    /// The state's name for machines.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Graded(_) => "graded",
            Self::NotGraded(_) => "not_graded",
            Self::Waiting => "waiting",
            Self::Missing => "missing",
        }
    }

    /// The result, if there is one.
    #[must_use]
    pub fn result(&self) -> Option<&Graded> {
        match self {
            Self::Graded(graded) | Self::NotGraded(graded) => Some(graded),
            Self::Waiting | Self::Missing => None,
        }
    }

    /// The report, if there is one.
    #[must_use]
    pub fn report(&self) -> Option<&Report> {
        self.result().map(|graded| &graded.report)
    }

    /// The points, of what was graded alone.
    #[must_use]
    pub fn earned(&self) -> Option<u32> {
        match self {
            Self::Graded(graded) => graded.report.score.earned,
            _ => None,
        }
    }
}

/// How many are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Every check passed.
    pub passed: usize,
    /// Graded, and something did not pass.
    pub failed: usize,
    /// Could not be graded.
    pub not_graded: usize,
    /// Not graded yet.
    pub waiting: usize,
    /// Handed nothing in.
    pub missing: usize,
}

impl Gradebook {
    /// The gradebook of a manifest, with the results that the stores have; the first store that has one counts.
    #[must_use]
    pub fn new(manifest: &Manifest, stores: &[Store]) -> Self {
        let found =
            |entry: &Entry| stores.iter().enumerate().find_map(|(number, store)| Some((number, store.get(entry)?)));
        Self::with(manifest, found)
    }

    /// The same with results from elsewhere.
    #[must_use]
    pub fn with(manifest: &Manifest, found: impl Fn(&Entry) -> Option<(usize, Graded)>) -> Self {
        let handed_in = manifest.entries.iter().map(|entry| {
            let (store, graded) = found(entry).unzip();
            let (store, place) = (store.unwrap_or_default(), graded.as_ref().map(|_| Store::place(entry)));
            let state = match graded.map(|graded| Box::new(without_traffic(graded))) {
                None => State::Waiting,
                Some(graded) if graded.report.score.earned.is_none() => State::NotGraded(graded),
                Some(graded) => State::Graded(graded),
            };
            let Entry { key, people, attempts, .. } = entry.clone();
            Row { key, people, attempts, state, place, store }
        });
        let missing = manifest.missing.iter().map(|who| Row {
            key: String::new(),
            people: vec![who.clone()],
            attempts: Vec::new(),
            state: State::Missing,
            place: None,
            store: 0,
        });
        let rows: Vec<Row> = handed_in.chain(missing).collect();
        let any = rows.iter().find_map(|row| row.state.report());
        let column = |check: &crate::report::Check| Column {
            id: check.id.clone(),
            title: check.title.clone(),
            possible: check.points.possible,
        };
        Self {
            exercise: manifest.exercise.clone(),
            title: any.map_or_else(|| manifest.exercise.clone(), |report| report.exercise.title.clone()),
            possible: any.map(|report| report.score.possible),
            checks: any.map(|report| report.checks.iter().map(column).collect()).unwrap_or_default(),
            rows,
        }
    }

    /// How many are in which state.
    #[must_use]
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for row in &self.rows {
            match &row.state {
                State::Graded(graded) if graded.report.verdict == Verdict::Passed => tally.passed += 1,
                State::Graded(_) => tally.failed += 1,
                State::NotGraded(_) => tally.not_graded += 1,
                State::Waiting => tally.waiting += 1,
                State::Missing => tally.missing += 1,
            }
        }
        tally
    }
}

impl Row {
    /// The names, as people write them.
    #[must_use]
    pub fn name(&self) -> String {
        let names: Vec<_> = self.people.iter().map(|who| who.name.as_str()).collect();
        names.join(", ")
    }

    /// Whether what counts was late.
    #[must_use]
    pub fn is_late(&self) -> bool {
        self.attempts.last().is_some_and(|handed| handed.late)
    }

    /// Whether it did better alone than beside others.
    #[must_use]
    pub fn is_flaky(&self) -> bool {
        self.state.result().is_some_and(|graded| graded.cohort.flaky)
    }

    /// How a check ended, in one word for machines; empty if that is not known.
    #[must_use]
    pub fn verdict_of(&self, check: &str) -> &'static str {
        let found = self.state.report().and_then(|report| report.checks.iter().find(|found| found.id == check));
        found.map_or("", |found| verdict(found.verdict))
    }

    /// Why it did not pass, in one sentence: what the first check that failed says.
    #[must_use]
    pub fn cause(&self) -> Option<String> {
        causes::cause(self.state.report()?).map(|cause| cause.said)
    }
}

/// A result without what makes it large: a gradebook holds a hundred thousand of them at once and shows no exchange.
fn without_traffic(mut graded: Graded) -> Graded {
    graded.report.server = None;
    graded.report.checks.iter_mut().for_each(|check| check.exchanges = Vec::new());
    graded
}

/// A verdict's name for machines.
pub(super) const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Passed => "passed",
        Verdict::Failed => "failed",
        Verdict::Skipped => "skipped",
        Verdict::Error => "error",
    }
}

#[cfg(test)]
mod tests;
