//! The arguments of `checker validate`.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, ValueEnum};

use super::args::{Isolation, LimitOptions};
use crate::proof::Limit;

#[derive(Debug, Args)]
pub(super) struct Validate {
    /// A built-in exercise, an exercise file, or its folder
    #[arg(value_name = "ID|FILE|DIR")]
    pub(super) exercise: String,
    /// How often each solution and each mistake is run, each time with another seed
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(super) repeat: u16,
    /// How many changes to a solution's answers are tried, one at a time: `none`, a number, or `all`
    #[arg(long, value_name = "N", default_value = "100")]
    pub(super) mutations: Mutations,
    /// Count what no check notices as a finding [default: it is only told]
    #[arg(long)]
    pub(super) strict: bool,
    /// What standard output gets
    #[arg(short, long, default_value = "human")]
    pub(super) format: ProofFormat,
    /// One more form, to a file, written whole or not at all (repeatable) [default: none]
    #[arg(short, long, value_name = "FORMAT=FILE", value_parser = output)]
    pub(super) output: Vec<ProofOutput>,
    /// Where the reports of runs are kept that were not as expected
    #[arg(long, value_name = "DIR", default_value = "checker-proof")]
    pub(super) reports: PathBuf,
    /// How many runs may be busy at once [default: as many as processors]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) jobs: Option<u16>,
    /// The interpreter for Python programs [default: the program's own .venv or venv if it works, else python3]
    #[arg(long, value_name = "PATH")]
    pub(super) python: Option<PathBuf>,
    /// How far what is run is kept from everything else
    #[arg(long, value_name = "LEVEL", default_value = "auto")]
    pub(super) isolation: Isolation,
    #[command(flatten)]
    pub(super) limits: LimitOptions,
    /// The seed of the first run; the next run has the next number [default: random]
    #[arg(long, value_name = "N")]
    pub(super) seed: Option<u64>,
    /// Only how it ended, in a line, and no progress [default: off]
    #[arg(short, long, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Also what was left out, and each run that is not as expected as it ends [default: off]
    #[arg(short, long)]
    pub(super) verbose: bool,
}

/// How many mutations are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mutations(pub(super) Limit);

impl FromStr for Mutations {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "none" => Ok(Self(Limit::AtMost(0))),
            "all" => Ok(Self(Limit::All)),
            number => number
                .parse()
                .map(|count| Self(Limit::AtMost(count)))
                .map_err(|_| "expected `none`, a number, or `all`"),
        }
    }
}

/// A proof's form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ProofFormat {
    /// For the person at the terminal
    Human,
    /// For a pull request or a wiki
    Markdown,
    /// One page for a browser, which needs nothing else
    Html,
    /// For programs: one JSON object
    Json,
}

/// A form to a file.
#[derive(Clone, Debug)]
pub(super) struct ProofOutput {
    pub(super) format: ProofFormat,
    pub(super) file: PathBuf,
}

fn output(text: &str) -> Result<ProofOutput, String> {
    let (format, file) = text.split_once('=').ok_or("expected FORMAT=FILE, such as html=proof.html")?;
    let format = ProofFormat::from_str(format, false)
        .map_err(|_| format!("unknown format `{format}`; there are: human, markdown, html, json"))?;
    if file.is_empty() {
        return Err("no file after `=`; expected FORMAT=FILE, such as html=proof.html".to_owned());
    }
    Ok(ProofOutput { format, file: file.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mutations_are_none_some_or_all() {
        assert_eq!("none".parse(), Ok(Mutations(Limit::AtMost(0))));
        assert_eq!("7".parse(), Ok(Mutations(Limit::AtMost(7))));
        assert_eq!("all".parse(), Ok(Mutations(Limit::All)));
        assert!("some".parse::<Mutations>().is_err());
    }
}
