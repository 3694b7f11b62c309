//! JSON bodies beside what is expected of their values.

use serde_json::Value;

use super::summary::telling;
use super::text::{self, Wanted};
use super::{Scope, beside};
use crate::exercise::{JsonExpectation, JsonPath, JsonTemplate, JsonType, Part, Presence};
use crate::message::Message;
use crate::outcome::{Aspect, Mismatch};

/// What of the expectations the body does not satisfy. Of a body that is not JSON that is all there is to say.
pub(super) fn judge(step: usize, expected: &[(JsonPath, JsonExpectation)], body: &str, scope: &Scope) -> Vec<Mismatch> {
    if expected.is_empty() {
        return Vec::new();
    }
    let document: Value = match serde_json::from_str(body) {
        Ok(document) => document,
        Err(_) => {
            let message = Message::new("mismatch-body");
            return vec![beside(step, Aspect::Body, message, Message::new("expected-json"), text::shown(body))];
        }
    };
    let judge = |(path, expected): &(JsonPath, JsonExpectation)| {
        let case = Case { step, path, document: &document, scope };
        case.judge(expected, &path.select(&document))
    };
    expected.iter().flat_map(judge).collect()
}

/// What a capture keeps: the text of the first value that is selected.
#[must_use]
pub fn captured(body: &str, path: &JsonPath) -> Option<String> {
    let document: Value = serde_json::from_str(body).ok()?;
    path.select(&document).first().map(|value| text_of(value))
}

/// What is expected of a value, each thing in a few words.
pub(super) fn summary(expected: &JsonExpectation, scope: &Scope) -> Vec<Message> {
    let mut all = Vec::new();
    all.extend(expected.count.map(text::count));
    all.extend(expected.presence.map(presence));
    all.extend(expected.kind.map(kind));
    all.extend(expected.equals.iter().map(|value| shown(&filled(value, scope))));
    all.extend(telling(&expected.text, scope).iter().map(Wanted::message));
    all
}

/// A document with every place filled.
#[must_use]
pub fn filled(document: &JsonTemplate, scope: &Scope) -> Value {
    match document {
        JsonTemplate::Scalar(value) => value.clone(),
        JsonTemplate::String(template) => scope.fill(template).text.into(),
        JsonTemplate::Array(items) => items.iter().map(|item| filled(item, scope)).collect(),
        JsonTemplate::Object(fields) => fields.iter().map(|(name, item)| (name.clone(), filled(item, scope))).collect(),
    }
}

/// One path of a document.
struct Case<'a> {
    step: usize,
    path: &'a JsonPath,
    document: &'a Value,
    scope: &'a Scope,
}

impl Case<'_> {
    fn judge(&self, expected: &JsonExpectation, selected: &[&Value]) -> Vec<Mismatch> {
        if let Some(count) = expected.count
            && count != selected.len()
        {
            return vec![self.mismatch(text::count(count), text::count(selected.len()))];
        }
        let Some(first) = selected.first() else { return self.nothing(expected) };
        if expected.presence == Some(Presence::Absent) {
            return vec![self.mismatch(presence(Presence::Absent), shown(first))];
        }
        let mut found = Vec::new();
        if let Some(wanted) = expected.kind
            && let Some(other) = selected.iter().find(|value| !is(value, wanted))
        {
            found.push(self.mismatch(kind(wanted), shown(other)));
        }
        found.extend(expected.equals.as_ref().and_then(|wanted| self.equals(wanted, selected)));
        for wanted in text::wanted(&expected.text, self.scope) {
            if let Some(other) = selected.iter().find(|value| !meets(&wanted, value)) {
                found.push(self.mismatch(wanted.message(), shown(other)));
            }
        }
        found
    }

    /// What was saved is a text, of a number too: alone, it is compared as one.
    fn equals(&self, wanted: &JsonTemplate, selected: &[&Value]) -> Option<Mismatch> {
        if let JsonTemplate::String(template) = wanted
            && let [Part::Capture(_)] = template.0.as_slice()
        {
            let saved = self.scope.fill(template).text;
            let other = selected.iter().find(|value| text_of(value) != saved)?;
            return Some(self.mismatch(Message::literal(saved), shown(other)));
        }
        let wanted = filled(wanted, self.scope);
        let other = selected.iter().find(|value| !same(value, &wanted))?;
        Some(self.mismatch(shown(&wanted), shown(other)))
    }

    /// Where nothing is selected: right only if nothing is to be there.
    fn nothing(&self, expected: &JsonExpectation) -> Vec<Mismatch> {
        if expected.presence == Some(Presence::Absent) || expected.count == Some(0) {
            return Vec::new();
        }
        let wanted = summary(expected, self.scope).into_iter().next();
        let actual = Message::new("actual-no-value").with("body", shown(self.document));
        vec![self.mismatch(wanted.unwrap_or(presence(Presence::Present)), actual)]
    }

    fn mismatch(&self, expected: Message, actual: Message) -> Mismatch {
        let path = self.path.to_string();
        let message = Message::new("mismatch-json").with("path", path.clone());
        beside(self.step, Aspect::Json(path), message, expected, actual)
    }
}

fn presence(presence: Presence) -> Message {
    match presence {
        Presence::Present => Message::new("expected-value"),
        Presence::Absent => Message::new("expected-absent"),
    }
}

fn kind(kind: JsonType) -> Message {
    Message::new(match kind {
        JsonType::String => "expected-string",
        JsonType::Number => "expected-number",
        JsonType::Integer => "expected-integer",
        JsonType::Boolean => "expected-boolean",
        JsonType::Array => "expected-array",
        JsonType::Object => "expected-object",
        JsonType::Null => "expected-null",
    })
}

fn is(value: &Value, kind: JsonType) -> bool {
    match kind {
        JsonType::String => value.is_string(),
        JsonType::Number => value.is_number(),
        JsonType::Integer => {
            value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|number| number.fract() == 0.0)
        }
        JsonType::Boolean => value.is_boolean(),
        JsonType::Array => value.is_array(),
        JsonType::Object => value.is_object(),
        JsonType::Null => value.is_null(),
    }
}

/// Whether two documents say the same: JSON knows one kind of number, and no order of members.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(name, a)| b.get(name).is_some_and(|b| same(a, b)))
        }
        _ => one == other,
    }
}

fn meets(wanted: &Wanted, value: &Value) -> bool {
    let members = match value {
        Value::Array(items) => Some(items.is_empty()),
        Value::Object(members) => Some(members.is_empty()),
        _ => None,
    };
    match (wanted, members) {
        (Wanted::Empty, Some(is_empty)) => is_empty,
        (Wanted::NotEmpty, Some(is_empty)) => !is_empty,
        _ => wanted.met_by(&text_of(value)),
    }
}

/// A string's own text, else the value as JSON.
fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The beginning of a value as JSON, which shows what is a text and what is not.
fn shown(value: &Value) -> Message {
    text::shown(&value.to_string())
}
