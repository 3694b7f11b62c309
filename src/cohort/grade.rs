//! Grading a cohort: what has no result yet is run, and what comes out is kept.
//!
//! Rounds: everything that nothing is known against, side by side; then what failed in a way that load could explain,
//! one at a time in its busy phases; what then failed on busy processors, each with nothing beside it; and last what
//! may have brought a grader down, each alone.

use std::collections::HashMap;
use std::io;
use std::sync::Mutex;

use super::grading::{self, Settings};
use super::intake::{Attempt, Cohort};
use super::journal::Journal;
use super::load::Reading;
use super::manifest::{Entry, Manifest, Shard};
use super::pool::{self, Next};
use super::store::{Graded, IfThere, Place, Store};
use super::warmth::{Agreement, Warmth};
use crate::message::Message;
use crate::report::{Report, Verdict};
use crate::runner::{Lanes, Probed, RunError, Wanted};

/// How many submissions are in flight for each one that may be busy.
pub(crate) const IN_FLIGHT: usize = 12;

/// What is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    /// How many submissions may be busy at once.
    pub jobs: usize,
    /// Which ones are graded.
    pub which: Which,
    /// The part of the cohort.
    pub shard: Shard,
    /// Whether runs may go on side by side.
    pub overlap: Overlap,
}

/// Whether runs may go on side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlap {
    /// Each run has a network of its own, and every port in it.
    SideBySide,
    /// Two that want the same port would meet: one at a time.
    InTurn,
}

/// Whether runs on this machine, of which this is known, are kept apart well enough to go on side by side.
#[must_use]
pub fn runs_may_overlap(probed: &[Probed], wanted: Wanted) -> Overlap {
    let apart =
        probed.iter().any(|level| matches!(level, Probed::Offered(offered) if offered.features.contains(&"net")));
    match wanted {
        Wanted::Auto | Wanted::Strict if apart => Overlap::SideBySide,
        _ => Overlap::InTurn,
    }
}

/// Which submissions are graded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Those without a result: the new and the changed.
    Changed,
    /// All.
    All,
    /// Those that could not be graded before.
    Errors,
}

/// What is told while a cohort is graded.
#[derive(Clone, Debug)]
pub enum Event<'a> {
    /// Before anything is run.
    Started {
        /// How many will be graded.
        total: usize,
        /// How many have a result already.
        kept: usize,
    },
    /// A submission has a result.
    Graded {
        /// Whose.
        entry: &'a Entry,
        /// The result.
        graded: &'a Graded,
    },
    /// A submission passed when it was started warm, and not when it was started cold. The cold start counts, and from
    /// here on all are started cold.
    Disagreed {
        /// Whose.
        entry: &'a Entry,
    },
    /// A submission will be tried once more, alone.
    Again {
        /// Whose.
        entry: &'a Entry,
    },
}

/// How it ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// How many were graded now.
    pub graded: usize,
    /// How many had a result.
    pub kept: usize,
}

/// Why a cohort was not graded to its end. What has a result has it.
#[derive(Debug)]
pub enum CohortError {
    /// A signal, by its number.
    Interrupted(i32),
    /// A result cannot be written.
    Results(io::Error),
    /// The machine refused something that every run needs.
    Machine(io::Error),
}

impl From<RunError> for CohortError {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Interrupted(signal) => Self::Interrupted(signal),
            RunError::Machine(error) => Self::Machine(error),
            // No run of a cohort is ended by changes.
            RunError::Outdated => Self::Machine(io::Error::other(error.to_string())),
        }
    }
}

