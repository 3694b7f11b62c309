//! Folders for temporary files: each is gone with the value that stands for it, and what a killed checker has left is
//! removed by a later one.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::time::Duration;

use tempfile::TempDir;

const PREFIX: &str = "checker-";

/// A folder without a lock may be so new that its maker has not come to that.
const AGE: Duration = Duration::from_secs(60);

/// A folder that only this user can enter, below the system's folder for temporary files.
#[derive(Debug)]
pub struct TempFolder {
    folder: TempDir,
    /// Held for as long as the folder is in use: the kernel lets go of it when this process ends, however it does.
    _lock: Option<File>,
}

impl TempFolder {
    /// Makes it.
    ///
    /// # Errors
    /// If nothing can be made there.
    pub fn new() -> io::Result<TempFolder> {
        let folder = tempfile::Builder::new().prefix(PREFIX).tempdir()?;
        // A file system that has no locks has no folders that could be told to be abandoned.
        let lock = File::open(folder.path()).ok().filter(|file| file.try_lock().is_ok());
        Ok(TempFolder { folder, _lock: lock })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for TempFolder {
    fn drop(&mut self) {
        // What a build or overlayfs has closed to its own user is opened, so that it can be removed.
        open_all(self.path());
    }
}

/// Removes the folders of checkers that were killed. What cannot be removed stays.
pub fn sweep() {
    sweep_in(&std::env::temp_dir(), AGE);
}

fn sweep_in(root: &Path, age: Duration) {
    for entry in fs::read_dir(root).into_iter().flatten().flatten() {
        if entry.file_name().as_encoded_bytes().starts_with(PREFIX.as_bytes()) && is_abandoned(&entry.path(), age) {
            open_all(&entry.path());
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Whether this is a folder of this user's that nobody has locked for so long.
fn is_abandoned(folder: &Path, age: Duration) -> bool {
    let Ok(about) = folder.symlink_metadata() else { return false };
    let is_old = || about.modified().is_ok_and(|modified| modified.elapsed().is_ok_and(|passed| passed >= age));
    let is_own = about.is_dir() && about.uid() == nix::unistd::geteuid().as_raw();
    is_own && is_old() && File::open(folder).is_ok_and(|file| file.try_lock().is_ok())
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
        let folder = TempFolder::new().unwrap();
        let path = folder.path().to_owned();
        let deep = path.join("a/b");
        fs::create_dir_all(&deep).unwrap();
        fs::write(deep.join("file"), "x").unwrap();
        fs::set_permissions(&deep, fs::Permissions::from_mode(0o000)).unwrap();
        fs::set_permissions(path.join("a"), fs::Permissions::from_mode(0o500)).unwrap();
        drop(folder);
        assert!(!path.exists());
    }

    #[test]
    fn what_is_in_use_or_new_or_another_s_stays() {
        let root = tempfile::tempdir().unwrap();
        let folder = |name: &str| {
            fs::create_dir_all(root.path().join(name).join("run")).unwrap();
            root.path().join(name)
        };
        let (left, used, other) = (folder("checker-aaaaaa"), folder("checker-bbbbbb"), folder("somebody-cccccc"));
        fs::set_permissions(left.join("run"), fs::Permissions::from_mode(0o000)).unwrap();
        fs::write(root.path().join("checker-file"), "").unwrap();
        std::os::unix::fs::symlink(&other, root.path().join("checker-link")).unwrap();
        let lock = File::open(&used).unwrap();
        lock.lock().unwrap();

        sweep_in(root.path(), AGE);
        assert!(left.exists(), "it is new");
        sweep_in(root.path(), Duration::ZERO);
        assert!(!left.exists());
        for kept in [used, other.join("run"), root.path().join("checker-file"), root.path().join("checker-link")] {
            assert!(kept.symlink_metadata().is_ok(), "{}", kept.display());
        }
    }
}
