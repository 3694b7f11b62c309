//! The gradebook as Markdown, for a wiki or an issue.

use std::fmt::Write as _;

use super::human::counts;
use super::{Gradebook, Row, State};
use crate::locale::Catalogue;
use crate::message::Message;
use crate::report::{Verdict, safe_line};

/// Heading, counts, a table and the causes.
#[must_use]
pub fn markdown(gradebook: &Gradebook, catalogue: &Catalogue) -> String {
    let mut page = format!("# {}\n\n{}\n\n", text(&gradebook.title), text(&counts(gradebook, catalogue)));
    let headings = ["book-name", "book-state", "book-points-heading"].map(|id| catalogue.label(id));
    let checks: Vec<_> = gradebook.checks.iter().map(|check| text(&check.id)).collect();
    let headings: Vec<_> = headings.into_iter().chain(checks).collect();
    let _ = writeln!(page, "| {} |", headings.join(" | "));
    let _ = writeln!(page, "|{}", " --- |".repeat(headings.len()));
    for row in &gradebook.rows {
        let cells = [text(&row.name()), state(row, catalogue), points(gradebook, row)];
        let checks = gradebook.checks.iter().map(|check| sign(row.verdict_of(&check.id)).to_owned());
        let cells: Vec<_> = cells.into_iter().chain(checks).collect();
        let _ = writeln!(page, "| {} |", cells.join(" | "));
    }
    let causes = super::causes(gradebook);
    if !causes.is_empty() {
        let _ = writeln!(page, "\n## {}\n", catalogue.label("book-causes"));
    }
    for cluster in causes {
        let _ = writeln!(page, "- {}: {}", cluster.rows.len(), text(&cluster.said));
    }
    page
}

/// The state in the reader's language.
pub(super) fn state(row: &Row, catalogue: &Catalogue) -> String {
    let id = match &row.state {
        State::Graded(graded) if graded.report.verdict == Verdict::Passed => "verdict-word-passed",
        State::Graded(_) => "verdict-word-failed",
        State::NotGraded(_) => "book-not-graded",
        State::Waiting => "book-waiting",
        State::Missing => "book-missing",
    };
    let mut words = vec![catalogue.label(id)];
    if row.is_late() {
        words.push(catalogue.label("book-late"));
    }
    if row.is_flaky() {
        words.push(catalogue.label("book-flaky"));
    }
    if row.attempts.len() > 1 {
        words.push(catalogue.say(&Message::new("book-attempts").with("count", row.attempts.len())));
    }
    words.join(&catalogue.label("list-comma"))
}

/// `7/10`, or nothing.
pub(super) fn points(gradebook: &Gradebook, row: &Row) -> String {
    match (row.state.earned(), gradebook.possible) {
        (Some(earned), Some(possible)) => format!("{earned}/{possible}"),
        _ => String::new(),
    }
}

/// A verdict as a sign.
pub(super) fn sign(verdict: &str) -> &'static str {
    match verdict {
        "passed" => "✔",
        "failed" => "✘",
        "skipped" => "–",
        "error" => "?",
        _ => "",
    }
}

/// A text in which nothing is Markdown or HTML.
fn text(raw: &str) -> String {
    let mut safe = String::new();
    for character in safe_line(raw).chars() {
        match character {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '#' | '|' | '~' | '!' | '$' | '@' => {
                safe.extend(['\\', character]);
            }
            other => safe.push(other),
        }
    }
    safe
}
