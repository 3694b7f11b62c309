//! `checker grade`: grade a cohort.

use std::path::Path;

use super::args::Arguments;
use super::cohort_args::{Grade, ShardChoice};
use super::error::Error;
use super::exercises::Source;
use super::progress::Progress;
use super::run::{BUILD, no_check};
use super::{Ending, Role, engine, gradebook, isolation, keeper, output};
use crate::cohort::gradebook::Gradebook;
use crate::cohort::intake::{self, Cohort, IntakeError, Roster};
use crate::cohort::{
    self, CohortError, Conditions, Manifest, Order, Overlap, SeedPolicy, Settings, Shard, Store, Which, Who,
};
use crate::locale::Catalogue;
use crate::message::Message;
use crate::report::safe_line;
use crate::runner::{Interruption, RunError, Starting};
use crate::server::{ForkServers, TempFolder};

/// How many names of files that belong to nobody are told.
const IGNORED: usize = 5;

/// Grades a cohort in a process of its own, so that a submission that brings it down ends nothing else.
pub(super) fn grade(wanted: &Grade, arguments: &Arguments, catalogue: &Catalogue, role: Role) -> Result<Ending, Error> {
    match role {
        Role::Keeper => keeper::keep(wanted, arguments, catalogue),
        Role::Kept => grade_here(wanted, arguments, catalogue),
    }
}

/// Takes a cohort in, grades what has no result yet, and writes the gradebook.
fn grade_here(wanted: &Grade, arguments: &Arguments, catalogue: &Catalogue) -> Result<Ending, Error> {
    let settings = settings(wanted, arguments, catalogue)?;
    let shard = shard(wanted)?;
    gradebook::check(&wanted.book, catalogue)?;
    let roster = wanted.roster.as_deref().map(Roster::open).transpose().map_err(Error::usage)?;
    let scratch = TempFolder::new().map_err(|error| Error::file("error-write", &std::env::temp_dir(), &error))?;
    let mut cohort = take_in(wanted, scratch.path())?;
    tell_ignored(&cohort, wanted, arguments, catalogue);
    let missing = roster.map(|roster| intake::missing(&mut cohort, &roster)).unwrap_or_default();
    let missing = missing.iter().map(Who::from).collect();
    let manifest = Manifest::new(&cohort, &settings.exercise.id, &conditions(&settings), missing);
    let store = Store::open(&wanted.out).map_err(|error| results(&wanted.out, &error))?;
    let overlap = isolation::overlap(settings.isolation, arguments.color.into(), catalogue)?;
    let prepared = Prepared { cohort, manifest, settings, store, shard, overlap };
    prepared.run(wanted, arguments, catalogue)?;
    let Prepared { manifest, store, .. } = prepared;
    let part = Manifest { entries: manifest.slice(shard).map(|(_, entry)| entry.clone()).collect(), ..manifest };
    let book = Gradebook::new(&part, std::slice::from_ref(&store));
    let detail = gradebook::detail(wanted.quiet, wanted.verbose);
    gradebook::write(&book, &wanted.book, &[&wanted.out], detail, arguments, catalogue)?;
    if !wanted.quiet {
        let folder = wanted.out.join("reports").display().to_string();
        let said = catalogue.say(&Message::new("grade-results").with("folder", folder));
        output::stderr(&format!("{said}\n"), arguments.color.into());
    }
    let tally = book.tally();
    Ok(if tally.not_graded + tally.waiting > 0 { Ending::NotGraded } else { Ending::Fine })
}

fn settings(wanted: &Grade, arguments: &Arguments, catalogue: &Catalogue) -> Result<Settings, Error> {
    let exercise = Source::find(&wanted.exercise)?.load(arguments.color.into())?;
    let settings = Settings {
        limits: wanted.limits.over(exercise.limits),
        checks: wanted.check.clone(),
        seed: wanted.seed.map_or(SeedPolicy::Own, SeedPolicy::Fixed),
        command: wanted.launch.command.clone(),
        setup: wanted.launch.setup.clone(),
        port: wanted.launch.port,
        python: wanted.launch.python.clone(),
        isolation: wanted.launch.isolation.into(),
        starting: match wanted.warm {
            true => Starting::Copied(ForkServers::new().map_err(RunError::Machine)?),
            false => Starting::Cold(None),
        },
        build: BUILD,
        lang: catalogue.lang(),
        interruption: Interruption::by_signals().map_err(RunError::Machine)?,
        exercise,
    };
    settings.plan().map_err(|unknown| no_check(&unknown, &settings.exercise))?;
    Ok(settings)
}

