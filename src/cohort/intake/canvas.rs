//! Canvas: one flat folder, `{name}[_LATE]_{user}_{attachment}_{file}`, or `[LATE_]anon_{id}_{attachment}_{file}` where
//! names are hidden (Canvas's own `lib/content_zipper.rb`).

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;

use super::gather::{Gatherer, Part};
use super::{Attempt, Entrant, Found, IntakeError, Person, Timing};
use crate::submission::{Entry, EntryForm, list, readable};

/// Canvas takes `_digits_` out of names, so that the first two numbers in a row are the user and the attachment.
static NAME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?s)(?:(?<name>.+?)(?<late>_LATE)?_(?<user>\d+)|(?<anonlate>LATE_)?anon_(?<anon>[0-9A-Za-z]+))_(?<attachment>\d+)_(?<file>.+)$")
        .expect("it is well formed")
});

/// Canvas tells a file that is handed in again apart by a number behind its name: `app-1.py`.
static AGAIN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^(?s)(?<stem>.+)-\d{1,3}(?<ending>\.[^.]+)?$").expect("it is well formed"));

/// Whether an entry is named as Canvas names them.
pub(super) fn is_ours(entry: &Entry) -> bool {
    entry.form == EntryForm::File && NAME.is_match(&entry.path.to_string_lossy())
}

/// All files of a user are one submission.
pub(super) fn read(root: &Path, gatherer: &mut Gatherer) -> Result<Found, IntakeError> {
    let mut found = Found::default();
    let mut users: BTreeMap<String, (Person, Vec<Part>, Timing)> = BTreeMap::new();
    for entry in list(root) {
        let shown = readable(entry.path.as_os_str());
        let name = entry.path.to_string_lossy().into_owned();
        let Some(parts) = NAME.captures(&name).filter(|_| entry.form == EntryForm::File) else {
            found.ignored.push(shown);
            continue;
        };
        let text = |group: &str| parts.name(group).map(|text| text.as_str().to_owned());
        // A text or a link typed into the page is no program.
        let file = text("file").unwrap_or_default();
        let key = text("user").or_else(|| text("anon").map(|id| format!("anon_{id}"))).unwrap_or_default();
        let late = text("late").or_else(|| text("anonlate")).is_some();
        let person =
            Person { name: text("name").unwrap_or_else(|| key.clone()), id: Some(key.clone()), ..Person::default() };
        let number = text("attachment").and_then(|number| number.parse().ok()).unwrap_or(0);
        let part = Part { number, name: file, path: root.join(&entry.path), shown };
        let (_, all, timing) = users.entry(key).or_insert_with(|| (person, Vec::new(), Timing::NotLate));
        all.push(part);
        if late {
            *timing = Timing::Late;
        }
    }
    for (key, (person, parts, timing)) in users {
        let attempts = attempts(parts, timing, gatherer)?;
        found.entrants.push(Entrant { key, people: vec![person], attempts });
    }
    Ok(found)
}

/// The newest file of each name makes the attempt that counts; each older one of the same name is an attempt before.
fn attempts(mut parts: Vec<Part>, timing: Timing, gatherer: &mut Gatherer) -> Result<Vec<Attempt>, IntakeError> {
    parts.sort_by_key(|part| part.number);
    let names: Vec<String> = parts.iter().map(|part| part.name.clone()).collect();
    for part in &mut parts {
        if let Some(again) = AGAIN.captures(&part.name) {
            let plain = format!("{}{}", &again["stem"], again.name("ending").map_or("", |ending| ending.as_str()));
            // Only where the plain name is there too, or nobody else's: `lab-2.py` may be what the student calls it.
            if names.contains(&plain) || (names.len() == 1 && plain.ends_with(".py")) {
                part.name = plain;
            }
        }
    }
    let mut latest: Vec<Part> = Vec::new();
    let mut older = Vec::new();
    for part in parts {
        match latest.iter_mut().find(|other| other.name == part.name) {
            Some(other) => older.push(std::mem::replace(other, part)),
            None => latest.push(part),
        }
    }
    let all = older.into_iter().map(|part| vec![part]).chain([latest]);
    all.map(|parts| gatherer.attempt(&parts, None, timing)).collect()
}
