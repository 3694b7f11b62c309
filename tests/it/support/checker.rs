//! The real binary, run as a user runs it.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use super::{network, runtimes};

/// The binary under test.
pub(crate) const CHECKER: &str = env!("CARGO_BIN_EXE_checker");

/// What a command printed and how it ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    /// Exit code, standard output and standard error in one text, for snapshots.
    pub(crate) fn page(&self) -> String {
        let code = self.code.map_or("by a signal".to_owned(), |code| code.to_string());
        let stderr = if self.stderr.is_empty() { String::new() } else { format!("\n--- stderr\n{}", self.stderr) };
        format!("exit {code}\n--- stdout\n{}{stderr}", self.stdout)
    }

    /// Standard output as a JSON report.
    pub(crate) fn report(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("no report: {error}\n{}", self.page()))
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// The checker with these arguments, in English, without colours, in a network of its own.
pub(crate) fn command<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Command {
    let mut command = Command::new(CHECKER);
    command.args(arguments).current_dir(super::root()).env("LC_ALL", "C.UTF-8").env_remove("NO_COLOR");
    network::own(&mut command);
    command
}

/// Runs the checker with these arguments.
pub(crate) fn checker<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Ran {
    run(&mut command(arguments))
}

/// Runs a command that [`command`] made.
pub(crate) fn run(command: &mut Command) -> Ran {
    command.output().unwrap_or_else(|error| panic!("{}", network::explain(&error))).into()
}

/// Grades a submission with the test's own Python and Node packages.
pub(crate) fn grade(submission: &Path, arguments: &[&str]) -> Ran {
    let python = runtimes::python();
    let mut all: Vec<&OsStr> = vec!["run".as_ref(), submission.as_ref(), "--python".as_ref(), python.as_ref()];
    all.extend(arguments.iter().map(OsStr::new));
    run(command(all).env("NODE_PATH", runtimes::node_modules()).env("PATH", path_with(python)))
}

/// The search path with the test's Python first, for submissions that start `python3` or `python` themselves.
fn path_with(python: &Path) -> std::ffi::OsString {
    let own = python.parent().map(Path::to_owned);
    let inherited = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths(own.into_iter().chain(std::env::split_paths(&inherited))).unwrap()
}

/// Each check's verdict, by its id: `set-cookie passed`, ….
pub(crate) fn verdicts(report: &Value) -> Vec<String> {
    let checks = report["checks"].as_array().unwrap();
    let text = |check: &Value, key: &str| check[key].as_str().unwrap().to_owned();
    checks.iter().map(|check| format!("{} {}", text(check, "id"), text(check, "verdict"))).collect()
}

/// The ids of the checks with this verdict.
pub(crate) fn with_verdict(report: &Value, verdict: &str) -> Vec<String> {
    let checks = report["checks"].as_array().unwrap().iter();
    checks.filter(|check| check["verdict"] == verdict).map(|check| check["id"].as_str().unwrap().to_owned()).collect()
}
