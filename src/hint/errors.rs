//! Errors that a program's log or answer tells of while it answers a request.

use std::sync::LazyLock;

use regex::Regex;

use super::case::Case;
use super::server_error;
use super::sources::{self, Line};
use super::trace::{Trace, compiled};
use super::unset::SESSION_COOKIE;
use crate::exchange::Request;
use crate::message::Message;
use crate::source::SourceFile;

/// The hint that tells no more than the error itself.
pub(super) const IN_VIEW: &str = "hint-error-in-view";

pub(super) fn hint(case: &Case) -> Option<Message> {
    if case.status() == Some(400) {
        return quiet_key_error(case);
    }
    let error = case.error.as_ref()?;
    returned_nothing(case, error)
        .or_else(|| absent_cookie(case, error))
        .or_else(|| of_code(error, case.sources(), case.error_line()))
        .or_else(|| of_flask(case, error))
        .or_else(|| is_headers_sent(error).then(|| located("hint-headers-already-sent", case.error_line())))
        .or_else(|| failed(case, error))
}

/// Whether the program set a header after it had sent its answer.
pub(super) fn is_headers_sent(error: &Trace) -> bool {
    error.text.contains("Cannot set headers after they are sent") || error.text.contains("headers already sent")
}

/// A hint with the place of the line as `place`, if one is known.
pub(super) fn located(id: &'static str, line: Option<Line>) -> Message {
    let place = match line {
        Some(line) => Message::new("place-line").with("file", line.file).with("line", i64::from(line.number)),
        None => Message::new("place-program"),
    };
    Message::new(id).with("place", place)
}

/// Whatever else ended the request: the error is shown beside the hint.
fn failed(case: &Case, error: &Trace) -> Option<Message> {
    let line = case.error_line()?;
    let failed = case.status().is_none_or(|status| status >= 500);
    failed.then(|| located(IN_VIEW, Some(line)).with("error", server_error::message(error, case.program)))
}

/// Flask was given `None` by a view: which of the ways to return nothing it is.
fn returned_nothing(case: &Case, error: &Trace) -> Option<Message> {
    let name = server_error::view_without_response(error)?;
    let Some(view) = case.view() else {
        return Some(Message::new("hint-none-returned-somewhere").with("function", name));
    };
    let returns = view.returns();
    let Some((_, returned)) = returns.iter().rfind(|(_, value)| !value.is_empty()) else {
        let id = if view.mentions(&["print("]) { "hint-printed" } else { "hint-no-return" };
        let message = Message::new(id);
        return Some(if id == "hint-printed" {
            message.with("path", case.path())
        } else {
            message.with("function", name)
        });
    };
    let value = view.assigned(returned).unwrap_or(returned);
    if value.contains(".set_cookie(") {
        return Some(Message::new("hint-set-cookie-chained").with("function", name));
    }
    Some(Message::new("hint-none-returned").with("value", value).with("returned", *returned))
}

/// The program treats a cookie that is not there as if it were.
fn absent_cookie(case: &Case, error: &Trace) -> Option<Message> {
    static ATTRIBUTE: LazyLock<Regex> = LazyLock::new(|| {
        compiled(
            r"^'NoneType' object has no attribute '(\w+)'|^Cannot read propert\w+ (?:'\w+' )?of (?:undefined|null)(?: \(reading '(\w+)'\))?",
        )
    });
    let line = case.error_line();
    let joins_none =
        error.is("TypeError", "NoneType") && (error.text.contains("concatenate") || error.text.contains("operand"));
    if joins_none {
        return Some(located("hint-none-concatenated", line));
    }
    if let Some(parts) = ATTRIBUTE.captures(&error.text) {
        let attribute = parts.get(1).or_else(|| parts.get(2)).map_or("", |name| name.as_str()).to_owned();
        let id = if parts.get(1).is_some() { "hint-none-attribute" } else { "hint-undefined-property" };
        return Some(located(id, line).with("attribute", attribute));
    }
    if error.kind == "KeyError" {
        let has = |words: &[&str]| line.is_some_and(|line| words.iter().any(|word| line.code.contains(word)));
        let of_another = has(&["[", ".pop("]) && !has(&["request", "cookies", "args[", "form["]);
        let id = if of_another { "hint-key-missing" } else { "hint-key-error" };
        return Some(located(id, line).with("key", error.text.trim_matches(['\'', '"'])));
    }
    if error.kind != "IndexError" {
        return None;
    }
    let takes_first = line.is_some_and(|line| line.code.contains("[0]"))
        && case.view().is_some_and(|view| view.mentions(&["cookies"]));
    Some(located(if takes_first { "hint-first-of-none" } else { "hint-index-error" }, line))
}

