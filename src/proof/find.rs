//! What stands beside an exercise: `solutions/`, `mistakes/`, `reference.toml`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::subject::{Origin, Role, Subject};
use crate::exercise::builtin::Builtin;
use crate::exercise::diagnostic::Diagnostic;
use crate::exercise::{Exercise, Known, KnownVariant, file};
use crate::message::Message;

/// The file that says how a mistake ends.
const EXPECT: &str = "expect.toml";
/// The file that says what the reference server is to an exercise.
const REFERENCE: &str = "reference.toml";

/// What is to be run, solutions first, each kind sorted by name.
#[derive(Debug, Default)]
pub struct Subjects(pub Vec<Subject>);

/// Why what stands beside an exercise cannot be proven.
#[derive(Debug)]
pub enum FindError {
    /// Files that do not hold, each with all that is wrong with it.
    Wrong(Vec<Wrong>),
    /// Something is missing: what, and what to do.
    Usage(Message, Message),
    /// A file cannot be read.
    Unreadable(PathBuf, io::Error),
}

/// A file that does not hold.
#[derive(Debug)]
pub struct Wrong {
    /// The path that people know it by.
    pub origin: String,
    /// What it says.
    pub source: String,
    /// What is wrong with it.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads what stands in the exercise's folder. `shown` is what people call that folder.
///
/// # Errors
/// If a mistake does not say how it ends, or says it wrongly.
pub fn find(exercise: &Exercise, folder: &Path, shown: &str) -> Result<Subjects, FindError> {
    let mut reading = Reading { exercise, folder, shown, wrong: Vec::new() };
    let mut solutions = Vec::new();
    for name in entries(&folder.join("solutions"))? {
        let origin = Origin::Path(folder.join("solutions").join(&name));
        solutions.push(Subject { name: format!("solutions/{name}"), role: Role::Solution, origin });
    }
    let mut mistakes = reading.mistakes()?;
    let (more_solutions, more_mistakes) = reading.reference()?;
    solutions.extend(more_solutions);
    mistakes.extend(more_mistakes);
    if !reading.wrong.is_empty() {
        return Err(FindError::Wrong(reading.wrong));
    }
    solutions.extend(mistakes);
    Ok(Subjects(solutions))
}

/// Writes what stands beside a built-in exercise into a folder, for [`find`].
///
/// # Errors
/// If the folder cannot be written.
pub fn unpack(builtin: &Builtin, folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    for (path, bytes) in builtin.files() {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&path, bytes)?;
        if bytes.starts_with(b"#!") {
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
        }
    }
    Ok(())
}

struct Reading<'a> {
    exercise: &'a Exercise,
    folder: &'a Path,
    shown: &'a str,
    wrong: Vec<Wrong>,
}

impl Reading<'_> {
    fn mistakes(&mut self) -> Result<Vec<Subject>, FindError> {
        let folder = self.folder.join("mistakes");
        let names = entries(&folder)?;
        let is_expect = |name: &String| name.ends_with(&format!(".{EXPECT}"));
        let mut expects: Vec<_> = names.iter().filter(|name| is_expect(name)).cloned().collect();
        let (mut found, mut without) = (Vec::new(), Vec::new());
        for name in names.iter().filter(|name| !is_expect(name)) {
            let path = folder.join(name);
            let stem = Path::new(name).file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let beside = [format!("{name}.{EXPECT}"), format!("{stem}.{EXPECT}")];
            let own = match beside.iter().find(|beside| expects.contains(beside)) {
                _ if path.is_dir() => format!("{name}/{EXPECT}"),
                Some(beside) => beside.clone(),
                None => beside[1].clone(),
            };
            if !folder.join(&own).is_file() {
                without.push(format!("`mistakes/{own}`"));
                continue;
            }
            expects.retain(|expect| *expect != own);
            let name = format!("mistakes/{name}");
            let known = self.read(&format!("mistakes/{own}"), file::parse_expect)?;
            found.extend(known.map(|known| Subject { name, role: Role::Mistake(known), origin: Origin::Path(path) }));
        }
        if let Some(lonely) = expects.first() {
            let message = Message::new("proof-no-mistake").with("file", format!("mistakes/{lonely}"));
            return Err(FindError::Usage(message, Message::new("proof-no-mistake-hint")));
        }
        if !without.is_empty() {
            let message = Message::new("proof-no-expect").with("files", without.join(", "));
            return Err(FindError::Usage(message, Message::new("proof-no-expect-hint")));
        }
        Ok(found)
    }

    /// The reference server's variants that are solutions, and those that are mistakes.
    fn reference(&mut self) -> Result<(Vec<Subject>, Vec<Subject>), FindError> {
        if !self.folder.join(REFERENCE).is_file() {
            return Ok((Vec::new(), Vec::new()));
        }
        let faults: Vec<_> = reference_server::Fault::ALL.iter().map(|fault| fault.name()).collect();
        let read = self.read(REFERENCE, |text, exercise| file::parse_reference(text, exercise, &faults))?;
        let reference = read.unwrap_or_default();
        let subject = |variant: KnownVariant, role: Role| {
            let name = variant.fault().map_or("reference-server".to_owned(), |fault| format!("fault/{fault}"));
            Subject { name, role, origin: Origin::Reference(variant.fault().map(str::to_owned)) }
        };
        let solutions = reference.solutions.into_iter().map(|variant| subject(variant, Role::Solution));
        let mistake = |(variant, known): (KnownVariant, Known)| subject(variant, Role::Mistake(known));
        Ok((solutions.collect(), reference.mistakes.into_iter().map(mistake).collect()))
    }

    /// A file beside the exercise; what is wrong with it is kept.
    fn read<T>(
        &mut self,
        name: &str,
        parse: impl FnOnce(&str, &Exercise) -> Result<T, Vec<Diagnostic>>,
    ) -> Result<Option<T>, FindError> {
        let path = self.folder.join(name);
        let source = fs::read_to_string(&path).map_err(|error| FindError::Unreadable(path, error))?;
        match parse(&source, self.exercise) {
            Ok(value) => Ok(Some(value)),
            Err(diagnostics) => {
                self.wrong.push(Wrong { origin: format!("{}/{name}", self.shown), source, diagnostics });
                Ok(None)
            }
        }
    }
}

/// The names in a folder, sorted, without hidden ones; none if the folder is not there.
fn entries(folder: &Path) -> Result<Vec<String>, FindError> {
    let unreadable = |error| FindError::Unreadable(folder.to_owned(), error);
    let listed = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        listed => listed.map_err(unreadable)?,
    };
    let mut names = Vec::new();
    for entry in listed {
        let name = entry.map_err(unreadable)?.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') && name != "__pycache__" {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}
