//! Runs every subject several times, side by side, then a solution with one thing changed at a time.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::find::Subjects;
use super::mutants::{self, Mutants};
use super::subject::Subject;
use super::verdict::Difference;
use crate::cohort::grading::{self, Once, Settings};
use crate::cohort::pool::{self, Next};
use crate::cohort::{IN_FLIGHT, Overlap, SeedPolicy};
use crate::report::{Report, Verdict};
use crate::runner::{Lanes, RunError};

/// What is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    /// How often each subject is run.
    pub repeats: usize,
    /// The seed of the first run; the others follow from it.
    pub seed: u64,
    /// How many runs may be busy at once.
    pub jobs: usize,
    /// Whether runs may go on side by side.
    pub overlap: Overlap,
    /// How many mutations are tried.
    pub mutations: Limit,
}

/// How many of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// At most so many.
    AtMost(usize),
    /// All there are.
    All,
}

/// What is told meanwhile.
#[derive(Clone, Debug)]
pub enum Event<'a> {
    /// So many runs begin.
    Runs(usize),
    /// A run is over.
    Ran {
        /// Whose.
        subject: &'a Subject,
        /// Whether it ended as it should.
        as_expected: bool,
    },
    /// So many mutations begin, and about how long they take.
    Mutations(usize, Duration),
    /// One was tried.
    Mutated,
}

/// Everything that was seen.
#[derive(Debug)]
pub struct Proved {
    /// The runs of each subject, in the order of the subjects.
    pub runs: Vec<Runs>,
    /// What became of the mutations; none if no solution passed or none were wanted.
    pub mutants: Option<Mutants>,
    /// How long it took.
    pub elapsed: Duration,
}

/// The runs of one subject.
#[derive(Debug)]
pub struct Runs {
    /// The subject.
    pub subject: Subject,
    /// Each run's report.
    pub reports: Vec<Report>,
    /// How many were run once more, alone, since load could explain how they ended.
    pub retried: usize,
}

impl Runs {
    /// Whether each run passed everything.
    fn all_passed(&self) -> bool {
        !self.reports.is_empty() && self.reports.iter().all(|report| report.verdict == Verdict::Passed)
    }

    /// How long a run takes on the average, in milliseconds.
    fn time(&self) -> f64 {
        let sum: f64 = self.reports.iter().map(|report| report.duration_ms).sum();
        sum / self.reports.len().max(1) as f64
    }
}

/// Runs it all.
///
/// # Errors
/// If a signal came or the machine cannot run the checker.
pub fn prove(
    subjects: Subjects,
    settings: &Settings,
    order: Order,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<Proved, RunError> {
    let began = Instant::now();
    let workers = match order.overlap {
        Overlap::SideBySide => order.jobs * IN_FLIGHT,
        Overlap::InTurn => 1,
    };
    let room = Room { settings, workers, lanes: (workers > 1).then(|| Lanes::new(order.jobs)) };
    let runs = room.runs(subjects, order, tell)?;
    let best = runs.iter().filter(|runs| runs.subject.role == super::Role::Solution && runs.all_passed());
    let best = best.min_by(|a, b| a.time().total_cmp(&b.time()));
    let mutants = match best {
        Some(best) if order.mutations != Limit::AtMost(0) => {
            Some(mutants::try_all(&room, &best.subject, order, best.time(), tell)?)
        }
        _ => None,
    };
    Ok(Proved { runs, mutants, elapsed: began.elapsed() })
}

/// What runs share.
pub(super) struct Room<'a> {
    pub(super) settings: &'a Settings,
    pub(super) workers: usize,
    pub(super) lanes: Option<Lanes>,
}

/// One run to do.
struct Task<'a> {
    subject: usize,
    repeat: usize,
    lanes: Option<&'a Lanes>,
}

impl Room<'_> {
    fn runs(&self, subjects: Subjects, order: Order, tell: &mut dyn FnMut(Event<'_>)) -> Result<Vec<Runs>, RunError> {
        let Subjects(subjects) = subjects;
        let lanes = self.lanes.as_ref();
        let tasks = (0..order.repeats)
            .flat_map(|repeat| (0..subjects.len()).map(move |subject| Task { subject, repeat, lanes }));
        let tasks: Vec<_> = tasks.collect();
        tell(Event::Runs(tasks.len()));
        let mut reports: Vec<Vec<Option<Report>>> = subjects.iter().map(|_| vec![None; order.repeats]).collect();
        let (mut again, mut retried) = (Vec::new(), vec![0; subjects.len()]);
        let run = |task: &Task<'_>| {
            let settings = seeded(self.settings, order.seed, task.repeat);
            let subject = &subjects[task.subject];
            let once = Once { shown: &subject.name, lanes: task.lanes, alterer: None };
            grading::grade_found(once, &settings, |scratch| subject.target(&settings, scratch), &mut |_| ())
        };
        self.pool(&tasks, self.workers, run, |task, report| {
            let subject = &subjects[task.subject];
            let as_expected = Difference::of(&subject.role, &report).is_none();
            if !as_expected && self.workers > 1 && grading::may_be_load(&report) {
                again.push(Task { lanes: None, ..*task });
                return;
            }
            tell(Event::Ran { subject, as_expected });
            reports[task.subject][task.repeat] = Some(report);
        })?;
        // With nothing beside it: what it does now, it does by itself.
        self.pool(&again, 1, run, |task, report| {
            let subject = &subjects[task.subject];
            retried[task.subject] += 1;
            tell(Event::Ran { subject, as_expected: Difference::of(&subject.role, &report).is_none() });
            reports[task.subject][task.repeat] = Some(report);
        })?;
        let runs = subjects.into_iter().zip(reports).zip(retried);
        let runs = runs.map(|((subject, reports), retried)| Runs {
            subject,
            reports: reports.into_iter().flatten().collect(),
            retried,
        });
        Ok(runs.collect())
    }

    /// Does the work on every item, and ends with the first error.
    pub(super) fn pool<T: Sync, R: Send>(
        &self,
        items: &[T],
        workers: usize,
        work: impl Fn(&T) -> Result<R, RunError> + Sync,
        mut done: impl FnMut(&T, R),
    ) -> Result<(), RunError> {
        let failed = Mutex::new(None);
        let interruption = &self.settings.interruption;
        let work = |item: &T| match interruption.signal() {
            Some(signal) => Err(RunError::Interrupted(signal)),
            None => work(item),
        };
        pool::run(items, workers, work, |item, result| match result {
            Ok(result) => {
                done(item, result);
                Next::Go
            }
            Err(error) => {
                // The first one says why; those after it only follow.
                failed.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
                Next::Stop
            }
        });
        failed.into_inner().unwrap_or_else(PoisonError::into_inner).map_or(Ok(()), Err)
    }
}

/// The settings of this repeat: its seed is the next one.
pub(super) fn seeded(settings: &Settings, seed: u64, repeat: usize) -> Settings {
    let seed = seed.wrapping_add(repeat as u64);
    Settings { seed: SeedPolicy::Fixed(seed), ..settings.clone() }
}