/// What decides a result. The interpreter's path does not: it differs between machines that grade the same.
fn conditions(settings: &Settings) -> Conditions {
    let Settings { exercise, checks, limits, seed, command, setup, port, lang, starting, .. } = settings;
    let times = [limits.ready, limits.request, limits.run].map(|limit| limit.as_millis());
    let warm = if matches!(starting, Starting::Cold(_)) { "" } else { " warm" };
    let options = format!("{command:?} {setup:?} {port:?} {times:?} {}{warm}", lang.code());
    Conditions { exercise: exercise.digest.clone(), checks: checks.clone(), seed: *seed, options }
}

fn shard(wanted: &Grade) -> Result<Shard, Error> {
    match wanted.shard {
        None => Ok(Shard::WHOLE),
        Some(ShardChoice::This(shard)) => Ok(shard),
        Some(ShardChoice::OfEngine(of)) => engine::shard(of, |name| std::env::var(name).ok())
            .map_err(|message| Error::Usage(message, Some(Message::new("hint-shard")))),
    }
}

fn take_in(wanted: &Grade, scratch: &Path) -> Result<Cohort, Error> {
    let form = wanted.intake.map(intake::Form::from);
    intake::intake(&wanted.paths, form, scratch).map_err(|error| match error {
        IntakeError::Usage(message) => Error::usage(message),
        IntakeError::Machine(message) => Error::Machine(message),
    })
}

fn tell_ignored(cohort: &Cohort, wanted: &Grade, arguments: &Arguments, catalogue: &Catalogue) {
    if wanted.quiet || cohort.ignored.is_empty() {
        return;
    }
    let listed = if wanted.verbose { usize::MAX } else { IGNORED };
    let mut names: Vec<_> = cohort.ignored.iter().take(listed).map(|name| safe_line(name).into_owned()).collect();
    if cohort.ignored.len() > names.len() {
        names.push(catalogue.say(&Message::new("book-more").with("count", cohort.ignored.len() - names.len())));
    }
    let names = names.join(&catalogue.label("list-comma"));
    let said = catalogue.say(&Message::new("intake-ignored").with("names", names));
    output::stderr(&format!("{said}\n"), arguments.color.into());
}

/// Everything that a grading needs.
struct Prepared {
    cohort: Cohort,
    manifest: Manifest,
    settings: Settings,
    store: Store,
    shard: Shard,
    overlap: Overlap,
}

impl Prepared {
    fn run(&self, wanted: &Grade, arguments: &Arguments, catalogue: &Catalogue) -> Result<(), Error> {
        let Self { cohort, manifest, settings, store, shard, overlap } = self;
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let which = match (wanted.regrade, wanted.only_errors) {
            (true, _) => Which::All,
            (_, true) => Which::Errors,
            _ => Which::Changed,
        };
        let order =
            Order { jobs: wanted.jobs.map_or(processors, usize::from), which, shard: *shard, overlap: *overlap };
        let mut progress = Progress::new(wanted.quiet, wanted.verbose, arguments.color.into(), catalogue);
        let done = cohort::grade(cohort, manifest, settings, store, order, &mut |event| progress.event(&event));
        progress.end();
        done.map(|_| ()).map_err(|error| match error {
            CohortError::Interrupted(signal) => Error::Interrupted(signal),
            CohortError::Results(error) => results(store.folder(), &error),
            CohortError::Machine(error) => RunError::Machine(error).into(),
        })
    }
}

/// A store that cannot be written or read.
pub(super) fn results(folder: &Path, error: &std::io::Error) -> Error {
    let message = Message::new("error-results").with("folder", folder.display().to_string());
    Error::Machine(message.with("error", error.to_string()))
}
