//! Checks that a program of the exercise's author decides.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::support::checker::{CHECKER, Ran, command, run, verdicts};
use crate::support::{fixture, for_each, network};

/// The server that the exercise `program` is content with.
fn solution() -> PathBuf {
    fixture("exercises/program/solutions/greets")
}

fn graded(submission: &Path, exercise: &Path, arguments: &[&str]) -> Ran {
    let paths = ["run".as_ref(), submission.as_os_str(), "-e".as_ref(), exercise.as_os_str()];
    run(command(paths.into_iter().chain(arguments.iter().map(AsRef::as_ref))).env("SECRET", "do not tell"))
}

#[test]
fn a_program_reaches_the_server_at_every_level() {
    for_each(&["full", "partial", "none"], |level| {
        let mut command = command(["run", "-f", "json", "-e", "fixtures/exercises/program"]);
        command.arg(solution());
        match *level {
            "partial" => network::refuse_namespaces(&mut command),
            "none" => command.args(["--isolation", "none"]),
            _ => &mut command,
        };
        let report = run(&mut command).report();
        match (report["verdict"].as_str(), &report["isolation"]["level"]) {
            (Some("passed"), held) if held == *level => Ok(()),
            _ => Err(report.to_string()),
        }
    });
}

#[test]
fn a_program_reaches_a_server_that_runs_already() {
    let script = r#"
        python3 -u "$2/server.py" & server=$!
        until python3 -c 'import socket; socket.create_connection(("127.0.0.1", 5000), 1)' 2>/dev/null; do
            kill -0 $server || exit 99
        done
        "$1" run --url http://127.0.0.1:5000 -e "$3" -q; code=$?; kill $server; exit $code
    "#;
    let mut shell = Command::new("sh");
    shell.args(["-c", script, "sh", CHECKER]).arg(solution()).arg(fixture("exercises/program"));
    network::own(&mut shell);
    let ran = Ran::from(shell.output().unwrap());
    assert_eq!(ran.code, Some(0), "{}", ran.page());
}

#[test]
fn what_a_program_says_is_told_to_the_student() {
    let mistake = fixture("exercises/program/mistakes/forgets-the-name");
    for lang in ["en", "zh"] {
        let ran = graded(&mistake, Path::new("fixtures/exercises/program"), &["--lang", lang, "--color", "never"]);
        let page = ran.page().replace(mistake.to_str().unwrap(), "MISTAKE");
        insta::assert_snapshot!(format!("forgets_the_name_{lang}"), page);
    }
}

