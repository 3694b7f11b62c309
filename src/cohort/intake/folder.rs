//! A folder in which every entry is a submission: a folder, an archive or one file.

use std::path::Path;

use super::{Attempt, Entrant, Found, Person, Timing};
use crate::submission::{EntryForm, exact, is_archive, list, readable};

/// Files that lie beside submissions and are none.
const BESIDE: [&str; 8] = ["md", "txt", "csv", "pdf", "docx", "html", "xlsx", "log"];

/// Each folder, archive and source file is a submission of whoever it is named after.
pub(super) fn read(root: &Path) -> Found {
    let mut found = Found::default();
    for entry in list(root) {
        let shown = readable(entry.path.as_os_str());
        let is_one = match entry.form {
            EntryForm::Folder => true,
            EntryForm::File => !is_beside(&entry.path),
            EntryForm::Link | EntryForm::Special => false,
        };
        if !is_one {
            found.ignored.push(shown);
            continue;
        }
        let name = match entry.form {
            EntryForm::File => stem(&entry.path),
            _ => shown.clone(),
        };
        let key = exact(entry.path.as_os_str());
        let attempt = Attempt { path: root.join(&entry.path), shown, at: None, timing: Timing::NotLate };
        let person = Person { name, ..Person::default() };
        found.entrants.push(Entrant { key, people: vec![person], attempts: vec![attempt] });
    }
    found
}

fn is_beside(path: &Path) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    ending.is_some_and(|ending| BESIDE.contains(&ending.as_str()))
}

/// The name without `.py`, `.zip` or `.tar.gz`.
fn stem(path: &Path) -> String {
    let stem = Path::new(path.file_stem().unwrap_or_default());
    let twice = stem.extension().is_some_and(|ending| ending == "tar") && is_archive(path);
    readable(if twice { stem.file_stem() } else { Some(stem.as_os_str()) }.unwrap_or_default())
}
