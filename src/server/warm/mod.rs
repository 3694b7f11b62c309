//! The warm start of a Python program: its framework is imported before it, for as many processes as there will be.
//!
//! In a single run these are the two of a Flask program in debug mode. It is started as always, by the same command in
//! the same confinement. One variable makes Python import `sitecustomize.py` before it, which imports Flask, keeps a copy
//! of the process for Werkzeug's reloader, and leaves no trace. In a cohort these are all programs of one framework. What could make a difference is refused there, before the program has begun: by an exit code and a line.

mod fork_servers;

pub use fork_servers::ForkServers;

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::Path;

use crate::event::{ColdBecause, Exit};

const PROGRAM: &str = include_str!("sitecustomize.py");

/// The folder below a run's scratch folder where Python finds it.
const FOLDER: &str = "warm";

/// How a refusal ends: the same as in `sitecustomize.py`.
const REFUSED: &str = "checker-warm-refused";
const REFUSED_EXIT: Exit = Exit::Code(75);

/// How much of a name or a detail is kept.
const LENGTH: usize = 100;

/// Puts what a warm start needs into a run's scratch folder.
///
/// # Errors
/// If it cannot be written.
pub fn prepare(scratch: &Path) -> io::Result<()> {
    let folder = scratch.join(FOLDER);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("sitecustomize.py"), PROGRAM)
}

/// Takes it away again, for a cold start in the same folder.
///
/// # Errors
/// If it cannot be removed.
pub fn remove(scratch: &Path) -> io::Result<()> {
    match fs::remove_dir_all(scratch.join(FOLDER)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// The variable that makes Python begin with it. It is taken out of the environment before the program begins.
#[must_use]
pub fn variable(scratch: &Path) -> (OsString, OsString) {
    ("PYTHONPATH".into(), scratch.join(FOLDER).into())
}

/// The variable of a copy that its framework may start once more: taken out of the environment before the program begins.
#[must_use]
pub fn reloads() -> (OsString, OsString) {
    ("CHECKER_RELOADS".into(), "1".into())
}

/// Why a program was not started warm, by how it ended and what it wrote; none if that was the program's own doing.
///
/// A program could say the same. Then it is started cold, which is all that it has won.
#[must_use]
pub fn refusal(exit: Option<Exit>, stderr: &str) -> Option<ColdBecause> {
    let said = stderr.strip_prefix(REFUSED).filter(|_| exit == Some(REFUSED_EXIT))?;
    let mut words = said.trim().splitn(2, ' ').map(|word| word.trim_matches(['\'', '"']));
    let code = words.next()?;
    let about: String = words.next().unwrap_or_default().chars().take(LENGTH).collect();
    Some(match code {
        "python" => ColdBecause::Python(about),
        "flask" => ColdBecause::NoFlask(about),
        "syntax" => ColdBecause::Syntax,
        "imports" => ColdBecause::Imports(about),
        "shadows" => ColdBecause::Shadows(about),
        _ => ColdBecause::Fault(about),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(exit: Exit, stderr: &str, expect: Option<ColdBecause>) {
        assert_eq!(refusal(Some(exit), stderr), expect);
    }

    #[test]
    fn a_refusal_is_told_by_its_exit_code_and_its_line() {
        let line = "checker-warm-refused 'shadows' 'random.py'\n";
        check(REFUSED_EXIT, line, Some(ColdBecause::Shadows("random.py".to_owned())));
        check(REFUSED_EXIT, "checker-warm-refused 'syntax'\n", Some(ColdBecause::Syntax));
        check(Exit::Code(1), line, None);
        check(REFUSED_EXIT, "Traceback (most recent call last):\n", None);
    }

    #[test]
    fn what_a_refusal_names_is_short() {
        let line = format!("{REFUSED} 'imports' '{}'\n", "x".repeat(1000));
        check(REFUSED_EXIT, &line, Some(ColdBecause::Imports("x".repeat(LENGTH))));
    }
}
