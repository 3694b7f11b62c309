//! The proof as one HTML file that needs nothing else: no network, no script, one style sheet named by its digest.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html as markup};
use sha2::{Digest as _, Sha256};

use super::table::{self, Cell, Expected, Shown};
use crate::locale::Catalogue;
use crate::message::Message;
use crate::proof::model::{Check, Conclusion, Proof, Subject};
use crate::report::{Verdict, safe_line};

const STYLE: &str = include_str!("page.css");

/// The findings, the matrix, the checks and what no check notices.
#[must_use]
pub fn html(proof: &Proof, catalogue: &Catalogue) -> String {
    let digest = BASE64_STANDARD.encode(Sha256::digest(STYLE));
    let policy = format!("default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'");
    let title = safe_line(&proof.exercise.title);
    let class = match proof.conclusion {
        Conclusion::Proven => "proven",
        Conclusion::Findings => "findings",
        Conclusion::Error => "error",
    };
    let page = markup! {
        (DOCTYPE)
        html lang=(catalogue.lang().code()) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { (title) }
                p class={ "conclusion " (class) } { (table::conclusion(proof, catalogue)) }
                p.quiet { (table::counts(proof, catalogue)) }
                (findings(proof, catalogue))
                (matrix(proof, catalogue))
                (checks(proof, catalogue))
                (mutations(proof, catalogue))
            }
        }
    };
    let mut text = page.into_string();
    text.push('\n');
    text
}

/// A text whose parts between backticks are code.
fn quoting(text: &str) -> Markup {
    let line = safe_line(text);
    if !line.matches('`').count().is_multiple_of(2) {
        return markup! { (line) };
    }
    markup! {
        @for (place, part) in line.split('`').enumerate() {
            @if place % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

fn findings(proof: &Proof, catalogue: &Catalogue) -> Markup {
    markup! {
        @if !proof.findings.is_empty() {
            h2 { (catalogue.label("proof-findings-heading")) }
            ul {
                @for finding in &proof.findings {
                    li { (quoting(&finding.message)) @for report in &finding.reports { " " code { (safe_line(report)) } } }
                }
            }
        }
    }
}

fn matrix(proof: &Proof, catalogue: &Catalogue) -> Markup {
    markup! {
        div.scroll {
            table {
                @for (heading, subjects) in table::kinds(proof) {
                    tbody {
                        tr {
                            th.kind scope="col" { (catalogue.label(heading)) }
                            @for check in &proof.checks {
                                th.cell scope="col" title=(safe_line(&check.title)) { (check.id) }
                            }
                        }
                        @for subject in subjects { (row(subject, &proof.checks)) }
                    }
                }
            }
        }
    }
}

fn row(subject: &Subject, checks: &[Check]) -> Markup {
    let class = |cell: Cell| match (cell.expected, cell.shown) {
        (Expected::Otherwise, _) => "cell otherwise",
        (Expected::AsExpected, Shown::Always(Verdict::Passed)) => "cell passed",
        (Expected::AsExpected, _) => "cell",
    };
    markup! {
        tr {
            td {
                (safe_line(&subject.name))
                @if let Some((problem, expected)) = table::problem(subject) {
                    " " span class=(if expected == Expected::AsExpected { "quiet" } else { "otherwise" }) { (safe_line(&problem)) }
                }
            }
            @for (place, check) in checks.iter().enumerate() {
                @let cell = Cell::of(subject, place, &check.id);
                td class=(class(cell)) { (cell.sign()) }
            }
        }
    }
}

fn checks(proof: &Proof, catalogue: &Catalogue) -> Markup {
    let count = |check: &Check| catalogue.say(&Message::new("proof-caught").with("count", check.caught.len()));
    markup! {
        h2 { (catalogue.label("proof-checks")) }
        ul {
            @for check in &proof.checks {
                li {
                    code { (check.id) } " " (safe_line(&check.title)) " "
                    @if check.caught.is_empty() { span.otherwise { (count(check)) } }
                    @else { span.quiet title=(check.caught.join("\n")) { (count(check)) } }
                }
            }
        }
    }
}

fn mutations(proof: &Proof, catalogue: &Catalogue) -> Markup {
    let Some(mutations) = &proof.mutations else { return markup! {} };
    let survivors = table::survivors(mutations);
    markup! {
        h2 { (catalogue.label("proof-mutations")) }
        p { (safe_line(&table::score(mutations, catalogue))) }
        @for remark in table::remarks(mutations, catalogue) { p.quiet { (remark) } }
        @if !survivors.is_empty() {
            p { (catalogue.label("proof-survivors")) }
            ul {
                @for (what, requests) in survivors {
                    li { (quoting(what)) " " @for request in requests { code { (safe_line(request)) } " " } }
                }
            }
        }
        @if !mutations.left_out.is_empty() {
            p.quiet { (catalogue.label("proof-left-out")) }
            ul.quiet { @for left in &mutations.left_out { li { (quoting(left)) } } }
        }
    }
}
