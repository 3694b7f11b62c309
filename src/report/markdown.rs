//! Markdown for a pull request's comment or a step's summary: at most 60 KiB, whatever the submission said.
//!
//! What people wrote stands in code or is escaped, so that none of it links, mentions anybody, closes an issue or
//! becomes HTML. A word that GitHub would act on even so (`@name`, `#1`, an address) is set as code.

use std::fmt::Write as _;

use super::explain::{self, Why};
use super::model::{Check, Report, Verdict};
use super::safe;
use crate::locale::Catalogue;
use crate::message::Message;

/// A comment may have 65,536 characters; a reader that counts bytes is satisfied too.
const MOST: usize = 60 * 1024;
/// What is kept back for the end.
const END: usize = 1024;

/// The report as GitHub-flavoured Markdown.
#[must_use]
pub fn markdown(report: &Report, catalogue: &Catalogue) -> String {
    let mut page = Page { report, catalogue, text: String::new(), left_out: 0 };
    page.head();
    page.table();
    for check in &report.checks {
        page.details(check);
    }
    page.log();
    page.foot();
    page.text
}

struct Page<'a> {
    report: &'a Report,
    catalogue: &'a Catalogue,
    text: String,
    left_out: i64,
}

impl Page<'_> {
    /// Adds a part if there is room for it; a part is never cut.
    fn add(&mut self, part: &str) {
        if self.text.len() + part.len() + END > MOST {
            self.left_out += 1;
        } else {
            self.text.push_str(part);
        }
    }

    fn head(&mut self) {
        let report = self.report;
        let title = cell(&report.exercise.title);
        let verdict = explain::verdict(report, self.catalogue);
        self.add(&format!("## {} {title}\n\n**{}**\n\n", mark(report.verdict), escaped(&verdict)));
        let kind = report.submission.kind.as_deref().map(|kind| format!(" ({})", escaped(kind)));
        self.add(&format!("{}{}\n\n", code(&report.submission.path), kind.unwrap_or_default()));
        let Some(problem) = &report.problem else { return };
        let mut part = format!("> {}\n", prose(&problem.message));
        if let Some(hint) = &problem.hint {
            let _ = writeln!(part, ">\n> {}", self.labelled("label-hint", &prose(hint)));
        }
        part.push('\n');
        self.add(&part);
    }

    fn table(&mut self) {
        let label = |id| self.catalogue.label(id);
        let heads = [label("label-check"), label("label-title"), label("label-points")];
        self.add(&format!("| | {} |\n|---|---|---|--:|\n", heads.join(" | ")));
        for check in &self.report.checks {
            let earned = check.points.earned.map_or_else(|| "–".to_owned(), |earned| earned.to_string());
            let because = check.because.as_ref().map(|id| {
                let message = Message::new("skipped-because").with("check", safe::line(id).into_owned());
                format!(" ({})", prose(&self.catalogue.say(&message)))
            });
            self.add(&format!(
                "| {} | {} | {}{} | {earned}/{} |\n",
                mark(check.verdict),
                code(&check.id),
                cell(&check.title),
                because.unwrap_or_default().replace('|', "\\|"),
                check.points.possible
            ));
        }
        self.add("\n");
    }

    fn details(&mut self, check: &Check) {
        // What belongs to the submission as a whole is said once, above the table.
        let said = check.mismatches.is_empty() && check.hints.is_empty() && self.report.problem.is_some();
        if check.verdict != Verdict::Failed || said {
            return;
        }
        let mut why = Why::of(self.report, check, self.catalogue);
        let (mut hints, curl) = (std::mem::take(&mut why.hints), why.curl.take());
        if let Some(earlier) = explain::explained_before(self.report, check) {
            let message = Message::new("hint-as-above").with("check", safe::line(&earlier.id).into_owned());
            hints = vec![self.catalogue.say(&message)];
            why.server_error = None;
        }
        let lines = why.lines(self.catalogue);
        let mut part = format!("### {} {}\n\n", code(&check.id), cell(&check.title));
        part.push_str(&fenced("text", &lines.join("\n")));
        for hint in hints {
            let _ = writeln!(part, "- {}", self.labelled("label-hint", &prose(&hint)));
        }
        if let Some(curl) = &curl {
            let _ = write!(part, "\n{}\n\n{}", self.catalogue.label("label-try"), fenced("sh", curl));
        }
        part.push('\n');
        self.add(&part);
    }

    /// The end of the server's log, where the whole submission has a problem.
    fn log(&mut self) {
        let (Some(_), Some(server)) = (&self.report.problem, &self.report.server) else { return };
        let log = if server.stderr.trim().is_empty() { &server.stdout } else { &server.stderr };
        let lines: Vec<_> = safe::log_lines(log.trim_end()).map(|line| explain::cut(&line, 200)).collect();
        if lines.is_empty() {
            return;
        }
        let label = self.catalogue.label("label-log");
        let end = &lines[lines.len().saturating_sub(40)..];
        self.add(&format!(
            "<details><summary>{label}</summary>\n\n{}\n</details>\n\n",
            fenced("text", &end.join("\n"))
        ));
    }

    fn foot(&mut self) {
        if self.left_out > 0 {
            let message = Message::new("parts-left-out").with("parts", Message::literal(self.left_out.to_string()));
            let _ = writeln!(self.text, "{}\n", self.catalogue.say(&message));
        }
        let version = escaped(&self.report.checker.version);
        let seed = self.report.seed;
        let _ = writeln!(self.text, "<sub>checker {version} · {} {seed}</sub>", self.catalogue.label("label-seed"));
    }

    /// The space is there in every language: Markdown does not end what is bold between a colon and a letter.
    fn labelled(&self, id: &'static str, text: &str) -> String {
        format!("**{}** {text}", self.catalogue.label(id))
    }
}

