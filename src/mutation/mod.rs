//! What could be wrong with an answer, one thing at a time.
//!
//! A check is worth what it notices. So an exercise is tried on a server that is right but for one thing, changed on
//! its way to the checker: [`mutations`] lists such things for exchanges that were recorded, a [`Mutator`] changes
//! answers, and [`Score`] counts what was noticed. All of it is data in, data out; who sends requests is elsewhere.

mod answer;
mod cookie_line;
mod json;
mod list;
mod mutator;
mod score;
mod situation;

#[cfg(test)]
mod tests;

use std::fmt;
use std::time::Duration;

use crate::exchange::Request;

pub use answer::Answer;
pub use list::{LeftOut, Listed, mutations, spread};
pub use mutator::Mutator;
pub use score::{Score, Tried};
pub use situation::Situation;

/// One thing that is changed in every answer to the same request.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mutation {
    /// The request whose answers are changed.
    pub situation: Situation,
    /// What is changed.
    pub alteration: Alteration,
}

impl Mutation {
    /// Whether an answer with this status to this request is changed, in a run that drew these random values.
    ///
    /// A page that is kept is kept for whoever asks, so there nothing but the page makes a difference.
    #[must_use]
    pub fn concerns(&self, request: &Request, status: u16, randoms: &[String]) -> bool {
        let situation = Situation::of(request, status, randoms);
        match self.alteration {
            Alteration::Frozen => situation.page() == self.situation,
            _ => situation == self.situation,
        }
    }
}

/// What is changed in an answer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Alteration {
    /// The status is another one.
    Status {
        /// The server's own.
        from: u16,
        /// The one that arrives.
        to: u16,
    },
    /// A header is missing.
    HeaderDropped(String),
    /// A header has another value.
    HeaderChanged(String),
    /// A cookie is not set.
    CookieDropped(String),
    /// A cookie is set under another name.
    CookieRenamed(String),
    /// A cookie is set with another value.
    CookieChanged(String),
    /// A cookie is set without a value.
    CookieEmptied(String),
    /// A cookie lacks an attribute that it had.
    AttributeDropped {
        /// The cookie's name.
        cookie: String,
        /// The attribute, in lower case.
        attribute: String,
    },
    /// An attribute of a cookie has another value.
    AttributeChanged {
        /// The cookie's name.
        cookie: String,
        /// The attribute, in lower case.
        attribute: String,
    },
    /// The body is empty.
    BodyEmptied,
    /// The second half of the body is missing.
    BodyCut,
    /// The body says something else.
    BodyChanged,
    /// A value of a JSON body is missing, by its pointer (RFC 6901).
    JsonDropped(String),
    /// A value of a JSON body is another one, by its pointer.
    JsonChanged(String),
    /// The answer is the one that another client got to the same request.
    Swapped,
    /// The answer is always the first one that this address gave, however it is asked.
    Frozen,
    /// The answer comes so much later.
    Delayed(Duration),
}

impl Alteration {
    /// Its name in the JSON form.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Status { .. } => "status",
            Self::HeaderDropped(_) => "header_dropped",
            Self::HeaderChanged(_) => "header_changed",
            Self::CookieDropped(_) => "cookie_dropped",
            Self::CookieRenamed(_) => "cookie_renamed",
            Self::CookieChanged(_) => "cookie_changed",
            Self::CookieEmptied(_) => "cookie_emptied",
            Self::AttributeDropped { .. } => "attribute_dropped",
            Self::AttributeChanged { .. } => "attribute_changed",
            Self::BodyEmptied => "body_emptied",
            Self::BodyCut => "body_cut",
            Self::BodyChanged => "body_changed",
            Self::JsonDropped(_) => "json_dropped",
            Self::JsonChanged(_) => "json_changed",
            Self::Swapped => "swapped",
            Self::Frozen => "frozen",
            Self::Delayed(_) => "delayed",
        }
    }
}

/// For logs and test failures; people read the catalogue's words.
impl fmt::Display for Mutation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {:?}", self.situation, self.alteration)
    }
}
