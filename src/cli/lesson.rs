//! `checker lesson`: grade the program listings of course pages.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::args::{Arguments, Isolation, LimitOptions};
use super::error::Error;
use super::exercises::Source;
use super::format::writable;
use super::run::BUILD;
use super::{Ending, isolation, output};
use crate::event::RunEvent;
use crate::exercise::diagnostic::{self, Diagnostic};
use crate::exercise::{Exercise, builtin};
use crate::lesson::{self, Choice, Decision, Language, Settings, Skip, Trial};
use crate::locale::Catalogue;
use crate::message::Message;
use crate::report::{Report, lesson as record};
use crate::runner::{Interruption, RunError};
use crate::sandbox;
use crate::server;

#[derive(Debug, Args)]
pub(super) struct Lesson {
    /// Course pages in Markdown
    #[arg(required = true, value_name = "FILE")]
    pub(super) pages: Vec<PathBuf>,
    /// A built-in exercise, or an exercise file, for every listing that names no other [default: the page's own
    /// `exercise`, else the built-in exercise that fits the paths in the listing]
    #[arg(short, long, value_name = "ID|FILE")]
    pub(super) exercise: Option<String>,
    /// What standard output gets
    #[arg(short, long, default_value = "human")]
    pub(super) format: Format,
    /// The same to a file, written whole or not at all (repeatable) [default: none]
    #[arg(short, long, value_name = "FORMAT=FILE", value_parser = output)]
    pub(super) output: Vec<(Format, PathBuf)>,
    /// A command to run beside each listing before it is started [default: none]
    #[arg(long, value_name = "CMD")]
    pub(super) setup: Option<String>,
    /// The interpreter for listings in Python [default: python3]
    #[arg(long, value_name = "PATH")]
    pub(super) python: Option<PathBuf>,
    /// How far the programs are kept from everything else
    #[arg(long, value_name = "LEVEL", default_value = "auto")]
    pub(super) isolation: Isolation,
    #[command(flatten)]
    pub(super) limits: LimitOptions,
    /// Seeds every random value; the JSON names it [default: random]
    #[arg(long, value_name = "N")]
    pub(super) seed: Option<u64>,
    /// Only how many listings ended how, in a line [default: off]
    #[arg(short, long)]
    pub(super) quiet: bool,
}

/// The form of the findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For the person at the terminal
    Human,
    /// For programs: one JSON object
    Json,
    /// For a comment on a change to the course
    Markdown,
}

fn output(text: &str) -> Result<(Format, PathBuf), String> {
    let expected = || "expected FORMAT=FILE, such as json=lesson.json; there are: human, json, markdown".to_owned();
    let (format, file) = text.split_once('=').filter(|(_, file)| !file.is_empty()).ok_or_else(expected)?;
    Ok((Format::from_str(format, false).map_err(|_| expected())?, file.into()))
}

/// Reads every page before the first listing is run, so that what is wrong with any is told at once.
pub(super) fn lesson(wanted: &Lesson, arguments: &Arguments, catalogue: &Catalogue) -> Result<Ending, Error> {
    sandbox::close_to_others();
    server::sweep();
    wanted.output.iter().try_for_each(|(_, file)| writable(file))?;
    let settings = Settings {
        setup: wanted.setup.clone(),
        python: wanted.python.clone(),
        isolation: wanted.isolation.into(),
        build: BUILD,
        seed: wanted.seed.unwrap_or_else(|| fastrand::u32(..).into()),
        lang: catalogue.lang(),
        interruption: Interruption::by_signals().map_err(RunError::Machine)?,
    };
    let mut grader =
        Grader { wanted, arguments, catalogue, settings, exercises: BTreeMap::new(), warned: Cell::new(false) };
    let pages = grader.planned()?;
    let pages = pages.iter().map(|page| grader.graded(page)).collect::<Result<_, _>>()?;
    let found = record::Lesson::new(pages, catalogue);
    for (format, file) in &wanted.output {
        let text = grader.render(&found, *format);
        output::file(file, &anstream::adapter::strip_str(&text).to_string())?;
    }
    output::stdout(&grader.render(&found, wanted.format), arguments.color.into())?;
    Ok(match found.counts {
        counts if counts.not_graded > 0 => Ending::NotGraded,
        counts if counts.unexpected > 0 => Ending::NotPassed,
        _ => Ending::Fine,
    })
}

