//! What a step expects, in a few words, for the line above what came.

use super::{Scope, json, text};
use crate::exercise::{
    AttributeExpectation, CookieExpectation, Expectations, HtmlExpectation, Presence, Selector, TextExpectation,
};
use crate::message::Message;

/// What is expected, each thing in a few words: the status, then the body, then the rest.
#[must_use]
pub fn summary(expected: &Expectations, scope: &Scope) -> Vec<Message> {
    let mut all = Vec::new();
    all.extend(expected.status.as_ref().map(|status| Message::literal(status.to_string())));
    for (name, cookie) in &expected.cookies {
        all.extend(cookie_summary(name, cookie));
    }
    for wanted in expected.body.iter().flat_map(|body| telling(body, scope)) {
        all.push(Message::new("summary-body").with("text", wanted.message()));
    }
    for (path, value) in &expected.json {
        for wanted in json::summary(value, scope) {
            all.push(Message::new("summary-json").with("path", path.to_string()).with("text", wanted));
        }
    }
    for (selector, element) in &expected.html {
        all.extend(html_summary(selector, element, scope));
    }
    for (name, header) in &expected.headers {
        for wanted in telling(header, scope) {
            all.push(Message::new("summary-header").with("name", name.clone()).with("text", wanted.message()));
        }
    }
    for (name, capture) in &expected.captures {
        for wanted in telling(capture, scope) {
            all.push(Message::new("summary-capture").with("name", name.clone()).with("text", wanted.message()));
        }
    }
    if let Some(target) = &expected.redirected_to {
        all.push(Message::new("summary-redirect").with("target", scope.fill(target).text));
    }
    all.extend(expected.elapsed.map(|limit| Message::literal(format!("≤ {} ms", limit.as_millis()))));
    all
}

/// What must be there says enough; what must not be there is said only where it is all that is expected.
pub(super) fn telling(expected: &TextExpectation, scope: &Scope) -> Vec<text::Wanted> {
    let all = text::wanted(expected, scope);
    let (absent, present): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|wanted| matches!(wanted, text::Wanted::NotContains(_)));
    if present.is_empty() { absent } else { present }
}

fn html_summary(selector: &Selector, expected: &HtmlExpectation, scope: &Scope) -> Vec<Message> {
    let mut wanted = Vec::new();
    wanted.extend(expected.count.map(text::count));
    wanted.extend(expected.text.iter().flat_map(|text| telling(text, scope)).map(|wanted| wanted.message()));
    let named =
        |message: Message| Message::new("summary-html").with("selector", selector.to_string()).with("text", message);
    let presence = expected.presence.map(|presence| match presence {
        Presence::Present => Message::new("summary-element").with("selector", selector.to_string()),
        Presence::Absent => Message::new("summary-no-element").with("selector", selector.to_string()),
    });
    let mut all: Vec<_> = presence.into_iter().chain(wanted.into_iter().map(named)).collect();
    for (name, attribute) in &expected.attributes {
        let wanted = match attribute {
            AttributeExpectation::Presence(Presence::Present) => vec![Message::new("expected-attribute")],
            AttributeExpectation::Presence(Presence::Absent) => vec![Message::new("expected-no-attribute")],
            AttributeExpectation::Value(text) => telling(text, scope).iter().map(text::Wanted::message).collect(),
        };
        let named = |message: Message| {
            let place = Message::new("summary-attribute").with("name", name.clone());
            place.with("selector", selector.to_string()).with("text", message)
        };
        all.extend(wanted.into_iter().map(named));
    }
    all
}

fn cookie_summary(name: &str, expected: &CookieExpectation) -> Option<Message> {
    let id = match (expected.presence, expected.time) {
        (_, Some(_)) => "summary-cookie-now",
        (Some(Presence::Absent), None) => "summary-cookie-absent",
        _ => "summary-cookie",
    };
    let message = Message::new(id).with("name", name);
    let sent_to = expected.sent_to.as_ref().and_then(|path| path.as_literal());
    Some(match sent_to {
        Some(path) => Message::new("summary-cookie-sent-to").with("name", name).with("path", path),
        None => message,
    })
}
