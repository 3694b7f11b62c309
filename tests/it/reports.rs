//! What users and pipelines get to read, from real runs.

use std::fs;

use serde_json::Value;

use crate::support::checker::{Ran, checker, command, grade, run};
use crate::support::{fixture, root};

/// A page with what differs from run to run taken out.
fn redacted(page: &str) -> String {
    let redactions = [
        (
            r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d \d\d:\d\d:\d\d \d{4}",
            "[time]",
        ),
        (r"\d+(\.\d+)? ms", "[ms]"),
        (r"\d\d/\w{3}/\d{4} \d\d:\d\d:\d\d", "[date]"),
        (r"Debugger PIN: [\d-]+", "Debugger PIN: [pin]"),
        (r"pid \d+", "pid [pid]"),
        (r"/[^\s`'\x22]*/tmp/test-python/", "[venv]/"),
    ];
    let page = page.replace(root().to_str().unwrap(), "[root]");
    redactions.iter().fold(page, |page, (pattern, replacement)| {
        regex::Regex::new(pattern).unwrap().replace_all(&page, *replacement).into_owned()
    })
}

/// A submission of the repository graded with seed 7, as its author would see it.
fn graded(submission: &str, arguments: &[&str]) -> Ran {
    let path = format!("fixtures/submissions/{submission}");
    let all: Vec<&str> = [&["--seed", "7"], arguments].concat();
    let mut ran = grade(path.as_ref(), &all);
    ran.stdout = redacted(&ran.stdout);
    ran.stderr = redacted(&ran.stderr);
    ran
}

#[test]
fn the_lessons_second_listing_as_a_student_reads_it() {
    insta::assert_snapshot!("listing2_en", graded("lesson/listing2", &[]).page());
    insta::assert_snapshot!("listing2_zh", graded("lesson/listing2", &["--lang", "zh"]).page());
}

#[test]
fn a_passing_submission_as_a_student_reads_it() {
    insta::assert_snapshot!("passing_en", graded("good/flask-debug", &[]).page());
    insta::assert_snapshot!("passing_quiet_zh", graded("good/flask-debug", &["-q", "--lang", "zh"]).page());
}

#[test]
fn a_syntax_error_as_a_student_reads_it() {
    insta::assert_snapshot!("syntax_error_en", graded("wrong/syntax-error", &[]).page());
    insta::assert_snapshot!("syntax_error_zh", graded("wrong/syntax-error", &["--lang", "zh"]).page());
}

#[test]
fn wrong_values_are_marked_where_they_differ() {
    insta::assert_snapshot!("upper_cased_en", graded("wrong/upper-cased", &["--check", "separate-clients"]).page());
    insta::assert_snapshot!("name_capital_zh", graded("wrong/name-capital", &["--lang", "zh"]).page());
}

#[test]
fn every_mistake_has_its_page() {
    // One of each family, whole, whose page is the same in every second; that each fixture gets its own hint is in submissions.rs.
    for name in [
        "last-client",
        "path-elsewhere",
        "get-missing",
        "made-at-import",
        "os-exit-in-view",
        "c-compile-error",
        "not-http",
        "readme-only",
    ] {
        insta::assert_snapshot!(format!("page_{name}"), graded(&format!("wrong/{name}"), &[]).page());
    }
}

#[test]
fn the_json_report_has_its_keys_in_the_documented_order() {
    let ran = grade(&fixture("submissions/lesson/listing2"), &["-f", "json", "--seed", "7"]);
    let report = ran.report();
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ");
    let check = &report["checks"][4];
    let all = [
        keys(&report),
        keys(&report["submission"]),
        keys(check),
        keys(&check["mismatches"][0]),
        keys(&check["server_error"]),
        keys(&check["exchanges"][0]),
        keys(&check["exchanges"][0]["request"]),
        keys(&check["exchanges"][0]["response"]),
        keys(&check["exchanges"][0]["response"]["body"]),
        keys(&report["server"]),
        keys(&report["isolation"]),
    ];
    insta::assert_snapshot!("json_keys", all.join("\n"));
    assert!(ran.stdout.ends_with("}\n"));
    assert_eq!(report["seed"], 7);
}

