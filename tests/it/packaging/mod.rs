//! The packs for platforms, run in the folders that each platform gives them.

mod ci;
mod graders;
mod lint;

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::checker::{CHECKER, Ran, run};
use crate::support::{fixture, network, root, runtimes};

/// A file of the packs.
fn pack(path: &str) -> PathBuf {
    root().join("packaging").join(path)
}

/// A machine of a platform, as far as a folder is one: `bin/` is first on its search path and has the checker.
struct Machine {
    folder: tempfile::TempDir,
}

impl Machine {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("bin")).unwrap();
        std::os::unix::fs::symlink(CHECKER, folder.path().join("bin/checker")).unwrap();
        Self { folder }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// A folder of the machine, made if it is not there.
    fn folder(&self, path: &str) -> PathBuf {
        let folder = self.path(path);
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    /// A fixture's submission in a folder of the machine.
    fn hand_in(&self, submission: &str, path: &str) {
        let to = self.folder(path);
        for entry in std::fs::read_dir(fixture(&format!("submissions/{submission}"))).unwrap() {
            let entry = entry.unwrap();
            std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }

    /// A program that stands for one of the platform's.
    fn program(&self, name: &str, script: &str) {
        use std::os::unix::fs::PermissionsExt as _;
        let path = self.path("bin").join(name);
        std::fs::write(&path, script).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// A command on this machine, in a network of its own; it has the test's Python and the machine's other programs.
    fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let inherited = std::env::var_os("PATH").unwrap_or_default();
        let own = [self.path("bin"), runtimes::python().parent().unwrap().to_owned()];
        let path = std::env::join_paths(own.into_iter().chain(std::env::split_paths(&inherited))).unwrap();
        self.command_with_path(program, &path)
    }

    /// A command on this machine that finds nothing but the checker and these programs: no language is installed.
    fn bare_command(&self, program: impl AsRef<std::ffi::OsStr>, programs: &[&str]) -> Command {
        let bare = self.folder("bare");
        std::os::unix::fs::symlink(CHECKER, bare.join("checker")).unwrap();
        for name in programs {
            std::os::unix::fs::symlink(Path::new("/bin").join(name), bare.join(name)).unwrap();
        }
        self.command_with_path(program, bare.as_os_str())
    }

    fn command_with_path(&self, program: impl AsRef<std::ffi::OsStr>, path: &std::ffi::OsStr) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.folder.path()).env("LC_ALL", "C.UTF-8").env("PATH", path).env_remove("GITHUB_OUTPUT");
        network::own(&mut command);
        command
    }
}

/// Runs a command of a machine and asserts how it ends.
fn ends(command: &mut Command, code: i32) -> Ran {
    let ran = run(command);
    assert_eq!(ran.code, Some(code), "{command:?}\n{}", ran.page());
    ran
}

/// A JSON file.
fn json(path: &Path) -> serde_json::Value {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}\n{text}", path.display()))
}
