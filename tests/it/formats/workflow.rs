//! GitHub Actions: what its runner takes from a step's lines, and the files that it names.

use std::fs;

use super::{REPORTS, checks, rendered, saved};
use crate::support::checker::{command, run};
use crate::support::fixture;

/// A command that the runner acts on.
#[derive(Debug, PartialEq, Eq)]
struct Command {
    kind: String,
    properties: Vec<(String, String)>,
    message: String,
}

fn unescaped(text: &str) -> String {
    let data = text.replace("%0D", "\r").replace("%0A", "\n");
    data.replace("%3A", ":").replace("%2C", ",").replace("%25", "%")
}

/// The commands in a step's output, by the runner's rules: `::name properties::message` at the start of a line (after
/// white space), `##[name properties]message` anywhere in it, and none while they are stopped.
fn commands(output: &str) -> Vec<Command> {
    let mut found = Vec::new();
    let mut stopped: Option<String> = None;
    for line in output.lines() {
        let trimmed = line.trim_start();
        if let Some(token) = &stopped {
            if trimmed == format!("::{token}::") {
                stopped = None;
            }
            continue;
        }
        let Some((head, message)) = trimmed.strip_prefix("::").and_then(|rest| rest.split_once("::")) else {
            assert!(!line.contains("##["), "an old command: {line}");
            continue;
        };
        if head == "stop-commands" {
            stopped = Some(message.to_owned());
            continue;
        }
        let (kind, properties) = head.split_once(' ').unwrap_or((head, ""));
        let pairs = properties.split(',').filter_map(|pair| pair.split_once('='));
        let properties = pairs.map(|(name, value)| (name.to_owned(), unescaped(value))).collect();
        found.push(Command { kind: kind.to_owned(), properties, message: unescaped(message) });
    }
    assert_eq!(stopped, None, "commands are let through again");
    found
}

#[test]
fn each_check_that_did_not_pass_is_annotated_and_nothing_else_is_a_command() {
    for name in REPORTS {
        let (report, found) = (saved(name), commands(&rendered(name, "github")));
        let kinds: Vec<_> = found.iter().map(|command| command.kind.as_str()).collect();
        let expected: Vec<_> = if report["verdict"] == "error" {
            vec!["warning"]
        } else if !report["problem"].is_null() {
            vec!["error"]
        } else {
            let verdicts = checks(&report).iter().map(|check| check["verdict"].as_str().unwrap());
            verdicts
                .filter(|verdict| *verdict != "passed")
                .map(|v| if v == "failed" { "error" } else { "notice" })
                .collect()
        };
        assert_eq!(kinds, expected, "{name}");
        for command in &found {
            let names: Vec<_> = command.properties.iter().map(|(name, _)| name.as_str()).collect();
            assert!(names == ["title"] || names == ["title", "file", "line"], "{command:?}");
            assert!(!command.message.is_empty());
        }
    }
}

#[test]
fn an_error_of_the_program_is_annotated_in_its_file() {
    let found = commands(&rendered("failed", "github"));
    let place: Vec<_> = found[0].properties.iter().skip(1).map(|(_, value)| value.as_str()).collect();
    assert_eq!(place, ["listing2/app.py", "15"]);
}

#[test]
fn a_step_gets_its_summary_and_its_outputs_behind_what_is_there_already() {
    let folder = tempfile::tempdir().unwrap();
    let (summary, outputs) = (folder.path().join("summary"), folder.path().join("outputs"));
    fs::write(&summary, "before\n").unwrap();
    for (report, verdict, earned) in
        [("failed", "failed", "7"), ("hostile", "failed", "3"), ("environment", "error", "")]
    {
        fs::write(&outputs, "other=1\n").unwrap();
        let file = fixture(&format!("reports/{report}.json"));
        let mut command = command(["report", file.to_str().unwrap(), "-f", "github"]);
        let ran = run(command.env("GITHUB_STEP_SUMMARY", &summary).env("GITHUB_OUTPUT", &outputs));
        assert_eq!(ran.code, Some(0), "{}", ran.page());
        let told = fs::read_to_string(&outputs).unwrap();
        let lines: Vec<_> = told.lines().map(|line| line.split_once('=').unwrap()).collect();
        let names: Vec<_> = lines.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["other", "verdict", "earned", "possible", "result"], "no value starts a line of its own");
        assert_eq!((lines[1].1, lines[2].1), (verdict, earned));
        assert_eq!(lines[4].1, rendered(report, "classroom").trim_end());
    }
    let summary = fs::read_to_string(&summary).unwrap();
    assert!(summary.starts_with("before\n## ❌"), "{summary}");
    assert!(summary.contains(&rendered("failed", "markdown")));
}

#[test]
fn a_summary_that_cannot_be_written_keeps_nobody_from_the_report() {
    let file = fixture("reports/failed.json");
    let mut command = command(["report", file.to_str().unwrap(), "-f", "github"]);
    let ran = run(command.env("GITHUB_STEP_SUMMARY", "/dev/full").env_remove("GITHUB_OUTPUT"));
    assert_eq!(ran.code, Some(3), "{}", ran.page());
    assert_eq!(ran.stdout, rendered("failed", "github"));
    assert!(ran.stderr.contains("/dev/full"), "{}", ran.stderr);
}

#[test]
fn without_a_runner_nothing_is_written_but_the_report() {
    let file = fixture("reports/failed.json");
    let mut command = command(["report", file.to_str().unwrap(), "-f", "github"]);
    let ran = run(command.env_remove("GITHUB_STEP_SUMMARY").env_remove("GITHUB_OUTPUT"));
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
}

#[test]
fn what_stops_commands_depends_on_what_was_said() {
    let token = |report: &str| rendered(report, "github").lines().next().unwrap().to_owned();
    assert_ne!(token("failed"), token("passed"));
    assert!(token("failed").len() > 40);
}
