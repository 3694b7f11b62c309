//! Blackboard: one flat folder, `{assignment}_{user}_attempt_{time}_{file}`, and a note `….txt` for each attempt.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;

use super::gather::{Gatherer, Part};
use super::{Entrant, Found, IntakeError, Person, Timing};
use crate::submission::{Entry, EntryForm, list, readable, text_of};

static NAME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?s).*_(?<user>[^_]+)_attempt_(?<time>\d{4}(?:-\d{2}){5})(?:_(?<file>.+)|(?<note>\.txt))$")
        .expect("it is well formed")
});

/// In the note: `Name: 王小明 (wangxm)`.
static SAYS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?m)^Name:\s*(?<name>.+?)\s*\((?<user>[^()]+)\)\s*$").expect("it is well formed"));

/// Whether an entry is named as Blackboard names them.
pub(super) fn is_ours(entry: &Entry) -> bool {
    entry.form == EntryForm::File && NAME.is_match(&entry.path.to_string_lossy())
}

/// All files of one attempt belong together; a user's latest attempt counts.
pub(super) fn read(root: &Path, gatherer: &mut Gatherer) -> Result<Found, IntakeError> {
    let mut found = Found::default();
    let mut users: BTreeMap<String, BTreeMap<String, Vec<Part>>> = BTreeMap::new();
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for entry in list(root) {
        let shown = readable(entry.path.as_os_str());
        let name = entry.path.to_string_lossy().into_owned();
        let Some(parts) = NAME.captures(&name).filter(|_| entry.form == EntryForm::File) else {
            found.ignored.push(shown);
            continue;
        };
        let (path, user) = (root.join(&entry.path), parts["user"].to_owned());
        match parts.name("file") {
            Some(file) => {
                let part = Part { number: 0, name: file.as_str().to_owned(), path, shown };
                users.entry(user).or_default().entry(parts["time"].to_owned()).or_default().push(part);
            }
            None => {
                let note = text_of(&path);
                let said = SAYS.captures(&note).filter(|said| said["user"] == user);
                names.extend(said.map(|said| (user, said["name"].to_owned())));
            }
        }
    }
    for (key, attempts) in users {
        let name = names.get(&key).unwrap_or(&key).clone();
        let person = Person { name, login: Some(key.clone()), ..Person::default() };
        let attempts = attempts.into_iter().map(|(time, parts)| gatherer.attempt(&parts, Some(time), Timing::NotLate));
        found.entrants.push(Entrant { key, people: vec![person], attempts: attempts.collect::<Result<_, _>>()? });
    }
    Ok(found)
}
