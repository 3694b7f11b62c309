//! Errors of the command line: the user's or the machine's, never the submission's.

use std::io;
use std::path::Path;

use super::Ending;
use super::output::stderr;
use crate::locale::{Catalogue, space_after};
use crate::message::Message;
use crate::runner::RunError;

/// Why a command could not do what it was asked.
#[derive(Debug)]
pub(super) enum Error {
    /// Wrong usage: what is wrong, and what to do.
    Usage(Message, Option<Message>),
    /// An exercise file that does not hold, as text that names file, line and column.
    Exercise(String),
    /// The machine refused something.
    Machine(Message),
    /// A signal ended the run.
    Interrupted(i32),
}

impl Error {
    pub(super) fn usage(message: Message) -> Self {
        Self::Usage(message, None)
    }

    /// A file that could not be written or read.
    pub(super) fn file(id: &'static str, file: &Path, error: &io::Error) -> Self {
        let file = file.display().to_string();
        Self::Machine(Message::new(id).with("file", file).with("error", error.to_string()))
    }

    /// Says it on standard error, and gives how the command ends.
    pub(super) fn tell(&self, catalogue: &Catalogue, color: anstream::ColorChoice) -> Ending {
        let label = catalogue.label("error-label");
        let red = anstyle::AnsiColor::Red.on_default().bold();
        let say = |message: &Message| {
            let space = space_after(&label);
            format!("{red}{label}{red:#}{space}{}\n", catalogue.say(message))
        };
        match self {
            Self::Usage(message, hint) => {
                let hint = hint.as_ref().map(|hint| {
                    let label = catalogue.label("label-hint");
                    format!("\n{label}{}{}\n", space_after(&label), catalogue.say(hint))
                });
                stderr(&format!("{}{}", say(message), hint.unwrap_or_default()), color);
                Ending::Usage
            }
            Self::Exercise(text) => {
                stderr(text, color);
                Ending::Usage
            }
            Self::Machine(message) => {
                stderr(&say(message), color);
                Ending::NotGraded
            }
            Self::Interrupted(signal) => {
                stderr(&format!("{}\n", catalogue.label("error-interrupted")), color);
                Ending::Interrupted(*signal)
            }
        }
    }
}

impl From<RunError> for Error {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Interrupted(signal) => Self::Interrupted(signal),
            RunError::Outdated => Self::Machine(Message::new("error-machine").with("error", error.to_string())),
            RunError::Machine(error) => Self::Machine(Message::new("error-machine").with("error", error.to_string())),
        }
    }
}
