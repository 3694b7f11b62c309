//! The arguments of the commands for cohorts.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::args::{LaunchOptions, LimitOptions};
use crate::cohort::{Shard, intake};

#[derive(Debug, Args)]
pub(super) struct Grade {
    /// Folders of submissions, or the archives that a learning platform exports
    #[arg(required = true, value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// A built-in exercise, or an exercise file
    #[arg(short, long, value_name = "ID|FILE", default_value = "cookies")]
    pub(super) exercise: String,
    /// Only this check and those that it requires (repeatable) [default: all]
    #[arg(long, value_name = "ID")]
    pub(super) check: Vec<String>,
    /// Read the paths as this platform's export [default: recognised by shape]
    #[arg(long, value_name = "FORM")]
    pub(super) intake: Option<Form>,
    /// A CSV file of who should have handed in; who has not is listed as missing [default: none]
    #[arg(long, value_name = "FILE")]
    pub(super) roster: Option<PathBuf>,
    /// Where results are kept, one report a submission; what has a result there is not graded again
    #[arg(long, value_name = "DIR", default_value = "checker-results")]
    pub(super) out: PathBuf,
    /// Grade everything again [default: what is new or changed]
    #[arg(long)]
    pub(super) regrade: bool,
    /// Grade only what could not be graded before [default: off]
    #[arg(long, conflicts_with = "regrade")]
    pub(super) only_errors: bool,
    /// How many submissions may be busy at once [default: as many as processors]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) jobs: Option<u16>,
    /// Only this part: K/N, such as 2/8; or N alone, and K is the number that Slurm, Kubernetes or GitLab gave this
    /// task (SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX, CI_NODE_INDEX) [default: all]
    #[arg(long, value_name = "K/N")]
    pub(super) shard: Option<ShardChoice>,
    #[command(flatten)]
    pub(super) book: BookOptions,
    #[command(flatten)]
    pub(super) launch: LaunchOptions,
    /// Start Flask, FastAPI, Django and Bottle programs as copies of a process that has imported these; the reports say
    /// which were. A cold start decides what does not pass, and one in twenty of what passes [default: off]
    #[arg(long)]
    pub(super) warm: bool,
    #[command(flatten)]
    pub(super) limits: LimitOptions,
    /// Seeds every random value of every run [default: each run has a seed of its own, which its report names]
    #[arg(long, value_name = "N")]
    pub(super) seed: Option<u64>,
    /// Only the counts, in a line, and no progress [default: off]
    #[arg(short, long, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Name each submission as it is graded [default: off]
    #[arg(short, long)]
    pub(super) verbose: bool,
}

#[derive(Debug, Args)]
pub(super) struct Merge {
    /// The folders that the shards were graded into (`--out`)
    #[arg(required = true, value_name = "DIR")]
    pub(super) folders: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) book: BookOptions,
    /// Only the counts, in a line [default: off]
    #[arg(short, long, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Every cause and every name [default: off]
    #[arg(short, long)]
    pub(super) verbose: bool,
}

#[derive(Debug, Args)]
pub(super) struct Similar {
    /// Folders of submissions, or the archives that a learning platform exports
    #[arg(required = true, value_name = "DIR")]
    pub(super) paths: Vec<PathBuf>,
    /// Read the paths as this platform's export [default: recognised by shape]
    #[arg(long, value_name = "FORM")]
    pub(super) intake: Option<Form>,
}

#[derive(Debug, Args)]
pub(super) struct Cluster {
    /// Where the shards will be graded
    pub(super) engine: Engine,
    /// Into how many shards the cohort is cut; five minutes of work or more each, and at most 200
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=200))]
    pub(super) shards: u16,
    /// After how many minutes a shard is ended, to be begun again where it was
    #[arg(long, value_name = "MINUTES", default_value_t = 60, value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) minutes: u16,
    /// How many processors a shard gets
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) cpus: u16,
    /// The container image that has `checker`, for kubernetes and gitlab
    #[arg(long, value_name = "IMAGE", default_value = "checker:latest")]
    pub(super) image: String,
    /// Where the job files are written; files that are there already are not replaced
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(super) into: PathBuf,
    /// What `checker grade` is given besides `--shard`, `--jobs` and `--out`: paths and options, after `--`
    #[arg(required = true, last = true, value_name = "ARGUMENT")]
    pub(super) grade: Vec<String>,
}