/// Grades a shard of the cohort and keeps the results.
///
/// # Errors
/// If a signal came, the disk is full or failed, or the machine cannot run the checker.
pub fn grade(
    cohort: &Cohort,
    manifest: &Manifest,
    settings: &Settings,
    store: &Store,
    order: Order,
    tell: &mut dyn FnMut(Event),
) -> Result<Done, CohortError> {
    store.put_manifest(manifest).map_err(CohortError::Results)?;
    let history = Journal::read(store.folder()).map_err(CohortError::Results)?;
    let journal = Journal::open(store.folder()).map_err(CohortError::Results)?;
    let attempts: HashMap<&str, &Attempt> =
        cohort.entrants.iter().filter_map(|entrant| Some((entrant.key.as_str(), entrant.latest()?))).collect();
    let all: Vec<Work> = manifest
        .slice(order.shard)
        .filter_map(|(_, entry)| Some(Work { entry, attempt: attempts.get(entry.key.as_str())? }))
        .collect();
    let (todo, kept): (Vec<Work>, Vec<Work>) =
        all.into_iter().partition(|work| is_wanted(store, work.entry, order.which));
    let mut done = Done { graded: 0, kept: kept.len() };
    tell(Event::Started { total: todo.len(), kept: kept.len() });
    let past = |work: &Work| history.get(&work.entry.result).copied().unwrap_or_default();
    let (poison, rest): (Vec<_>, Vec<_>) = todo.into_iter().partition(|work| past(work).is_poison(order.overlap));
    let (mut suspects, mut plain): (Vec<_>, Vec<_>) = rest.into_iter().partition(|work| past(work).is_suspect());
    plain.sort_by_key(|work| past(work).was_there());
    // Whoever kills graders from outside again and again should not meet the same one twice.
    suspects.sort_by_key(|work| past(work).deaths_alone());
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let warmth = Warmth::new(settings.seed);
    let room = Room { manifest, settings, store, journal, order, processors, warmth };
    for work in poison {
        let graded = room.set_aside(&work)?;
        done.graded += 1;
        tell(Event::Graded { entry: work.entry, graded: &graded });
    }
    let workers = match order.overlap {
        Overlap::SideBySide => order.jobs * IN_FLIGHT,
        Overlap::InTurn => 1,
    };
    let lanes = (workers > 1).then(|| Lanes::new(order.jobs));
    let trust = if workers > 1 { Trust::Provisional } else { Trust::Final };
    let first = Round { tasks: tasks(&plain), workers, lanes, trust };
    let again = room.round(first, &mut done, tell)?;
    let alone = Round { tasks: again, workers, lanes: Some(Lanes::new(1)), trust: Trust::UnlessBusy };
    let again = room.round(alone, &mut done, tell)?;
    let strictly = Round { tasks: again, workers: 1, lanes: None, trust: Trust::Final };
    room.round(strictly, &mut done, tell)?;
    let last = Round { tasks: tasks(&suspects), workers: 1, lanes: None, trust: Trust::Final };
    room.round(last, &mut done, tell)?;
    Ok(done)
}

/// Whether a submission is graded now.
fn is_wanted(store: &Store, entry: &Entry, which: Which) -> bool {
    match which {
        Which::All => true,
        Which::Changed => store.get(entry).is_none(),
        Which::Errors => store.get(entry).is_some_and(|graded| graded.report.verdict == Verdict::Error),
    }
}

/// A submission to grade.
#[derive(Clone, Copy)]
struct Work<'a> {
    entry: &'a Entry,
    attempt: &'a Attempt,
}

/// A submission to grade now, and what came of it before.
struct Task<'a> {
    work: Work<'a>,
    before: Option<Report>,
}

fn tasks<'a>(all: &[Work<'a>]) -> Vec<Task<'a>> {
    all.iter().map(|work| Task { work: *work, before: None }).collect()
}

/// Submissions that are graded side by side.
struct Round<'a> {
    tasks: Vec<Task<'a>>,
    workers: usize,
    lanes: Option<Lanes>,
    trust: Trust,
}

/// Whether a failure counts that load could explain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trust {
    /// No: there was load.
    Provisional,
    /// Unless it was a slow start and the processors were busy meanwhile: with others that hang and keep a processor
    /// for it, or with other work of this machine.
    UnlessBusy,
    /// Yes: there was nothing beside it.
    Final,
}

/// What one task comes to.
enum Outcome {
    /// It has a result.
    Graded(Box<Graded>),
    /// It has one, and warm starts are not to be trusted.
    Disagreed(Box<Graded>),
    /// It failed in a way that load could explain.
    Again(Box<Report>),
}

/// Everything that the workers share.
struct Room<'a> {
    manifest: &'a Manifest,
    settings: &'a Settings,
    store: &'a Store,
    journal: Journal,
    order: Order,
    processors: usize,
    warmth: Warmth,
}

