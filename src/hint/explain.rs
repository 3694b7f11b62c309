//! The order in which hints are looked for.

use super::case::Case;
use super::{
    Explanation, Log, Program, clock, cookies, errors, json, none, routes, server_error, trace, transport, unset,
    values,
};
use crate::event::ProgramRun;
use crate::exercise::{AuthoredHint, Check, Evidence, Pattern};
use crate::message::Message;

/// How many hints a check is given at most.
const MOST: usize = 2;

/// A family of mistakes: the most telling of its hints that the evidence calls for.
type Family = fn(&Case) -> Option<Message>;

/// The families, most telling first.
const FAMILIES: [Family; 9] = [
    transport::hint,
    errors::hint,
    routes::hint,
    cookies::hint,
    json::hint,
    unset::hint,
    clock::hint,
    values::hint,
    none::hint,
];

pub(super) fn explain(evidence: &super::Evidence) -> Explanation {
    let case = Case::new(evidence);
    let mut hints = authored(&case);
    let own = FAMILIES.iter().find_map(|family| family(&case));
    // The server's error is shown with its place anyhow; beside what the author says of it, once is enough.
    hints.extend(own.filter(|own| hints.is_empty() || own.id != errors::IN_VIEW));
    // A server that died says why it did in the same breath.
    if hints.last().is_some_and(|hint| hint.id == transport::SERVER_DIED) {
        hints.extend(errors::hint(&case));
    }
    hints.truncate(MOST);
    let server_error = case.error.as_ref().map(|error| server_error::of(error, evidence.program));
    Explanation { server_error, hints }
}

/// Of a check's own program, the author alone knows what its output means.
pub(super) fn program(check: &Check, program: Program, run: &ProgramRun, log: Log) -> Explanation {
    let found = |pattern: &Pattern, texts: [&str; 2]| texts.iter().any(|text| pattern.regex().is_match(text));
    let applies = |hint: &&AuthoredHint| {
        let AuthoredHint { when: Evidence { log: in_log, output, .. }, .. } = hint;
        in_log.as_ref().is_none_or(|pattern| found(pattern, [log.stdout, log.stderr]))
            && output.as_ref().is_none_or(|pattern| found(pattern, [&run.stdout, &run.stderr]))
    };
    let fitting = check.hints.iter().filter(applies);
    let error = [log.stderr, log.stdout].into_iter().find_map(trace::last);
    Explanation {
        server_error: error.map(|error| server_error::of(&error, program)),
        hints: fitting.take(MOST).map(|hint| Message::authored(hint.say.clone())).collect(),
    }
}

/// What the author says to this evidence, in the author's order.
fn authored(case: &Case) -> Vec<Message> {
    let mut said: Vec<Message> = Vec::new();
    for hint in case.check.hints.iter().filter(|hint| applies(hint, case)) {
        let message = Message::authored(hint.say.clone());
        if !said.contains(&message) {
            said.push(message);
        }
    }
    said
}

fn applies(hint: &AuthoredHint, case: &Case) -> bool {
    let when = &hint.when;
    let in_log = |pattern: &regex::Regex| pattern.is_match(case.log.stdout) || pattern.is_match(case.log.stderr);
    let failure = case.exchange.result.as_ref().err().map(|failure| failure.code.name());
    when.step.is_none_or(|step| step == case.step)
        && when.status.as_ref().is_none_or(|status| case.status().is_some_and(|came| status.allows(came)))
        && when.log.as_ref().is_none_or(|pattern| in_log(pattern.regex()))
        && when.body.as_ref().is_none_or(|pattern| case.status().is_some() && pattern.regex().is_match(&case.shown))
        && when.failure.as_deref().is_none_or(|name| failure == Some(name))
}
