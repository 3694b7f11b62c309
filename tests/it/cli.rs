//! The command line: what it prints and how it ends, for right and wrong usage.

use crate::support::checker::{checker, command, run};

/// Asserts the exit code and the text of a command that runs no server.
macro_rules! page {
    ($name:literal, $($argument:expr),* $(,)?) => {
        insta::assert_snapshot!($name, checker::<&str>([$($argument),*]).page());
    };
}

#[test]
fn help_says_every_option_with_its_default() {
    page!("help", "--help");
    page!("help_run", "run", "--help");
    page!("help_report", "report", "--help");
    page!("help_watch", "watch", "--help");
    page!("help_lesson", "lesson", "--help");
    page!("help_exercises", "exercises", "--help");
}

#[test]
fn wrong_usage_is_exit_code_2_and_says_what_to_do() {
    page!("no_target", "run");
    page!("two_targets", "run", "student", "--reference");
    page!("unknown_exercise", "run", "--reference", "-e", "cookie");
    page!("exercise_file_not_there", "run", "--reference", "-e", "./no-such.toml");
    page!("unknown_check", "run", "--reference", "--check", "set-cookies");
    page!("unknown_format", "run", "--reference", "-f", "yaml");
    page!("unknown_output_format", "run", "--reference", "-o", "yaml=x");
    page!("output_without_file", "run", "--reference", "-o", "json");
    page!("output_in_a_folder_that_is_not_there", "run", "--reference", "-o", "json=no-such-folder/report.json");
    page!("wrong_duration", "run", "--reference", "--ready-timeout", "soon");
    page!("wrong_port", "run", "--reference", "--port", "0");
    page!("path_not_there", "run", "no-such-folder");
    page!("url_without_scheme", "run", "--url", "127.0.0.1");
    page!("url_with_https", "run", "--url", "https://127.0.0.1:5000");
    page!("url_with_a_path", "run", "--url", "http://127.0.0.1:5000/get");
}

#[test]
fn wrong_usage_is_told_in_chinese_too() {
    page!("unknown_exercise_zh", "run", "--reference", "-e", "cookie", "--lang", "zh");
    page!("unknown_check_zh", "run", "--reference", "--check", "x", "--lang", "zh");
}

#[test]
fn an_exercise_file_that_does_not_hold_is_shown_with_its_lines() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("exercise.toml");
    std::fs::write(&file, "id = \"x\"\nversion = \"1.0.0\"\ntitle = \"x\"\n[[checks]]\nid = \"c\"\ntitle = \"c\"\nrequire = []\nsteps = [{ get = \"/\" }]\n").unwrap();
    let ran = run(command(["run", "--reference", "-e", "exercise.toml"]).current_dir(folder.path()));
    insta::assert_snapshot!("exercise_with_unknown_key", ran.page());
}

#[test]
fn exercises_are_listed_and_shown() {
    page!("exercises_list", "exercises");
    page!("exercises_list_zh", "exercises", "list", "--lang", "zh");
    page!("exercises_show", "exercises", "show", "cookies");
    page!("exercises_show_zh", "exercises", "show", "cookies-type", "--lang", "zh");
    page!("exercises_show_unknown", "exercises", "show", "weather");
}

#[test]
fn the_source_of_an_exercise_is_the_file_itself() {
    let source = include_str!("../../exercises/cookies/exercise.toml");
    assert_eq!(checker(["exercises", "show", "cookies", "--source"]).stdout, source);
}

#[test]
fn the_schema_is_the_one_that_editors_find_beside_the_exercises() {
    let schema = include_str!("../../schemas/exercise.schema.json");
    assert_eq!(checker(["exercises", "schema"]).stdout, schema);
}

#[test]
fn every_shell_gets_a_completion_script() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = checker(["completions", shell]);
        assert_eq!(ran.code, Some(0));
        assert!(ran.stdout.contains("checker") && ran.stdout.contains("exercise"), "{shell}");
        assert!(!ran.stdout.contains("__supervise"), "hidden arguments stay hidden");
    }
}

#[test]
fn the_manual_has_a_page_for_each_command() {
    for (arguments, expected) in
        [(vec!["man"], "checker \\- Grades"), (vec!["man", "run"], "checker\\-run \\- Grade one submission")]
    {
        let ran = checker(&arguments);
        assert_eq!(ran.code, Some(0));
        assert!(ran.stdout.contains(expected), "{}", ran.stdout);
    }
    assert_eq!(checker(["man", "walk"]).code, Some(2));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let mut child = command(["exercises", "show", "cookies", "--source"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn exit_zero_covers_verdicts_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    assert_eq!(checker(["run", path, "-q"]).code, Some(1), "an empty folder is a submission that fails");
    assert_eq!(checker(["run", path, "-q", "--exit-zero"]).code, Some(0));
    assert_eq!(checker(["run", "no-such-folder", "--exit-zero"]).code, Some(2));
}
