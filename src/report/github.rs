//! The log of a GitHub Actions step: the report for people, then an annotation for each check that did not pass.
//!
//! The runner reads commands from every line that a step prints. So what may hold the submission's words stands
//! between `::stop-commands::` and a token that the submission cannot know: a digest of this very report.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::explain::{self, Why};
use super::human::{Detail, human};
use super::model::{Check, Report, Verdict};
use super::safe;
use crate::locale::Catalogue;

/// The report as a step's output, without colours.
#[must_use]
pub fn github(report: &Report, catalogue: &Catalogue) -> String {
    let token = token(report);
    let page = human(report, catalogue, Detail::Normal);
    let page = anstream::adapter::strip_str(&page).to_string();
    let mut text = format!("::stop-commands::{token}\n{page}::{token}::\n");
    if report.verdict == Verdict::Error {
        command(&mut text, "warning", &[("title", &report.exercise.title)], &explain::not_graded(report, catalogue));
        return text;
    }
    if let Some(problem) = &report.problem {
        let hint = problem.hint.as_ref().map(|hint| format!("\n{hint}")).unwrap_or_default();
        let message = format!("{}{hint}", problem.message);
        command(&mut text, "error", &[("title", &report.exercise.title)], &message);
        return text;
    }
    for check in &report.checks {
        annotation(&mut text, report, check, catalogue);
    }
    text
}

/// What other steps and later jobs read from `steps.ID.outputs`, a name and a value each. No value has a line end.
#[must_use]
pub fn github_outputs(report: &Report, classroom_result: &str) -> Vec<(&'static str, String)> {
    let verdict = match report.verdict {
        Verdict::Passed => "passed",
        Verdict::Failed | Verdict::Skipped => "failed",
        Verdict::Error => "error",
    };
    vec![
        ("verdict", verdict.to_owned()),
        ("earned", report.score.earned.map(|earned| earned.to_string()).unwrap_or_default()),
        ("possible", report.score.possible.to_string()),
        ("result", classroom_result.trim_end().to_owned()),
    ]
}

fn annotation(text: &mut String, report: &Report, check: &Check, catalogue: &Catalogue) {
    let kind = match check.verdict {
        Verdict::Passed => return,
        Verdict::Failed => "error",
        Verdict::Skipped | Verdict::Error => "notice",
    };
    let title = format!("{}: {}", check.id, check.title);
    let line = check.server_error.as_ref().and_then(|error| error.line).map(|line| line.to_string());
    let file = place(report, check);
    let mut properties = vec![("title", title.as_str())];
    if let (Some(file), Some(line)) = (&file, &line) {
        properties.extend([("file", file.as_str()), ("line", line.as_str())]);
    }
    command(text, kind, &properties, &Why::of(report, check, catalogue).text(catalogue));
}

/// The file of the server's own error as the repository knows it, if the submission's path was given relative to it.
fn place(report: &Report, check: &Check) -> Option<String> {
    let file = check.server_error.as_ref()?.file.as_ref()?;
    let path = report.submission.path.trim_start_matches("./").trim_end_matches('/');
    if path.starts_with('/') || file.starts_with('/') {
        return None;
    }
    Some(match path {
        "" | "." => file.clone(),
        path if path == file || path.ends_with(&format!("/{file}")) => path.to_owned(),
        path => format!("{path}/{file}"),
    })
}

/// One workflow command. Line ends and percent signs are escaped in all of it, and in properties what parts them.
fn command(text: &mut String, kind: &str, properties: &[(&str, &str)], message: &str) {
    let properties: Vec<_> = properties
        .iter()
        .map(|(name, value)| {
            let value = data(&safe::line(value)).replace(':', "%3A").replace(',', "%2C");
            format!("{name}={value}")
        })
        .collect();
    let lines: Vec<_> = message.lines().map(safe::line).collect();
    let _ = writeln!(text, "::{kind} {}::{}", properties.join(","), data(&lines.join("\n")));
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// 32 hexadecimal digits that depend on everything the submission said, so that it cannot have said them.
fn token(report: &Report) -> String {
    let digest = Sha256::digest(super::json(report).as_bytes());
    digest.iter().take(16).fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}
