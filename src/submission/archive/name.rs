//! The name of an archive's entry, as a path that cannot leave the folder it is joined to.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

/// How long a whole path may be, in bytes. Systems allow 4,096 with the folders above it.
const PATH_LIMIT: usize = 1024;

/// How long one part of a path may be, in bytes; file systems allow no more.
const PART_LIMIT: usize = 255;

/// How deep folders may be; no deeper ones are looked into when a submission is read.
const DEPTH_LIMIT: usize = 32;

/// What systems leave in archives beside the files that somebody put there.
const LEFTOVERS: [&[u8]; 4] = [b"__MACOSX", b".DS_Store", b"Thumbs.db", b"desktop.ini"];

/// A path below the folder that an archive is unpacked into: only plain parts, no `..`, no root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct EntryPath {
    /// Relative. Empty for the folder itself, which `tar` calls `./`.
    pub(super) path: PathBuf,
    /// Whether the name ended as a folder's does.
    pub(super) ends_as_folder: bool,
    /// Whether a system left it there, so that nobody misses it.
    pub(super) is_leftover: bool,
}

/// Why a name is no path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BadName {
    /// It begins at a root, on a drive, or goes up.
    Outside,
    /// It is too long, too deep, or no name of a file at all.
    Unusable,
}

/// The path that a name stands for. Both slashes separate, as they do on Windows, where many archives are made.
pub(super) fn entry_path(name: &[u8]) -> Result<EntryPath, BadName> {
    let is_slash = |byte: &u8| matches!(byte, b'/' | b'\\');
    let is_drive = |part: &[u8]| matches!(part, [letter, b':'] if letter.is_ascii_alphabetic());
    if name.is_empty() || name.contains(&0) {
        return Err(BadName::Unusable);
    }
    let parts: Vec<&[u8]> = name.split(is_slash).collect();
    if name.first().is_some_and(is_slash) || is_drive(parts[0]) || parts.contains(&&b".."[..]) {
        return Err(BadName::Outside);
    }
    let ends_as_folder = matches!(parts.last(), Some(&(b"" | b".")));
    let parts: Vec<&[u8]> = parts.into_iter().filter(|part| !matches!(*part, b"" | b".")).collect();
    if name.len() > PATH_LIMIT || parts.len() > DEPTH_LIMIT || parts.iter().any(|part| part.len() > PART_LIMIT) {
        return Err(BadName::Unusable);
    }
    let is_leftover =
        parts.iter().any(|part| LEFTOVERS.contains(part)) || parts.last().is_some_and(|part| part.starts_with(b"._"));
    Ok(EntryPath { path: parts.into_iter().map(OsStr::from_bytes).collect(), ends_as_folder, is_leftover })
}

/// A name in UTF-8, or, if it is not, in GBK, which Chinese editions of Windows write into archives without saying
/// so. None if it is neither.
///
/// It is decoded before it is split: the second byte of a GBK character may look like a backslash.
pub(super) fn decode(name: &[u8]) -> Option<Cow<'_, [u8]>> {
    if std::str::from_utf8(name).is_ok() {
        return Some(name.into());
    }
    match encoding_rs::GBK.decode_without_bom_handling(name) {
        (text, false) => Some(text.into_owned().into_bytes().into()),
        (_, true) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(name: &str) -> Result<String, BadName> {
        entry_path(name.as_bytes()).map(|found| found.path.to_str().unwrap().to_owned())
    }

    #[test]
    fn names_with_either_slash_become_paths_below_the_folder() {
        for (name, expected) in [
            ("app.py", "app.py"),
            ("./a/b.py", "a/b.py"),
            ("a\\b\\c.py", "a/b/c.py"),
            ("a//b/./c.py", "a/b/c.py"),
            ("./", ""),
            ("a..b/...", "a..b/..."),
            ("C:x.py", "C:x.py"),
            ("我的作业/app.py", "我的作业/app.py"),
        ] {
            assert_eq!(path(name).as_deref(), Ok(expected), "{name}");
        }
    }

    #[test]
    fn names_that_leave_the_folder_are_refused() {
        for name in ["../x", "a/../../x", "a/..", "..", "/etc/x", "\\x", "..\\x", "C:\\x", "c:/x", "\\\\host\\x"] {
            assert_eq!(path(name), Err(BadName::Outside), "{name}");
        }
    }

    #[test]
    fn names_that_no_file_can_have_are_refused() {
        let (long, longer, deep) = ("x".repeat(256), "abc/".repeat(300), "a/".repeat(33) + "x");
        for name in ["", "a\0.py", &long, &longer, &deep] {
            assert_eq!(path(name), Err(BadName::Unusable), "{name}");
        }
    }

    #[test]
    fn folders_and_leftovers_are_known_by_their_names() {
        let about = |name: &str| {
            let found = entry_path(name.as_bytes()).unwrap();
            (found.ends_as_folder, found.is_leftover)
        };
        assert_eq!(about("a/"), (true, false));
        assert_eq!(about("a\\"), (true, false));
        assert_eq!(about("__MACOSX/a/._app.py"), (false, true));
        assert_eq!(about("a/.DS_Store"), (false, true));
        assert_eq!(about("a/._app.py"), (false, true));
        assert_eq!(about("a/__MACOSX_.py"), (false, false));
    }

    #[test]
    fn names_in_gbk_are_understood_even_with_a_backslash_inside_a_character() {
        let name = encoding_rs::GBK.encode("乗上次/作业.py").0.into_owned();
        assert!(name.contains(&b'\\'));
        assert_eq!(decode(&name).as_deref(), Some("乗上次/作业.py".as_bytes()));
        assert_eq!(decode("上次".as_bytes()).as_deref(), Some("上次".as_bytes()));
        assert_eq!(decode(b"caf\xe9.py"), None);
    }
}
