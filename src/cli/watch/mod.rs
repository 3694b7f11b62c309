//! `checker watch`: grade one submission again whenever it is saved.

mod eye;
mod files;
mod screen;

use self::eye::Eye;
use self::files::Files;
use self::screen::Screen;
use super::args::{Arguments, Watch};
use super::error::Error;
use super::exercises::{Source, program_files};
use super::run::{self, Teller};
use super::{Ending, output};
use crate::event::RunEvent;
use crate::locale::Catalogue;
use crate::report::Report;
use crate::runner::{Interruption, RunError, Wanted};
use crate::sandbox;

/// Grades until a signal comes. What the user could not mean at the start is told as `run` does; later it is a state
/// that the next save mends.
pub(super) fn watch(wanted: &Watch, arguments: &Arguments, catalogue: &Catalogue) -> Result<Ending, Error> {
    sandbox::close_to_others();
    wanted.asked.reports.writable()?;
    let signals = Interruption::by_signals().map_err(RunError::Machine)?;
    let reports = wanted.asked.reports.output.iter().map(|output| output.file.clone());
    let files = Files::new(&wanted.path, Source::file(&wanted.asked.exercise), reports);
    let eye = Eye::open(files).map_err(RunError::Machine)?;
    let mut watching = Watching {
        wanted,
        arguments,
        catalogue,
        teller: Teller::new(&wanted.asked, arguments, catalogue),
        screen: Screen::new(wanted, arguments, catalogue),
        eye,
    };
    watching.first(&signals)?;
    loop {
        let interruption = watching.once(&signals)?;
        if !output::is_read() {
            return Ok(Ending::Fine);
        }
        match interruption.wait().map_err(RunError::Machine)? {
            RunError::Outdated => {}
            other => return Err(other.into()),
        }
    }
}

struct Watching<'a> {
    wanted: &'a Watch,
    arguments: &'a Arguments,
    catalogue: &'a Catalogue,
    teller: Teller<'a>,
    screen: Screen<'a>,
    eye: Eye,
}

impl Watching<'_> {
    /// Whether there is anything to watch. An exercise file that does not hold is one that its author works on.
    fn first(&self, signals: &Interruption) -> Result<(), Error> {
        match run::plan(&self.wanted.asked, self.arguments) {
            Ok(_) | Err(Error::Exercise(_)) => {}
            Err(other) => return Err(other),
        }
        run::submitted(&self.wanted.path, &self.wanted.asked, signals.clone()).map(|_| ())
    }

    /// One run, or what is in its way. Gives what says when there is a reason for the next.
    fn once(&mut self, signals: &Interruption) -> Result<Interruption, Error> {
        let (saved, interruption) = self.eye.next(signals);
        self.screen.begins(&saved);
        let graded = self.graded(&interruption);
        self.eye.over();
        match graded {
            Ok(Some(report)) => self.screen.shows(&report)?,
            Ok(None) => return Ok(interruption),
            Err(error @ (Error::Usage(..) | Error::Exercise(_))) => self.screen.refuses(&error)?,
            Err(error) => return Err(error),
        }
        self.screen.waits();
        Ok(interruption)
    }

    /// The report; none if a change ended the run.
    fn graded(&mut self, interruption: &Interruption) -> Result<Option<Report>, Error> {
        let plan = run::plan(&self.wanted.asked, self.arguments)?;
        if let Some(folder) = &plan.exercise.folder {
            self.eye.also(program_files(&plan.exercise, folder));
        }
        let (target, config) = run::submitted(&self.wanted.path, &self.wanted.asked, interruption.clone())?;
        if config.isolation == Wanted::None {
            self.eye.in_place();
        }
        let (eye, teller) = (&self.eye, &mut self.teller);
        let graded = run::grade(&plan, &target, &config, self.catalogue, &mut |event| {
            if matches!(event, RunEvent::Isolated(isolation) if isolation.level == "none") {
                eye.in_place();
            }
            teller.event(event, &plan);
        });
        match graded {
            Ok(report) => Ok(Some(report)),
            Err(RunError::Outdated) => Ok(None),
            Err(other) => Err(other.into()),
        }
    }
}
