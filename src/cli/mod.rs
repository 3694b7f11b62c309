//! The command line: arguments, commands, exit codes. The only code that prints.

mod args;
mod cluster;
mod cohort_args;
mod doctor;
mod engine;
mod error;
mod exercises;
mod format;
mod github;
mod grade;
mod gradebook;
mod isolation;
mod keeper;
mod language;
mod lesson;
mod manual;
mod merge;
mod new_exercise;
mod output;
mod progress;
mod prove_args;
mod prove_progress;
mod report;
mod run;
mod similar;
mod validate;
mod watch;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser as _;

use crate::locale::Catalogue;
use crate::sandbox;

/// The hidden first argument that makes this binary the reference server.
pub(crate) const REFERENCE_SERVER: &str = "__reference-server";

/// How a command ended, for pipelines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Every check passed, or the command did what it was asked.
    Fine,
    /// Graded, and at least one check did not pass.
    NotPassed,
    /// Wrong usage, or an exercise file that does not hold.
    Usage,
    /// Could not grade, and the submission is not to blame.
    NotGraded,
    /// A signal of this number ended the run.
    Interrupted(i32),
}

impl Ending {
    /// How another process of this binary ended, by its exit code.
    fn of_code(code: i32) -> Self {
        match code {
            0 => Self::Fine,
            1 => Self::NotPassed,
            2 => Self::Usage,
            129.. => Self::Interrupted(code - 128),
            _ => Self::NotGraded,
        }
    }
}

/// Which part of a command that takes two processes this one has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// The one that was typed. It stays, whatever becomes of the other.
    Keeper,
    /// The one that does the work.
    Kept,
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        match ending {
            Ending::Fine => Self::SUCCESS,
            Ending::NotPassed => Self::from(1),
            Ending::Usage => Self::from(2),
            Ending::NotGraded => Self::from(3),
            // As shells do: 130 after Ctrl-C.
            Ending::Interrupted(signal) => Self::from(u8::try_from(128 + signal).unwrap_or(255)),
        }
    }
}

/// Runs the program: reads the arguments, does what they ask, says how it ended.
///
/// Two hidden first arguments come before everything else, so that the processes they stand for start as
/// fast as they can: the supervisor of a submission, and the reference server.
#[must_use]
pub fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    match arguments.next() {
        Some(first) if first == sandbox::SUPERVISE => return sandbox::supervisor_main(),
        Some(first) if first == REFERENCE_SERVER => return reference_server::main_with(arguments),
        Some(first) if first == keeper::KEPT => return kept(arguments),
        _ => {}
    }
    parse_and_do(std::env::args_os(), Role::Keeper)
}

/// A grader that a keeper has started: its process id, then the command line as it was typed.
fn kept(mut arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let keeper = arguments.next().and_then(|pid| pid.to_str()?.parse().ok());
    if !keeper.is_some_and(sandbox::begin_again) {
        return Ending::NotGraded.into();
    }
    parse_and_do(std::env::args_os().take(1).chain(arguments), Role::Kept)
}

fn parse_and_do(arguments: impl Iterator<Item = OsString>, role: Role) -> ExitCode {
    let arguments = match args::Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error),
    };
    // A fault of the checker's own must never look like the submission's; unwinding ends the server first.
    let ending = std::panic::catch_unwind(|| command(&arguments, role)).unwrap_or(Ending::NotGraded);
    sandbox::wait_for_supervisors();
    ending.into()
}

fn command(arguments: &args::Arguments, role: Role) -> Ending {
    let catalogue = Catalogue::new(language::language(arguments.lang));
    let ended = match &arguments.command {
        args::Command::Run(run) => run::run(run, arguments, &catalogue),
        args::Command::Watch(wanted) => watch::watch(wanted, arguments, &catalogue),
        args::Command::Grade(wanted) => grade::grade(wanted, arguments, &catalogue, role),
        args::Command::Validate(wanted) => validate::validate(wanted, arguments, &catalogue),
        args::Command::Merge(wanted) => merge::merge(wanted, arguments, &catalogue),
        args::Command::Lesson(wanted) => lesson::lesson(wanted, arguments, &catalogue),
        args::Command::Similar(wanted) => similar::similar(wanted, arguments, &catalogue),
        args::Command::Cluster(wanted) => cluster::cluster(wanted, arguments, &catalogue),
        args::Command::Report(wanted) => report::report(wanted, arguments, &catalogue),
        args::Command::Exercises(exercises) => exercises::exercises(exercises, arguments, &catalogue),
        args::Command::Doctor(doctor) => doctor::doctor(doctor, arguments, &catalogue),
        args::Command::Completions { shell } => manual::completions(*shell),
        args::Command::Man { command } => manual::man(command.as_deref()),
    };
    ended.unwrap_or_else(|error| error.tell(&catalogue, arguments.color.into()))
}

/// Help and version are no errors; wrong usage is exit code 2, which is clap's own too.
fn usage(error: &clap::Error) -> ExitCode {
    // Nobody is there to read it if even this cannot be printed.
    let _ = error.print();
    if error.use_stderr() { Ending::Usage.into() } else { Ending::Fine.into() }
}
