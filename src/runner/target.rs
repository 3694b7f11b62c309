//! What a path is, ready to be run.

use std::path::Path;

use super::Target;
use crate::message::Message;
use crate::submission::{self, FindError, Options, Program};

/// A target, and the setup command that its run begins with.
#[derive(Debug)]
pub struct Found {
    /// What is graded.
    pub target: Target,
    /// For [`super::Config::setup`].
    pub setup: Option<Program>,
}

impl Target {
    /// The submission at a path. One that cannot be launched, because of what it is or of what this machine lacks, is
    /// a target too: its run says why.
    ///
    /// # Errors
    /// What is wrong with the path or a command, if it is the user's fault.
    pub fn find(path: &Path, options: &Options, setup: Option<&str>) -> Result<Found, Message> {
        let submission = match submission::find(path, options) {
            Ok(submission) => Box::new(submission),
            Err(FindError::Usage(message)) => return Err(message),
            Err(FindError::Problem(problem)) => {
                let path = path.display().to_string();
                return Ok(Found { target: Self::Unlaunched { path, submission: None, problem }, setup: None });
            }
        };
        let path = submission.shown.clone();
        let setup = setup.map(|command| submission::setup(&submission, command)).transpose();
        let launch = submission::launch(&submission, options);
        Ok(match setup.and_then(|setup| Ok((setup, launch?))) {
            Err(problem) => {
                Found { target: Self::Unlaunched { path, submission: Some(submission), problem }, setup: None }
            }
            Ok((setup, launch)) => Found { target: Self::Submission { submission, launch: Box::new(launch) }, setup },
        })
    }

    /// The same target under another name in its report, for one that does not lie where its owner put it.
    #[must_use]
    pub fn shown_as(mut self, name: &str) -> Self {
        match &mut self {
            Self::Submission { submission, .. } => name.clone_into(&mut submission.shown),
            Self::Unlaunched { path, .. } => name.clone_into(path),
            Self::Running { url } => name.clone_into(url),
        }
        self
    }
}
