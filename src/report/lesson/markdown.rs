//! The listings as Markdown, for a comment on a change to a course.

use std::fmt::Write as _;

use super::{Lesson, Listing, Outcome, Page};
use crate::locale::Catalogue;
use crate::message::Message;
use crate::report::Verdict;
use crate::report::markdown::{cell, code, prose};

impl Lesson {
    /// A table for each page; below it, what did not end as the page says.
    #[must_use]
    pub fn markdown(&self, catalogue: &Catalogue) -> String {
        let mut text = String::new();
        for page in &self.pages {
            page.markdown(&mut text, catalogue);
        }
        let _ = writeln!(text, "**{}**", prose(&self.tally(catalogue)));
        text
    }
}

fn sign(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::AsExpected => "✅",
        Outcome::Unexpected => "❌",
        Outcome::Skipped => "⏭️",
        Outcome::NotGraded => "⚠️",
    }
}

impl Page {
    fn markdown(&self, text: &mut String, catalogue: &Catalogue) {
        let _ = writeln!(text, "## {}\n", code(&self.path));
        if self.listings.is_empty() {
            let _ = writeln!(text, "{}\n", prose(&catalogue.label("lesson-no-listings")));
            return;
        }
        let heads = [
            catalogue.label("lesson-head-line"),
            catalogue.label("lesson-head-language"),
            catalogue.label("lesson-head-exercise"),
            catalogue.label("lesson-head-result"),
        ];
        let _ = writeln!(text, "| | {} |\n|---|--:|---|---|---|", heads.join(" | "));
        for listing in &self.listings {
            let exercise = listing.exercise.as_ref().map(|exercise| code(&exercise.id)).unwrap_or_default();
            let (sign, result) = (sign(listing.outcome), cell(&listing.result(catalogue)));
            let _ = writeln!(text, "| {sign} | {} | {} | {exercise} | {result} |", listing.line, listing.language);
        }
        text.push('\n');
        for listing in self.listings.iter().filter(|listing| listing.is_explained()) {
            listing.markdown(text, catalogue);
        }
        if self.has_chosen() {
            let _ = writeln!(text, "{}\n", prose(&catalogue.label("lesson-chosen")));
        }
    }
}

impl Listing {
    fn is_explained(&self) -> bool {
        matches!(self.outcome, Outcome::Unexpected | Outcome::NotGraded)
    }

    fn markdown(&self, text: &mut String, catalogue: &Catalogue) {
        let line = Message::new("lesson-line").with("line", Message::literal(self.line.to_string()));
        let _ = writeln!(text, "### {}\n", prose(&catalogue.say(&line)));
        for said in [&self.reason, &self.hint].into_iter().flatten() {
            let _ = writeln!(text, "{}\n", prose(said));
        }
        if self.reason.is_some() {
            return;
        }
        for check in self.checks.iter().filter(|check| !check.as_expected) {
            let _ = writeln!(text, "- {} {}", code(&check.id), prose(&check.title));
            let passes = (check.verdict == Verdict::Passed).then(|| catalogue.label("lesson-passes-though-noted"));
            for said in [&passes, &check.reason, &check.server_error, &check.hint].into_iter().flatten() {
                let _ = writeln!(text, "  - {}", prose(said));
            }
        }
        text.push('\n');
    }
}
