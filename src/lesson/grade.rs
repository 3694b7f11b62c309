//! Grading one listing: saved as a file of its own, run as a submission is.

use std::path::PathBuf;
use std::time::Duration;

use super::language::Language;
use super::page::Listing;
use crate::cohort::SeedPolicy;
use crate::cohort::grading::{self, Once};
use crate::event::RunEvent;
use crate::exercise::{Exercise, Lang, Limits};
use crate::report::Report;
use crate::runner::{Interruption, RunError, Starting, Wanted};
use crate::server::TempFolder;

/// How every listing is graded.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `--setup`.
    pub setup: Option<String>,
    /// `--python`.
    pub python: Option<PathBuf>,
    /// `--isolation`.
    pub isolation: Wanted,
    /// How long each setup or build step may take.
    pub build: Duration,
    /// What every random value is drawn from.
    pub seed: u64,
    /// The language of the report.
    pub lang: Lang,
    /// Ends everything before its time.
    pub interruption: Interruption,
}

/// A listing, and what it is held to.
#[derive(Clone, Copy, Debug)]
pub struct Trial<'a> {
    /// The listing.
    pub listing: &'a Listing,
    /// Its language.
    pub language: Language,
    /// The name of the file that it is saved as.
    pub file: &'a str,
    /// What it is called in the report.
    pub shown: &'a str,
    /// What is asked of it.
    pub exercise: &'a Exercise,
    /// How long things may take.
    pub limits: Limits,
}

/// Runs a listing and gives its report. What happens meanwhile is told to somebody besides.
///
/// So many blank lines stand above the program that its lines have the numbers that they have in the page: whatever
/// names a line names the page's.
///
/// # Errors
/// If a signal ended the run or the machine cannot run it at all.
pub fn grade(trial: Trial, settings: &Settings, also: &mut dyn FnMut(&RunEvent)) -> Result<Report, RunError> {
    let Trial { listing, language, file, shown, exercise, limits } = trial;
    let folder = TempFolder::new().map_err(RunError::Machine)?;
    let above = if language.takes_blank_lines_first() { listing.line } else { 0 };
    let saved = folder.path().join(file);
    std::fs::write(&saved, "\n".repeat(above) + &listing.text).map_err(RunError::Machine)?;
    let settings = settings.over(exercise, limits);
    let once = Once { shown, lanes: None, alterer: None };
    grading::grade_found(once, &settings, |scratch| grading::find(&saved, &settings, scratch), also)
}

impl Settings {
    /// The same for a run of this exercise.
    fn over(&self, exercise: &Exercise, limits: Limits) -> grading::Settings {
        grading::Settings {
            exercise: exercise.clone(),
            checks: Vec::new(),
            limits,
            seed: SeedPolicy::Fixed(self.seed),
            command: None,
            setup: self.setup.clone(),
            port: None,
            python: self.python.clone(),
            isolation: self.isolation,
            starting: Starting::Cold(None),
            build: self.build,
            lang: self.lang,
            interruption: self.interruption.clone(),
        }
    }
}
