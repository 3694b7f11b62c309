//! Proving exercises: what is found, what is not, and what it looks like.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use reference_server::Fault;
use serde_json::Value;

use crate::support::checker::{Ran, command, run};
use crate::support::{fixture, network, root, runtimes};

/// `checker validate` with these arguments and the test's own Python; reports go into a folder of the test's own.
fn validate(exercise: &str, arguments: &[&str]) -> (Ran, tempfile::TempDir) {
    let reports = tempfile::tempdir().unwrap();
    let mut command = validating(exercise, arguments);
    command.arg("--reports").arg(reports.path());
    let mut ran = run(&mut command);
    let redact = |text: &str| text.replace(reports.path().to_str().unwrap(), "REPORTS");
    (ran.stdout, ran.stderr) = (redact(&ran.stdout), redact(&ran.stderr));
    (ran, reports)
}

fn validating(exercise: &str, arguments: &[&str]) -> Command {
    let mut command = command(["validate", exercise, "--python"]);
    command.arg(runtimes::python()).args(arguments);
    command
}

/// The proof with its times taken out.
fn proof(ran: &Ran) -> Value {
    fn still(value: &mut Value) {
        match value {
            Value::Object(fields) => fields.iter_mut().for_each(|(name, field)| match name.as_str() {
                "duration_ms" => *field = 0.into(),
                _ => still(field),
            }),
            Value::Array(items) => items.iter_mut().for_each(still),
            _ => {}
        }
    }
    let mut proof = ran.report();
    still(&mut proof);
    proof
}

