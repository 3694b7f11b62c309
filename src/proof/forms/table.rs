//! What the forms share: the matrix's cells, counts, what no check notices.

use crate::locale::Catalogue;
use crate::message::Message;
use crate::proof::model::{Conclusion, Mutations, Outcome, Proof, Role, Subject};
use crate::report::Verdict;

/// A cell of the matrix: how a check ended for a subject, in all of its runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) shown: Shown,
    pub(super) expected: Expected,
}

/// What a cell shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    Always(Verdict),
    /// Not the same in all runs.
    Changing,
}

/// Whether a cell is as the subject's author says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expected {
    AsExpected,
    Otherwise,
}

impl Cell {
    /// The cell of a check, by its place, and by its id.
    pub(super) fn of(subject: &Subject, place: usize, id: &str) -> Self {
        let verdicts: Vec<_> = subject.runs.iter().filter_map(|run| run.checks.get(place)).collect();
        let shown = match verdicts.split_first() {
            Some((first, rest)) if rest.iter().all(|verdict| verdict == first) => Shown::Always(**first),
            Some(_) => Shown::Changing,
            None => Shown::Always(Verdict::Error),
        };
        let should_fail = subject.fails.iter().any(|fails| fails == id);
        let expected = match shown {
            Shown::Always(Verdict::Failed) => should_fail,
            Shown::Always(Verdict::Passed) => !should_fail,
            Shown::Always(Verdict::Skipped) => subject.role == Role::Mistake && !should_fail,
            Shown::Always(Verdict::Error) | Shown::Changing => false,
        };
        Self { shown, expected: if expected { Expected::AsExpected } else { Expected::Otherwise } }
    }

    /// A sign of one column, with a mark behind it where it is not as expected.
    pub(super) fn sign(self) -> &'static str {
        match (self.shown, self.expected) {
            (Shown::Always(Verdict::Passed), Expected::AsExpected) => "✔",
            (Shown::Always(Verdict::Passed), Expected::Otherwise) => "✔!",
            (Shown::Always(Verdict::Failed), Expected::AsExpected) => "✘",
            (Shown::Always(Verdict::Failed), Expected::Otherwise) => "✘!",
            (Shown::Always(Verdict::Skipped), Expected::AsExpected) => "–",
            (Shown::Always(Verdict::Skipped), Expected::Otherwise) => "–!",
            (Shown::Always(Verdict::Error), _) => "?!",
            (Shown::Changing, _) => "~!",
        }
    }
}

/// The problem of a subject's runs, with a mark behind it where it is not as expected; in brackets one that was not met.
pub(super) fn problem(subject: &Subject) -> Option<(String, Expected)> {
    let met = subject.runs.iter().find_map(|run| run.problem.as_ref());
    match (met, &subject.problem) {
        (None, None) => None,
        (Some(met), Some(wanted)) if met == wanted => Some((met.clone(), Expected::AsExpected)),
        (Some(met), _) => Some((format!("{met}!"), Expected::Otherwise)),
        (None, Some(wanted)) => Some((format!("({wanted})!"), Expected::Otherwise)),
    }
}

/// Which subjects, each kind under its heading; kinds that there are none of are left out.
pub(super) fn kinds(proof: &Proof) -> impl Iterator<Item = (&'static str, Vec<&Subject>)> {
    let kinds = [("proof-solutions", Role::Solution), ("proof-mistakes", Role::Mistake)];
    let of = |role| proof.subjects.iter().filter(move |subject| subject.role == role).collect::<Vec<_>>();
    kinds.into_iter().map(move |(heading, role)| (heading, of(role))).filter(|(_, subjects)| !subjects.is_empty())
}

/// `1 solution, 49 mistakes, 3 runs each, seed 7`.
pub(super) fn counts(proof: &Proof, catalogue: &Catalogue) -> String {
    let count = |role| proof.subjects.iter().filter(|subject| subject.role == role).count();
    catalogue.say(
        &Message::new("proof-counts")
            .with("solutions", count(Role::Solution))
            .with("mistakes", count(Role::Mistake))
            .with("repeats", proof.repeats)
            .with("seed", proof.seed.to_string()),
    )
}

/// How it ended, in a line.
pub(super) fn conclusion(proof: &Proof, catalogue: &Catalogue) -> String {
    let id = match proof.conclusion {
        Conclusion::Proven => Message::new("proof-proven"),
        Conclusion::Findings => Message::new("proof-findings"),
        Conclusion::Error => Message::new("proof-error"),
    };
    catalogue.say(&id.with("count", proof.findings.len()))
}

/// The mutation score in a sentence.
pub(super) fn score(mutations: &Mutations, catalogue: &Catalogue) -> String {
    let counted = Message::new("proof-score")
        .with("solution", mutations.solution.clone())
        .with("noticed", mutations.noticed)
        .with("of", mutations.noticed + mutations.survived)
        .with("percent", mutations.percent.map_or("–".to_owned(), |percent| percent.to_string()));
    catalogue.say(&counted)
}

/// What else is to be said of how many were tried.
pub(super) fn remarks(mutations: &Mutations, catalogue: &Catalogue) -> Vec<String> {
    let tried = mutations.tried.len();
    let mut remarks = Vec::new();
    if tried < mutations.possible {
        let sampled = Message::new("proof-sampled").with("tried", tried).with("possible", mutations.possible);
        remarks.push(catalogue.say(&sampled));
    }
    for (id, count) in [("proof-idle", mutations.idle), ("proof-undecided", mutations.undecided)] {
        if count > 0 {
            let message = match id {
                "proof-idle" => Message::new("proof-idle"),
                _ => Message::new("proof-undecided"),
            };
            remarks.push(catalogue.say(&message.with("count", count)));
        }
    }
    remarks
}

/// What no check notices: each alteration with the requests whose answers may have it, in the order of the first.
pub(super) fn survivors(mutations: &Mutations) -> Vec<(&str, Vec<&str>)> {
    let mut grouped: Vec<(&str, Vec<&str>)> = Vec::new();
    for mutation in mutations.tried.iter().filter(|mutation| mutation.outcome == Outcome::Survived) {
        match grouped.iter_mut().find(|(what, _)| *what == mutation.what) {
            Some((_, requests)) => requests.push(&mutation.request),
            None => grouped.push((&mutation.what, vec![&mutation.request])),
        }
    }
    grouped
}
