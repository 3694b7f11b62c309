//! A submission in another place: copied whole, its commands meant there.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, FileTimes};
use std::io;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use super::text::open_regular;
use super::{Given, Launch, Program, Submission};

/// How much is copied, in bytes. A larger submission stays where it is.
const SIZE_LIMIT: u64 = 512 * 1024 * 1024;

/// Copies a submission to a folder that is not there yet, with everything that lies in it: packages and virtual
/// environments too, links as links. None if it is too large.
///
/// # Errors
/// If it cannot be read or the copy cannot be written.
pub fn moved(submission: &Submission, launch: &Launch, to: &Path) -> io::Result<Option<(Submission, Launch)>> {
    let from = &submission.top;
    if submission.kind == super::Kind::Reference {
        // It has no files, and its program is not to be written to by anybody.
        return Ok(None);
    }
    fs::create_dir_all(to)?;
    match (submission.given, &submission.entry) {
        (Given::File, Some(entry)) => copy_file(&from.join(entry), &to.join(entry))?,
        (Given::File, None) => {}
        (Given::Folder, _) if size(from)? > SIZE_LIMIT => return Ok(None),
        (Given::Folder, _) => copy_folder(from, to)?,
    }
    let place = |path: &Path| PathBuf::from(replaced(path.as_os_str(), from, to));
    let new = Submission { root: place(&submission.root), top: to.to_owned(), ..submission.clone() };
    let build = launch.build.iter().map(|step| moved_program(step, from, to)).collect();
    Ok(Some((new, Launch { build, run: moved_program(&launch.run, from, to) })))
}

/// A command with every path below `from` meant below `to`. What people see of it stays.
#[must_use]
pub fn moved_program(program: &Program, from: &Path, to: &Path) -> Program {
    Program {
        argv: program.argv.iter().map(|word| replaced(word, from, to)).collect(),
        shown: program.shown.clone(),
        cwd: replaced(program.cwd.as_os_str(), from, to).into(),
        env: program.env.iter().map(|(name, value)| (name.clone(), replaced(value, from, to))).collect(),
    }
}

/// A text with every `from` that is a whole path or the beginning of one replaced, alone or in a list such as `PATH`.
fn replaced(text: &OsStr, from: &Path, to: &Path) -> OsString {
    let (text, from, to) = (text.as_bytes(), from.as_os_str().as_bytes(), to.as_os_str().as_bytes());
    let mut new = Vec::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let ends = matches!(rest.get(from.len()), None | Some(b'/' | b':'));
        let begins = matches!(new.last(), None | Some(b':' | b'='));
        if begins && ends && rest.starts_with(from) && !from.is_empty() {
            new.extend_from_slice(to);
            rest = &rest[from.len()..];
        } else {
            new.push(rest[0]);
            rest = &rest[1..];
        }
    }
    OsString::from_vec(new)
}

fn size(folder: &Path) -> io::Result<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let about = entry.metadata()?;
        bytes += if about.is_dir() { size(&entry.path())? } else { about.len() };
        if bytes > SIZE_LIMIT {
            break;
        }
    }
    Ok(bytes)
}

fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        let kind = entry.file_type()?;
        if kind.is_dir() {
            fs::create_dir(&to)?;
            copy_folder(&from, &to)?;
        } else if kind.is_symlink() {
            symlink(fs::read_link(&from)?, &to)?;
        } else if kind.is_file() {
            copy_file(&from, &to)?;
        }
    }
    Ok(())
}

fn copy_file(from: &Path, to: &Path) -> io::Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut source = open_regular(from)?;
    let about = source.metadata()?;
    let mut copy = File::create(to)?;
    io::copy(&mut source, &mut copy)?;
    copy.set_times(FileTimes::new().set_modified(about.modified()?))?;
    copy.set_permissions(about.permissions())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_below_the_old_place_are_meant_below_the_new_one() {
        for (text, expect) in [
            ("/a/b", "/new"),
            ("/a/b/app.py", "/new/app.py"),
            ("/a/bc/app.py", "/a/bc/app.py"),
            ("/x/a/b", "/x/a/b"),
            ("/usr/bin:/a/b/.venv/bin:/a/b", "/usr/bin:/new/.venv/bin:/new"),
            ("--dir=/a/b/x", "--dir=/new/x"),
            ("", ""),
        ] {
            assert_eq!(replaced(OsStr::new(text), Path::new("/a/b"), Path::new("/new")), OsStr::new(expect));
        }
    }
}
