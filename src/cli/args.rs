//! The arguments. Every option's help says its default.

use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

use super::cohort_args::{Cluster, Grade, Merge, Similar};
use super::format::ReportOptions;
use super::lesson::Lesson;
use super::prove_args::Validate;
use crate::exercise::{Lang, Limits, duration};
use crate::runner::Wanted;

/// Grades a student's web server: launches it, sends scripted requests, says what is right, what is wrong and why.
#[derive(Debug, Parser)]
#[command(name = "checker", version, propagate_version = true, max_term_width = 100)]
#[command(after_help = "Exit codes: 0 every check passed; 1 at least one did not, or the submission does not start; \
    2 wrong usage or a wrong exercise file; 3 could not grade, and the submission is not to blame; 130 interrupted.")]
pub(super) struct Arguments {
    /// Language of everything said to people [default: from LC_ALL, LC_MESSAGES, LANG; else en]
    #[arg(long, global = true, value_name = "LANG")]
    pub(super) lang: Option<Language>,
    /// When to colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(super) color: Color,
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Grade one submission: a folder, one source file, or an executable
    Run(Box<Run>),
    /// Grade one submission again whenever it is saved, and say what changed
    Watch(Box<Watch>),
    /// Grade a cohort: a folder of submissions, or the archive that a learning platform exports
    Grade(Box<Grade>),
    /// Join the results of a cohort's shards into one gradebook
    Merge(Merge),
    /// Grade the program listings of course pages, so that a course's own text is tested like code
    Lesson(Box<Lesson>),
    /// Group submissions that are the same but for names and layout, for people to look at
    Similar(Similar),
    /// Write the job files that grade a cohort's shards on a cluster
    Cluster(Cluster),
    /// Prove an exercise: its solutions pass, every known mistake is caught, and what no check notices is said
    #[command(after_help = "Exit codes: 0 no findings; 1 at least one; 2 an exercise that does not hold, or nothing \
        beside it; 3 something could not be graded; 130 interrupted.")]
    Validate(Box<Validate>),
    /// A saved JSON report in another form
    Report(Report),
    /// The built-in exercises, and a start for one's own
    Exercises(Exercises),
    /// Say what this machine can do: isolation, runtimes, what is missing and how to get it
    Doctor(Doctor),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page (roff), of one command if it is named
    Man {
        /// The command, such as `run`
        command: Option<String>,
    },
}

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("target").required(true).args(["path", "reference", "url"]))]
pub(super) struct Run {
    /// The submission: a folder, one source file, or an executable
    pub(super) path: Option<PathBuf>,
    /// Grade the bundled reference server, launched the same way as a student's
    #[arg(long)]
    pub(super) reference: bool,
    /// Grade a server that is running already, such as http://127.0.0.1:5000; nothing is launched or isolated
    #[arg(long, value_name = "URL", conflicts_with_all = ["command", "setup", "port", "python", "isolation", "warm"])]
    pub(super) url: Option<String>,
    #[command(flatten)]
    pub(super) asked: Asked,
    /// Exit 0 whenever a report was produced, whatever the verdict [default: off]
    #[arg(long)]
    pub(super) exit_zero: bool,
}

/// What is asked of a submission, and how it is started and told.
#[derive(Debug, Args)]
pub(super) struct Asked {
    /// A built-in exercise, or an exercise file
    #[arg(short, long, value_name = "ID|FILE", default_value = "cookies")]
    pub(super) exercise: String,
    /// Only this check and those that it requires (repeatable) [default: all]
    #[arg(long, value_name = "ID")]
    pub(super) check: Vec<String>,
    #[command(flatten)]
    pub(super) reports: ReportOptions,
    #[command(flatten)]
    pub(super) launch: LaunchOptions,
    /// Start Flask programs with Flask imported once for both processes of a debug run; the report says so. Only passes
    /// are taken from such a start: anything else is run again cold [default: off]
    #[arg(long)]
    pub(super) warm: bool,
    #[command(flatten)]
    pub(super) limits: LimitOptions,
    /// Seeds every random value of the run; the report names it [default: random]
    #[arg(long, value_name = "N")]
    pub(super) seed: Option<u64>,
}

#[derive(Debug, Args)]
pub(super) struct Watch {
    /// The submission: a folder, one source file, or an executable
    pub(super) path: PathBuf,
    #[command(flatten)]
    pub(super) asked: Asked,
}

