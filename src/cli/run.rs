//! `checker run`: grade one submission.

use std::path::Path;
use std::time::Duration;

use super::args::{Arguments, Asked, Run};
use super::error::Error;
use super::exercises::Source;
use super::format::ReportOptions;
use super::{Ending, isolation, output};
use crate::event::RunEvent;
use crate::exercise::Exercise;
use crate::locale::Catalogue;
use crate::message::Message;
use crate::outcome::Verdict;
use crate::plan::{self, Plan, PlannedCheck, UnknownCheck};
use crate::report::{self, Audience, Folder, Report};
use crate::runner::{self, Interruption, RunError, Starting, Target};
use crate::sandbox;
use crate::server::Scratch;
use crate::submission;

/// How long each setup or build step may take: a compiler on a slow machine, not a download.
pub(super) const BUILD: Duration = Duration::from_secs(180);

/// Grades one submission and writes its reports.
pub(super) fn run(wanted: &Run, arguments: &Arguments, catalogue: &Catalogue) -> Result<Ending, Error> {
    sandbox::close_to_others();
    if wanted.url.is_none() {
        sandbox::start_supervisor_early();
    }
    let plan = plan(&wanted.asked, arguments)?;
    wanted.asked.reports.writable()?;
    let interruption = Interruption::by_signals().map_err(RunError::Machine)?;
    let (target, config) = prepare(wanted, interruption)?;
    let mut teller = Teller::new(&wanted.asked, arguments, catalogue);
    let report = grade(&plan, &target, &config, catalogue, &mut |event| teller.event(event, &plan))?;
    wanted.asked.reports.write(&report, arguments.color.into(), catalogue)?;
    Ok(match report.verdict {
        _ if wanted.exit_zero => Ending::Fine,
        report::Verdict::Passed => Ending::Fine,
        report::Verdict::Error => Ending::NotGraded,
        report::Verdict::Failed | report::Verdict::Skipped => Ending::NotPassed,
    })
}

/// What is asked, with the seed that was named or one of its own.
pub(super) fn plan(asked: &Asked, arguments: &Arguments) -> Result<Plan, Error> {
    let exercise = Source::find(&asked.exercise)?.load(arguments.color.into())?;
    let limits = asked.limits.over(exercise.limits);
    // Short enough to be typed again.
    let seed = asked.seed.unwrap_or_else(|| fastrand::u32(..).into());
    plan::plan(&exercise, &asked.check, limits, seed).map_err(|unknown| no_check(&unknown, &exercise))
}

/// There is no such check in the exercise.
pub(super) fn no_check(unknown: &UnknownCheck, exercise: &Exercise) -> Error {
    let known: Vec<_> = unknown.known.iter().map(|id| format!("`{id}`")).collect();
    let message = Message::new("error-no-check").with("name", unknown.wanted.clone());
    let hint = Message::new("hint-checks").with("names", known.join(", "));
    Error::Usage(message.with("exercise", exercise.id.clone()), Some(hint))
}

/// What is graded and what the run needs for it.
fn prepare(wanted: &Run, interruption: Interruption) -> Result<(Target, runner::Config), Error> {
    if wanted.url.is_none() && !wanted.reference {
        return submitted(wanted.path.as_deref().unwrap_or(Path::new(".")), &wanted.asked, interruption);
    }
    if let Some(url) = &wanted.url {
        let config = config(&wanted.asked, Scratch::none(), interruption);
        return Ok((Target::Running { url: base_url(url)? }, config));
    }
    let config = config(&wanted.asked, scratch()?, interruption);
    let exe = std::env::current_exe().map_err(|error| Error::file("error-read", Path::new("checker"), &error))?;
    let (submission, launch) = submission::reference(exe);
    let (submission, launch) = (Box::new(submission), Box::new(launch));
    Ok((Target::Submission { submission, launch }, config))
}

/// The submission at a path, and what its run needs.
pub(super) fn submitted(
    path: &Path,
    asked: &Asked,
    interruption: Interruption,
) -> Result<(Target, runner::Config), Error> {
    let config = config(asked, scratch()?, interruption);
    let folder = config.scratch.run();
    let options = submission::Options {
        command: asked.launch.command.as_deref(),
        python: asked.launch.python.as_deref(),
        scratch: &folder,
    };
    let found = Target::find(path, &options, asked.launch.setup.as_deref()).map_err(Error::usage)?;
    Ok((found.target, runner::Config { setup: found.setup, ..config }))
}

