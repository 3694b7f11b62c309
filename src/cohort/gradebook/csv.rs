//! The gradebook as CSV: a line for each person.

use super::{Gradebook, Row};
use crate::cohort::manifest::Who;
use crate::report::safe_line;

/// The gradebook as CSV (RFC 4180) in UTF-8 with a byte order mark, without which spreadsheets misread Chinese.
///
/// A submission of several people has a line for each. `earned` is empty for whoever has no points, never 0.
#[must_use]
pub fn csv(gradebook: &Gradebook) -> String {
    let mut lines = writer();
    let fixed =
        ["key", "name", "id", "login", "email", "state", "verdict", "earned", "possible", "late", "attempts", "flaky"];
    let checks = gradebook.checks.iter().map(|check| check.id.as_str());
    record(&mut lines, fixed.into_iter().chain(checks).chain(["cause", "report"]).map(str::to_owned));
    for row in &gradebook.rows {
        for who in &row.people {
            record(&mut lines, fields(gradebook, row, who));
        }
    }
    format!("\u{feff}{}", finish(lines))
}

fn fields(gradebook: &Gradebook, row: &Row, who: &Who) -> Vec<String> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
    let yes = |is: bool| if is { "yes" } else { "" }.to_owned();
    let report = row.state.report();
    let mut fields = vec![row.key.clone(), who.name.clone(), text(&who.id), text(&who.login), text(&who.email)];
    fields.push(row.state.name().to_owned());
    fields.push(report.map(|report| super::verdict(report.verdict).to_owned()).unwrap_or_default());
    fields.extend([number(row.state.earned()), number(gradebook.possible), yes(row.is_late())]);
    fields.extend([row.attempts.len().to_string(), yes(row.is_flaky())]);
    fields.extend(gradebook.checks.iter().map(|check| row.verdict_of(&check.id).to_owned()));
    fields.push(row.cause().unwrap_or_default());
    fields.push(row.place.as_ref().map(|place| place.display().to_string()).unwrap_or_default());
    fields
}

pub(super) fn writer() -> ::csv::Writer<Vec<u8>> {
    ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).flexible(true).from_writer(Vec::new())
}

pub(super) fn record(writer: &mut ::csv::Writer<Vec<u8>>, fields: impl IntoIterator<Item = String>) {
    let fields = fields.into_iter().map(|field| harmless(&field));
    writer.write_record(fields).expect("memory takes every record");
}

pub(super) fn finish(writer: ::csv::Writer<Vec<u8>>) -> String {
    let bytes = writer.into_inner().expect("memory takes every record");
    String::from_utf8(bytes).expect("only text was written")
}

/// A field that no spreadsheet takes for a formula, and that moves no cursor.
///
/// Spreadsheets calculate what begins with one of these, in their wide forms too, also behind spaces and quotes
/// (OWASP, CSV injection); an apostrophe before it makes it text.
pub(super) fn harmless(field: &str) -> String {
    let plain = safe_line(field);
    let first = plain.trim_start_matches([' ', '"', '\'', '\u{3000}', '\u{a0}']).chars().next();
    match first {
        Some('=' | '+' | '-' | '@' | '|' | '%' | '＝' | '＋' | '－' | '＠') => format!("'{plain}"),
        _ => plain.into_owned(),
    }
}
