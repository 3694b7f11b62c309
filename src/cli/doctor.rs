//! `checker doctor`: what this machine can do, and what is missing.

use super::args::{Arguments, Doctor, DoctorFormat};
use super::error::Error;
use super::{Ending, output};
use crate::locale::Catalogue;
use crate::message::Message;
use crate::report;
use crate::runner::{self, Probed};
use crate::submission;

/// Looks and tells. That something is missing is a finding, not a failure.
pub(super) fn doctor(wanted: &Doctor, arguments: &Arguments, catalogue: &Catalogue) -> Result<Ending, Error> {
    let machine =
        |error: std::io::Error| Error::Machine(Message::new("error-machine").with("error", error.to_string()));
    let exe = std::env::current_exe().map_err(machine)?;
    let levels = runner::probe(&exe).map_err(machine)?;
    let found = report::Doctor {
        isolation: levels.into_iter().map(|level| finding(level, catalogue)).collect(),
        runtimes: submission::runtimes().into_iter().map(runtime).collect(),
    };
    let text = match wanted.format {
        DoctorFormat::Human => found.human(catalogue),
        DoctorFormat::Json => found.json(),
    };
    output::stdout(&text, arguments.color.into())?;
    Ok(Ending::Fine)
}

fn finding(level: Probed, catalogue: &Catalogue) -> report::Level {
    match level {
        Probed::Offered(isolation) => report::Level {
            level: isolation.level.to_owned(),
            offered: true,
            features: isolation.features.iter().map(|feature| (*feature).to_owned()).collect(),
            remedy: isolation.missing.iter().find_map(|missing| Some(catalogue.say(missing.remedy.as_ref()?))),
            missing: report::missing(&isolation),
            reason: None,
        },
        Probed::Refused { level, reason, remedy } => report::Level {
            level: level.to_owned(),
            offered: false,
            features: Vec::new(),
            missing: Vec::new(),
            reason: Some(reason),
            remedy: remedy.map(|remedy| catalogue.say(&remedy)),
        },
    }
}

fn runtime(runtime: submission::Runtime) -> report::Runtime {
    let (path, version) = match runtime.found {
        Some(found) => (Some(found.path.display().to_string()), found.version),
        None => (None, None),
    };
    report::Runtime {
        name: runtime.name.to_owned(),
        needed_for: runtime.needed_for.iter().map(|kind| kind.name().to_owned()).collect(),
        path,
        version,
        install: runtime.install,
    }
}