fn mark(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Passed => "✅",
        Verdict::Failed => "❌",
        Verdict::Skipped => "⏭️",
        Verdict::Error => "⚠️",
    }
}

/// A sentence of ours that may quote others: what stands between backticks stays code, the rest is escaped.
pub(super) fn prose(text: &str) -> String {
    let text = explain::cut(&safe::line(text), 1000);
    let parts: Vec<_> = text.split('`').collect();
    // Without a partner the last backtick opens nothing.
    let paired = parts.len() % 2 == 1;
    let part = |(place, part): (usize, &&str)| match place % 2 {
        1 if paired || place + 1 < parts.len() => code(part),
        _ => words(part),
    };
    parts.iter().enumerate().map(part).collect()
}

/// A line in a heading or in a table's cell, where a bar would end it even inside code.
pub(super) fn cell(text: &str) -> String {
    prose(text).replace('|', "\\|").replace("\\\\|", "\\|")
}

/// Text with every character escaped that means something, and the words that GitHub acts on as code.
fn words(text: &str) -> String {
    let acted_on = |word: &str| ["@", "#", "://", "www."].iter().any(|sign| word.contains(sign));
    let word = |word: &str| if acted_on(word) { code(word) } else { escaped(word) };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 8);
    for character in safe::line(text).chars() {
        if character.is_ascii_punctuation() && !matches!(character, '.' | ',' | ':' | ';' | '/' | '-' | '\'' | '"') {
            safe.push('\\');
        }
        safe.push(character);
    }
    safe
}

/// Code in a line, between more backticks than it has in a row.
pub(super) fn code(text: &str) -> String {
    let text = explain::cut(&safe::line(text), 200);
    let ticks = "`".repeat(longest_run(&text) + 1);
    let space = if text.starts_with('`') || text.ends_with('`') || text.trim().is_empty() { " " } else { "" };
    format!("{ticks}{space}{text}{space}{ticks}")
}

/// A block of code, between longer fences than it has in itself.
fn fenced(language: &str, text: &str) -> String {
    let ticks = "`".repeat((longest_run(text) + 1).max(3));
    format!("{ticks}{language}\n{text}\n{ticks}\n")
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}