impl Room<'_> {
    /// Runs a round to its end. Gives what has to be tried again.
    fn round<'w>(
        &self,
        round: Round<'w>,
        done: &mut Done,
        tell: &mut dyn FnMut(Event),
    ) -> Result<Vec<Task<'w>>, CohortError> {
        if round.tasks.is_empty() {
            return Ok(Vec::new());
        }
        let mut again = Vec::new();
        let failed = Mutex::new(None);
        let work = |task: &Task| self.task(task, &round);
        pool::run(&round.tasks, round.workers, work, |task, outcome| match outcome {
            Ok(Outcome::Graded(graded)) => {
                done.graded += 1;
                tell(Event::Graded { entry: task.work.entry, graded: &graded });
                Next::Go
            }
            Ok(Outcome::Disagreed(graded)) => {
                done.graded += 1;
                tell(Event::Disagreed { entry: task.work.entry });
                tell(Event::Graded { entry: task.work.entry, graded: &graded });
                Next::Go
            }
            Ok(Outcome::Again(report)) => {
                tell(Event::Again { entry: task.work.entry });
                // How it did first is what a later try has to be better than.
                again.push(Task { work: task.work, before: Some(task.before.clone().unwrap_or(*report)) });
                Next::Go
            }
            Err(error) => {
                // The first one says why; those after it only follow.
                failed.lock().unwrap_or_else(std::sync::PoisonError::into_inner).get_or_insert(error);
                Next::Stop
            }
        });
        match failed.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner) {
            Some(error) => Err(error),
            None => Ok(again),
        }
    }

    fn task(&self, task: &Task, round: &Round) -> Result<Outcome, CohortError> {
        if let Some(signal) = self.settings.interruption.signal() {
            return Err(CohortError::Interrupted(signal));
        }
        let Work { entry, attempt } = task.work;
        self.journal.start(&entry.result).map_err(CohortError::Results)?;
        let processors = Reading::now();
        let ran = self.warmth.grade(entry, attempt, self.settings, round.lanes.as_ref());
        let (report, agreement) = match ran {
            Ok(ran) => ran,
            Err(error) => {
                if matches!(error, RunError::Interrupted(_)) {
                    self.journal.interrupted(&entry.result).map_err(CohortError::Results)?;
                }
                return Err(error.into());
            }
        };
        let busy = || match round.trust {
            Trust::Provisional => true,
            Trust::UnlessBusy => {
                grading::may_be_slow_start(&report) && Reading::busy_since(processors, self.processors)
            }
            Trust::Final => false,
        };
        if grading::may_be_load(&report) && busy() {
            self.journal.end(&entry.result).map_err(CohortError::Results)?;
            return Ok(Outcome::Again(Box::new(report)));
        }
        let flaky = task.before.as_ref().is_some_and(|before| grading::is_better(&report, before));
        let graded = self.keep(entry, report, flaky)?;
        self.journal.end(&entry.result).map_err(CohortError::Results)?;
        Ok(match agreement {
            Agreement::Supposed => Outcome::Graded(Box::new(graded)),
            Agreement::Refuted => {
                self.warmth.distrust();
                Outcome::Disagreed(Box::new(graded))
            }
        })
    }

    /// Gives a submission that has brought the grader down a result that costs its owner nothing.
    fn set_aside(&self, work: &Work) -> Result<Graded, CohortError> {
        let problem = grading::environment(Message::new("problem-poison"));
        let report = grading::not_graded(&work.attempt.shown, problem, self.settings)?;
        let graded = self.keep(work.entry, report, false)?;
        self.journal.set_aside(&work.entry.result).map_err(CohortError::Results)?;
        Ok(graded)
    }

    fn keep(&self, entry: &Entry, report: Report, flaky: bool) -> Result<Graded, CohortError> {
        let cohort = Place {
            manifest: self.manifest.digest.clone(),
            shard: self.order.shard,
            key: entry.key.clone(),
            result: entry.result.clone(),
            flaky,
        };
        let if_there = if self.order.which == Which::Changed { IfThere::Keep } else { IfThere::Replace };
        self.store.put(entry, Graded { report, cohort }, if_there).map_err(CohortError::Results)
    }
}
