//! Regular expressions of exercises.

use std::fmt;
use std::sync::{Arc, OnceLock};

use regex::Regex;

/// A regular expression, known to compile. Clones share the compiled form.
#[derive(Clone, Debug)]
pub struct Pattern {
    source: String,
    compiled: Arc<OnceLock<Regex>>,
}

impl Pattern {
    /// Compiles a text.
    ///
    /// # Errors
    /// If it is no regular expression, or a too large one.
    pub fn new(text: &str) -> Result<Self, regex::Error> {
        let compiled = Regex::new(text)?;
        Ok(Self { source: text.to_owned(), compiled: Arc::new(OnceLock::from(compiled)) })
    }

    /// A text that is known to compile, which it is when it is first used: most of an exercise's hints never are.
    pub(crate) fn known(text: &str) -> Self {
        Self { source: text.to_owned(), compiled: Arc::default() }
    }

    /// The regular expression, compiled.
    ///
    /// # Panics
    /// Never: it is known to compile.
    #[must_use]
    pub fn regex(&self) -> &Regex {
        self.compiled.get_or_init(|| Regex::new(&self.source).expect("a test compiles every known pattern"))
    }
}

/// As its author wrote it.
impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)
    }
}