fn codes(proof: &Value) -> Vec<String> {
    let findings = proof["findings"].as_array().unwrap().iter();
    findings.map(|finding| finding["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn everything_that_is_wrong_with_an_exercise_is_found() {
    let arguments = ["--seed", "1", "--repeat", "2", "--mutations", "all"];
    let (english, reports) = validate("fixtures/proofs/findings", &arguments);
    insta::assert_snapshot!("proof_findings_en", english.stdout);
    assert_eq!(english.code, Some(1));
    assert!(
        english.stderr.starts_with("18 runs\n22 changes to the answers of a solution, up to "),
        "{}",
        english.stderr
    );
    let kept = std::fs::read_dir(reports.path()).unwrap().count();
    assert_eq!(kept, 6, "one report for each subject that is not as expected");
    let (chinese, _) = validate("fixtures/proofs/findings", &[&arguments[..], &["--lang", "zh", "-v"]].concat());
    insta::assert_snapshot!("proof_findings_zh", chinese.stdout);
}

#[test]
fn each_form_tells_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    let more: Vec<_> = ["markdown", "html"].map(|form| format!("{form}={}", file(form).display())).into();
    let arguments = ["--seed", "1", "--repeat", "1", "--mutations", "10", "-f", "json", "-o", &more[0], "-o", &more[1]];
    // A file names the exercise as well as its folder does.
    let (ran, _reports) = validate("fixtures/proofs/findings/exercise.toml", &arguments);
    assert_eq!(ran.code, Some(1), "{}", ran.page());
    insta::assert_snapshot!("proof_json", format!("{:#}", proof(&ran)));
    let redact = |text: String| {
        regex::Regex::new(r"/[^ `]*/(solutions|mistakes)-").unwrap().replace_all(&text, "REPORTS/$1-").into_owned()
    };
    insta::assert_snapshot!("proof_markdown", redact(std::fs::read_to_string(file("markdown")).unwrap()));
    let page = std::fs::read_to_string(file("html")).unwrap();
    let page = page.replace("<code>", "`").replace("</code>", "`");
    for finding in proof(&ran)["findings"].as_array().unwrap() {
        let message = finding["message"].as_str().unwrap();
        assert!(page.contains(message), "{message}");
    }
    assert!(page.contains("default-src 'none'") && !page.contains("<script"), "nothing is loaded and nothing runs");
    assert_eq!(page.matches("cell otherwise").count(), 6, "the cells that are not as expected stand out");
}

#[test]
fn a_solution_that_is_right_only_sometimes_is_flaky_and_both_reports_are_kept() {
    let (ran, reports) = validate("fixtures/proofs/flaky", &["--seed", "1", "--repeat", "4", "-f", "json", "-q"]);
    let proof = proof(&ran);
    assert_eq!((ran.code, codes(&proof)), (Some(1), vec!["flaky".to_owned()]), "{}", ran.page());
    let kept = proof["findings"][0]["reports"].as_array().unwrap();
    let verdicts: BTreeSet<_> = kept.iter().map(|path| verdict(&in_folder(path, &reports))).collect();
    assert_eq!(verdicts, BTreeSet::from(["failed".to_owned(), "passed".to_owned()]));
    assert_eq!(proof["mutations"], Value::Null, "what is wrong already shows nothing when it is changed");
}

fn in_folder(path: &Value, reports: &tempfile::TempDir) -> PathBuf {
    reports.path().join(Path::new(path.as_str().unwrap()).file_name().unwrap())
}

fn verdict(report: &Path) -> String {
    let report: Value = serde_json::from_str(&std::fs::read_to_string(report).unwrap()).unwrap();
    report["verdict"].as_str().unwrap().to_owned()
}

#[test]
fn what_stands_beside_an_exercise_is_checked_before_anything_is_run() {
    insta::assert_snapshot!("proof_wrong_expect", validate("fixtures/proofs/wrong-expect", &[]).0.page());
    insta::assert_snapshot!("proof_no_expect", validate("fixtures/proofs/no-expect", &[]).0.page());
    insta::assert_snapshot!("proof_no_expect_zh", validate("fixtures/proofs/no-expect", &["--lang", "zh"]).0.page());
    insta::assert_snapshot!("proof_nothing", validate("fixtures/exercises/hidden", &[]).0.page());
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("mistakes")).unwrap();
    std::fs::write(folder.path().join("mistakes/gone.expect.toml"), "fails = [\"echo\"]").unwrap();
    std::fs::copy(fixture("proofs/flaky/exercise.toml"), folder.path().join("exercise.toml")).unwrap();
    insta::assert_snapshot!("proof_lonely", validate(folder.path().to_str().unwrap(), &[]).0.page());
    let invalid = validate("fixtures/exercises/invalid/cycle.toml", &[]).0;
    assert_eq!((invalid.code, invalid.stdout.as_str()), (Some(2), ""), "{}", invalid.page());
    insta::assert_snapshot!("help_validate", run(&mut command(["validate", "--help"])).page());
}

#[test]
fn what_no_check_notices_is_a_finding_if_that_is_wanted() {
    let folder = tempfile::tempdir().unwrap();
    let new = folder.path().join("greetings");
    let path = new.to_str().unwrap();
    assert_eq!(run(&mut command(["exercises", "new", path])).code, Some(0));
    let arguments = ["--repeat", "1", "--seed", "1", "-f", "json"];
    let (noted, _) = validate(path, &arguments);
    assert_eq!((noted.code, codes(&proof(&noted))), (Some(0), Vec::new()), "{}", noted.page());
    let (strict, _) = validate(path, &[&arguments[..], &["--strict"]].concat());
    let survivors = proof(&strict)["mutations"]["survived"].as_u64().unwrap();
    assert_eq!((strict.code, codes(&proof(&strict))), (Some(1), vec!["survivor".to_owned(); survivors as usize]));
    assert!(survivors > 0);
}

#[test]
fn a_runtime_that_is_missing_is_nobodys_mistake() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = command(["validate", "fixtures/proofs/flaky", "--repeat", "1", "-q", "-f", "json", "--python"]);
    let ran = run(command.arg(folder.path().join("no-python")).arg("--reports").arg(folder.path()));
    let codes = codes(&proof(&ran));
    assert_eq!((ran.code, codes.first().map(String::as_str)), (Some(3), Some("not_graded")), "{}", ran.page());
}

