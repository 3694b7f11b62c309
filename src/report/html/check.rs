//! A check of the HTML report: its line, and folded below it why it ended so and what was said over the wire.

use maud::{Markup, html};

use super::super::explain::{self, Why};
use super::super::model::{Body, Check, Exchange, Report, Verdict};
use super::super::safe;
use super::difference::{self, Part};
use super::{class, lines, word};
use crate::locale::{self, Catalogue};
use crate::message::Message;

/// One check. Those that failed are unfolded, unless the whole submission is what failed.
pub(super) fn check(report: &Report, check: &Check, catalogue: &Catalogue) -> Markup {
    let earned = check.points.earned.map_or_else(|| "–".to_owned(), |earned| earned.to_string());
    let open = check.verdict == Verdict::Failed && report.problem.is_none();
    html! {
        details class={ "check " (class(check.verdict)) } open[open] {
            summary {
                span class="badge" { (word(check.verdict, catalogue)) }
                h3 class="name" { (quoting(&check.title)) " " code class="id" { (safe::line(&check.id)) } }
                span class="points" {
                    span class="heard" { (catalogue.label("label-points")) " " }
                    (earned) "/" (check.points.possible)
                }
            }
            div class="inside" {
                @if check.verdict != Verdict::Passed { (why(report, check, catalogue)) }
                @for exchange in &check.exchanges { (told_exchange(exchange, catalogue)) }
                @if check.exchanges.is_empty() && check.verdict == Verdict::Passed {
                    p class="quiet" { (catalogue.label("label-nothing-more")) }
                }
            }
        }
    }
}

fn why(report: &Report, check: &Check, catalogue: &Catalogue) -> Markup {
    let why = Why::of(report, check, catalogue);
    html! {
        @if why.expected.is_none() && why.actual.is_none() { p { (quoting(&why.reason)) } }
        @if let Some(request) = &why.request { p { code { (request) } } }
        (beside(&why, catalogue))
        @for more in &why.more { p { (quoting(more)) } }
        @if !why.said.is_empty() {
            p class="quiet" { (catalogue.label("label-program-said")) }
            pre class="tall" tabindex="0" { (why.said.join("\n")) }
        }
        @if let Some(error) = &why.server_error { p class="own-error" { code { (error) } } }
        @if !why.hints.is_empty() {
            ul class="hints" { @for text in &why.hints { (hint(text, catalogue)) } }
        }
        @if let Some(curl) = &why.curl {
            div {
                p class="quiet" { (catalogue.label("label-try")) }
                pre { (curl) }
            }
        }
    }
}

/// What was expected beside what came, and where they part.
fn beside(why: &Why, catalogue: &Catalogue) -> Markup {
    let parted = why.expected.as_deref().zip(why.actual.as_deref()).and_then(|(e, a)| difference::parts(e, a));
    let (expected, actual) = parted.map_or((None, None), |(expected, actual)| (Some(expected), Some(actual)));
    html! {
        @if why.expected.is_some() || why.actual.is_some() {
            dl class="beside" {
                @if let Some(text) = &why.expected {
                    div class="wanted" {
                        dt { (catalogue.label("label-expected")) }
                        dd { (marked(text, expected.as_deref())) }
                    }
                }
                @if let Some(text) = &why.actual {
                    div class="came" {
                        dt { (catalogue.label("label-actual")) }
                        dd { (marked(text, actual.as_deref())) }
                    }
                }
            }
        }
    }
}

fn marked(text: &str, parts: Option<&[Part]>) -> Markup {
    html! {
        code {
            @if let Some(parts) = parts {
                @for part in parts {
                    @match part {
                        Part::Same(text) => (text),
                        Part::Differs(text) => mark { (text) },
                    }
                }
            } @else { (text) }
        }
    }
}

/// A hint with its label.
pub(super) fn hint(text: &str, catalogue: &Catalogue) -> Markup {
    let label = catalogue.label("label-hint");
    html! {
        li {
            b { (label) } (locale::space_after(&label))
            (quoting(text))
        }
    }
}

/// A sentence in which what stands between backticks is code.
pub(super) fn quoting(text: &str) -> Markup {
    html! {
        @for (place, part) in safe::line(text).split('`').enumerate() {
            @if place % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

/// One exchange, folded to its line.
fn told_exchange(exchange: &Exchange, catalogue: &Catalogue) -> Markup {
    let request = &exchange.request;
    html! {
        details class="fold" {
            summary {
                code { (explain::request(exchange, catalogue)) } " → "
                (outcome(exchange)) " "
                span class="quiet" { (exchange.elapsed_ms) " ms · " (safe::line(&exchange.client)) }
            }
            div {
                h4 { (catalogue.label("label-request")) }
                pre { (safe::line(&request.method)) " " (safe::line(&request.url)) "\n" (headers(&request.headers)) }
                @if let Some(body) = &request.body { pre class="tall" tabindex="0" { (lines(body)) } }
                @if let Some(expected) = &exchange.expected {
                    h4 { (catalogue.label("label-expected")) }
                    p { code { (safe::line(expected)) } }
                }
                h4 { (catalogue.label("label-response")) }
                @if let Some(response) = &exchange.response {
                    pre {
                        (safe::line(&response.version)) " " (explain::status_line(response.status)) "\n"
                        (headers(&response.headers))
                    }
                    (body(&response.body, catalogue))
                }
                @if let Some(failure) = &exchange.failure { p class="own-error" { (safe::line(&failure.message)) } }
                h4 { (catalogue.label("label-try")) }
                pre { (safe::line(&exchange.curl)) }
            }
        }
    }
}

fn outcome(exchange: &Exchange) -> Markup {
    let good = exchange.response.as_ref().is_some_and(|response| response.status < 400);
    let class = if good { "status-good" } else { "status-bad" };
    let text = match (&exchange.response, &exchange.failure) {
        (Some(response), _) => explain::status_line(response.status),
        (None, Some(failure)) => safe::line(&failure.message).into_owned(),
        (None, None) => "–".to_owned(),
    };
    html! { span class=(class) { (text) } }
}

fn headers(headers: &[(String, String)]) -> String {
    let lines = headers.iter().map(|(name, value)| format!("{}: {}", safe::line(name), safe::line(value)));
    lines.collect::<Vec<_>>().join("\n")
}

/// A body, and whether it is all of it as it came.
fn body(body: &Body, catalogue: &Catalogue) -> Markup {
    let bytes = Message::new("body-bytes").with("bytes", body.bytes);
    let notes = [
        Some(catalogue.say(&bytes)),
        body.truncated.then(|| catalogue.label("body-truncated")),
        body.lossy.then(|| catalogue.label("body-lossy")),
    ];
    let notes = notes.into_iter().flatten().collect::<Vec<_>>().join(&catalogue.label("list-comma"));
    html! {
        @if !body.text.is_empty() { pre class="tall" tabindex="0" { (lines(&body.text)) } }
        p class="quiet" { (notes) }
    }
}
