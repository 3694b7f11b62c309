//! A walk over a TOML tree that knows which keys belong where, and goes on after a mistake.

use std::borrow::Cow;
use std::collections::BTreeSet;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::exercise::diagnostic::{At, Diagnostic, Span};
use crate::exercise::suggest::nearest;
use crate::exercise::validate::{Complaint, Place};

/// What has been found wrong so far, and the places that templates referred to.
pub(super) struct Reader<'s> {
    /// The whole file.
    pub(super) source: &'s str,
    /// What is wrong, in the order it was found.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// What templates name since [`Reader::take_places`].
    pub(super) places: Vec<At<Place>>,
    /// Whether what is written is known to hold.
    pub(super) trust: Trust,
}

/// Whether a file is known to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trust {
    /// It is not; everything is looked at.
    Unknown,
    /// It is part of this program, and a test has looked at it: patterns are compiled when they are used.
    Known,
}

/// A key and its value, or an element of a list under the list's key.
#[derive(Clone)]
pub(super) struct Field<'t> {
    /// The key, for messages.
    pub(super) key: &'t str,
    /// Where the key stands.
    pub(super) key_span: Span,
    /// The value.
    pub(super) value: &'t DeValue<'t>,
    /// Where the value stands.
    pub(super) span: Span,
    /// Whether it is an element of a list.
    pub(super) is_element: bool,
}

/// The entries of a table, and which keys have been asked for.
pub(super) struct Fields<'t> {
    what: &'static str,
    span: Span,
    entries: Vec<Field<'t>>,
    known: Vec<&'static str>,
    missing: Vec<&'static str>,
}

impl<'t> Fields<'t> {
    /// The entry of this key, if it is there. Asking makes the key known.
    pub(super) fn get(&mut self, key: &'static str) -> Option<Field<'t>> {
        if !self.known.contains(&key) {
            self.known.push(key);
        }
        self.entries.iter().find(|field| field.key == key).cloned()
    }

    /// The entry of a key that must be there.
    pub(super) fn need(&mut self, key: &'static str) -> Option<Field<'t>> {
        let field = self.get(key);
        if field.is_none() {
            self.missing.push(key);
        }
        field
    }

    /// Whether some key is there that nobody asked for and that one of these was probably meant by.
    pub(super) fn is_meant_by_unknown(&self, keys: &[&str]) -> bool {
        self.unknown()
            .any(|field| nearest(field.key, self.known.iter().copied()).is_some_and(|key| keys.contains(&key)))
    }

    /// Where the table stands.
    pub(super) fn span(&self) -> Span {
        self.span.clone()
    }

    fn unknown(&self) -> impl Iterator<Item = &Field<'t>> {
        self.entries.iter().filter(|field| !self.known.contains(&field.key))
    }
}

impl<'s> Reader<'s> {
    /// A reader of this file, at its beginning.
    pub(super) fn new(source: &'s str, trust: Trust) -> Self {
        Self { source, diagnostics: Vec::new(), places: Vec::new(), trust }
    }

    /// What templates named since this was last asked.
    pub(super) fn take_places(&mut self) -> Vec<At<Place>> {
        std::mem::take(&mut self.places)
    }

    /// Notes that something is wrong.
    pub(super) fn wrong(&mut self, message: impl Into<String>, span: Span, help: Option<String>) {
        self.diagnostics.push(Diagnostic::new(message, span).help(help));
    }

    /// The value, or its complaint noted at this place.
    pub(super) fn accept<T>(&mut self, result: Result<T, Complaint>, span: &Span) -> Option<T> {
        result.map_err(|complaint| self.wrong(complaint.message, span.clone(), complaint.help)).ok()
    }

    /// Notes that a value has the wrong type.
    pub(super) fn wrong_type(&mut self, field: &Field<'_>, expected: &str) {
        let Field { key, value, span, .. } = field;
        let each = if field.is_element { "each of " } else { "" };
        let help = match value {
            DeValue::String(text) if looks_unquoted(text, expected) => Some(format!("write {text} without quotes")),
            DeValue::String(_) if expected == LIST => Some(format!("write [{}]", self.text_at(span))),
            DeValue::Table(_) if expected == LIST && self.text_at(span).starts_with('[') => {
                Some(format!("write `[[{key}]]`"))
            }
            DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) if expected == STRING => {
                Some(format!("write \"{}\" with quotes", self.text_at(span)))
            }
            _ => None,
        };
        self.wrong(format!("{each}`{key}` must be {expected}, not {}", type_name(value)), span.clone(), help);
    }

    /// A table, read by a function that asks for all its keys; the other keys are reported afterwards.
    pub(super) fn table<'t, T>(
        &mut self,
        field: &Field<'t>,
        what: &'static str,
        read: impl FnOnce(&mut Self, &mut Fields<'t>) -> T,
    ) -> Option<T> {
        let DeValue::Table(table) = field.value else {
            self.wrong_type(field, "a table");
            return None;
        };
        Some(self.entries(table, field.span.clone(), what, read))
    }

