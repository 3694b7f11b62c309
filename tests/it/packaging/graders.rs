//! Gradescope, PrairieLearn, Autolab, Exercism and Classroom 50: the folders they give and the results they read.

use std::fs;
use std::process::Command;

use serde_json::Value;

use super::{Machine, ends, json, pack};
use crate::support::checker::CHECKER;
use crate::support::{fixture, runtimes};

/// The programs of the system that the packs' scripts use.
const SYSTEM: [&str; 3] = ["sh", "dirname", "mkdir"];

/// An autograder on Gradescope: packed, uploaded, unpacked and set up.
fn gradescope(exercise: &str) -> Machine {
    let machine = Machine::new();
    let zip = machine.path("autograder.zip");
    ends(machine.command(pack("gradescope/pack.sh")).args([CHECKER, exercise]).arg(&zip), 0);
    let source = machine.folder("autograder/source");
    ends(machine.command("python3").args(["-m", "zipfile", "-e"]).arg(&zip).arg(&source), 0);
    // What would change this machine stands still: packages of the system, and a new environment for Python.
    machine.program("apt-get", "#!/bin/sh\nexit 0\n");
    let python = runtimes::python();
    let venv = python.parent().unwrap().parent().unwrap();
    let make = format!("[ \"$1 $2\" = '-m venv' ] && exec ln -s {} \"$3\"", venv.display());
    machine.program("python3", &format!("#!/bin/sh\n{make}\nexec {} \"$@\"\n", python.display()));
    machine.folder("usr");
    ends(on_gradescope(&machine, "sh").arg(source.join("setup.sh")), 0);
    machine
}

fn on_gradescope(machine: &Machine, program: &str) -> Command {
    let mut command = machine.command(program);
    command.env("AUTOGRADER", machine.path("autograder")).env("PREFIX", machine.path("usr"));
    command
}

#[test]
fn gradescope_builds_the_pack_runs_it_and_finds_the_score() {
    let machine = gradescope("");
    for (submission, score) in [("lesson/listing2", 7), ("good/flask-debug", 10), ("wrong/syntax-error", 0)] {
        let _ = fs::remove_dir_all(machine.path("autograder/submission"));
        machine.hand_in(submission, "autograder/submission");
        let script = machine.path("autograder/source/run_autograder");
        ends(on_gradescope(&machine, "sh").arg(script), 0);
        let results = json(&machine.path("autograder/results/results.json"));
        let scores = results["tests"].as_array().unwrap().iter().map(|test| test["score"].as_u64().unwrap());
        assert_eq!(scores.sum::<u64>(), score, "{submission}");
    }
}

#[test]
fn gradescope_gives_no_score_where_nothing_could_be_graded() {
    let machine = gradescope("");
    machine.hand_in("good/flask-debug", "autograder/submission");
    fs::remove_file(machine.path("usr/checker-python")).unwrap();
    let script = machine.path("autograder/source/run_autograder");
    let ran = crate::support::checker::run(on_gradescope(&machine, "sh").arg(script));
    assert!(ran.code != Some(0), "the run fails, which is how Gradescope knows: {}", ran.page());
    if let Ok(results) = fs::read_to_string(machine.path("autograder/results/results.json")) {
        assert!(!results.contains("\"score\""), "{results}");
    }
}

#[test]
fn gradescope_takes_an_exercise_of_ones_own() {
    let exercise = fixture("exercises/hidden/exercise.toml");
    let machine = gradescope(exercise.to_str().unwrap());
    machine.hand_in("good/flask-debug", "autograder/submission");
    ends(on_gradescope(&machine, "sh").arg(machine.path("autograder/source/run_autograder")), 0);
    let results = json(&machine.path("autograder/results/results.json"));
    assert_eq!(results["extra_data"]["exercise"], "hidden");
    let hidden = results["tests"].as_array().unwrap().iter().filter(|test| test["visibility"] == "hidden");
    assert_eq!(hidden.count(), 1);
}

fn prairielearn(submission: &str, command: impl Fn(&Machine) -> Command) -> Value {
    let machine = Machine::new();
    machine.hand_in(submission, "grade/student");
    machine.folder("grade/tests");
    ends(command(&machine).arg(pack("prairielearn/grade.sh")).env("GRADE", machine.path("grade")), 0);
    json(&machine.path("grade/results/results.json"))
}

#[test]
fn prairielearn_gets_a_score_or_is_told_that_there_is_none() {
    let results = prairielearn("lesson/listing2", |machine| machine.command("sh"));
    assert_eq!((&results["gradable"], &results["score"]), (&true.into(), &0.7.into()));
    let results = prairielearn("good/php-index", |machine| machine.bare_command("/bin/sh", &SYSTEM));
    assert_eq!(results["gradable"], false, "PHP is not installed: {results}");
    let broken = |machine: &Machine| {
        fs::write(machine.path("grade/tests/exercise.toml"), "id = 1").unwrap();
        machine.command("sh")
    };
    let results = prairielearn("lesson/listing2", broken);
    assert_eq!(results["gradable"], false, "the exercise does not hold: {results}");
}

