//! A step: its request, restart or pause, and what it saves.

use super::expect::expectations;
use super::reader::{Field, Fields, Reader, report_doubles};
use crate::exchange::ClientName;
use crate::exercise::diagnostic::{At, Diagnostic};
use crate::exercise::validate::{self, StepNotes};
use crate::exercise::{Expectations, Method, Payload, Redirects, RequestStep, Step, Template, Turn};

/// The keys that make a step a request.
pub(super) const METHODS: [(&str, Method); 7] = [
    ("get", Method::Get),
    ("post", Method::Post),
    ("put", Method::Put),
    ("patch", Method::Patch),
    ("delete", Method::Delete),
    ("head", Method::Head),
    ("options", Method::Options),
];

/// The keys that only a request has.
const REQUEST_KEYS: [&str; 11] =
    ["query", "headers", "cookies", "form", "json", "body", "client", "redirects", "fresh", "expect", "save"];

/// What a step does, by the key that says so.
enum Action {
    Request(Method),
    Restart,
    Wait,
}

/// The keys that say what a step does, one of which each step has.
pub(super) fn action_keys() -> impl Iterator<Item = &'static str> {
    METHODS.iter().map(|(key, _)| *key).chain(["restart", "wait"])
}

/// A step, as far as it can be read, and what is to be known of it to judge its check.
pub(super) fn step(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> (Option<Step>, StepNotes) {
    match action(reader, fields) {
        Some((Action::Restart, field)) => {
            refuse_request_keys(reader, fields, "restart");
            let restart = reader.boolean(&field);
            if restart == Some(false) {
                reader.wrong("`restart = false` does nothing", field.span, Some("leave this step out".to_owned()));
            }
            (restart.map(|_| Step::Restart), StepNotes::default())
        }
        Some((Action::Wait, field)) => {
            refuse_request_keys(reader, fields, "wait");
            let pause = reader.duration(&field);
            let wait = pause.map(|value| At { value, span: field.span });
            (pause.map(Step::Wait), StepNotes { wait, ..StepNotes::default() })
        }
        Some((Action::Request(method), field)) => {
            let path = reader.path(&field);
            let (request, notes) = request(reader, fields, method);
            (path.map(|path| Step::Request(Box::new(RequestStep { path, ..request }))), notes)
        }
        None => (None, request(reader, fields, Method::Get).1),
    }
}

/// What the step does and the entry that says so; the first if there are several.
fn action<'t>(reader: &mut Reader<'_>, fields: &mut Fields<'t>) -> Option<(Action, Field<'t>)> {
    let methods = METHODS.map(|(key, method)| (key, Action::Request(method)));
    let all = methods.into_iter().chain([("restart", Action::Restart), ("wait", Action::Wait)]);
    let mut given: Vec<_> = all.filter_map(|(key, action)| Some((action, fields.get(key)?))).collect();
    given.sort_by_key(|(_, field)| field.key_span.start);
    for pair in given.windows(2) {
        let ((_, first), (_, second)) = (&pair[0], &pair[1]);
        let message = format!("a step does one thing, but here are `{}` and `{}`", first.key, second.key);
        let help = "make two steps of it".to_owned();
        let diagnostic = Diagnostic::new(message, second.key_span.clone());
        reader.diagnostics.push(diagnostic.related(&first.key_span, "the first").help(help));
    }
    let keys: Vec<_> = action_keys().collect();
    // Ask for all keys of a step before looking for a slip among the unknown ones.
    for key in REQUEST_KEYS {
        fields.get(key);
    }
    if given.is_empty() && !fields.is_meant_by_unknown(&keys) {
        let names: Vec<_> = keys.iter().map(|key| format!("`{key}`")).collect();
        let help = format!("give one of {}", names.join(", "));
        reader.wrong("this step does nothing", fields.span(), Some(help));
    }
    given.into_iter().next()
}

fn refuse_request_keys(reader: &mut Reader<'_>, fields: &mut Fields<'_>, action: &str) {
    for key in REQUEST_KEYS {
        if let Some(field) = fields.get(key) {
            let message = format!("`{key}` belongs to a request, and `{action}` makes none");
            reader.wrong(message, field.key_span, Some("make two steps of it".to_owned()));
        }
    }
}

