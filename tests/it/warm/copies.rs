//! A cohort's warm start: each program is a copy of a process outside that has imported Flask, and the same holds.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use super::{redacted, same, way};
use crate::support::checker::{CHECKER, command, run};
use crate::support::{fixture, network, root, runtimes};

/// The reports of a graded cohort, by the submissions' names, and what was said on standard error.
fn graded(cohort: &Path, prepare: impl Fn(&mut Command)) -> (BTreeMap<String, Value>, String) {
    let out = tempfile::tempdir().unwrap();
    let exercise = fixture("warm/exercise.toml");
    let mut command = command(["grade".as_ref(), cohort.as_os_str(), "--seed".as_ref(), "1".as_ref()]);
    command.args(["-q", "-e"]).arg(exercise).arg("--python").arg(runtimes::python()).arg("--out").arg(out.path());
    prepare(&mut command);
    let ran = run(&mut command);
    let reports = fs::read_dir(out.path().join("reports")).unwrap_or_else(|_| panic!("{}", ran.page()));
    let read = |path: PathBuf| serde_json::from_str::<Value>(&fs::read_to_string(path).unwrap()).unwrap();
    let named = reports.map(|entry| read(entry.unwrap().path()));
    (named.map(|report| (report["cohort"]["key"].as_str().unwrap().to_owned(), report)).collect(), ran.stderr)
}

fn warm(command: &mut Command) {
    command.arg("--warm");
}

/// A cohort of programs by their names.
fn cohort(programs: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, program) in programs {
        fs::create_dir(folder.path().join(name)).unwrap();
        fs::write(folder.path().join(name).join("app.py"), program).unwrap();
    }
    folder
}

/// So many of the same.
fn many(count: usize, program: &str) -> TempDir {
    let names: Vec<_> = (0..count).map(|number| format!("student-{number:02}")).collect();
    cohort(&names.iter().map(|name| (name.as_str(), program)).collect::<Vec<_>>())
}

/// A program that serves what this expression is.
fn answering(expression: &str) -> String {
    format!(
        "from flask import Flask\nimport os\napp = Flask(__name__)\n\n@app.route('/')\ndef probe():\n    \
         return str({expression})\n\napp.run(debug=True)\n"
    )
}

#[test]
fn a_cohort_of_odd_programs_is_the_same_warm_and_cold() {
    let (cold, _) = graded(&fixture("warm"), |_| {});
    let (warm, said) = graded(&fixture("warm"), warm);
    assert!(!said.contains("started cold"), "nothing sampled disagrees: {said}");
    let wrong: Vec<_> = cold
        .iter()
        .filter_map(|(name, cold)| same(name, "report", &redacted(cold), &redacted(&warm[name])).err())
        .collect();
    assert_eq!(wrong, Vec::<String>::new());
    let ways: Vec<_> = warm.iter().map(|(name, report)| format!("{name}: {}", way(report))).collect();
    insta::assert_snapshot!(ways.join("\n"));
}

/// The namespaces that a program has told of, but for that of clocks, which nobody makes.
fn namespaces(report: &Value) -> Vec<String> {
    let said = report["server"]["stdout"].as_str().unwrap();
    let is_one = |line: &&str| line.ends_with(']') && line.contains(":[") && !line.starts_with("time");
    said.lines().filter(is_one).map(str::to_owned).collect()
}

/// What a program has told of its confinement, without what is each run's own.
fn confinement(report: &Value) -> String {
    let own = ["Uid:", "Gid:"];
    let said = report["server"]["stdout"].as_str().unwrap().lines();
    let user = |line: &str| line.split_whitespace().nth(1).is_some_and(|user| user != "0");
    let told = said
        .map(|line| if own.iter().any(|own| line.starts_with(own)) { user(line).to_string() } else { line.to_owned() });
    redacted(&told.filter(|line| !line.contains(":[")).collect::<Vec<_>>().join("\n").into())
}

