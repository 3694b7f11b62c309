//! One request step: its places filled, sent, judged, and explained if it failed.

use std::collections::HashMap;

use tokio::time::Instant;

use super::session::Session;
use crate::client::{self, Call, Client, Jar};
use crate::exchange::{ClientName, Exchange, Response};
use crate::exercise::{Capture, Part, Payload, Redirects, RequestStep, Template};
use crate::judge::{self, Scope};
use crate::message::Message;
use crate::outcome::{Aspect, Mismatch};

/// The cookie jars of one check, by client.
pub(super) type Jars = HashMap<ClientName, Jar>;

/// The request with every place filled.
pub(super) fn call(step: &RequestStep, scope: &Scope) -> Call {
    let fill = |template: &Template| scope.fill(template).text;
    let all = |pairs: &[(String, Template)]| -> Vec<(String, String)> {
        pairs.iter().map(|(name, template)| (name.clone(), fill(template))).collect()
    };
    Call {
        method: step.method.name().to_owned(),
        target: target(&fill(&step.path), &all(&step.query)),
        headers: all(&step.headers),
        cookies: all(&step.cookies),
        body: match &step.payload {
            Payload::None => None,
            Payload::Text(template) => Some((None, fill(template))),
            Payload::Form(fields) => {
                let form = "application/x-www-form-urlencoded".to_owned();
                Some((Some(form), urlencoded(&all(fields))))
            }
            Payload::Json(document) => {
                let text = judge::filled_json(document, scope).to_string();
                Some((Some("application/json".to_owned()), text))
            }
        },
    }
}

fn target(path: &str, query: &[(String, String)]) -> String {
    match (query.is_empty(), path.contains('?')) {
        (true, _) => path.to_owned(),
        (false, false) => format!("{path}?{}", urlencoded(query)),
        (false, true) => format!("{path}&{}", urlencoded(query)),
    }
}

fn urlencoded(pairs: &[(String, String)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// Puts the raw values of the cookies that the step's templates name into the scope: what the client is about
/// to send, so that an echo is compared with what was sent and not with what the response sets.
pub(super) fn cookies_into_scope(scope: &mut Scope, step: &RequestStep, session: &Session, jar: &Jar) {
    scope.cookies.clear();
    let templates = step.expect.templates().into_iter().chain([&step.path]).chain(step.payload.templates());
    let named = [&step.query, &step.headers, &step.cookies].into_iter().flatten();
    for part in templates.chain(named.map(|(_, template)| template)).flat_map(|template| &template.0) {
        let Part::Cookie(name) = part else { continue };
        let path = scope.fill(&step.path).text;
        if let Some(value) = jar.value(session.client.base_url(), &path, name) {
            scope.cookies.insert(name.clone(), value);
        }
    }
}

/// Sends the request, following redirects if the step wants it. Gives every exchange; the last one counts.
pub(super) async fn send(
    client: &Client,
    step: &RequestStep,
    jar: &mut Jar,
    call: &Call,
    deadline: Instant,
) -> Vec<Exchange> {
    match step.redirects {
        Redirects::Stay => vec![client.send(&step.client, jar, call, deadline).await],
        Redirects::Follow => client.send_following(&step.client, jar, call, deadline).await,
    }
}

/// The same request as a command line to try.
pub(super) fn curl(exchange: &Exchange) -> String {
    client::curl(&exchange.request)
}

/// Keeps what the step saves. What is not there is a mismatch: later steps need it.
pub(super) fn save(number: usize, step: &RequestStep, response: &Response, scope: &mut Scope) -> Vec<Mismatch> {
    let mut missing = Vec::new();
    for (name, capture) in &step.save {
        match captured(capture, response) {
            Some(text) => {
                scope.captures.insert(name.clone(), text);
            }
            None => missing.push(nothing_to_save(number, name, capture)),
        }
    }
    missing
}

fn captured(capture: &Capture, response: &Response) -> Option<String> {
    match capture {
        Capture::Body(pattern) => {
            let found = pattern.regex().captures(&response.body.text)?;
            Some(found.get(1).or_else(|| found.get(0))?.as_str().to_owned())
        }
        Capture::Header(name) => response.header(name).map(str::to_owned),
        Capture::Cookie(name) => response.cookie(name).map(|cookie| cookie.raw_value.clone()),
        Capture::Json(path) => judge::captured_of_json(&response.body.text, path),
        Capture::Html { selector, attribute } => {
            judge::captured_of_html(&response.body.text, selector, attribute.as_deref())
        }
    }
}

fn nothing_to_save(step: usize, name: &str, capture: &Capture) -> Mismatch {
    let same = |place: Message| (place.clone(), place);
    let (expected, place) = match capture {
        Capture::Body(pattern) => {
            (Message::new("expected-matching").with("pattern", format!("`{pattern}`")), Message::new("place-body"))
        }
        Capture::Header(header) => same(Message::new("place-header").with("name", header.clone())),
        Capture::Cookie(cookie) => same(Message::new("place-cookie").with("name", cookie.clone())),
        Capture::Json(path) => same(Message::new("place-json").with("path", path.to_string())),
        Capture::Html { selector, attribute } => {
            let place = match attribute {
                None => Message::new("place-html"),
                Some(name) => Message::new("place-attribute").with("name", name.clone()),
            };
            same(place.with("selector", selector.to_string()))
        }
    };
    Mismatch {
        step,
        what: Aspect::Capture(name.to_owned()),
        message: Message::new("mismatch-capture").with("name", name).with("place", place),
        expected,
        actual: Message::new("actual-empty"),
    }
}
