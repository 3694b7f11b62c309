//! Which mutations there are for exchanges that were recorded.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::answer::INERT;
use super::situation::Situation;
use super::{Alteration, Mutation, cookie_line, json};
use crate::exchange::{Exchange, ReceivedCookie, Response};

/// All that can be changed, and what was left alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// Every mutation, by situation.
    pub mutations: Vec<Mutation>,
    /// What would make no difference, sorted.
    pub left_out: Vec<LeftOut>,
}

/// Something that is not changed, since no check could or should see the difference.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeftOut {
    /// A header of the connection, not of the page.
    Header(String),
    /// The first answer instead of later ones, where all are the same.
    Frozen(Situation),
    /// The answer of another client, where all get the same.
    Swapped(Situation),
}

/// What one thing at a time can be changed in the answers of these exchanges, of a run that drew these random values.
/// A delay is by `late`, which no limit of the run allows.
#[must_use]
pub fn mutations(exchanges: &[Exchange], randoms: &[String], late: Duration) -> Listed {
    let mut seen: BTreeMap<Situation, Vec<(&str, &Response)>> = BTreeMap::new();
    for exchange in exchanges {
        if let Ok(response) = &exchange.result {
            let answers = seen.entry(Situation::of(&exchange.request, randoms)).or_default();
            answers.push((&exchange.client.0, response));
        }
    }
    let mut listed = Listed::default();
    let mut left_out = BTreeSet::new();
    for (situation, answers) in seen {
        let mut alterations = BTreeSet::from([Alteration::Delayed(late)]);
        for (_, response) in &answers {
            of_response(response, &mut alterations);
            let inert = response.headers.iter().filter(|(name, _)| INERT.contains(&name.as_str()));
            left_out.extend(inert.map(|(name, _)| LeftOut::Header(name.clone())));
        }
        of_several(&situation, &answers, &mut alterations, &mut left_out);
        let mutation = |alteration| Mutation { situation: situation.clone(), alteration };
        listed.mutations.extend(alterations.into_iter().map(mutation));
    }
    listed.left_out = left_out.into_iter().collect();
    listed
}

/// What can be changed in one answer by itself.
fn of_response(response: &Response, into: &mut BTreeSet<Alteration>) {
    let from = response.status;
    into.extend(other_statuses(from).iter().filter(|to| **to != from).map(|&to| Alteration::Status { from, to }));
    for (name, _) in &response.headers {
        if name != "set-cookie" && !INERT.contains(&name.as_str()) {
            into.insert(Alteration::HeaderDropped(name.clone()));
            into.insert(Alteration::HeaderChanged(name.clone()));
        }
    }
    for cookie in &response.cookies {
        of_cookie(cookie, into);
    }
    if !response.body.text.trim().is_empty() {
        into.extend([Alteration::BodyEmptied, Alteration::BodyCut, Alteration::BodyChanged]);
        for pointer in json::pointers(&response.body.text) {
            into.insert(Alteration::JsonDropped(pointer.clone()));
            into.insert(Alteration::JsonChanged(pointer));
        }
    }
}

/// What a server in error could answer instead: one of each kind.
fn other_statuses(status: u16) -> &'static [u16] {
    match status {
        200 => &[201, 204, 302, 404, 500],
        201..=299 => &[200, 404, 500],
        300..=399 => &[200, 301, 302, 404],
        404 => &[200, 400, 500],
        400..=499 => &[200, 404, 500],
        _ => &[200],
    }
}

fn of_cookie(cookie: &ReceivedCookie, into: &mut BTreeSet<Alteration>) {
    let name = || cookie.name.clone();
    into.extend([Alteration::CookieDropped(name()), Alteration::CookieRenamed(name())]);
    if !cookie.raw_value.is_empty() {
        into.extend([Alteration::CookieChanged(name()), Alteration::CookieEmptied(name())]);
    }
    let has = [
        ("path", cookie.path.is_some()),
        ("domain", cookie.domain.is_some()),
        ("expires", cookie.expires.is_some()),
        ("max-age", cookie.max_age.is_some()),
        ("samesite", cookie.same_site.is_some()),
        ("secure", cookie.secure),
        ("httponly", cookie.http_only),
    ];
    for (attribute, _) in has.into_iter().filter(|(_, has)| *has) {
        let attribute = attribute.to_owned();
        if cookie_line::other_value(&attribute).is_some() {
            into.insert(Alteration::AttributeChanged { cookie: name(), attribute: attribute.clone() });
        }
        into.insert(Alteration::AttributeDropped { cookie: name(), attribute });
    }
}

/// What needs several answers that differ.
fn of_several(
    situation: &Situation,
    answers: &[(&str, &Response)],
    into: &mut BTreeSet<Alteration>,
    left_out: &mut BTreeSet<LeftOut>,
) {
    let differ = |a: &Response, b: &Response| a.status != b.status || a.body != b.body || a.cookies != b.cookies;
    let Some((first_client, first)) = answers.first() else { return };
    if answers.iter().any(|(_, response)| differ(first, response)) {
        into.insert(Alteration::Frozen);
    } else if answers.len() > 1 {
        left_out.insert(LeftOut::Frozen(situation.clone()));
    }
    let pairs = || answers.iter().enumerate().flat_map(|(place, a)| answers[place + 1..].iter().map(move |b| (a, b)));
    if pairs().any(|(a, b)| a.0 != b.0 && differ(a.1, b.1)) {
        into.insert(Alteration::Swapped);
    } else if answers.iter().any(|(client, _)| client != first_client) {
        left_out.insert(LeftOut::Swapped(situation.clone()));
    }
}

/// At most so many of them, taken evenly from the whole list, in its order.
#[must_use]
pub fn spread(mutations: &[Mutation], most: usize) -> Vec<Mutation> {
    let count = mutations.len();
    if count <= most {
        return mutations.to_vec();
    }
    (0..most).map(|place| mutations[place * count / most].clone()).collect()
}
