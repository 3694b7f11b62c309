//! The body must be JSON and is something else, or a value in it is of the wrong type.

use serde_json::Value;

use super::case::Case;
use crate::message::{Arg, Message};
use crate::outcome::{Aspect, Mismatch};

pub(super) fn hint(case: &Case) -> Option<Message> {
    let is_no_json = |mismatch: &Mismatch| mismatch.what == Aspect::Body && mismatch.expected.id == "expected-json";
    if case.mismatches.iter().any(is_no_json) {
        return Some(not_json(case));
    }
    case.mismatches.iter().find_map(wrong_type)
}

fn not_json(case: &Case) -> Message {
    let body = case.exchange.response().map_or("", |response| response.body.text.trim());
    let looks_like_python = body.starts_with(['{', '[', '('])
        && (body.contains('\'') || ["None", "True", "False"].iter().any(|word| body.contains(word)));
    let id = match (looks_like_python && case.kind_is(&PYTHON), body.starts_with('<'), case.uses_flask()) {
        (true, _, true) => "hint-json-flask-text",
        (true, _, false) => "hint-json-python-text",
        (false, true, true) => "hint-json-flask-page",
        (false, true, false) => "hint-json-page",
        (false, false, true) => "hint-json-flask",
        (false, false, false) => "hint-json",
    };
    Message::new(id).with("path", case.path())
}

/// The kinds of submissions that are Python programs.
const PYTHON: [&str; 5] = ["flask", "python", "fastapi", "django", "bottle"];

/// A number or truth value that came as a text, or the other way round.
fn wrong_type(mismatch: &Mismatch) -> Option<Message> {
    let Aspect::Json(path) = &mismatch.what else { return None };
    let (wanted, came) = (value(&mismatch.expected)?, value(&mismatch.actual)?);
    let id = match (&wanted, &came) {
        (Value::Number(number), Value::String(text)) if number.to_string() == *text => "hint-json-number-as-text",
        (Value::String(text), Value::Number(number)) if number.to_string() == *text => "hint-json-text-as-number",
        (Value::Bool(truth), Value::String(text)) if truth.to_string().eq_ignore_ascii_case(text) => {
            "hint-json-truth-as-text"
        }
        (Value::Bool(truth), Value::Number(number)) if number.as_i64() == Some((*truth).into()) => {
            "hint-json-truth-as-number"
        }
        _ => return None,
    };
    Some(Message::new(id).with("path", path.clone()).with("wanted", wanted.to_string()).with("came", came.to_string()))
}

/// The value that a message quotes as JSON, if it is one.
fn value(message: &Message) -> Option<Value> {
    let text = message.args.iter().find(|(name, _)| message.id == "literal" && *name == "text");
    let Some((_, Arg::Text(text))) = text else { return None };
    serde_json::from_str(text).ok()
}
