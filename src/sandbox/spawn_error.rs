//! Why a program could not be started.

use std::error::Error;
use std::ffi::OsString;
use std::path::PathBuf;
use std::{fmt, io};

use nix::errno::Errno;

use super::Spawn;
use super::isolation::Refusal;
use super::protocol::Stage;

/// Why a program was not started. None of it is a panic's or a crash's doing: nothing ran.
#[derive(Debug)]
pub enum SpawnError {
    /// There is no such program, or it cannot be executed: not found, no permission, a script whose interpreter is
    /// missing, a file for another kind of machine. Whoever named the program can mend it.
    Program {
        /// The program as it was named.
        program: OsString,
        /// What the system says.
        error: io::Error,
    },
    /// The working directory cannot be entered.
    Directory {
        /// The directory.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// This machine refuses to confine it as was asked.
    Refused(Refusal),
    /// It was to be a copy of a loaded program, and could not be.
    NotCopied(Refusal),
    /// This machine cannot do it now: out of processes, memory or descriptors, or a fault of the checker's.
    Machine {
        /// What could not be done, as in "cannot …".
        what: &'static str,
        /// What the system says.
        error: io::Error,
    },
}

impl SpawnError {
    pub(super) fn machine(what: &'static str, error: io::Error) -> SpawnError {
        SpawnError::Machine { what, error }
    }

    pub(super) fn new(stage: Stage, errno: i32, spawn: &Spawn) -> SpawnError {
        let error = io::Error::from_raw_os_error(errno);
        match stage {
            Stage::Supervisor => SpawnError::machine("start a supervisor", error),
            Stage::Directory => SpawnError::Directory { path: spawn.cwd.clone(), error },
            Stage::Program if out_of_means(errno) => SpawnError::machine("start a process", error),
            Stage::Program => SpawnError::Program { program: spawn.argv.first().cloned().unwrap_or_default(), error },
        }
    }
}

/// The errors of fork(2) and execve(2) that say something about the machine and nothing about the program.
fn out_of_means(errno: i32) -> bool {
    use Errno::{EAGAIN, EIO, EMFILE, ENFILE, ENOMEM, ETXTBSY};
    [EAGAIN, EIO, EMFILE, ENFILE, ENOMEM, ETXTBSY].contains(&Errno::from_raw(errno))
}

impl fmt::Display for SpawnError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SpawnError::Program { program, error } => {
                write!(f, "cannot start `{}`: {error}", program.to_string_lossy())
            }
            SpawnError::Directory { path, error } => write!(f, "cannot enter `{}`: {error}", path.display()),
            SpawnError::Refused(refusal) => write!(f, "cannot isolate the program: {refusal}"),
            SpawnError::NotCopied(refusal) => write!(f, "cannot copy the loaded program: {refusal}"),
            SpawnError::Machine { what, error } => write!(f, "cannot {what}: {error}"),
        }
    }
}

impl Error for SpawnError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            SpawnError::Refused(refusal) | SpawnError::NotCopied(refusal) => Some(refusal),
            SpawnError::Program { error, .. }
            | SpawnError::Directory { error, .. }
            | SpawnError::Machine { error, .. } => Some(error),
        }
    }
}
