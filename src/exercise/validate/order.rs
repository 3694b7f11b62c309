//! Rules between the steps of a check: what is saved and used, and which are asked first.

use super::{CheckNotes, Place, StepNotes};
use crate::exercise::diagnostic::{At, Diagnostic};
use crate::exercise::suggest::did_you_mean;

/// Everything that is wrong between the steps of one check.
pub(super) fn judge(check: &CheckNotes) -> Vec<Diagnostic> {
    let mut diagnostics = fresh_steps(check);
    diagnostics.extend(hint_steps(check));
    if !check.steps.iter().any(|step| step.may_save_more) {
        diagnostics.extend(captures(check));
    }
    if check.is_clean {
        diagnostics.extend(unused_captures(check));
    }
    diagnostics
}

/// Fresh steps are asked before all others, so they come first and know nothing of earlier ones.
fn fresh_steps(check: &CheckNotes) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let first_other = check.steps.iter().position(|step| step.fresh.is_none()).unwrap_or(check.steps.len());
    for (index, step) in check.steps.iter().enumerate() {
        let Some(fresh) = &step.fresh else { continue };
        if index > first_other {
            let help = "it is asked before every other step: put it at the beginning of its check".to_owned();
            diagnostics.push(Diagnostic::new("a fresh step stands after others", fresh.clone()).help(help));
        }
        let own = |place: &Place| saved_by(step, place);
        let judged = step.judged.iter().filter(|place| !own(&place.value));
        for place in step.sent.iter().chain(judged) {
            let diagnostic = Diagnostic::new("a fresh step has no earlier ones to take this from", place.span.clone());
            diagnostics.push(diagnostic.related(fresh, "asked before all others"));
        }
    }
    diagnostics
}

/// A hint's step is one of the check's.
fn hint_steps(check: &CheckNotes) -> Vec<Diagnostic> {
    let steps = i64::try_from(check.steps.len()).unwrap_or(i64::MAX);
    let wrong = check.hint_steps.iter().filter(|step| steps > 0 && !(1..=steps).contains(&step.value));
    let diagnostic = |step: &At<i64>| {
        let message = format!("this check has no step {}", step.value);
        Diagnostic::new(message, step.span.clone()).help(format!("its steps are 1 to {steps}"))
    };
    wrong.map(diagnostic).collect()
}

/// What templates take is saved before. What a step saves is known to its own expectations, not to its request.
fn captures(check: &CheckNotes) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for (index, step) in check.steps.iter().enumerate() {
        // Of a fresh step that is said already.
        if step.fresh.is_some() {
            continue;
        }
        let before = &check.steps[..index];
        let is_known = |place: &Place| before.iter().any(|step| saved_by(step, place));
        let sent = step.sent.iter().filter(|place| !is_known(&place.value));
        let judged = step.judged.iter().filter(|place| !is_known(&place.value) && !saved_by(step, &place.value));
        diagnostics.extend(sent.chain(judged).filter_map(|place| unknown_capture(check, place)));
    }
    diagnostics
}

fn unknown_capture(check: &CheckNotes, place: &At<Place>) -> Option<Diagnostic> {
    let Place::Capture(name) = &place.value else { return None };
    let saved = || check.steps.iter().flat_map(|step| &step.saved);
    let diagnostic = |message: String| Diagnostic::new(message, place.span.clone());
    Some(match saved().find(|saved| saved.value == *name) {
        Some(later) => diagnostic(format!("`{name}` is used before it is saved")).related(&later.span, "saved here"),
        None => {
            let names = saved().map(|saved| saved.value.as_str()).chain(["random"]);
            diagnostic(format!("no step of this check saves `{name}`")).help(did_you_mean(name, names))
        }
    })
}

