//! `checker similar`: groups of submissions that are the same.

use std::fmt::Write as _;

use super::Ending;
use super::args::Arguments;
use super::cohort_args::Similar;
use super::error::Error;
use super::output::stdout;
use crate::cohort::intake::{self, IntakeError};
use crate::cohort::similar::{self, Same};
use crate::locale::Catalogue;
use crate::message::Message;
use crate::report::safe_line;
use crate::server::TempFolder;

/// Lists the groups. That there are some is no failure.
pub(super) fn similar(wanted: &Similar, arguments: &Arguments, catalogue: &Catalogue) -> Result<Ending, Error> {
    let scratch = TempFolder::new().map_err(|error| Error::file("error-write", &std::env::temp_dir(), &error))?;
    let form = wanted.intake.map(intake::Form::from);
    let cohort = intake::intake(&wanted.paths, form, scratch.path()).map_err(|error| match error {
        IntakeError::Usage(message) => Error::usage(message),
        IntakeError::Machine(message) => Error::Machine(message),
    })?;
    let groups = similar::similar(&cohort, scratch.path());
    let all = Message::new("similar-found").with("submissions", cohort.entrants.len()).with("groups", groups.len());
    let mut page = format!("{}\n", catalogue.say(&all));
    for group in &groups {
        let id = match group.same {
            Same::Bytes => "similar-bytes",
            Same::Form => "similar-form",
        };
        let _ = writeln!(page, "\n{}", catalogue.say(&Message::new(id).with("count", group.entrants.len())));
        for entrant in &group.entrants {
            let shown = entrant.latest().map(|attempt| attempt.shown.as_str()).unwrap_or_default();
            let _ = writeln!(page, "  {} ({})", safe_line(&entrant.name()), safe_line(shown));
        }
    }
    if !groups.is_empty() {
        let _ = writeln!(page, "\n{}", catalogue.label("similar-hint"));
    }
    stdout(&page, arguments.color.into())?;
    Ok(Ending::Fine)
}
