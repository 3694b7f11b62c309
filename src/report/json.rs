//! The report as JSON, and the schema of that JSON.

use super::Report;

/// The report as one indented JSON object, with a line end.
#[must_use]
pub fn json(report: &Report) -> String {
    let mut text = serde_json::to_string_pretty(report).expect("a report holds nothing that JSON cannot");
    text.push('\n');
    text
}

/// The JSON schema (draft 2020-12) of a report.
#[must_use]
pub fn schema() -> serde_json::Value {
    let mut schema = schemars::schema_for!(Report);
    schema.insert("title".to_owned(), "A report of checker".into());
    schema.to_value()
}
