//! The response sets no cookie of the expected name: what it sets instead, and where the program loses it.

use std::sync::LazyLock;

use regex::Regex;

use super::case::{Case, path_of};
use super::sources::{self, Function, Line};
use super::trace::compiled;
use crate::exchange::Response;
use crate::exercise::Presence;
use crate::message::Message;

/// The cookie that Flask keeps its `session` in.
pub(super) const SESSION_COOKIE: &str = "session";

pub(super) fn hint(case: &Case) -> Option<Message> {
    let response = case.exchange.response().filter(|response| response.status < 400)?;
    let mut wanted =
        case.scripted.expect.cookies.iter().filter(|(_, cookie)| cookie.presence != Some(Presence::Absent));
    let (name, _) = wanted.find(|(name, _)| response.cookie(name).is_none())?;
    if response.cookies.is_empty() { nothing_set(case, response, name) } else { other_set(case, response, name) }
}

/// Cookies came, under other names.
fn other_set(case: &Case, response: &Response, name: &str) -> Option<Message> {
    let mut cookies = response.cookies.iter();
    if let Some(swapped) = cookies.find(|cookie| cookie.raw_value.trim_matches('"') == name) {
        return Some(
            Message::new("hint-name-and-value-swapped").with("name", name).with("came", swapped.name.as_str()),
        );
    }
    let names: Vec<_> = response.cookies.iter().map(|cookie| format!("`{}`", cookie.name)).collect();
    let [only] = response.cookies.as_slice() else {
        return Some(Message::new("hint-cookie-name").with("name", name).with("names", names.join(", ")));
    };
    let by_flask = sources::mention(case.program.sources, &["session["]) || only.raw_value.starts_with("eyJ");
    let id = if only.name == SESSION_COOKIE && by_flask { "hint-session" } else { "hint-cookie-name" };
    let message = Message::new(id).with("name", name);
    Some(if id == "hint-session" { message } else { message.with("names", names.join(", ")) })
}

/// No cookie at all: first what the response shows, then what the program's text shows.
fn nothing_set(case: &Case, response: &Response, name: &str) -> Option<Message> {
    headers_already_sent(case)
        .or_else(|| header_misspelled(response))
        .or_else(|| from_page(case, name))
        .or_else(|| views_swapped(case, name))
        .or_else(|| case.view().and_then(|view| in_view(case, &view)))
        .or_else(|| sets_nowhere(case, name))
        .or_else(|| Some(Message::new("hint-cookie-not-set").with("path", case.path()).with("name", name)))
}

/// In Node, a header set on the line after the answer was sent.
fn headers_already_sent(case: &Case) -> Option<Message> {
    const SENT: [&str; 3] = [".end(", ".send(", ".json("];
    const SET: [&str; 4] = [".setHeader(", ".cookie(", ".writeHead(", ".append("];
    if !case.kind_is(&["node", "express"]) {
        return None;
    }
    let has = |line: &Line, words: &[&str]| words.iter().any(|word| line.code.contains(word));
    let code: Vec<_> = sources::all_lines(case.program.sources).collect();
    let mut pairs = code.windows(2);
    let pair = pairs.find(|pair| has(&pair[0], &SENT) && has(&pair[1], &SET) && pair[0].indent == pair[1].indent)?;
    Some(super::errors::located("hint-headers-already-sent", Some(pair[1])))
}

/// A response header that is nearly `Set-Cookie`, or `Cookie`, which only browsers send.
fn header_misspelled(response: &Response) -> Option<Message> {
    let near =
        |name: &str| name == "cookie" || name.contains("set-cook") || strsim::levenshtein(name, "set-cookie") <= 2;
    let (name, _) = response.headers.iter().find(|(name, _)| near(name) && name != "set-cookie")?;
    Some(Message::new("hint-header-misspelled").with("header", name.as_str()))
}

/// A script or a meta tag in the page is to set the cookie.
fn from_page(case: &Case, name: &str) -> Option<Message> {
    static META: LazyLock<Regex> = LazyLock::new(|| compiled(r#"(?i)<meta[^>]+http-equiv=["']?set-cookie"#));
    let found = case.shown.contains("document.cookie") || META.is_match(&case.shown);
    found.then(|| Message::new("hint-cookie-from-page").with("name", name).with("call", call(case, name)))
}

/// Another path set the cookie.
fn views_swapped(case: &Case, name: &str) -> Option<Message> {
    let sets = |exchange: &&crate::exchange::Exchange| {
        path_of(exchange) != case.path() && exchange.response().is_some_and(|response| response.cookie(name).is_some())
    };
    let other = case.earlier().find(sets)?;
    Some(Message::new("hint-views-swapped").with("name", name).with("path", case.path()).with("other", path_of(other)))
}

static SET: LazyLock<Regex> = LazyLock::new(|| compiled(r"^(\w+)\.set_cookie\("));

/// The view has the call, and it has no effect.
fn in_view(case: &Case, view: &Function) -> Option<Message> {
    let set = *view.body.iter().find(|line| SET.is_match(line.code))?;
    let variable = SET.captures(set.code)?.get(1)?.as_str();
    let returns = view.returns();
    if let Some((line, _)) = returns.iter().find(|(line, _)| line.number < set.number && line.indent <= set.indent) {
        return Some(at("hint-return-before-set-cookie", *line));
    }
    if let Some(condition) = enclosing_condition(view, set) {
        let asks_for_cookie = condition.code.contains("cookies");
        return asks_for_cookie.then(|| at("hint-cookie-condition", condition));
    }
    let (_, returned) = returns.last()?;
    let another = *returned != variable && !returned.contains(&format!("{variable},")) && case.status() == Some(200);
    another.then(|| at("hint-response-not-returned", set).with("variable", variable).with("returned", *returned))
}

/// The nearest `if` that the line stands below.
fn enclosing_condition<'a>(view: &Function<'a>, inner: Line) -> Option<Line<'a>> {
    let before = view.body.iter().rev().filter(|line| line.number < inner.number && line.indent < inner.indent);
    before.copied().find(|line| line.code.starts_with("if ") || line.code.starts_with("elif "))
}

/// Nothing in the whole program sets a cookie.
fn sets_nowhere(case: &Case, name: &str) -> Option<Message> {
    const WORDS: [&str; 10] = [
        ".set_cookie(",
        "set-cookie",
        "setcookie(",
        "SetCookie",
        "Set-Cookie",
        "SET-COOKIE",
        "res.cookie",
        "cookies[",
        "addCookie",
        "SimpleCookie",
    ];
    // Flask's session is the better way to a cookie of this name.
    if name == SESSION_COOKIE && case.uses_flask() {
        return Some(Message::new("hint-session-not-used"));
    }
    let files = case.program.sources;
    (!files.is_empty() && !sources::mention(files, &WORDS))
        .then(|| Message::new("hint-cookie-never-set").with("name", name).with("call", call(case, name)))
}

/// How a cookie is set in the program's own language.
fn call(case: &Case, name: &str) -> String {
    match case.program.kind {
        Some("flask") => format!("`response.set_cookie(\"{name}\", ...)`"),
        Some("express") => format!("`res.cookie(\"{name}\", ...)`"),
        Some("node") => format!("`res.setHeader(\"Set-Cookie\", \"{name}=...\")`"),
        Some("php") => format!("`setcookie(\"{name}\", ...)`"),
        _ => format!("`Set-Cookie: {name}=...`"),
    }
}

fn at(id: &'static str, line: Line) -> Message {
    Message::new(id).with("file", line.file).with("line", i64::from(line.number))
}
