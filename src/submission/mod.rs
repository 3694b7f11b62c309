//! What was handed in: what kind of program a path is, and the commands that start it.
//!
//! Nothing of a submission is executed here. [`find`] reads names and source text and says what is
//! there; [`launch`] turns that into commands, which the server layer runs where they can do no harm.
//! The only programs that this module starts are the machine's own: Python behind a version manager's shim, to learn
//! which interpreter it stands for, and runtimes that are asked for their version, each within bounds (`ask.rs`).

mod archive;
mod ask;
mod compiled;
mod copy;
mod digest;
mod facts;
mod find;
mod imports;
mod interpreted;
mod interpreter;
mod java;
mod launch;
mod make;
mod moved;
mod node;
mod program;
mod python;
mod runtimes;
mod scan;
mod scripts;
mod search_path;
mod serves;
mod sources;
mod text;
mod walk;
mod warm;

use std::path::{Path, PathBuf};

use crate::message::Message;
use crate::outcome::Problem;

pub(crate) use archive::{is_archive, unpack_export};
pub use copy::copy_all;
pub use digest::digest;
pub(crate) use digest::digest_of_text;
pub use find::find;
pub use launch::{launch, reference, reference_with_fault, setup};
pub use moved::{moved, moved_program};
pub use program::{Launch, Program};
pub use runtimes::{Found, Runtime, runtimes};
pub use serves::serves;
pub use sources::sources;
pub(crate) use text::{decode, exact, read_source as text_of, readable, whole_text};
pub(crate) use walk::{Entry, Form as EntryForm, folders, list, walk};
pub use warm::{Framework, framework, may_reload};

/// What one student handed in: a folder or a file, and what kind of program it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// The path as the user gave it; lossy, and not yet fit for a terminal.
    pub shown: String,
    /// The folder that the program runs in, absolute and without symbolic links.
    ///
    /// It is the folder that was given or that an archive was unpacked into, or the only folder inside it, or the
    /// parent of the file that was given.
    pub root: PathBuf,
    /// The folder that holds all of the submission: `root`, or the folder above it that was given.
    pub top: PathBuf,
    /// The file (or, for a Python package, the folder) that the program starts with, relative to `root`.
    ///
    /// None where the folder as a whole is the program.
    pub entry: Option<PathBuf>,
    /// Whether a file was named or a folder.
    pub given: Given,
    /// What kind of program it is.
    pub kind: Kind,
    /// SHA-256 over names and contents, such as `sha256:9f86…`; see [`digest`].
    pub digest: String,
}

/// What the user pointed at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// One file; whatever lies beside it is not part of the submission.
    File,
    /// A folder and all that is in it, or an archive of one.
    Folder,
}

/// The kind of program that a submission is: its framework where that is known, else its language or form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Python with Flask.
    Flask,
    /// Python with FastAPI.
    FastApi,
    /// Python with Starlette alone.
    Starlette,
    /// Python with Django.
    Django,
    /// Python with Bottle.
    Bottle,
    /// Python with Tornado.
    Tornado,
    /// Python with aiohttp.
    Aiohttp,
    /// Python with none of these frameworks.
    Python,
    /// Node.js with Express.
    Express,
    /// Node.js without Express.
    Node,
    /// Rust, by Cargo or one file alone.
    Rust,
    /// Go.
    Go,
    /// Java, without a build tool, or a `.jar`.
    Java,
    /// PHP.
    Php,
    /// Ruby.
    Ruby,
    /// Perl.
    Perl,
    /// C or C++ without a makefile.
    C,
    /// A makefile.
    Make,
    /// A `Procfile`.
    Procfile,
    /// A shell script.
    Script,
    /// A program that the system can start itself: machine code, or a text with a `#!` line.
    Executable,
    /// Whatever `--command` says.
    Command,
    /// The checker's own reference server.
    Reference,
}

impl Kind {
    /// The kind's name in the report.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Flask => "flask",
            Self::FastApi => "fastapi",
            Self::Starlette => "starlette",
            Self::Django => "django",
            Self::Bottle => "bottle",
            Self::Tornado => "tornado",
            Self::Aiohttp => "aiohttp",
            Self::Python => "python",
            Self::Express => "express",
            Self::Node => "node",
            Self::Rust => "rust",
            Self::Go => "go",
            Self::Java => "java",
            Self::Php => "php",
            Self::Ruby => "ruby",
            Self::Perl => "perl",
            Self::C => "c",
            Self::Make => "make",
            Self::Procfile => "procfile",
            Self::Script => "script",
            Self::Executable => "executable",
            Self::Command => "command",
            Self::Reference => "reference",
        }
    }

    /// Whether the program is Python and the checker chooses the interpreter.
    #[must_use]
    pub const fn is_python(self) -> bool {
        use Kind::{Aiohttp, Bottle, Django, FastApi, Flask, Python, Starlette, Tornado};
        matches!(self, Flask | FastApi | Starlette | Django | Bottle | Tornado | Aiohttp | Python)
    }
}

/// What the user said about how to start a submission.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// `--command`: starts the submission instead of what would be detected.
    pub command: Option<&'a str>,
    /// `--python`: the interpreter for Python submissions.
    pub python: Option<&'a Path>,
    /// A private folder that exists, for what a build makes and what an archive holds. Nobody else writes there.
    pub scratch: &'a Path,
}

/// Why there is no submission to grade.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FindError {
    /// The user's fault: a path that is not there or cannot be read, a command that is no command. Exit code 2.
    Usage(Message),
    /// The student's fault: nothing is there, or nothing that can be started. It is graded, with no points.
    Problem(Problem),
}

#[cfg(test)]
mod fixtures_test;
