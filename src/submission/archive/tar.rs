//! Tar archives, compressed or not.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use tar::{Archive, EntryType};

use super::super::walk::Form;
use super::name::decode;
use super::refusal::{Fault, Refusal};
use super::target::{Entry, Target};

/// How much may come between two entries' contents, in bytes: headers, long names, padding. A long name is held in
/// memory as a whole.
const HEADERS: u64 = 1024 * 1024;

/// Unpacks a tar archive.
pub(super) fn unpack(stream: impl Read, target: &mut Target) -> Result<(), Fault> {
    let total = target.caps().total;
    // The files, and the headers and padding of as many as may be.
    let everything = total + target.caps().names as u64 * 2048;
    let gauge = Rc::new(Gauge { left: Cell::new(everything), step: Cell::new(0) });
    let mut archive = Archive::new(Gauged { stream, gauge: Rc::clone(&gauge) });
    let fault = |error: io::Error, entry| {
        let fault = Fault::from_reading(error, entry);
        if gauge.left.get() == 0 { Refusal::TooLarge(total).into() } else { fault }
    };
    let mut entries = archive.entries().map_err(|error| fault(error, None))?;
    loop {
        gauge.step.set(HEADERS);
        let Some(found) = entries.next() else { return Ok(()) };
        let mut found = found.map_err(|error| fault(error, None))?;
        gauge.step.set(u64::MAX);
        let Some(form) = form(found.header().entry_type()) else { continue };
        let raw = found.path_bytes();
        let name = decode(&raw).unwrap_or_else(|| raw.clone()).into_owned();
        let mode = found.header().mode().map_err(|error| fault(error, None))?;
        let entry = Entry { name, form, executable: mode & 0o111 != 0 };
        let mut content = Counted { inner: &mut found, count: 0 };
        target.add(&entry, &mut content).map_err(|known| match known {
            Fault::Refused(Refusal::Damaged(_)) if gauge.left.get() == 0 => Refusal::TooLarge(total).into(),
            known => known,
        })?;
        // What was not wanted has to be read over all the same.
        io::copy(&mut content, &mut io::sink()).map_err(|error| fault(error, Some(entry.shown())))?;
        if content.count < content.inner.size() {
            return Err(Refusal::Damaged(Some(entry.shown())).into());
        }
    }
}

/// What an entry is; none if it only says something about the archive.
fn form(kind: EntryType) -> Option<Form> {
    Some(match kind {
        EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse => Form::File,
        EntryType::Directory => Form::Folder,
        EntryType::Symlink | EntryType::Link => Form::Link,
        EntryType::XGlobalHeader => return None,
        _ => Form::Special,
    })
}

/// How many bytes may still be read.
struct Gauge {
    /// In all.
    left: Cell<u64>,
    /// Before it is set again.
    step: Cell<u64>,
}

/// A stream that fails when its gauge is at its end.
struct Gauged<R> {
    stream: R,
    gauge: Rc<Gauge>,
}

impl<R: Read> Read for Gauged<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Gauge { left, step } = &*self.gauge;
        let allowed = left.get().min(step.get());
        if allowed == 0 && !buffer.is_empty() {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let length = buffer.len().min(usize::try_from(allowed).unwrap_or(usize::MAX));
        let read = self.stream.read(&mut buffer[..length])?;
        left.set(left.get() - read as u64);
        step.set(step.get() - read as u64);
        Ok(read)
    }
}

/// A reader that counts.
struct Counted<R> {
    inner: R,
    count: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.count += read as u64;
        Ok(read)
    }
}