    /// The entries of a table that is known to be one.
    pub(super) fn entries<'t, T>(
        &mut self,
        table: &'t DeTable<'t>,
        span: Span,
        what: &'static str,
        read: impl FnOnce(&mut Self, &mut Fields<'t>) -> T,
    ) -> T {
        let mut fields = Fields { what, span, entries: in_order(table), known: Vec::new(), missing: Vec::new() };
        let value = read(self, &mut fields);
        self.unknown_keys(&fields);
        // A slip of the finger is one mistake, not a key too many and another one missing.
        let missing = fields.missing.iter().filter(|key| !fields.is_meant_by_unknown(&[key]));
        let missing: Vec<_> = missing.map(|key| format!("`{key}`")).collect();
        if !missing.is_empty() {
            self.wrong(format!("{what} needs {}", missing.join(", ")), fields.span(), None);
        }
        value
    }

    fn unknown_keys(&mut self, fields: &Fields<'_>) {
        let known = || fields.known.iter().copied();
        for field in fields.unknown() {
            let help = nearest(field.key, known()).map_or_else(
                || {
                    let names: Vec<_> = known().map(|key| format!("`{key}`")).collect();
                    format!("the keys of {} are {}", fields.what, names.join(", "))
                },
                |key| format!("did you mean `{key}`?"),
            );
            self.wrong(format!("unknown key `{}` in {}", field.key, fields.what), field.key_span.clone(), Some(help));
        }
    }

    /// The entries of a table whose keys are its author's to choose, in the order of the file.
    pub(super) fn map<'t>(&mut self, field: &Field<'t>) -> Vec<Field<'t>> {
        if let DeValue::Table(table) = field.value {
            return in_order(table);
        }
        self.wrong_type(field, "a table");
        Vec::new()
    }

    /// The elements of a list.
    pub(super) fn list<'t>(&mut self, field: &Field<'t>) -> Option<Vec<Field<'t>>> {
        if matches!(field.value, DeValue::Array(_)) {
            return Some(elements(field));
        }
        self.wrong_type(field, LIST);
        None
    }

    /// A text.
    pub(super) fn string<'t>(&mut self, field: &Field<'t>) -> Option<&'t str> {
        if let DeValue::String(text) = field.value {
            return Some(text);
        }
        self.wrong_type(field, STRING);
        None
    }

    /// A truth value.
    pub(super) fn boolean(&mut self, field: &Field<'_>) -> Option<bool> {
        let value = field.value.as_bool();
        if value.is_none() {
            self.wrong_type(field, BOOLEAN);
        }
        value
    }

    /// A whole number.
    pub(super) fn integer(&mut self, field: &Field<'_>) -> Option<i64> {
        let Some(integer) = field.value.as_integer() else {
            self.wrong_type(field, INTEGER);
            return None;
        };
        let value = i64::from_str_radix(integer.as_str(), integer.radix()).ok();
        if value.is_none() {
            self.wrong(format!("`{}` is too large a number", field.key), field.span.clone(), None);
        }
        value
    }

    /// The part of the file at this place.
    pub(super) fn text_at(&self, span: &Span) -> &'s str {
        self.source.get(span.clone()).unwrap_or_default()
    }
}

/// How messages call the truth values.
const BOOLEAN: &str = "`true` or `false`";
/// How messages call whole numbers.
const INTEGER: &str = "a whole number";
/// How messages call texts.
const STRING: &str = "a string";
/// How messages call lists.
const LIST: &str = "a list";

/// One value, or the elements of a list of them.
pub(super) fn one_or_more<'t>(field: &Field<'t>) -> Vec<Field<'t>> {
    if matches!(field.value, DeValue::Array(_)) { elements(field) } else { vec![field.clone()] }
}

fn elements<'t>(field: &Field<'t>) -> Vec<Field<'t>> {
    let array = field.value.as_array().into_iter().flat_map(|array| array.iter());
    let element = |value: &'t Spanned<DeValue<'t>>| Field {
        key: field.key,
        key_span: value.span(),
        value: value.get_ref(),
        span: value.span(),
        is_element: true,
    };
    array.map(element).collect()
}

/// The tree sorts keys by name; people read them in the order of the file.
fn in_order<'t>(table: &'t DeTable<'t>) -> Vec<Field<'t>> {
    let field = |(key, value): (&'t Spanned<Cow<'t, str>>, &'t Spanned<DeValue<'t>>)| Field {
        key: key.get_ref(),
        key_span: key.span(),
        value: value.get_ref(),
        span: value.span(),
        is_element: false,
    };
    let mut fields: Vec<_> = table.iter().map(field).collect();
    fields.sort_by_key(|field| field.key_span.start);
    fields
}

/// Reports keys that are the same but for case, as header names may be.
pub(super) fn report_doubles<'t>(reader: &mut Reader<'_>, fields: &[Field<'t>]) {
    let mut seen = BTreeSet::new();
    for field in fields {
        if !seen.insert(field.key.to_ascii_lowercase()) {
            let message = format!("`{}` is given twice, in capitals and not", field.key);
            reader.wrong(message, field.key_span.clone(), None);
        }
    }
}

fn looks_unquoted(text: &str, expected: &str) -> bool {
    (expected == BOOLEAN && matches!(text, "true" | "false")) || (expected == INTEGER && text.parse::<i64>().is_ok())
}

fn type_name(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => STRING,
        DeValue::Integer(_) => INTEGER,
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => BOOLEAN,
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => LIST,
        DeValue::Table(_) => "a table",
    }
}