/// What is saved is used, be it too early.
fn unused_captures(check: &CheckNotes) -> Vec<Diagnostic> {
    let places = || check.steps.iter().flat_map(|step| step.sent.iter().chain(&step.judged));
    let is_used = |name: &str| places().any(|place| matches!(&place.value, Place::Capture(used) if used == name));
    let unused = check.steps.iter().flat_map(|step| &step.saved).filter(|saved| !is_used(&saved.value));
    let diagnostic = |saved: &At<String>| {
        let help = format!("use it as `{{{{{}}}}}` or under `captures`, or leave it out", saved.value);
        Diagnostic::new(format!("`{}` is saved but never used", saved.value), saved.span.clone()).help(help)
    };
    unused.map(diagnostic).collect()
}

fn saved_by(step: &StepNotes, place: &Place) -> bool {
    matches!(place, Place::Capture(name) if step.saved.iter().any(|saved| saved.value == *name))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A step from words such as `sent:a`, `judged:a`, `saved:a`, `fresh`; `cookie` is the jar's.
    fn step(words: &str) -> StepNotes {
        let mut step = StepNotes::default();
        let place = |name: &str| {
            let value = if name == "cookie" { Place::Cookie } else { Place::Capture(name.to_owned()) };
            At { value, span: 0..0 }
        };
        for word in words.split_whitespace() {
            match word.split_once(':') {
                Some(("sent", name)) => step.sent.push(place(name)),
                Some(("judged", name)) => step.judged.push(place(name)),
                Some(("saved", name)) => step.saved.push(At { value: name.to_owned(), span: 0..0 }),
                _ => step.fresh = Some(0..0),
            }
        }
        step
    }

    fn messages(steps: &[&str]) -> Vec<String> {
        let steps = steps.iter().map(|words| step(words)).collect();
        let check = CheckNotes { steps, is_clean: true, ..CheckNotes::default() };
        judge(&check).into_iter().map(|diagnostic| diagnostic.message).collect()
    }

    #[test]
    fn what_is_saved_is_known_to_later_requests_and_to_its_own_expectations() {
        assert_eq!(messages(&["saved:a judged:a", "sent:a judged:a"]), [""; 0]);
        assert_eq!(messages(&["saved:a sent:a"]), ["`a` is used before it is saved"]);
        assert_eq!(messages(&["judged:a", "saved:a"]), ["`a` is used before it is saved"]);
    }

    #[test]
    fn what_nobody_saves_or_uses_is_reported() {
        assert_eq!(messages(&["sent:a"]), ["no step of this check saves `a`"]);
        assert_eq!(messages(&["saved:a"]), ["`a` is saved but never used"]);
    }

    #[test]
    fn cookies_of_the_jar_may_be_named_anywhere_but_in_a_fresh_step() {
        assert_eq!(messages(&["sent:cookie judged:cookie"]), [""; 0]);
        assert_eq!(messages(&["fresh judged:cookie"]), ["a fresh step has no earlier ones to take this from"]);
    }

    #[test]
    fn a_fresh_step_may_look_at_what_it_saves_itself() {
        assert_eq!(messages(&["fresh saved:a judged:a", "sent:a"]), [""; 0]);
        assert_eq!(
            messages(&["fresh saved:a", "fresh sent:a"]),
            ["a fresh step has no earlier ones to take this from"]
        );
    }

    #[test]
    fn fresh_steps_come_first() {
        assert_eq!(messages(&["fresh", "fresh", ""]), [""; 0]);
        assert_eq!(messages(&["fresh", "", "fresh"]), ["a fresh step stands after others"]);
    }

    #[test]
    fn nothing_is_guessed_about_captures_of_a_check_that_could_not_be_read_whole() {
        let unread = StepNotes { may_save_more: true, ..step("saved:b") };
        let check = CheckNotes { steps: vec![unread, step("sent:a")], ..CheckNotes::default() };
        assert_eq!(judge(&check), []);
    }

    #[test]
    fn hints_name_steps_that_are_there() {
        let number = |value| At { value, span: 0..0 };
        let check = CheckNotes {
            steps: vec![step(""), step("")],
            hint_steps: [0, 1, 2, 3, -1].map(number).into(),
            ..CheckNotes::default()
        };
        let messages: Vec<_> = judge(&check).into_iter().map(|diagnostic| diagnostic.message).collect();
        assert_eq!(messages, ["this check has no step 0", "this check has no step 3", "this check has no step -1"]);
    }
}
