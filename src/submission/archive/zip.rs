//! Zip archives.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

use zip::read::ZipFileEntry;
use zip::result::{ZipError, ZipResult};
use zip::{CompressionMethod, ZipArchive};

use super::super::walk::Form;
use super::name::decode;
use super::refusal::{Fault, Refusal};
use super::target::{Entry, Target};

/// The bits of a Unix mode that say what a file is.
const TYPE: u32 = 0o170_000;

/// What an entry of the central directory begins with (APPNOTE.TXT 4.3.12).
const SIGNATURE: [u8; 4] = *b"PK\x01\x02";

/// How many bytes an entry of the central directory has before its name.
const HEAD: usize = 46;

/// How much of a central directory is looked at for a name that comes twice, in bytes.
const DIRECTORY_LIMIT: u64 = 64 * 1024 * 1024;

/// How many entries, for each one that is allowed, are read into memory to find out that they are too many.
const SLACK: usize = 10;

/// Unpacks a zip archive.
///
/// Names and methods are taken from the central directory; the sizes in it are not believed, the checksums are
/// verified.
pub(super) fn unpack(mut file: File, target: &mut Target) -> Result<(), Fault> {
    let names = target.caps().names;
    if entries_at_most(&mut file, names)? > names.saturating_mul(SLACK) {
        return Err(Refusal::TooMany(names).into());
    }
    let again = file.try_clone()?;
    let mut archive = ZipArchive::new(file).map_err(|error| fault(error, None))?;
    if archive.len() > names {
        return Err(Refusal::TooMany(names).into());
    }
    if archive.has_duplicate_names() {
        let twice = name_that_is_twice(again, archive.central_directory_start())?;
        return Err(twice.map_or(Refusal::Damaged(None), |entry| Refusal::Duplicate(entry.shown())).into());
    }
    (0..archive.len()).try_for_each(|index| add(&mut archive, index, target))
}

fn add(archive: &mut ZipArchive<File>, index: usize, target: &mut Target) -> Result<(), Fault> {
    let found = archive.by_index_data(index).map_err(|error| fault(error, None))?;
    let entry = entry(&found).map_err(|error| fault(error, None))?;
    if entry.form != Form::File {
        return target.add(&entry, &mut io::empty());
    }
    if found.encrypted() {
        return Err(Refusal::Encrypted(entry.shown()).into());
    }
    if !matches!(found.compression(), CompressionMethod::Stored | CompressionMethod::DEFLATE) {
        return Err(Refusal::Method(entry.shown()).into());
    }
    let content = archive.by_index(index);
    target.add(&entry, &mut content.map_err(|error| fault(error, Some(entry.shown())))?)
}

/// No fewer than the entries of the archive. They are only counted where they could be a burden to read.
fn entries_at_most(file: &mut File, names: usize) -> io::Result<usize> {
    let length = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
    if length / HEAD <= names.saturating_mul(SLACK) {
        return Ok(length / HEAD);
    }
    let (mut count, mut last) = (0, [0; 4]);
    for byte in BufReader::with_capacity(1 << 20, &mut *file).bytes() {
        last = [last[1], last[2], last[3], byte?];
        count += usize::from(last == SIGNATURE);
    }
    Ok(count)
}

/// The first entry of the central directory whose name was there before; the reader's index keeps only one of them.
fn name_that_is_twice(mut file: File, start: u64) -> io::Result<Option<Entry>> {
    let mut directory = Vec::new();
    file.seek(SeekFrom::Start(start))?;
    file.take(DIRECTORY_LIMIT).read_to_end(&mut directory)?;
    let mut rest = directory.as_slice();
    let mut seen = HashSet::new();
    while let Some(head) = rest.get(..HEAD).filter(|head| head.starts_with(&SIGNATURE)) {
        let length = |at: usize| usize::from(u16::from_le_bytes([head[at], head[at + 1]]));
        let Some(name) = rest.get(HEAD..HEAD + length(28)) else { break };
        if !seen.insert(name) {
            let name = decode(name).unwrap_or(name.into()).into_owned();
            return Ok(Some(Entry { name, form: Form::File, executable: false }));
        }
        let Some(next) = rest.get(HEAD + length(28) + length(30) + length(32)..) else { break };
        rest = next;
    }
    Ok(None)
}

fn entry(found: &ZipFileEntry) -> ZipResult<Entry> {
    let mode = found.unix_mode().unwrap_or_default();
    let name = match decode(found.name_raw()) {
        Some(name) => name.into_owned(),
        // The format's own encoding, that of the first PCs; it has a character for every byte.
        None => found.name()?.into_owned().into_bytes(),
    };
    let form = match mode & TYPE {
        0o040_000 => Form::Folder,
        0o120_000 => Form::Link,
        // Many writers leave the type out.
        0 | 0o100_000 => Form::File,
        _ => Form::Special,
    };
    let ends_as_folder = matches!(name.last(), Some(b'/' | b'\\'));
    let form = if form == Form::File && ends_as_folder { Form::Folder } else { form };
    Ok(Entry { name, form, executable: mode & 0o111 != 0 })
}

fn fault(error: ZipError, entry: Option<String>) -> Fault {
    match error {
        ZipError::Io(error) => Fault::from_reading(error, entry),
        _ => Refusal::Damaged(entry).into(),
    }
}
