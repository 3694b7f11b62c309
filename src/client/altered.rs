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

#[cfg(test)]
mod tests {
    use super::super::raw_server::{LONG, RawServer, block_on, call};
    use super::super::{Client, Jar};
    use super::*;
    use crate::exchange::{ClientName, Exchange, FailureCode};
    use crate::mutation::{Alteration, Mutation, Situation};

    const REPLY: &str = "HTTP/1.1 200 OK\r\nX-Own: 1\r\nSet-Cookie: time=now; Path=/\r\nContent-Length: 2\r\n\r\nhi";

    /// What comes of `GET /` with one thing changed, what the jar holds then, and how many answers were changed.
    fn visit(alteration: Alteration) -> (Exchange, Option<String>, usize) {
        let server = RawServer::answering(REPLY);
        let status = Some(200);
        let situation = Situation { method: "GET".into(), path: "/".into(), status, ..Situation::default() };
        let alterer = Alterer::new(Mutator::new(Mutation { situation, alteration }, Vec::new()));
        let client = Client::for_address(server.address).unwrap().altered(Some(alterer.clone()));
        let (name, mut jar) = (ClientName::default(), Jar::new());
        let deadline = tokio::time::Instant::now() + LONG;
        let exchange = block_on(async { client.send(&name, &mut jar, &call("GET", "/"), deadline).await });
        let kept = jar.value(client.base_url(), "/", "time");
        (exchange, kept, alterer.changed())
    }

    #[test]
    fn what_is_changed_is_what_the_exchange_and_the_jar_have() {
        let (exchange, kept, changed) = visit(Alteration::Status { from: 200, to: 404 });
        let response = exchange.result.unwrap();
        assert_eq!((response.status, response.body.text.as_str(), changed), (404, "hi", 1));
        assert_eq!(kept.as_deref(), Some("now"));
        let (exchange, kept, _) = visit(Alteration::CookieRenamed("time".into()));
        assert_eq!(exchange.result.unwrap().cookies[0].name, "time2");
        assert_eq!(kept, None);
        let (exchange, _, _) = visit(Alteration::HeaderDropped("x-own".into()));
        assert_eq!(exchange.result.unwrap().header("x-own"), None);
    }

    #[test]
    fn a_delay_is_not_waited_for() {
        let began = std::time::Instant::now();
        let hour = Duration::from_secs(3600);
        let (exchange, _, _) = visit(Alteration::Delayed(hour));
        assert_eq!(exchange.result.unwrap_err().code, FailureCode::Timeout);
        assert!(exchange.elapsed >= hour && began.elapsed() < LONG);
        let (exchange, _, changed) = visit(Alteration::Delayed(Duration::from_millis(1)));
        assert_eq!((exchange.result.unwrap().status, changed), (200, 1));
    }
}
