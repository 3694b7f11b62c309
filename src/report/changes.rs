//! What is different between two reports of the same submission, for its author.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr as _;

use super::human::{mark, pad, style, styled};
use super::model::{Check, Report};
use super::safe;
use crate::locale::Catalogue;
use crate::message::Message;

/// A line for each check that ended otherwise than before, such as `✘→✔ missing-cookie`, below the points of both; or
/// a line that says that there is none. Both reports as their reader may see them.
#[must_use]
pub fn changes(before: &Report, now: &Report, catalogue: &Catalogue) -> String {
    let pairs: Vec<_> = pairs(before, now).filter(|(before, now)| verdict(*before) != verdict(*now)).collect();
    if pairs.is_empty() {
        return format!("{}\n", styled(style::QUIET, catalogue.label("changes-none")));
    }
    let points = |report: &Report| {
        let earned = report.score.earned.map_or_else(|| "–".to_owned(), |earned| earned.to_string());
        format!("{earned}/{}", report.score.possible)
    };
    let since = Message::new("changes-since").with("before", points(before)).with("now", points(now));
    let mut text = format!("{}\n", catalogue.say(&since));
    let shown = pairs.iter().filter_map(|(before, now)| Some((*before, *now, (*now).or(*before)?)));
    let width = shown.clone().map(|(_, _, check)| check.id.width()).max().unwrap_or(0);
    for (before, now, check) in shown {
        let id = pad(&safe::line(&check.id), width + 4);
        let _ = writeln!(text, "  {}→{} {id}{}", sign(before), sign(now), safe::line(&check.title));
    }
    text
}

/// Every check of either report, before and now, in the order of the later one.
fn pairs<'r>(before: &'r Report, now: &'r Report) -> impl Iterator<Item = (Option<&'r Check>, Option<&'r Check>)> {
    let find = |report: &'r Report, id: &str| report.checks.iter().find(|check| check.id == id);
    let there = now.checks.iter().map(move |check| (find(before, &check.id), Some(check)));
    let gone = before.checks.iter().filter(move |check| find(now, &check.id).is_none());
    there.chain(gone.map(|check| (Some(check), None)))
}

fn verdict(check: Option<&Check>) -> Option<super::Verdict> {
    check.map(|check| check.verdict)
}

/// The verdict's sign; a point where the exercise has no such check.
fn sign(check: Option<&Check>) -> String {
    check.map_or_else(
        || styled(style::QUIET, "·"),
        |check| {
            let (style, mark) = mark(check.verdict);
            styled(style, mark)
        },
    )
}