#[test]
fn two_runs_with_one_seed_ask_the_same() {
    let asked = |seed: &str| -> String {
        let arguments = ["run", "--reference", "-f", "json", "--seed", seed, "--check", "other-cookies"];
        let report = checker(arguments).report();
        let checks = report["checks"].as_array().unwrap().iter();
        let exchanges = checks.flat_map(|check| check["exchanges"].as_array().unwrap().iter());
        let requests: Vec<_> = exchanges.map(|exchange| exchange["request"].to_string()).collect();
        // The reference server takes the free port that it is given.
        regex::Regex::new(r"127\.0\.0\.1:\d+").unwrap().replace_all(&requests.join("\n"), "[address]").into_owned()
    };
    assert_eq!(asked("11"), asked("11"));
    assert_ne!(asked("11"), asked("12"));
}

#[test]
fn several_reports_are_written_at_once_and_whole() {
    let folder = tempfile::tempdir().unwrap();
    let (json, human) = (folder.path().join("r.json"), folder.path().join("r.txt"));
    let ran = checker([
        "run",
        "--reference",
        "-q",
        "--color",
        "always",
        "--seed",
        "7",
        "-o",
        &format!("json={}", json.display()),
        "-o",
        &format!("human={}", human.display()),
    ]);
    assert_eq!(ran.code, Some(0), "{}", ran.page());
    assert!(ran.stdout.contains("\u{1b}["), "--color always colours standard output");
    let report: Value = serde_json::from_str(&fs::read_to_string(json).unwrap()).unwrap();
    assert_eq!(report["verdict"], "passed");
    let human = fs::read_to_string(human).unwrap();
    assert!(human.contains("10/10") && !human.contains('\u{1b}'), "a file has no colours: {human}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "no temporary file is left");
}

#[test]
fn colours_follow_the_terminal_and_no_color() {
    assert!(!checker(["run", "--reference", "-q"]).stdout.contains('\u{1b}'), "a pipe gets no colours");
    let mut always = command(["run", "--reference", "-q", "--color", "always"]);
    assert!(run(&mut always).stdout.contains('\u{1b}'));
}

#[test]
fn what_a_submission_writes_cannot_steer_the_terminal() {
    for arguments in [&[][..], &["-v"], &["--lang", "zh"]] {
        let ran = grade(&fixture("submissions/hostile/terminal-escapes"), arguments);
        let wild: Vec<_> = ran.stdout.chars().filter(|c| c.is_control() && *c != '\n').collect();
        assert!(wild.is_empty(), "{wild:?} in {}", ran.stdout);
        assert!(!ran.stdout.contains('\u{202e}'), "no text is turned round");
        assert!(ran.stdout.contains("\\x1b]52;c;"), "the sequence is shown as text: {}", ran.stdout);
    }
}

#[test]
fn a_report_that_cannot_be_written_is_the_machines_fault() {
    // A folder that is full: /dev/full refuses every byte.
    let ran = checker(["run", "--reference", "-q", "-o", "json=/dev/full"]);
    assert_eq!(ran.code, Some(3), "{}", ran.page());
    assert!(ran.stderr.contains("/dev/full"), "{}", ran.stderr);
}

#[test]
fn the_schemas_are_not_stale() {
    let schemas = [("report", checker::report::schema()), ("lesson", checker::report::lesson::Lesson::schema())];
    for (name, schema) in schemas {
        let schema = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        let file = root().join(format!("schemas/{name}.schema.json"));
        if std::env::var_os("UPDATE_SCHEMAS").is_some() {
            fs::write(&file, &schema).unwrap();
        }
        let found = fs::read_to_string(&file).unwrap_or_default();
        assert!(found == schema, "{} is stale: run UPDATE_SCHEMAS=1 cargo test the_schemas", file.display());
    }
}
