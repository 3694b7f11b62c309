//! The report for the person at the terminal.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr as _;

use super::model::{Check, Exchange, Report, Verdict};
use super::{explain, safe};
use crate::locale::{self, Catalogue};
use crate::message::Message;

/// How much is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// The verdict alone, in a line.
    Quiet,
    /// Every check; of those that failed, why.
    #[default]
    Normal,
    /// Also every exchange and the server's log.
    Verbose,
}

/// How many columns a line of quoted text may take.
const WIDTH: usize = 100;
/// How many lines of the server's log are shown for a problem.
const LOG_LINES: usize = 12;

/// The report as lines for a terminal of any width, coloured with ANSI sequences for whoever prints it to
/// strip or to keep. Nothing of the submission's own text can be a sequence.
#[must_use]
pub fn human(report: &Report, catalogue: &Catalogue, detail: Detail) -> String {
    let mut page = Page { report, catalogue, text: String::new() };
    if detail > Detail::Quiet {
        page.head();
        page.problem();
        page.checks(detail);
    }
    if detail == Detail::Verbose {
        page.server();
    }
    page.verdict(detail);
    page.text
}

struct Page<'a> {
    report: &'a Report,
    catalogue: &'a Catalogue,
    text: String,
}

pub(super) mod style {
    use anstyle::{AnsiColor, Style};

    pub(in super::super) const GOOD: Style = AnsiColor::Green.on_default().bold();
    pub(in super::super) const BAD: Style = AnsiColor::Red.on_default().bold();
    pub(in super::super) const SKIPPED: Style = AnsiColor::Yellow.on_default();
    pub(in super::super) const HINT: Style = AnsiColor::Cyan.on_default().bold();
    pub(in super::super) const QUIET: Style = Style::new().dimmed();
    pub(in super::super) const TITLE: Style = Style::new().bold();
}

/// The sign of a verdict and its style.
pub(super) const fn mark(verdict: Verdict) -> (anstyle::Style, &'static str) {
    match verdict {
        Verdict::Passed => (style::GOOD, "✔"),
        Verdict::Failed => (style::BAD, "✘"),
        Verdict::Skipped => (style::SKIPPED, "-"),
        Verdict::Error => (style::SKIPPED, "?"),
    }
}

pub(super) fn styled(style: anstyle::Style, text: impl std::fmt::Display) -> String {
    format!("{style}{text}{style:#}")
}

