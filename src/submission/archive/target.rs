//! The folder that an archive is unpacked into, and how much may come into it.

use std::collections::{BTreeSet, HashSet};
use std::ffi::OsStr;
use std::fs::{self, OpenOptions, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::super::text::readable;
use super::super::walk::{COUNT_LIMIT, Form};
use super::name::{BadName, entry_path};
use super::refusal::{Fault, Refusal};

const MIB: u64 = 1024 * 1024;

/// How much an archive may hold.
#[derive(Clone, Copy, Debug)]
pub(super) struct Caps {
    /// Entries and the folders that they lie in, together.
    pub(super) names: usize,
    /// Bytes of one file.
    pub(super) file: u64,
    /// Bytes of all files.
    pub(super) total: u64,
    /// Bytes of all files for each byte of the archive; it does not count up to [`Caps::small`].
    pub(super) ratio: u64,
    /// Bytes of all files that may come from however few.
    pub(super) small: u64,
}

const GIB: u64 = 1024 * MIB;

impl Caps {
    /// How much the export of a whole cohort may hold.
    pub(super) const EXPORT: Self = Self { names: 2_000_000, file: GIB, total: 64 * GIB, ratio: 100, small: MIB };
}

impl Default for Caps {
    fn default() -> Self {
        Self { names: COUNT_LIMIT, file: 64 * MIB, total: 256 * MIB, ratio: 100, small: MIB }
    }
}

/// What an archive says about an entry.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Its whole name, decoded if it could be.
    pub(super) name: Vec<u8>,
    /// What it is. A name that ends in a slash is a folder whatever this says.
    pub(super) form: Form,
    /// Whether anybody may execute it.
    pub(super) executable: bool,
}

impl Entry {
    /// The name as people may see it.
    pub(super) fn shown(&self) -> String {
        readable(OsStr::from_bytes(&self.name))
    }
}

/// The folder that an archive is unpacked into, with what came into it so far.
///
/// Nothing in it is ever replaced or followed: a file is made where nothing is, or the archive is refused.
#[derive(Debug)]
pub(super) struct Target {
    folder: PathBuf,
    caps: Caps,
    /// Bytes of the archive.
    packed: u64,
    names: usize,
    bytes: u64,
    files: usize,
    folders: HashSet<PathBuf>,
    /// Where a link would be, had it been made.
    links: BTreeSet<PathBuf>,
}

impl Target {
    /// An empty, existing folder for an archive of `packed` bytes.
    pub(super) fn new(folder: PathBuf, packed: u64, caps: Caps) -> Self {
        let folders = HashSet::from([PathBuf::new()]);
        Self { folder, caps, packed, names: 0, bytes: 0, files: 0, folders, links: BTreeSet::new() }
    }

    /// How much may be in it.
    pub(super) fn caps(&self) -> Caps {
        self.caps
    }

    /// Takes an entry in. Its content is read for files alone, and only as far as the caps allow.
    pub(super) fn add(&mut self, entry: &Entry, content: &mut dyn Read) -> Result<(), Fault> {
        self.count_name()?;
        let place = entry_path(&entry.name).map_err(|bad| match bad {
            BadName::Outside => Refusal::Outside(entry.shown()),
            BadName::Unusable => Refusal::Name(entry.shown()),
        })?;
        if place.is_leftover {
            return Ok(());
        }
        match entry.form {
            Form::Folder => self.make_folders(&place.path, entry),
            Form::File if place.ends_as_folder => self.make_folders(&place.path, entry),
            Form::File => self.make_file(&place.path, entry, content),
            Form::Link => {
                self.links.insert(place.path);
                Ok(())
            }
            Form::Special => Err(Refusal::Special(entry.shown()).into()),
        }
    }

    /// Where the links would be that were left out, sorted; refused if nothing came at all.
    pub(super) fn finish(self) -> Result<Vec<PathBuf>, Fault> {
        if self.files == 0 && self.links.is_empty() {
            return Err(Refusal::Empty.into());
        }
        Ok(self.links.into_iter().collect())
    }

    fn count_name(&mut self) -> Result<(), Fault> {
        self.names += 1;
        if self.names > self.caps.names { Err(Refusal::TooMany(self.caps.names).into()) } else { Ok(()) }
    }

    /// Makes a folder and those above it, each once.
    fn make_folders(&mut self, path: &Path, entry: &Entry) -> Result<(), Fault> {
        if self.folders.contains(path) {
            return Ok(());
        }
        if let Some(above) = path.parent() {
            self.make_folders(above, entry)?;
        }
        self.count_name()?;
        if self.links.contains(path) {
            return Err(Refusal::NotAFolder(entry.shown()).into());
        }
        match fs::create_dir(self.folder.join(path)) {
            // On a file system that ignores case, `A` may be `a`, which was made here.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                if !fs::symlink_metadata(self.folder.join(path))?.is_dir() {
                    return Err(Refusal::NotAFolder(entry.shown()).into());
                }
            }
            made => made?,
        }
        self.folders.insert(path.to_owned());
        Ok(())
    }

    fn make_file(&mut self, path: &Path, entry: &Entry, content: &mut dyn Read) -> Result<(), Fault> {
        self.make_folders(path.parent().unwrap_or(Path::new("")), entry)?;
        if self.links.contains(path) {
            return Err(Refusal::Duplicate(entry.shown()).into());
        }
        // Never opens what is there, be it a link: the name must be new.
        let mut file = match OpenOptions::new().write(true).create_new(true).open(self.folder.join(path)) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return Err(Refusal::Duplicate(entry.shown()).into());
            }
            made => made?,
        };
        self.files += 1;
        self.write(&mut file, entry, content)?;
        // Whatever the umask and the archive say, no more than these bits.
        file.set_permissions(Permissions::from_mode(if entry.executable { 0o755 } else { 0o644 }))?;
        Ok(())
    }

    fn write(&mut self, file: &mut fs::File, entry: &Entry, content: &mut dyn Read) -> Result<(), Fault> {
        let mut buffer = vec![0; 64 * 1024];
        let mut size = 0;
        loop {
            let read = match content.read(&mut buffer) {
                Ok(0) => return Ok(()),
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(Fault::from_reading(error, Some(entry.shown()))),
            };
            size += read as u64;
            self.bytes += read as u64;
            self.check_size(size, entry)?;
            file.write_all(&buffer[..read])?;
        }
    }

    /// Whether so much may be written, asked before it is.
    fn check_size(&self, size: u64, entry: &Entry) -> Result<(), Fault> {
        let Caps { file, total, ratio, small, .. } = self.caps;
        if self.bytes > small && self.bytes > self.packed.saturating_mul(ratio) {
            return Err(Refusal::Bomb(ratio).into());
        }
        if size > file {
            return Err(Refusal::FileTooLarge(entry.shown(), file).into());
        }
        if self.bytes > total { Err(Refusal::TooLarge(total).into()) } else { Ok(()) }
    }
}