/// What runs shards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Engine {
    /// Slurm: an array of tasks, and a merge behind it
    Slurm,
    /// Kubernetes: an Indexed Job, and a Job that merges
    Kubernetes,
    /// GitLab CI: a parallel job, and one that merges
    Gitlab,
    /// GitHub Actions: a matrix, and a job that merges
    Github,
    /// GNU parallel on this machine or on those it reaches
    Parallel,
}

/// The gradebook's forms.
#[derive(Debug, Args)]
pub(super) struct BookOptions {
    /// What standard output gets
    #[arg(short, long, default_value = "human")]
    pub(super) format: Printed,
    /// A gradebook, to a file (repeatable): csv, json, html, markdown, canvas (for its import) or moodle (its own
    /// worksheet, filled in); without FORMAT= by the file's ending [default: none]
    #[arg(short, long, value_name = "FORMAT=FILE", value_parser = book)]
    pub(super) output: Vec<Book>,
    /// Canvas's column for the points, such as `Cookies (4711)` [default: the exercise's title]
    #[arg(long, value_name = "TITLE")]
    pub(super) assignment: Option<String>,
}

/// A learning platform.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Form {
    /// A folder in which every entry is a submission
    Folder,
    /// Canvas
    Canvas,
    /// Moodle
    Moodle,
    /// Gradescope
    Gradescope,
    /// GitHub Classroom
    Classroom,
    /// Blackboard
    Blackboard,
}

impl From<Form> for intake::Form {
    fn from(form: Form) -> Self {
        match form {
            Form::Folder => Self::Folder,
            Form::Canvas => Self::Canvas,
            Form::Moodle => Self::Moodle,
            Form::Gradescope => Self::Gradescope,
            Form::Classroom => Self::Classroom,
            Form::Blackboard => Self::Blackboard,
        }
    }
}

/// Which part of a cohort.
#[derive(Clone, Copy, Debug)]
pub(super) enum ShardChoice {
    /// This one.
    This(Shard),
    /// The one that the engine's variables name, of so many.
    OfEngine(usize),
}

impl std::str::FromStr for ShardChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.parse() {
            Ok(0) => Err("expected at least one part".to_owned()),
            Ok(of) => Ok(Self::OfEngine(of)),
            Err(_) => text.parse().map(Self::This),
        }
    }
}

/// What can be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Printed {
    /// For the person at the terminal
    Human,
    /// A line for each person
    Csv,
    /// For programs: one JSON object
    Json,
    /// For a wiki or an issue
    Markdown,
}

/// A gradebook's form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BookFormat {
    Csv,
    Json,
    Html,
    Markdown,
    Canvas,
    Moodle,
}

/// A gradebook to a file.
#[derive(Clone, Debug)]
pub(super) struct Book {
    pub(super) format: BookFormat,
    pub(super) file: PathBuf,
}

const FORMATS: [(&str, BookFormat); 6] = [
    ("csv", BookFormat::Csv),
    ("json", BookFormat::Json),
    ("html", BookFormat::Html),
    ("markdown", BookFormat::Markdown),
    ("canvas", BookFormat::Canvas),
    ("moodle", BookFormat::Moodle),
];

fn book(text: &str) -> Result<Book, String> {
    let named = |name: &str| FORMATS.iter().find(|(format, _)| *format == name).map(|(_, format)| *format);
    let known = || FORMATS.map(|(name, _)| name).join(", ");
    let (format, file) = match text.split_once('=') {
        Some((name, file)) => {
            (named(name).ok_or_else(|| format!("unknown format `{name}`; there are: {}", known()))?, file)
        }
        None => {
            let ending = Path::new(text).extension().map(|ending| ending.to_string_lossy().to_lowercase());
            let format = match ending.as_deref() {
                Some("csv") => BookFormat::Csv,
                Some("json") => BookFormat::Json,
                Some("html" | "htm") => BookFormat::Html,
                Some("md") => BookFormat::Markdown,
                _ => return Err(format!("expected FORMAT=FILE, such as csv=grades.csv; there are: {}", known())),
            };
            (format, text)
        }
    };
    if file.is_empty() {
        return Err("no file after `=`; expected FORMAT=FILE, such as csv=grades.csv".to_owned());
    }
    Ok(Book { format, file: file.into() })
}
