//! Texts: bodies, headers, captured texts and cookie values beside what is expected of them.

use super::scope::Travels;
use super::{Filled, Scope, echo};
use crate::exercise::{Pattern, TextExpectation};
use crate::message::Message;
use crate::outcome::{Aspect, Mismatch};

/// How much of a text is shown beside an expectation, in characters.
const SHOWN: usize = 200;

/// What of the expectation the text does not satisfy.
pub(super) fn judge(
    step: usize,
    what: &Aspect,
    expected: &TextExpectation,
    actual: &str,
    scope: &Scope,
) -> Vec<Mismatch> {
    unmet(expected, actual, scope).iter().map(|wanted| wanted.mismatch(step, what, actual)).collect()
}

/// What is wanted of the text that it is not.
pub(super) fn unmet(expected: &TextExpectation, actual: &str, scope: &Scope) -> Vec<Wanted> {
    wanted(expected, scope).into_iter().filter(|wanted| !wanted.met_by(actual)).collect()
}

/// One thing wanted of a text.
#[derive(Clone, Debug)]
pub(super) enum Wanted {
    Equals(Filled),
    Contains(Filled),
    NotContains(Filled),
    Matches(Pattern),
    Empty,
    NotEmpty,
}

/// All that is wanted, in the order in which it is judged.
pub(super) fn wanted(expected: &TextExpectation, scope: &Scope) -> Vec<Wanted> {
    let mut all = Vec::new();
    all.extend(expected.is_empty.map(|empty| if empty { Wanted::Empty } else { Wanted::NotEmpty }));
    all.extend(expected.equals.iter().map(|text| Wanted::Equals(scope.fill(text))));
    all.extend(expected.contains.iter().map(|text| Wanted::Contains(scope.fill(text))));
    all.extend(expected.matches.iter().map(|pattern| Wanted::Matches(pattern.clone())));
    all.extend(expected.not_contains.iter().map(|text| Wanted::NotContains(scope.fill(text))));
    all
}

impl Wanted {
    pub(super) fn met_by(&self, actual: &str) -> bool {
        match self {
            Self::Equals(text) => equals(actual, text),
            Self::Contains(text) => contains(actual, text),
            // An empty value stands in every text; it is nobody's value.
            Self::NotContains(text) => text.text.is_empty() || !contains(actual, text),
            Self::Matches(pattern) => {
                let pattern = pattern.regex();
                pattern.is_match(actual) || pattern.is_match(&html_escape::decode_html_entities(actual))
            }
            Self::Empty => actual.trim().is_empty(),
            Self::NotEmpty => !actual.trim().is_empty(),
        }
    }

    /// In a few words, such as `` `None` `` or `` without `x` ``.
    pub(super) fn message(&self) -> Message {
        match self {
            Self::Equals(text) => Message::new("expected-exactly").with("text", quoted(&text.text)),
            Self::Contains(text) => quoted(&text.text),
            Self::NotContains(text) => Message::new("expected-without").with("text", quoted(&text.text)),
            Self::Matches(pattern) => Message::new("expected-matching").with("pattern", quoted(&pattern.to_string())),
            Self::Empty => Message::new("expected-empty"),
            Self::NotEmpty => Message::new("expected-not-empty"),
        }
    }

    fn mismatch(&self, step: usize, what: &Aspect, actual: &str) -> Mismatch {
        let expected = self.message();
        let shown = shown(actual);
        Mismatch {
            step,
            what: what.clone(),
            message: Message::new("mismatch-text")
                .with("place", place(what))
                .with("expected", expected.clone())
                .with("actual", shown.clone()),
            expected,
            actual: shown,
        }
    }
}

/// The place that a text stands in, in words.
fn place(what: &Aspect) -> Message {
    match what {
        Aspect::Header(name) => Message::new("place-header").with("name", name.clone()),
        Aspect::Capture(name) => Message::new("place-capture").with("name", name.clone()),
        Aspect::Cookie(name) => Message::new("place-cookie").with("name", name.clone()),
        _ => Message::new("place-body"),
    }
}

fn equals(actual: &str, wanted: &Filled) -> bool {
    let actual = actual.trim();
    let unescaped = html_escape::decode_html_entities(actual);
    let same = |text: &str| actual == text.trim() || unescaped == text.trim();
    match wanted.travels {
        Travels::AsText => same(&wanted.text),
        Travels::AsCookie => echo::forms(&wanted.text).iter().any(|form| same(form)),
    }
}

fn contains(actual: &str, wanted: &Filled) -> bool {
    match wanted.travels {
        Travels::AsText => {
            actual.contains(&wanted.text) || html_escape::decode_html_entities(actual).contains(&wanted.text)
        }
        Travels::AsCookie => echo::contains(actual, &wanted.text),
    }
}

/// How many there are.
pub(super) fn count(count: usize) -> Message {
    Message::new("count").with("count", count)
}

/// A text between backticks.
pub(super) fn quoted(text: &str) -> Message {
    Message::literal(format!("`{text}`"))
}

/// The beginning of a text that came, or that nothing came.
pub(super) fn shown(text: &str) -> Message {
    if text.trim().is_empty() {
        return Message::new("actual-empty");
    }
    let mut cut: String = text.trim().chars().take(SHOWN).collect();
    if cut.len() < text.trim().len() {
        cut.push('…');
    }
    Message::literal(cut)
}
