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
    /// A cookie's `Path` that says what holds without it, by the cookie's name.
    Path(String),
}

/// What one thing at a time can be changed in the answers of these exchanges, of a run that drew these random values.
/// A delay is by `late`, which no limit of the run allows.
#[must_use]
pub fn mutations(exchanges: &[Exchange], randoms: &[String], late: Duration) -> Listed {
    let mut seen: BTreeMap<Situation, Vec<(&str, &Response)>> = BTreeMap::new();
    let mut pages: BTreeMap<(Situation, &str), Vec<&Response>> = BTreeMap::new();
    for exchange in exchanges {
        if let Ok(response) = &exchange.result {
            let situation = Situation::of(&exchange.request, response.status, randoms);
            seen.entry(situation.clone()).or_default().push((&exchange.client.0, response));
            pages.entry((situation.page(), &exchange.request.target)).or_default().push(response);
        }
    }
    let (mut found, mut left_out) = (BTreeSet::new(), BTreeSet::new());
    for (situation, answers) in &seen {
        let mut alterations = BTreeSet::from([Alteration::Delayed(late)]);
        for (_, response) in answers {
            of_response(situation, response, &mut alterations, &mut left_out);
            let inert = response.headers.iter().filter(|(name, _)| INERT.contains(&name.as_str()));
            left_out.extend(inert.map(|(name, _)| LeftOut::Header(name.clone())));
        }
        of_clients(situation, answers, &mut alterations, &mut left_out);
        found.extend(alterations.into_iter().map(|alteration| Mutation { situation: situation.clone(), alteration }));
    }
    of_pages(pages, &mut found, &mut left_out);
    Listed { mutations: found.into_iter().collect(), left_out: left_out.into_iter().collect() }
}

/// Pages that could always be the same one: those of which some address answered in two ways.
fn of_pages(
    pages: BTreeMap<(Situation, &str), Vec<&Response>>,
    found: &mut BTreeSet<Mutation>,
    left_out: &mut BTreeSet<LeftOut>,
) {
    let mut same = BTreeSet::new();
    for ((situation, _), answers) in pages {
        let [first, rest @ ..] = answers.as_slice() else { continue };
        if rest.iter().any(|response| differ(first, response)) {
            found.insert(Mutation { situation, alteration: Alteration::Frozen });
        } else if !rest.is_empty() {
            same.insert(situation);
        }
    }
    let is_found = |situation: &Situation| {
        found.iter().any(|other| other.alteration == Alteration::Frozen && other.situation == *situation)
    };
    same.retain(|situation| !is_found(situation));
    left_out.extend(same.into_iter().map(LeftOut::Frozen));
}

/// What can be changed in one answer by itself.
fn of_response(
    situation: &Situation,
    response: &Response,
    into: &mut BTreeSet<Alteration>,
    left_out: &mut BTreeSet<LeftOut>,
) {
    let from = response.status;
    into.extend(other_statuses(from).iter().filter(|to| **to != from).map(|&to| Alteration::Status { from, to }));
    for (name, _) in &response.headers {
        if name != "set-cookie" && !INERT.contains(&name.as_str()) {
            into.insert(Alteration::HeaderDropped(name.clone()));
            into.insert(Alteration::HeaderChanged(name.clone()));
        }
    }
    for cookie in &response.cookies {
        of_cookie(cookie, default_path(&situation.path), into, left_out);
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

/// The path that a cookie without `Path` gets (RFC 6265 §5.1.4).
fn default_path(path: &str) -> &str {
    match path.rfind('/') {
        Some(0) | None => "/",
        Some(last) => &path[..last],
    }
}

fn of_cookie(
    cookie: &ReceivedCookie,
    default_path: &str,
    into: &mut BTreeSet<Alteration>,
    left_out: &mut BTreeSet<LeftOut>,
) {
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
        if attribute == "path" && cookie.effective_path == default_path {
            left_out.insert(LeftOut::Path(name()));
        } else {
            into.insert(Alteration::AttributeDropped { cookie: name(), attribute });
        }
    }
}

/// What needs two clients whose answers differ.
fn of_clients(
    situation: &Situation,
    answers: &[(&str, &Response)],
    into: &mut BTreeSet<Alteration>,
    left_out: &mut BTreeSet<LeftOut>,
) {
    let pairs = || answers.iter().enumerate().flat_map(|(place, a)| answers[place + 1..].iter().map(move |b| (a, b)));
    let mut strangers = pairs().filter(|(a, b)| a.0 != b.0).peekable();
    if strangers.peek().is_none() {
        return;
    }
    if strangers.any(|(a, b)| differ(a.1, b.1)) {
        into.insert(Alteration::Swapped);
    } else {
        left_out.insert(LeftOut::Swapped(situation.clone()));
    }
}

/// Whether two answers differ in what may be a visitor's own.
fn differ(a: &Response, b: &Response) -> bool {
    a.status != b.status || a.body != b.body || a.cookies != b.cookies
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
