//! Checks for what a server answered to two visitors.
//!
//! What both got is asserted; what differs is not, but for its form, or as the cookie or the value of an earlier answer
//! that it repeats.

use serde_json::Value;

use super::changing;
use crate::exchange::{Exchange, JarVerdict, ReceivedCookie, Response};
use crate::exercise::draft::{
    Draft, DraftAttribute, DraftCheck, DraftCookie, DraftGet, DraftJson, DraftStep, DraftValue,
};
use crate::exercise::{CookieExpectation, Expectations, Selector, TimeExpectation};
use crate::judge::{self, Scope};

/// The longest text of a body that is asserted, in characters.
const SALIENT: usize = 60;
/// How many values of a JSON document are asserted.
const MOST: usize = 16;
/// The shortest value that is looked for in bodies: shorter ones are there by chance.
pub(super) const TELLING: usize = 4;

/// One path as two visitors saw it.
struct Visit<'a> {
    path: &'a str,
    seen: [(&'a Exchange, &'a Response); 2],
}

/// Proposes a check for each path that both visitors got an answer from, in the order of their visits.
#[must_use]
pub fn propose(id: &str, paths: &[String], first: &[Exchange], second: &[Exchange]) -> Draft {
    let both = paths.iter().zip(first.iter().zip(second));
    let visits: Vec<_> = both
        .filter_map(|(path, (a, b))| Some(Visit { path, seen: [(a, a.response()?), (b, b.response()?)] }))
        .collect();
    let mut checks: Vec<DraftCheck> = Vec::new();
    for (place, visit) in visits.iter().enumerate() {
        let before = &visits[..place];
        let followed = changing::followed(visit.seen, before.iter().map(|earlier| earlier.seen));
        let matters = |earlier: usize| {
            is_sent_a_cookie_of(visit, &visits[earlier]) || followed.iter().any(|value| value.earlier == earlier)
        };
        let setting: Vec<usize> = (0..place).filter(|earlier| matters(*earlier)).collect();
        let again = setting.iter().map(|&earlier| {
            let of_it = followed.iter().filter(|value| value.earlier == earlier);
            let save = of_it.map(|value| (value.name.clone(), value.capture.clone())).collect();
            let path = visits[earlier].path.to_owned();
            DraftStep::Get(Box::new(DraftGet { path, save, ..DraftGet::default() }))
        });
        let mut own = expectations(visit, before);
        if !followed.is_empty() {
            own.matches.clear();
            own.contains.retain(|text| text.starts_with("{{"));
            own.contains.extend(followed.iter().map(|value| format!("{{{{{}}}}}", value.name)));
        }
        let steps = again.chain([DraftStep::Get(Box::new(own))]).collect();
        let requires = setting.iter().map(|&earlier| checks[earlier].id.clone()).collect();
        let id = unique(slug(visit.path, "front"), &checks);
        checks.push(DraftCheck { id, title: format!("GET {}", visit.path), requires, steps });
    }
    Draft { id: id.to_owned(), title: id.to_owned(), checks }
}

/// Whether a visit brings back a cookie that an earlier one set.
fn is_sent_a_cookie_of(visit: &Visit<'_>, earlier: &Visit<'_>) -> bool {
    let sent = visit.seen[0].0.request.cookies();
    earlier.seen[0].1.cookies.iter().any(|cookie| sent.iter().any(|(name, _)| *name == cookie.name))
}

fn expectations(visit: &Visit<'_>, before: &[Visit<'_>]) -> DraftGet {
    let [(exchange, a), (_, b)] = visit.seen;
    let media_type = |response: &Response| Some(response.header("content-type")?.split(';').next()?.trim().to_owned());
    let location =
        |response: &Response| response.header("location").filter(|to| to.starts_with('/')).map(str::to_owned);
    let mut get = DraftGet {
        path: visit.path.to_owned(),
        status: (a.status == b.status).then_some(a.status),
        content_type: media_type(a).filter(|kind| media_type(b).as_ref() == Some(kind) && !kind.is_empty()),
        redirected_to: location(a).filter(|to| location(b).as_ref() == Some(to) && is_writable(to)),
        cookies: a.cookies.iter().filter_map(|cookie| self::cookie(visit, cookie)).collect(),
        ..DraftGet::default()
    };
    let repeated = repeated(visit, before);
    if !repeated.is_empty() {
        get.contains = repeated;
    } else if exchange.request.method == "GET" && (200..300).contains(&a.status) {
        body(&a.body.text, &b.body.text, &mut get);
    }
    get
}

