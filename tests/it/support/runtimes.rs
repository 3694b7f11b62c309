//! The languages that fixtures are written in, installed once under `target/`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use super::root;

/// An interpreter that has the packages of `tests/requirements.txt`.
pub(crate) fn python() -> &'static Path {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    PYTHON.get_or_init(|| {
        let wanted = fs::read_to_string(root().join("tests/requirements.txt")).unwrap();
        let folder = installed("test-python", &wanted, |folder| {
            run(Command::new("python3").args(["-m", "venv"]).arg(folder), "install python3 with its venv module");
            run(
                Command::new(folder.join("bin/python"))
                    .args(["-m", "pip", "install", "--quiet", "--compile", "--disable-pip-version-check", "-r"])
                    .arg(root().join("tests/requirements.txt")),
                "the packages of tests/requirements.txt must be installable with pip",
            );
        });
        folder.join("bin/python")
    })
}

/// The programs of `tests/schemas.txt`, which know the schemas of job files.
pub(crate) fn schemas() -> &'static Path {
    static SCHEMAS: OnceLock<PathBuf> = OnceLock::new();
    SCHEMAS.get_or_init(|| {
        let wanted = fs::read_to_string(root().join("tests/schemas.txt")).unwrap();
        let folder = installed("test-schemas", &wanted, |folder| {
            run(Command::new("python3").args(["-m", "venv"]).arg(folder), "install python3 with its venv module");
            run(
                Command::new(folder.join("bin/python"))
                    .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"])
                    .arg(root().join("tests/schemas.txt")),
                "the packages of tests/schemas.txt must be installable with pip",
            );
        });
        folder.join("bin")
    })
}

/// A `node_modules` folder that has the packages of `tests/node/package.json`.
pub(crate) fn node_modules() -> &'static Path {
    static NODE: OnceLock<PathBuf> = OnceLock::new();
    NODE.get_or_init(|| {
        let source = root().join("tests/node");
        let wanted = fs::read_to_string(source.join("package-lock.json")).unwrap();
        let folder = installed("test-node", &wanted, |folder| {
            fs::create_dir_all(folder).unwrap();
            for name in ["package.json", "package-lock.json", ".npmrc"] {
                fs::copy(source.join(name), folder.join(name)).unwrap();
            }
            run(
                Command::new("npm").args(["ci", "--silent", "--no-audit", "--no-fund"]).current_dir(folder),
                "install nodejs with npm",
            );
        });
        folder.join("node_modules")
    })
}

/// A folder under `target/` that is made once for each text that describes it; several test programs may ask at once.
fn installed(name: &str, wanted: &str, install: impl FnOnce(&Path)) -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).to_owned();
    fs::create_dir_all(&target).unwrap();
    let lock = fs::File::create(target.join(format!("{name}.lock"))).unwrap();
    lock.lock().unwrap();
    let folder = target.join(name);
    let mark = folder.join(".installed");
    if fs::read_to_string(&mark).is_ok_and(|found| found == wanted) {
        return folder;
    }
    let _ = fs::remove_dir_all(&folder);
    install(&folder);
    fs::write(mark, wanted).unwrap();
    folder
}

fn run(command: &mut Command, advice: &str) {
    let output = command.output();
    let output = output.unwrap_or_else(|error| panic!("{command:?} does not start: {error}; {advice}"));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?} failed; {advice}\n{stderr}");
}

/// The file of a command; fails with what to install if it is not on this machine.
pub(crate) fn need(program: &str, package: &str) -> PathBuf {
    std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())
        .chain([PathBuf::from("/usr/sbin")])
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
        .unwrap_or_else(|| panic!("`{program}` is not installed, and some tests need it: apt-get install {package}"))
}
