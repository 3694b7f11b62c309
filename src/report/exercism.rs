//! Exercism's `results.json`, version 3 of its test runners' interface.
//!
//! `error` is both what could not be graded and what did not start: the message tells them apart, and nothing is
//! scored. The tests stand in the exercise's order; the website shows the first that fails.

use serde_json::{Value, json};

use super::explain::{self, Why};
use super::model::{Check, Report, Verdict};
use super::safe;
use crate::locale::Catalogue;
use crate::message::Message;

/// The longest message that is kept.
const MESSAGE: usize = 60_000;

/// The report as a `results.json`, with a line end.
#[must_use]
pub fn exercism(report: &Report, catalogue: &Catalogue) -> String {
    let (status, message) = match (report.verdict, &report.problem) {
        (Verdict::Passed, _) => ("pass", None),
        (Verdict::Error, _) => ("error", Some(explain::not_graded(report, catalogue))),
        (_, Some(problem)) => {
            let lines = [Some(&problem.message), problem.hint.as_ref()];
            let lines: Vec<_> = lines.into_iter().flatten().map(|line| safe::line(line)).collect();
            ("error", Some(lines.join("\n")))
        }
        (_, None) => ("fail", None),
    };
    let document = json!({
        "version": 3,
        "status": status,
        "message": message.map(|message| bytes(&message)),
        "tests": report.checks.iter().map(|check| test(report, check, catalogue)).collect::<Vec<_>>(),
    });
    format!("{document:#}\n")
}

fn test(report: &Report, check: &Check, catalogue: &Catalogue) -> Value {
    let (status, message) = match check.verdict {
        Verdict::Passed => ("pass", None),
        Verdict::Failed | Verdict::Skipped => ("fail", Some(Why::of(report, check, catalogue).text(catalogue))),
        Verdict::Error => ("error", Some(Why::of(report, check, catalogue).text(catalogue))),
    };
    json!({
        "name": safe::line(&check.title),
        "status": status,
        "message": message.map(|message| bytes(&message)),
        "test_code": test_code(check, catalogue),
    })
}

/// What is asked, as a student can ask it too: a curl line a request, each once.
fn test_code(check: &Check, catalogue: &Catalogue) -> String {
    let mut lines: Vec<String> = Vec::new();
    for exchange in &check.exchanges {
        let line = safe::line(&exchange.curl).into_owned();
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    if lines.is_empty() {
        let title = safe::line(&check.title).into_owned();
        return catalogue.say(&Message::new("check-not-asked").with("title", title));
    }
    bytes(&lines.join("\n"))
}

/// At most [`MESSAGE`] bytes.
fn bytes(text: &str) -> String {
    let end = (0..=MESSAGE.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    text[..end.unwrap_or(0)].to_owned()
}