/// All of a request but its path, which is left empty. The order decides which places are of the request
/// and which of the expectations.
fn request(reader: &mut Reader<'_>, fields: &mut Fields<'_>, method: Method) -> (RequestStep, StepNotes) {
    let query = fields.get("query").map(|field| named(reader, &field)).unwrap_or_default();
    let headers = fields.get("headers").map(|field| headers(reader, &field)).unwrap_or_default();
    let cookies = fields.get("cookies").map(|field| cookies(reader, &field)).unwrap_or_default();
    let payload = payload(reader, fields);
    let sent = reader.take_places();

    let client = client(reader, fields);
    let fresh = fields.get("fresh").filter(|field| reader.boolean(field) == Some(true));
    let turn = if fresh.is_some() { Turn::Fresh } else { Turn::InOrder };
    let (redirects, expect) = judged(reader, fields);
    let judged = reader.take_places();

    let save_field = fields.get("save");
    let may_save_more = match &save_field {
        Some(field) => !field.value.is_table(),
        None => fields.is_meant_by_unknown(&["save"]),
    };
    let (save, saved) = save_field.map(|field| super::save::save(reader, &field)).unwrap_or_default();

    let fresh = fresh.map(|field| field.key_span);
    let notes = StepNotes { fresh, wait: None, sent, judged, saved, may_save_more };
    let path = Template::default();
    let request = RequestStep { method, path, query, headers, cookies, payload, client, redirects, turn, expect, save };
    (request, notes)
}

fn client(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> ClientName {
    let name = fields.get("client").and_then(|field| {
        let name = reader.string(&field)?;
        reader.accept(validate::client(name), &field.span)
    });
    name.map(ClientName).unwrap_or_default()
}

/// Which response is judged, and what it must satisfy.
fn judged(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> (Redirects, Expectations) {
    let redirects = match fields.get("redirects").and_then(|field| reader.boolean(&field)) {
        Some(true) => Redirects::Follow,
        _ => Redirects::Stay,
    };
    let expect = fields.get("expect").and_then(|field| {
        let expect = reader.table(&field, "`expect`", expectations)?;
        refuse_redirect_followed_and_stayed(reader, &field, redirects, &expect);
        Some(expect)
    });
    (redirects, expect.unwrap_or_default())
}

impl Reader<'_> {
    /// A path of the server.
    pub(super) fn path(&mut self, field: &Field<'_>) -> Option<Template> {
        let path = self.template(field)?;
        self.accept(validate::path(&path), &field.span).map(|()| path)
    }
}

/// Followed redirects end at a response that redirects nowhere, so both together can never hold.
fn refuse_redirect_followed_and_stayed(
    reader: &mut Reader<'_>,
    expect_field: &Field<'_>,
    redirects: Redirects,
    expect: &Expectations,
) {
    if redirects == Redirects::Follow && expect.redirected_to.is_some() {
        let help = "`redirected_to` looks at the redirect itself: leave `redirects` out".to_owned();
        let entries = reader.map(expect_field);
        let span = entries.iter().find(|field| field.key == "redirected_to").map(|field| field.key_span.clone());
        let span = span.unwrap_or_else(|| expect_field.span.clone());
        reader.wrong("`redirected_to` cannot hold where redirects are followed", span, Some(help));
    }
}

/// Templates under names of any form.
fn named(reader: &mut Reader<'_>, field: &Field<'_>) -> Vec<(String, Template)> {
    let mut all = Vec::new();
    for entry in reader.map(field) {
        if entry.key.is_empty() {
            reader.wrong("an empty name", entry.key_span.clone(), None);
        }
        all.extend(reader.template(&entry).map(|value| (entry.key.to_owned(), value)));
    }
    all
}

fn headers(reader: &mut Reader<'_>, field: &Field<'_>) -> Vec<(String, Template)> {
    let entries = reader.map(field);
    report_doubles(reader, &entries);
    let mut all = Vec::new();
    for entry in entries {
        reader.accept(validate::request_header(entry.key), &entry.key_span);
        if let Some(value) = reader.template(&entry) {
            reader.accept(validate::header_value(&value), &entry.span);
            all.push((entry.key.to_owned(), value));
        }
    }
    all
}

fn cookies(reader: &mut Reader<'_>, field: &Field<'_>) -> Vec<(String, Template)> {
    let mut all = Vec::new();
    for entry in reader.map(field) {
        reader.accept(validate::cookie_name(entry.key), &entry.key_span);
        if let Some(value) = reader.template(&entry) {
            reader.accept(validate::cookie_value(&value), &entry.span);
            all.push((entry.key.to_owned(), value));
        }
    }
    all
}

fn payload(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> Payload {
    let mut given: Vec<_> = ["form", "json", "body"].into_iter().filter_map(|key| fields.get(key)).collect();
    given.sort_by_key(|field| field.key_span.start);
    for pair in given.windows(2) {
        let message = format!("a request has one body, but here are `{}` and `{}`", pair[0].key, pair[1].key);
        let diagnostic = Diagnostic::new(message, pair[1].key_span.clone());
        reader.diagnostics.push(diagnostic.related(&pair[0].key_span, "the first"));
    }
    let mut payload = Payload::None;
    for field in given {
        payload = match field.key {
            "form" => Payload::Form(named(reader, &field)),
            "json" => reader.json(&field).map_or(Payload::None, Payload::Json),
            _ => reader.template(&field).map_or(Payload::None, Payload::Text),
        };
    }
    payload
}
