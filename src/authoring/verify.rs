//! What is proposed, run against the server that it was proposed for: what does not hold there is dropped.

use super::record::{RecordError, Server};
use super::start::SCHEMA;
use crate::cohort::grading::Settings;
use crate::exercise::draft::{Draft, DraftCheck, DraftGet, DraftStep};
use crate::exercise::file;
use crate::outcome::Blame;
use crate::report::{Report, Verdict};

/// How often something is dropped before it is given up.
const ROUNDS: usize = 8;

/// An exercise that its server passes.
#[derive(Debug)]
pub struct Verified {
    /// The exercise file.
    pub text: String,
    /// How many checks it has.
    pub checks: usize,
    /// What did not hold a second time and is not in it, in words.
    pub dropped: Vec<String>,
}

/// Runs the draft, and drops what does not hold until all does.
///
/// # Errors
/// If the server cannot be run, or does not answer alike whatever is dropped.
pub fn verified(whole: &Draft, server: &Server, settings: &Settings) -> Result<Verified, RecordError> {
    let mut draft = lean(whole);
    let mut dropped = Vec::new();
    let mut why = String::new();
    for _ in 0..ROUNDS {
        let text = file::write(&draft, &format!("./{SCHEMA}"));
        let exercise = file::parse(&text).map_err(|wrong| {
            let messages: Vec<_> = wrong.into_iter().map(|diagnostic| diagnostic.message).collect();
            RecordError::NotVisited(messages.join("; "), Blame::Environment)
        })?;
        let settings = Settings { exercise, ..settings.clone() };
        let report = server.grade(&settings, &mut |_| ()).map_err(RecordError::Run)?;
        match report.verdict {
            Verdict::Passed => return Ok(Verified { text, checks: draft.checks.len(), dropped }),
            Verdict::Error => {
                let problem = report.problem.map(|problem| problem.message).unwrap_or_default();
                return Err(RecordError::NotVisited(problem, Blame::Environment));
            }
            Verdict::Failed | Verdict::Skipped => {
                let before = draft.clone();
                if !restored(&mut draft, whole, &report) {
                    why = loosen(&mut draft, &report, &mut dropped);
                }
                if draft == before {
                    break;
                }
            }
        }
    }
    Err(RecordError::NotVisited(why, Blame::Submission))
}

/// The same without the visits before, where nothing of theirs is asked for: most pages do not need them.
fn lean(whole: &Draft) -> Draft {
    let mut draft = whole.clone();
    for check in &mut draft.checks {
        let repeats = |step: &DraftStep| matches!(step, DraftStep::Get(get) if get.contains.iter().any(|text| text.contains("{{")));
        if !check.steps.iter().any(repeats) {
            check.requires.clear();
            check.steps.drain(..check.steps.len() - 1);
        }
    }
    draft
}

/// Puts the visits before back into the checks that failed without them. Says whether there were any.
fn restored(draft: &mut Draft, whole: &Draft, report: &Report) -> bool {
    let mut restored = false;
    let failed = report.checks.iter().filter(|check| check.verdict == Verdict::Failed);
    for check in failed {
        let (own, full) = (draft.checks.iter_mut(), whole.checks.iter());
        let pair = own.zip(full).find(|(own, _)| own.id == check.id);
        if let Some((own, full)) = pair.filter(|(own, full)| own.steps.len() < full.steps.len()) {
            *own = full.clone();
            restored = true;
        }
    }
    restored
}

/// Drops every expectation that did not hold. Gives the last one, in words.
fn loosen(draft: &mut Draft, report: &Report, dropped: &mut Vec<String>) -> String {
    let mut why = report.problem.as_ref().map(|problem| problem.message.clone()).unwrap_or_default();
    for check in &report.checks {
        let Some(own) = draft.checks.iter_mut().find(|own| own.id == check.id) else { continue };
        for mismatch in &check.mismatches {
            why = format!("{}: {}", own.title, mismatch.message);
            if let Some(DraftStep::Get(get)) = own.steps.get_mut(mismatch.step.saturating_sub(1))
                && forget(get, &mismatch.what)
            {
                dropped.push(why.clone());
            }
        }
        forget_what_nobody_asks_for(own);
    }
    why
}

/// Drops what is saved and not expected anywhere: an exercise must not save it.
fn forget_what_nobody_asks_for(check: &mut DraftCheck) {
    let visits = || check.steps.iter().filter_map(|step| if let DraftStep::Get(get) = step { Some(get) } else { None });
    let asked: Vec<String> = visits().flat_map(|get| get.contains.clone()).collect();
    for step in &mut check.steps {
        if let DraftStep::Get(get) = step {
            get.save.retain(|(name, _)| asked.contains(&format!("{{{{{name}}}}}")));
        }
    }
}

/// Drops what is expected of this part of the answer. Says whether anything was.
fn forget(get: &mut DraftGet, what: &str) -> bool {
    let before = get.clone();
    match what.split_once(':') {
        None if what == "status" => get.status = None,
        None if what == "body" => {
            get.contains.clear();
            get.matches.clear();
            get.json.clear();
        }
        None if what == "redirect" => get.redirected_to = None,
        Some(("json", path)) => get.json.retain(|(own, _)| own != path),
        Some(("html", selector)) => get.html.retain(|(own, _)| own != selector),
        Some(("header", "content-type")) => get.content_type = None,
        Some(("cookie", name)) => get.cookies.retain(|cookie| cookie.name != name),
        _ => {}
    }
    *get != before
}
