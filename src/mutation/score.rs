//! How many mutations were noticed.

use crate::exercise::CheckId;

/// What became of a mutation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tried {
    /// These checks did not pass.
    Noticed(Vec<CheckId>),
    /// Everything passed, though an answer was another one.
    Survived,
    /// No answer was another one in the end: the request did not come, or was answered so already.
    Idle,
    /// The run could not be graded, for a reason of the machine's.
    Undecided,
}

/// Counts of what became of mutations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// See [`Tried::Noticed`].
    pub noticed: usize,
    /// See [`Tried::Survived`].
    pub survived: usize,
    /// See [`Tried::Idle`].
    pub idle: usize,
    /// See [`Tried::Undecided`].
    pub undecided: usize,
}

impl Score {
    /// The counts of these.
    #[must_use]
    pub fn of<'t>(all: impl IntoIterator<Item = &'t Tried>) -> Self {
        let mut score = Self::default();
        for tried in all {
            *match tried {
                Tried::Noticed(_) => &mut score.noticed,
                Tried::Survived => &mut score.survived,
                Tried::Idle => &mut score.idle,
                Tried::Undecided => &mut score.undecided,
            } += 1;
        }
        score
    }

    /// The share that was noticed of what could be, in whole percent, rounded down so that 100 means all; none if
    /// nothing could be.
    #[must_use]
    pub fn percent(&self) -> Option<usize> {
        (self.noticed * 100).checked_div(self.noticed + self.survived)
    }
}
