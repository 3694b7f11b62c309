//! The gradebook as HTML: nothing is loaded from anywhere, and nothing of a student's is ever taken for markup.
//!
//! Texts are escaped where they are put in; the page's policy (CSP) allows one script and one style sheet, each by its
//! digest, so that even a slip in escaping would run nothing.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest as _, Sha256};

use super::human::counts;
use super::markdown::{points, sign, state};
use super::{Cluster, Gradebook, Row, State, causes, identical_answers};
use crate::locale::Catalogue;
use crate::message::Message;
use crate::report::{Verdict, safe_line};

/// How many rows a page holds. A browser sorts and searches that many at once.
const PAGE_ROWS: usize = 2000;
/// How many of the slowest are listed, and how many names of a cluster.
const SLOWEST: usize = 10;
const NAMES: usize = 60;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// One page of a gradebook.
#[derive(Clone, Debug)]
pub struct Page {
    /// What stands between the file's name and its ending: nothing, `-2`, `-3`, ….
    pub suffix: String,
    /// The document.
    pub text: String,
}

/// The pages: one, or several for more than 2,000 rows. The first one has the summary.
///
/// `stem` is the file's name without its ending, for links between the pages; `results` lead from the page's folder
/// to the folders of results.
#[must_use]
pub fn html(gradebook: &Gradebook, catalogue: &Catalogue, stem: &str, results: &[String]) -> Vec<Page> {
    let book = Book { gradebook, catalogue, stem, results, pages: gradebook.rows.len().div_ceil(PAGE_ROWS).max(1) };
    let rows = |number: usize| gradebook.rows.chunks(PAGE_ROWS).nth(number).unwrap_or_default();
    let page = |number| Page { suffix: suffix(number), text: book.page(number, rows(number)).into_string() };
    (0..book.pages).map(page).collect()
}

fn suffix(number: usize) -> String {
    if number == 0 { String::new() } else { format!("-{}", number + 1) }
}

struct Book<'a> {
    gradebook: &'a Gradebook,
    catalogue: &'a Catalogue,
    stem: &'a str,
    results: &'a [String],
    pages: usize,
}

