//! Results: kept once, whole, and through every kind of death.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;

use super::{Class, GOOD, QUICK, crashing, hanging, read_csv, wrong};
use crate::support::checker::{CHECKER, Ran, run};

/// Waits, with a bound, until something holds.
fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(60);
    while !holds() {
        assert!(Instant::now() < end, "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn lines_of(class: &Class) -> Vec<Value> {
    let text = fs::read_to_string(class.file("results/journal.jsonl")).unwrap_or_default();
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

fn started(class: &Class) -> usize {
    lines_of(class).iter().filter(|line| line["what"] == "start").count()
}

fn kill_and_wait(mut child: Child, signal: Signal) -> Option<i32> {
    if let Some(ended) = child.try_wait().unwrap() {
        return ended.code();
    }
    kill(Pid::from_raw(child.id().try_into().unwrap()), signal).unwrap();
    child.wait().unwrap().code()
}

fn quiet(class: &Class, arguments: &[&str]) -> Child {
    class.command(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

#[test]
fn a_rerun_grades_only_what_is_new_or_changed() {
    let class = Class::of(&[("王小明", GOOD), ("李雷", &wrong())]);
    let first = class.grade(&QUICK);
    assert_eq!((first.code, started(&class)), (Some(0), 2), "{}", first.page());
    assert_eq!(class.grade(&QUICK).code, Some(0));
    assert_eq!(started(&class), 2, "nothing is new");
    class.hand_in("李雷", GOOD);
    class.hand_in("韩梅梅", GOOD);
    assert_eq!(class.column("earned", &QUICK), ["李雷 5", "王小明 5", "韩梅梅 5"]);
    assert_eq!(started(&class), 4, "one is changed and one is new");
    class.grade(&[&QUICK[..], &["--seed", "7"]].concat());
    assert_eq!(started(&class), 7, "another seed policy is another result");
    class.grade(&[&QUICK[..], &["--regrade"]].concat());
    assert_eq!(started(&class), 10);
}

#[test]
fn every_result_is_a_report_that_says_whose_it_is() {
    let class = Class::of(&[("王小明", GOOD)]);
    class.grade(&QUICK);
    let [file] = class.reports().try_into().unwrap();
    let report: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    assert_eq!((report["verdict"].as_str(), report["submission"]["path"].as_str()), (Some("passed"), Some("王小明")));
    let place = &report["cohort"];
    assert_eq!((place["key"].as_str(), place["shard"]["of"].as_u64()), (Some("王小明"), Some(1)));
    assert!(place["manifest"].as_str().unwrap().starts_with("sha256:"));
    let last = report.as_object().unwrap().keys().next_back().unwrap();
    assert_eq!(last, "cohort", "a report as any other, and one field more");
}

#[test]
fn what_could_not_be_graded_is_not_zero_and_can_be_tried_again_alone() {
    let class = Class::of(&[("王小明", GOOD), ("李雷", "#!/usr/bin/env no-such-language\n")]);
    fs::rename(class.file("handed-in/李雷/app.py"), class.file("handed-in/李雷/run.sh")).unwrap();
    let book = class.book(&QUICK);
    let ran = class.grade(&QUICK);
    assert_eq!(ran.code, Some(3), "{}", ran.page());
    assert_eq!((book["李雷"]["state"].as_str(), book["李雷"]["earned"].as_str()), ("not_graded", ""));
    let before = started(&class);
    class.grade(&[&QUICK[..], &["--only-errors"]].concat());
    assert_eq!(started(&class), before + 1, "the other one has its points");
}

#[test]
fn a_hanging_and_a_crashing_submission_fail_and_the_others_do_not_notice() {
    let (hanging, crashing, wrong) = (hanging(), crashing(), wrong());
    let class =
        Class::of(&[("a", &hanging), ("b", &crashing), ("c", &wrong), ("d", GOOD), ("e", &hanging), ("f", GOOD)]);
    let limits = ["--request-timeout", "1s", "--ready-timeout", "3s", "--jobs", "4"];
    let earned = class.column("earned", &[&QUICK[..], &limits].concat());
    assert_eq!(earned, ["a 0", "b 0", "c 3", "d 5", "e 0", "f 5"]);
}

#[test]
fn the_order_of_a_gradebook_is_not_that_of_the_grading() {
    let slow = GOOD.replace("HTTPServer((", "time.sleep(0.3)\nHTTPServer((");
    let class = Class::of(&[("a", &slow), ("b", GOOD), ("c", &slow), ("d", GOOD)]);
    let ran = class.grade(&[&QUICK[..], &["-f", "csv", "--jobs", "4"]].concat());
    let keys: Vec<_> = ran.stdout.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    assert_eq!(keys, ["a", "b", "c", "d"]);
}

#[test]
fn killed_at_ten_moments_and_started_again_the_gradebook_is_the_same() {
    let students: Vec<String> = (0..24).map(|number| format!("student-{number:02}")).collect();
    let programs = [GOOD.to_owned(), wrong(), crashing()];
    let all: Vec<_> =
        students.iter().zip(programs.iter().cycle()).map(|(name, program)| (&**name, &**program)).collect();
    let (disturbed, undisturbed) = (Class::of(&all), Class::of(&all));
    let mut random = fastrand::Rng::with_seed(5);
    for round in 0..10 {
        let mut child = quiet(&disturbed, &QUICK);
        // One more at least, or the end; then at any moment of what is going on.
        let mark = started(&disturbed) + 1;
        until("one more has begun", || started(&disturbed) >= mark || child.try_wait().unwrap().is_some());
        std::thread::sleep(Duration::from_millis(random.u64(0..150)));
        kill_and_wait(child, Signal::SIGKILL);
        for report in disturbed.reports() {
            let text = fs::read(&report).unwrap();
            assert!(serde_json::from_slice::<Value>(&text).is_ok(), "round {round}: {} is torn", report.display());
        }
    }
    let book = |class: &Class| class.grade(&[&QUICK[..], &["-f", "csv"]].concat());
    let (after, plain) = (book(&disturbed), book(&undisturbed));
    assert_eq!((after.code, &after.stdout), (Some(0), &plain.stdout), "{}", after.page());
    assert_eq!(disturbed.reports().len(), students.len());
    assert_eq!(fs::read_dir(disturbed.file("results/unfinished")).unwrap().count(), 0);
    let mut ended = std::collections::BTreeSet::new();
    let lines = lines_of(&disturbed);
    let twice = lines.iter().filter(|line| line["what"] == "end" && !ended.insert(line["result"].to_string()));
    assert_eq!(twice.count(), 0, "none was graded to its end twice");
}

#[test]
fn a_submission_that_ends_the_grader_twice_is_set_aside_and_the_others_go_on() {
    // Without isolation it finds the grader: its supervisor's parent.
    let poison = "import os, signal\n\
        above = open(f\"/proc/{os.getppid()}/stat\").read().rpartition(\")\")[2].split()[1]\n\
        os.kill(int(above), signal.SIGKILL)\n";
    let class = Class::of(&[("a", GOOD), ("m-poison", poison), ("z", &wrong())]);
    let arguments = [&QUICK[..], &["--isolation", "none", "-o", "csv=book.csv"]].concat();
    let ran = class.grade(&arguments);
    assert_eq!(ran.code, Some(3), "{}", ran.page());
    assert_eq!(ran.stderr.matches("The grader was ended by signal 9").count(), 2, "{}", ran.page());
    let book = read_csv(&class.file("book.csv"));
    let states = book.iter().map(|(key, line)| format!("{key} {} {}", line["state"], line["earned"]));
    assert_eq!(states.collect::<Vec<_>>(), ["a graded 5", "m-poison not_graded ", "z graded 3"]);
    assert!(book["m-poison"]["cause"].contains("set aside"), "{book:?}");
    assert_eq!(class.grade(&arguments).code, Some(3));
    assert_eq!(started(&class), 4, "what was set aside is not tried again unasked");
}

#[test]
fn among_many_in_flight_the_one_that_ends_the_grader_is_found_and_the_others_are_graded() {
    // Says nothing until a file lies beside it, and has done nothing wrong.
    let slow = GOOD.replace("import time", "import os, time").replace(
        "self.send_response(200)",
        "while not os.path.exists(os.path.join(os.path.dirname(os.path.abspath(__file__)), \"go-on\")):\n            time.sleep(0.01)\n        self.send_response(200)",
    );
    let class = Class::of(&[("a", GOOD), ("m-poison", &hanging()), ("s-slow", &slow), ("z", &wrong())]);
    let arguments = [&QUICK[..], &["--request-timeout", "60s", "--ready-timeout", "60s"]].concat();
    let mut child = quiet(&class, &arguments);
    let keeper = child.id();
    until("the poison and the slow one are in flight", || {
        let (going_on, _) = in_flight(&class);
        going_on == ["m-poison", "s-slow"] && class.reports().len() == 2
    });
    let first = in_flight(&class).1;
    assert_ne!(first, i64::from(keeper));
    kill(Pid::from_raw(first.try_into().unwrap()), Signal::SIGKILL).unwrap();
    until("the poison is graded alone by another grader", || {
        let (going_on, grader) = in_flight(&class);
        grader != first && going_on == ["m-poison"]
    });
    fs::write(class.file("handed-in/s-slow/go-on"), "").unwrap();
    let second = in_flight(&class).1;
    kill(Pid::from_raw(second.try_into().unwrap()), Signal::SIGKILL).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(3), "one could not be graded");
    assert_eq!(class.column("state", &arguments), ["a graded", "m-poison not_graded", "s-slow graded", "z graded"]);
}

/// Who was being graded, by the journal's last grader, and that grader's process id.
fn in_flight(class: &Class) -> (Vec<String>, i64) {
    let lines = lines_of(class);
    let manifest = fs::read_to_string(class.file("results/manifest.json")).unwrap_or_default();
    let manifest: Value = serde_json::from_str(&manifest).unwrap_or_default();
    let pid = lines.last().and_then(|line| line["grader"]["pid"].as_i64()).unwrap_or_default();
    let mut going_on = std::collections::BTreeSet::new();
    for line in lines.iter().filter(|line| line["grader"]["pid"] == pid) {
        let entry =
            manifest["entries"].as_array().into_iter().flatten().find(|entry| entry["result"] == line["result"]);
        let key = entry.map(|entry| entry["key"].as_str().unwrap_or_default().to_owned()).unwrap_or_default();
        let _ = match line["what"].as_str() {
            Some("start") => going_on.insert(key),
            _ => going_on.remove(&key),
        };
    }
    (going_on.into_iter().collect(), pid)
}

#[test]
fn a_keeper_that_is_killed_takes_its_grader_along() {
    let class = Class::of(&[("a", &hanging())]);
    let child = quiet(&class, &[&QUICK[..], &["--request-timeout", "60s", "--ready-timeout", "60s"]].concat());
    until("it is in flight", || started(&class) == 1);
    let (_, grader) = in_flight(&class);
    kill_and_wait(child, Signal::SIGKILL);
    until("the grader is gone", || !Path::new(&format!("/proc/{grader}")).exists());
}

#[test]
fn ctrl_c_ends_everything_with_130_and_the_rest_is_graded_next_time() {
    let hang = hanging();
    let class = Class::of(&[("a", GOOD), ("b", &hang), ("c", GOOD)]);
    let child = quiet(&class, &[&QUICK[..], &["--request-timeout", "30s"]].concat());
    until("the others are graded", || class.file("results/reports").exists() && class.reports().len() == 2);
    assert_eq!(kill_and_wait(child, Signal::SIGINT), Some(130));
    assert_eq!(lines_of(&class).last().unwrap()["what"], "interrupted", "and that is no death");
    class.hand_in("b", GOOD);
    let earned = class.column("earned", &[&QUICK[..], &["--request-timeout", "30s"]].concat());
    assert_eq!(earned, ["a 5", "b 5", "c 5"]);
}

#[test]
fn two_graders_at_once_give_one_result_each() {
    let class = Class::of(&[("a", GOOD), ("b", GOOD), ("c", &wrong())]);
    let both: Vec<_> = (0..2).map(|_| quiet(&class, &QUICK)).collect();
    let codes: Vec<_> = both.into_iter().map(|mut child| child.wait().unwrap().code()).collect();
    assert_eq!(codes, [Some(0), Some(0)]);
    assert_eq!(class.reports().len(), 3);
    assert_eq!(class.column("earned", &QUICK), ["a 5", "b 5", "c 3"]);
}

/// Grades in a folder of a file system that holds so many kibibytes.
fn on_a_small_disk(class: &Class, size: &str) -> (Ran, Vec<String>) {
    let disk = class.file("disk");
    fs::create_dir_all(&disk).unwrap();
    let script = r#"
        mount -t tmpfs -o size="$1" none "$2" || exit 99
        "$3" grade "$4" --out "$2/results" --check missing-cookie --lang en
        code=$?
        for file in "$2"/results/reports/*.json; do
            [ -e "$file" ] || continue
            python3 -c 'import json, sys; json.load(open(sys.argv[1]))' "$file" && echo "whole" >&2
        done
        exit $code"#;
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount", "--", "sh", "-c", script, "sh", size]);
    command.arg(&disk).arg(CHECKER).arg(class.file("handed-in")).env("LC_ALL", "C.UTF-8");
    let ran = run(&mut command);
    let whole = ran.stderr.lines().filter(|line| *line == "whole").map(str::to_owned).collect();
    (ran, whole)
}

#[test]
fn a_full_disk_stops_the_grading_with_3_and_leaves_only_whole_results() {
    let program = GOOD.replace("import time", "import os, time").replace("5000", "int(os.environ[\"PORT\"])");
    let class = Class::new();
    (0..12).for_each(|number| class.hand_in(format!("student-{number:02}"), &program));
    let (ran, whole) = on_a_small_disk(&class, "64k");
    assert_eq!(ran.code, Some(3), "{}", ran.page());
    assert!(ran.stderr.contains("cannot keep results"), "{}", ran.page());
    assert!(!whole.is_empty() && whole.len() < 12, "{}", ran.page());
    assert!(!Path::new(&class.file("disk/results")).exists());
}

#[test]
fn a_connection_that_breaks_beside_others_is_tried_again_alone_and_a_wrong_answer_is_not() {
    // Says nothing until a file lies beside it, which this test puts there before it is tried again.
    let breaks = GOOD.replace("import time", "import os, time").replace(
        "self.send_response(200)",
        "if not os.path.exists(os.path.join(os.path.dirname(os.path.abspath(__file__)), \"fixed\")):\n            return\n        self.send_response(200)",
    );
    let class = Class::of(&[("breaks", &breaks), ("hangs", &hanging()), ("wrong", &wrong())]);
    let mut command = class.command(
        &[&QUICK[..], &["--request-timeout", "6s", "--ready-timeout", "6s", "-v", "-o", "csv=book.csv"]].concat(),
    );
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = String::new();
    for line in BufReader::new(child.stderr.take().unwrap()).lines() {
        let line = line.unwrap();
        if line == "breaks: once more, alone" {
            fs::write(class.file("handed-in/breaks/fixed"), "").unwrap();
        }
        said += &format!("{line}\n");
    }
    assert_eq!(child.wait().unwrap().code(), Some(0), "{said}");
    let book = read_csv(&class.file("book.csv"));
    let line = |key: &str| format!("{} {} {}", book[key]["verdict"], book[key]["earned"], book[key]["flaky"]);
    assert_eq!([line("breaks"), line("hangs"), line("wrong")], ["passed 5 yes", "failed 0 ", "failed 3 "], "{said}");
    let starts = |key: &str| {
        let report: Value =
            serde_json::from_slice(&fs::read(class.file("results").join(&book[key]["report"])).unwrap()).unwrap();
        let result = report["cohort"]["result"].clone();
        lines_of(&class).iter().filter(|line| line["what"] == "start" && line["result"] == result).count()
    };
    assert_eq!([starts("breaks"), starts("hangs"), starts("wrong")], [2, 2, 1]);
}

#[test]
fn what_a_killed_grader_leaves_is_removed_by_the_next() {
    let class = Class::of(&[("王小明", GOOD), ("李雷", &hanging())]);
    let tmp = class.file("tmp");
    fs::create_dir(&tmp).unwrap();
    let left = || crate::support::names_of(&tmp);
    // A group of its own, so that all of the checker can be killed at one time.
    let mut grader = class.command(&QUICK);
    std::os::unix::process::CommandExt::process_group(&mut grader, 0);
    let mut grader = grader.env("TMPDIR", &tmp).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    until("both are being graded", || started(&class) == 2);
    nix::sys::signal::killpg(Pid::from_raw(grader.id().try_into().unwrap()), Signal::SIGKILL).unwrap();
    grader.wait().unwrap();
    assert!(!left().is_empty());
    // The grader itself is not this process' child, and takes its time to die.
    let is_free = |name: &String| fs::File::open(tmp.join(name)).unwrap().try_lock().is_ok();
    until("nobody holds the folders", || left().iter().all(is_free));
    for name in left() {
        let an_hour_ago = std::time::SystemTime::now() - Duration::from_secs(3600);
        fs::File::open(tmp.join(name)).unwrap().set_modified(an_hour_ago).unwrap();
    }
    class.hand_in("李雷", GOOD);
    let ran = run(class.command(&QUICK).env("TMPDIR", &tmp));
    assert_eq!(ran.code, Some(0), "{}", ran.page());
    assert_eq!(left(), [""; 0]);
}
