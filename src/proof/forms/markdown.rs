//! The proof as Markdown, for a pull request or a wiki.

use std::fmt::Write as _;

use super::table::{self, Cell};
use crate::locale::Catalogue;
use crate::message::Message;
use crate::proof::model::Proof;
use crate::report::safe_line;

/// The findings first, then the matrix, the checks and what no check notices.
#[must_use]
pub fn markdown(proof: &Proof, catalogue: &Catalogue) -> String {
    let mut page = format!("# {}\n\n", text(&proof.exercise.title));
    let _ = writeln!(page, "**{}**\n", text(&table::conclusion(proof, catalogue)));
    let _ = writeln!(page, "{}\n", text(&table::counts(proof, catalogue)));
    for finding in &proof.findings {
        let reports: Vec<_> = finding.reports.iter().map(|report| format!(" `{}`", safe_line(report))).collect();
        let _ = writeln!(page, "- {}{}", text(&finding.message), reports.concat());
    }
    if !proof.findings.is_empty() {
        page.push('\n');
    }
    matrix(&mut page, proof, catalogue);
    checks(&mut page, proof, catalogue);
    mutations(&mut page, proof, catalogue);
    page
}

fn matrix(page: &mut String, proof: &Proof, catalogue: &Catalogue) {
    let ids: Vec<_> = proof.checks.iter().map(|check| text(&check.id)).collect();
    for (heading, subjects) in table::kinds(proof) {
        let _ = writeln!(page, "| {} | {} |", catalogue.label(heading), ids.join(" | "));
        let _ = writeln!(page, "| --- |{}", " :-: |".repeat(ids.len()));
        for subject in subjects {
            let cell =
                |(place, check): (usize, &crate::proof::model::Check)| Cell::of(subject, place, &check.id).sign();
            let cells: Vec<_> = proof.checks.iter().enumerate().map(cell).collect();
            let problem = table::problem(subject).map(|(problem, _)| format!(" ({})", text(&problem)));
            let name = format!("{}{}", text(&subject.name), problem.unwrap_or_default());
            let _ = writeln!(page, "| {name} | {} |", cells.join(" | "));
        }
        page.push('\n');
    }
}

fn checks(page: &mut String, proof: &Proof, catalogue: &Catalogue) {
    let _ = writeln!(page, "## {}\n", catalogue.label("proof-checks"));
    for check in &proof.checks {
        let count = catalogue.say(&Message::new("proof-caught").with("count", check.caught.len()));
        let _ = writeln!(page, "- {}: {}", text(&check.id), text(&count));
    }
}

fn mutations(page: &mut String, proof: &Proof, catalogue: &Catalogue) {
    let Some(mutations) = &proof.mutations else { return };
    let _ = writeln!(page, "\n## {}\n", catalogue.label("proof-mutations"));
    let score = table::score(mutations, catalogue);
    let sentences = [score].into_iter().chain(table::remarks(mutations, catalogue));
    for sentence in sentences {
        let _ = writeln!(page, "{}\n", text(&sentence));
    }
    let survivors = table::survivors(mutations);
    if !survivors.is_empty() {
        let _ = writeln!(page, "{}\n", catalogue.label("proof-survivors"));
    }
    for (what, requests) in survivors {
        let requests: Vec<_> = requests.iter().map(|request| text(&format!("`{request}`"))).collect();
        let _ = writeln!(page, "- {}: {}", text(what), requests.join(&catalogue.label("list-comma")));
    }
    if !mutations.left_out.is_empty() {
        let _ = writeln!(page, "\n{}\n", catalogue.label("proof-left-out"));
    }
    for left in &mutations.left_out {
        let _ = writeln!(page, "- {}", text(left));
    }
}

/// A text in which nothing is Markdown or HTML, but for what stands between backticks, which is code.
fn text(raw: &str) -> String {
    let mut safe = String::new();
    let line = safe_line(raw);
    let is_code = line.matches('`').count().is_multiple_of(2);
    for (place, part) in line.split('`').enumerate() {
        match (is_code, place % 2) {
            (true, 1) => {
                let _ = write!(safe, "`{}`", part.replace('|', "\\|"));
            }
            _ => escape(part, &mut safe),
        }
    }
    safe
}

fn escape(part: &str, safe: &mut String) {
    for character in part.chars() {
        match character {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '\\' | '*' | '_' | '{' | '}' | '[' | ']' | '#' | '|' | '~' | '!' | '$' | '@' => {
                safe.extend(['\\', character]);
            }
            other => safe.push(other),
        }
    }
}