/// Grades the probe cold and warm, and asserts that a copy is confined as what is executed is.
fn assert_equally_confined(prepare: impl Fn(&mut Command)) {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("probe")).unwrap();
    fs::copy(fixture("warm/confinement/app.py"), folder.path().join("probe/app.py")).unwrap();
    let (cold, _) = graded(folder.path(), &prepare);
    let (warm, _) = graded(folder.path(), |command| {
        prepare(command);
        warm(command);
    });
    let (cold, warm) = (&cold["probe"], &warm["probe"]);
    assert_eq!((way(cold), way(warm)), ("cold".to_owned(), "warm".to_owned()));
    assert_eq!(same("the probe", "confinement", &confinement(cold), &confinement(warm)), Ok(()));
    assert_eq!(cold["isolation"], warm["isolation"]);
    let ours = ["cgroup", "ipc", "mnt", "net", "pid", "user", "uts"]
        .map(|name| fs::read_link(format!("/proc/self/ns/{name}")).unwrap().to_str().unwrap().to_owned());
    let inside = namespaces(warm);
    assert_eq!(inside.len(), 2 * ours.len(), "both processes tell of each: {inside:?}");
    assert!(inside.iter().all(|space| !ours.contains(space)), "{inside:?} {ours:?}");
}

#[test]
fn a_copy_is_confined_as_what_is_executed() {
    assert_equally_confined(|_| {});
}

#[test]
fn a_copy_is_confined_as_what_is_executed_where_it_has_a_user_of_its_own() {
    assert_equally_confined(|command| {
        let mut own = Command::new(CHECKER);
        own.args(command.get_args()).current_dir(root()).env("LC_ALL", "C.UTF-8");
        *command = own;
    });
}

/// A fork server's pid, by the folder that it lives in.
fn fork_servers(folder: &Path) -> Vec<i32> {
    let lives_there = |process: &PathBuf| fs::read_link(process.join("cwd")).is_ok_and(|cwd| cwd.starts_with(folder));
    let processes = fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path()).filter(lives_there);
    processes.filter_map(|process| process.file_name()?.to_str()?.parse().ok()).collect()
}

#[test]
fn where_the_fork_server_ends_it_is_started_again_and_then_no_more() {
    let cohort = many(8, &answering("1"));
    let tmp = tempfile::tempdir().unwrap();
    let done = std::sync::atomic::AtomicBool::new(false);
    let reports = std::thread::scope(|scope| {
        let killer = scope.spawn(|| {
            while !done.load(std::sync::atomic::Ordering::SeqCst) {
                for server in fork_servers(tmp.path()) {
                    // SAFETY: sends a signal to a process that lives in this test's own folder.
                    unsafe { libc::kill(server, libc::SIGKILL) };
                }
                std::thread::sleep(std::time::Duration::from_millis(2));
            }
        });
        let (reports, _) = graded(cohort.path(), |command| {
            warm(command.env("TMPDIR", tmp.path()));
        });
        done.store(true, std::sync::atomic::Ordering::SeqCst);
        killer.join().unwrap();
        reports
    });
    assert_eq!(reports.len(), 8);
    for report in reports.values() {
        assert_eq!(report["verdict"], "passed", "{report}");
        assert!(way(report).starts_with("cold, fault"), "{}", way(report));
    }
}

#[test]
fn what_is_not_isolated_is_started_cold() {
    let cohort = cohort(&[("student", &answering("1"))]);
    let (reports, _) = graded(cohort.path(), |command| {
        warm(network::refuse_namespaces(command));
    });
    assert!(way(&reports["student"]).starts_with("cold, isolation"), "{}", way(&reports["student"]));
}

#[test]
fn a_warm_pass_that_a_cold_start_refutes_ends_all_warm_starts() {
    // It looks for what a warm start leaves in sight.
    let program = "from flask import Flask\nimport os, sys\napp = Flask(__name__)\n\n@app.route('/')\ndef probe():\n    \
        return '1'\n\nif not any(type(one).__name__ == 'Store' for one in sys.meta_path):\n    sys.exit(3)\napp.run(debug=True)\n";
    let cohort = many(60, program);
    let (reports, said) = graded(cohort.path(), |command| {
        warm(command.args(["--jobs", "1"]));
    });
    let ways: Vec<String> = reports.values().map(way).collect();
    let count = |start: &str| ways.iter().filter(|way| way.starts_with(start)).count();
    assert!(count("cold, disagreed") >= 1, "{ways:?}");
    assert!(count("cold, distrusted") >= 1, "{ways:?}");
    assert_eq!(count("warm") + count("cold, disagreed") + count("cold, distrusted"), 60, "{ways:?}");
    assert!(said.contains("passed when started warm, but not the same when started cold"), "{said}");
}
