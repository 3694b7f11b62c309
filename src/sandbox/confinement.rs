//! What a program may see, reach and use: decided outside, done by the supervisor that starts it.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// How a program is confined.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confinement {
    /// By what means.
    pub level: Level,
    /// What of the file system is visible beside the system's own programs and libraries, and how.
    pub places: Vec<Place>,
    /// Which network.
    pub network: Network,
    /// How much it may use.
    pub limits: Limits,
    /// The user that it runs as, where the checker may choose: never a user who owns anything.
    pub user: Option<u32>,
}

/// By what means a program is confined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Level {
    /// Namespaces of its own for everything that has one, a file system of its own, and all that `Partial` has.
    Full,
    /// What a machine offers that refuses namespaces: Landlock, seccomp, limits, and a user of its own for root.
    Partial,
}

/// The network that a program is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Network {
    /// Loopback of its own and nothing else.
    Own,
    /// The machine's. For commands of the user's own that fetch packages.
    Machine,
}

/// A file or folder that is visible.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Where it is, absolute; inside as outside.
    #[serde(with = "as_os_string")]
    pub path: PathBuf,
    /// What is seen there.
    pub form: Form,
}

/// What is seen at a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// What is there, not to be changed. What is not there is left out; a link stays a link.
    Fixed,
    /// What is there, and changes are real.
    Shared,
    /// A folder and what earlier commands of this run changed in it; changes are kept in memory and gone with the
    /// program.
    Throwaway {
        /// The folder that holds the changes of earlier commands, if there may be any.
        layer: Option<Layer>,
    },
    /// A folder; changes are kept in this layer for later commands of this run, and the original stays as it is.
    Layered {
        /// The folder that takes the changes.
        layer: Layer,
    },
    /// An empty folder in memory.
    Empty,
    /// A folder that is empty but for what earlier commands of this run put there.
    Begun {
        /// The folder that holds it, if there is any.
        layer: Layer,
        /// Whether what is put there now stays in the layer for later commands; else it is gone with the program.
        keeps: bool,
    },
    /// A copy of one file, which may be changed. Its folder is visible as something else.
    Copied,
}

/// A folder of the checker's that keeps changes to another one. It is made when it is needed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layer(#[serde(with = "as_os_string")] pub PathBuf);

impl Layer {
    /// Where the changes are.
    pub(super) fn changes(&self) -> PathBuf {
        self.0.join("changes")
    }

    /// What the kernel needs beside them.
    pub(super) fn work(&self) -> PathBuf {
        self.0.join("work")
    }
}

/// How much a program and its descendants may use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Memory of all processes together, in bytes, without what files share; they are ended when they exceed it.
    pub memory: u64,
    /// Private memory of one process, in bytes (`RLIMIT_DATA`).
    pub data: u64,
    /// The longest file, in bytes.
    pub file: u64,
    /// What may be written to each folder in memory, in bytes.
    pub disk: u64,
    /// How many files each folder in memory may hold.
    pub files: u64,
    /// Processes and threads.
    pub processes: u64,
    /// Open files of one process.
    pub descriptors: u64,
    /// Processor time of one process, in seconds.
    pub cpu: u64,
}

const MIB: u64 = 1 << 20;

impl Limits {
    /// What a server of a course exercise may use in a run of so many seconds: ten times what the greediest correct
    /// ones were seen to use.
    #[must_use]
    pub const fn of_a_server(seconds: u64) -> Limits {
        Limits {
            memory: 512 * MIB,
            // A backstop for what is faster than the watch over `memory`; Java's heap is reserved by it at once.
            data: 4096 * MIB,
            file: 64 * MIB,
            disk: 64 * MIB,
            files: 16_384,
            processes: 256,
            descriptors: 1024,
            cpu: seconds,
        }
    }

    /// What a compiler may use in so many seconds.
    #[must_use]
    pub const fn of_a_build(seconds: u64) -> Limits {
        Limits {
            memory: 4096 * MIB,
            data: 16_384 * MIB,
            file: 1024 * MIB,
            disk: 512 * MIB,
            files: 65_536,
            processes: 1024,
            descriptors: 4096,
            cpu: seconds,
        }
    }
}

impl Place {
    /// A place in this form.
    #[must_use]
    pub fn new(path: impl AsRef<Path>, form: Form) -> Place {
        Place { path: path.as_ref().to_owned(), form }
    }
}

/// Paths need not be UTF-8, so they are written as the system's strings are.
mod as_os_string {
    use std::ffi::OsString;
    use std::path::{Path, PathBuf};

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
        path.as_os_str().serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PathBuf, D::Error> {
        OsString::deserialize(deserializer).map(PathBuf::from)
    }
}
