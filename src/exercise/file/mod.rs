//! The TOML form of an exercise: read with every mistake reported, and described as a JSON schema.
//!
//! The file is parsed once into a tree with spans, which the reader walks. It knows of each table which
//! keys belong there and goes on after a mistake, so that an author sees all of them at once. `shape`
//! describes the same tables for editors; tests hold both together.

mod body;
mod check;
mod expect;
mod known;
mod leaf;
mod program;
mod reader;
mod save;
mod shape;
mod step;
#[cfg(test)]
mod tests;
mod write;

use sha2::{Digest, Sha256};
use toml::de::DeTable;

use super::diagnostic::{self, Diagnostic};
use super::validate::validate;
use super::{Exercise, Known, Reference};
use reader::{Reader, Trust};

pub use write::write;

/// Reads an exercise file.
///
/// # Errors
/// Everything that is wrong with it, in the order of the file, each said once and nothing said that only
/// follows from another mistake. A file that is not TOML is told that alone.
pub fn parse(source: &str) -> Result<Exercise, Vec<Diagnostic>> {
    read(source, Trust::Unknown)
}

/// Reads an exercise file that is part of this program, which a test has read with [`parse`].
pub(super) fn parse_known(source: &str) -> Result<Exercise, Vec<Diagnostic>> {
    read(source, Trust::Known)
}

fn read(source: &str, trust: Trust) -> Result<Exercise, Vec<Diagnostic>> {
    let (document, errors) = DeTable::parse_recoverable(source);
    if !errors.is_empty() {
        let mut diagnostics = errors.iter().map(syntax_error).collect();
        diagnostic::sort(&mut diagnostics);
        return Err(diagnostics);
    }
    let mut reader = Reader::new(source, trust);
    let (exercise, notes) = check::exercise(&mut reader, document.get_ref());
    let mut diagnostics = reader.diagnostics;
    diagnostics.extend(validate(&notes));
    match exercise {
        Some(exercise) if diagnostics.is_empty() => Ok(Exercise { digest: digest(source), ..exercise }),
        _ => {
            diagnostic::sort(&mut diagnostics);
            Err(diagnostics)
        }
    }
}

/// The JSON schema (draft 2020-12) of exercise files, for editors.
///
/// What it refuses, [`parse`] refuses; `parse` also follows references, which no schema can.
#[must_use]
pub fn json_schema() -> serde_json::Value {
    shape::json_schema()
}

/// Reads the `expect.toml` of a known mistake of this exercise.
///
/// # Errors
/// Everything that is wrong with it, as [`parse`] does.
pub fn parse_expect(source: &str, exercise: &Exercise) -> Result<Known, Vec<Diagnostic>> {
    beside(source, |reader, document| known::expect(reader, document, exercise))
}

/// Reads the `reference.toml` of this exercise: what the reference server and its faults, whose names these are, are
/// to it.
///
/// # Errors
/// Everything that is wrong with it, as [`parse`] does.
pub fn parse_reference(source: &str, exercise: &Exercise, faults: &[&str]) -> Result<Reference, Vec<Diagnostic>> {
    beside(source, |reader, document| known::reference(reader, document, exercise, faults))
}

/// Reads a file that stands beside an exercise.
fn beside<T>(
    source: &str,
    read: impl FnOnce(&mut Reader<'_>, &DeTable<'_>) -> Option<T>,
) -> Result<T, Vec<Diagnostic>> {
    let (document, errors) = DeTable::parse_recoverable(source);
    let mut diagnostics: Vec<_> = errors.iter().map(syntax_error).collect();
    if diagnostics.is_empty() {
        let mut reader = Reader::new(source, Trust::Unknown);
        let value = read(&mut reader, document.get_ref());
        diagnostics = reader.diagnostics;
        if let (Some(value), true) = (value, diagnostics.is_empty()) {
            return Ok(value);
        }
    }
    diagnostic::sort(&mut diagnostics);
    Err(diagnostics)
}

fn syntax_error(error: &toml::de::Error) -> Diagnostic {
    Diagnostic::new(format!("this is not TOML: {}", error.message()), error.span().unwrap_or_default())
}

fn digest(source: &str) -> String {
    use std::fmt::Write;

    let mut text = "sha256:".to_owned();
    for byte in Sha256::digest(source.as_bytes()) {
        write!(text, "{byte:02x}").expect("a string takes all that is written to it");
    }
    text
}