impl Page<'_> {
    fn label(&self, id: &'static str) -> String {
        self.catalogue.label(id)
    }

    fn line(&mut self, indent: usize, text: impl AsRef<str>) {
        let text = text.as_ref().trim_end();
        let _ = writeln!(self.text, "{:indent$}{text}", "");
    }

    fn head(&mut self) {
        let submission = &self.report.submission;
        let title = styled(style::TITLE, safe::line(&self.report.exercise.title));
        let kind = submission.kind.as_deref().map(|kind| format!(" ({kind})")).unwrap_or_default();
        let address = self.report.server.as_ref().and_then(|server| server.address.as_deref());
        let address = address.map(|address| format!(" · http://{address}")).unwrap_or_default();
        let path = &submission.path;
        self.line(0, title);
        self.line(0, styled(style::QUIET, safe::line(&format!("{path}{kind}{address}"))));
        self.text.push('\n');
    }

    /// Why the submission as a whole could not be graded, with the end of the server's log.
    fn problem(&mut self) {
        let Some(problem) = &self.report.problem else { return };
        let message = safe::line(&problem.message).into_owned();
        self.line(0, format!("{} {message}", styled(style::BAD, "✘")));
        if let Some(server) = &self.report.server {
            let log = if server.stderr.trim().is_empty() { &server.stdout } else { &server.stderr };
            let lines: Vec<_> = safe::log_lines(log.trim_end()).map(|line| shorten(&line, WIDTH)).collect();
            if !lines.is_empty() {
                self.text.push('\n');
                self.line(4, styled(style::QUIET, self.label("label-log")));
                for line in &lines[lines.len().saturating_sub(LOG_LINES)..] {
                    self.line(6, line);
                }
            }
        }
        if let Some(hint) = &problem.hint {
            self.text.push('\n');
            self.hint(4, hint);
        }
        self.text.push('\n');
    }

    fn hint(&mut self, indent: usize, hint: &str) {
        let label = styled(style::HINT, self.label("label-hint"));
        let hint = safe::line(hint).into_owned();
        let space = locale::space_after(&self.label("label-hint"));
        self.line(indent, format!("{label}{space}{hint}"));
    }

    fn checks(&mut self, detail: Detail) {
        let ids = self.report.checks.iter().map(|check| check.id.width()).max().unwrap_or(0);
        let titles = self.report.checks.iter().map(|check| check.title.width()).max().unwrap_or(0);
        let could_run = self.report.problem.is_none();
        for check in &self.report.checks {
            self.check_line(check, ids, titles);
            let is_undecided = check.verdict == Verdict::Error && !check.mismatches.is_empty();
            if (check.verdict == Verdict::Failed || is_undecided) && could_run {
                let explained = explain::explained_before(self.report, check);
                self.why(check, explained);
            } else if detail == Detail::Verbose {
                check.exchanges.iter().for_each(|exchange| self.exchange(exchange));
            }
        }
    }

    fn check_line(&mut self, check: &Check, ids: usize, titles: usize) {
        let (style, mark) = mark(check.verdict);
        let id = pad(&safe::line(&check.id), ids + 4);
        let earned = check.points.earned.map_or_else(|| "–".to_owned(), |earned| earned.to_string());
        let points = format!("{earned}/{}", check.points.possible);
        let title = pad(&safe::line(&check.title), titles + 4);
        let because = check.because.as_ref().map(|id| {
            let message = Message::new("skipped-because").with("check", safe::line(id).into_owned());
            format!("  {}", styled(style::QUIET, self.catalogue.say(&message)))
        });
        let because = because.unwrap_or_default();
        self.line(0, format!("{} {}{title}{points}{because}", styled(style, mark), styled(style, id)));
    }

    /// Everything that explains a failed check: the request, expected beside actual, the server's own
    /// error, hints, and a command to try.
    fn why(&mut self, check: &Check, explained: Option<&Check>) {
        let exchange = explain::decisive(check);
        if let Some(exchange) = exchange {
            let request = explain::request(exchange, self.catalogue);
            self.line(4, request);
        }
        if check.mismatches.is_empty() {
            self.line(4, styled(style::QUIET, self.label("check-details-withheld")));
        }
        self.expected_and_actual(check, exchange);
        self.said(check);
        match explained {
            Some(earlier) => {
                let message = Message::new("hint-as-above").with("check", earlier.id.clone());
                self.hint(4, &self.catalogue.say(&message));
            }
            None => self.cause(check),
        }
        if let Some(exchange) = exchange {
            let label = self.label("label-try");
            let (space, label) = (locale::space_after(&label), pad(&label, self.label("label-hint").width()));
            self.line(4, format!("{}{space}{}", styled(style::QUIET, label), safe::line(&exchange.curl)));
        }
        self.text.push('\n');
    }

    /// The end of what the check's own program said.
    fn said(&mut self, check: &Check) {
        let lines = explain::said(check);
        if !lines.is_empty() {
            self.line(4, styled(style::QUIET, self.label("label-program-said")));
        }
        for line in lines {
            self.line(6, shorten(&line, WIDTH));
        }
    }

    /// The server's own error and the hints.
    fn cause(&mut self, check: &Check) {
        if let Some(error) = explain::server_error(check, self.catalogue) {
            self.line(4, styled(style::BAD, error));
        }
        for hint in &check.hints {
            self.hint(4, hint);
        }
    }

    fn expected_and_actual(&mut self, check: &Check, exchange: Option<&Exchange>) {
        let Some(first) = check.mismatches.first() else { return };
        let labels = [self.label("label-expected"), self.label("label-actual")];
        let width = labels.iter().map(|label| label.width()).max().unwrap_or(0) + 2;
        let (expected, actual) = explain::expected_and_actual(check, exchange, self.catalogue);
        let texts = [expected, actual].map(|text| text.map(|text| shorten(&safe::line(&text), WIDTH)));
        for (label, text) in labels.iter().zip(&texts) {
            if let Some(text) = text {
                self.line(6, format!("{}{text}", styled(style::QUIET, pad(label, width))));
            }
        }
        if let ("body", [Some(expected), Some(actual)]) = (first.what.as_str(), &texts)
            && let Some(marks) = difference(expected, actual)
        {
            self.line(6 + width, styled(style::BAD, marks));
        }
        for more in check.mismatches.iter().skip(1) {
            self.line(6, safe::line(&more.message));
        }
    }

    /// One exchange, for the verbose report.
    fn exchange(&mut self, exchange: &Exchange) {
        let request = explain::request(exchange, self.catalogue);
        let what_came = match (&exchange.response, &exchange.failure) {
            (Some(response), _) => {
                let body = shorten(&safe::line(response.body.text.trim()), 60);
                format!("{} `{body}`", explain::status_line(response.status))
            }
            (None, Some(failure)) => safe::line(&failure.message).into_owned(),
            (None, None) => String::new(),
        };
        self.line(
            4,
            format!("{request} → {what_came} {}", styled(style::QUIET, format!("{} ms", exchange.elapsed_ms))),
        );
    }

    fn server(&mut self) {
        let Some(server) = &self.report.server else { return };
        let isolation = &self.report.isolation;
        let seed = self.report.seed;
        self.text.push('\n');
        self.line(0, styled(style::QUIET, format!("$ {}", safe::line(&server.command.join(" ")))));
        let (stdout, stderr) = (server.stdout.trim_end(), server.stderr.trim_end());
        for line in safe::log_lines(stdout).chain(safe::log_lines(stderr)) {
            self.line(2, shorten(&line, WIDTH));
        }
        let facts = Message::new("run-facts")
            .with("seed", seed.to_string())
            .with("isolation", safe::line(&isolation.level).into_owned())
            .with("survivors", server.survivors);
        self.line(0, styled(style::QUIET, self.catalogue.say(&facts)));
    }

    fn verdict(&mut self, detail: Detail) {
        let report = self.report;
        let style = match report.verdict {
            Verdict::Passed => style::GOOD,
            Verdict::Error => style::SKIPPED,
            Verdict::Failed | Verdict::Skipped => style::BAD,
        };
        if detail > Detail::Quiet && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
        let said = explain::verdict(report, self.catalogue);
        let name =
            if detail == Detail::Quiet { format!("{}: ", safe::line(&report.submission.path)) } else { String::new() };
        self.line(0, format!("{name}{}", styled(style, said)));
    }
}