/// How the submission is started.
#[derive(Debug, Args)]
pub(super) struct LaunchOptions {
    /// How to start the submission, instead of detecting it [default: detected]
    #[arg(long, value_name = "CMD")]
    pub(super) command: Option<String>,
    /// A command to run in the submission before it is started [default: none]
    #[arg(long, value_name = "CMD")]
    pub(super) setup: Option<String>,
    /// The port that the server will use, instead of finding it [default: found]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) port: Option<u16>,
    /// The interpreter for Python submissions [default: the submission's own .venv or venv if it works, else python3]
    #[arg(long, value_name = "PATH")]
    pub(super) python: Option<PathBuf>,
    /// How far the submission is kept from everything else
    #[arg(long, value_name = "LEVEL", default_value = "auto")]
    pub(super) isolation: Isolation,
}

/// How far a submission is kept from everything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Isolation {
    /// By all means that this machine offers; the report says which
    Auto,
    /// By all means there are, else exit 3
    Strict,
    /// Not at all: it runs as the user who runs the checker
    None,
}

impl From<Isolation> for Wanted {
    fn from(isolation: Isolation) -> Self {
        match isolation {
            Isolation::Auto => Self::Auto,
            Isolation::Strict => Self::Strict,
            Isolation::None => Self::None,
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct Doctor {
    /// What standard output gets
    #[arg(short, long, default_value = "human")]
    pub(super) format: DoctorFormat,
}

/// The form of the findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum DoctorFormat {
    /// For the person at the terminal
    Human,
    /// For programs: one JSON object
    Json,
}

/// How long things may take.
#[derive(Debug, Args)]
pub(super) struct LimitOptions {
    /// From the launch to the first response, such as `10s` or `500ms` [default: the exercise's]
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    pub(super) ready_timeout: Option<Duration>,
    /// One request, from the connection to the last byte of the body [default: the exercise's]
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    pub(super) request_timeout: Option<Duration>,
    /// The whole run, from the moment the server listens [default: the exercise's]
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    pub(super) run_timeout: Option<Duration>,
}

impl LimitOptions {
    /// The exercise's own limits, but for those that were asked for.
    pub(super) fn over(&self, limits: Limits) -> Limits {
        Limits {
            ready: self.ready_timeout.unwrap_or(limits.ready),
            request: self.request_timeout.unwrap_or(limits.request),
            run: self.run_timeout.unwrap_or(limits.run),
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct Report {
    /// The report, as `run` writes it with `-o json=FILE`; `-` is standard input
    pub(super) file: PathBuf,
    #[command(flatten)]
    pub(super) reports: ReportOptions,
}

#[derive(Debug, Args)]
pub(super) struct Exercises {
    #[command(subcommand)]
    pub(super) command: Option<ExercisesCommand>,
}

#[derive(Debug, Subcommand)]
pub(super) enum ExercisesCommand {
    /// List them (the default)
    List,
    /// Show one: its checks, points and what they ask
    Show {
        /// A built-in exercise, or an exercise file
        exercise: String,
        /// The exercise file itself
        #[arg(long, action = ArgAction::SetTrue)]
        source: bool,
    },
    /// Start one of your own: a small exercise with a solution and two mistakes, or one recorded from a server
    New(Box<New>),
    /// Print the JSON schema of exercise files
    Schema,
}

#[derive(Debug, Args)]
pub(super) struct New {
    /// The folder of the new exercise; one that is not empty is refused
    pub(super) dir: PathBuf,
    /// Propose checks from what this server answers: the address of one that is running, such as
    /// http://127.0.0.1:5000, or the path of one that is launched and becomes the solution [default: none]
    #[arg(long, value_name = "URL|PATH")]
    pub(super) from: Option<String>,
    /// A path of that server to visit (repeatable) [default: /]
    #[arg(long, value_name = "PATH", requires = "from", value_parser = visit)]
    pub(super) visit: Vec<String>,
    /// The interpreter for Python programs [default: the program's own .venv or venv if it works, else python3]
    #[arg(long, value_name = "PATH", requires = "from")]
    pub(super) python: Option<PathBuf>,
    /// How far the server is kept from everything else
    #[arg(long, value_name = "LEVEL", default_value = "auto")]
    pub(super) isolation: Isolation,
    #[command(flatten)]
    pub(super) limits: LimitOptions,
}

/// Reads a path to visit.
fn visit(text: &str) -> Result<String, &'static str> {
    if text.starts_with('/') && !text.contains("{{") {
        Ok(text.to_owned())
    } else {
        Err("expected a path, such as /get")
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Language {
    /// English
    En,
    /// Chinese
    Zh,
}

impl From<Language> for Lang {
    fn from(language: Language) -> Self {
        match language {
            Language::En => Self::En,
            Language::Zh => Self::Zh,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl From<Color> for anstream::ColorChoice {
    fn from(color: Color) -> Self {
        match color {
            Color::Auto => Self::Auto,
            Color::Always => Self::Always,
            Color::Never => Self::Never,
        }
    }
}
