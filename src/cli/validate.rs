//! `checker validate`: prove an exercise.

use std::path::{Path, PathBuf};

use super::args::Arguments;
use super::error::Error;
use super::exercises::Source;
use super::format::writable;
use super::prove_args::{ProofFormat, Validate};
use super::prove_progress::Progress;
use super::run::BUILD;
use super::{Ending, isolation, output};
use crate::cohort::{SeedPolicy, Settings};
use crate::exercise::builtin::Builtin;
use crate::exercise::{Exercise, builtin, diagnostic};
use crate::locale::Catalogue;
use crate::message::Message;
use crate::proof::{self, Conclusion, FindError, Kept, Order, Proof, Subjects, Survivors};
use crate::report::{self, Detail};
use crate::runner::{Interruption, RunError, Starting};
use crate::sandbox;
use crate::server::{self, TempFolder};

/// Runs what stands beside an exercise, and says whether the exercise is proven.
pub(super) fn validate(wanted: &Validate, arguments: &Arguments, catalogue: &Catalogue) -> Result<Ending, Error> {
    sandbox::close_to_others();
    server::sweep();
    let exercise = Source::find(&wanted.exercise)?.load(arguments.color.into())?;
    for output in &wanted.output {
        writable(&output.file)?;
    }
    // What a built-in exercise has beside it is unpacked there, for as long as it is run.
    let unpacked = TempFolder::new().map_err(|error| Error::file("error-write", &std::env::temp_dir(), &error))?;
    let folder = folder(&wanted.exercise, unpacked.path())?;
    let subjects = subjects(&exercise, &folder, &wanted.exercise, arguments)?;
    let settings = settings(wanted, exercise, catalogue)?;
    let order = order(wanted, arguments, catalogue)?;
    let mut progress = Progress::new(wanted.quiet, wanted.verbose, arguments.color.into(), catalogue);
    let proved = proof::prove(subjects, &settings, order, &mut |event| progress.event(&event));
    progress.end();
    let proved = proved?;
    let survivors = if wanted.strict { Survivors::AreFindings } else { Survivors::AreNotes };
    let place = wanted.reports.display().to_string();
    let (proof, kept) = proof::conclude(&settings.exercise, &proved, order, survivors, &place, catalogue);
    keep(&kept, wanted, arguments, catalogue)?;
    write(&proof, wanted, arguments, catalogue)?;
    Ok(match proof.conclusion {
        Conclusion::Proven => Ending::Fine,
        Conclusion::Findings => Ending::NotPassed,
        Conclusion::Error => Ending::NotGraded,
    })
}

/// The folder that holds solutions and mistakes.
fn folder(name: &str, unpacked: &Path) -> Result<PathBuf, Error> {
    if let Some(found) = builtin::find(name) {
        let unpack = |builtin: &Builtin| proof::unpack(builtin, unpacked);
        return match unpack(found) {
            Ok(()) => Ok(unpacked.to_owned()),
            Err(error) => Err(Error::file("error-write", unpacked, &error)),
        };
    }
    let path = Path::new(name);
    if path.is_dir() {
        return Ok(path.to_owned());
    }
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    Ok(parent.unwrap_or(Path::new(".")).to_owned())
}

fn subjects(exercise: &Exercise, folder: &Path, name: &str, arguments: &Arguments) -> Result<Subjects, Error> {
    let shown = match builtin::find(name) {
        Some(builtin) => format!("exercises/{}", builtin.id),
        None => folder.display().to_string(),
    };
    let subjects = proof::find(exercise, folder, &shown).map_err(|error| match error {
        FindError::Usage(message, hint) => Error::Usage(message, Some(hint)),
        FindError::Unreadable(path, error) => {
            let message = Message::new("error-read").with("file", path.display().to_string());
            Error::usage(message.with("error", error.to_string()))
        }
        FindError::Wrong(files) => {
            let coloured = arguments.color != super::args::Color::Never;
            let text =
                |file: &proof::Wrong| diagnostic::render(&file.diagnostics, &file.source, &file.origin, coloured);
            Error::Exercise(files.iter().map(text).collect::<Vec<_>>().join("\n"))
        }
    })?;
    if subjects.0.is_empty() {
        return Err(Error::Usage(Message::new("proof-nothing"), Some(Message::new("proof-nothing-hint"))));
    }
    Ok(subjects)
}

fn settings(wanted: &Validate, exercise: Exercise, catalogue: &Catalogue) -> Result<Settings, Error> {
    Ok(Settings {
        limits: wanted.limits.over(exercise.limits),
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

fn order(wanted: &Validate, arguments: &Arguments, catalogue: &Catalogue) -> Result<Order, Error> {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    Ok(Order {
        repeats: wanted.repeat.into(),
        // Short enough to be typed again.
        seed: wanted.seed.unwrap_or_else(|| fastrand::u32(..).into()),
        jobs: wanted.jobs.map_or(processors, usize::from),
        overlap: isolation::overlap(wanted.isolation.into(), arguments.color.into(), catalogue)?,
        mutations: wanted.mutations.0,
    })
}

/// Writes the reports that show a finding.
fn keep(kept: &[Kept], wanted: &Validate, arguments: &Arguments, catalogue: &Catalogue) -> Result<(), Error> {
    if kept.is_empty() {
        return Ok(());
    }
    let folder = &wanted.reports;
    std::fs::create_dir_all(folder).map_err(|error| Error::file("error-write", folder, &error))?;
    for Kept { file, report } in kept {
        output::file(&folder.join(file), &report::json(report))?;
    }
    if !wanted.quiet {
        let said = catalogue.say(&Message::new("proof-kept").with("folder", folder.display().to_string()));
        output::stderr(&format!("{said}\n"), arguments.color.into());
    }
    Ok(())
}

fn write(proof: &Proof, wanted: &Validate, arguments: &Arguments, catalogue: &Catalogue) -> Result<(), Error> {
    let detail = match (wanted.quiet, wanted.verbose) {
        (true, _) => Detail::Quiet,
        (_, true) => Detail::Verbose,
        _ => Detail::Normal,
    };
    let render = |format| match format {
        ProofFormat::Human => proof::human(proof, catalogue, detail),
        ProofFormat::Markdown => proof::markdown(proof, catalogue),
        ProofFormat::Html => proof::html(proof, catalogue),
        ProofFormat::Json => proof::json(proof),
    };
    for more in &wanted.output {
        output::file(&more.file, &anstream::adapter::strip_str(&render(more.format)).to_string())?;
    }
    output::stdout(&render(wanted.format), arguments.color.into())
}
