//! The gradebook as JSON, for programs.

use serde::Serialize;

use super::{Gradebook, Row};
use crate::cohort::manifest::{Handed, Who};

/// The version of this shape: a field may be added, which raises the minor number.
const SCHEMA_VERSION: &str = "1.0";

#[derive(Serialize)]
struct Book<'a> {
    schema_version: &'static str,
    exercise: &'a str,
    title: &'a str,
    possible: Option<u32>,
    checks: Vec<Check<'a>>,
    rows: Vec<Line<'a>>,
}

#[derive(Serialize)]
struct Check<'a> {
    id: &'a str,
    title: &'a str,
    possible: u32,
}

#[derive(Serialize)]
struct Line<'a> {
    key: &'a str,
    people: &'a [Who],
    state: &'static str,
    verdict: Option<&'static str>,
    earned: Option<u32>,
    late: bool,
    flaky: bool,
    attempts: &'a [Handed],
    checks: Vec<&'static str>,
    cause: Option<String>,
    report: Option<String>,
}

/// One indented JSON object with a line end. `checks` of a row are in the order of the gradebook's.
#[must_use]
pub fn json<'a>(gradebook: &'a Gradebook) -> String {
    let check = |check: &'a super::Column| Check { id: &check.id, title: &check.title, possible: check.possible };
    let book = Book {
        schema_version: SCHEMA_VERSION,
        exercise: &gradebook.exercise,
        title: &gradebook.title,
        possible: gradebook.possible,
        checks: gradebook.checks.iter().map(check).collect(),
        rows: gradebook.rows.iter().map(|row| line(gradebook, row)).collect(),
    };
    let mut text = serde_json::to_string_pretty(&book).expect("a gradebook holds nothing that JSON cannot");
    text.push('\n');
    text
}

fn line<'a>(gradebook: &Gradebook, row: &'a Row) -> Line<'a> {
    Line {
        key: &row.key,
        people: &row.people,
        state: row.state.name(),
        verdict: row.state.report().map(|report| super::verdict(report.verdict)),
        earned: row.state.earned(),
        late: row.is_late(),
        flaky: row.is_flaky(),
        attempts: &row.attempts,
        checks: match row.state.report() {
            Some(_) => gradebook.checks.iter().map(|check| row.verdict_of(&check.id)).collect(),
            None => Vec::new(),
        },
        cause: row.cause(),
        report: row.place.as_ref().map(|place| place.display().to_string()),
    }
}
