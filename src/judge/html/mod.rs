//! HTML bodies beside what is expected of their elements.

mod page;
mod select;
mod tree;

use page::Page;

use super::text::{self, Wanted};
use super::{Scope, beside};
use crate::exercise::{AttributeExpectation, HtmlExpectation, Presence, Selector};
use crate::message::Message;
use crate::outcome::{Aspect, Mismatch};

/// What of the expectations the page does not satisfy.
pub(super) fn judge(step: usize, expected: &[(Selector, HtmlExpectation)], body: &str, scope: &Scope) -> Vec<Mismatch> {
    if expected.is_empty() {
        return Vec::new();
    }
    let Some(page) = Page::new(body) else {
        let (expected, actual) = (Message::new("expected-usual-page"), Message::new("actual-hard-page"));
        return vec![beside(step, Aspect::Body, Message::new("mismatch-body"), expected, actual)];
    };
    let mut found = Vec::new();
    for (selector, expected) in expected {
        let selected = select::select(&page, selector);
        let case = Case { step, selector, expected, page: &page, selected: &selected, scope };
        found.extend(case.judge());
    }
    found
}

/// What a capture keeps: the text of the first element that is selected, or the value of its attribute.
#[must_use]
pub fn captured(body: &str, selector: &Selector, attribute: Option<&str>) -> Option<String> {
    let page = Page::new(body)?;
    let first = *select::select(&page, selector).first()?;
    match attribute {
        None => Some(page.text_of(first)),
        Some(name) => page.elements[first].attribute(name).map(str::to_owned),
    }
}

/// One selector, with what is expected of what it selected.
struct Case<'a> {
    step: usize,
    selector: &'a Selector,
    expected: &'a HtmlExpectation,
    page: &'a Page,
    selected: &'a [usize],
    scope: &'a Scope,
}

impl Case<'_> {
    fn judge(&self) -> Vec<Mismatch> {
        let HtmlExpectation { presence, count, text, attributes } = self.expected;
        if let Some(count) = count
            && *count != self.selected.len()
        {
            return vec![self.mismatch(text::count(*count), text::count(self.selected.len()))];
        }
        match (presence, self.selected) {
            (Some(Presence::Absent), []) => return Vec::new(),
            (Some(Presence::Absent), [first, ..]) => {
                return vec![self.mismatch(Message::new("expected-absent"), self.shown(*first))];
            }
            (Some(Presence::Present), []) => return vec![self.nothing(Message::new("expected-element"))],
            _ => {}
        }
        let mut found = Vec::new();
        if let Some(text) = text {
            let lines: Vec<_> = self.selected.iter().map(|number| self.page.text_of(*number)).collect();
            if lines.is_empty() {
                let first = text::wanted(text, self.scope).first().map(Wanted::message);
                return vec![self.nothing(first.unwrap_or(Message::new("expected-element")))];
            }
            let unmet = text::unmet(text, &lines.join("\n"), self.scope);
            let shown = || text::shown(&lines.join(" / "));
            found.extend(unmet.iter().map(|wanted| self.mismatch(wanted.message(), shown())));
        }
        for (name, attribute) in attributes {
            found.extend(self.attribute(name, attribute));
        }
        found
    }

    fn attribute(&self, name: &str, expected: &AttributeExpectation) -> Vec<Mismatch> {
        let values = self.selected.iter().map(|number| self.page.elements[*number].attribute(name));
        let (there, missing): (Vec<_>, Vec<_>) = values.partition(Option::is_some);
        let there: Vec<_> = there.into_iter().flatten().collect();
        let shown = || match there.first() {
            None if self.selected.is_empty() => Message::new("actual-no-element"),
            None => Message::new("actual-no-attribute"),
            Some(_) => text::shown(&there.join(" / ")),
        };
        let mismatch = |expected: Message, actual: Message| {
            let message =
                Message::new("mismatch-attribute").with("name", name).with("selector", self.selector.to_string());
            beside(self.step, self.aspect(Some(name)), message, expected, actual)
        };
        match expected {
            AttributeExpectation::Presence(Presence::Absent) if there.is_empty() => Vec::new(),
            AttributeExpectation::Presence(Presence::Absent) => {
                vec![mismatch(Message::new("expected-no-attribute"), shown())]
            }
            AttributeExpectation::Presence(Presence::Present) if missing.is_empty() && !there.is_empty() => Vec::new(),
            AttributeExpectation::Presence(Presence::Present) => {
                vec![mismatch(Message::new("expected-attribute"), Message::new("actual-no-attribute"))]
            }
            // What is not there has no value, be it one without something.
            AttributeExpectation::Value(text) if there.is_empty() => {
                let first = text::wanted(text, self.scope).first().map(Wanted::message);
                vec![mismatch(first.unwrap_or(Message::new("expected-attribute")), shown())]
            }
            AttributeExpectation::Value(text) => {
                let unmet = text::unmet(text, &there.join("\n"), self.scope);
                unmet.iter().map(|wanted| mismatch(wanted.message(), shown())).collect()
            }
        }
    }

    fn aspect(&self, attribute: Option<&str>) -> Aspect {
        Aspect::Html { selector: self.selector.to_string(), attribute: attribute.map(str::to_owned) }
    }

    fn mismatch(&self, expected: Message, actual: Message) -> Mismatch {
        let message = Message::new("mismatch-html").with("selector", self.selector.to_string());
        beside(self.step, self.aspect(None), message, expected, actual)
    }

    fn nothing(&self, expected: Message) -> Mismatch {
        self.mismatch(expected, Message::new("actual-no-element"))
    }

    /// What of an element is told: its text, else its tag.
    fn shown(&self, number: usize) -> Message {
        let text = self.page.text_of(number);
        let element = &self.page.elements[number];
        if text.is_empty() { Message::literal(format!("<{}>", element.name)) } else { text::shown(&text) }
    }
}
