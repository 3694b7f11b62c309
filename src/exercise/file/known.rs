//! The files beside an exercise: `expect.toml` of a known mistake, and `reference.toml`.

use toml::de::DeTable;

use super::reader::{Fields, Reader};
use crate::exercise::diagnostic::Span;
use crate::exercise::suggest::did_you_mean;
use crate::exercise::{CheckId, Exercise, Known, KnownVariant, Reference};
use crate::outcome::ProblemCode;

/// The problems that a submission can have, and so a mistake.
const PROBLEMS: [&str; 7] = [
    ProblemCode::Unrecognised.name(),
    ProblemCode::Empty.name(),
    ProblemCode::BuildFailed.name(),
    ProblemCode::ExitedEarly.name(),
    ProblemCode::NeverListened.name(),
    ProblemCode::NotHttp.name(),
    ProblemCode::RunTimeout.name(),
];

/// How a mistake ends.
pub(super) fn expect<'t>(reader: &mut Reader<'_>, document: &'t DeTable<'t>, exercise: &Exercise) -> Option<Known> {
    reader.entries(document, 0..0, "`expect.toml`", |reader, fields| known(reader, fields, exercise))
}

/// Which variants of the reference server solve the exercise, and which are mistakes.
pub(super) fn reference<'t>(
    reader: &mut Reader<'_>,
    document: &'t DeTable<'t>,
    exercise: &Exercise,
    variants: &[&str],
) -> Option<Reference> {
    reader.entries(document, 0..0, "`reference.toml`", |reader, fields| {
        let solutions = fields.need("solutions").and_then(|field| reader.list(&field))?;
        let mut named = Vec::new();
        for element in solutions {
            if let Some(name) = reader.string(&element) {
                named.extend(variant(reader, name, &element.span, variants));
            }
        }
        let solutions = named;
        let mut mistakes = Vec::new();
        for field in fields.need("mistakes").map(|field| reader.map(&field)).unwrap_or_default() {
            variant(reader, field.key, &field.key_span, variants);
            let read = reader.table(&field, "a mistake", |reader, fields| known(reader, fields, exercise));
            mistakes.extend(read.flatten().map(|known| (KnownVariant(field.key.to_owned()), known)));
        }
        Some(Reference { solutions, mistakes })
    })
}

/// The variant of this name, if there is one.
fn variant(reader: &mut Reader<'_>, name: &str, span: &Span, variants: &[&str]) -> Option<KnownVariant> {
    let names = || std::iter::once(KnownVariant::CORRECT).chain(variants.iter().copied());
    if names().any(|known| known == name) {
        return Some(KnownVariant(name.to_owned()));
    }
    let help = did_you_mean(name, names());
    reader.wrong(format!("the reference server has no variant `{name}`"), span.clone(), help);
    None
}

fn known(reader: &mut Reader<'_>, fields: &mut Fields<'_>, exercise: &Exercise) -> Option<Known> {
    let problem = fields.get("problem").and_then(|field| reader.one_of(&field, &PROBLEMS));
    let problem = problem.and_then(|name| ProblemCode::ALL.into_iter().find(|code| code.name() == name));
    let field = fields.need("fails")?;
    let elements = reader.list(&field)?;
    if elements.is_empty() {
        let help = "an answer that fails nothing is a solution, not a mistake".to_owned();
        reader.wrong("`fails` names no check", field.span.clone(), Some(help));
    }
    let mut fails = Vec::new();
    for element in &elements {
        let Some(id) = reader.string(element) else { continue };
        let ids = || exercise.checks.iter().map(|check| check.id.0.as_str());
        let id_of = CheckId(id.to_owned());
        if !ids().any(|known| known == id) {
            let all = || format!("the checks are {}", ids().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", "));
            let help = did_you_mean(id, ids()).unwrap_or_else(all);
            reader.wrong(format!("there is no check `{id}`"), element.span.clone(), Some(help));
        } else if fails.contains(&id_of) {
            reader.wrong(format!("`{id}` is named twice"), element.span.clone(), None);
        } else {
            fails.push(id_of);
        }
    }
    Some(Known { fails, problem })
}
