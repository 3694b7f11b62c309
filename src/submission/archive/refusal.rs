//! Why an archive cannot be unpacked: its own fault or this machine's.

use std::io;

use crate::message::Message;
use crate::outcome::{Blame, Problem, ProblemCode};

use super::super::search_path::internal;

/// What is wrong with an archive. Names of entries are as people may see them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It is of a form, such as RAR, that is not known here.
    Form(&'static str),
    /// It, or this entry, does not hold what it says, or ends too early.
    Damaged(Option<String>),
    /// It holds no file.
    Empty,
    /// This entry needs a password.
    Encrypted(String),
    /// This entry is compressed by a method that is not known here.
    Method(String),
    /// This entry would lie outside the folder.
    Outside(String),
    /// This entry's name is too long, too deep or none.
    Name(String),
    /// This entry's place is taken by an entry before it.
    Duplicate(String),
    /// This entry would lie in something that is not a folder.
    NotAFolder(String),
    /// This entry is a device or a FIFO.
    Special(String),
    /// This entry is a link, and without it there is no program.
    Link(String),
    /// All that is in it is this other archive.
    Inside(String),
    /// It has more entries than this.
    TooMany(usize),
    /// It unpacks to more bytes than this.
    TooLarge(u64),
    /// This entry unpacks to more bytes than this.
    FileTooLarge(String, u64),
    /// It unpacks to more than this many times its own size.
    Bomb(u64),
}

impl Refusal {
    /// The submission's problem, for an archive that is called `file`.
    pub(crate) fn problem(self, file: &str) -> Problem {
        let code = if self == Self::Empty { ProblemCode::Empty } else { ProblemCode::Unrecognised };
        let (message, hint) = self.said(file);
        Problem { code, blame: Blame::Submission, message, hint: Some(Message::new(hint)) }
    }

    /// The sentence and the id of what to do.
    fn said(self, file: &str) -> (Message, &'static str) {
        let about_entry = |id, entry: String, hint| (Message::new(id).with("entry", entry), hint);
        let about_file = |id| Message::new(id).with("file", file);
        match self {
            Self::Form(kind) => (about_file("problem-archive-form").with("form", kind), "hint-archive-zip"),
            Self::Damaged(None) => (about_file("problem-archive-damaged"), "hint-archive-again"),
            Self::Damaged(Some(entry)) => about_entry("problem-archive-entry-damaged", entry, "hint-archive-again"),
            Self::Empty => (about_file("problem-archive-empty"), "hint-empty"),
            Self::Encrypted(entry) => about_entry("problem-archive-encrypted", entry, "hint-archive-encrypted"),
            Self::Method(entry) => about_entry("problem-archive-method", entry, "hint-archive-zip"),
            Self::Outside(entry) => about_entry("problem-archive-outside", entry, "hint-archive-folder"),
            Self::Name(entry) => about_entry("problem-archive-name", entry, "hint-archive-name"),
            Self::Duplicate(entry) => about_entry("problem-archive-duplicate", entry, "hint-archive-folder"),
            Self::NotAFolder(entry) => about_entry("problem-archive-not-a-folder", entry, "hint-archive-folder"),
            Self::Special(entry) => about_entry("problem-archive-special", entry, "hint-archive-folder"),
            Self::Link(entry) => about_entry("problem-archive-link", entry, "hint-archive-link"),
            Self::Inside(entry) => about_entry("problem-archive-inside", entry, "hint-archive-inside"),
            Self::TooMany(limit) => (about_file("problem-archive-many").with("limit", limit), "hint-archive-less"),
            Self::TooLarge(limit) => {
                (about_file("problem-archive-large").with("limit", mib(limit)), "hint-archive-less")
            }
            Self::FileTooLarge(entry, limit) => {
                let message = Message::new("problem-archive-file-large").with("entry", entry);
                (message.with("limit", mib(limit)), "hint-archive-less")
            }
            Self::Bomb(ratio) => {
                (about_file("problem-archive-bomb").with("ratio", ratio.to_string()), "hint-archive-less")
            }
        }
    }
}

fn mib(bytes: u64) -> String {
    format!("{} MiB", bytes / (1024 * 1024))
}

/// Why unpacking ended.
#[derive(Debug)]
pub(super) enum Fault {
    /// The archive is to blame.
    Refused(Refusal),
    /// The machine is: the scratch folder cannot be written, or the archive cannot be read from the disk.
    Machine(io::Error),
}

impl Fault {
    /// A fault while an archive's bytes were read and decoded, in this entry.
    ///
    /// What the system itself reports has a number; the rest is what a decoder thinks of the bytes.
    pub(super) fn from_reading(error: io::Error, entry: Option<String>) -> Self {
        match error.raw_os_error() {
            Some(_) => Self::Machine(error),
            None => Self::Refused(Refusal::Damaged(entry)),
        }
    }

    /// The problem to report, for an archive that is called `file`.
    pub(super) fn problem(self, file: &str) -> Problem {
        match self {
            Self::Refused(refusal) => refusal.problem(file),
            Self::Machine(error) => internal(&error),
        }
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Machine(error)
    }
}
