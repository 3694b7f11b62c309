//! What was given, opened, and its form by its shape.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Form, IntakeError, blackboard, canvas, classroom, gradescope, machine, moodle};
use crate::message::Message;
use crate::submission::{self, Entry, EntryForm, list, readable};

/// How many folders, each the only thing in the one before, are entered to find an export.
const ENTER_LIMIT: usize = 3;

/// The folder that holds the submissions: the path itself, or what an archive holds, unpacked into `scratch`.
pub(super) fn open(path: &Path, scratch: &Path) -> Result<PathBuf, IntakeError> {
    let usage = |id: &'static str| IntakeError::Usage(Message::new(id).with("path", readable(path.as_os_str())));
    let about = fs::metadata(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => usage("usage-path-missing"),
        std::io::ErrorKind::PermissionDenied => usage("usage-path-denied"),
        _ => usage("usage-path-special"),
    })?;
    if about.is_dir() {
        return path.canonicalize().map_err(|_| usage("usage-path-denied"));
    }
    if !about.is_file() || !submission::is_archive(path) {
        return Err(usage("intake-not-a-cohort"));
    }
    fs::create_dir_all(scratch).map_err(|error| machine(scratch, &error))?;
    submission::unpack_export(path, scratch).map_err(|problem| match problem.blame {
        crate::outcome::Blame::Submission => IntakeError::Usage(problem.message),
        crate::outcome::Blame::Environment => IntakeError::Machine(problem.message),
    })
}

/// The form, and the folder that has it: the root, or the only folder in it.
pub(super) fn recognise(root: &Path) -> (Form, PathBuf) {
    let mut folder = root.to_owned();
    for _ in 0..=ENTER_LIMIT {
        if let Some(form) = form_of(&folder) {
            return (form, folder);
        }
        let Some(only) = only_folder(&folder) else { break };
        folder = only;
    }
    (Form::Folder, plain(root))
}

/// The folder that has the form that was asked for: the first one that looks like it, else the root.
pub(super) fn forced(form: Form, root: &Path) -> (Form, PathBuf) {
    if form == Form::Folder {
        return (form, plain(root));
    }
    let mut folder = root.to_owned();
    for _ in 0..=ENTER_LIMIT {
        if form_of(&folder) == Some(form) {
            return (form, folder);
        }
        let Some(only) = only_folder(&folder) else { break };
        folder = only;
    }
    (form, root.to_owned())
}

/// Gradescope and GitHub Classroom are known by what only they have; the others by how most names are made.
fn form_of(folder: &Path) -> Option<Form> {
    if gradescope::is_export(folder) {
        return Some(Form::Gradescope);
    }
    let entries = list(folder);
    if classroom::is_export(folder, &entries) {
        return Some(Form::Classroom);
    }
    let most = |is_ours: fn(&Entry) -> bool| {
        let ours = entries.iter().filter(|entry| is_ours(entry)).count();
        ours > 0 && ours * 2 > entries.len()
    };
    if most(moodle::is_ours) {
        Some(Form::Moodle)
    } else if most(blackboard::is_ours) {
        Some(Form::Blackboard)
    } else if most(canvas::is_ours) {
        Some(Form::Canvas)
    } else {
        None
    }
}

/// The folder of a plain cohort: an archive often holds one folder that holds all the submissions.
fn plain(root: &Path) -> PathBuf {
    match only_folder(root) {
        Some(only) if holds_submissions(&only) => only,
        _ => root.to_owned(),
    }
}

/// Whether everything in the folder is a folder or an archive, as submissions are, and there are several.
fn holds_submissions(folder: &Path) -> bool {
    let entries = list(folder);
    let is_one = |entry: &Entry| match entry.form {
        EntryForm::Folder => true,
        EntryForm::File => submission::is_archive(&entry.path),
        EntryForm::Link | EntryForm::Special => false,
    };
    entries.len() > 1 && entries.iter().all(is_one)
}

fn only_folder(folder: &Path) -> Option<PathBuf> {
    match list(folder).as_slice() {
        [only] if only.form == EntryForm::Folder => Some(folder.join(&only.path)),
        _ => None,
    }
}
