//! The private folder of one run: what the program may see of it, and what it may not.

use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::sandbox::Layer;

/// A folder that is gone with this value, whatever a submission has made of it.
#[derive(Debug)]
pub struct Scratch {
    /// None where nothing is started that could need it.
    folder: Option<TempDir>,
}

impl Scratch {
    /// Makes the folder below the system's folder for temporary files.
    ///
    /// # Errors
    /// If nothing can be made there.
    pub fn new() -> io::Result<Scratch> {
        let folder = tempfile::Builder::new().prefix("checker-").tempdir()?;
        let scratch = Scratch { folder: Some(folder) };
        scratch.made("run")?;
        Ok(scratch)
    }

    /// None at all, for a run that starts nothing: to make folders and to remove them takes a tenth of such a run.
    #[must_use]
    pub fn none() -> Scratch {
        Scratch { folder: None }
    }

    fn path(&self) -> &Path {
        self.folder.as_ref().map_or(Path::new("/nonexistent"), TempDir::path)
    }

    fn part(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    /// A part that only this user can enter, made when it is first asked for: most runs need few.
    fn made(&self, name: &str) -> io::Result<PathBuf> {
        let folder = self.part(name);
        fs::DirBuilder::new().mode(0o700).recursive(true).create(&folder)?;
        Ok(folder)
    }

    /// What the submission's programs see: build outputs, their home, their temporary files.
    #[must_use]
    pub fn run(&self) -> PathBuf {
        self.part("run")
    }

    /// Gives what the submission's programs see to the user that they run as.
    ///
    /// # Errors
    /// If this process may not.
    pub fn give_to(&self, user: u32) -> io::Result<()> {
        // The parts are entered by that user where no file system of its own hides the way to them.
        fs::set_permissions(self.path(), fs::Permissions::from_mode(0o711))?;
        give(&self.run(), user)
    }

    /// Where changes to a folder that is not to be changed are kept, by a name of the caller's.
    pub(crate) fn layer(&self, name: &str) -> Layer {
        // Where it cannot be made, whoever would write to it says so.
        let _ = self.made("layers");
        Layer(self.part("layers").join(name))
    }

    /// A folder for the temporary files of the checks' own programs; no submission sees it.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn programs(&self) -> io::Result<PathBuf> {
        self.made("programs")
    }

    /// Where the checker's own sockets are; no submission sees it.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn door(&self) -> io::Result<PathBuf> {
        self.made("door")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if self.folder.is_none() {
            return;
        }
        // What a build or overlayfs has closed to its own user is opened, so that it can be removed.
        open_all(&self.part("layers"));
        open_all(&self.part("run"));
    }
}

/// Gives a folder and all that is in it to a user. Links are given themselves, not what they lead to.
fn give(path: &Path, user: u32) -> io::Result<()> {
    std::os::unix::fs::lchown(path, Some(user), Some(user))?;
    if path.symlink_metadata()?.is_dir() {
        for entry in fs::read_dir(path)? {
            give(&entry?.path(), user)?;
        }
    }
    Ok(())
}

/// Makes folders that this user owns writable for removal. Links are not followed.
fn open_all(folder: &Path) {
    let Ok(about) = folder.symlink_metadata() else { return };
    if !about.is_dir() {
        return;
    }
    if about.permissions().mode() & 0o700 != 0o700 {
        let _ = fs::set_permissions(folder, fs::Permissions::from_mode(0o700));
    }
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            open_all(&entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_was_closed_is_removed_too() {
        let scratch = Scratch::new().unwrap();
        let deep = scratch.run().join("a/b");
        fs::create_dir_all(&deep).unwrap();
        fs::write(deep.join("file"), "x").unwrap();
        fs::set_permissions(&deep, fs::Permissions::from_mode(0o000)).unwrap();
        fs::set_permissions(scratch.run().join("a"), fs::Permissions::from_mode(0o500)).unwrap();
        let path = scratch.path().to_owned();
        drop(scratch);
        assert!(!path.exists());
    }
}
