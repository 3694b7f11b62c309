//! What became of the listings of course pages: the record of `checker lesson`, and its forms.

mod human;
mod markdown;

use schemars::JsonSchema;
use serde::Serialize;

use super::explain::{self, Why};
use super::model::{Check, Checker, Report, Score, Verdict};
use super::safe;
use crate::locale::Catalogue;
use crate::message::Message;

/// The version of this record's shape: major, where a reader must change; minor, where something was added.
const SCHEMA_VERSION: &str = "1.0";

/// The record of one grading of course pages.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Lesson {
    /// The version of this shape, `major.minor`.
    pub schema_version: String,
    /// What graded.
    pub checker: Checker,
    /// The pages, as they were given.
    pub pages: Vec<Page>,
    /// How many listings ended how.
    pub counts: Counts,
    /// The language of its sentences: `en` or `zh`.
    pub lang: String,
}

/// How many listings ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[allow(missing_docs, reason = "the names are the outcomes'")]
pub struct Counts {
    pub as_expected: u32,
    pub unexpected: u32,
    pub skipped: u32,
    pub not_graded: u32,
}

/// One page.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Page {
    /// The path as it was given.
    pub path: String,
    /// Its listings, in order.
    pub listings: Vec<Listing>,
}

/// What became of a listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Every check passed, or failed where the page notes that it fails.
    AsExpected,
    /// Some check did not pass, or one passed that is noted to fail.
    Unexpected,
    /// It was not looked at; `reason` says why.
    Skipped,
    /// It could not be graded, and it is not to blame; `reason` says why.
    NotGraded,
}

/// One listing.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Listing {
    /// The line of its opening fence, from 1.
    pub line: usize,
    /// Its language, such as `python`.
    pub language: String,
    /// What became of it.
    pub outcome: Outcome,
    /// The exercise that it was held to; null if it was skipped.
    pub exercise: Option<Exercise>,
    /// How its run ended; null if it was skipped.
    pub verdict: Option<Verdict>,
    /// Its points; null if it was skipped.
    pub score: Option<Score>,
    /// Why it was skipped or could not be graded, or why its program did not start; else null.
    pub reason: Option<String>,
    /// What to do about that; else null.
    pub hint: Option<String>,
    /// Its checks.
    pub checks: Vec<ListingCheck>,
    /// The number that every random value was drawn from; null if it was skipped.
    pub seed: Option<u64>,
}

/// The exercise of a listing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Exercise {
    /// Its id.
    pub id: String,
    /// Whether somebody named it; else it is the built-in one that fits the listing.
    pub named: bool,
}

/// A check of a listing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ListingCheck {
    /// Its id within the exercise.
    pub id: String,
    /// Its title.
    pub title: String,
    /// How it ended.
    pub verdict: Verdict,
    /// Whether the page notes that it fails.
    pub noted_to_fail: bool,
    /// Whether that is how the page says it ends.
    pub as_expected: bool,
    /// Why it did not pass, in a sentence; else null.
    pub reason: Option<String>,
    /// The program's own error, with the page's line if it is known; else null.
    pub server_error: Option<String>,
    /// What to do next; else null.
    pub hint: Option<String>,
}

/// What a listing is held to.
#[derive(Clone, Copy, Debug)]
pub struct Held<'a> {
    /// Whether somebody named the exercise.
    pub named: bool,
    /// The ids of the checks that the page notes to fail.
    pub fails: &'a [String],
    /// The file that the listing was run as; what names it means the page.
    pub file: &'a str,
}

impl Lesson {
    /// Of these pages.
    #[must_use]
    pub fn new(pages: Vec<Page>, catalogue: &Catalogue) -> Self {
        let mut counts = Counts::default();
        for listing in pages.iter().flat_map(|page| &page.listings) {
            *match listing.outcome {
                Outcome::AsExpected => &mut counts.as_expected,
                Outcome::Unexpected => &mut counts.unexpected,
                Outcome::Skipped => &mut counts.skipped,
                Outcome::NotGraded => &mut counts.not_graded,
            } += 1;
        }
        let checker = Checker { name: "checker".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() };
        let lang = catalogue.lang().code().to_owned();
        Self { schema_version: SCHEMA_VERSION.to_owned(), checker, pages, counts, lang }
    }

