//! Files of one attempt that an export holds under long names, put into a folder of their own under the names that
//! the student gave them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Attempt, IntakeError, Timing, machine};
use crate::submission::{EntryForm, list, readable, walk};

/// One file of an attempt, or a folder as a whole.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// The platform's number for it; grows with time.
    pub(super) number: u64,
    /// The name that the student gave it; empty if it lies under that name already.
    pub(super) name: String,
    /// Where it lies.
    pub(super) path: PathBuf,
    /// Where it lies in the export, as people know it.
    pub(super) shown: String,
}

/// Makes the folders, each new.
#[derive(Debug)]
pub(super) struct Gatherer {
    target: PathBuf,
    made: usize,
}

impl Gatherer {
    pub(super) fn new(target: PathBuf) -> Self {
        Self { target, made: 0 }
    }

    /// The attempt that these parts make.
    pub(super) fn attempt(
        &mut self,
        parts: &[Part],
        at: Option<String>,
        timing: Timing,
    ) -> Result<Attempt, IntakeError> {
        let shown: Vec<_> = parts.iter().map(|part| part.shown.as_str()).collect();
        let shown = shown.join(" + ");
        let path = match parts {
            [only] if only.name.is_empty() => only.path.clone(),
            _ => self.gather(parts).map_err(|error| machine(&self.target, &error))?,
        };
        Ok(Attempt { path, shown, at, timing })
    }

    /// Copies, since a program may write to what it finds and the export is not ours. One file stays one file.
    fn gather(&mut self, parts: &[Part]) -> io::Result<PathBuf> {
        let folder = self.target.join(self.made.to_string());
        self.made += 1;
        fs::create_dir_all(&folder)?;
        let mut last = folder.clone();
        for part in parts {
            let name = Path::new(&part.name).file_name().or(part.path.file_name()).unwrap_or_default();
            last = folder.join(name);
            if part.path.is_dir() {
                copy_folder(&part.path, &folder)?;
            } else {
                fs::copy(&part.path, &last)?;
            }
        }
        Ok(if parts.len() == 1 { last } else { folder })
    }
}

/// Copies the files of a folder; links are left out.
fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    for entry in walk(from).into_iter().filter(|entry| entry.form == EntryForm::File) {
        let target = to.join(&entry.path);
        fs::create_dir_all(target.parent().unwrap_or(to))?;
        fs::copy(from.join(&entry.path), target)?;
    }
    Ok(())
}

/// The parts of an attempt that has a folder of its own: the folder, or the one file in it.
pub(super) fn parts_in(folder: &Path, shown: &str) -> Vec<Part> {
    let whole = Part { number: 0, name: String::new(), path: folder.to_owned(), shown: shown.to_owned() };
    match list(folder).as_slice() {
        [only] if only.form == EntryForm::File => {
            let shown = format!("{shown}/{}", readable(only.path.as_os_str()));
            vec![Part { path: folder.join(&only.path), shown, ..whole }]
        }
        _ => vec![whole],
    }
}
