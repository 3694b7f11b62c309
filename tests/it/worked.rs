//! The worked exercises: their solutions pass, and each of their mistakes fails exactly the checks that it names.
//!
//! One test an exercise, so that they run side by side.

use std::collections::BTreeSet;
use std::path::Path;

use checker::exercise::{Exercise, Text, builtin};
use serde_json::Value;

use crate::support::checker::{command, grade, run};
use crate::support::{names_of, root, runtimes};

/// Has an exercise proven by the program itself: solutions earn everything, mistakes fail exactly what they say, each check
/// catches a mistake that starts.
fn proves(id: &str) {
    for (command, package) in [("node", "nodejs"), ("go", "golang-go"), ("php", "php-cli")] {
        runtimes::need(command, package);
    }
    let mut command = command(["validate", id, "--repeat", "1", "--mutations", "none", "-f", "json", "--seed", "7"]);
    let ran = run(command.args(["--request-timeout", "20s", "--python"]).arg(runtimes::python()));
    let proof: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}", ran.page()));
    assert_eq!((ran.code, proof["conclusion"].as_str()), (Some(0), Some("proven")), "{}", ran.page());
    let subjects = |role: &str, kind: &str| {
        let subjects = proof["subjects"].as_array().unwrap().iter();
        let names: BTreeSet<_> = subjects
            .filter(|subject| subject["role"] == role)
            .map(|subject| subject["name"].as_str().unwrap().to_owned())
            .collect();
        let folder = root().join("exercises").join(id).join(kind);
        let there: BTreeSet<_> = names_of(&folder).iter().map(|name| format!("{kind}/{name}")).collect();
        assert_eq!(names, there, "{id}: all that is there is tried");
        names.len()
    };
    assert!(subjects("solution", "solutions") >= 2, "{id}: a solution in Flask and one in something else");
    assert!(subjects("mistake", "mistakes") >= 4, "{id}: the mistakes that beginners make");
}

#[test]
fn routes() {
    proves("routes");
}

#[test]
fn query() {
    proves("query");
}

#[test]
fn forms() {
    proves("forms");
}

#[test]
fn json_api() {
    proves("json-api");
}

#[test]
fn static_files() {
    proves("static");
}

#[test]
fn errors() {
    proves("errors");
}

#[test]
fn sessions() {
    proves("sessions");
}

#[test]
fn a_report_says_at_which_element_attribute_or_header_it_looked() {
    let told = |mistake: &str, check: &str, lang: &str| {
        let path = Path::new("exercises").join(mistake);
        let exercise = mistake.split('/').next().unwrap();
        grade(&path, &["-e", exercise, "--check", check, "--seed", "7", "--lang", lang]).page()
    };
    let cases = [
        ("static/mistakes/no-link", "linked"),
        ("static/mistakes/forgets-what-was-typed", "keeps-typed"),
        ("static/mistakes/reads-with-open", "file"),
    ];
    for lang in ["en", "zh"] {
        let pages: Vec<_> = cases.iter().map(|(mistake, check)| told(mistake, check, lang)).collect();
        insta::assert_snapshot!(format!("where_it_looked_{lang}"), pages.join("\n"));
    }
}

/// The exercises with a folder `solutions` that are built in.
fn worked() -> Vec<Exercise> {
    let has_solutions = |id: &str| Path::new(&root()).join("exercises").join(id).join("solutions").is_dir();
    builtin::all().iter().filter(|builtin| has_solutions(builtin.id)).map(builtin::Builtin::load).collect()
}

#[test]
fn every_worked_exercise_speaks_both_languages_is_worth_ten_points_and_says_for_whom_it_is() {
    let in_both = |text: &Text| text.en.is_some() && text.zh.is_some();
    let worked = worked();
    assert!(worked.len() >= 7);
    for exercise in worked {
        let id = &exercise.id;
        assert!(in_both(&exercise.title) && exercise.level.is_some(), "{id}");
        assert_eq!(exercise.checks.iter().map(|check| check.points).sum::<u32>(), 10, "{id}");
        for check in &exercise.checks {
            assert!(in_both(&check.title), "{id} {}", check.id);
            assert!(check.hints.iter().all(|hint| in_both(&hint.say)), "{id} {}", check.id);
        }
    }
}

#[test]
fn every_exercise_of_the_folder_is_built_in() {
    let built_in: BTreeSet<_> = builtin::all().iter().map(|builtin| builtin.id.to_owned()).collect();
    assert_eq!(BTreeSet::from_iter(names_of(&root().join("exercises"))), built_in);
}
