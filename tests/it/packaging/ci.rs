//! GitHub's action and GitLab's job: their own commands, run with what the runners give them.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;

use super::{Machine, ends, json, pack};
use crate::support::readers;

fn yaml(path: &str) -> Value {
    readers::read("yaml.py", &fs::read_to_string(pack(path)).unwrap())
}

/// The step of the action that grades: its command and its environment with these inputs, the others as by default.
fn grading(action: &Value, machine: &Machine, inputs: &[(&str, &str)]) -> (String, BTreeMap<String, String>) {
    let steps = action["runs"]["steps"].as_array().unwrap();
    let step = steps.iter().find(|step| step["id"] == "grade").unwrap();
    let given: BTreeMap<_, _> = inputs.iter().copied().collect();
    let value =
        |expression: &str| match expression.strip_prefix("${{ inputs.").and_then(|rest| rest.strip_suffix(" }}")) {
            Some(input) => match given.get(input) {
                Some(value) => (*value).to_owned(),
                None => action["inputs"][input]["default"].as_str().unwrap().to_owned(),
            },
            None => expression.replace("${{ runner.temp }}", machine.path("temp").to_str().unwrap()),
        };
    let variables = step["env"].as_object().unwrap().iter();
    let variables = variables.map(|(name, text)| (name.clone(), value(text.as_str().unwrap()))).collect();
    (step["run"].as_str().unwrap().to_owned(), variables)
}

/// Runs the action on a submission, and gives what it ended with, its outputs and its machine.
fn act(submission: &str, inputs: &[(&str, &str)], code: i32) -> (Machine, BTreeMap<String, String>, String) {
    let machine = Machine::new();
    machine.hand_in(submission, "repository/student");
    // What the steps before have built.
    let built = machine.folder("temp/checker/bin");
    std::os::unix::fs::symlink(crate::support::checker::CHECKER, built.join("checker")).unwrap();
    let action = yaml("github/action.yml");
    let (run, variables) = grading(&action, &machine, inputs);
    let mut command = machine.command("bash");
    command.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", &run]).current_dir(machine.path("repository"));
    command.envs(&variables).env("GITHUB_ACTION_PATH", pack("github"));
    command.env("GITHUB_OUTPUT", machine.path("outputs")).env("GITHUB_STEP_SUMMARY", machine.path("summary.md"));
    let ran = ends(&mut command, code);
    let outputs = fs::read_to_string(machine.path("outputs")).unwrap();
    let outputs: BTreeMap<_, _> = outputs.lines().filter_map(|line| line.split_once('=')).collect();
    let outputs = outputs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    (machine, outputs, ran.stdout)
}

#[test]
fn the_github_action_grades_annotates_and_leaves_its_reports() {
    let (machine, outputs, log) = act("lesson/listing2", &[("path", "student")], 1);
    assert_eq!((outputs["verdict"].as_str(), outputs["earned"].as_str()), ("failed", "7"));
    assert!(log.contains("::error title=missing-cookie"), "{log}");
    assert!(log.contains("file=student/app.py,line="), "the annotation is in the repository's file: {log}");
    assert!(fs::read_to_string(machine.path("summary.md")).unwrap().contains("7/10"));
    let report = json(&machine.path("repository/checker.json"));
    assert_eq!(report["score"]["earned"], 7);
    for file in ["checker.html", "checker.xml"] {
        assert!(machine.path("repository").join(file).is_file(), "{file}");
    }
    // Each output that the action declares is written.
    let action = yaml("github/action.yml");
    for name in action["outputs"].as_object().unwrap().keys() {
        assert!(outputs.contains_key(name), "{name} in {outputs:?}");
    }
}

#[test]
fn the_github_action_takes_arguments_and_may_pass_whatever_the_verdict() {
    let inputs = [
        ("path", "student"),
        ("fail", "false"),
        ("reports", "markdown=comment.md\n"),
        ("arguments", "--check set-cookie --seed 7"),
        ("language", "zh"),
    ];
    let (machine, outputs, _) = act("wrong/name-capital", &inputs, 0);
    assert_eq!((outputs["verdict"].as_str(), outputs["earned"].as_str()), ("failed", "0"));
    assert!(fs::read_to_string(machine.path("repository/comment.md")).unwrap().contains("未通过"));
    assert!(!machine.path("repository/checker.json").exists());
}

#[test]
fn an_input_of_the_github_action_is_never_a_command() {
    let hostile = "student\"; touch owned; echo $(touch owned) `touch owned`";
    let (machine, ..) = {
        let machine = Machine::new();
        machine.folder("repository");
        let action = yaml("github/action.yml");
        let inputs = [("path", hostile), ("exercise", "cookies"), ("arguments", "--seed 7")];
        let (run, variables) = grading(&action, &machine, &inputs);
        let mut command = machine.command("bash");
        command.args(["-c", &run]).current_dir(machine.path("repository")).envs(variables);
        command.env("GITHUB_ACTION_PATH", pack("github"));
        command.env("CHECKER", crate::support::checker::CHECKER);
        ends(&mut command, 2);
        (machine, ())
    };
    assert!(!machine.path("repository/owned").exists());
    let text = fs::read_to_string(pack("github/action.yml")).unwrap();
    let commands = text.split("run: ").skip(1).map(|rest| rest.split("\n    - ").next().unwrap());
    assert!(commands.into_iter().all(|command| !command.contains("${{ inputs")), "inputs come as variables");
}

#[test]
fn the_gitlab_job_leaves_what_it_declares() {
    let machine = Machine::new();
    machine.hand_in("lesson/listing2", "project");
    let file = yaml("gitlab/checker.gitlab-ci.yml");
    let job = &file["checker"];
    for (submission, code) in [("lesson/listing2", 1), ("good/flask-debug", 0)] {
        machine.hand_in(submission, "project");
        for line in job["script"].as_array().unwrap() {
            let mut command = machine.command("sh");
            command.args(["-ec", line.as_str().unwrap()]).current_dir(machine.path("project"));
            for (name, value) in file["variables"].as_object().unwrap() {
                command.env(name, value.as_str().unwrap());
            }
            ends(&mut command, code);
        }
        let artifacts = &job["artifacts"];
        let paths = artifacts["paths"].as_array().unwrap().iter().chain([&artifacts["reports"]["junit"]]);
        for path in paths.map(|path| path.as_str().unwrap()) {
            assert!(machine.path("project").join(path).is_file(), "{path} is not there");
        }
        let junit = fs::read_to_string(machine.path("project/checker.xml")).unwrap();
        assert_eq!(readers::read("junit.py", &junit)["tests"], 6);
    }
    assert_eq!(job["allow_failure"]["exit_codes"], 3, "what could not be graded is no failure");
}
