//! The listings for the person at the terminal.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr as _;

use super::{Lesson, Listing, ListingCheck, Outcome, Page};
use crate::locale::{Catalogue, space_after};
use crate::message::Message;
use crate::report::human::{mark, pad, style, styled};
use crate::report::{Verdict, safe};

impl Lesson {
    /// A line for each listing; below those that did not end as the page says, why.
    #[must_use]
    pub fn human(&self, catalogue: &Catalogue) -> String {
        let mut text = String::new();
        for page in &self.pages {
            page.tell(&mut text, catalogue);
        }
        text.push_str(&self.brief(catalogue));
        text
    }

    /// The last line alone.
    #[must_use]
    pub fn brief(&self, catalogue: &Catalogue) -> String {
        let style = if self.counts.unexpected > 0 { style::BAD } else { style::GOOD };
        format!("{}\n", styled(style, self.tally(catalogue)))
    }
}

impl Page {
    fn tell(&self, text: &mut String, catalogue: &Catalogue) {
        let _ = writeln!(text, "{}\n", styled(style::TITLE, safe::line(&self.path)));
        let places: Vec<_> = self.listings.iter().map(|listing| place(listing, catalogue)).collect();
        let widths = [
            places.iter().map(|place| place.width()).max().unwrap_or(0),
            self.listings.iter().map(|listing| listing.language.width()).max().unwrap_or(0),
            self.listings.iter().map(|listing| exercise(listing).width()).max().unwrap_or(0),
        ];
        for (listing, place) in self.listings.iter().zip(&places) {
            listing.tell(text, place, widths, catalogue);
        }
        if self.listings.is_empty() {
            let _ = writeln!(text, "{}", catalogue.label("lesson-no-listings"));
        }
        if !text.ends_with("\n\n") {
            text.push('\n');
        }
        if self.has_chosen() {
            let _ = writeln!(text, "{}\n", styled(style::QUIET, catalogue.label("lesson-chosen")));
        }
    }
}

fn place(listing: &Listing, catalogue: &Catalogue) -> String {
    catalogue.say(&Message::new("lesson-line").with("line", Message::literal(listing.line.to_string())))
}

fn exercise(listing: &Listing) -> &str {
    listing.exercise.as_ref().map_or("", |exercise| exercise.id.as_str())
}

impl Listing {
    fn tell(&self, text: &mut String, place: &str, widths: [usize; 3], catalogue: &Catalogue) {
        let (style, sign) = match self.outcome {
            Outcome::AsExpected => (style::GOOD, "✔"),
            Outcome::Unexpected => (style::BAD, "✘"),
            Outcome::Skipped => (style::QUIET, "-"),
            Outcome::NotGraded => (style::SKIPPED, "?"),
        };
        let [place_width, language, exercise_width] = widths;
        let columns = [pad(place, place_width), pad(&self.language, language), pad(exercise(self), exercise_width)];
        let line = format!("{} {}  {}", styled(style, sign), columns.join("  "), self.result(catalogue));
        let _ = writeln!(text, "{}", line.trim_end());
        if self.outcome == Outcome::Unexpected || self.outcome == Outcome::NotGraded {
            self.explain(text, catalogue);
        }
    }

    /// How it ended, in a few words.
    pub(super) fn result(&self, catalogue: &Catalogue) -> String {
        let ids = |checks: Vec<&str>| checks.join(&catalogue.label("list-comma"));
        let noted = || self.checks.iter().filter(|check| check.noted_to_fail).map(|check| check.id.as_str()).collect();
        match (self.outcome, self.verdict) {
            (Outcome::Skipped, _) => {
                let reason = self.reason.clone().unwrap_or_default();
                catalogue.say(&Message::new("lesson-skipped").with("reason", reason))
            }
            (Outcome::NotGraded, _) => catalogue.label("lesson-not-graded"),
            (_, Some(Verdict::Passed)) if self.outcome == Outcome::AsExpected => catalogue.label("lesson-passed"),
            (Outcome::AsExpected, _) => catalogue.say(&Message::new("lesson-fails-as-noted").with("ids", ids(noted()))),
            (Outcome::Unexpected, _) if self.reason.is_some() => catalogue.label("lesson-does-not-start"),
            (Outcome::Unexpected, _) => {
                let count = self.checks.iter().filter(|check| !check.as_expected).count();
                let of = self.checks.len();
                catalogue.say(&Message::new("lesson-unexpected").with("count", count).with("of", of))
            }
        }
    }

    fn explain(&self, text: &mut String, catalogue: &Catalogue) {
        let hint = |hint: &str| {
            let label = catalogue.label("label-hint");
            format!("{}{}{hint}", styled(style::HINT, &label), space_after(&label))
        };
        if let Some(reason) = &self.reason {
            let _ = writeln!(text, "    {}", styled(style::BAD, reason));
            let _ = self.hint.as_ref().map(|said| writeln!(text, "    {}", hint(said)));
        } else {
            for check in self.checks.iter().filter(|check| !check.as_expected) {
                check.tell(text, &hint, catalogue);
            }
            let unnoted = self.fails_unnoted();
            if !unnoted.is_empty() {
                let comment = format!("`<!-- checker: fails={} -->`", unnoted.join(","));
                let note = catalogue.say(&Message::new("lesson-note-it").with("comment", comment));
                let _ = writeln!(text, "    {}", hint(&note));
            }
        }
        text.push('\n');
    }
}

impl ListingCheck {
    fn tell(&self, text: &mut String, hint: &dyn Fn(&str) -> String, catalogue: &Catalogue) {
        let (style, sign) = mark(self.verdict);
        let (id, title) = (safe::line(&self.id), safe::line(&self.title));
        let _ = writeln!(text, "    {} {}  {title}", styled(style, sign), styled(style, id));
        if self.verdict == Verdict::Passed {
            let _ = writeln!(text, "        {}", catalogue.label("lesson-passes-though-noted"));
        }
        let lines = [self.reason.clone(), self.server_error.clone(), self.hint.as_deref().map(hint)];
        for line in lines.into_iter().flatten() {
            let _ = writeln!(text, "        {line}");
        }
    }
}