struct Grader<'a> {
    wanted: &'a Lesson,
    arguments: &'a Arguments,
    catalogue: &'a Catalogue,
    settings: Settings,
    /// Those that were named so far.
    exercises: BTreeMap<PathBuf, Exercise>,
    /// Whether the user knows what isolation this machine refuses.
    warned: Cell<bool>,
}

/// A page, and what becomes of each of its listings.
struct Planned<'a> {
    path: &'a Path,
    listings: Vec<(lesson::Listing, Language, Task)>,
}

enum Task {
    Skip(Skip),
    Grade { file: String, exercises: Vec<Exercise>, named: bool, fails: Vec<String> },
}

impl<'a> Grader<'a> {
    fn planned(&mut self) -> Result<Vec<Planned<'a>>, Error> {
        let (mut planned, mut wrong) = (Vec::new(), String::new());
        for path in &self.wanted.pages {
            let text = text(path)?;
            match self.plan(path, &text)? {
                Ok(page) => planned.push(page),
                Err(diagnostics) => {
                    let coloured = anstream::ColorChoice::from(self.arguments.color) != anstream::ColorChoice::Never;
                    let origin = path.display().to_string();
                    wrong.push_str(&diagnostic::render(&diagnostics, &text, &origin, coloured));
                }
            }
        }
        if wrong.is_empty() { Ok(planned) } else { Err(Error::Exercise(wrong)) }
    }

    fn plan(&mut self, path: &'a Path, text: &str) -> Result<Result<Planned<'a>, Vec<Diagnostic>>, Error> {
        let page = match lesson::read(text) {
            Ok(page) => page,
            Err(wrong) => return Ok(Err(wrong)),
        };
        let (mut listings, mut wrong) = (Vec::new(), Vec::new());
        for listing in page.listings.clone() {
            let (language, decision) = lesson::decide(&page, &listing, self.wanted.exercise.as_deref());
            let task = match decision {
                Decision::Skip(why) => Task::Skip(why),
                Decision::Grade { file, exercise } => match self.task(path, &listing, file, exercise)? {
                    Ok(task) => task,
                    Err(mut more) => {
                        wrong.append(&mut more);
                        continue;
                    }
                },
            };
            listings.push((listing, language, task));
        }
        diagnostic::sort(&mut wrong);
        Ok(if wrong.is_empty() { Ok(Planned { path, listings }) } else { Err(wrong) })
    }

    fn task(
        &mut self,
        page: &Path,
        listing: &lesson::Listing,
        file: String,
        choice: Choice,
    ) -> Result<Result<Task, Vec<Diagnostic>>, Error> {
        let (name, span) = match choice {
            Choice::Fitting(all) => return Ok(fitting(listing, file, &all)),
            Choice::Named(name, span) => (name, span),
        };
        // A page names a file as seen from where it lies itself.
        let place = match &span {
            Some(_) if builtin::find(&name).is_none() => page.parent().unwrap_or(Path::new("")).join(&name),
            _ => PathBuf::from(&name),
        };
        if let (Some(span), false) = (span, builtin::find(&name).is_some() || place.exists()) {
            let help = match builtin::suggest(&name) {
                Some(id) => format!("did you mean `{id}`?"),
                None => "`checker exercises` lists the built-in ones; a file is named as seen from the page".to_owned(),
            };
            return Ok(Err(vec![Diagnostic::new(format!("there is no exercise `{name}`"), span).help(help)]));
        }
        let exercise = self.exercise(place)?;
        let fails = lesson::expected_failures(listing, &exercise);
        Ok(fails.map(|fails| {
            let fails = fails.into_iter().map(|id| id.0).collect();
            Task::Grade { file, exercises: vec![exercise], named: true, fails }
        }))
    }

    fn exercise(&mut self, place: PathBuf) -> Result<Exercise, Error> {
        if let Some(known) = self.exercises.get(&place) {
            return Ok(known.clone());
        }
        let exercise = Source::find(&place.to_string_lossy())?.load(self.arguments.color.into())?;
        self.exercises.insert(place, exercise.clone());
        Ok(exercise)
    }

    fn graded(&self, page: &Planned) -> Result<record::Page, Error> {
        let mut listings = Vec::new();
        for (listing, language, task) in &page.listings {
            listings.push(match task {
                Task::Skip(why) => record::Listing::skipped(listing.line, language.name(), self.reason(why, *language)),
                Task::Grade { file, exercises, named, fails } => {
                    let shown = format!("{}:{}", page.path.display(), listing.line);
                    let report = self.best(exercises, |exercise| Trial {
                        listing,
                        language: *language,
                        file,
                        shown: &shown,
                        exercise,
                        limits: self.wanted.limits.over(exercise.limits),
                    })?;
                    // A program that does nothing of what was guessed belongs to another lesson.
                    if !named && fails.is_empty() && report.problem.is_none() && share(&report) == 0.0 {
                        let reason = self.reason(&Skip::NoExercise, *language);
                        record::Listing::skipped(listing.line, language.name(), reason)
                    } else {
                        let held = record::Held { named: *named, fails, file };
                        record::Listing::graded(listing.line, language.name(), &report, held, self.catalogue)
                    }
                }
            });
        }
        Ok(record::Page { path: page.path.display().to_string(), listings })
    }

    /// The report of the exercise that the listing answers best.
    fn best<'e>(&self, exercises: &'e [Exercise], trial: impl Fn(&'e Exercise) -> Trial<'e>) -> Result<Report, Error> {
        let mut best: Option<Report> = None;
        for exercise in exercises {
            let report = lesson::grade(trial(exercise), &self.settings, &mut |event| self.warn(event))?;
            if best.as_ref().is_none_or(|best| share(&report) > share(best)) {
                best = Some(report);
            }
        }
        best.ok_or_else(|| Error::usage(Message::new("hint-exercises-list")))
    }

    /// Tells once what isolation this machine refuses.
    fn warn(&self, event: &RunEvent) {
        if let RunEvent::Isolated(isolation) = event
            && let Some(text) = isolation::reduced(isolation, self.catalogue)
            && !self.warned.replace(true)
        {
            output::stderr(&text, self.arguments.color.into());
        }
    }

    fn reason(&self, why: &Skip, language: Language) -> String {
        let message = match why {
            Skip::PageIsOff => Message::new("lesson-off"),
            Skip::Noted(reason) if reason.is_empty() => Message::new("lesson-noted"),
            Skip::Noted(reason) => Message::literal(reason.clone()),
            Skip::Language => Message::new("lesson-no-program").with("language", language.name()),
            Skip::Partial => Message::new("lesson-partial"),
            Skip::NoExercise => Message::new("lesson-no-exercise"),
        };
        crate::report::safe_line(&self.catalogue.say(&message)).into_owned()
    }

    fn render(&self, found: &record::Lesson, format: Format) -> String {
        match format {
            Format::Human if self.wanted.quiet => found.brief(self.catalogue),
            Format::Human => found.human(self.catalogue),
            Format::Json => found.json(),
            Format::Markdown => found.markdown(self.catalogue),
        }
    }
}

