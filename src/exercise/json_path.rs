//! Paths into a JSON document.

use std::fmt;

/// A JSONPath (RFC 9535), known to be one.
#[derive(Clone, Debug)]
pub struct JsonPath {
    source: String,
    path: serde_json_path::JsonPath,
}

/// Why a text is not a JSONPath.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JsonPathError {
    /// The byte of the text at which it stops being one.
    pub at: usize,
}

impl JsonPath {
    /// Reads a path.
    ///
    /// # Errors
    /// Where it stops being one.
    pub fn parse(text: &str) -> Result<Self, JsonPathError> {
        let path = serde_json_path::JsonPath::parse(text)
            .map_err(|error| JsonPathError { at: error.position().min(text.len()) })?;
        Ok(Self { source: text.to_owned(), path })
    }

    /// What the path selects of a document, in its order.
    #[must_use]
    pub fn select<'v>(&self, document: &'v serde_json::Value) -> Vec<&'v serde_json::Value> {
        self.path.query(document).all()
    }
}

/// As its author wrote it.
impl fmt::Display for JsonPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_of_a_mistake_is_in_the_text() {
        for (text, at) in [
            ("", 0),
            ("name", 0),
            ("$.", 2),
            ("$.a[", 3),
            ("$.a..", 5),
            ("$['a'", 5),
            ("$.a b", 3),
            ("$.名[?@.x ==]", 11),
        ] {
            let error = JsonPath::parse(text).expect_err(text);
            assert_eq!(error, JsonPathError { at }, "{text}");
        }
    }
}
