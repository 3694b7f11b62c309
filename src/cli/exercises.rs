//! `checker exercises`: what there is, and the exercise that `-e` means.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::args::{Arguments, Exercises, ExercisesCommand};
use super::error::Error;
use super::output::stdout;
use super::{Ending, new_exercise};
use crate::exercise::builtin::{self, Builtin};
use crate::exercise::{Exercise, Level, Step, diagnostic, file};
use crate::locale::Catalogue;
use crate::message::Message;
use crate::submission;

/// Lists, shows or describes exercises.
pub(super) fn exercises(wanted: &Exercises, arguments: &Arguments, catalogue: &Catalogue) -> Result<Ending, Error> {
    let text = match &wanted.command {
        None | Some(ExercisesCommand::List) => list(catalogue),
        Some(ExercisesCommand::Show { exercise, source }) => {
            let found = Source::find(exercise)?;
            if *source { found.text } else { show(&found.load(arguments.color.into())?, catalogue) }
        }
        Some(ExercisesCommand::New(new)) => new_exercise::new(new, arguments.color.into(), catalogue)?,
        Some(ExercisesCommand::Schema) => {
            let schema = serde_json::to_string_pretty(&file::json_schema());
            format!("{}\n", schema.expect("a schema holds nothing that JSON cannot"))
        }
    };
    stdout(&text, arguments.color.into())?;
    Ok(Ending::Fine)
}

/// An exercise file that `-e` names.
pub(super) struct Source {
    origin: String,
    text: String,
    /// Where the file is, if it is one.
    folder: Option<PathBuf>,
    builtin: Option<&'static Builtin>,
}

impl Source {
    /// A built-in exercise by its id, else a file, else the `exercise.toml` of a folder.
    pub(super) fn find(name: &str) -> Result<Self, Error> {
        if let Some(found) = builtin::find(name) {
            let (origin, text) = (format!("exercises/{name}/exercise.toml"), found.source.to_owned());
            return Ok(Self { origin, text, folder: None, builtin: Some(found) });
        }
        let path = Self::path(name);
        match std::fs::read(&path) {
            Ok(bytes) => match String::from_utf8(bytes) {
                Ok(text) => {
                    let folder = std::path::absolute(&path).ok();
                    let folder = folder.and_then(|path| Some(path.parent()?.to_owned()));
                    Ok(Self { origin: path.display().to_string(), text, folder, builtin: None })
                }
                Err(_) => Err(Error::usage(Message::new("error-exercise-not-utf8").with("file", name))),
            },
            Err(_) if !looks_like_a_file(name) => Err(unknown(name)),
            Err(error) => {
                Err(Error::usage(Message::new("error-read").with("file", name).with("error", error.to_string())))
            }
        }
    }

    /// The file that is meant, if it is one of the user's own.
    pub(super) fn file(name: &str) -> Option<PathBuf> {
        builtin::find(name).is_none().then(|| Self::path(name))
    }

    fn path(name: &str) -> PathBuf {
        let mut path = PathBuf::from(name);
        if path.is_dir() {
            path.push("exercise.toml");
        }
        path
    }

    /// Reads it; what does not hold is told all at once.
    pub(super) fn load(&self, color: anstream::ColorChoice) -> Result<Exercise, Error> {
        if let Some(builtin) = self.builtin {
            return Ok(builtin.load());
        }
        let parsed = file::parse(&self.text).map(|exercise| self.placed(exercise));
        parsed.map_err(|found| {
            // The stream that prints it strips the colours where they are not wanted.
            let coloured = color != anstream::ColorChoice::Never;
            Error::Exercise(diagnostic::render(&found, &self.text, &self.origin, coloured))
        })
    }

    /// The exercise where its file is. What its checks' programs are belongs to what it asks, so its digest is also
    /// over the files that they name.
    fn placed(&self, mut exercise: Exercise) -> Exercise {
        let files = self.folder.iter().flat_map(|folder| program_files(&exercise, folder));
        let digests: Vec<_> = files.map(|path| submission::digest(&path)).collect();
        if !digests.is_empty() {
            exercise.digest = submission::digest_of_text(&format!("{} {}", exercise.digest, digests.join(" ")));
        }
        exercise.folder.clone_from(&self.folder);
        exercise
    }
}

/// The files in an exercise's folder that its checks' programs are, or are given.
pub(super) fn program_files(exercise: &Exercise, folder: &Path) -> Vec<PathBuf> {
    let steps = exercise.checks.iter().flat_map(|check| &check.steps);
    let commands = steps.filter_map(|step| match step {
        Step::Program(program) => Some(&program.command),
        _ => None,
    });
    commands.flatten().map(|word| folder.join(word)).filter(|path| path.is_file()).collect()
}

fn looks_like_a_file(name: &str) -> bool {
    name.contains(['/', '.']) || Path::new(name).exists()
}

fn unknown(name: &str) -> Error {
    let hint = match builtin::suggest(name) {
        Some(id) => Message::new("hint-did-you-mean").with("name", id),
        None => Message::new("hint-exercises-list"),
    };
    Error::Usage(Message::new("error-no-exercise").with("name", name), Some(hint))
}

fn list(catalogue: &Catalogue) -> String {
    let all: Vec<_> = builtin::all().iter().map(Builtin::load).collect();
    let width = all.iter().map(|exercise| exercise.id.len()).max().unwrap_or(0) + 2;
    let mut text = format!("{}\n\n", catalogue.label("exercises-heading"));
    for exercise in all {
        let title = exercise.title.in_lang(catalogue.lang());
        let level = level(&exercise, catalogue).map(|level| format!(" · {level}")).unwrap_or_default();
        let _ = writeln!(text, "  {:width$}{title} ({}){level}", exercise.id, sums(&exercise, catalogue));
    }
    text
}

/// For whom it is, if its author says.
fn level(exercise: &Exercise, catalogue: &Catalogue) -> Option<String> {
    let id = match exercise.level? {
        Level::Beginner => "level-beginner",
        Level::Intermediate => "level-intermediate",
        Level::Advanced => "level-advanced",
    };
    Some(catalogue.label(id))
}

fn sums(exercise: &Exercise, catalogue: &Catalogue) -> String {
    let points: u32 = exercise.checks.iter().map(|check| check.points).sum();
    catalogue
        .say(&Message::new("exercise-checks").with("checks", exercise.checks.len()).with("points", i64::from(points)))
}

fn show(exercise: &Exercise, catalogue: &Catalogue) -> String {
    let lang = catalogue.lang();
    let title = exercise.title.in_lang(lang);
    let level = level(exercise, catalogue).map(|level| format!(" · {level}")).unwrap_or_default();
    let sums = sums(exercise, catalogue);
    let mut text = format!("{} {} — {title} ({sums}){level}\n\n", exercise.id, exercise.version);
    let width = exercise.checks.iter().map(|check| check.id.0.len()).max().unwrap_or(0) + 2;
    for check in &exercise.checks {
        let requires: Vec<_> = check.requires.iter().map(|id| format!("`{id}`")).collect();
        let requires = if requires.is_empty() {
            String::new()
        } else {
            let ids = requires.join(", ");
            catalogue.say(&Message::new("check-requires").with("ids", ids))
        };
        let _ = writeln!(text, "  {:width$}{:>3}  {}{requires}", check.id.0, check.points, check.title.in_lang(lang));
    }
    text
}
