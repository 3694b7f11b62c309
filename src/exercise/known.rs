//! What is known of the answers that are shipped with an exercise.

use super::CheckId;
use crate::outcome::ProblemCode;

/// How a known mistake ends, as its author says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The checks that it fails, in the author's order; not those that are skipped because of them.
    pub fails: Vec<CheckId>,
    /// Why it cannot be graded as a whole, for one that does not start.
    pub problem: Option<ProblemCode>,
}

/// What the reference server is to an exercise: with one of its faults, or with none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reference {
    /// The variants that pass everything.
    pub solutions: Vec<KnownVariant>,
    /// The variants that are known mistakes, and how each ends.
    pub mistakes: Vec<(KnownVariant, Known)>,
}

/// A variant of the reference server: the name of a fault, or `correct` for the server without one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KnownVariant(pub String);

impl KnownVariant {
    /// The name of the server that makes no mistake.
    pub const CORRECT: &str = "correct";

    /// The fault's name; none for the server that makes no mistake.
    #[must_use]
    pub fn fault(&self) -> Option<&str> {
        (self.0 != Self::CORRECT).then_some(self.0.as_str())
    }
}
