//! GitHub Classroom: `{slug}-submissions/{slug}-{login}/`, as `gh classroom clone student-repos` makes it.

use std::path::Path;

use super::{Attempt, Entrant, Found, Person, Timing};
use crate::submission::{Entry, EntryForm, list, readable};

/// What the folder's name ends in.
const ENDING: &str = "-submissions";

/// Whether the folder is named after an assignment and its folders after the assignment and somebody.
pub(super) fn is_export(folder: &Path, entries: &[Entry]) -> bool {
    let Some(start) = start(folder) else { return false };
    let ours = |entry: &&Entry| entry.form == EntryForm::Folder && login(&start, entry).is_some();
    entries.iter().filter(ours).count() * 2 > entries.len()
}

/// Each repository is a submission of the account that it is named after.
pub(super) fn read(root: &Path) -> Found {
    let mut found = Found::default();
    let start = start(root).unwrap_or_default();
    for entry in list(root) {
        let shown = readable(entry.path.as_os_str());
        if entry.form != EntryForm::Folder {
            found.ignored.push(shown);
            continue;
        }
        let login = login(&start, &entry).unwrap_or_else(|| shown.clone());
        let person = Person { name: login.clone(), login: Some(login.clone()), ..Person::default() };
        let attempt = Attempt { path: root.join(&entry.path), shown, at: None, timing: Timing::NotLate };
        found.entrants.push(Entrant { key: login, people: vec![person], attempts: vec![attempt] });
    }
    found
}

/// What the repositories' names begin with.
fn start(folder: &Path) -> Option<String> {
    let slug = folder.file_name()?.to_str()?.strip_suffix(ENDING)?;
    (!slug.is_empty()).then(|| format!("{slug}-"))
}

fn login(start: &str, entry: &Entry) -> Option<String> {
    let login = entry.path.to_str()?.strip_prefix(start)?;
    (!login.is_empty()).then(|| login.to_owned())
}