/// A line of carets under the characters of `actual` that differ from `expected`, where both are one value
/// and the two begin or end alike; nothing where they have nothing in common.
fn difference(expected: &str, actual: &str) -> Option<String> {
    let expected: Vec<char> = expected.strip_prefix('`')?.strip_suffix('`')?.chars().collect();
    let actual: Vec<char> = actual.chars().collect();
    let same = expected.iter().zip(&actual).take_while(|(a, b)| a == b).count();
    let alike = expected.iter().zip(&actual).filter(|(a, b)| a.eq_ignore_ascii_case(b)).count();
    if same < 3 && alike * 2 < expected.len().max(actual.len()) {
        return None;
    }
    let longest = expected.len().max(actual.len());
    let mut marks = String::new();
    for place in 0..longest.min(WIDTH) {
        let wrong = expected.get(place) != actual.get(place);
        let width = actual.get(place).map_or(1, |c| c.to_string().width());
        marks.push_str(&if wrong { "^" } else { " " }.repeat(width));
    }
    Some(marks.trim_end().to_owned()).filter(|marks| !marks.is_empty())
}

/// The text in at most so many columns.
pub(super) fn shorten(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut width = 0;
    for character in text.chars() {
        width += unicode_width::UnicodeWidthChar::width(character).unwrap_or(0);
        if width >= columns {
            break;
        }
        kept.push(character);
    }
    kept.push('…');
    kept
}

/// The text with spaces up to a width in columns; a Chinese character takes two.
pub(super) fn pad(text: &str, columns: usize) -> String {
    format!("{text}{:1$}", "", columns.saturating_sub(text.width()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_of_case_is_marked_in_its_place() {
        assert_eq!(difference("`AbCd`", "ABCd").as_deref(), Some(" ^"));
    }

    #[test]
    fn what_was_cut_off_is_marked() {
        assert_eq!(difference("`abcdef`", "abcd").as_deref(), Some("    ^^"));
    }

    #[test]
    fn texts_with_nothing_in_common_are_not_marked() {
        assert_eq!(difference("`None`", "Tue Nov 24"), None);
    }

    #[test]
    fn chinese_characters_count_two_columns() {
        assert_eq!(pad("时间", 6), "时间  ");
        assert_eq!(shorten("时间时间", 5), "时间…");
    }
}
