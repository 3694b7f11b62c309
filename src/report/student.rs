//! What a student may know of a report: the exercise's author says it, check by check.
//!
//! A hidden check keeps its place, verdict and points, and loses all else: also its name where other checks refer to
//! it. Of a failure of visibility `actual` the student sees what came but not what was expected, nor hints, which
//! would tell; of `none` that it failed. The log is the submission's own, but where a check that may not be seen was
//! asked something it would name the requests, so it is left out.

use std::collections::BTreeMap;

use super::model::{Check, Report, Visibility};
use crate::locale::Catalogue;
use crate::message::Message;

/// Who reads a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Audience {
    /// Whoever handed the submission in.
    #[default]
    Student,
    /// Who grades it: everything is shown.
    Instructor,
}

/// The report as this reader may see it.
#[must_use]
pub fn view(report: &Report, audience: Audience, catalogue: &Catalogue) -> Report {
    let mut view = report.clone();
    if audience == Audience::Instructor {
        return view;
    }
    let names = hidden_names(report);
    let has_asked = |check: &Check| !check.exchanges.is_empty() || check.program.is_some();
    let tells = |check: &Check| (check.hidden || check.visibility == Visibility::None) && has_asked(check);
    if report.checks.iter().any(tells)
        && let Some(server) = &mut view.server
    {
        server.stdout.clear();
        server.stderr.clear();
    }
    for check in &mut view.checks {
        for id in check.requires.iter_mut().chain(&mut check.because) {
            if let Some(name) = names.get(id.as_str()) {
                id.clone_from(name);
            }
        }
        if let Some(name) = names.get(check.id.as_str()) {
            check.id.clone_from(name);
            check.title = catalogue.label("check-hidden");
            forget(check);
        } else {
            match check.visibility {
                Visibility::Full => {}
                Visibility::Actual => only_actual(check, catalogue),
                Visibility::None => forget(check),
            }
        }
    }
    view
}

/// What hidden checks are called instead, by their ids: `hidden-1`, …, none of them another check's name.
fn hidden_names(report: &Report) -> BTreeMap<&str, String> {
    let taken = |name: &String| report.checks.iter().any(|check| check.id == *name);
    let mut free = (1..).map(|number: usize| format!("hidden-{number}")).filter(|name| !taken(name));
    let hidden = report.checks.iter().filter(|check| check.hidden);
    hidden.map(|check| (check.id.as_str(), free.next().unwrap_or_default())).collect()
}

/// Keeps the verdict and the points.
fn forget(check: &mut Check) {
    check.mismatches.clear();
    check.hints.clear();
    check.server_error = None;
    check.exchanges.clear();
    check.program = None;
}

/// Keeps what was asked and what came. What a program says may be either.
fn only_actual(check: &mut Check, catalogue: &Catalogue) {
    check.hints.clear();
    check.program = None;
    for mismatch in &mut check.mismatches {
        mismatch.expected.clear();
        let actual = Message::new("mismatch-actual-alone").with("actual", mismatch.actual.clone());
        mismatch.message = catalogue.say(&actual);
    }
    for exchange in &mut check.exchanges {
        exchange.expected = None;
    }
}

#[cfg(test)]
mod tests;
