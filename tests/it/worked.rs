//! The worked exercises: their solutions pass, and each of their mistakes fails exactly the checks that it names.
//!
//! One test an exercise, so that they run side by side.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use checker::exercise::{Exercise, Text, builtin};

use crate::support::checker::{grade, with_verdict};
use crate::support::{for_each, names_of, root, runtimes};

/// A submission that comes with an exercise, and how it must end: a solution fails nothing.
struct Case {
    exercise: String,
    path: PathBuf,
    fails: Vec<String>,
    problem: Option<String>,
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.strip_prefix(root()).unwrap().display())
    }
}

fn folders(exercise: &str, kind: &str) -> Vec<PathBuf> {
    let folder = root().join("exercises").join(exercise).join(kind);
    names_of(&folder).iter().map(|name| folder.join(name)).collect()
}

fn solution(exercise: &str, path: PathBuf) -> Case {
    Case { exercise: exercise.to_owned(), path, fails: Vec::new(), problem: None }
}

fn mistake(exercise: &str, path: PathBuf) -> Case {
    let text = fs::read_to_string(path.join("expect.toml")).unwrap_or_else(|error| panic!("{path:?}: {error}"));
    let expect: toml::Table = toml::from_str(&text).unwrap();
    let fails = expect["fails"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect();
    let problem = expect.get("problem").map(|problem| problem.as_str().unwrap().to_owned());
    Case { exercise: exercise.to_owned(), path, fails, problem }
}

fn ends_as_expected(case: &Case) -> Result<(), String> {
    let arguments = ["-e", &case.exercise, "-f", "json", "--seed", "7", "--request-timeout", "20s"];
    let ran = grade(&case.path, &arguments);
    let report = ran.report();
    let found = (with_verdict(&report, "failed"), report["problem"]["code"].as_str().map(str::to_owned));
    if found != (case.fails.clone(), case.problem.clone()) {
        let expected = (&case.fails, &case.problem);
        return Err(format!("expected {expected:?}, found {found:?}: {}\n{}", report["problem"], report["checks"]));
    }
    let is_solution = case.fails.is_empty();
    let earned = &report["score"]["earned"];
    if is_solution != (ran.code == Some(0)) || is_solution != (*earned == 10) {
        return Err(format!("exit {:?}, {earned} points", ran.code));
    }
    Ok(())
}

fn proves(id: &str) {
    for (command, package) in [("node", "nodejs"), ("go", "golang-go"), ("php", "php-cli")] {
        runtimes::need(command, package);
    }
    let mut cases: Vec<_> = folders(id, "solutions").into_iter().map(|path| solution(id, path)).collect();
    assert!(cases.len() >= 2, "{id}: a solution in Flask and one in something else");
    let mistakes: Vec<_> = folders(id, "mistakes").into_iter().map(|path| mistake(id, path)).collect();
    assert!(mistakes.len() >= 4, "{id}: the mistakes that beginners make");
    let exercise = builtin::find(id).expect(id).load();
    let caught: BTreeSet<_> =
        mistakes.iter().filter(|case| case.problem.is_none()).flat_map(|case| case.fails.clone()).collect();
    let checks: BTreeSet<_> = exercise.checks.iter().map(|check| check.id.0.clone()).collect();
    assert_eq!(caught, checks, "{id}: each check catches a mistake that starts");
    cases.extend(mistakes);
    for_each(&cases, ends_as_expected);
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
