//! Results on disk: one report a submission, whole or not there, the first one wins.
//!
//! A result is written to a file of its own, brought to the disk, and then linked to its name, which fails if the
//! name is taken: of two graders that do the same work, say a job that was thought dead and its successor, the first
//! one's result stays. So a result is never torn, never changes under a reader, and exists once.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::{Deserialize, Serialize};

use super::manifest::{Entry, Manifest, Shard};
use crate::report::Report;

/// A report with its place in the cohort: every field of a report, and one more.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Graded {
    /// The report.
    #[serde(flatten)]
    pub report: Report,
    /// Whose it is.
    pub cohort: Place,
}

/// A report's place in a cohort.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The manifest's digest.
    pub manifest: String,
    /// Which shard graded it.
    pub shard: Shard,
    /// The entrant's key.
    pub key: String,
    /// The result's name, 64 hexadecimal digits.
    pub result: String,
    /// Whether it was first thought to fail, by connections that broke or answers that did not come while other
    /// submissions were graded, and this is how it did alone, which was better.
    pub flaky: bool,
}

/// What becomes of a result that is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfThere {
    /// It stays.
    Keep,
    /// The new one takes its place.
    Replace,
}

/// The folder of results.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    made: AtomicUsize,
}

impl Store {
    /// The store in a folder, which is made if it is not there.
    ///
    /// # Errors
    /// If the folder cannot be made or written.
    pub fn open(folder: &Path) -> io::Result<Self> {
        let store = Self { folder: folder.to_owned(), made: AtomicUsize::new(0) };
        for name in ["reports", "unfinished"] {
            fs::create_dir_all(folder.join(name))?;
        }
        store.clear_unfinished()?;
        Ok(store)
    }

    /// The store in a folder that is there, to read from; nothing is made.
    #[must_use]
    pub fn at(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), made: AtomicUsize::new(0) }
    }

    /// The store's folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where a submission's report lies, relative to the store's folder.
    #[must_use]
    pub fn place(entry: &Entry) -> PathBuf {
        let plain: String = entry
            .key
            .chars()
            .map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '_' })
            .take(40)
            .collect();
        // A name that begins with a dot would be hidden.
        let plain = plain.trim_start_matches('.');
        Path::new("reports").join(format!("{plain}-{}.json", &entry.result[..16]))
    }

    /// A submission's result, if there is one. One that is no report, which no grader wrote, counts as none and is
    /// moved aside.
    #[must_use]
    pub fn get(&self, entry: &Entry) -> Option<Graded> {
        let path = self.folder.join(Self::place(entry));
        let bytes = fs::read(&path).ok()?;
        match serde_json::from_slice::<Graded>(&bytes) {
            Ok(graded) if graded.cohort.result == entry.result => Some(graded),
            _ => {
                let _ = fs::rename(&path, path.with_extension("not-a-report"));
                None
            }
        }
    }

    /// Puts a result in its place. Gives the result that is there afterwards: this one, or the first one.
    ///
    /// # Errors
    /// If the disk is full or fails; nothing is in the place then that was not there before.
    pub fn put(&self, entry: &Entry, graded: Graded, if_there: IfThere) -> io::Result<Graded> {
        let mut text = serde_json::to_vec_pretty(&graded).expect("a report holds nothing that JSON cannot");
        text.push(b'\n');
        let target = self.folder.join(Self::place(entry));
        let kept = self.write(&text, &target, if_there)?;
        Ok(if kept { graded } else { self.get(entry).unwrap_or(graded) })
    }

    /// Keeps the manifest beside the results.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub fn put_manifest(&self, manifest: &Manifest) -> io::Result<()> {
        let mut text = serde_json::to_vec_pretty(manifest).expect("it is text");
        text.push(b'\n');
        self.write(&text, &self.folder.join("manifest.json"), IfThere::Replace).map(|_| ())
    }

    /// The manifest of the last grading.
    ///
    /// # Errors
    /// If there is none or it cannot be read.
    pub fn manifest(folder: &Path) -> io::Result<Manifest> {
        let bytes = fs::read(folder.join("manifest.json"))?;
        serde_json::from_slice(&bytes).map_err(io::Error::from)
    }

    /// Whether the text is in its place afterwards.
    fn write(&self, text: &[u8], target: &Path, if_there: IfThere) -> io::Result<bool> {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        let unfinished = self.folder.join("unfinished").join(format!("{}-{number}", Grader::own().name()));
        let written = (|| {
            let mut file = File::create(&unfinished)?;
            file.write_all(text)?;
            file.sync_all()?;
            match if_there {
                IfThere::Replace => fs::rename(&unfinished, target)?,
                IfThere::Keep => match fs::hard_link(&unfinished, target) {
                    Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
                    linked => linked?,
                },
            }
            // The name too has to be on the disk.
            File::open(target.parent().unwrap_or(&self.folder))?.sync_all()?;
            Ok(true)
        })();
        let _ = fs::remove_file(&unfinished);
        written
    }

    /// What a grader on this machine that is no more has left half written.
    fn clear_unfinished(&self) -> io::Result<()> {
        for file in fs::read_dir(self.folder.join("unfinished"))? {
            let file = file?;
            let name = file.file_name().to_string_lossy().into_owned();
            let grader = name.rsplit_once('-').and_then(|(grader, _)| Grader::parse(grader));
            if grader.is_some_and(|grader| grader.is_gone()) {
                fs::remove_file(file.path())?;
            }
        }
        Ok(())
    }
}

/// A process that grades, on one of several machines that share a disk.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Grader {
    /// The machine's name, for one that has a name of its own.
    host: String,
    pid: i32,
    /// When the process started, in the kernel's ticks: numbers of processes come back.
    started: u64,
}

impl Grader {
    /// This process.
    pub(super) fn own() -> Self {
        Self::of(nix::unistd::getpid().as_raw())
    }

    /// A process of this machine, by its number.
    #[must_use]
    pub fn of(pid: i32) -> Self {
        let host = nix::unistd::gethostname().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Self { host: host.replace(['-', '/'], "_"), pid, started: started(pid).unwrap_or_default() }
    }

    /// One of this machine that has ended, and differs from those of other numbers.
    #[cfg(test)]
    pub(super) fn gone(number: usize) -> Self {
        Self { started: number as u64 + 1, ..Self::own() }
    }

    fn name(&self) -> String {
        format!("{}-{}-{}", self.host, self.pid, self.started)
    }

    fn parse(name: &str) -> Option<Self> {
        let mut parts = name.splitn(3, '-');
        let (host, pid, started) = (parts.next()?.to_owned(), parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        Some(Self { host, pid, started })
    }

    /// Whether it is known to have ended; of another machine's processes nothing is known.
    pub(super) fn is_gone(&self) -> bool {
        self.host == Self::own().host && started(self.pid) != Some(self.started)
    }

    /// Whether it may still be at work.
    pub(super) fn may_be_alive(&self) -> bool {
        self.host == Self::own().host && started(self.pid) == Some(self.started)
    }
}

/// When a process started, by `/proc/PID/stat` (field 22, proc(5)); none if there is no such process.
fn started(pid: i32) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The command's name stands in brackets and may hold anything.
    text.rsplit_once(')')?.1.split_whitespace().nth(19)?.parse().ok()
}
