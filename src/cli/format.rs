//! A report's forms, and where each goes: standard output, files, and what GitHub Actions asks for.

use std::path::{Path, PathBuf};

use anstream::ColorChoice;
use clap::{Args, ValueEnum};

use super::error::Error;
use super::{github, output};
use crate::locale::Catalogue;
use crate::message::Message;
use crate::report::{self, Audience, Detail, Report};

/// A report's form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For the person at the terminal
    Human,
    /// For programs: one JSON object, which `checker report` reads again
    Json,
    /// JUnit XML, for GitLab, Jenkins, Artemis and most others
    Junit,
    /// TAP, version 14
    Tap,
    /// For a comment or a summary, at most 60 KiB
    Markdown,
    /// One page for a browser, which needs nothing else
    Html,
    /// For a GitHub Actions step: log, annotations, summary and outputs
    Github,
    /// The Common Test Report Format
    Ctrf,
    /// Gradescope's results.json
    Gradescope,
    /// PrairieLearn's results.json
    Prairielearn,
    /// Autolab's output, scores on the last line
    Autolab,
    /// Exercism's results.json, version 3
    Exercism,
    /// GitHub Classroom's result of a test runner, in base64
    Classroom,
    /// Classroom 50's result.json
    Classroom50,
}

/// A report to a file.
#[derive(Clone, Debug)]
pub(super) struct Output {
    pub(super) format: Format,
    pub(super) file: PathBuf,
}

/// Reads `FORMAT=FILE`.
pub(super) fn output(text: &str) -> Result<Output, String> {
    let (format, file) = text.split_once('=').ok_or("expected FORMAT=FILE, such as json=report.json")?;
    let format = Format::from_str(format, false).map_err(|_| {
        let names: Vec<_> = Format::value_variants().iter().filter_map(Format::to_possible_value).collect();
        let names: Vec<_> = names.iter().map(clap::builder::PossibleValue::get_name).collect();
        format!("unknown format `{format}`; there are: {}", names.join(", "))
    })?;
    if file.is_empty() {
        return Err("no file after `=`; expected FORMAT=FILE, such as json=report.json".to_owned());
    }
    Ok(Output { format, file: file.into() })
}

/// Which reports are wanted, and for whom.
#[derive(Debug, Args)]
pub(super) struct ReportOptions {
    /// What standard output gets
    #[arg(short, long, default_value = "human")]
    pub(super) format: Format,
    /// A report more, to a file, written whole or not at all (repeatable) [default: none]
    #[arg(short, long, value_name = "FORMAT=FILE", value_parser = output)]
    pub(super) output: Vec<Output>,
    /// Show all of hidden checks and of failures that the exercise keeps from students [default: off]
    #[arg(long)]
    pub(super) reveal_hidden: bool,
    /// Only the verdict, in a line [default: off]
    #[arg(short, long, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Every exchange and the server's log; of a run, also progress on standard error [default: off]
    #[arg(short, long)]
    pub(super) verbose: bool,
}

impl ReportOptions {
    /// Who reads all but the JSON.
    pub(super) fn audience(&self) -> Audience {
        if self.reveal_hidden { Audience::Instructor } else { Audience::Student }
    }

    /// Whether every file could be written, asked before anything is done.
    pub(super) fn writable(&self) -> Result<(), Error> {
        self.output.iter().try_for_each(|output| writable(&output.file))
    }

    /// Writes every report that is wanted.
    pub(super) fn write(&self, report: &Report, color: ColorChoice, catalogue: &Catalogue) -> Result<(), Error> {
        for wanted in &self.output {
            let text = self.render(wanted.format, report, catalogue);
            output::file(&wanted.file, &anstream::adapter::strip_str(&text).to_string())?;
        }
        output::stdout(&self.render(self.format, report, catalogue), color)?;
        let mut formats = self.output.iter().map(|output| output.format).chain([self.format]);
        if formats.any(|format| format == Format::Github) {
            github::publish(&report::view(report, self.audience(), catalogue), catalogue)?;
        }
        Ok(())
    }

    fn detail(&self) -> Detail {
        match (self.quiet, self.verbose) {
            (true, _) => Detail::Quiet,
            (_, true) => Detail::Verbose,
            _ => Detail::Normal,
        }
    }

    fn render(&self, format: Format, report: &Report, catalogue: &Catalogue) -> String {
        let shown = report::view(report, self.audience(), catalogue);
        match format {
            Format::Human => report::human(&shown, catalogue, self.detail()),
            Format::Json => report::json(report),
            Format::Junit => report::junit(&shown, catalogue),
            Format::Tap => report::tap(&shown, catalogue),
            Format::Markdown => report::markdown(&shown, catalogue),
            Format::Html => report::html(&shown, catalogue),
            Format::Github => report::github(&shown, catalogue),
            Format::Ctrf => report::ctrf(&shown, catalogue),
            Format::Gradescope => report::gradescope(report, self.audience(), catalogue),
            Format::Prairielearn => report::prairielearn(&shown, catalogue),
            Format::Autolab => report::autolab(&shown, catalogue),
            Format::Exercism => report::exercism(&shown, catalogue),
            Format::Classroom => report::classroom(&shown, catalogue),
            Format::Classroom50 => report::classroom50(&shown, &github::classroom50_context()),
        }
    }
}

pub(super) fn writable(file: &Path) -> Result<(), Error> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if folder.is_dir() && !file.is_dir() {
        return Ok(());
    }
    Err(Error::usage(Message::new("error-no-folder").with("file", file.display().to_string())))
}