/// How long what hangs may hang in these tests, where nothing is slow.
const SHORT: [&str; 8] = ["--repeat", "1", "--seed", "1", "--request-timeout", "1s", "--ready-timeout", "3s"];

/// The proof of a built-in exercise, which must have no findings.
fn proven(exercise: &str, mutations: &str) -> Value {
    let arguments = [&SHORT[..], &["--mutations", mutations, "-f", "json"]].concat();
    let (ran, _reports) = validate(exercise, &arguments);
    assert_eq!(ran.code, Some(0), "{}", ran.page());
    proof(&ran)
}

#[test]
fn the_lessons_exercises_are_proven_by_the_reference_server_and_its_faults() {
    let proof = proven("cookies", "none");
    assert_eq!(proof["subjects"].as_array().unwrap().len(), 1 + Fault::ALL.len());
    for exercise in ["cookies-set", "cookies-type", "cookies-missing"] {
        proven(exercise, "none");
    }
}

#[test]
fn a_built_in_exercise_is_proven_by_what_comes_with_the_program() {
    runtimes::need("php", "php-cli");
    let (ran, _reports) = validate("query", &["--repeat", "1", "--seed", "1", "--mutations", "none", "-q"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), "proven: no findings\n"), "{}", ran.page());
}

#[test]
fn the_checks_of_the_lesson_notice_whatever_the_lesson_asks_for() {
    let proof = proven("cookies", "all");
    let tried = proof["mutations"]["tried"].as_array().unwrap();
    let survived = tried.iter().filter(|mutation| mutation["outcome"] == "survived");
    let is_left_open = |mutation: &Value| {
        let (code, request) = (mutation["code"].as_str().unwrap(), mutation["request"].as_str().unwrap());
        let body_of_front = code.starts_with("body_") && request.starts_with("GET / ") || request == "GET /";
        code.starts_with("header_") || body_of_front || request == "GET / [time]"
    };
    let unexpected: Vec<_> = survived.filter(|mutation| !is_left_open(mutation)).collect();
    assert!(unexpected.is_empty(), "{unexpected:#?}");
    assert!(proof["mutations"]["noticed"].as_u64() > Some(40), "{}", proof["mutations"]);
}

#[test]
fn where_runs_share_ports_they_take_turns_and_find_the_same() {
    let reports = tempfile::tempdir().unwrap();
    let arguments = ["--seed", "1", "--repeat", "4", "-f", "json", "-q", "--mutations", "none"];
    let mut command = validating("fixtures/proofs/flaky", &arguments);
    command.arg("--reports").arg(reports.path());
    let ran = run(network::refuse_namespaces(&mut command));
    assert_eq!(codes(&proof(&ran)), ["flaky"], "{}", ran.page());
}

#[test]
fn the_schemas_of_proofs_are_not_stale() {
    let schema = serde_json::to_string_pretty(&checker::proof::schema()).unwrap() + "\n";
    let file = root().join("schemas/proof.schema.json");
    if std::env::var_os("UPDATE_SCHEMAS").is_some() {
        std::fs::write(&file, &schema).unwrap();
    }
    let found = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(found == schema, "schemas/proof.schema.json is stale: run UPDATE_SCHEMAS=1 cargo test the_schemas");
}

#[test]
fn every_fault_is_a_known_mistake_of_the_whole_lesson() {
    let exercise = checker::exercise::builtin::find("cookies").unwrap().load();
    let source = include_str!("../../exercises/cookies/reference.toml");
    let names: Vec<_> = Fault::ALL.iter().map(|fault| fault.name()).collect();
    let reference = checker::exercise::file::parse_reference(source, &exercise, &names).unwrap();
    let known: BTreeSet<_> = reference.mistakes.iter().map(|(variant, _)| variant.0.as_str()).collect();
    assert_eq!(known, names.into_iter().collect());
}
