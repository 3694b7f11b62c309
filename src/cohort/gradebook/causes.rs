//! What submissions have in common: the causes of their failures, and answers that are wrong in the same way.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use super::{Gradebook, Row};
use crate::report::{Report, Verdict};

/// Rows that have something in common.
#[derive(Clone, Debug)]
pub struct Cluster<'a> {
    /// What, in one sentence.
    pub said: String,
    /// The check that failed, if it was one.
    pub check: Option<String>,
    /// Who, in the gradebook's order.
    pub rows: Vec<&'a Row>,
}

/// Why one submission did not pass.
#[derive(Clone, Debug)]
pub(super) struct Cause {
    /// The same for the same mistake, whatever the student's own names and numbers are.
    pub(super) kind: String,
    pub(super) said: String,
    check: Option<String>,
}

/// What differs between two students with the same mistake: quoted names, numbers, texts.
static OWN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"`[^`]*`|"[^"]*"|\d+(?:\.\d+)?|[\w./-]+\.(?:py|js|rs|go|java|php|rb|pl)\b"#)
        .expect("it is well formed")
});

pub(super) fn cause(report: &Report) -> Option<Cause> {
    if let Some(problem) = &report.problem {
        let said = problem
            .hint
            .as_ref()
            // Both are in the report's language, which may have other semicolons.
            .map_or_else(|| problem.message.clone(), |hint| format!("{} · {hint}", problem.message));
        return Some(Cause { kind: format!("{} {}", problem.code, plain(&problem.message)), said, check: None });
    }
    let failed = report.checks.iter().find(|check| check.verdict == Verdict::Failed)?;
    let mismatch = failed.mismatches.first().map(|mismatch| mismatch.message.clone());
    let said = failed.hints.first().cloned().or(mismatch).unwrap_or_else(|| failed.title.clone());
    Some(Cause { kind: format!("{} {}", failed.id, plain(&said)), said, check: Some(failed.id.clone()) })
}

fn plain(said: &str) -> String {
    OWN.replace_all(said, "…").into_owned()
}

/// The causes of what did not pass, the most frequent first.
#[must_use]
pub fn causes(gradebook: &Gradebook) -> Vec<Cluster<'_>> {
    let with_cause = gradebook.rows.iter().filter_map(|row| Some((cause(row.state.report()?)?, row)));
    clusters(with_cause)
}

/// Submissions that failed the same checks with the very same answers, of two and more.
#[must_use]
pub fn identical_answers(gradebook: &Gradebook) -> Vec<Cluster<'_>> {
    let answers = gradebook.rows.iter().filter_map(|row| Some((answers(row.state.report()?)?, row)));
    let mut all = clusters(answers);
    all.retain(|cluster| cluster.rows.len() > 1);
    all
}

fn answers(report: &Report) -> Option<Cause> {
    let wrong = report.checks.iter().filter(|check| check.verdict == Verdict::Failed);
    let said: Vec<_> = wrong
        .filter_map(|check| {
            let mismatch = check.mismatches.first()?;
            Some(format!("{}: {}", check.id, mismatch.actual))
        })
        .collect();
    let said = said.join("; ");
    (!said.is_empty()).then(|| Cause { kind: said.clone(), said, check: None })
}

fn clusters<'a>(found: impl Iterator<Item = (Cause, &'a Row)>) -> Vec<Cluster<'a>> {
    let mut all: BTreeMap<String, Cluster> = BTreeMap::new();
    for (cause, row) in found {
        let fresh = || Cluster { said: cause.said.clone(), check: cause.check.clone(), rows: Vec::new() };
        all.entry(cause.kind).or_insert_with(fresh).rows.push(row);
    }
    let mut all: Vec<_> = all.into_values().collect();
    // A stable sort: equally frequent ones stay in the order of their kinds.
    all.sort_by_key(|cluster| std::cmp::Reverse(cluster.rows.len()));
    all
}
