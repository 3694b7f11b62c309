//! The rules that an exercise must keep beyond its form: names, bounds, references, order.
//!
//! All of it is pure: [`forms`] looks at single values, [`references`] at checks and what they require,
//! [`order`] at steps, what they save and when they are asked. None of them knows TOML; the reader of
//! exercise files calls the first while it reads and hands [`Notes`] to the others.

mod forms;
mod order;
mod references;

use std::time::Duration;

use super::diagnostic::{At, Diagnostic, Span};
use super::{Limits, duration};

pub(crate) use forms::{
    Complaint, IDENTIFIER, MAX_ID, MAX_POINTS, NAME, TOKEN, VERSION, attribute_name, capture_name, client, cookie_name,
    cookie_value, count, header_name, header_value, identifier, path, pattern, points, request_header, span_of_time,
    status_class, status_code, version,
};

/// What is to be known of a file, with its places, to judge what no single value shows.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    /// The limits that the author gave.
    pub(crate) limits: LimitNotes,
    /// The checks in the order of the file.
    pub(crate) checks: Vec<CheckNotes>,
}

/// The limits that an author gave.
#[derive(Debug, Default)]
pub(crate) struct LimitNotes {
    /// See [`Limits::ready`].
    pub(crate) ready: Option<At<Duration>>,
    /// See [`Limits::request`].
    pub(crate) request: Option<At<Duration>>,
    /// See [`Limits::run`].
    pub(crate) run: Option<At<Duration>>,
}

/// What is to be known of a check.
#[derive(Debug, Default)]
pub(crate) struct CheckNotes {
    /// Its id as written, unless it could not be read at all.
    pub(crate) id: Option<At<String>>,
    /// The ids that it requires.
    pub(crate) requires: Vec<At<String>>,
    /// Its steps.
    pub(crate) steps: Vec<StepNotes>,
    /// The steps that its hints name, counted from 1.
    pub(crate) hint_steps: Vec<At<i64>>,
    /// Whether nothing else was wrong with it. Where something was, a capture that seems to be unused may be
    /// used in the part that could not be read.
    pub(crate) is_clean: bool,
}

/// What is to be known of a step.
#[derive(Debug, Default)]
pub(crate) struct StepNotes {
    /// Where `fresh = true` stands, if it does.
    pub(crate) fresh: Option<Span>,
    /// How long it waits, if it is a pause.
    pub(crate) wait: Option<At<Duration>>,
    /// What the templates of its request name.
    pub(crate) sent: Vec<At<Place>>,
    /// What its expectations name.
    pub(crate) judged: Vec<At<Place>>,
    /// The names under which it saves something.
    pub(crate) saved: Vec<At<String>>,
    /// Whether it may save more under names that could not be read.
    pub(crate) may_save_more: bool,
}

/// What a template needs of earlier steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// A cookie in the client's jar.
    Cookie,
    /// What a step saved under this name.
    Capture(String),
}

/// Everything that is wrong beyond single values, in no particular order.
pub(crate) fn validate(notes: &Notes) -> Vec<Diagnostic> {
    let mut diagnostics = references::judge(&notes.checks);
    for check in &notes.checks {
        diagnostics.extend(order::judge(check));
    }
    diagnostics.extend(limits(notes));
    diagnostics
}

/// Nothing may take longer than the whole run, for then it could never end in time.
fn limits(notes: &Notes) -> Vec<Diagnostic> {
    let run = notes.limits.run.as_ref().map_or(Limits::default().run, |run| run.value);
    let waits = notes.checks.iter().flat_map(|check| &check.steps).filter_map(|step| step.wait.as_ref());
    let parts = [&notes.limits.ready, &notes.limits.request].into_iter().filter_map(Option::as_ref);
    let too_long = parts.chain(waits).filter(|part| part.value > run);
    let diagnostic = |part: &At<Duration>| {
        let message = format!("{} is longer than the whole run may take", duration::format(part.value));
        let help = match notes.limits.run {
            Some(_) => format!("`run` in `[limits]` is {}", duration::format(run)),
            None => format!("`run` in `[limits]` is {} unless it is given", duration::format(run)),
        };
        Diagnostic::new(message, part.span.clone()).help(help)
    };
    too_long.map(diagnostic).collect()
}
