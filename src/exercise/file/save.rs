//! What a step saves of its response.

use super::reader::{Field, Fields, Reader};
use crate::exercise::Capture;
use crate::exercise::diagnostic::At;
use crate::exercise::validate;

/// The keys that say where what is saved comes from.
pub(super) const PLACES: [&str; 5] = ["body", "header", "cookie", "json", "html"];

/// The table `save`: what is kept, and all names under which something is.
pub(super) fn save(reader: &mut Reader<'_>, field: &Field<'_>) -> (Vec<(String, Capture)>, Vec<At<String>>) {
    let (mut saved, mut names) = (Vec::new(), Vec::new());
    for entry in reader.map(field) {
        reader.accept(validate::capture_name(entry.key), &entry.key_span);
        names.push(At { value: entry.key.to_owned(), span: entry.key_span.clone() });
        let capture = reader.table(&entry, "what is saved", capture).flatten();
        saved.extend(capture.map(|capture| (entry.key.to_owned(), capture)));
    }
    (saved, names)
}

fn capture(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> Option<Capture> {
    let given: Vec<_> = PLACES.into_iter().filter_map(|key| fields.get(key)).collect();
    let attribute = fields.get("attr");
    if given.len() != 1 && !fields.is_meant_by_unknown(&PLACES) {
        let names: Vec<_> = PLACES.iter().map(|key| format!("`{key}`")).collect();
        let help = format!("give one of {}", names.join(", "));
        reader.wrong("what is saved comes from one place", fields.span(), Some(help));
        return None;
    }
    if let (Some(attribute), Some(field)) = (&attribute, given.first())
        && field.key != "html"
    {
        let help = "`html` names the element".to_owned();
        reader.wrong("`attr` is an attribute of an element", attribute.key_span.clone(), Some(help));
    }
    let field = given.first()?;
    match field.key {
        "body" => reader.pattern(field).map(Capture::Body),
        "header" => {
            let name = reader.string(field)?;
            let () = reader.accept(validate::header_name(name), &field.span)?;
            Some(Capture::Header(name.to_ascii_lowercase()))
        }
        "json" => {
            let path = reader.string(field)?;
            reader.json_path(path, &field.span).map(Capture::Json)
        }
        "html" => {
            let attribute = attribute.map(|field| attribute_name(reader, &field));
            let text = reader.string(field)?;
            let selector = reader.selector(text, &field.span)?;
            // An attribute that is wrong must not become the element's text.
            let attribute = attribute.map_or(Some(None), |name| name.map(Some))?;
            Some(Capture::Html { selector, attribute })
        }
        _ => {
            let name = reader.string(field)?;
            let () = reader.accept(validate::cookie_name(name), &field.span)?;
            Some(Capture::Cookie(name.to_owned()))
        }
    }
}

fn attribute_name(reader: &mut Reader<'_>, field: &Field<'_>) -> Option<String> {
    let name = reader.string(field)?;
    let () = reader.accept(validate::attribute_name(name), &field.span)?;
    Some(name.to_ascii_lowercase())
}
