//! Commands: what is run, and how a person would type it.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use super::text::readable;

/// How a submission is started: what to build first, and what to run then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Launch {
    /// The build steps in order; none for most kinds.
    pub build: Vec<Program>,
    /// The server.
    pub run: Program,
}

/// One command with its folder and environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// The program and its arguments as the system gets them. The program is an absolute path,
    /// or relative to `cwd`.
    pub argv: Vec<OsString>,
    /// The same as a person in that folder would type it, word by word: `python3`, `app.py`.
    /// It names nothing of this machine.
    pub shown: Vec<String>,
    /// The folder that it runs in, absolute.
    pub cwd: PathBuf,
    /// What this kind of program needs in its environment, beside what every program gets. Names are unique.
    pub env: Vec<(OsString, OsString)>,
}

impl Program {
    /// A command of one word, the program, shown as `shown`.
    pub(crate) fn new(cwd: &Path, program: impl Into<OsString>, shown: &str) -> Self {
        Self { argv: vec![program.into()], shown: vec![shown.to_owned()], cwd: cwd.to_owned(), env: Vec::new() }
    }

    /// The same with an argument more, shown as it is.
    pub(crate) fn arg(self, arg: impl AsRef<OsStr>) -> Self {
        let shown = readable(arg.as_ref());
        self.arg_shown(arg, &shown)
    }

    /// The same with several arguments more, shown as they are.
    pub(crate) fn args<I: IntoIterator<Item: AsRef<OsStr>>>(self, args: I) -> Self {
        args.into_iter().fold(self, Self::arg)
    }

    /// The same with an argument more that people see in another form.
    pub(crate) fn arg_shown(mut self, arg: impl AsRef<OsStr>, shown: &str) -> Self {
        self.argv.push(arg.as_ref().to_owned());
        self.shown.push(shown.to_owned());
        self
    }

    /// The same with an argument more that is a file of the submission, never mistaken for an option.
    pub(crate) fn file(self, file: &Path) -> Self {
        self.arg(not_an_option(file))
    }

    /// The same with a variable more.
    pub(crate) fn env(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.env.push((name.into(), value.into()));
        self
    }

    /// A launch of this program, with nothing to build before.
    pub(crate) fn alone(self) -> Launch {
        Launch { build: Vec::new(), run: self }
    }
}

/// A relative path in a form that no program takes for an option: `-app.py` becomes `./-app.py`.
pub(crate) fn not_an_option(path: &Path) -> PathBuf {
    let dash = path.as_os_str().as_encoded_bytes().starts_with(b"-");
    if dash { Path::new(".").join(path) } else { path.to_owned() }
}
