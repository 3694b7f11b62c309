//! Writes an exercise that is proposed as an author would.

use std::fmt::Write as _;

use crate::exercise::draft::{
    Draft, DraftAttribute, DraftCapture, DraftCookie, DraftGet, DraftJson, DraftStep, DraftValue,
};

/// The exercise file. `schema` is where editors find the schema, from the file's folder.
#[must_use]
pub fn write(draft: &Draft, schema: &str) -> String {
    let mut text = format!("#:schema {schema}\n");
    let _ = writeln!(text, "id = {}\nversion = \"0.1.0\"\ntitle = {}", quoted(&draft.id), quoted(&draft.title));
    for check in &draft.checks {
        let _ = writeln!(text, "\n[[checks]]\nid = {}\ntitle = {}", quoted(&check.id), quoted(&check.title));
        text.push_str("points = 1\n");
        if !check.requires.is_empty() {
            let _ = writeln!(text, "requires = {}", list(&check.requires));
        }
        text.push_str("steps = [\n");
        for step in &check.steps {
            let step = match step {
                DraftStep::Get(get) => self::get(get),
                DraftStep::Wait(time) => format!("{{ wait = {} }}", quoted(time)),
            };
            let _ = writeln!(text, "  {step},");
        }
        text.push_str("]\n");
    }
    text
}

fn get(get: &DraftGet) -> String {
    let mut expect = Vec::new();
    expect.extend(get.status.map(|status| format!("status = {status}")));
    let starts = |kind: &String| format!("headers.content-type = {{ contains = {} }}", quoted(kind));
    expect.extend(get.content_type.as_ref().map(starts));
    expect.extend(get.redirected_to.as_ref().map(|to| format!("redirected_to = {}", quoted(to))));
    expect.extend(get.cookies.iter().map(cookie));
    let json = get.json.iter().map(|(path, value)| format!("{} = {}", quoted(path), self::json(value)));
    expect.extend(table("json", json));
    let html = get.html.iter().map(|(selector, text)| format!("{} = {}", quoted(selector), quoted(text)));
    expect.extend(table("html", html));
    let mut body = Vec::new();
    if !get.contains.is_empty() {
        body.push(format!("contains = {}", list(&get.contains)));
    }
    if !get.matches.is_empty() {
        body.push(format!("matches = {}", list(&get.matches)));
    }
    expect.extend(table("body", body.into_iter()));
    let mut fields = vec![format!("get = {}", quoted(&get.path))];
    fields.extend(get.client.as_ref().map(|client| format!("client = {}", quoted(client))));
    if !expect.is_empty() {
        fields.push(format!("expect = {{ {} }}", expect.join(", ")));
    }
    let save = get.save.iter().map(|(name, capture)| format!("{} = {}", key(name), self::capture(capture)));
    fields.extend(table("save", save));
    format!("{{ {} }}", fields.join(", "))
}

/// A key with a table of these, unless there are none.
fn table(key: &str, fields: impl Iterator<Item = String>) -> Option<String> {
    let fields: Vec<_> = fields.collect();
    (!fields.is_empty()).then(|| format!("{key} = {{ {} }}", fields.join(", ")))
}

fn capture(capture: &DraftCapture) -> String {
    match capture {
        DraftCapture::Json(path) => format!("{{ json = {} }}", quoted(path)),
        DraftCapture::Body(pattern) => format!("{{ body = {} }}", quoted(pattern)),
    }
}

fn json(value: &DraftJson) -> String {
    match value {
        DraftJson::Text(text) => quoted(text),
        DraftJson::Plain(value) => value.clone(),
        DraftJson::Type(name) => format!("{{ type = {} }}", quoted(name)),
    }
}

fn cookie(cookie: &DraftCookie) -> String {
    let mut fields = vec!["present = true".to_owned()];
    fields.extend(match &cookie.value {
        DraftValue::Any => None,
        DraftValue::Same(value) => Some(format!("value = {}", quoted(value))),
        DraftValue::Form(pattern) => Some(format!("value = {{ matches = {} }}", quoted(pattern))),
        DraftValue::Now => Some("time = \"now\"".to_owned()),
    });
    for (key, value) in &cookie.attributes {
        let value = match value {
            DraftAttribute::Set => "true".to_owned(),
            DraftAttribute::Text(text) => quoted(text),
            DraftAttribute::Number(number) => number.to_string(),
        };
        fields.push(format!("{key} = {value}"));
    }
    format!("cookies.{} = {{ {} }}", key(&cookie.name), fields.join(", "))
}

/// One text, or a list of several.
fn list(texts: &[String]) -> String {
    let texts: Vec<_> = texts.iter().map(|text| quoted(text)).collect();
    format!("[{}]", texts.join(", "))
}

/// A key: bare where TOML allows it.
fn key(name: &str) -> String {
    let is_bare = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    if is_bare { name.to_owned() } else { quoted(name) }
}

/// A basic string, on one line.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            control if control.is_control() => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(control));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}
