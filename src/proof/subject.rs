//! An answer that is shipped with an exercise.

use std::path::{Path, PathBuf};

use crate::cohort::grading::{self, Settings};
use crate::exercise::Known;
use crate::message::Message;
use crate::runner::{Found, Target};
use crate::submission;

/// A solution or a mistake.
#[derive(Clone, Debug)]
pub struct Subject {
    /// What it is called: `solutions/flask`, `mistakes/global.py`, or a variant of the reference server.
    pub name: String,
    /// What it should do.
    pub role: Role,
    /// Where it comes from.
    pub origin: Origin,
}

/// What a subject should do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// Pass everything.
    Solution,
    /// Fail this and nothing else.
    Mistake(Known),
}

/// Where a subject comes from.
#[derive(Clone, Debug)]
pub enum Origin {
    /// A folder or a file.
    Path(PathBuf),
    /// The reference server, with a fault or without.
    Reference(Option<String>),
}

impl Subject {
    /// What is run. What is wrong with it is the exercise's or the machine's fault, so it costs no mistake its points.
    pub(super) fn target(&self, settings: &Settings, scratch: &Path) -> Found {
        let fault = match &self.origin {
            Origin::Path(path) => return grading::find(path, settings, scratch),
            Origin::Reference(fault) => fault,
        };
        let target = match std::env::current_exe() {
            Ok(exe) => {
                let (submission, launch) = match fault {
                    Some(fault) => submission::reference_with_fault(exe, fault),
                    None => submission::reference(exe),
                };
                Target::Submission { submission: Box::new(submission), launch: Box::new(launch) }
            }
            Err(error) => {
                let message = Message::new("problem-internal").with("detail", error.to_string());
                Target::Unlaunched { path: String::new(), submission: None, problem: grading::environment(message) }
            }
        };
        Found { target, setup: None }
    }
}