/// The cookies that both visitors sent and read in the body, as templates.
fn repeated(visit: &Visit<'_>, before: &[Visit<'_>]) -> Vec<String> {
    let [(one, a), (other, b)] = visit.seen;
    let is_set = |name: &str| before.iter().any(|earlier| earlier.seen[0].1.cookie(name).is_some());
    let shows = |exchange: &Exchange, response: &Response, name: &str| {
        let plain = exchange.request.cookie(name).map(|value| value.trim_matches('"'));
        plain.is_some_and(|value| value.len() >= TELLING && response.body.text.contains(value))
    };
    let names = one.request.cookies().into_iter().map(|(name, _)| name);
    let names = names.filter(|name| is_set(name) && shows(one, a, name) && shows(other, b, name));
    names.map(|name| format!("{{{{cookie.{name}}}}}")).filter(|template| is_template(template)).collect()
}

fn cookie(visit: &Visit<'_>, cookie: &ReceivedCookie) -> Option<DraftCookie> {
    let [(one, _), (other, b)] = visit.seen;
    let twin = b.cookie(&cookie.name)?;
    if cookie.jar != JarVerdict::Kept || twin.jar != JarVerdict::Kept {
        return None;
    }
    let value = if says_now(one, &cookie.name) && says_now(other, &cookie.name) {
        DraftValue::Now
    } else if cookie.raw_value != twin.raw_value {
        DraftValue::Form(form(&cookie.raw_value, &twin.raw_value))
    } else if is_writable(&cookie.raw_value) && !cookie.raw_value.is_empty() {
        DraftValue::Same(cookie.raw_value.clone())
    } else {
        DraftValue::Any
    };
    let mut attributes = Vec::new();
    let mut add = |key, value: Option<DraftAttribute>| attributes.extend(value.map(|value| (key, value)));
    let number = |age: &Option<String>| age.as_ref().and_then(|age| age.parse().ok()).map(DraftAttribute::Number);
    let text = |text: &Option<String>| text.clone().filter(|text| is_writable(text)).map(DraftAttribute::Text);
    add("http_only", (cookie.http_only && twin.http_only).then_some(DraftAttribute::Set));
    add("secure", (cookie.secure && twin.secure).then_some(DraftAttribute::Set));
    add("same_site", text(&cookie.same_site).filter(|_| cookie.same_site == twin.same_site));
    add("path", text(&cookie.path).filter(|_| cookie.path == twin.path));
    add("max_age", number(&cookie.max_age).filter(|_| cookie.max_age == twin.max_age));
    Some(DraftCookie { name: cookie.name.clone(), value, attributes })
}

/// Whether a cookie says the time of the visit.
fn says_now(exchange: &Exchange, name: &str) -> bool {
    let cookie = CookieExpectation { time: Some(TimeExpectation::Now), ..CookieExpectation::default() };
    let expected = Expectations { cookies: vec![(name.to_owned(), cookie)], ..Expectations::default() };
    judge::judge(1, &expected, exchange, &Scope::default()).is_empty()
}

/// What is telling in a body: the title and first heading of a page or else its first words, the values of a JSON
/// object, else the first line, or the form of a short text that differs.
fn body(a: &str, b: &str, get: &mut DraftGet) {
    let kind = get.content_type.clone().unwrap_or_default();
    let mut telling = None;
    if kind.contains("json") {
        get.json = json(a, b);
    } else if kind.contains("html") && a.contains('<') {
        get.html = ["title", "h1"].into_iter().filter_map(|tag| element(a, b, tag)).collect();
        telling = first_text(a).filter(|_| get.html.is_empty());
    } else {
        telling = first_line(a);
    }
    get.contains = telling.filter(|text| b.contains(text.as_str()) && is_writable(text)).into_iter().collect();
    let (a, b) = (a.trim(), b.trim());
    let is_short = |text: &str| !text.is_empty() && text.chars().count() <= SALIENT && !text.contains('\n');
    if get.contains.is_empty() && get.json.is_empty() && get.html.is_empty() && a != b && is_short(a) && is_short(b) {
        get.matches = vec![form(a, b)];
    }
}

/// The values that both documents have: the same ones as they are, else their type.
fn json(a: &str, b: &str) -> Vec<(String, DraftJson)> {
    let mut found = Vec::new();
    if let (Ok(a), Ok(b)) = (serde_json::from_str(a), serde_json::from_str(b)) {
        values(&a, &b, "$".to_owned(), &mut found);
    }
    found.truncate(MOST);
    found
}

