//! The exercise's own table, its limits, checks and hints.

use std::time::Duration;

use toml::de::DeTable;

use super::reader::{Field, Fields, Reader};
use crate::exchange::FailureCode;
use crate::exercise::diagnostic::At;
use crate::exercise::validate::{self, CheckNotes, LimitNotes, Notes, StepNotes};
use crate::exercise::{AuthoredHint, Check, CheckId, Evidence, Exercise, Level, Limits, Step, Text, Visibility};

/// What a check is worth if its author does not say.
pub(super) const DEFAULT_POINTS: u32 = 1;

/// The names of transport failures that a hint can wait for.
pub(super) const FAILURES: [&str; 8] = [
    FailureCode::Refused.name(),
    FailureCode::Reset.name(),
    FailureCode::ClosedEarly.name(),
    FailureCode::Timeout.name(),
    FailureCode::InvalidHttp.name(),
    FailureCode::TooLarge.name(),
    FailureCode::RedirectLoop.name(),
    FailureCode::Blocked.name(),
];

/// The names of levels.
pub(super) const LEVELS: [&str; 3] = [Level::Beginner.name(), Level::Intermediate.name(), Level::Advanced.name()];

/// The names of how much students see.
pub(super) const VISIBILITIES: [&str; 3] =
    [Visibility::Full.name(), Visibility::Actual.name(), Visibility::None.name()];

/// The whole file, as far as it can be read. The digest is left empty.
pub(super) fn exercise<'t>(reader: &mut Reader<'_>, document: &'t DeTable<'t>) -> (Option<Exercise>, Notes) {
    reader.entries(document, 0..0, "an exercise", |reader, fields| {
        let id = fields.need("id").and_then(|field| identifier(reader, &field));
        let version = fields.need("version").and_then(|field| {
            let text = reader.string(&field)?;
            reader.accept(validate::version(text), &field.span)
        });
        let title = fields.need("title").and_then(|field| reader.text(&field));
        let level = fields.get("level").and_then(|field| reader.one_of(&field, &LEVELS));
        let level = level.and_then(|name| Level::ALL.into_iter().find(|level| level.name() == name));
        let limits = fields.get("limits").and_then(|field| reader.table(&field, "`limits`", limits));
        let (limits, limit_notes) = limits.unwrap_or_default();
        let (checks, check_notes) = fields.need("checks").map(|field| checks(reader, &field)).unwrap_or_default();
        let notes = Notes { limits: limit_notes, checks: check_notes };
        let exercise = || {
            let (id, version, title) = (id?, version?, title?);
            Some(Exercise { id, version, title, level, limits, checks, digest: String::new(), folder: None })
        };
        (exercise(), notes)
    })
}

fn identifier(reader: &mut Reader<'_>, field: &Field<'_>) -> Option<String> {
    let text = reader.string(field)?;
    reader.accept(validate::identifier(text), &field.span)
}

