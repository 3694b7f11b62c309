//! A warm start is a cold start: every program of `fixtures/warm/` is graded both ways, and what it says, how it ends and
//! what the report holds is the same to the byte. Programs that are refused are listed with the reason.

mod copies;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Mutex;

use regex::Regex;
use serde_json::Value;

use crate::support::checker::{Ran, command, grade, run};
use crate::support::{fixture, for_each, names, network, root, runtimes};

/// How a program was started by `--warm`, and why cold if it was.
fn way(report: &Value) -> String {
    let server = &report["server"];
    let because = &server["cold_because"];
    let start = server["start"].as_str().unwrap_or("not at all");
    match because["code"].as_str() {
        Some(code) => format!("{start}, {code}: {}", because["message"].as_str().unwrap()),
        None => start.to_owned(),
    }
}

fn graded(name: &str, arguments: &[&str]) -> Ran {
    let exercise = fixture("warm/exercise.toml");
    let mut all = vec!["-e", exercise.to_str().unwrap(), "-f", "json", "--seed", "1", "--isolation", "strict"];
    all.extend(arguments);
    grade(&fixture(&format!("warm/{name}")), &all)
}

/// A report without what differs from run to run, and without what is said of the start.
fn redacted(report: &Value) -> String {
    let mut report = report.clone();
    forget(&mut report);
    if !report["problem"].is_null() {
        // How often a program was asked until it had ended is a matter of time.
        report["checks"].as_array_mut().unwrap().iter_mut().for_each(|check| check["exchanges"] = Value::Null);
    }
    without_chance(&serde_json::to_string_pretty(&report).unwrap())
}

fn forget(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for name in ["elapsed_ms", "duration_ms", "ready_ms", "started_at", "start", "cold_because", "cohort"] {
                // In its order, which is the report's.
                fields.shift_remove(name);
            }
            fields.values_mut().for_each(forget);
        }
        Value::Array(items) => items.iter_mut().for_each(forget),
        _ => {}
    }
}

