//! Gradescope: `assignment_{id}_export/` with `submission_metadata.yml` and one folder `submission_{id}/` each.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::gather::{Gatherer, parts_in};
use super::{Entrant, Found, IntakeError, Person, Timing};
use crate::message::Message;
use crate::submission::{EntryForm, list, readable, whole_text};

/// The file that says who handed in what.
const METADATA: &str = "submission_metadata.yml";

/// How much of it is read, in bytes: it holds the results of every submission too.
const METADATA_LIMIT: u64 = 256 * 1024 * 1024;

/// What Gradescope says of one submission. Keys are Ruby's symbols; of those that are not here, none is needed.
#[derive(Debug, Deserialize)]
struct Said {
    #[serde(rename = ":submitters", default)]
    submitters: Vec<Submitter>,
    #[serde(rename = ":created_at", default)]
    created_at: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Submitter {
    #[serde(rename = ":name", default)]
    name: Option<String>,
    #[serde(rename = ":sid", default)]
    sid: Option<String>,
    #[serde(rename = ":email", default)]
    email: Option<String>,
}

/// Whether the folder has Gradescope's metadata.
pub(super) fn is_export(folder: &Path) -> bool {
    folder.join(METADATA).is_file()
}

/// Each folder is a submission of those whom the metadata names.
pub(super) fn read(root: &Path, gatherer: &mut Gatherer) -> Result<Found, IntakeError> {
    let mut found = Found::default();
    let wrong = |detail: String| {
        IntakeError::Usage(Message::new("intake-metadata").with("file", METADATA).with("detail", detail))
    };
    let text = whole_text(&root.join(METADATA), METADATA_LIMIT);
    let said: BTreeMap<String, Said> = serde_saphyr::from_str(&text).map_err(|error| wrong(error.to_string()))?;
    for entry in list(root) {
        let shown = readable(entry.path.as_os_str());
        let about = entry.path.to_str().and_then(|name| said.get(name));
        let Some(about) = about.filter(|_| entry.form == EntryForm::Folder) else {
            if shown != METADATA {
                found.ignored.push(shown);
            }
            continue;
        };
        let people: Vec<_> = about.submitters.iter().map(person).collect();
        let first = people.first().cloned().unwrap_or_else(|| Person { name: shown.clone(), ..Person::default() });
        let key = first.id.clone().or(first.email.clone()).unwrap_or_else(|| shown.clone());
        let parts = parts_in(&root.join(&entry.path), &shown);
        let people = if people.is_empty() { vec![first] } else { people };
        let attempts = vec![gatherer.attempt(&parts, about.created_at.clone(), Timing::NotLate)?];
        Entrant { key, people, attempts }.join(&mut found.entrants);
    }
    Ok(found)
}

fn person(submitter: &Submitter) -> Person {
    let given = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    let (id, email) = (given(&submitter.sid), given(&submitter.email));
    let name = given(&submitter.name).or(email.clone()).or(id.clone()).unwrap_or_default();
    Person { name, id, login: None, email }
}
