//! The programs that this machine has, and what to say when one is missing.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::message::Message;
use crate::outcome::{Blame, Problem, ProblemCode};

/// The folders in which programs are looked for, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct SearchPath {
    folders: Vec<PathBuf>,
}

impl SearchPath {
    /// The folders that `PATH` names. Relative ones are left out: a submission must not bring programs by them.
    pub(crate) fn of_this_process() -> Self {
        Self::new(env::split_paths(&env::var_os("PATH").unwrap_or_default()))
    }

    /// These folders, without relative ones.
    pub(crate) fn new(folders: impl IntoIterator<Item = PathBuf>) -> Self {
        Self { folders: folders.into_iter().filter(|folder| folder.is_absolute()).collect() }
    }

    /// Where the program with this name is, if it is there and may be executed.
    pub(crate) fn find(&self, name: &str) -> Option<PathBuf> {
        self.folders.iter().map(|folder| folder.join(name)).find(|path| is_executable(path))
    }

    /// Where the first of these programs that is there is, with its name.
    pub(crate) fn find_any(&self, names: &[&'static str]) -> Option<(PathBuf, &'static str)> {
        names.iter().find_map(|name| Some((self.find(name)?, *name)))
    }

    /// Where this program is, or the problem to report.
    pub(crate) fn need(&self, name: &'static str) -> Result<PathBuf, Problem> {
        self.find(name).ok_or_else(|| missing(name))
    }

    /// A value for `PATH` with these folders in front.
    pub(crate) fn with_first(&self, first: &[PathBuf]) -> OsString {
        let all = first.iter().chain(self.folders.iter().filter(|folder| !first.contains(folder)));
        // A folder with a colon in its name cannot stand in PATH at all; it is left out.
        let plain: Vec<&PathBuf> =
            all.filter(|folder| !folder.as_os_str().as_encoded_bytes().contains(&b':')).collect();
        env::join_paths(plain).unwrap_or_default()
    }
}

/// Whether the path is a file that somebody may execute.
pub(crate) fn is_executable(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|about| about.is_file() && about.permissions().mode() & 0o111 != 0)
}

/// The problem that a program is not installed here. It is never the student's fault.
pub(crate) fn missing(program: &str) -> Problem {
    Problem {
        code: ProblemCode::RuntimeMissing,
        blame: Blame::Environment,
        message: Message::new("problem-runtime-missing").with("program", program),
        hint: Some(match install_command(program) {
            Some(command) => Message::new("hint-install-runtime").with("program", program).with("command", command),
            None => Message::new("hint-install-program").with("program", program),
        }),
    }
}

/// The problem that something of this machine failed while a launch was made ready.
pub(crate) fn internal(error: &std::io::Error) -> Problem {
    Problem {
        code: ProblemCode::Internal,
        blame: Blame::Environment,
        message: Message::new("problem-launch-not-prepared").with("error", error.to_string()),
        hint: None,
    }
}

/// The command that installs a program: Homebrew's on macOS, Debian's elsewhere.
pub(crate) fn install_command(program: &str) -> Option<String> {
    let (debian, homebrew) = match program {
        "python3" => ("python3", "python"),
        "node" => ("nodejs", "node"),
        "npm" => ("npm", "node"),
        "cargo" | "rustc" => ("cargo", "rust"),
        "go" => ("golang-go", "go"),
        "java" | "javac" => ("default-jdk-headless", "openjdk"),
        "php" => ("php-cli", "php"),
        "ruby" => ("ruby", "ruby"),
        "rackup" => ("ruby-rackup puma", "ruby"),
        "perl" => ("perl", "perl"),
        "plackup" => ("libplack-perl", "cpanminus"),
        "make" => ("make", "make"),
        "cc" => ("gcc", "gcc"),
        "c++" => ("g++", "gcc"),
        "bash" => ("bash", "bash"),
        _ => return None,
    };
    Some(if cfg!(target_os = "macos") { format!("brew install {homebrew}") } else { format!("apt install {debian}") })
}

/// The last part of a path or name of a program: `/bin/bash` is `bash`.
pub(crate) fn base_name(program: &str) -> &str {
    Path::new(program).file_name().and_then(OsStr::to_str).unwrap_or(program)
}

#[cfg(test)]
pub(crate) mod fake {
    use super::*;

    /// A machine that has programs of these names, none of which can really run, in a folder of its own.
    pub(crate) fn machine(names: &[&str]) -> (tempfile::TempDir, SearchPath) {
        let folder = tempfile::tempdir().unwrap();
        for name in names {
            let path = folder.path().join(name);
            // Machine code by its first bytes, so that nobody takes it for a version manager's script.
            fs::write(&path, b"\x7fELF").unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        let search = SearchPath::new([folder.path().to_owned()]);
        (folder, search)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_found_by_name_if_it_may_be_executed() {
        let (folder, search) = fake::machine(&["go"]);
        fs::write(folder.path().join("node"), "x").unwrap();
        assert_eq!(search.find("go"), Some(folder.path().join("go")));
        assert_eq!(search.find("node"), None);
        assert_eq!(search.find_any(&["node", "go"]), Some((folder.path().join("go"), "go")));
    }

    #[test]
    fn relative_folders_are_no_place_for_programs() {
        let search = SearchPath::new([PathBuf::from("."), PathBuf::new(), PathBuf::from("/bin")]);
        assert_eq!(search.with_first(&[]), "/bin");
        assert_eq!(search.with_first(&["/a".into(), "/b:c".into(), "/bin".into()]), "/a:/bin");
    }

    #[test]
    fn a_missing_runtime_is_the_machines_fault_and_says_how_to_install_it() {
        let problem = SearchPath::default().need("go").unwrap_err();
        assert_eq!((problem.code, problem.blame), (ProblemCode::RuntimeMissing, Blame::Environment));
        assert!(problem.hint.unwrap().to_string().contains("install"));
    }
}