#[test]
fn prairielearns_question_names_what_the_image_has() {
    let info = json(&pack("prairielearn/info.json"));
    let dockerfile = fs::read_to_string(pack("prairielearn/Dockerfile")).unwrap();
    let entry = info["externalGradingOptions"]["entrypoint"].as_str().unwrap();
    assert!(dockerfile.contains(&format!("COPY --chmod=0755 grade.sh {entry}")));
    assert_eq!(info["gradingMethod"], "External");
}

/// What `make` prints on Autolab for a handin under this name.
fn autolab(handin: &str, put: impl FnOnce(&Machine)) -> String {
    let machine = Machine::new();
    let job = machine.folder("job");
    ends(machine.command(pack("autolab/pack.sh")).args([CHECKER, ""]).arg(job.join("autograde.tar")), 0);
    fs::copy(pack("autolab/autograde-Makefile"), job.join("Makefile")).unwrap();
    put(&machine);
    let mut make = machine.command("make");
    ends(make.arg(format!("HANDIN={handin}")).current_dir(&job), 0).stdout
}

#[test]
fn autolab_reads_the_scores_from_the_last_line_that_make_prints() {
    let scores = |output: &str| -> Value { serde_json::from_str(output.trim_end().lines().last().unwrap()).unwrap() };
    let one_file = autolab("app.py", |machine| machine.hand_in("lesson/listing2", "job"));
    assert_eq!(scores(&one_file)["scoreboard"][0], 7, "{one_file}");
    let archive = autolab("handin.zip", |machine| {
        machine.hand_in("lesson/listing2", "work");
        let mut zip = machine.command("python3");
        ends(zip.args(["-m", "zipfile", "-c", "../job/handin.zip", "app.py"]).current_dir(machine.path("work")), 0);
    });
    assert_eq!(scores(&archive)["scores"]["missing-cookie"], 0, "{archive}");
    assert_eq!(scores(&archive)["scoreboard"][0], 7);
}

#[test]
fn autolab_leaves_a_problem_without_a_score_where_nothing_could_be_graded() {
    let machine = Machine::new();
    let job = machine.folder("job");
    ends(machine.command(pack("autolab/pack.sh")).args([CHECKER, ""]).arg(job.join("autograde.tar")), 0);
    fs::copy(pack("autolab/autograde-Makefile"), job.join("Makefile")).unwrap();
    machine.hand_in("good/php-index", "job");
    let mut make = machine.bare_command("/usr/bin/make", &["sh", "dirname", "tar"]);
    let output = ends(make.arg("HANDIN=index.php").current_dir(&job), 0).stdout;
    let last: Value = serde_json::from_str(output.trim_end().lines().last().unwrap()).unwrap();
    assert_eq!(last["scores"]["set-cookie"], Value::Null, "{output}");
    assert!(last["scoreboard"].is_null());
}

#[test]
fn exercism_finds_results_wherever_the_runner_ran() {
    let machine = Machine::new();
    for (submission, status) in
        [("lesson/listing2", "fail"), ("good/flask-debug", "pass"), ("wrong/syntax-error", "error")]
    {
        machine.hand_in(submission, "solution");
        let mut command = machine.command(pack("exercism/bin/run.sh"));
        command.arg("cookies").arg(format!("{}/", machine.path("solution").display()));
        ends(command.arg(format!("{}/", machine.folder("output").display())), 0);
        let results = json(&machine.path("output/results.json"));
        assert_eq!((&results["version"], &results["status"]), (&3.into(), &status.into()), "{submission}");
    }
    let machine = Machine::new();
    machine.hand_in("good/php-index", "solution");
    let mut command = machine.bare_command(pack("exercism/bin/run.sh"), &SYSTEM);
    ends(command.arg("cookies").arg(machine.path("solution")).arg(machine.folder("output")), 0);
    assert_eq!(json(&machine.path("output/results.json"))["status"], "error");
    let mut command = machine.command(pack("exercism/bin/run.sh"));
    ends(command.arg("no-such-exercise").arg(machine.path("solution")).arg(machine.folder("none")), 2);
    assert!(!machine.path("none/results.json").exists(), "a runner that did not run has no results");
}

#[test]
fn classroom_50_gets_a_result_with_its_own_names_or_none() {
    let machine = Machine::new();
    machine.hand_in("lesson/listing2", "repository");
    let mut command = machine.command(pack("classroom50/autograder.py"));
    command.current_dir(machine.path("repository"));
    for name in ["CLASSROOM", "ASSIGNMENT", "SUBMISSION_TAG", "COMMIT_URL", "RELEASE_URL"] {
        command.env(name, format!("the {name}"));
    }
    ends(&mut command, 0);
    let result = json(&machine.path("repository/result.json"));
    for (key, value) in [("classroom", "CLASSROOM"), ("submission", "SUBMISSION_TAG"), ("review", "COMMIT_URL")] {
        assert_eq!(result[key], format!("the {value}"));
    }
    assert_eq!((&result["score"], &result["max-score"]), (&7.into(), &10.into()));

    let machine = Machine::new();
    machine.hand_in("good/php-index", "repository");
    let mut command = machine.bare_command(runtimes::python(), &SYSTEM);
    ends(command.arg(pack("classroom50/autograder.py")).current_dir(machine.path("repository")), 3);
    assert!(!machine.path("repository/result.json").exists());
}
