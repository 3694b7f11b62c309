//! The report as one HTML file that needs nothing else: no network, no script, no other file.
//!
//! Everything is text until the template library has escaped it, and the page's own policy (CSP) allows one style
//! sheet, named by its digest, and nothing more: not even a script that had slipped in would run. Folding is the
//! browser's own `<details>`.

mod check;
mod difference;
mod facts;

use base64::Engine as _;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest as _, Sha256};

use super::model::{Report, Verdict};
use super::safe;
use crate::locale::Catalogue;
use crate::message::Message;

const STYLE: &str = include_str!("style.css");

/// The report as an HTML document.
#[must_use]
pub fn html(report: &Report, catalogue: &Catalogue) -> String {
    let title = format!("{}: {}", safe::line(&report.submission.path), safe::line(&report.exercise.title));
    let page = html! {
        (DOCTYPE)
        html lang=(catalogue.lang().code()) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy());
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                (head(report, catalogue))
                main {
                    section aria-labelledby="checks" {
                        h2 id="checks" { (catalogue.label("label-checks")) }
                        ol class="checks" {
                            @for check in &report.checks { li { (check::check(report, check, catalogue)) } }
                        }
                    }
                    (facts::facts(report, catalogue))
                }
            }
        }
    };
    let mut text = page.into_string();
    text.push('\n');
    text
}

/// What the page may load: its own style sheet.
fn policy() -> String {
    let digest = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(STYLE));
    format!("default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'")
}

/// The verdict and the score first, then what kept the whole from being graded.
fn head(report: &Report, catalogue: &Catalogue) -> Markup {
    let submission = &report.submission;
    let address = report.server.as_ref().and_then(|server| server.address.as_deref());
    let counts = Message::new("counts")
        .with("passed", i64::from(report.counts.passed))
        .with("failed", i64::from(report.counts.failed))
        .with("skipped", i64::from(report.counts.skipped))
        .with("error", i64::from(report.counts.error));
    html! {
        header {
            h1 { (safe::line(&report.exercise.title)) }
            p class="who quiet" {
                code { (safe::line(&submission.path)) }
                @if let Some(kind) = &submission.kind { " (" (safe::line(kind)) ")" }
                @if let Some(address) = address { " · http://" (safe::line(address)) }
            }
            div class={ "result " (class(report.verdict)) } {
                p class="word" { (word(report.verdict, catalogue)) }
                @if let Some(earned) = report.score.earned {
                    p class="score" { (points(earned, report.score.possible, catalogue)) }
                }
                p class="counts" {
                    @if report.verdict == Verdict::Error { (catalogue.label("label-nothing-lost")) }
                    @else { (catalogue.say(&counts)) }
                }
            }
            @if let Some(problem) = &report.problem {
                section class="problem" {
                    p { (check::quoting(&problem.message)) }
                    @if let Some(hint) = &problem.hint { ul class="hints" { (check::hint(hint, catalogue)) } }
                    (facts::logs(report, catalogue))
                }
            }
        }
    }
}

/// Such as `7 / 10 points`.
fn points(earned: u32, possible: u32, catalogue: &Catalogue) -> String {
    let message = Message::new("points-of").with("earned", i64::from(earned)).with("possible", i64::from(possible));
    catalogue.say(&message)
}

/// A verdict as a class of the style sheet.
fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Passed => "passed",
        Verdict::Failed => "failed",
        Verdict::Skipped => "skipped",
        Verdict::Error => "error",
    }
}

/// A verdict as people read it.
fn word(verdict: Verdict, catalogue: &Catalogue) -> String {
    catalogue.label(match verdict {
        Verdict::Passed => "verdict-word-passed",
        Verdict::Failed => "verdict-word-failed",
        Verdict::Skipped => "verdict-word-skipped",
        Verdict::Error => "verdict-word-undecided",
    })
}

/// A text of several lines, each made safe on its own.
fn lines(text: &str) -> String {
    text.lines().map(safe::line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests;
