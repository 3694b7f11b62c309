//! The end of the HTML report: the server's log, and everything that a later reader may want to know of the run.

use maud::{Markup, html};

use super::super::model::{Exit, Report};
use super::super::safe;
use crate::locale::Catalogue;
use crate::message::Message;

/// The log and the facts, folded. The log of a server that could not be graded stands with its problem.
pub(super) fn facts(report: &Report, catalogue: &Catalogue) -> Markup {
    html! {
        h2 { (catalogue.label("label-run")) }
        div class="folds" {
            @if report.problem.is_none() { (logs(report, catalogue)) }
            details class="fold" {
                summary { (catalogue.label("label-environment")) }
                div {
                    table class="fields" {
                        tbody {
                            @for (label, value) in rows(report, catalogue) {
                                tr { th scope="row" { (label) } td { code { (safe::line(&value)) } } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What the server wrote, of each of its streams that has something.
pub(super) fn logs(report: &Report, catalogue: &Catalogue) -> Markup {
    html! {
        @if let Some(server) = &report.server {
            (log(&server.stderr, "label-stderr", report, catalogue))
            (log(&server.stdout, "label-stdout", report, catalogue))
        }
    }
}

fn log(text: &str, label: &'static str, report: &Report, catalogue: &Catalogue) -> Markup {
    let lines: Vec<_> = safe::log_lines(text.trim_end()).collect();
    html! {
        @if !lines.is_empty() {
            details class="fold" open[report.problem.is_some()] {
                summary { (catalogue.label(label)) }
                div { pre class="tall" tabindex="0" { (lines.join("\n")) } }
            }
        }
    }
}

/// Each fact with its label, in the order of the report.
fn rows(report: &Report, catalogue: &Catalogue) -> Vec<(String, String)> {
    let exercise = &report.exercise;
    let mut rows = vec![
        ("label-checker", format!("{} {}", report.checker.name, report.checker.version)),
        ("label-exercise", format!("{} {}", exercise.id, exercise.version)),
        ("label-exercise-digest", exercise.digest.clone()),
    ];
    rows.extend(report.submission.digest.clone().map(|digest| ("label-submission-digest", digest)));
    if let Some(server) = &report.server {
        rows.push(("label-command", server.command.join(" ")));
        rows.extend(server.ready_ms.map(|ready| ("label-ready", format!("{ready} ms"))));
        rows.extend(server.exit.map(|exit| ("label-exit", ended(exit, catalogue))));
        rows.push(("label-survivors", server.survivors.to_string()));
    }
    let isolation = &report.isolation;
    rows.push(("label-isolation", isolation.level.clone()));
    rows.extend(
        [("label-holds", &isolation.features), ("label-lacks", &isolation.missing)]
            .into_iter()
            .filter_map(|(label, names)| Some((label, names.join(" "))).filter(|(_, names)| !names.is_empty())),
    );
    rows.push(("label-seed", report.seed.to_string()));
    rows.push(("label-started", report.started_at.clone()));
    rows.push(("label-duration", format!("{} ms", report.duration_ms)));
    rows.into_iter().map(|(label, value)| (catalogue.label(label), value)).collect()
}

fn ended(exit: Exit, catalogue: &Catalogue) -> String {
    match (exit.code, exit.signal) {
        (Some(code), _) => catalogue.say(&Message::new("exit-code").with("code", i64::from(code))),
        (None, Some(signal)) => {
            let message = Message::new("exit-signal").with("signal", i64::from(signal)).with("name", "");
            catalogue.say(&message).trim_end().to_owned()
        }
        (None, None) => "–".to_owned(),
    }
}
