//! `checker exercises new`: a start for an exercise of one's own.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::args::New;
use super::error::Error;
use super::run::{BUILD, base_url};
use super::{isolation, output};
use crate::authoring::{self, RecordError, SCHEMA, Server, Verified};
use crate::cohort::{SeedPolicy, Settings};
use crate::exercise::{Limits, builtin, file};
use crate::locale::Catalogue;
use crate::message::Message;
use crate::outcome::Blame;
use crate::report::safe_line;
use crate::runner::{Interruption, RunError, Starting};
use crate::{sandbox, submission};

/// Writes a new exercise, and gives what is said of it.
pub(super) fn new(wanted: &New, color: anstream::ColorChoice, catalogue: &Catalogue) -> Result<String, Error> {
    let folder = &wanted.dir;
    is_free(folder)?;
    let id = authoring::slug(&name_of(folder), "exercise");
    let mut said = String::new();
    let files = match &wanted.from {
        None => authoring::start(&id).into_iter().map(|(path, text)| (path.to_owned(), text)).collect(),
        Some(from) => {
            let recorded = recorded(&id, from, wanted, color, catalogue)?;
            for dropped in &recorded.dropped {
                let message = Message::new("new-dropped").with("what", dropped.clone());
                let _ = writeln!(said, "  {}", safe_line(&catalogue.say(&message)));
            }
            let schema = format!("{:#}\n", file::json_schema());
            vec![("exercise.toml".to_owned(), recorded.text), (SCHEMA.to_owned(), schema)]
        }
    };
    let mut page = format!("{}\n", catalogue.say(&Message::new("new-exercise").with("id", id)));
    for (path, text) in &files {
        write(&folder.join(path), text)?;
        let _ = writeln!(page, "  {path}");
    }
    if let Some(solution) = copied(wanted)? {
        let _ = writeln!(page, "  {solution}");
    }
    if !said.is_empty() {
        let _ = writeln!(page, "\n{}\n{}", catalogue.label("new-dropped-heading"), said.trim_end());
    }
    let _ = writeln!(page, "\n{}", catalogue.say(&next(wanted)));
    Ok(page)
}

/// What to do next.
fn next(wanted: &New) -> Message {
    let id = match &wanted.from {
        None => Message::new("new-next"),
        Some(from) if is_url(from) => Message::new("new-next-recorded-url"),
        Some(_) => Message::new("new-next-recorded"),
    };
    // As a shell takes it.
    id.with("folder", shell_words::quote(&wanted.dir.display().to_string()).into_owned())
}

/// Whether nothing would be overwritten.
fn is_free(folder: &Path) -> Result<(), Error> {
    let taken = match std::fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_some(),
        Err(error) => error.kind() != std::io::ErrorKind::NotFound,
    };
    if taken {
        let message = Message::new("new-taken").with("folder", folder.display().to_string());
        return Err(Error::Usage(message, Some(Message::new("new-taken-hint"))));
    }
    Ok(())
}

/// The folder's own name.
fn name_of(folder: &Path) -> String {
    let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
    let absolute = || name(&std::path::absolute(folder).ok()?);
    let id = name(folder).or_else(absolute).unwrap_or_default();
    // An exercise of one's own is never taken for a built-in one.
    if builtin::find(&id).is_some() { format!("my {id}") } else { id }
}

fn recorded(
    id: &str,
    from: &str,
    wanted: &New,
    color: anstream::ColorChoice,
    catalogue: &Catalogue,
) -> Result<Verified, Error> {
    sandbox::close_to_others();
    let server = if is_url(from) { Server::Running(base_url(from)?) } else { Server::Launched(launched(from)?) };
    let paths = if wanted.visit.is_empty() { vec!["/".to_owned()] } else { wanted.visit.clone() };
    let settings = settings(wanted, catalogue)?;
    if matches!(server, Server::Launched(_)) {
        isolation::overlap(settings.isolation, color, catalogue)?;
    }
    let not_recorded = |error| match error {
        RecordError::NotVisited(why, blame) => {
            let message = Message::new("new-not-visited").with("server", from).with("why", why);
            if blame == Blame::Environment { Error::Machine(message) } else { Error::usage(message) }
        }
        RecordError::Run(error) => error.into(),
    };
    let recorded = authoring::record(&server, &paths, &settings).map_err(not_recorded)?;
    let draft = authoring::propose(id, &paths, &recorded.first, &recorded.second);
    authoring::verified(&draft, &server, &settings).map_err(not_recorded)
}

fn is_url(from: &str) -> bool {
    from.contains("://")
}

fn launched(from: &str) -> Result<PathBuf, Error> {
    let path = PathBuf::from(from);
    match path.metadata() {
        Ok(_) => Ok(path),
        Err(error) => Err(Error::usage(Message::new("error-read").with("file", from).with("error", error.to_string()))),
    }
}

fn settings(wanted: &New, catalogue: &Catalogue) -> Result<Settings, Error> {
    // It stands for the exercise until there is one; only its limits count.
    let exercise = builtin::all()[0].load();
    Ok(Settings {
        limits: wanted.limits.over(Limits::default()),
        checks: Vec::new(),
        seed: SeedPolicy::Own,
        command: None,
        setup: None,
        port: None,
        python: wanted.python.clone(),
        isolation: wanted.isolation.into(),
        starting: Starting::Cold(None),
        build: BUILD,
        lang: catalogue.lang(),
        interruption: Interruption::by_signals().map_err(RunError::Machine)?,
        exercise,
    })
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| Error::file("error-write", folder, &error))?;
    }
    output::file(path, text)
}

/// Copies the server that was launched, as the exercise's solution. Gives its path within the exercise's folder.
fn copied(wanted: &New) -> Result<Option<String>, Error> {
    let Some(from) = wanted.from.as_deref().filter(|from| !is_url(from)) else { return Ok(None) };
    let source = Path::new(from);
    let inside = format!("solutions/{}", name_of(source));
    let target = wanted.dir.join(&inside);
    submission::copy_all(source, &target).map_err(|error| Error::file("error-write", &target, &error))?;
    Ok(Some(inside))
}
