//! The body must show a cookie's value and shows another one, a changed one, or none.

use std::sync::LazyLock;

use regex::Regex;

use super::case::{Case, path_of};
use super::none;
use super::sources;
use super::trace::compiled;
use crate::exchange::Exchange;
use crate::judge::echo::{self, Alteration};
use crate::judge::time;
use crate::message::Message;

/// Shorter values may stand in a body by chance.
const SHORTEST: usize = 4;

pub(super) fn hint(case: &Case) -> Option<Message> {
    if !case.body_differs() {
        return None;
    }
    let unmet = case.unmet_values();
    let Some(value) = unmet.first() else {
        return other_text(case).or_else(|| anothers_value(case).filter(|_| !case.wants_word("None")));
    };
    content_length(case)
        .or_else(|| same_answer(case))
        .or_else(|| altered(&case.shown, value))
        .or_else(|| anothers_value(case))
        .or_else(|| current_time(case))
        .or_else(|| printed(case, value))
        .or_else(|| empty(case))
        .or_else(|| not_found_there(case))
        .or_else(|| hard_coded(case))
        .or_else(|| Some(Message::new("hint-value-not-shown").with("name", case.cookie_name().unwrap_or("time"))))
}

/// A value that came in the path, a form or the like, and is shown changed or not at all.
fn other_text(case: &Case) -> Option<Message> {
    let unmet = case.unmet_texts();
    let value = unmet.first()?;
    content_length(case).or_else(|| altered(&case.shown, value)).or_else(|| printed(case, value))
}

/// `Content-Length` was counted in characters: a body beyond ASCII is cut, within a character or before its end.
pub(super) fn content_length(case: &Case) -> Option<Message> {
    static IN_CHARACTERS: LazyLock<Regex> =
        LazyLock::new(|| compiled(r"(?i)content-length.*(?:\blen\(\w+\)|\.length\b|strlen)"));
    let response = case.exchange.response()?;
    let length: usize = response.header("content-length")?.parse().ok()?;
    let cut = length == response.body.bytes && !response.body.text.is_ascii();
    let counted = sources::find(case.program.sources, &IN_CHARACTERS)
        .is_some_and(|line| !line.code.contains("encode") && !line.code.contains("byteLength"));
    let within = response.body.lossy && response.body.text.ends_with('\u{fffd}');
    (cut && (counted || within)).then(|| Message::new("hint-content-length"))
}

/// Every path has the same answer.
fn same_answer(case: &Case) -> Option<Message> {
    let body = case.exchange.response()?.body.text.trim();
    let same = |exchange: &&Exchange| {
        let text =
            exchange.response().filter(|response| response.status < 300).map(|response| response.body.text.trim());
        path_of(exchange) != case.path() && text == Some(body)
    };
    let other = case.earlier().find(same).filter(|_| !body.is_empty() && !none::is_word(body))?;
    let shows_time = !time::readings(body).is_empty();
    (!shows_time)
        .then(|| Message::new("hint-same-answer-everywhere").with("path", case.path()).with("other", path_of(other)))
}

fn altered(body: &str, value: &str) -> Option<Message> {
    let id = match echo::alteration(body, value)? {
        Alteration::UpperCased => "hint-value-upper-cased",
        Alteration::LowerCased => "hint-value-lower-cased",
        Alteration::PercentEncoded => "hint-value-percent-encoded",
        Alteration::QuotedTwice => "hint-value-quoted-twice",
        Alteration::Escaped => "hint-value-escaped",
        Alteration::HtmlEscapedTwice => "hint-value-html-escaped",
        Alteration::Mojibake => "hint-value-mojibake",
        Alteration::WithoutSpaces => "hint-value-without-spaces",
        Alteration::SpacesCollapsed => "hint-value-spaces-collapsed",
        Alteration::Reversed => "hint-value-reversed",
        Alteration::Cut { kept } => return Some(Message::new("hint-value-cut").with("kept", kept)),
    };
    Some(Message::new(id))
}

/// The body shows what another client was given or has sent: the program keeps values for all.
pub(super) fn anothers_value(case: &Case) -> Option<Message> {
    let own = case.exchange.request.cookies();
    let shown = |value: &str| {
        value.trim_matches('"').len() >= SHORTEST
            && echo::contains(&case.shown, value)
            && !own.iter().any(|(_, mine)| mine.trim_matches('"') == value.trim_matches('"'))
    };
    let given = case.others().filter_map(|exchange| exchange.response()).flat_map(|response| &response.cookies);
    let sent = case.others().flat_map(|exchange| exchange.request.cookies()).map(|(_, value)| value);
    let value = given.map(|cookie| cookie.raw_value.as_str()).chain(sent).find(|value| shown(value))?;
    if shows_now(case.exchange) && asks_for_time(case) != Some(false) {
        return None;
    }
    Some(Message::new("hint-global-variable").with("path", case.path()).with("value", value.trim_matches('"')))
}