/// A program, how its check ends by it, and what its first mismatch tells.
struct Odd(&'static str, &'static str, &'static str);

impl std::fmt::Display for Odd {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

const ODD: [Odd; 14] = [
    Odd(r#"["./missing"]"#, "error", "`./missing` to start, got: No such file"),
    Odd(r#"["no-such-program-anywhere"]"#, "error", "to start, got: No such file"),
    Odd(r#"["./plain.txt"]"#, "error", "to start, got: Permission denied"),
    Odd(r#"["./broken"]"#, "error", "to start, got: No such file"),
    Odd(r#"["sh", "-c", "no-such-program-anywhere"]"#, "error", "got: exit code 127"),
    Odd(r#"["sh", "-c", "kill -SEGV $$"]"#, "error", "by signal 11"),
    Odd(r#"["sh", "-c", "echo '1..0 # no browser'"]"#, "error", "no browser"),
    Odd(r#"["sh", "-c", "exit 3"]"#, "failed", "got: exit code 3"),
    Odd(r#"["sh", "-c", "echo 'ok 1 - a'"]"#, "failed", "one test and no plan"),
    Odd(r#"["sh", "-c", "echo '1..2'; echo 'ok 1 - a'; exit 0"]"#, "failed", "2 tests, as planned"),
    Odd(r#"["sh", "-c", "echo '1..1'; echo 'Bail out! no answer'"]"#, "failed", "it gave up: no answer"),
    Odd(r#"["sh", "-c", "sleep 1001 & sleep 1001"]"#, "failed", "end within 500ms, got: it was still running"),
    Odd(r#"["here", "a b"]"#, "passed", ""),
    Odd(
        r#"["sh", "-c", "yes 0123456789abcdef | head -c 9000000; printf '\\033[2J\\377'; exit 1"]"#,
        "failed",
        "exit code 1",
    ),
];

/// An exercise with a check that this program decides, and one after it.
fn exercise_with(program: &str, folder: &Path) {
    let text = format!(
        "id = \"odd\"\nversion = \"1.0.0\"\ntitle = \"odd\"\n\
         [[checks]]\nid = \"program\"\ntitle = \"a program\"\ntimeout = \"500ms\"\nexec = {program}\n\
         [[checks]]\nid = \"request\"\ntitle = \"a request\"\nsteps = [{{ get = \"/hello/x\", expect.status = 200 }}]\n"
    );
    fs::write(folder.join("exercise.toml"), text).unwrap();
    fs::write(folder.join("plain.txt"), "no program").unwrap();
    for (name, script) in [
        ("broken", "#!/no/such/interpreter\n"),
        (
            "here",
            "#!/bin/sh\ntest \"$1\" = 'a b' && test -f exercise.toml && test -z \"$SECRET\" && test -n \"$CHECKER_SEED\"\n",
        ),
    ] {
        fs::write(folder.join(name), script).unwrap();
        let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        fs::set_permissions(folder.join(name), executable).unwrap();
    }
}

#[test]
fn each_way_in_which_a_program_ends_has_its_verdict_and_no_other_check_suffers() {
    for_each(&ODD, |Odd(program, verdict, message)| {
        let folder = tempfile::tempdir().unwrap();
        exercise_with(program, folder.path());
        let ran = graded(&solution(), folder.path(), &["-f", "json"]);
        let report = ran.report();
        let told = report["checks"][0]["mismatches"][0]["message"].as_str().unwrap_or_default();
        let code = match *verdict {
            "passed" => 0,
            "failed" => 1,
            _ => 3,
        };
        let expected = [format!("program {verdict}"), "request passed".to_owned()];
        if verdicts(&report) != expected || !told.contains(message) || ran.code != Some(code) {
            return Err(format!("exit {:?}, {:?}, {told:?}", ran.code, verdicts(&report)));
        }
        let earned = if code == 3 { Value::Null } else { Value::from(if code == 0 { 2 } else { 1 }) };
        if report["score"]["earned"] != earned || ran.stdout.len() > 400_000 {
            return Err(format!("earned {}, {} bytes", report["score"]["earned"], ran.stdout.len()));
        }
        Ok(())
    });
}

#[test]
fn nothing_of_a_program_is_left_whatever_ends_it() {
    let folder = tempfile::tempdir().unwrap();
    // One that leaves its group and session, so that only its being a descendant tells whose it is.
    exercise_with(r#"["sh", "-c", "setsid sleep 1002 & echo started; sleep 1002"]"#, folder.path());
    let ran = graded(&solution(), folder.path(), &["-f", "json"]);
    assert_eq!(ran.report()["checks"][0]["program"]["stdout"], "started\n");
    let own = fs::canonicalize(folder.path()).unwrap();
    let processes = fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path());
    let left: Vec<_> =
        processes.filter(|process| fs::read_link(process.join("cwd")).is_ok_and(|cwd| cwd == own)).collect();
    assert_eq!(left, Vec::<PathBuf>::new());
}

#[test]
fn why_a_program_could_not_decide_is_told_and_costs_nothing() {
    let folder = tempfile::tempdir().unwrap();
    exercise_with(r#"["./missing"]"#, folder.path());
    for format in ["human", "tap", "autolab", "gradescope"] {
        let ran = graded(&solution(), folder.path(), &["-f", format]);
        assert_eq!(ran.code, Some(3), "{}", ran.page());
        assert!(ran.stdout.contains("`./missing` to start"), "{format}: {}", ran.stdout);
    }
}

#[test]
fn a_server_that_ends_before_it_answers_is_the_submissions_problem() {
    let folder = tempfile::tempdir().unwrap();
    exercise_with(r#"["sh", "-c", "sleep 0.3; exit 1"]"#, folder.path());
    let server = folder.path().join("server.py");
    let program = "import socket\ns = socket.create_server(('127.0.0.1', 5000))\nraise SystemExit('no more')\n";
    fs::write(&server, program).unwrap();
    let report = graded(&server, folder.path(), &["-f", "json"]).report();
    assert_eq!((&report["problem"]["code"], &report["score"]["earned"]), (&"exited_early".into(), &0.into()));
}

/// Whoever changes a program that decides changes what is asked, so results of before do not count any more.
#[test]
fn a_changed_program_is_another_exercise() {
    let folder = tempfile::tempdir().unwrap();
    exercise_with(r#"["./here", "a b"]"#, folder.path());
    let digest = || graded(&solution(), folder.path(), &["-f", "json"]).report()["exercise"]["digest"].clone();
    let before = digest();
    assert_eq!(before, digest());
    fs::write(folder.path().join("here"), "#!/bin/sh\n").unwrap();
    assert_ne!(before, digest());
}
