//! What the values of a JSON body and the elements of an HTML body must satisfy.

use toml::de::DeValue;

use super::expect::{part, refuse_empty_table, text_expectation, text_parts};
use super::reader::{Field, Fields, Reader};
use crate::exercise::diagnostic::Span;
use crate::exercise::validate;
use crate::exercise::{
    AttributeExpectation, HtmlExpectation, JsonExpectation, JsonPath, JsonType, Presence, Selector, TextExpectation,
};

/// The names of the types of JSON values.
pub(super) const TYPES: [&str; 7] = [
    JsonType::String.name(),
    JsonType::Number.name(),
    JsonType::Integer.name(),
    JsonType::Boolean.name(),
    JsonType::Array.name(),
    JsonType::Object.name(),
    JsonType::Null.name(),
];

/// The table `json` of what is expected, by path.
pub(super) fn json(reader: &mut Reader<'_>, field: &Field<'_>) -> Vec<(JsonPath, JsonExpectation)> {
    let mut all = Vec::new();
    for entry in reader.map(field) {
        let path = reader.json_path(entry.key, &entry.key_span);
        let value = value(reader, &entry);
        all.extend(path.zip(value));
    }
    all
}

/// The table `html` of what is expected, by selector.
pub(super) fn html(reader: &mut Reader<'_>, field: &Field<'_>) -> Vec<(Selector, HtmlExpectation)> {
    let mut all = Vec::new();
    for entry in reader.map(field) {
        let selector = reader.selector(entry.key, &entry.key_span);
        let element = element(reader, &entry);
        all.extend(selector.zip(element));
    }
    all
}

/// A plain value, which it must be, or a table of all that must hold.
fn value(reader: &mut Reader<'_>, field: &Field<'_>) -> Option<JsonExpectation> {
    if !field.value.is_table() {
        return Some(JsonExpectation { equals: Some(reader.json(field)?), ..JsonExpectation::default() });
    }
    refuse_empty_table(reader, field);
    let expected = reader.table(field, "an expected value", |reader, fields| {
        let (presence, count) = (presence(reader, fields), count(reader, fields));
        let kind = fields.get("type").and_then(|field| reader.one_of(&field, &TYPES));
        JsonExpectation {
            presence,
            count,
            kind: kind.and_then(|name| JsonType::ALL.into_iter().find(|kind| kind.name() == name)),
            equals: fields.get("equals").and_then(|field| reader.json(&field)),
            text: text_parts(reader, fields),
        }
    })?;
    refuse_what_absence_contradicts(reader, field, expected.presence, expected.count);
    Some(expected)
}

/// A plain text, which must stand in the element's, or a table of all that must hold.
fn element(reader: &mut Reader<'_>, field: &Field<'_>) -> Option<HtmlExpectation> {
    match field.value {
        DeValue::String(_) => {
            let text = TextExpectation { contains: vec![part(reader, field)?], ..TextExpectation::default() };
            Some(HtmlExpectation { text: Some(text), ..HtmlExpectation::default() })
        }
        DeValue::Table(_) => {
            refuse_empty_table(reader, field);
            let expected = reader.table(field, "an expected element", |reader, fields| HtmlExpectation {
                presence: presence(reader, fields),
                count: count(reader, fields),
                text: fields.get("text").and_then(|field| text_expectation(reader, &field)),
                attributes: fields.get("attr").map(|field| attributes(reader, &field)).unwrap_or_default(),
            })?;
            refuse_what_absence_contradicts(reader, field, expected.presence, expected.count);
            Some(expected)
        }
        _ => {
            reader.wrong_type(field, "a string (which the element's text contains) or a table");
            None
        }
    }
}

fn attributes(reader: &mut Reader<'_>, field: &Field<'_>) -> Vec<(String, AttributeExpectation)> {
    refuse_empty_table(reader, field);
    let mut all = Vec::new();
    for entry in reader.map(field) {
        reader.accept(validate::attribute_name(entry.key), &entry.key_span);
        let expected = match entry.value {
            DeValue::Boolean(is_there) => Some(AttributeExpectation::Presence(presence_of(*is_there))),
            DeValue::String(_) | DeValue::Table(_) => text_expectation(reader, &entry).map(AttributeExpectation::Value),
            _ => {
                reader.wrong_type(&entry, "a string (which its value contains), `true`, `false` or a table");
                None
            }
        };
        all.extend(expected.map(|expected| (entry.key.to_ascii_lowercase(), expected)));
    }
    all
}

/// `present` and `absent`, which say the same of each other's opposite.
fn presence(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> Option<Presence> {
    let (present, absent) = (fields.get("present"), fields.get("absent"));
    let mut said = |field: &Option<Field<'_>>| field.as_ref().and_then(|field| reader.boolean(field));
    let (is_present, is_absent) = (said(&present), said(&absent));
    if let (Some(_), Some(absent)) = (&present, &absent) {
        let help = "leave one of them out".to_owned();
        reader.wrong("`present` and `absent` say the same thing twice", absent.key_span.clone(), Some(help));
    }
    is_present.or(is_absent.map(|absent| !absent)).map(presence_of)
}

fn presence_of(is_there: bool) -> Presence {
    if is_there { Presence::Present } else { Presence::Absent }
}

fn count(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> Option<usize> {
    let field = fields.get("count")?;
    let number = reader.integer(&field)?;
    reader.accept(validate::count(number), &field.span)
}

fn refuse_what_absence_contradicts(
    reader: &mut Reader<'_>,
    field: &Field<'_>,
    presence: Option<Presence>,
    count: Option<usize>,
) {
    if presence != Some(Presence::Absent) && count != Some(0) {
        return;
    }
    for entry in reader.map(field) {
        if !["present", "absent", "count"].contains(&entry.key) {
            let message = format!("`{}` cannot hold of what must be absent", entry.key);
            reader.wrong(message, entry.key_span, None);
        }
    }
    if presence == Some(Presence::Absent) && count.is_some_and(|count| count > 0)
        || presence == Some(Presence::Present) && count == Some(0)
    {
        reader.wrong("it cannot be there and absent", field.span.clone(), None);
    }
}

impl Reader<'_> {
    /// A JSONPath that stands at this place.
    pub(super) fn json_path(&mut self, text: &str, span: &Span) -> Option<JsonPath> {
        match JsonPath::parse(text) {
            Ok(path) => Some(path),
            Err(error) => {
                let help = if text.starts_with('$') {
                    "a path is made of `$`, `.name`, `['name']`, `[0]`, `[*]`, `..name` and `[?@.name == 'x']`"
                } else {
                    "a path begins with `$`, the whole document, as in `$.name`"
                };
                let place = self.place_in(text, span, error.at);
                self.wrong(format!("`{text}` is no JSONPath"), place, Some(help.to_owned()));
                None
            }
        }
    }

    /// A CSS selector that stands at this place.
    pub(super) fn selector(&mut self, text: &str, span: &Span) -> Option<Selector> {
        match Selector::parse(text) {
            Ok(selector) => Some(selector),
            Err(error) => {
                let place = self.place_in(text, span, error.at);
                self.wrong(format!("`{text}` is no CSS selector: {}", error.message), place, None);
                None
            }
        }
    }

    /// The place of a byte of a text within the file; the whole text if escapes hide it.
    fn place_in(&self, text: &str, span: &Span, at: usize) -> Span {
        match self.text_at(span).find(text) {
            Some(start) => {
                let start = span.start + start + at;
                let width = text[at..].chars().next().map_or(1, char::len_utf8);
                start..start + width
            }
            None => span.clone(),
        }
    }
}
