//! What an exercise keeps from students stays out of every form that they read.

use base64::Engine as _;
use serde_json::Value;

use super::golden;
use crate::support::checker::{Ran, checker};

/// A run of the exercise `fixtures/exercises/hidden`, in which every check but the last fails.
fn graded(arguments: &[&str]) -> Ran {
    let all = [
        &["run", "--reference", "-e", "fixtures/exercises/hidden/exercise.toml", "--seed", "7", "--exit-zero"],
        arguments,
    ]
    .concat();
    let ran = checker(all);
    assert_eq!(ran.code, Some(0), "{}", ran.page());
    ran
}

/// What is printed as a form, readable where it is encoded.
fn form(format: &str, arguments: &[&str]) -> String {
    let ran = graded(&[&["-f", format], arguments].concat());
    let text = if format == "classroom" {
        let decoded = base64::engine::general_purpose::STANDARD.decode(ran.stdout.trim_end()).unwrap();
        String::from_utf8(decoded).unwrap()
    } else {
        ran.stdout
    };
    format!("{text}{}", ran.stderr)
}

const SECRETS: [&str; 2] = ["SECRET", "secret-id"];

/// The forms that students read as they are. Gradescope's has the hidden checks, and hides them itself.
const FORMATS: [&str; 11] =
    ["human", "junit", "tap", "markdown", "html", "github", "ctrf", "prairielearn", "autolab", "exercism", "classroom"];

#[test]
fn students_read_nothing_of_what_is_hidden_and_the_instructor_reads_all() {
    for format in FORMATS.into_iter().chain(["classroom50"]) {
        for arguments in [&[][..], &["-v"]] {
            let text = form(format, arguments);
            assert!(!SECRETS.iter().any(|secret| text.contains(secret)), "{format} tells: {text}");
            assert!(text.contains("hidden-1"), "{format} has its place: {text}");
        }
        let all = form(format, &["--reveal-hidden"]);
        assert!(SECRETS.iter().all(|secret| all.contains(secret)), "{format} keeps something back: {all}");
    }
}

#[test]
fn the_student_reads_what_came_where_that_may_be_seen() {
    let ran = graded(&[]);
    let page = regex::Regex::new(r"127\.0\.0\.1:\d+").unwrap().replace_all(&ran.stdout, "[address]").into_owned();
    golden("hidden-human", &page);
    let ran = graded(&["--lang", "zh"]);
    let page = regex::Regex::new(r"127\.0\.0\.1:\d+").unwrap().replace_all(&ran.stdout, "[address]").into_owned();
    golden("hidden-human-zh", &page);
}

#[test]
fn gradescope_hides_what_only_the_staff_may_see() {
    let results: Value = serde_json::from_str(&form("gradescope", &[])).unwrap();
    let tests = results["tests"].as_array().unwrap();
    let seen: Vec<_> = tests.iter().filter(|test| test["visibility"] == "visible").map(Value::to_string).collect();
    assert_eq!(seen.len(), 4);
    assert!(!seen.iter().any(|test| test.contains("SECRET")), "{seen:?}");
    let hidden: Vec<_> = tests.iter().filter(|test| test["visibility"] == "hidden").map(Value::to_string).collect();
    assert!(hidden.len() == 1 && hidden[0].contains("SECRET title"), "{hidden:?}");
    let all: Value = serde_json::from_str(&form("gradescope", &["--reveal-hidden"])).unwrap();
    assert!(all["tests"].as_array().unwrap().iter().all(|test| test["visibility"] == "visible"));
}

#[test]
fn the_json_report_is_the_whole_record_and_says_what_is_hidden() {
    let report = graded(&["-f", "json"]).report();
    let checks = report["checks"].as_array().unwrap();
    let told: Vec<_> = checks.iter().map(|check| format!("{} {}", check["hidden"], check["visibility"])).collect();
    assert_eq!(told, [r#"false "full""#, r#"true "full""#, r#"false "actual""#, r#"false "none""#, r#"false "full""#]);
    assert!(report.to_string().contains("SECRET hint"));
}

#[test]
fn a_saved_report_is_shown_with_the_same_care() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.json");
    graded(&["-q", "-o", &format!("json={}", file.display())]);
    let path = file.to_str().unwrap();
    for format in FORMATS {
        let text = checker(["report", path, "-v", "-f", format]).stdout;
        assert!(!text.contains("SECRET"), "{format}: {text}");
    }
    assert!(checker(["report", path, "--reveal-hidden"]).stdout.contains("SECRET title"));
}