impl Book<'_> {
    fn page(&self, number: usize, rows: &[Row]) -> Markup {
        let digest = |text: &str| format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text)));
        let policy = format!(
            "default-src 'none'; style-src {}; script-src {}; base-uri 'none'; form-action 'none'",
            digest(STYLE),
            digest(SCRIPT)
        );
        let title = safe_line(&self.gradebook.title);
        html! {
            (DOCTYPE)
            html lang=(self.catalogue.lang().code()) {
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
                    p { (counts(self.gradebook, self.catalogue)) }
                    (self.pages(number))
                    @if number == 0 { (self.summary()) }
                    (self.table(rows))
                    (self.pages(number))
                    script { (PreEscaped(SCRIPT)) }
                }
            }
        }
    }

    fn label(&self, id: &'static str) -> String {
        self.catalogue.label(id)
    }

    fn pages(&self, current: usize) -> Markup {
        html! {
            @if self.pages > 1 {
                nav {
                    (self.label("book-page"))
                    @for number in 0..self.pages {
                        " "
                        @if number == current { strong { (number + 1) } }
                        @else { a href=(link(&format!("{}{}.html", self.stem, suffix(number)))) { (number + 1) } }
                    }
                }
            }
        }
    }

    fn summary(&self) -> Markup {
        html! {
            (self.clusters("book-causes", &causes(self.gradebook)))
            (self.clusters("book-identical", &identical_answers(self.gradebook)))
            (self.slowest())
            (self.flaky())
        }
    }

    fn clusters(&self, heading: &'static str, clusters: &[Cluster]) -> Markup {
        html! {
            @if !clusters.is_empty() {
                h2 { (self.label(heading)) }
                @for cluster in clusters {
                    details {
                        summary {
                            strong { (cluster.rows.len()) } " "
                            @if let Some(check) = &cluster.check { code { (check) } " " }
                            (safe_line(&cluster.said))
                        }
                        p.quiet { (self.names(&cluster.rows)) }
                    }
                }
            }
        }
    }

    fn names(&self, rows: &[&Row]) -> String {
        let comma = self.label("list-comma");
        let names: Vec<_> = rows.iter().take(NAMES).map(|row| safe_line(&row.name()).into_owned()).collect();
        let more = rows.len().saturating_sub(NAMES);
        let more = (more > 0).then(|| self.catalogue.say(&Message::new("book-more").with("count", more)));
        names.into_iter().chain(more).collect::<Vec<_>>().join(&comma)
    }

    fn slowest(&self) -> Markup {
        let mut timed: Vec<_> =
            self.gradebook.rows.iter().filter_map(|row| Some((row.state.report()?.duration_ms, row))).collect();
        timed.sort_by(|a, b| b.0.total_cmp(&a.0));
        html! {
            @if !timed.is_empty() {
                details {
                    summary { h2 { (self.label("book-slowest")) } }
                    ol {
                        @for (time, row) in timed.iter().take(SLOWEST) {
                            li { (safe_line(&row.name())) ": " (format!("{:.1} s", time / 1000.0)) }
                        }
                    }
                }
            }
        }
    }

    fn flaky(&self) -> Markup {
        let flaky: Vec<_> = self.gradebook.rows.iter().filter(|row| row.is_flaky()).collect();
        html! {
            @if !flaky.is_empty() {
                h2 { (self.label("book-flaky-heading")) }
                p { (self.names(&flaky)) }
            }
        }
    }

    fn table(&self, rows: &[Row]) -> Markup {
        let states = [
            ("passed", "verdict-word-passed"),
            ("failed", "verdict-word-failed"),
            ("not_graded", "book-not-graded"),
            ("waiting", "book-waiting"),
            ("missing", "book-missing"),
        ];
        html! {
            div.find {
                label { (self.label("book-search")) " " input type="search" autocomplete="off"; }
                label {
                    (self.label("book-state")) " "
                    select {
                        option value="" { (self.label("book-all")) }
                        @for (value, id) in states { option value=(value) { (self.label(id)) } }
                    }
                }
                span.quiet { output { (rows.len()) } " / " (rows.len()) }
            }
            div.scroll {
                table {
                    thead { (self.headings()) }
                    tbody { @for row in rows { (self.row(row)) } }
                }
            }
        }
    }

    fn headings(&self) -> Markup {
        let column = |label: String| html! { th scope="col" { button type="button" { (label) } } };
        html! {
            tr {
                @for id in ["book-name", "book-id", "book-state", "book-points-heading"] { (column(self.label(id))) }
                @for check in &self.gradebook.checks {
                    th scope="col" title=(safe_line(&check.title)) { button type="button" { (check.id) } }
                }
                (column(self.label("book-cause")))
                th scope="col" { (self.label("book-report")) }
            }
        }
    }

    fn row(&self, row: &Row) -> Markup {
        let name = match &row.state {
            State::Graded(graded) if graded.report.verdict == Verdict::Passed => "passed",
            State::Graded(_) => "failed",
            other => other.name(),
        };
        let ids: Vec<_> = row.people.iter().filter_map(|who| who.id.as_deref().or(who.login.as_deref())).collect();
        let earned = row.state.earned().map(|earned| earned.to_string()).unwrap_or_default();
        let handed: Vec<_> = row.attempts.iter().map(|handed| safe_line(&handed.shown).into_owned()).collect();
        html! {
            tr data-state=(name) {
                td.name title=(handed.join("\n")) { (safe_line(&row.name())) }
                td { (safe_line(&ids.join(", "))) }
                td class=(format!("state-{name}")) { (state(row, self.catalogue)) }
                td.number data-sort=(earned) { (points(self.gradebook, row)) }
                @for check in &self.gradebook.checks {
                    @let verdict = row.verdict_of(&check.id);
                    td class=(format!("v {verdict}")) data-sort=(verdict) title=(why(row, &check.id)) { (sign(verdict)) }
                }
                td.cause { (safe_line(&row.cause().unwrap_or_default())) }
                td {
                    @if let (Some(place), Some(results)) = (&row.place, self.results.get(row.store)) {
                        a href=(link(&format!("{results}/{}", place.display()))) { "JSON" }
                    }
                }
            }
        }
    }
}

/// What a check says, for whoever points at its cell.
fn why(row: &Row, check: &str) -> String {
    let found = row.state.report().and_then(|report| report.checks.iter().find(|found| found.id == check));
    let Some(found) = found else { return String::new() };
    let mismatches = found.mismatches.iter().map(|mismatch| safe_line(&mismatch.message).into_owned());
    [found.id.clone()].into_iter().chain(mismatches).collect::<Vec<_>>().join("\n")
}

/// A relative path as a link: never a scheme, whatever it begins with.
fn link(path: &str) -> String {
    let path = path.strip_prefix("./").unwrap_or(path);
    let parts = path.split('/').map(|part| {
        percent_encoding::utf8_percent_encode(part, percent_encoding::NON_ALPHANUMERIC)
            .to_string()
            .replace("%2E", ".")
            .replace("%2D", "-")
            .replace("%5F", "_")
    });
    let path = parts.collect::<Vec<_>>().join("/");
    if path.starts_with('/') { path } else { format!("./{path}") }
}
