//! Moodle: `{full name}_{participant}_assignsubmission_file/…`, with a `_` behind it in older versions, or flat with the
//! file's name behind it. Texts typed into the page (`_onlinetext`) are no programs.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;

use super::gather::{Gatherer, Part, parts_in};
use super::{Entrant, Found, IntakeError, Person, Timing};
use crate::submission::{Entry, EntryForm, list, readable};

static NAME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?s)(?<name>.+?)_(?<id>\d+)_assignsubmission_(?<plugin>[a-z]+)(?:_(?<file>.*))?$")
        .expect("it is well formed")
});

/// Whether an entry is named as Moodle names them.
pub(super) fn is_ours(entry: &Entry) -> bool {
    NAME.is_match(&entry.path.to_string_lossy())
}

/// All files of a participant are one submission.
pub(super) fn read(root: &Path, gatherer: &mut Gatherer) -> Result<Found, IntakeError> {
    let mut found = Found::default();
    let mut people: BTreeMap<String, (Person, Vec<Part>)> = BTreeMap::new();
    for entry in list(root) {
        let shown = readable(entry.path.as_os_str());
        let name = entry.path.to_string_lossy().into_owned();
        let Some(parts) = NAME.captures(&name).filter(|parts| &parts["plugin"] == "file") else {
            found.ignored.push(shown);
            continue;
        };
        let path = root.join(&entry.path);
        let key = parts["id"].to_owned();
        let person = Person { name: parts["name"].trim().to_owned(), id: Some(key.clone()), ..Person::default() };
        let files = match entry.form {
            EntryForm::Folder => parts_in(&path, &shown),
            EntryForm::File => {
                let file = parts.name("file").map_or(shown.clone(), |file| file.as_str().to_owned());
                vec![Part { number: 0, name: file, path, shown }]
            }
            EntryForm::Link | EntryForm::Special => {
                found.ignored.push(shown);
                continue;
            }
        };
        people.entry(key).or_insert_with(|| (person, Vec::new())).1.extend(files);
    }
    for (key, (person, parts)) in people {
        let attempts = vec![gatherer.attempt(&parts, None, Timing::NotLate)?];
        found.entrants.push(Entrant { key, people: vec![person], attempts });
    }
    Ok(found)
}