/// Without debug mode Flask answers 400 to a missing key and logs nothing.
fn quiet_key_error(case: &Case) -> Option<Message> {
    static KEY: LazyLock<Regex> = LazyLock::new(|| compiled(r#"(cookies|form|args)\[\s*["'](\w+)["']\s*\]"#));
    let is_flasks = case.shown.contains("The browser (or proxy) sent a request that this server could not understand");
    if !is_flasks {
        return None;
    }
    let missing = |line: Line<'_>| {
        let keys = KEY.captures_iter(line.code).map(|parts| parts.extract().1);
        let mut missing = keys.filter(|[place, key]| is_missing(&case.exchange.request, place, key));
        missing.next().map(|[_, key]| located("hint-key-error", Some(line)).with("key", key.to_owned()))
    };
    let in_view = case.view().and_then(|view| view.body.iter().copied().find_map(missing));
    in_view.or_else(|| sources::all_lines(case.sources()).find_map(missing))
}

/// Whether a request lacks what Flask's `request.cookies`, `.args` or `.form` is asked for.
fn is_missing(request: &Request, place: &str, key: &str) -> bool {
    let query = request.target.split_once('?').map_or("", |(_, query)| query);
    let has = |pairs: &str| url::form_urlencoded::parse(pairs.as_bytes()).any(|(name, _)| name == key);
    match place {
        "cookies" => request.cookie(key).is_none(),
        "args" => !has(query),
        _ => !has(request.body.as_deref().unwrap_or_default()),
    }
}

/// Mistakes in the code itself, which may also show before the program listens.
pub(super) fn of_code(error: &Trace, files: &[SourceFile], line: Option<Line>) -> Option<Message> {
    name_error(error, files, line)
        .or_else(|| unbound_local(error, files, line))
        .or_else(|| attribute_error(error, files, line))
        .or_else(|| not_callable(error, line))
}

fn name_error(error: &Trace, files: &[SourceFile], line: Option<Line>) -> Option<Message> {
    static NAME: LazyLock<Regex> = LazyLock::new(|| compiled(r"^name '(\w+)' is not defined|^(\w+) is not defined"));
    if !matches!(error.kind.as_str(), "NameError" | "ReferenceError") {
        return None;
    }
    let parts = NAME.captures(&error.text)?;
    let name = parts.get(1).or_else(|| parts.get(2))?.as_str();
    let advice = match (error.kind.as_str(), name) {
        ("NameError", "cookies" | "cookie") => Message::new("advice-write").with("text", "request.cookies"),
        ("NameError", _) => {
            importing(name, files).or_else(|| suggestion(error)).unwrap_or_else(|| Message::new("advice-spelling"))
        }
        _ => Message::new("advice-spelling"),
    };
    Some(located("hint-name-error", line).with("name", name).with("advice", advice))
}

/// The import that makes a usual name known.
fn importing(name: &str, files: &[SourceFile]) -> Option<Message> {
    const OF_FLASK: [&str; 12] = [
        "Flask",
        "request",
        "make_response",
        "session",
        "jsonify",
        "redirect",
        "url_for",
        "render_template",
        "render_template_string",
        "Response",
        "abort",
        "Blueprint",
    ];
    const MODULES: [&str; 9] = ["time", "datetime", "os", "json", "random", "sys", "re", "math", "flask"];
    let flask = sources::mention(files, &["flask"]);
    let line = if flask && OF_FLASK.contains(&name) {
        format!("from flask import {name}")
    } else if MODULES.contains(&name) {
        format!("import {name}")
    } else {
        return None;
    };
    Some(Message::new("advice-import").with("line", line))
}

/// What Python itself suggests.
fn suggestion(error: &Trace) -> Option<Message> {
    static MEANT: LazyLock<Regex> = LazyLock::new(|| compiled(r"Did you mean: '([^']+)'"));
    Some(Message::new("advice-did-you-mean").with("name", error.find(&MEANT)?))
}

fn unbound_local(error: &Trace, files: &[SourceFile], line: Option<Line>) -> Option<Message> {
    static NAME: LazyLock<Regex> = LazyLock::new(|| compiled(r"local variable '(\w+)'"));
    let name = error.find(&NAME).filter(|_| error.kind == "UnboundLocalError")?;
    let import = |line: Line| line.code.starts_with("import ") || line.code.starts_with("from ");
    let word = |line: Line| line.code.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == name);
    let hides_module = sources::all_lines(files).any(|line| import(line) && word(line));
    let advice = if hides_module { "advice-rename" } else { "advice-global" };
    let advice = Message::new(advice).with("name", name.as_str());
    Some(located("hint-unbound-local", line).with("name", name).with("advice", advice))
}

