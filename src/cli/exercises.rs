//! `checker exercises`: what there is, and the exercise that `-e` means.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::args::{Arguments, Exercises, ExercisesCommand};
use super::error::Error;
use super::output::stdout;
use super::{Ending, new_exercise};
use crate::exercise::{Exercise, builtin, diagnostic, file};
use crate::locale::Catalogue;
use crate::message::Message;

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
}

impl Source {
    /// A built-in exercise by its id, else a file, else the `exercise.toml` of a folder.
    pub(super) fn find(name: &str) -> Result<Self, Error> {
        if let Some(found) = builtin::find(name) {
            return Ok(Self { origin: format!("exercises/{name}/exercise.toml"), text: found.source.to_owned() });
        }
        let mut path = PathBuf::from(name);
        if path.is_dir() {
            path.push("exercise.toml");
        }
        match std::fs::read(&path) {
            Ok(bytes) => match String::from_utf8(bytes) {
                Ok(text) => Ok(Self { origin: path.display().to_string(), text }),
                Err(_) => Err(Error::usage(Message::new("error-exercise-not-utf8").with("file", name))),
            },
            Err(_) if !looks_like_a_file(name) => Err(unknown(name)),
            Err(error) => {
                Err(Error::usage(Message::new("error-read").with("file", name).with("error", error.to_string())))
            }
        }
    }

    /// Reads it; what does not hold is told all at once.
    pub(super) fn load(&self, color: anstream::ColorChoice) -> Result<Exercise, Error> {
        file::parse(&self.text).map_err(|found| {
            // The stream that prints it strips the colours where they are not wanted.
            let coloured = color != anstream::ColorChoice::Never;
            Error::Exercise(diagnostic::render(&found, &self.text, &self.origin, coloured))
        })
    }
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
    let all: Vec<_> = builtin::all().iter().map(builtin::Builtin::load).collect();
    let width = all.iter().map(|exercise| exercise.id.len()).max().unwrap_or(0) + 2;
    let mut text = format!("{}\n\n", catalogue.label("exercises-heading"));
    for exercise in all {
        let title = exercise.title.in_lang(catalogue.lang());
        let _ = writeln!(text, "  {:width$}{title} ({})", exercise.id, sums(&exercise, catalogue));
    }
    text
}

fn sums(exercise: &Exercise, catalogue: &Catalogue) -> String {
    let points: u32 = exercise.checks.iter().map(|check| check.points).sum();
    catalogue
        .say(&Message::new("exercise-checks").with("checks", exercise.checks.len()).with("points", i64::from(points)))
}

fn show(exercise: &Exercise, catalogue: &Catalogue) -> String {
    let lang = catalogue.lang();
    let title = exercise.title.in_lang(lang);
    let mut text = format!("{} {} — {title} ({})\n\n", exercise.id, exercise.version, sums(exercise, catalogue));
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