/// Whether the body shows the time of this very exchange.
fn shows_now(exchange: &Exchange) -> bool {
    let Some(response) = exchange.response() else { return false };
    let text = none::visible(&html_escape::decode_html_entities(&response.body.text));
    time::instant_within(&text, exchange.sent_at.0, exchange.received_at.0).is_some()
}

/// Whether the path is known to answer the time of its own accord; unknown without evidence.
///
/// A time that was kept from the visit before and the time of this visit may be the same second. What tells them apart
/// is an answer to a client that had been given nothing by then, else the view's own text.
fn asks_for_time(case: &Case) -> Option<bool> {
    const CLOCK: [&str; 7] = ["asctime(", "ctime(", "strftime(", "time()", ".now(", "new Date", "Date.now"];
    let mut given = false;
    for exchange in case.earlier() {
        if path_of(exchange) == case.path()
            && !given
            && exchange.response().is_some_and(|response| response.status == 200)
        {
            return Some(shows_now(exchange));
        }
        given |= exchange.response().is_some_and(|response| !response.cookies.is_empty());
    }
    case.view().map(|view| view.mentions(&CLOCK))
}

fn current_time(case: &Case) -> Option<Message> {
    let now = shows_now(case.exchange) && asks_for_time(case) != Some(false);
    now.then(|| Message::new("hint-current-time-echoed").with("path", case.path()))
}

fn printed(case: &Case, value: &str) -> Option<Message> {
    case.printed(value).then(|| Message::new("hint-printed").with("path", case.path()))
}

fn empty(case: &Case) -> Option<Message> {
    case.shown.trim().is_empty().then(|| Message::new("hint-empty-body").with("path", case.path()))
}

/// The body is a text of the program's own, the same for every cookie.
fn hard_coded(case: &Case) -> Option<Message> {
    static LITERAL: LazyLock<Regex> = LazyLock::new(|| compiled(r#"^f?["']([^"'{}]+)["']$"#));
    let body = case.shown.trim();
    let view = case.view()?;
    let literal = |returned: &str| LITERAL.captures(returned).is_some_and(|parts| &parts[1] == body);
    let written = view.returns().iter().any(|(_, returned)| literal(returned));
    written.then(|| Message::new("hint-answer-hard-coded").with("path", case.path()).with("text", none::cut(body)))
}

/// The body says that there is no cookie, and the request brought one.
fn not_found_there(case: &Case) -> Option<Message> {
    if !none::says_nothing(&case.shown) {
        return None;
    }
    let name = case.cookie_name()?;
    if shown_before(case, name) {
        return Some(Message::new("hint-only-issued-values").with("name", name));
    }
    if let Some(read) = other_name(case, name) {
        return Some(Message::new("hint-other-name-read").with("name", name).with("read", read));
    }
    elsewhere(case).map(|place| Message::new("hint-not-read-from-cookies").with("name", name).with("place", place))
}

/// Whether the path has shown a cookie of this name before: then it is read, and this value was not accepted.
fn shown_before(case: &Case, name: &str) -> bool {
    let mut same_path = case.earlier().filter(|exchange| path_of(exchange) == case.path());
    same_path.any(|exchange| {
        let shown =
            exchange.response().filter(|response| response.status == 200).map_or("", |response| &response.body.text);
        exchange.request.cookie(name).is_some_and(|value| echo::contains(shown, value))
    })
}

/// The name that the program reads, if it is not the one that was sent.
fn other_name(case: &Case, name: &str) -> Option<String> {
    static READ: LazyLock<Regex> = LazyLock::new(|| {
        compiled(
            r#"(?:[cC]ookies?|COOKIES?|get_cookie|Cookie)(?:\.get)?[(\[]\s*["'](\w+)["']|[cC]ookies\.(\w+)\b(?:\s*[^\w\s(.]|$)"#,
        )
    });
    let view = case.view().map(|view| view.body);
    let code = view.unwrap_or_else(|| sources::all_lines(case.sources()).collect());
    let names: Vec<_> = code
        .iter()
        .filter(|line| !line.code.contains("set_cookie") && !line.code.contains("set("))
        .flat_map(|line| READ.captures_iter(line.code))
        .filter_map(|parts| parts.get(1).or_else(|| parts.get(2)).map(|name| name.as_str().to_owned()))
        .collect();
    if names.iter().any(|read| read == name) { None } else { names.into_iter().next() }
}

/// What the program reads instead of the request's cookies.
fn elsewhere(case: &Case) -> Option<&'static str> {
    const PLACES: [(&str, &str); 9] = [
        ("request.args", "request.args"),
        ("request.headers", "request.headers"),
        ("request.form", "request.form"),
        ("request.values", "request.values"),
        ("request.json", "request.json"),
        ("session", "session"),
        ("req.query", "req.query"),
        ("req.body", "req.body"),
        ("$_GET", "$_GET"),
    ];
    let files = case.program.sources;
    let mentions =
        |words: &[&str]| case.view().map_or_else(|| sources::mention(files, words), |view| view.mentions(words));
    if mentions(&["cookies", "Cookie", "COOKIE", "cookie."]) {
        return None;
    }
    PLACES.iter().find(|(word, _)| mentions(&[word])).map(|(_, place)| *place)
}