fn attribute_error(error: &Trace, files: &[SourceFile], line: Option<Line>) -> Option<Message> {
    static ATTRIBUTE: LazyLock<Regex> = LazyLock::new(|| {
        compiled(r"^(?:'([\w.]+)' object|module '([\w.]+)'|type object '([\w.]+)') has no attribute '(\w+)'")
    });
    let parts = ATTRIBUTE.captures(&error.text).filter(|_| error.kind == "AttributeError")?;
    let owner = parts.get(1).or_else(|| parts.get(2)).or_else(|| parts.get(3))?.as_str();
    let attribute = parts.get(4)?.as_str();
    let advice = suggestion(error).or_else(|| renamed(files, attribute)).or_else(|| known_attribute(attribute));
    let advice = advice.unwrap_or_else(|| Message::new("advice-spelling"));
    Some(located("hint-attribute-error", line).with("owner", owner).with("name", attribute).with("advice", advice))
}

/// The attribute of Flask's or of `time` that this one nearly is.
fn known_attribute(name: &str) -> Option<Message> {
    const KNOWN: [&str; 12] = [
        "cookies",
        "set_cookie",
        "delete_cookie",
        "asctime",
        "strftime",
        "ctime",
        "localtime",
        "headers",
        "args",
        "form",
        "route",
        "get",
    ];
    let near =
        KNOWN.iter().filter(|known| **known != name).find(|known| strsim::damerau_levenshtein(known, name) <= 2)?;
    Some(Message::new("advice-did-you-mean").with("name", *near))
}

/// `from time import time` gives the function its module's name.
fn renamed(files: &[SourceFile], attribute: &str) -> Option<Message> {
    static FROM: LazyLock<Regex> = LazyLock::new(|| compiled(r"^from (\w+) import (?:.*, *)?(\w+)\b"));
    const OF_TIME: [&str; 7] = ["asctime", "ctime", "strftime", "localtime", "gmtime", "time", "sleep"];
    let same = |line: &Line| FROM.captures(line.code).is_some_and(|parts| parts[1] == parts[2]);
    let line = sources::all_lines(files).find(same)?;
    let module = FROM.captures(line.code)?.get(1)?.as_str();
    let fits = module == "datetime" || OF_TIME.contains(&attribute);
    fits.then(|| {
        Message::new("advice-import-instead").with("wrong", line.code).with("right", format!("import {module}"))
    })
}

fn not_callable(error: &Trace, line: Option<Line>) -> Option<Message> {
    static OBJECT: LazyLock<Regex> =
        LazyLock::new(|| compiled(r"^'(\w+)' object is not callable|^(.+) is not a function"));
    let parts = OBJECT.captures(&error.text).filter(|_| error.kind == "TypeError")?;
    if let Some(name) = parts.get(2) {
        return Some(located("hint-not-a-function", line).with("name", name.as_str()));
    }
    Some(located("hint-not-callable", line).with("kind", parts.get(1)?.as_str()))
}

/// Flask's, Werkzeug's and Jinja's own errors.
fn of_flask(case: &Case, error: &Trace) -> Option<Message> {
    static GOT: LazyLock<Regex> =
        LazyLock::new(|| compiled(r"expected string or bytes-like object(?:, got '([\w.]+)')?"));
    let line = case.error_line();
    if error.kind == "RuntimeError" && error.text.contains("no secret key") {
        let own_cookie = case.scripted.expect.cookies.iter().any(|(name, _)| name != SESSION_COOKIE);
        return Some(Message::new(if own_cookie { "hint-session-no-key" } else { "hint-session-needs-key" }));
    }
    if error.kind == "TemplateNotFound" {
        return Some(Message::new("hint-template-not-found").with("template", error.text.as_str()));
    }
    let sets = line.is_some_and(|line| line.code.contains("set_cookie("));
    let not_text = error.kind == "TypeError" && GOT.is_match(&error.text)
        || error.kind == "AttributeError" && error.text.contains("has no attribute 'encode'");
    (sets && not_text).then(|| located("hint-cookie-not-text", line))
}
