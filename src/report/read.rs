//! A saved JSON report, of this version or an older minor one, read back.

use serde_json::Value;

use super::model::{Report, SCHEMA_VERSION};

/// Why a text is not a report that this version reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// It is not JSON; what the parser says, with line and column.
    NotJson(String),
    /// It is JSON, but no report: it has no `schema_version` of the form `1.2`.
    NotAReport,
    /// It is a report of another major version, whose fields mean something else.
    OtherMajor {
        /// The report's version.
        found: String,
        /// The version that is read.
        known: &'static str,
    },
    /// It says that it is a report, but a field is missing or of another type; what the reader says.
    Broken(String),
}

/// Reads a report. What an older minor version lacks gets the value that it stood for; what a newer minor version
/// has more is passed over.
///
/// # Errors
/// If the text is no report, or one of another major version.
pub fn read(text: &str) -> Result<Report, ReadError> {
    let value: Value = serde_json::from_str(text).map_err(|error| ReadError::NotJson(error.to_string()))?;
    let version = value.get("schema_version").and_then(Value::as_str).ok_or(ReadError::NotAReport)?;
    let major = major(version).ok_or(ReadError::NotAReport)?;
    if Some(major) != self::major(SCHEMA_VERSION) {
        return Err(ReadError::OtherMajor { found: version.to_owned(), known: SCHEMA_VERSION });
    }
    serde_json::from_value(value).map_err(|error| ReadError::Broken(error.to_string()))
}

fn major(version: &str) -> Option<u32> {
    let (major, minor) = version.split_once('.')?;
    minor.parse::<u32>().ok()?;
    major.parse().ok()
}
