//! What is shown while a submission is watched: on a terminal one report, drawn anew; elsewhere one after another.

use std::io::IsTerminal as _;

use super::super::args::{Arguments, Watch};
use super::super::error::Error;
use super::super::format::Format;
use super::super::output;
use crate::locale::Catalogue;
use crate::message::Message;
use crate::report::{self, Report, safe_line};

/// Erases the screen and begins at its top left corner (ECMA-48: ED, CUP).
const CLEAR: &str = "\x1b[2J\x1b[H";

/// How many names of saved files are told.
const NAMES: usize = 3;

/// Where reports go.
pub(super) struct Screen<'a> {
    wanted: &'a Watch,
    catalogue: &'a Catalogue,
    color: anstream::ColorChoice,
    form: Form,
    last: Option<Report>,
    runs: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// A terminal, which is cleared.
    Drawn,
    /// Reports for people, with a line between two.
    Listed,
    /// Reports for programs: the line goes to standard error.
    Data,
}

impl<'a> Screen<'a> {
    pub(super) fn new(wanted: &'a Watch, arguments: &Arguments, catalogue: &'a Catalogue) -> Self {
        let form = match wanted.asked.reports.format {
            Format::Human if std::io::stdout().is_terminal() => Form::Drawn,
            Format::Human => Form::Listed,
            _ => Form::Data,
        };
        Self { wanted, catalogue, color: arguments.color.into(), form, last: None, runs: 0 }
    }

    /// A run begins, because these files were saved.
    pub(super) fn begins(&mut self, saved: &[String]) {
        self.runs += 1;
        if self.runs == 1 || self.wanted.asked.reports.quiet {
            return;
        }
        let mut names: Vec<_> = saved.iter().take(NAMES).map(|name| format!("`{}`", safe_line(name))).collect();
        if saved.len() > NAMES {
            names.push("…".to_owned());
        }
        let names = names.join(&self.catalogue.label("list-comma"));
        let line = self.catalogue.say(&Message::new("watch-saved").with("names", names));
        match self.form {
            Form::Drawn => output::stderr(&format!("{line}\n"), self.color),
            // If nobody reads it, nobody misses it; the report that follows would say so.
            Form::Listed => drop(output::stdout(&format!("\n──── {line} ────\n\n"), self.color)),
            Form::Data => output::stderr(&format!("──── {line} ────\n"), self.color),
        }
    }

    /// A run has its report.
    pub(super) fn shows(&mut self, report: &Report) -> Result<(), Error> {
        let reports = &self.wanted.asked.reports;
        self.clear()?;
        reports.write(report, self.color, self.catalogue)?;
        let shown = report::view(report, reports.audience(), self.catalogue);
        if let Some(last) = &self.last
            && !reports.quiet
        {
            let text = report::changes(last, &shown, self.catalogue);
            match self.form {
                Form::Data => output::stderr(&text, self.color),
                Form::Drawn | Form::Listed => output::stdout(&text, self.color)?,
            }
        }
        self.last = Some(shown);
        Ok(())
    }

    /// There can be no run until somebody mends this.
    pub(super) fn refuses(&mut self, error: &Error) -> Result<(), Error> {
        self.clear()?;
        error.tell(self.catalogue, self.color);
        Ok(())
    }

    /// Nothing happens until somebody saves.
    pub(super) fn waits(&self) {
        if !self.wanted.asked.reports.quiet {
            let path = self.wanted.path.display().to_string();
            let line = self.catalogue.say(&Message::new("watch-waits").with("path", safe_line(&path).into_owned()));
            output::stderr(&format!("{line}\n"), self.color);
        }
    }

    fn clear(&self) -> Result<(), Error> {
        match self.form {
            // Clearing is not colour: it is not stripped with it.
            Form::Drawn => output::stdout(CLEAR, anstream::ColorChoice::AlwaysAnsi),
            Form::Listed | Form::Data => Ok(()),
        }
    }
}
