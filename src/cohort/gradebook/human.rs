//! The gradebook in a screen, for the person at the terminal.

use std::fmt::Write as _;

use super::{Gradebook, State, causes};
use crate::locale::{Catalogue, space_after};
use crate::message::Message;
use crate::report::{Detail, safe_line};

/// How many causes and how many ungraded ones are listed.
const LISTED: usize = 8;

/// How a cohort did: how many ended how, the most frequent causes, and who could not be graded or is missing.
#[must_use]
pub fn human(gradebook: &Gradebook, catalogue: &Catalogue, detail: Detail) -> String {
    if detail == Detail::Quiet {
        return format!("{}\n", counts(gradebook, catalogue));
    }
    let mut page = format!("{}\n{}\n", safe_line(&gradebook.title), counts(gradebook, catalogue));
    let listed = if detail == Detail::Verbose { usize::MAX } else { LISTED };
    let clusters = causes(gradebook);
    let lines = clusters.iter().map(|cluster| format!("{:>5}  {}", cluster.rows.len(), safe_line(&cluster.said)));
    list(&mut page, &catalogue.label("book-causes"), lines.collect(), listed, catalogue);
    let ungraded = gradebook.rows.iter().filter_map(|row| match &row.state {
        State::NotGraded(graded) => {
            let why = graded.report.problem.as_ref().map(|problem| problem.message.as_str()).unwrap_or_default();
            let label = safe_line(&row.name()).into_owned();
            Some(format!("  {label}: {}", safe_line(why)))
        }
        _ => None,
    });
    list(&mut page, &catalogue.label("book-not-graded"), ungraded.collect(), listed, catalogue);
    let of_state = |is: fn(&State) -> bool| -> Vec<String> {
        let rows = gradebook.rows.iter().filter(|row| is(&row.state));
        rows.map(|row| format!("  {}", safe_line(&row.name()))).collect()
    };
    let waiting = of_state(|state| matches!(state, State::Waiting));
    list(&mut page, &catalogue.label("book-waiting"), waiting, listed, catalogue);
    let missing = of_state(|state| matches!(state, State::Missing));
    list(&mut page, &catalogue.label("book-missing"), missing, listed, catalogue);
    page
}

fn list(page: &mut String, heading: &str, lines: Vec<String>, listed: usize, catalogue: &Catalogue) {
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(page, "\n{heading}");
    for line in lines.iter().take(listed) {
        let _ = writeln!(page, "{line}");
    }
    if lines.len() > listed {
        let more = Message::new("book-more").with("count", lines.len() - listed);
        let _ = writeln!(page, "  {}", catalogue.say(&more));
    }
}

/// `12 submissions: 8 passed, 3 failed, 1 not graded`.
pub(super) fn counts(gradebook: &Gradebook, catalogue: &Catalogue) -> String {
    let tally = gradebook.tally();
    let all = gradebook.rows.len() - tally.missing;
    let mut parts = Vec::new();
    for (id, count) in [
        ("book-count-passed", tally.passed),
        ("book-count-failed", tally.failed),
        ("book-count-not-graded", tally.not_graded),
        ("book-count-waiting", tally.waiting),
        ("book-count-missing", tally.missing),
    ] {
        if count > 0 || matches!(id, "book-count-passed" | "book-count-failed") {
            parts.push(catalogue.say(&Message::new(id).with("count", count)));
        }
    }
    let label = catalogue.say(&Message::new("book-submissions").with("count", all));
    format!("{label}{}{}", space_after(&label), parts.join(&catalogue.label("list-comma")))
}
