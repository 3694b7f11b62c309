//! A submission that was handed in as one archive: unpacked into a private folder, entry by entry.
//!
//! An archive is a stranger's word about names, sizes and kinds, and none of it is believed: names that leave the
//! folder are refused, links are never made, sizes are counted as the bytes come ([`Target`]). What is wrong with an
//! archive is the submission's problem ([`Refusal`]); what is wrong with the disk is the machine's.

mod name;
mod refusal;
mod tar;
mod target;
mod zip;

use std::fs::{self, File};
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;

use crate::outcome::Problem;

use super::text::{open_regular, readable};
use super::walk::ending;

use refusal::Fault;
pub(crate) use refusal::Refusal;
use target::{Caps, Target};

/// Endings of archives, whether they can be unpacked here or not.
const ENDINGS: [&str; 12] = ["zip", "tar", "gz", "tgz", "bz2", "tbz2", "xz", "txz", "7z", "rar", "zst", "lz4"];

/// What came out of an archive.
#[derive(Debug)]
pub(crate) struct Unpacked {
    /// The folder that holds it, absolute and without symbolic links.
    pub(crate) folder: PathBuf,
    /// Where links would be, relative and sorted. They were not made.
    pub(crate) links: Vec<PathBuf>,
}

/// Whether a file's name says that it is an archive.
pub(crate) fn is_archive(name: &Path) -> bool {
    ending(name).is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}

/// Unpacks the archive into a folder of its own below `scratch`, which is made anew.
///
/// Files are readable by everybody and executable if the archive says so; times are those of the unpacking. What
/// macOS and Windows leave in archives (`__MACOSX`, `.DS_Store`, `Thumbs.db`) is left out.
///
/// # Errors
/// Code `unrecognised` or `empty` with blame `submission` if the archive is broken, hostile, empty or of a form that
/// is not known here; `internal` with blame `environment` if the disk fails.
pub(crate) fn unpack(archive: &Path, scratch: &Path) -> Result<Unpacked, Problem> {
    unpack_within(archive, scratch, Caps::default())
}

/// Unpacks the export of a learning platform, which holds what a whole cohort handed in, into a folder below `scratch`.
///
/// The same rules hold as for one submission, with room for a hundred thousand.
///
/// # Errors
/// As [`unpack`].
pub(crate) fn unpack_export(archive: &Path, scratch: &Path) -> Result<PathBuf, Problem> {
    unpack_within(archive, scratch, Caps::EXPORT).map(|unpacked| unpacked.folder)
}

/// The same with other caps.
fn unpack_within(archive: &Path, scratch: &Path, caps: Caps) -> Result<Unpacked, Problem> {
    let file = readable(archive.file_name().unwrap_or_default());
    into_folder(archive, scratch, caps).map_err(|fault| fault.problem(&file))
}

fn into_folder(archive: &Path, scratch: &Path, caps: Caps) -> Result<Unpacked, Fault> {
    let mut file = open_regular(&archive.canonicalize()?)?;
    let form = form(archive, &mut file)?;
    let packed = file.metadata()?.len();
    if packed > caps.total {
        return Err(Refusal::TooLarge(caps.total).into());
    }
    let folder = empty_folder(scratch)?;
    let mut target = Target::new(folder.clone(), packed, caps);
    match form {
        Form::Zip => zip::unpack(file, &mut target)?,
        Form::Tar => tar::unpack(file, &mut target)?,
        Form::TarGz => tar::unpack(MultiGzDecoder::new(io::BufReader::new(file)), &mut target)?,
    }
    let links = target.finish()?;
    Ok(Unpacked { folder, links })
}

/// A folder for one submission's files; what a search before left there is gone.
fn empty_folder(scratch: &Path) -> io::Result<PathBuf> {
    let folder = scratch.canonicalize()?.join("submission");
    match fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => fs::create_dir(&folder)?,
    }
    Ok(folder)
}

/// The forms that can be unpacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Zip,
    Tar,
    TarGz,
}

/// The form of an archive by its first bytes, since a `.rar` is often only renamed to `.zip`; else by its name.
fn form(archive: &Path, file: &mut File) -> Result<Form, Fault> {
    let mut start = Vec::new();
    file.take(512).read_to_end(&mut start)?;
    file.rewind()?;
    let unknown = |kind: &'static str| Err(Fault::Refused(Refusal::Form(kind)));
    let lone_gz = ending(archive).as_deref() == Some("gz") && !named_tar(archive);
    match start.as_slice() {
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Ok(Form::Zip),
        [0x1f, 0x8b, ..] if lone_gz => unknown("gzip"),
        [0x1f, 0x8b, ..] => Ok(Form::TarGz),
        [b'R', b'a', b'r', b'!', ..] => unknown("RAR"),
        [b'7', b'z', 0xbc, 0xaf, ..] => unknown("7z"),
        [0xfd, b'7', b'z', b'X', b'Z', ..] => unknown("xz"),
        [b'B', b'Z', b'h', ..] => unknown("bzip2"),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => unknown("zstd"),
        start if start.get(257..262) == Some(b"ustar") => Ok(Form::Tar),
        _ => match ending(archive).as_deref() {
            Some("tar") => Ok(Form::Tar),
            _ => Err(Refusal::Damaged(None).into()),
        },
    }
}

/// Whether the name without its last ending is that of a tar: `work.tar.gz`.
fn named_tar(archive: &Path) -> bool {
    archive.file_stem().and_then(|stem| ending(Path::new(stem))).as_deref() == Some("tar")
}

#[cfg(test)]
mod tests;