fn values(a: &Value, b: &Value, path: String, found: &mut Vec<(String, DraftJson)>) {
    let known = match (a, b) {
        (Value::Object(a), Value::Object(b)) if !a.is_empty() => {
            for (name, value) in a {
                if let Some(twin) = b.get(name) {
                    values(value, twin, member(&path, name), found);
                }
            }
            return;
        }
        (Value::String(text), _) if a == b && is_writable(text) && text.chars().count() <= SALIENT => {
            Some(DraftJson::Text(text.clone()))
        }
        (Value::Bool(_), _) if a == b => Some(DraftJson::Plain(a.to_string())),
        (Value::Number(number), _) if a == b && number.is_i64() => Some(DraftJson::Plain(a.to_string())),
        _ => type_of(a).filter(|kind| type_of(b) == Some(kind)).map(DraftJson::Type),
    };
    found.extend(known.map(|known| (path, known)));
}

/// The path of an object's member (RFC 9535 §2.3.1, §2.5.1).
pub(super) fn member(path: &str, name: &str) -> String {
    let is_plain = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if is_plain {
        return format!("{path}.{name}");
    }
    format!("{path}[{}]", Value::from(name))
}

fn type_of(value: &Value) -> Option<&'static str> {
    Some(match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    })
}

/// What the first element of this name says in both pages.
fn element(a: &str, b: &str, tag: &str) -> Option<(String, String)> {
    let selector = Selector::parse(tag).ok()?;
    let text = |page: &str| judge::captured_of_html(page, &selector, None);
    let said = text(a).filter(|said| text(b).as_ref() == Some(said))?;
    let is_telling = !said.trim().is_empty() && said.chars().count() <= SALIENT && is_writable(&said);
    is_telling.then(|| (tag.to_owned(), said))
}

/// The first words of a page that stand between tags.
fn first_text(page: &str) -> Option<String> {
    let body = page.find("<body").map_or(page, |start| &page[start..]);
    let texts = body.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text);
    texts.filter_map(first_line).next()
}

fn first_line(body: &str) -> Option<String> {
    let line = body.lines().map(str::trim).find(|line| !line.is_empty())?;
    Some(line.chars().take(SALIENT).collect::<String>().trim_end().to_owned())
}

/// A regular expression for two values of the same form: what both have as it is, else digits or letters and digits.
/// Values that have nothing in common have any form.
pub(super) fn form(a: &str, b: &str) -> String {
    let (a, b) = (runs(a), runs(b));
    let alike = a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| a == b || (is_word(a) && is_word(b)));
    if !alike {
        return ".".to_owned();
    }
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let parts = a.iter().zip(&b).map(|(a, b)| match (a == b, is_number(a) && is_number(b)) {
        (true, _) => regex::escape(a),
        (false, true) => "[0-9]+".to_owned(),
        (false, false) => "[0-9A-Za-z]+".to_owned(),
    });
    format!("^{}$", parts.collect::<String>())
}

pub(super) fn is_word(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// A text cut where letters and digits end and begin.
pub(super) fn runs(text: &str) -> Vec<&str> {
    let mut runs = Vec::new();
    let mut start = 0;
    let is_word = |c: char| c.is_ascii_alphanumeric();
    let characters: Vec<(usize, char)> = text.char_indices().collect();
    for pair in characters.windows(2) {
        if is_word(pair[0].1) != is_word(pair[1].1) {
            runs.push(&text[start..pair[1].0]);
            start = pair[1].0;
        }
    }
    if start < text.len() {
        runs.push(&text[start..]);
    }
    runs
}

/// Whether a text can stand in an exercise as it is: nothing in it is a place to be filled.
fn is_writable(text: &str) -> bool {
    !text.contains("{{")
}

fn is_template(text: &str) -> bool {
    crate::exercise::Template::parse(text).is_ok()
}

/// An id made of a text's letters and digits; `otherwise` if there are none.
#[must_use]
pub fn slug(text: &str, otherwise: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let words: Vec<_> = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let slug: String = words.join("-").chars().take(40).collect();
    let slug = slug.trim_end_matches('-');
    match slug.chars().next() {
        None => otherwise.to_owned(),
        Some(first) if first.is_ascii_digit() => format!("{otherwise}-{slug}"),
        Some(_) => slug.to_owned(),
    }
}

fn unique(id: String, checks: &[DraftCheck]) -> String {
    let is_free = |id: &str| checks.iter().all(|check| check.id != id);
    if is_free(&id) {
        return id;
    }
    let numbered = (2..).map(|number| format!("{id}-{number}"));
    numbered.into_iter().find(|id| is_free(id)).unwrap_or(id)
}