    /// The record as one JSON object.
    #[must_use]
    pub fn json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("a record holds nothing that JSON cannot");
        text.push('\n');
        text
    }

    /// The JSON schema (draft 2020-12) of the record.
    #[must_use]
    pub fn schema() -> serde_json::Value {
        let mut schema = schemars::schema_for!(Self);
        schema.insert("title".to_owned(), "What checker found in course pages".into());
        schema.to_value()
    }

    /// How many listings there are, and how they ended, in a line.
    fn tally(&self, catalogue: &Catalogue) -> String {
        let Counts { as_expected, unexpected, skipped, not_graded } = self.counts;
        let number = i64::from;
        let message = Message::new("lesson-tally")
            .with("listings", number(as_expected + unexpected + skipped + not_graded))
            .with("expected", number(as_expected))
            .with("unexpected", number(unexpected))
            .with("skipped", number(skipped));
        let tally = catalogue.say(&message);
        if not_graded == 0 {
            return tally;
        }
        let more = Message::new("lesson-tally-not-graded").with("count", number(not_graded));
        format!("{tally}{}{}", catalogue.label("list-comma"), catalogue.say(&more))
    }
}

impl Page {
    fn has_chosen(&self) -> bool {
        self.listings.iter().any(|listing| listing.exercise.as_ref().is_some_and(|exercise| !exercise.named))
    }
}

impl Listing {
    /// One that was not looked at.
    #[must_use]
    pub fn skipped(line: usize, language: &str, reason: String) -> Self {
        Self {
            line,
            language: language.to_owned(),
            outcome: Outcome::Skipped,
            exercise: None,
            verdict: None,
            score: None,
            reason: Some(reason),
            hint: None,
            checks: Vec::new(),
            seed: None,
        }
    }

    /// One that was run.
    #[must_use]
    pub fn graded(line: usize, language: &str, report: &Report, held: Held, catalogue: &Catalogue) -> Self {
        // `lesson.md:98` is what the report calls the listing: its errors are in that file, in these lines.
        let page = report.submission.path.rsplit('/').next().and_then(|name| name.rsplit_once(':'));
        let page = page.map_or("", |(name, _)| name);
        let meant = |text: &str| safe::line(text).replace(&format!("{}:", held.file), &format!("{page}:"));
        let checks: Vec<_> = report.checks.iter().map(|check| listed(report, check, held, &meant, catalogue)).collect();
        let outcome = match report.verdict {
            Verdict::Error => Outcome::NotGraded,
            _ if checks.iter().all(|check| check.as_expected) => Outcome::AsExpected,
            _ => Outcome::Unexpected,
        };
        let problem = report.problem.as_ref();
        Self {
            line,
            language: language.to_owned(),
            outcome,
            exercise: Some(Exercise { id: report.exercise.id.clone(), named: held.named }),
            verdict: Some(report.verdict),
            score: Some(report.score),
            reason: problem.map(|problem| meant(&problem.message)),
            hint: problem.and_then(|problem| Some(meant(problem.hint.as_ref()?))),
            checks,
            seed: Some(report.seed),
        }
    }

    /// The ids of the checks that did not pass although nothing notes that.
    fn fails_unnoted(&self) -> Vec<&str> {
        let unnoted = |check: &&ListingCheck| check.verdict == Verdict::Failed && !check.as_expected;
        self.checks.iter().filter(unnoted).map(|check| check.id.as_str()).collect()
    }
}

fn listed(
    report: &Report,
    check: &Check,
    held: Held,
    meant: &dyn Fn(&str) -> String,
    catalogue: &Catalogue,
) -> ListingCheck {
    let failed = check.verdict == Verdict::Failed;
    let why = failed.then(|| Why::of(report, check, catalogue));
    // What belongs to the program as a whole is said once, for the listing.
    let own = why.as_ref().filter(|_| report.problem.is_none());
    let earlier = explain::explained_before(report, check).filter(|_| failed);
    let same = earlier.map(|earlier| catalogue.say(&Message::new("hint-as-above").with("check", earlier.id.clone())));
    let error = own.and_then(|why| why.server_error.as_deref()).filter(|_| same.is_none());
    let first = own.and_then(|why| why.hints.first().map(String::as_str));
    ListingCheck {
        id: check.id.clone(),
        title: check.title.clone(),
        verdict: check.verdict,
        noted_to_fail: held.fails.contains(&check.id),
        as_expected: as_expected(report, check, held.fails),
        reason: why.as_ref().map(|why| meant(&why.reason)),
        server_error: error.map(meant),
        hint: same.or_else(|| first.map(meant)),
    }
}

/// Whether a check ended as the page says: it passed, or is noted to fail, or was skipped because of one that is.
fn as_expected(report: &Report, check: &Check, fails: &[String]) -> bool {
    let noted = fails.contains(&check.id);
    match check.verdict {
        Verdict::Passed => !noted,
        Verdict::Failed | Verdict::Error => noted,
        Verdict::Skipped => {
            let because = report.checks.iter().find(|other| Some(&other.id) == check.because.as_ref());
            noted || because.is_some_and(|because| as_expected(report, because, fails))
        }
    }
}
