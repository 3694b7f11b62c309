//! Judging: expectations beside an exchange give mismatches. Pure: no clock, no I/O.

mod cookies;
pub mod echo;
mod html;
mod json;
mod program;
mod scope;
mod summary;
mod text;
pub mod time;

pub use cookies::undecided_until;
pub use html::captured as captured_of_html;
pub use json::{captured as captured_of_json, filled as filled_json};
pub use program::{Decision, is_tap, program, program_not_started, program_too_slow};
pub use scope::{Filled, Scope};
pub use summary::summary;

use std::time::Duration;

use crate::exchange::{Exchange, Response, TransportFailure};
use crate::exercise::{Expectations, StatusExpectation, StatusMatch, Template};
use crate::message::Message;
use crate::outcome::{Aspect, Mismatch};

/// What of a step's expectations the exchange does not satisfy, most telling first; empty if all is well.
///
/// A response that did not come, or came with the wrong status, is the only mismatch: what else such
/// a response lacks says nothing more.
#[must_use]
pub fn judge(step: usize, expected: &Expectations, exchange: &Exchange, scope: &Scope) -> Vec<Mismatch> {
    let response = match &exchange.result {
        Ok(response) => response,
        Err(failure) => return vec![no_response(step, expected, failure, scope)],
    };
    if let Some(mismatch) = status(step, expected.status.as_ref(), response) {
        return vec![mismatch];
    }
    let mut found = Vec::new();
    for (name, cookie) in &expected.cookies {
        found.extend(cookies::judge(step, name, cookie, exchange, response, scope));
    }
    if let Some(body) = &expected.body {
        found.extend(text::judge(step, &Aspect::Body, body, &response.body.text, scope));
    }
    found.extend(json::judge(step, &expected.json, &response.body.text, scope));
    found.extend(html::judge(step, &expected.html, &response.body.text, scope));
    for (name, header) in &expected.headers {
        let value = response.header(name).unwrap_or_default();
        found.extend(text::judge(step, &Aspect::Header(name.clone()), header, value, scope));
    }
    for (name, capture) in &expected.captures {
        let value = scope.captures.get(name).map_or("", String::as_str);
        found.extend(text::judge(step, &Aspect::Capture(name.clone()), capture, value, scope));
    }
    found.extend(expected.elapsed.and_then(|limit| elapsed(step, limit, exchange)));
    if let Some(target) = &expected.redirected_to {
        found.extend(redirect(step, target, exchange, response, scope));
    }
    found
}

/// A mismatch whose sentence says both sides.
fn beside(step: usize, what: Aspect, message: Message, expected: Message, actual: Message) -> Mismatch {
    let message = message.with("expected", expected.clone()).with("actual", actual.clone());
    Mismatch { step, what, message, expected, actual }
}

fn no_response(step: usize, expected: &Expectations, failure: &TransportFailure, scope: &Scope) -> Mismatch {
    let actual = failure_message(failure);
    let expected = match summary(expected, scope).into_iter().next() {
        Some(first) => first,
        None => Message::new("expected-response"),
    };
    Mismatch {
        step,
        what: Aspect::Transport,
        message: Message::new("mismatch-transport").with("failure", actual.clone()),
        expected,
        actual,
    }
}

/// A transport failure in words.
#[must_use]
pub fn failure_message(failure: &TransportFailure) -> Message {
    use crate::exchange::FailureCode as Code;
    let id = match failure.code {
        Code::Refused => "failure-refused",
        Code::Reset => "failure-reset",
        Code::ClosedEarly => "failure-closed-early",
        Code::Timeout => "failure-timeout",
        Code::InvalidHttp => "failure-invalid-http",
        Code::TooLarge => "failure-too-large",
        Code::RedirectLoop => "failure-redirect-loop",
        Code::Blocked => "failure-blocked",
    };
    Message::new(id)
}

fn status(step: usize, expected: Option<&StatusExpectation>, response: &Response) -> Option<Mismatch> {
    let expected = expected.filter(|expected| !expected.allows(response.status))?;
    let (wanted, actual) = (expected.to_string(), response.status.to_string());
    Some(Mismatch {
        step,
        what: Aspect::Status,
        message: Message::new("mismatch-status").with("expected", wanted.clone()).with("actual", actual.clone()),
        expected: Message::literal(wanted),
        actual: Message::literal(actual),
    })
}

impl StatusExpectation {
    /// Whether this status code will do.
    #[must_use]
    pub fn allows(&self, status: u16) -> bool {
        self.0.iter().any(|wanted| match wanted {
            StatusMatch::Code(code) => *code == status,
            StatusMatch::Class(class) => u16::from(*class) == status / 100,
        })
    }
}

/// As an author would write it, such as `200` or `2xx, 304`.
impl std::fmt::Display for StatusExpectation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (place, wanted) in self.0.iter().enumerate() {
            if place > 0 {
                f.write_str(", ")?;
            }
            match wanted {
                StatusMatch::Code(code) => write!(f, "{code}")?,
                StatusMatch::Class(class) => write!(f, "{class}xx")?,
            }
        }
        Ok(())
    }
}

fn elapsed(step: usize, limit: Duration, exchange: &Exchange) -> Option<Mismatch> {
    let (limit, took) = (limit.as_millis(), exchange.elapsed.as_millis());
    (took > limit).then(|| Mismatch {
        step,
        what: Aspect::Elapsed,
        expected: Message::literal(format!("≤ {limit} ms")),
        actual: Message::literal(format!("{took} ms")),
        message: Message::new("mismatch-elapsed").with("limit", limit.to_string()).with("took", took.to_string()),
    })
}

fn redirect(
    step: usize,
    expected: &Template,
    exchange: &Exchange,
    response: &Response,
    scope: &Scope,
) -> Option<Mismatch> {
    let expected = scope.fill(expected).text;
    let location = response.header("location");
    let arrived = location.and_then(|location| target_of(&exchange.request.url, location));
    if arrived.as_deref() == Some(expected.as_str()) {
        return None;
    }
    let actual = location.map_or_else(|| Message::new("actual-no-redirect"), text::quoted);
    Some(Mismatch {
        step,
        what: Aspect::Redirect,
        message: Message::new("mismatch-redirect").with("expected", expected.clone()).with("actual", actual.clone()),
        expected: text::quoted(&expected),
        actual,
    })
}

/// Where a `Location` leads: path and query within the origin that it was asked at; the whole address elsewhere.
fn target_of(url: &str, location: &str) -> Option<String> {
    let base = url::Url::parse(url).ok()?;
    let target = base.join(location).ok()?;
    if target.origin() != base.origin() {
        return Some(target.to_string());
    }
    let query = target.query().map(|query| format!("?{query}")).unwrap_or_default();
    Some(format!("{}{query}", target.path()))
}

#[cfg(test)]
mod bodies_tests;
#[cfg(test)]
mod tests;
