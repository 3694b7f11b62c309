//! What a response must satisfy.

use toml::de::DeValue;

use super::reader::{Field, Fields, Reader, one_or_more, report_doubles};
use crate::exercise::diagnostic::At;
use crate::exercise::validate::{self, Place};
use crate::exercise::{CookieExpectation, Expectations, Presence, Template, TextExpectation, TimeExpectation};

/// The values of `same_site`: RFC 6265bis §4.1.2.7's, and the same in lower case.
pub(super) const SAME_SITE: [&str; 6] = ["Strict", "Lax", "None", "strict", "lax", "none"];

/// The values of `time`.
pub(super) const TIMES: [&str; 1] = ["now"];

/// The table `expect`.
pub(super) fn expectations(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> Expectations {
    Expectations {
        status: fields.get("status").and_then(|field| reader.status(&field)),
        headers: fields.get("headers").map(|field| headers(reader, &field)).unwrap_or_default(),
        body: fields.get("body").and_then(|field| text_expectation(reader, &field)),
        json: fields.get("json").map(|field| super::body::json(reader, &field)).unwrap_or_default(),
        html: fields.get("html").map(|field| super::body::html(reader, &field)).unwrap_or_default(),
        captures: fields.get("captures").map(|field| captures(reader, &field)).unwrap_or_default(),
        cookies: fields.get("cookies").map(|field| cookies(reader, &field)).unwrap_or_default(),
        elapsed: fields.get("elapsed").and_then(|field| reader.duration(&field)),
        redirected_to: fields.get("redirected_to").and_then(|field| reader.path(&field)),
    }
}

fn headers(reader: &mut Reader<'_>, field: &Field<'_>) -> Vec<(String, TextExpectation)> {
    let entries = reader.map(field);
    report_doubles(reader, &entries);
    let mut all = Vec::new();
    for entry in entries {
        reader.accept(validate::header_name(entry.key), &entry.key_span);
        all.extend(text_expectation(reader, &entry).map(|text| (entry.key.to_ascii_lowercase(), text)));
    }
    all
}

fn captures(reader: &mut Reader<'_>, field: &Field<'_>) -> Vec<(String, TextExpectation)> {
    let mut all = Vec::new();
    for entry in reader.map(field) {
        // To look at a captured text is to use it.
        let place = Place::Capture(entry.key.to_owned());
        reader.places.push(At { value: place, span: entry.key_span.clone() });
        all.extend(text_expectation(reader, &entry).map(|text| (entry.key.to_owned(), text)));
    }
    all
}

fn cookies(reader: &mut Reader<'_>, field: &Field<'_>) -> Vec<(String, CookieExpectation)> {
    let mut all = Vec::new();
    for entry in reader.map(field) {
        reader.accept(validate::cookie_name(entry.key), &entry.key_span);
        let cookie = reader.table(&entry, "an expected cookie", |reader, fields| {
            let expectation = cookie(reader, fields);
            refuse_what_absence_contradicts(reader, &entry, &expectation);
            expectation
        });
        refuse_empty_table(reader, &entry);
        all.extend(cookie.map(|cookie| (entry.key.to_owned(), cookie)));
    }
    all
}

fn cookie(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> CookieExpectation {
    let mut flag = |reader: &mut Reader<'_>, key| fields.get(key).and_then(|field| reader.boolean(&field));
    let presence = flag(reader, "present").map(|is| if is { Presence::Present } else { Presence::Absent });
    let (http_only, secure, session) = (flag(reader, "http_only"), flag(reader, "secure"), flag(reader, "session"));
    CookieExpectation {
        presence,
        value: fields.get("value").and_then(|field| text_expectation(reader, &field)),
        time: fields.get("time").and_then(|field| reader.one_of(&field, &TIMES)).map(|_| TimeExpectation::Now),
        sent_to: fields.get("sent_to").and_then(|field| reader.path(&field)),
        path: fields.get("path").and_then(|field| reader.path(&field)),
        http_only,
        secure,
        same_site: fields.get("same_site").and_then(|field| reader.one_of(&field, &SAME_SITE)).map(str::to_owned),
        max_age: fields.get("max_age").and_then(|field| reader.integer(&field)),
        session,
    }
}

fn refuse_what_absence_contradicts(reader: &mut Reader<'_>, field: &Field<'_>, cookie: &CookieExpectation) {
    if cookie.presence != Some(Presence::Absent) {
        return;
    }
    for entry in reader.map(field) {
        if entry.key != "present" {
            let message = format!("`{}` cannot hold of a cookie that must be absent", entry.key);
            reader.wrong(message, entry.key_span, None);
        }
    }
}

/// A plain string, which must stand in the text, or a table of all that it must satisfy.
pub(super) fn text_expectation(reader: &mut Reader<'_>, field: &Field<'_>) -> Option<TextExpectation> {
    match field.value {
        DeValue::String(_) => {
            let part = part(reader, field)?;
            Some(TextExpectation { contains: vec![part], ..TextExpectation::default() })
        }
        DeValue::Table(_) => {
            refuse_empty_table(reader, field);
            let text = reader.table(field, "an expected text", text_table)?;
            refuse_what_emptiness_contradicts(reader, field, &text);
            Some(text)
        }
        _ => {
            reader.wrong_type(field, "a string (which the text contains) or a table");
            None
        }
    }
}

fn text_table(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> TextExpectation {
    let equals = fields.get("equals").and_then(|field| reader.template(&field));
    TextExpectation { equals, ..text_parts(reader, fields) }
}

/// All of an expected text but `equals`.
pub(super) fn text_parts(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> TextExpectation {
    TextExpectation {
        equals: None,
        contains: fields.get("contains").map(|field| parts(reader, &field)).unwrap_or_default(),
        matches: fields
            .get("matches")
            .map(|field| {
                let elements = one_or_more(&field);
                reader.refuse_empty_list(&field, &elements);
                elements.iter().filter_map(|element| reader.pattern(element)).collect()
            })
            .unwrap_or_default(),
        not_contains: fields.get("not_contains").map(|field| parts(reader, &field)).unwrap_or_default(),
        is_empty: fields.get("is_empty").and_then(|field| reader.boolean(&field)),
    }
}

fn parts(reader: &mut Reader<'_>, field: &Field<'_>) -> Vec<Template> {
    let elements = one_or_more(field);
    reader.refuse_empty_list(field, &elements);
    elements.iter().filter_map(|element| part(reader, element)).collect()
}

/// A part that stands in a text or does not; the empty text stands in all of them.
pub(super) fn part(reader: &mut Reader<'_>, field: &Field<'_>) -> Option<Template> {
    let part = reader.template(field)?;
    if part.0.is_empty() {
        let help = "`is_empty` looks at whether a text is empty".to_owned();
        reader.wrong("every text contains the empty text", field.span.clone(), Some(help));
        return None;
    }
    Some(part)
}

pub(super) fn refuse_empty_table(reader: &mut Reader<'_>, field: &Field<'_>) {
    if field.value.as_table().is_some_and(toml::map::Map::is_empty) {
        reader.wrong(format!("`{}` expects nothing", field.key), field.span.clone(), None);
    }
}

fn refuse_what_emptiness_contradicts(reader: &mut Reader<'_>, field: &Field<'_>, text: &TextExpectation) {
    if text.is_empty != Some(true) {
        return;
    }
    for entry in reader.map(field) {
        if entry.key == "contains" || entry.key == "equals" {
            let message = format!("`{}` cannot hold of a text that must be empty", entry.key);
            reader.wrong(message, entry.key_span, None);
        }
    }
}
