use super::*;
use crate::cohort::store::Place;
use crate::cohort::{Manifest, Shard};
use crate::exercise::Lang;
use crate::locale::Catalogue;
use crate::report;

/// A report with one check, which passed, or failed for a reason.
fn graded(key: &str, hint: Option<&str>) -> Graded {
    let verdict = if hint.is_some() { Verdict::Failed } else { Verdict::Passed };
    let earned = Some(if hint.is_some() { 0 } else { 2 });
    let check = report::Check {
        id: "missing-cookie".into(),
        title: "title".into(),
        verdict,
        points: report::Points { earned, possible: 2 },
        hidden: false,
        visibility: report::Visibility::Full,
        program: None,
        requires: Vec::new(),
        because: None,
        duration_ms: 1.0,
        mismatches: Vec::new(),
        hints: hint.into_iter().map(str::to_owned).collect(),
        server_error: None,
        exchanges: Vec::new(),
    };
    let report = Report {
        schema_version: "1.2".into(),
        lang: None,
        checker: report::Checker { name: "checker".into(), version: "0".into() },
        exercise: report::Exercise { id: "x".into(), version: "1".into(), title: "X".into(), digest: String::new() },
        submission: report::Submission { path: key.into(), kind: None, digest: None },
        verdict,
        score: report::Score { earned, possible: 2 },
        counts: report::Counts::default(),
        problem: None,
        checks: vec![check],
        server: None,
        isolation: report::Isolation::default(),
        seed: 1,
        started_at: String::new(),
        duration_ms: 1.0,
    };
    let cohort =
        Place { manifest: String::new(), shard: Shard::WHOLE, key: key.into(), result: "0".repeat(64), flaky: false };
    Graded { report, cohort }
}

fn gradebook(rows: &[(&str, Option<&str>)]) -> Gradebook {
    let entry = |key: &str| Entry {
        key: key.into(),
        people: vec![Who { name: key.into(), ..Who::default() }],
        digest: String::new(),
        result: "0".repeat(64),
        attempts: Vec::new(),
    };
    let entries = rows.iter().map(|(key, _)| entry(key)).chain([entry("waiting")]).collect();
    let missing = vec![Who { name: "missing".into(), ..Who::default() }];
    let manifest = Manifest { digest: String::new(), entries, missing, exercise: "x".into() };
    let found = |entry: &Entry| {
        let (key, hint) = rows.iter().find(|(key, _)| *key == entry.key)?;
        Some((0, graded(key, *hint)))
    };
    Gradebook::with(&manifest, found)
}

#[test]
fn the_same_mistake_is_one_cause_whatever_the_students_names_are() {
    let book = gradebook(&[
        ("a", Some("`visit` is None here (app.py:16); return `str(visit)`")),
        ("b", Some("`when` is None here (main.py:9); return `str(when)`")),
        ("c", Some("the answer is empty")),
        ("d", None),
    ]);
    let causes: Vec<_> = causes(&book).iter().map(|cluster| cluster.rows.len()).collect();
    assert_eq!(causes, [2, 1]);
}

#[test]
fn what_was_not_graded_has_no_points_in_any_form() {
    let book = gradebook(&[("a", None)]);
    let catalogue = Catalogue::new(Lang::En);
    let tally = Tally { passed: 1, waiting: 1, missing: 1, ..Tally::default() };
    assert_eq!(book.tally(), tally);
    let csv = csv(&book);
    assert!(csv.contains("waiting,waiting,,,,waiting,,,2,"), "{csv}");
    assert!(csv.contains(",missing,,,,missing,,,2,"), "{csv}");
    let canvas = canvas(&book, "X");
    assert!(canvas.ends_with("waiting,,,,\r\n"), "{canvas}");
    assert!(markdown(&book, &catalogue).contains("| missing | missing |  |"));
}

#[test]
fn no_field_of_a_csv_file_is_a_formula() {
    for field in ["=1+1", "+1", "-1", "@SUM(A1)", "|calc", " =1", "\"=1", "＝1+1", "\t=1", "%0a"] {
        assert!(csv::harmless(field).starts_with('\''), "{field:?}");
    }
    for field in ["王小明", "a=b", "7", "", "o'neill"] {
        assert_eq!(csv::harmless(field), field);
    }
}

#[test]
fn a_worksheet_that_is_none_is_refused() {
    let catalogue = Catalogue::new(Lang::En);
    assert_eq!(moodle(&gradebook(&[]), "a,b\n1,2\n", &catalogue).unwrap_err().id, "moodle-columns");
}
