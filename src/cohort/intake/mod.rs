//! Intake: who handed in what, from a folder, an archive, or the export of a learning platform.
//!
//! The form is recognised by its shape alone. Names in an export are a platform's or a student's word; nothing is
//! executed, no link is followed, and an archive is unpacked within bounds. Archives inside an export are left as
//! they are: each is one submission, and grading it unpacks it.

mod blackboard;
mod canvas;
mod classroom;
mod folder;
mod gather;
mod gradescope;
mod moodle;
mod roster;
mod shape;

use std::path::{Path, PathBuf};

use crate::message::Message;

use gather::Gatherer;

pub use roster::{Roster, missing};

/// The shape of what was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// A folder in which every entry is a submission.
    Folder,
    /// Canvas: one flat folder, `{name}[_LATE]_{user}_{attachment}_{file}`.
    Canvas,
    /// Moodle: `{name}_{participant}_assignsubmission_file…`, as folders or flat.
    Moodle,
    /// Gradescope: `submission_metadata.yml` beside one folder a submission.
    Gradescope,
    /// GitHub Classroom: `{slug}-submissions/{slug}-{login}/`.
    Classroom,
    /// Blackboard: one flat folder, `{assignment}_{user}_attempt_{time}_{file}`.
    Blackboard,
}

impl Form {
    /// The form's name on the command line and in results.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Folder => "folder",
            Self::Canvas => "canvas",
            Self::Moodle => "moodle",
            Self::Gradescope => "gradescope",
            Self::Classroom => "classroom",
            Self::Blackboard => "blackboard",
        }
    }
}

/// A cohort as it was handed in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cohort {
    /// Sorted by key.
    pub entrants: Vec<Entrant>,
    /// What lay there and belongs to nobody, such as a platform's own notes; as people may see it.
    pub ignored: Vec<String>,
    /// The forms that were found, in the order of the paths.
    pub forms: Vec<Form>,
}

/// Who handed in, alone or together, and what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entrant {
    /// Unique within the cohort, and the same whenever the same people are exported again.
    pub key: String,
    /// The people; the first one speaks for all.
    pub people: Vec<Person>,
    /// Everything that they handed in, oldest first. The last one counts.
    pub attempts: Vec<Attempt>,
}

/// What an export or a roster says of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// The name, as far as the export has it.
    pub name: String,
    /// The platform's number or the student's number.
    pub id: Option<String>,
    /// The name that the person logs in with.
    pub login: Option<String>,
    /// The address.
    pub email: Option<String>,
}

/// One handing-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The folder, file or archive to grade.
    pub path: PathBuf,
    /// Where it lies in the export, as people know it.
    pub shown: String,
    /// When, as the export writes it; sorts by time within one platform.
    pub at: Option<String>,
    /// Whether it was in time.
    pub timing: Timing,
}

/// Whether something was handed in in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timing {
    /// The export does not say that it is late.
    NotLate,
    /// The export says so.
    Late,
}

/// Why there is no cohort; always the user's or the machine's doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IntakeError {
    /// Not there, not readable, not what was said to be there.
    Usage(Message),
    /// The disk failed.
    Machine(Message),
}

/// Takes in everything that the paths name. Archives are unpacked below `scratch`, which exists and is private.
///
/// The same key in several paths is one entrant with several attempts, in the order of the paths.
///
/// # Errors
/// If a path cannot be read, an archive is broken, or what is there is not of the form that was asked for.
pub fn intake(paths: &[PathBuf], form: Option<Form>, scratch: &Path) -> Result<Cohort, IntakeError> {
    let mut cohort = Cohort::default();
    let mut gatherer = Gatherer::new(scratch.join("gathered"));
    for (number, path) in paths.iter().enumerate() {
        let root = shape::open(path, &scratch.join(format!("export-{number}")))?;
        let (form, root) = match form {
            Some(form) => shape::forced(form, &root),
            None => shape::recognise(&root),
        };
        let found = read(form, &root, path, &mut gatherer)?;
        cohort.forms.push(form);
        cohort.ignored.extend(found.ignored);
        found.entrants.into_iter().for_each(|entrant| entrant.join(&mut cohort.entrants));
    }
    cohort.entrants.sort_by(|a, b| a.key.cmp(&b.key));
    Ok(cohort)
}

/// What a reader of one form finds.
#[derive(Debug, Default)]
struct Found {
    entrants: Vec<Entrant>,
    ignored: Vec<String>,
}

fn read(form: Form, root: &Path, path: &Path, gatherer: &mut Gatherer) -> Result<Found, IntakeError> {
    let found = match form {
        Form::Folder => folder::read(root),
        Form::Canvas => canvas::read(root, gatherer)?,
        Form::Moodle => moodle::read(root, gatherer)?,
        Form::Gradescope => gradescope::read(root, gatherer)?,
        Form::Classroom => classroom::read(root),
        Form::Blackboard => blackboard::read(root, gatherer)?,
    };
    if found.entrants.is_empty() {
        let message = Message::new("intake-nothing").with("path", path.display().to_string());
        return Err(IntakeError::Usage(message.with("form", form.name())));
    }
    Ok(found)
}

impl Entrant {
    /// The attempt that counts.
    #[must_use]
    pub fn latest(&self) -> Option<&Attempt> {
        self.attempts.last()
    }

    /// The people's names, as people write them.
    #[must_use]
    pub fn name(&self) -> String {
        let names: Vec<_> = self.people.iter().map(|person| person.name.as_str()).collect();
        names.join(", ")
    }

    /// Puts this entrant among others: one more, or more attempts of one who is there.
    fn join(self, others: &mut Vec<Self>) {
        match others.iter_mut().find(|other| other.key == self.key) {
            None => others.push(self),
            Some(other) => {
                other.attempts.extend(self.attempts);
                // Without times the order of the paths counts, which a stable sort keeps.
                other.attempts.sort_by(|a, b| a.at.cmp(&b.at));
            }
        }
    }
}

fn machine(path: &Path, error: &std::io::Error) -> IntakeError {
    let message = Message::new("error-write").with("file", path.display().to_string());
    IntakeError::Machine(message.with("error", error.to_string()))
}

#[cfg(test)]
mod tests;
