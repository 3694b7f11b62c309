//! The body must show `None`, because the client has no cookie, and shows something else.

use std::sync::LazyLock;

use regex::Regex;

use super::case::Case;
use super::trace::compiled;
use super::{sources, values};
use crate::judge::{echo, time};
use crate::message::Message;

/// How much of a body is shown in a hint, in characters.
const SHOWN: usize = 40;

pub(super) fn hint(case: &Case) -> Option<Message> {
    if !case.body_differs() || !case.wants_word("None") {
        return None;
    }
    let text = visible(&case.shown);
    values::content_length(case)
        .or_else(|| other_cookie(case))
        .or_else(|| whole_dict(case, &text))
        .or_else(|| shows_type(&text))
        .or_else(|| values::anothers_value(case))
        .or_else(|| current_time(case, &text))
        .or_else(|| word(&text))
        .or_else(|| empty(case, &text))
        .or_else(|| printed(case))
        .or_else(|| {
            Some(Message::new("hint-text-for-none").with("text", cut(&text))).filter(|_| !text.contains("None"))
        })
}

/// The text of a page without its tags.
pub(super) fn visible(body: &str) -> String {
    static TAGS: LazyLock<Regex> = LazyLock::new(|| {
        compiled(r"(?is)<(?:script|style)\b.*?</(?:script|style)>|<title>.*?</title>|</?[a-z!][^<>]*>")
    });
    TAGS.replace_all(body, " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a text is but a word for nothing.
pub(super) fn is_word(text: &str) -> bool {
    ["none", "null", "undefined", "nil"].contains(&text.to_lowercase().as_str())
}

/// Whether a body shows a word for nothing, or nothing.
pub(super) fn says_nothing(body: &str) -> bool {
    static WORD: LazyLock<Regex> = LazyLock::new(|| compiled(r"(?i)\b(?:none|null|undefined|nil)\b"));
    body.trim().is_empty() || WORD.is_match(body)
}

/// The value of another cookie of the same request is shown.
fn other_cookie(case: &Case) -> Option<Message> {
    let sent = case.exchange.request.cookies();
    let shown: Vec<_> =
        sent.iter().filter(|(_, value)| value.len() > 3 && echo::contains(&case.shown, value)).collect();
    let [(name, _)] = shown.as_slice() else { return None };
    let wanted = wanted_name(case);
    let place = sent.iter().position(|(sent, _)| sent == name)?;
    let at_an_end = sent.len() > 1 && (place == 0 || place + 1 == sent.len());
    let related = name.to_lowercase().contains(&wanted.to_lowercase());
    let folds_case = || {
        sources::mention(
            case.program.sources,
            &[
                ".lower()",
                ".upper()",
                "casefold",
                "toLowerCase",
                "strcase",
                "strtolower",
                "EqualFold",
                "equalsIgnoreCase",
                ".downcase",
            ],
        )
    };
    let loosely = related && (!at_an_end || folds_case());
    let id = if loosely { "hint-name-matched-loosely" } else { "hint-any-cookie" };
    Some(Message::new(id).with("name", wanted).with("shown", *name))
}

/// The name of the cookie that the exercise is about: the one that the server has set in this run.
fn wanted_name<'a>(case: &Case<'a>) -> &'a str {
    let mut set = case.earlier().filter_map(|exchange| exchange.response()).flat_map(|response| &response.cookies);
    set.next().map_or("time", |cookie| cookie.name.as_str())
}

fn whole_dict(case: &Case, text: &str) -> Option<Message> {
    let body = &case.shown;
    let shown = body.contains("MultiDict(")
        || body.contains("SimpleCookie:")
        || matches!(text, "{}" | "[]" | "dict_values([])");
    let cookies = text.starts_with("{'") || text.starts_with("[('");
    (shown || cookies).then(|| Message::new("hint-whole-dict").with("name", wanted_name(case)))
}

fn shows_type(text: &str) -> Option<Message> {
    text.contains("NoneType").then(|| Message::new("hint-type-for-none"))
}

fn current_time(case: &Case, text: &str) -> Option<Message> {
    time::instant_within(text, case.exchange.sent_at.0, case.exchange.received_at.0)?;
    Some(Message::new("hint-current-time-for-none"))
}

/// Another language's word for nothing, or another spelling.
fn word(text: &str) -> Option<Message> {
    static WORD: LazyLock<Regex> = LazyLock::new(|| compiled(r"(?i)\b(none|null|undefined|nil)\b"));
    let word = WORD.captures(text)?.get(1)?.as_str();
    match word {
        "None" => None,
        "null" => Some(Message::new("hint-null-for-none")),
        "undefined" => Some(Message::new("hint-undefined-for-none")),
        _ => Some(Message::new("hint-none-spelling").with("word", word)),
    }
}

fn empty(case: &Case, text: &str) -> Option<Message> {
    let warned = case.kind_is(&["php"]) && text.contains("Undefined array key");
    let nothing = text.trim_matches(['"', '\'', ' ']).is_empty();
    (nothing || warned).then(|| Message::new("hint-empty-for-none").with("path", case.path()))
}

fn printed(case: &Case) -> Option<Message> {
    static NONE: LazyLock<Regex> = LazyLock::new(|| compiled(r"\bNone\b"));
    let printed = NONE.is_match(case.log.stdout) && !case.shown.contains("None");
    printed.then(|| Message::new("hint-printed").with("path", case.path()))
}

/// The beginning of a text, for a hint.
pub(super) fn cut(text: &str) -> String {
    let mut cut: String = text.chars().take(SHOWN).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}
