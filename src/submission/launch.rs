//! The commands that start a submission.

use std::path::{Path, PathBuf};

use crate::outcome::Problem;

use super::digest::digest_of_text;
use super::program::{Launch, Program};
use super::search_path::SearchPath;
use super::{Given, Kind, Options, Submission, compiled, interpreted, java, make, node, python, scripts};

/// The commands that build and start a submission.
///
/// Files are written to the scratch folder at most. Whether the libraries that it imports are installed is not asked:
/// the server's own log says that better.
///
/// # Errors
/// Code `runtime_missing` if a program that is needed is not on this machine, `internal` if the scratch folder cannot
/// be written. Both have blame `environment`.
pub fn launch(submission: &Submission, options: &Options) -> Result<Launch, Problem> {
    launch_with(submission, options, &SearchPath::of_this_process())
}

/// The same with the programs of these folders.
pub(crate) fn launch_with(submission: &Submission, options: &Options, search: &SearchPath) -> Result<Launch, Problem> {
    match submission.kind {
        kind if kind.is_python() => python::launch(submission, options, search),
        Kind::Express | Kind::Node => node::launch(submission, search),
        Kind::Rust => compiled::launch_rust(submission, options, search),
        Kind::Go => compiled::launch_go(submission, options, search),
        Kind::C => compiled::launch_c(submission, options, search),
        Kind::Java => java::launch(submission, options, search),
        Kind::Php => interpreted::launch_php(submission, search),
        Kind::Ruby => interpreted::launch_ruby(submission, search),
        Kind::Perl => interpreted::launch_perl(submission, search),
        Kind::Make => make::launch(submission, options, search),
        Kind::Reference => Ok(reference_program(&submission.root, submission.entry.as_deref()).alone()),
        _ => scripts::launch(submission, options, search),
    }
}

/// The reference server as a submission, started from the checker's own program `exe` like any other.
#[must_use]
pub fn reference(exe: PathBuf) -> (Submission, Launch) {
    let root = exe.parent().unwrap_or(Path::new("/")).to_owned();
    let launch = reference_program(&root, Some(&exe)).alone();
    let submission = Submission {
        shown: "reference-server".to_owned(),
        top: root.clone(),
        root,
        entry: Some(exe),
        given: Given::File,
        kind: Kind::Reference,
        // It has no files; its version says which one it is.
        digest: digest_of_text(concat!("reference-server ", env!("CARGO_PKG_VERSION"))),
    };
    (submission, launch)
}

/// The reference server with one of its faults, started the same way.
#[must_use]
pub fn reference_with_fault(exe: PathBuf, fault: &str) -> (Submission, Launch) {
    let (mut submission, launch) = reference(exe);
    submission.digest = digest_of_text(&format!("{} {fault}", submission.digest));
    (submission, launch.run.args(["--fault", fault]).alone())
}

/// A command line of the user's that makes the submission ready, that of `--setup`, in the submission's folder.
///
/// # Errors
/// Code `runtime_missing` if the program that it names is not on this machine.
pub fn setup(submission: &Submission, command: &str) -> Result<Program, Problem> {
    scripts::from_command(&submission.root, command, &SearchPath::of_this_process())
}

fn reference_program(root: &Path, exe: Option<&Path>) -> Program {
    let program = exe.unwrap_or(Path::new("checker"));
    Program::new(root, program, "checker").arg_shown("__reference-server", "reference-server")
}

#[cfg(test)]
mod tests;
