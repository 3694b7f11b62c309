//! How much of the machine a submission may use.

use std::fs;

use super::attack::{Attack, at_every_level};

#[test]
fn fifty_children_end_with_the_run() {
    at_every_level(|level| {
        let graded = Attack::new(level, "fork-bomb").graded(&[]);
        assert_eq!(graded.verdict(), "passed", "{}", graded.report["problem"]);
        let started = graded.number("started");
        assert!(level.name != "none" || started == 50, "{}", graded.said());
    });
}

#[test]
fn memory_ends_before_the_machines_does() {
    at_every_level(|level| {
        let attack = Attack::new(level, "memory-hog");
        if !level.is_full() {
            // Nothing is promised but that the run is like any other.
            assert_eq!(attack.graded(&[]).verdict(), "passed");
            return;
        }
        attack.tell("megabytes.txt", "640");
        let graded = attack.graded(&[]);
        assert!(!graded.said().contains("took it all"), "640 MB: {}", graded.said());
        assert_eq!((graded.verdict(), graded.problem()), ("failed", Some("exited_early")));
        assert_eq!(graded.report["problem"]["blame"], "submission");
    });
}

#[test]
fn the_disk_is_not_filled() {
    at_every_level(|level| {
        let attack = Attack::new(level, "disk-hog");
        if level.is_full() {
            attack.tell("megabytes.txt", "250");
        }
        let graded = attack.graded(&[]);
        assert_eq!(graded.verdict(), "passed", "{}", graded.report["problem"]);
        let written = ["wrote here", "wrote temporary"].map(|place| graded.number(place));
        if level.is_full() {
            assert!(written.iter().all(|megabytes| *megabytes < 250), "{}", graded.said());
        } else if level.name == "none" {
            assert_eq!(written, [2, 2], "{}", graded.said());
        }
    });
}

#[test]
fn thousands_of_files_are_gone_after_the_run() {
    at_every_level(|level| {
        let attack = Attack::new(level, "many-files");
        let graded = attack.graded(&[]);
        assert_eq!(graded.verdict(), "passed", "{}", graded.report["problem"]);
        assert!(graded.number("made here") > 0 && graded.number("made temporary") > 0, "{}", graded.said());
        let left = fs::read_dir(&attack.submission).unwrap().count();
        assert!(!level.is_full() || left == 1, "{left} files are left");
    });
}

#[test]
fn two_seconds_of_a_processor_are_granted() {
    at_every_level(|level| {
        let graded = Attack::new(level, "spin").graded(&["--check", "set-cookie", "--request-timeout", "30s"]);
        assert!(graded.exchanges().iter().any(|exchange| exchange["elapsed_ms"].as_f64().unwrap() > 1000.0));
        assert_eq!(graded.failures(), [""; 0]);
    });
}

#[test]
fn the_deadline_ends_what_is_busy_for_longer() {
    at_every_level(|level| {
        let graded = Attack::new(level, "spin").graded(&["--request-timeout", "300ms"]);
        assert_eq!((graded.verdict(), graded.failures()), ("failed", vec!["timeout"]));
    });
}
