//! Changes the answers of one situation.

use std::time::Duration;

use super::answer::Answer;
use super::{Alteration, Mutation, cookie_line, json};
use crate::exchange::Request;

/// What a body says instead, by what kind of text it is.
const OTHER_TEXT: &str = "something else";
const OTHER_PAGE: &str = "<!DOCTYPE html><title>something</title><p>something else</p>";
const OTHER_JSON: &str = r#"{"something":"else"}"#;

/// Applies one mutation to the answers of a run, in the order in which they come.
#[derive(Clone, Debug)]
pub struct Mutator {
    mutation: Mutation,
    /// The run's random values.
    randoms: Vec<String>,
    /// The first answer of each address, for [`Alteration::Frozen`].
    first: Vec<(String, Answer)>,
    /// Who got what last, for [`Alteration::Swapped`].
    last: Vec<(String, Answer)>,
    changed: usize,
}

impl Mutator {
    /// For a run that draws these random values.
    #[must_use]
    pub fn new(mutation: Mutation, randoms: Vec<String>) -> Self {
        Self { mutation, randoms, first: Vec::new(), last: Vec::new(), changed: 0 }
    }

    /// How many answers arrived otherwise than they were given.
    #[must_use]
    pub fn changed(&self) -> usize {
        self.changed
    }

    /// The answer as it arrives at this client, and how much later.
    pub fn pass(&mut self, client: &str, request: &Request, answer: Answer) -> (Answer, Duration) {
        if !self.mutation.concerns(request, answer.status, &self.randoms) {
            return (answer, Duration::ZERO);
        }
        if let Alteration::Delayed(time) = self.mutation.alteration {
            self.changed += 1;
            return (answer, time);
        }
        let altered = self.alter(client, request, &answer);
        if altered.differs_from(&answer) {
            self.changed += 1;
        }
        (altered, Duration::ZERO)
    }

    fn alter(&mut self, client: &str, request: &Request, answer: &Answer) -> Answer {
        match &self.mutation.alteration {
            Alteration::Frozen => match self.first.iter().find(|(target, _)| *target == request.target) {
                Some((_, first)) => first.clone(),
                None => {
                    self.first.push((request.target.clone(), answer.clone()));
                    answer.clone()
                }
            },
            Alteration::Swapped => {
                let others = self.last.iter().rev().find(|(other, _)| other != client);
                let altered = others.map_or_else(|| answer.clone(), |(_, others)| others.clone());
                self.last.retain(|(other, _)| other != client);
                self.last.push((client.to_owned(), answer.clone()));
                altered
            }
            alteration => altered(alteration, answer.clone()),
        }
    }
}

/// An answer with one thing changed that needs no other answer.
fn altered(alteration: &Alteration, mut answer: Answer) -> Answer {
    match alteration {
        Alteration::Status { from, to } if answer.status == *from => answer.status = *to,
        Alteration::HeaderDropped(name) => answer.headers.retain(|(own, _)| own != name),
        Alteration::HeaderChanged(name) => {
            for (_, value) in answer.headers.iter_mut().filter(|(own, _)| own == name) {
                *value = other_header(name, value);
            }
        }
        Alteration::CookieDropped(cookie) => {
            answer.headers.retain(|(name, line)| name != "set-cookie" || cookie_line::name(line) != *cookie);
        }
        Alteration::CookieRenamed(cookie) => {
            on_cookie(&mut answer, cookie, |line| cookie_line::rename(line, &format!("{cookie}2")));
        }
        Alteration::CookieChanged(cookie) => {
            on_cookie(&mut answer, cookie, |line| cookie_line::set_value(line, other_cookie));
        }
        Alteration::CookieEmptied(cookie) => {
            on_cookie(&mut answer, cookie, |line| cookie_line::set_value(line, |_| String::new()));
        }
        Alteration::AttributeDropped { cookie, attribute } => {
            on_cookie(&mut answer, cookie, |line| cookie_line::drop_attribute(line, attribute));
        }
        Alteration::AttributeChanged { cookie, attribute } => {
            let value = cookie_line::other_value(attribute).unwrap_or_default();
            on_cookie(&mut answer, cookie, |line| cookie_line::change_attribute(line, attribute, value));
        }
        Alteration::BodyEmptied => answer.set_body(Vec::new()),
        Alteration::BodyCut => {
            let half = answer.body[..answer.body.len() / 2].to_vec();
            answer.set_body(half);
        }
        Alteration::BodyChanged => {
            let body = other_body(&answer);
            answer.set_body(body);
        }
        Alteration::JsonDropped(pointer) => on_body(&mut answer, |body| json::without(body, pointer)),
        Alteration::JsonChanged(pointer) => on_body(&mut answer, |body| json::changed(body, pointer)),
        Alteration::Status { .. } | Alteration::Swapped | Alteration::Frozen | Alteration::Delayed(_) => {}
    }
    answer
}

fn on_cookie(answer: &mut Answer, cookie: &str, change: impl Fn(&[u8]) -> Vec<u8>) {
    for (name, line) in &mut answer.headers {
        if name == "set-cookie" && cookie_line::name(line) == cookie {
            *line = change(line);
        }
    }
}

fn on_body(answer: &mut Answer, change: impl FnOnce(&[u8]) -> Option<Vec<u8>>) {
    if let Some(body) = change(&answer.body) {
        answer.set_body(body);
    }
}

/// Another value in the same form, quotes and all.
fn other_cookie(value: &str) -> String {
    match value.strip_prefix('"').and_then(|value| value.strip_suffix('"')) {
        Some(_) => "\"another value\"".to_owned(),
        None => "another-value".to_owned(),
    }
}

/// Another value that a header of this name could have.
fn other_header(name: &str, value: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(value);
    match name {
        "content-type" if text.starts_with("text/plain") => text.replacen("text/plain", "text/html", 1).into_bytes(),
        "content-type" => b"text/plain; charset=utf-8".to_vec(),
        "location" => b"/elsewhere".to_vec(),
        "content-language" => b"xx".to_vec(),
        _ => b"something-else".to_vec(),
    }
}

fn other_body(answer: &Answer) -> Vec<u8> {
    let kind = answer.headers.iter().find(|(name, _)| name == "content-type");
    let kind = kind.map(|(_, value)| String::from_utf8_lossy(value).into_owned()).unwrap_or_default();
    let other = if kind.contains("json") {
        OTHER_JSON
    } else if kind.contains("html") && answer.body.contains(&b'<') {
        OTHER_PAGE
    } else {
        OTHER_TEXT
    };
    other.as_bytes().to_vec()
}
