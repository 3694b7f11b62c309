//! `checker lesson`: a course's own listings, graded.

use std::fs;

use serde_json::Value;

use crate::support::checker::{Ran, command, run};
use crate::support::{fixture, readers, root, runtimes};

/// What the checker says of pages below `fixtures/lessons/`.
fn lesson(arguments: &[&str]) -> Ran {
    let python = runtimes::python();
    let mut all = vec!["lesson", "--python", python.to_str().unwrap()];
    all.extend(arguments);
    run(command(all).current_dir(fixture("lessons")))
}

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {}", ran.page()))
}

#[test]
fn a_page_without_any_note_is_understood_and_its_own_mistake_is_found() {
    let ran = lesson(&["cookies.md"]);
    insta::assert_snapshot!("lesson_cookies", ran.page());
    insta::assert_snapshot!("lesson_cookies_zh", lesson(&["cookies.md", "--lang", "zh"]).page());
    insta::assert_snapshot!("lesson_cookies_markdown", lesson(&["cookies.md", "-f", "markdown"]).page());
}

#[test]
fn what_a_page_notes_is_what_is_expected() {
    insta::assert_snapshot!("lesson_noted", lesson(&["noted.md"]).page());
}

#[test]
fn several_pages_are_one_record_that_holds_to_its_schema() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("lesson.json");
    let ran = lesson(&["noted.md", "cookies.md", "-q", "-o", &format!("json={}", file.display())]);
    assert_eq!(ran.stdout, "12 listings: 4 as expected, 3 not, 5 skipped\n");
    readers::holds(&root().join("schemas/lesson.schema.json"), &[&file]);
    let found: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    let lines = |page: &Value| {
        let listings = page["listings"].as_array().unwrap().iter();
        listings.map(|listing| (listing["line"].as_u64().unwrap(), listing["outcome"].clone())).collect::<Vec<_>>()
    };
    assert_eq!(lines(&found["pages"][0])[0], (10, "as_expected".into()));
    let wrong = &found["pages"][1]["listings"][4];
    assert_eq!((wrong["language"].as_str(), wrong["exercise"]["id"].as_str()), (Some("python"), Some("cookies")));
    let check = wrong["checks"].as_array().unwrap().iter().find(|check| check["id"] == "missing-cookie").unwrap();
    let page = fs::read_to_string(fixture("lessons/cookies.md")).unwrap();
    let culprit = page.lines().position(|line| line == "    return note").unwrap() + 1;
    let error = check["server_error"].as_str().unwrap();
    assert!(error.starts_with(&format!("cookies.md:{culprit}")), "the line of the page itself: {error}");
}

#[test]
fn what_is_wrong_with_notes_is_shown_all_at_once_before_anything_is_run() {
    let ran = lesson(&["wrong.md", "cookies.md"]);
    insta::assert_snapshot!("lesson_wrong_notes", ran.page());
    assert_eq!(lesson(&["no-such.md"]).code, Some(2));
    assert_eq!(lesson(&["cookies.md", "-e", "cookie"]).code, Some(2));
}

#[test]
fn a_page_that_is_off_is_graded_only_on_demand() {
    let folder = tempfile::tempdir().unwrap();
    let page = fs::read_to_string(fixture("lessons/cookies.md")).unwrap();
    let file = folder.path().join("off.md");
    fs::write(&file, page.replace("enable_checker: true", "enable_checker: false")).unwrap();
    let off = lesson(&[file.to_str().unwrap()]);
    assert_eq!(off.code, Some(0));
    assert!(off.stdout.contains("7 listings: 0 as expected, 0 not, 7 skipped"), "{}", off.stdout);
    let asked = lesson(&[file.to_str().unwrap(), "-e", "cookies-set", "-f", "json"]);
    assert_eq!(json(&asked)["counts"]["as_expected"], 3, "each of its programs sets the cookie");
    // No front matter at all is no order to leave the page alone.
    let body = page.split("---\n").nth(2).unwrap();
    fs::write(&file, body).unwrap();
    assert_eq!(json(&lesson(&[file.to_str().unwrap(), "-f", "json"]))["counts"]["unexpected"], 1);
}

#[test]
fn an_exercise_file_is_named_as_seen_from_the_page() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("course/checks")).unwrap();
    let least = include_str!("../../fixtures/exercises/valid/least.toml");
    fs::write(folder.path().join("course/checks/least.toml"), least).unwrap();
    let page = "---\nexercise: checks/least.toml\n---\n```\nfrom flask import Flask\napp = Flask(__name__)\n```\n";
    let file = folder.path().join("course/page.md");
    fs::write(&file, page).unwrap();
    let found = json(&lesson(&[file.to_str().unwrap(), "-f", "json"]));
    assert_eq!(found["pages"][0]["listings"][0]["exercise"]["id"], "least", "{found:#}");
    fs::write(folder.path().join("course/checks/least.toml"), "id = 1\n").unwrap();
    let broken = lesson(&[file.to_str().unwrap()]);
    assert_eq!(broken.code, Some(2));
    assert!(broken.stderr.contains("checks/least.toml:1:6"), "{}", broken.stderr);
}

#[test]
fn a_program_of_another_lesson_is_held_to_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("page.md");
    let hello = "from flask import Flask\napp = Flask(__name__)\n@app.route('/')\ndef hello():\n    return 'hello'\n";
    fs::write(&file, format!("```\n{hello}```\n\n```\n{hello}(\n```\n")).unwrap();
    let ran = lesson(&[file.to_str().unwrap()]);
    assert!(ran.stdout.contains("skipped: no exercise is named, and no built-in one fits it"), "{}", ran.page());
    assert!(ran.stdout.contains("does not start"), "what cannot start is wrong in any lesson: {}", ran.page());
    assert_eq!(ran.code, Some(1));
}

#[test]
fn a_setup_command_runs_beside_each_listing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("page.md");
    let page =
        "```python\nfrom flask import Flask\nassert open('made').read() == 'here\\n'\napp = Flask(__name__)\n```\n";
    fs::write(&file, page).unwrap();
    let least = fixture("exercises/valid/least.toml");
    let wanted = [file.to_str().unwrap(), "-e", least.to_str().unwrap(), "-q"];
    assert_eq!(lesson(&wanted).stdout, "one listing: 0 as expected, 1 not, 0 skipped\n");
    let set_up = lesson(&[&wanted[..], &["--setup", "echo here > made"]].concat());
    assert_eq!(set_up.stdout, "one listing: 1 as expected, 0 not, 0 skipped\n");
}

#[test]
fn a_runtime_that_the_machine_lacks_is_no_mistake_of_the_page() {
    let ran = run(command(["lesson", "fixtures/lessons/noted.md"]).env("PATH", "/nowhere"));
    assert_eq!(ran.code, Some(3), "{}", ran.page());
    assert!(ran.stdout.contains("is not installed on this machine"), "{}", ran.stdout);
}