fn scratch() -> Result<Scratch, Error> {
    Scratch::new().map_err(|error| Error::file("error-write", &std::env::temp_dir(), &error))
}

fn config(asked: &Asked, scratch: Scratch, interruption: Interruption) -> runner::Config {
    runner::Config {
        scratch,
        isolation: asked.launch.isolation.into(),
        starting: if asked.warm { Starting::Warm } else { Starting::Cold(None) },
        port: asked.launch.port,
        setup: None,
        build: BUILD,
        interruption,
        lanes: None,
        alterer: None,
    }
}

/// The address of a running server: scheme, host and port, nothing behind them.
pub(super) fn base_url(text: &str) -> Result<String, Error> {
    let wrong = |id| Err(Error::Usage(Message::new(id).with("url", text), Some(Message::new("hint-url"))));
    let Ok(url) = url::Url::parse(text) else { return wrong("error-url") };
    if url.scheme() != "http" || url.host_str().is_none() {
        return wrong("error-url-scheme");
    }
    if !matches!(url.path(), "" | "/") || url.query().is_some() || !url.username().is_empty() {
        return wrong("error-url-path");
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// Runs the plan, and tells what happens to somebody besides the report.
pub(super) fn grade(
    plan: &Plan,
    target: &Target,
    config: &runner::Config,
    catalogue: &Catalogue,
    also: &mut dyn FnMut(&RunEvent),
) -> Result<Report, RunError> {
    let mut folder = Folder::new(plan, catalogue);
    runner::run(plan, target, config, &mut |event| {
        folder.event(&event);
        also(&event);
    })?;
    Ok(folder.report())
}

/// Says on standard error what a person wants to know while a run goes on.
pub(super) struct Teller<'a> {
    reports: &'a ReportOptions,
    color: anstream::ColorChoice,
    catalogue: &'a Catalogue,
    warned: bool,
}

impl<'a> Teller<'a> {
    pub(super) fn new(asked: &'a Asked, arguments: &Arguments, catalogue: &'a Catalogue) -> Self {
        Self { reports: &asked.reports, color: arguments.color.into(), catalogue, warned: false }
    }

    /// A warning about isolation is told once, progress if it is wanted.
    pub(super) fn event(&mut self, event: &RunEvent, plan: &Plan) {
        if let RunEvent::Isolated(isolation) = event
            && let Some(text) = isolation::reduced(isolation, self.catalogue)
            && !std::mem::replace(&mut self.warned, true)
        {
            output::stderr(&text, self.color);
        }
        if self.reports.verbose
            && !is_withheld(event, plan, self.reports.audience())
            && let Some(line) = progress(event, self.catalogue)
        {
            output::stderr(&format!("{line}\n"), self.color);
        }
    }
}

/// Whether this reader is not to hear of what happened: it names a hidden check.
fn is_withheld(event: &RunEvent, plan: &Plan, audience: Audience) -> bool {
    let RunEvent::CheckFinished(finished) = event else { return false };
    let is_hidden = |planned: &PlannedCheck| planned.check.id == finished.check && planned.check.hidden;
    audience == Audience::Student && plan.checks.iter().any(is_hidden)
}

/// What `-v` says while a run goes on.
fn progress(event: &RunEvent, catalogue: &Catalogue) -> Option<String> {
    let message = match event {
        RunEvent::Started(started) if !started.command.is_empty() && started.cold_because.is_some() => {
            let because = started.cold_because.as_ref()?.message();
            Message::new("progress-cold").with("command", started.command.join(" ")).with("reason", because)
        }
        RunEvent::Started(started) if !started.command.is_empty() => {
            Message::new("progress-started").with("command", started.command.join(" "))
        }
        RunEvent::Building { command } => Message::new("progress-building").with("command", command.join(" ")),
        RunEvent::ServerReady { address, after } => Message::new("progress-ready")
            .with("address", address.to_string())
            .with("milliseconds", after.as_millis().to_string()),
        RunEvent::CheckFinished(finished) => {
            let verdict = match finished.verdict {
                Verdict::Passed => "verdict-word-passed",
                Verdict::Failed => "verdict-word-failed",
                Verdict::Skipped { .. } => "verdict-word-skipped",
                Verdict::Error => "verdict-word-error",
            };
            Message::new("progress-check").with("id", finished.check.0.clone()).with("verdict", Message::new(verdict))
        }
        _ => return None,
    };
    Some(report::safe_line(&catalogue.say(&message)).into_owned())
}
