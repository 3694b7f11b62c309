//! A copy of a submission for builds that write into their own folder, so that the original stays as it was.

use std::fs::{self, File, FileTimes};
use std::io;
use std::path::{Path, PathBuf};

use super::text::open_regular;
use super::walk::{Entry, Form, is_file_within, walk};

/// How much is copied, in bytes. A larger submission is built in place.
const SIZE_LIMIT: u64 = 64 * 1024 * 1024;

/// Copies a submission's files into `scratch/source`, and says where they are; into the original folder if they are
/// too many.
///
/// Modes and times are kept, since `make` decides by them. Links within the submission become the files that they
/// lead to; links out of it, FIFOs and devices are left out.
///
/// # Errors
/// If a file of the submission cannot be read or the copy cannot be written.
pub(crate) fn copy(root: &Path, scratch: &Path) -> io::Result<PathBuf> {
    let entries = walk(root);
    if entries.iter().map(|entry| entry.size).sum::<u64>() > SIZE_LIMIT {
        return Ok(root.to_owned());
    }
    let target = scratch.join("source");
    copy_entries(root, &entries, &target)?;
    Ok(target)
}

/// Copies a submission, a folder or a single file, to a place of its own. What a copy leaves out is left out.
///
/// # Errors
/// If a file of the submission cannot be read or the copy cannot be written.
pub fn copy_all(from: &Path, to: &Path) -> io::Result<()> {
    if from.is_dir() {
        return copy_entries(from, &walk(from), to);
    }
    copy_file(from, to)
}

fn copy_entries(root: &Path, entries: &[Entry], target: &Path) -> io::Result<()> {
    fs::create_dir_all(target)?;
    for entry in entries {
        let wanted = match entry.form {
            Form::File => true,
            Form::Link => is_file_within(root, &entry.path),
            Form::Folder | Form::Special => false,
        };
        if wanted {
            copy_file(&root.join(&entry.path), &target.join(&entry.path))?;
        }
    }
    Ok(())
}

fn copy_file(from: &Path, to: &Path) -> io::Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut source = open_regular(&from.canonicalize()?)?;
    let about = source.metadata()?;
    // A launch may be made ready twice; a file that may not be written is replaced all the same.
    if to.exists() {
        fs::remove_file(to)?;
    }
    let mut copy = File::create(to)?;
    io::copy(&mut source, &mut copy)?;
    copy.set_times(FileTimes::new().set_modified(about.modified()?))?;
    copy.set_permissions(about.permissions())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    #[test]
    fn files_are_copied_with_mode_and_time_and_nothing_from_outside() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        fs::create_dir(root.join("src")).unwrap();
        fs::write(root.join("src/main.c"), "x").unwrap();
        fs::set_permissions(root.join("src/main.c"), fs::Permissions::from_mode(0o555)).unwrap();
        symlink("src/main.c", root.join("inside.c")).unwrap();
        symlink("/etc/hostname", root.join("outside.c")).unwrap();
        let scratch = tempfile::tempdir().unwrap();
        for _ in 0..2 {
            let copied = copy(&root, scratch.path()).unwrap();
            assert_eq!(fs::read_to_string(copied.join("inside.c")).unwrap(), "x");
            assert!(!copied.join("outside.c").exists());
            let (before, after) = (root.join("src/main.c"), copied.join("src/main.c"));
            let about = |path: &Path| {
                let about = fs::metadata(path).unwrap();
                (about.modified().unwrap(), about.permissions().mode())
            };
            assert_eq!(about(&before), about(&after));
        }
    }
}