fn limits(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> (Limits, LimitNotes) {
    let mut limit = |key, default| -> (Duration, Option<At<Duration>>) {
        let field = fields.get(key);
        let given = field.and_then(|field| Some(At { value: reader.duration(&field)?, span: field.span }));
        (given.as_ref().map_or(default, |given| given.value), given)
    };
    let defaults = Limits::default();
    let (ready, ready_note) = limit("ready", defaults.ready);
    let (request, request_note) = limit("request", defaults.request);
    let (run, run_note) = limit("run", defaults.run);
    (Limits { ready, request, run }, LimitNotes { ready: ready_note, request: request_note, run: run_note })
}

fn checks(reader: &mut Reader<'_>, field: &Field<'_>) -> (Vec<Check>, Vec<CheckNotes>) {
    let Some(elements) = reader.list(field) else { return (Vec::new(), Vec::new()) };
    if elements.is_empty() {
        reader.wrong("an exercise needs at least one check", field.span.clone(), None);
    }
    let (mut checks, mut notes) = (Vec::new(), Vec::new());
    for element in elements {
        let before = reader.diagnostics.len();
        if let Some((check, mut note)) = reader.table(&element, "a check", check) {
            note.is_clean = reader.diagnostics.len() == before;
            checks.extend(check);
            notes.push(note);
        }
    }
    (checks, notes)
}

fn check(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> (Option<Check>, CheckNotes) {
    let id_field = fields.need("id");
    let id = id_field.as_ref().and_then(|field| identifier(reader, field));
    let title = fields.need("title").and_then(|field| reader.text(&field));
    let points = fields.get("points").map_or(Some(DEFAULT_POINTS), |field| points(reader, &field));
    let requires = fields.get("requires").map(|field| requires(reader, &field)).unwrap_or_default();
    let program = super::program::steps(reader, fields);
    let is_program = program.is_some();
    let (steps, step_notes) =
        program.or_else(|| fields.need("steps").map(|field| steps(reader, &field))).unwrap_or_default();
    let (hints, hint_steps) = fields.get("hints").map(|field| hints(reader, &field, is_program)).unwrap_or_default();
    let hidden = fields.get("hidden").map_or(Some(false), |field| reader.boolean(&field));
    let visibility = fields.get("visibility").map_or(Some(Visibility::default()), |field| visibility(reader, &field));

    let notes = CheckNotes {
        // A malformed id is still what `requires` elsewhere means by it.
        id: id_field.and_then(|field| Some(At { value: field.value.as_str()?.to_owned(), span: field.span })),
        requires: requires.clone(),
        steps: step_notes,
        hint_steps,
        is_clean: false,
    };
    let requires = requires.into_iter().map(|id| CheckId(id.value)).collect();
    let check = || {
        let (id, title, points) = (CheckId(id?), title?, points?);
        Some(Check { id, title, points, requires, steps, hints, hidden: hidden?, visibility: visibility? })
    };
    (check(), notes)
}

fn visibility(reader: &mut Reader<'_>, field: &Field<'_>) -> Option<Visibility> {
    let name = reader.one_of(field, &VISIBILITIES)?;
    Visibility::ALL.into_iter().find(|visibility| visibility.name() == name)
}

fn points(reader: &mut Reader<'_>, field: &Field<'_>) -> Option<u32> {
    let number = reader.integer(field)?;
    reader.accept(validate::points(number), &field.span)
}

fn requires(reader: &mut Reader<'_>, field: &Field<'_>) -> Vec<At<String>> {
    let elements = reader.list(field).unwrap_or_default();
    let id = |element: &Field<'_>| Some(At { value: reader.string(element)?.to_owned(), span: element.span.clone() });
    elements.iter().filter_map(id).collect()
}

fn steps(reader: &mut Reader<'_>, field: &Field<'_>) -> (Vec<Step>, Vec<StepNotes>) {
    let Some(elements) = reader.list(field) else { return (Vec::new(), Vec::new()) };
    if elements.is_empty() {
        reader.wrong("a check needs at least one step", field.span.clone(), None);
    }
    let (mut steps, mut notes) = (Vec::new(), Vec::new());
    for element in elements {
        if let Some((step, note)) = reader.table(&element, "a step", super::step::step) {
            steps.extend(step);
            notes.push(note);
        }
    }
    (steps, notes)
}

fn hints(reader: &mut Reader<'_>, field: &Field<'_>, is_program: bool) -> (Vec<AuthoredHint>, Vec<At<i64>>) {
    let elements = reader.list(field).unwrap_or_default();
    let (mut hints, mut steps) = (Vec::new(), Vec::new());
    for element in elements {
        let read = reader.table(&element, "a hint", |reader, fields| {
            let when = fields.get("when").map_or(Some(Evidence::default()), |field| {
                reader.table(&field, "`when`", |reader, fields| {
                    super::program::refuse_foreign_evidence(reader, fields, is_program);
                    evidence(reader, fields, &mut steps)
                })
            });
            let say: Option<Text> = fields.need("say").and_then(|field| reader.text(&field));
            Some(AuthoredHint { when: when?, say: say? })
        });
        hints.extend(read.flatten());
    }
    (hints, steps)
}

fn evidence(reader: &mut Reader<'_>, fields: &mut Fields<'_>, steps: &mut Vec<At<i64>>) -> Evidence {
    let step = fields.get("step").and_then(|field| Some(At { value: reader.integer(&field)?, span: field.span }));
    let status = fields.get("status").and_then(|field| reader.status(&field));
    let log = fields.get("log").and_then(|field| reader.pattern(&field));
    let body = fields.get("body").and_then(|field| reader.pattern(&field));
    let output = fields.get("output").and_then(|field| reader.pattern(&field));
    let failure = fields.get("failure").and_then(|field| reader.one_of(&field, &FAILURES));
    let number = step.as_ref().and_then(|step| usize::try_from(step.value).ok());
    steps.extend(step);
    Evidence { step: number, status, log, body, output, failure: failure.map(str::to_owned) }
}