/// The task of a listing whose exercise nobody names: those built-in ones that have the checks which it is noted to fail.
fn fitting(
    listing: &lesson::Listing,
    file: String,
    all: &[&'static builtin::Builtin],
) -> Result<Task, Vec<Diagnostic>> {
    let (mut exercises, mut fails, mut wrong) = (Vec::new(), Vec::new(), Vec::new());
    for exercise in all.iter().map(|builtin| builtin.load()) {
        match lesson::expected_failures(listing, &exercise) {
            Ok(ids) => {
                fails = ids.into_iter().map(|id| id.0).collect();
                exercises.push(exercise);
            }
            Err(more) if wrong.is_empty() => wrong = more,
            Err(_) => {}
        }
    }
    match (exercises.is_empty(), wrong.is_empty()) {
        (false, _) => Ok(Task::Grade { file, exercises, named: false, fails }),
        (true, false) => Err(wrong),
        (true, true) => Err(lesson::no_exercise(listing)),
    }
}

/// Which part of the points was earned.
fn share(report: &Report) -> f64 {
    f64::from(report.score.earned.unwrap_or(0)) / f64::from(report.score.possible.max(1))
}

fn text(path: &Path) -> Result<String, Error> {
    let file = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|error| {
        Error::usage(Message::new("error-read").with("file", file.clone()).with("error", error.to_string()))
    })?;
    String::from_utf8(bytes).map_err(|_| Error::usage(Message::new("error-page-not-utf8").with("file", file)))
}
