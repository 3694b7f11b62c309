//! Values that are another one for each visitor, and later answers that repeat them.

use serde_json::Value;

use super::propose::{TELLING, is_word, member, runs, slug};
use crate::exchange::{Exchange, Response};
use crate::exercise::draft::DraftCapture;

/// An answer as two visitors got it.
type Seen<'a> = [(&'a Exchange, &'a Response); 2];

/// A value of an earlier answer that a later one repeats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Followed {
    /// Which of the earlier visits it is from.
    pub(super) earlier: usize,
    /// What it is called.
    pub(super) name: String,
    /// Where it stands there.
    pub(super) capture: DraftCapture,
}

/// The values that both visitors got in an earlier answer, each its own, and read again in this one.
pub(super) fn followed<'a>(seen: Seen<'_>, before: impl Iterator<Item = Seen<'a>>) -> Vec<Followed> {
    let [(_, a), (_, b)] = seen;
    let mut all: Vec<Followed> = Vec::new();
    for (earlier, [(_, of_a), (_, of_b)]) in before.enumerate() {
        for Changing { name, capture, values } in changing(of_a, of_b) {
            let is_repeated = a.body.text.contains(&values[0]) && b.body.text.contains(&values[1]);
            // A name stands for one value in a check.
            if is_repeated && all.iter().all(|other| other.name != name) {
                all.push(Followed { earlier, name, capture });
            }
        }
    }
    all
}

/// A value that each visitor got another one of.
struct Changing {
    name: String,
    capture: DraftCapture,
    values: [String; 2],
}

fn changing(a: &Response, b: &Response) -> Vec<Changing> {
    let mut found = Vec::new();
    match (serde_json::from_str::<Value>(&a.body.text), serde_json::from_str::<Value>(&b.body.text)) {
        (Ok(a), Ok(b)) if a.is_object() => members(&a, &b, "$", "value", &mut found),
        _ => found.extend(of_text(a.body.text.trim(), b.body.text.trim())),
    }
    found.retain(|value| value.values[0] != value.values[1] && value.values.iter().all(|text| text.len() >= TELLING));
    found
}

fn members(a: &Value, b: &Value, path: &str, name: &str, found: &mut Vec<Changing>) {
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    if let (Value::Object(a), Value::Object(b)) = (a, b) {
        for (name, value) in a {
            if let Some(twin) = b.get(name) {
                members(value, twin, &member(path, name), name, found);
            }
        }
    } else if let (Some(a), Some(b)) = (text(a), text(b)) {
        let capture = DraftCapture::Json(path.to_owned());
        let name = slug(name, "value").replace('-', "_");
        // That is the name of a random value.
        let name = if name == "random" { "value".to_owned() } else { name };
        found.push(Changing { name, capture, values: [a, b] });
    }
}

/// Of two lines that differ in one word, that word.
fn of_text(a: &str, b: &str) -> Option<Changing> {
    let (words, twins) = (runs(a), runs(b));
    if a.contains('\n') || words.len() != twins.len() {
        return None;
    }
    let mut differing = (0..words.len()).filter(|&place| words[place] != twins[place]);
    let (place, None) = (differing.next()?, differing.next()) else { return None };
    if !is_word(words[place]) || !is_word(twins[place]) {
        return None;
    }
    let before = regex::escape(&words[..place].concat());
    let after = regex::escape(&words[place + 1..].concat());
    let capture = DraftCapture::Body(format!("^\\s*{before}([0-9A-Za-z]+){after}\\s*$"));
    Some(Changing { name: "value".to_owned(), capture, values: [words[place].to_owned(), twins[place].to_owned()] })
}
