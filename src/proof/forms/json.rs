//! The record itself.

use crate::proof::model::Proof;

/// One JSON object, with a newline at the end.
///
/// # Panics
/// Never: the record holds nothing that JSON cannot.
#[must_use]
pub fn json(proof: &Proof) -> String {
    format!("{}\n", serde_json::to_string_pretty(proof).expect("a record holds nothing that JSON cannot"))
}

/// The JSON schema (draft 2020-12) of the record.
#[must_use]
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Proof).to_value()
}
