//! Grading one submission of a cohort.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::intake::Attempt;
use super::manifest::SeedPolicy;
use crate::client::Alterer;
use crate::event::{RunEvent, Start};
use crate::exercise::{Exercise, Lang, Limits};
use crate::locale::Catalogue;
use crate::message::Message;
use crate::outcome::{Blame, Problem, ProblemCode};
use crate::plan::{self, Plan, UnknownCheck};
use crate::report::{Folder, Report, Verdict};
use crate::runner::{self, Found, Interruption, Lanes, RunError, Starting, Target, Wanted};
use crate::server::Scratch;
use crate::submission;

/// How every submission of a cohort is graded.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What is asked of them.
    pub exercise: Exercise,
    /// The checks asked for; empty for all.
    pub checks: Vec<String>,
    /// How long things may take.
    pub limits: Limits,
    /// Where random values come from.
    pub seed: SeedPolicy,
    /// `--command`.
    pub command: Option<String>,
    /// `--setup`.
    pub setup: Option<String>,
    /// `--port`.
    pub port: Option<u16>,
    /// `--python`.
    pub python: Option<PathBuf>,
    /// `--isolation`.
    pub isolation: Wanted,
    /// How programs are started.
    pub starting: Starting,
    /// How long each setup or build step may take.
    pub build: Duration,
    /// The language of the reports.
    pub lang: Lang,
    /// Ends everything before its time.
    pub interruption: Interruption,
}

impl Settings {
    /// What is asked, with the run's own seed.
    ///
    /// # Errors
    /// If a check is asked for that the exercise does not have.
    pub fn plan(&self) -> Result<Plan, UnknownCheck> {
        let seed = match self.seed {
            SeedPolicy::Fixed(seed) => seed,
            // Short enough to be typed again.
            SeedPolicy::Own => fastrand::u32(..).into(),
        };
        plan::plan(&self.exercise, &self.checks, self.limits, seed)
    }
}

/// One run among others.
pub(crate) struct Once<'a> {
    /// What the submission is called in the report.
    pub(crate) shown: &'a str,
    /// The processor shared with the runs beside it.
    pub(crate) lanes: Option<&'a Lanes>,
    /// What changes the server's answers.
    pub(crate) alterer: Option<Alterer>,
}

/// Grades what was handed in. A fault of the checker's own becomes a report too, with verdict `error`.
pub(super) fn grade(attempt: &Attempt, settings: &Settings, lanes: Option<&Lanes>) -> Result<Report, RunError> {
    let once = Once { shown: &attempt.shown, lanes, alterer: None };
    grade_found(once, settings, |scratch| find(&attempt.path, settings, scratch), &mut |_| ())
}

/// Grades what is found, given a folder for build outputs, and tells what happens.
pub(crate) fn grade_found(
    once: Once<'_>,
    settings: &Settings,
    find: impl FnOnce(&Path) -> Found,
    tell: &mut dyn FnMut(&RunEvent),
) -> Result<Report, RunError> {
    let scratch = Scratch::new().map_err(RunError::Machine)?;
    let shown = once.shown;
    let run = || {
        let found = find(&scratch.run());
        let target = found.target.shown_as(shown);
        run(&target, found.setup, settings, once, scratch, tell)
    };
    // The panic was told where it happened; a hostile submission may have led to it.
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| {
        let problem = environment(Message::new("problem-internal").with("detail", "panic"));
        not_graded(shown, problem, settings)
    })
}

/// The report of a submission that is not run, for a reason that it is not to blame for.
pub(super) fn not_graded(shown: &str, problem: Problem, settings: &Settings) -> Result<Report, RunError> {
    let target = Target::Unlaunched { path: shown.to_owned(), submission: None, problem };
    let once = Once { shown, lanes: None, alterer: None };
    run(&target, None, settings, once, Scratch::new().map_err(RunError::Machine)?, &mut |_| ())
}

/// A problem that costs nobody points.
pub(crate) fn environment(message: Message) -> Problem {
    Problem { code: ProblemCode::Internal, blame: Blame::Environment, message, hint: None }
}

/// The submission at a path that was there a moment ago.
pub(crate) fn find(path: &Path, settings: &Settings, scratch: &Path) -> Found {
    let options =
        submission::Options { command: settings.command.as_deref(), python: settings.python.as_deref(), scratch };
    Target::find(path, &options, settings.setup.as_deref()).unwrap_or_else(|message| {
        // The path was taken in a moment ago: whatever is wrong with it now is not the student's doing.
        let target = Target::Unlaunched { path: String::new(), submission: None, problem: environment(message) };
        Found { target, setup: None }
    })
}

fn run(
    target: &Target,
    setup: Option<submission::Program>,
    settings: &Settings,
    once: Once<'_>,
    scratch: Scratch,
    tell: &mut dyn FnMut(&RunEvent),
) -> Result<Report, RunError> {
    let plan = settings.plan().map_err(|unknown| RunError::Machine(std::io::Error::other(unknown.wanted)))?;
    let catalogue = Catalogue::new(settings.lang);
    let mut folder = Folder::new(&plan, &catalogue);
    let config = runner::Config {
        scratch,
        isolation: settings.isolation,
        starting: settings.starting.clone(),
        port: settings.port,
        setup,
        build: settings.build,
        interruption: settings.interruption.clone(),
        lanes: once.lanes.cloned(),
        alterer: once.alterer,
    };
    runner::run(&plan, target, &config, &mut |event| {
        folder.event(&event);
        tell(&event);
    })?;
    Ok(folder.report())
}

/// Whether load could be why this submission did not pass: a connection that broke, or time that ran out. A wrong
/// answer is one whatever else goes on.
pub(crate) fn may_be_load(report: &Report) -> bool {
    let problem = report.problem.as_ref().map(|problem| problem.code.as_str());
    let slow = matches!(problem, Some("never_listened" | "run_timeout" | "not_http"));
    let broken = report
        .checks
        .iter()
        .any(|check| check.mismatches.iter().any(|mismatch| matches!(mismatch.what.as_str(), "transport" | "elapsed")));
    slow || broken
}

/// Whether a busy processor alone could be why: the program was not ready in time. Loading is what takes processor
/// time; one that loaded and then does not answer waits for something else.
pub(super) fn may_be_slow_start(report: &Report) -> bool {
    let problem = report.problem.as_ref().map(|problem| problem.code.as_str());
    matches!(problem, Some("never_listened" | "run_timeout"))
}

/// Whether a submission passed when it was started warm.
pub(super) fn was_warm(report: &Report) -> bool {
    report.server.as_ref().is_some_and(|server| server.start == Start::Warm.name())
}

/// Whether two gradings of a submission come to the same.
pub(super) fn agree(one: &Report, other: &Report) -> bool {
    let outcome = |report: &Report| {
        let checks = report.checks.iter().map(|check| (check.id.clone(), check.verdict)).collect::<Vec<_>>();
        (report.verdict, checks)
    };
    outcome(one) == outcome(other)
}

/// Whether a submission did better alone than beside others.
pub(super) fn is_better(alone: &Report, before: &Report) -> bool {
    let passed = |report: &Report| report.checks.iter().filter(|check| check.verdict == Verdict::Passed).count();
    passed(alone) > passed(before)
}