/// A text without times, addresses in memory, free ports and names of temporary folders.
fn without_chance(text: &str) -> String {
    let chance = [
        (r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT", "DATE"),
        (r"[A-Z][a-z]+ \d\d, \d{4} - \d\d:\d\d:\d\d", "DATE"),
        (r"127\.0\.0\.1:\d{5}\b", "CLIENT"),
        (r"\[\d\d/[A-Z][a-z]{2}/\d{4} \d\d:\d\d:\d\d\]", "[DATE]"),
        // What Django and the standard library's server say of an answer when it is out: they may be ended before.
        (r#"(127\.0\.0\.1 - - )?\[DATE\] \\"GET /[^"]*\\" \d{3} \d+\\n"#, ""),
        (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}", "DATE"),
        (r"0x[0-9a-f]{6,}", "0xADDRESS"),
        (r"checker-[A-Za-z0-9]{6}", "checker-FOLDER"),
        (r"PORT=\d+", "PORT=N"),
        (r"'\d{4,5}'", "'PORT'"),
        (r#"SECRET = \\"[A-Za-z0-9]+\\""#, "SECRET"),
        (r"frame-\d+", "frame-N"),
        // A number of the machine's, which has none in a network of its own.
        (r"\d{3}-\d{3}-\d{3}", "PIN"),
        (r"session=[A-Za-z0-9._-]+", "session=SIGNED"),
        (r"\b\d{12,}\b", "NUMBER"),
        (r"(cgroup|ipc|mnt|net|pid|user|uts|time):\[\d+\]", "$1:[N]"),
        (r"([UG]id:)(\\[nt]|[ \d])+", "$1 USER"),
    ];
    chance.into_iter().fold(text.to_owned(), |text, (pattern, instead)| {
        Regex::new(pattern).unwrap().replace_all(&text, instead).into_owned()
    })
}

/// What differs first, with what is around it.
fn same(name: &str, what: &str, cold: &str, warm: &str) -> Result<(), String> {
    let Some(at) = cold.chars().zip(warm.chars()).position(|(cold, warm)| cold != warm) else {
        let lengths = (cold.len(), warm.len());
        return if cold == warm { Ok(()) } else { Err(format!("the {what} of {name} ends early: {lengths:?}")) };
    };
    let near = |text: &str| text.chars().skip(at.saturating_sub(60)).take(200).collect::<String>();
    Err(format!("{name} has another {what}\n  cold {:?}\n  warm {:?}", near(cold), near(warm)))
}

/// A program's own start without the checker, to its end: for what the report of a warm run never shows.
fn alone(name: &str, is_warm: bool) -> Output {
    let (program, hook) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let folder = program.path().join("student");
    fs::create_dir(&folder).unwrap();
    fs::copy(fixture(&format!("warm/{name}/app.py")), folder.join("app.py")).unwrap();
    // One that serves all the same is ended, with what it started.
    let mut command = Command::new("timeout");
    command.args(["-s", "KILL", "20"]).arg(runtimes::python());
    command.arg("app.py").current_dir(&folder).env_clear().env("LANG", "C.UTF-8").env("PYTHONUNBUFFERED", "1");
    if is_warm {
        let source = root().join("src/server/warm/sitecustomize.py");
        let inside = hook.path().join("warm");
        fs::create_dir(&inside).unwrap();
        fs::copy(source, inside.join("sitecustomize.py")).unwrap();
        command.env("PYTHONPATH", inside);
    }
    command.stdin(std::process::Stdio::null());
    let mut output = network::own(&mut command).output().unwrap_or_else(|error| panic!("{}", network::explain(&error)));
    for text in [&mut output.stdout, &mut output.stderr] {
        let plain = String::from_utf8_lossy(text).replace(program.path().to_str().unwrap(), "FOLDER");
        *text = without_chance(&plain).into_bytes();
    }
    output
}

fn compare(name: &str) -> Result<String, String> {
    let cold = graded(name, &[]);
    let warm = graded(name, &["--warm"]);
    let way = way(&warm.report());
    same(name, "report", &redacted(&cold.report()), &redacted(&warm.report()))?;
    if cold.code != warm.code {
        return Err(format!("{name} ends with {:?} cold and {:?} warm", cold.code, warm.code));
    }
    if way.contains("not_passed") {
        let (cold, warm) = (alone(name, false), alone(name, true));
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        same(name, "output", &text(&cold.stdout), &text(&warm.stdout))?;
        same(name, "log", &text(&cold.stderr), &text(&warm.stderr))?;
        same(name, "end", &cold.status.to_string(), &warm.status.to_string())?;
    }
    Ok(way)
}

#[test]
fn odd_programs_are_the_same_warm_and_cold() {
    let programs: Vec<_> = names("warm").into_iter().filter(|name| Path::new(name).extension().is_none()).collect();
    let ways = Mutex::new(Vec::new());
    for_each(&programs, |name| {
        let way = compare(name)?;
        ways.lock().unwrap().push(format!("{name}: {way}"));
        Ok(())
    });
    let mut ways = ways.into_inner().unwrap();
    ways.sort();
    insta::assert_snapshot!(ways.join("\n"));
}

/// Grades a correct debug program warm, with what else is asked for.
fn asked_to_be_warm(submission: &str, prepare: impl Fn(&mut Command)) -> String {
    let arguments = ["run", submission, "--warm", "-f", "json", "--seed", "1", "--check", "set-cookie", "--python"];
    let mut command = command(arguments);
    prepare(command.arg(runtimes::python()));
    let report = run(&mut command).report();
    assert_eq!(report["verdict"], "passed", "{report}");
    way(&report)
}

#[test]
fn where_a_warm_start_cannot_be_the_report_says_why() {
    let debug = "fixtures/submissions/good/flask-debug";
    let unprepared = |_: &mut Command| {};
    assert_eq!(asked_to_be_warm(debug, unprepared), "warm");
    assert!(asked_to_be_warm("fixtures/submissions/good/bottle-app", unprepared).starts_with("cold, no_reloader"));
    assert!(asked_to_be_warm("fixtures/submissions/good/tornado-app", unprepared).starts_with("cold, not_flask"));
    let with = |arguments: &'static [&str]| {
        move |command: &mut Command| {
            command.args(arguments);
        }
    };
    assert!(asked_to_be_warm(debug, with(&["--isolation", "none"])).starts_with("cold, isolation"));
    assert!(asked_to_be_warm(debug, with(&["--setup", "true"])).starts_with("cold, setup"));
    let refused = |command: &mut Command| {
        network::refuse_namespaces(command);
    };
    assert!(asked_to_be_warm(debug, refused).starts_with("cold, isolation"));
}

#[test]
fn a_server_that_is_restarted_is_warm_each_time() {
    let exercise = tempfile::Builder::new().suffix(".toml").tempfile().unwrap();
    let text = fs::read_to_string(fixture("warm/exercise.toml")).unwrap();
    let again = text.replace("{ get = \"/not-there\" }", "{ restart = true }, { get = \"/\" }");
    assert_ne!(again, text);
    fs::write(exercise.path(), again).unwrap();
    let exercise = exercise.path().to_str().unwrap();
    let report = |more: &[&str]| {
        let arguments = [&["-e", exercise, "-f", "json", "--seed", "1"], more].concat();
        grade(&fixture("warm/globals"), &arguments).report()
    };
    let (cold, warm) = (report(&[]), report(&["--warm"]));
    assert_eq!(way(&warm), "warm");
    assert_eq!(same("globals", "report", &redacted(&cold), &redacted(&warm)), Ok(()));
}

#[test]
fn a_wrong_program_is_decided_by_a_cold_start_alone() {
    let wrong = "fixtures/submissions/wrong/key-error-debug";
    let arguments = ["-f", "json", "--seed", "1"];
    let cold = grade(wrong.as_ref(), &arguments);
    let warm = grade(wrong.as_ref(), &[&arguments[..], &["--warm"]].concat());
    assert_eq!((cold.code, warm.code), (Some(1), Some(1)));
    assert!(way(&warm.report()).starts_with("cold, not_passed"), "{}", way(&warm.report()));
    let counts = |ran: &Ran| (ran.report()["counts"].clone(), ran.report()["score"].clone());
    assert_eq!(counts(&cold), counts(&warm));
}
