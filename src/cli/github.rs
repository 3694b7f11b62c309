//! What GitHub Actions asks of a step beside its log: a summary and outputs, in files that the runner names.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::PathBuf;

use super::error::Error;
use crate::locale::Catalogue;
use crate::report::{self, Classroom50Context, Report};

/// Appends the summary and the outputs where the runner wants them; where it does not ask, does nothing.
pub(super) fn publish(report: &Report, catalogue: &Catalogue) -> Result<(), Error> {
    append("GITHUB_STEP_SUMMARY", &report::markdown(report, catalogue))?;
    let outputs = report::github_outputs(report, &report::classroom(report, catalogue));
    let lines = outputs.iter().map(|(name, value)| format!("{name}={value}\n"));
    append("GITHUB_OUTPUT", &lines.collect::<String>())
}

/// What Classroom 50's runner says of the submission.
pub(super) fn classroom50_context() -> Classroom50Context {
    let told = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let commit = told("COMMIT_URL");
    Classroom50Context {
        classroom: told("CLASSROOM"),
        assignment: told("ASSIGNMENT"),
        submission: told("SUBMISSION_TAG"),
        release: told("RELEASE_URL"),
        review: told("REVIEW_URL").or_else(|| commit.clone()),
        commit,
    }
}

fn append(variable: &str, text: &str) -> Result<(), Error> {
    let Some(file) = std::env::var_os(variable).filter(|file| !file.is_empty()).map(PathBuf::from) else {
        return Ok(());
    };
    let opened = OpenOptions::new().create(true).append(true).open(&file);
    let written = opened.and_then(|mut opened| opened.write_all(text.as_bytes()));
    written.map_err(|error| Error::file("error-write", &file, &error))
}
