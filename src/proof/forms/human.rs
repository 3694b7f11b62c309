//! The proof for the person at the terminal.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr as _;

use super::table::{self, Cell, Expected};
use crate::locale::{Catalogue, space_after};
use crate::message::Message;
use crate::proof::model::{Conclusion, Mutations, Proof, Role, Subject};
use crate::report::{Detail, safe_line};

/// How many columns a cell takes.
const CELL: usize = 4;

/// How many requests are listed that an alteration goes unnoticed in.
const LISTED: usize = 4;

const GOOD: anstyle::Style = anstyle::AnsiColor::Green.on_default().bold();
const BAD: anstyle::Style = anstyle::AnsiColor::Red.on_default().bold();
const QUIET: anstyle::Style = anstyle::Style::new().dimmed();
const TITLE: anstyle::Style = anstyle::Style::new().bold();

/// The matrix, what the checks catch, what no check notices, and the findings.
#[must_use]
pub fn human(proof: &Proof, catalogue: &Catalogue, detail: Detail) -> String {
    let mut page = Page { proof, catalogue, text: String::new() };
    if detail > Detail::Quiet {
        page.head();
        page.matrix();
        page.checks();
        if let Some(mutations) = &proof.mutations {
            page.mutations(mutations, detail);
        }
        page.findings();
    }
    page.end();
    page.text
}

fn style(expected: Expected) -> anstyle::Style {
    match expected {
        Expected::AsExpected => anstyle::Style::new(),
        Expected::Otherwise => BAD,
    }
}

struct Page<'a> {
    proof: &'a Proof,
    catalogue: &'a Catalogue,
    text: String,
}

impl Page<'_> {
    fn head(&mut self) {
        let exercise = &self.proof.exercise;
        let title = safe_line(&exercise.title);
        let _ = writeln!(self.text, "{TITLE}{title}{TITLE:#} ({} {})", exercise.id, exercise.version);
        let _ = writeln!(self.text, "{}", table::counts(self.proof, self.catalogue));
    }

    fn matrix(&mut self) {
        let names = self.proof.subjects.iter().map(|subject| safe_line(&subject.name).width());
        let width = names.max().unwrap_or(0);
        let numbers: String = (1..=self.proof.checks.len()).map(|number| format!("{number:<CELL$}")).collect();
        for (heading, subjects) in table::kinds(self.proof) {
            let heading = self.catalogue.label(heading);
            let space = (width + 4).saturating_sub(heading.width());
            let _ =
                writeln!(self.text, "\n{TITLE}{heading}{TITLE:#}{:space$}{QUIET}{}{QUIET:#}", "", numbers.trim_end());
            for subject in subjects {
                self.row(subject, width);
            }
        }
    }

    fn row(&mut self, subject: &Subject, width: usize) {
        let name = safe_line(&subject.name);
        let space = width - name.width();
        let mut line = format!("  {name}{:space$}  ", "");
        for (place, check) in self.proof.checks.iter().enumerate() {
            let cell = Cell::of(subject, place, &check.id);
            let style = style(cell.expected);
            let space = CELL - cell.sign().chars().count();
            let _ = write!(line, "{style}{}{style:#}{:space$}", cell.sign(), "");
        }
        if let Some((problem, expected)) = table::problem(subject) {
            let style = style(expected);
            let _ = write!(line, "{style}{}{style:#}", safe_line(&problem));
        }
        let _ = writeln!(self.text, "{}", line.trim_end());
    }

    fn checks(&mut self) {
        let _ = writeln!(self.text, "\n{TITLE}{}{TITLE:#}", self.catalogue.label("proof-checks"));
        let width = self.proof.checks.iter().map(|check| check.id.len()).max().unwrap_or(0);
        let has_mistakes = self.proof.subjects.iter().any(|subject| subject.role == Role::Mistake);
        for (place, check) in self.proof.checks.iter().enumerate() {
            let count = Message::new("proof-caught").with("count", check.caught.len());
            let style = if check.caught.is_empty() && has_mistakes { BAD } else { QUIET };
            let count = self.catalogue.say(&count);
            let _ = writeln!(self.text, "  {:<CELL$}{:width$}  {style}{count}{style:#}", place + 1, check.id);
        }
    }

    fn mutations(&mut self, mutations: &Mutations, detail: Detail) {
        let label = self.catalogue.label("proof-mutations");
        let score = table::score(mutations, self.catalogue);
        let _ = writeln!(self.text, "\n{TITLE}{label}{TITLE:#}\n  {score}");
        for remark in table::remarks(mutations, self.catalogue) {
            let _ = writeln!(self.text, "  {remark}");
        }
        let survivors = table::survivors(mutations);
        if !survivors.is_empty() {
            let _ = writeln!(self.text, "  {}", self.catalogue.label("proof-survivors"));
        }
        for (what, requests) in survivors {
            let listed = if detail == Detail::Verbose { usize::MAX } else { LISTED };
            let more = requests.len().saturating_sub(listed);
            let more = (more > 0).then(|| self.catalogue.say(&Message::new("book-more").with("count", more)));
            let requests = requests.iter().take(listed).map(|request| safe_line(request).into_owned());
            let requests: Vec<_> = requests.chain(more).collect();
            let separator = self.catalogue.label("list-comma");
            let _ = writeln!(self.text, "    {}{QUIET}  {}{QUIET:#}", safe_line(what), requests.join(&separator));
        }
        if detail == Detail::Verbose && !mutations.left_out.is_empty() {
            let _ = writeln!(self.text, "  {}", self.catalogue.label("proof-left-out"));
            for left in &mutations.left_out {
                let _ = writeln!(self.text, "    {}", safe_line(left));
            }
        }
    }

    fn findings(&mut self) {
        if !self.proof.findings.is_empty() {
            let _ = writeln!(self.text, "\n{TITLE}{}{TITLE:#}", self.catalogue.label("proof-findings-heading"));
        }
        for finding in &self.proof.findings {
            let _ = writeln!(self.text, "  {BAD}✘{BAD:#} {}", safe_line(&finding.message));
            let label = self.catalogue.label("proof-see");
            for report in &finding.reports {
                let _ = writeln!(self.text, "    {label}{}{}", space_after(&label), safe_line(report));
            }
        }
    }

    fn end(&mut self) {
        let style = if self.proof.conclusion == Conclusion::Proven { GOOD } else { BAD };
        let line = table::conclusion(self.proof, self.catalogue);
        let blank = if self.text.is_empty() { "" } else { "\n" };
        let _ = writeln!(self.text, "{blank}{style}{line}{style:#}");
    }
}
