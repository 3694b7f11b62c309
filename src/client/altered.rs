//! Answers changed on their way in, for finding out what checks notice.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::http::Received;
use crate::exchange::Request;
use crate::mutation::{Answer, Mutator};

/// Changes what one server answers, whoever asks it: a client has it, and whoever made it can ask what it did.
#[derive(Clone, Debug)]
pub struct Alterer(Arc<Mutex<Mutator>>);

impl Alterer {
    /// Applies a mutation to every answer from now on.
    #[must_use]
    pub fn new(mutator: Mutator) -> Self {
        Self(Arc::new(Mutex::new(mutator)))
    }

    /// How many answers arrived otherwise than they were given.
    #[must_use]
    pub fn changed(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).changed()
    }

    /// What arrives, and how much later.
    pub(super) fn pass(&self, client: &str, request: &Request, received: Received) -> (Received, Duration) {
        let mut mutator = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (answer, late) = mutator.pass(client, request, given(&received));
        (arrived(answer, received.version), late)
    }
}

fn given(received: &Received) -> Answer {
    let headers = received.headers.iter().map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()));
    Answer { status: received.status, headers: headers.collect(), body: received.body.clone() }
}

fn arrived(answer: Answer, version: String) -> Received {
    let mut headers = HeaderMap::with_capacity(answer.headers.len());
    for (name, value) in answer.headers {
        // What was changed is a header too; it is made of one and of plain text.
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_bytes(&value)) {
            headers.append(name, value);
        }
    }
    Received { status: answer.status, version, headers, body: answer.body }
}
