//! Servers that die, loop or flood before they listen. (A stale one on the port is in `lifecycle.rs`.)

use super::attack::{Attack, at_every_level};

/// The most of a log that a report keeps of each stream, in bytes, generously.
const KEPT: usize = 300_000;

fn kept(graded: &super::attack::Graded) -> [usize; 2] {
    ["stdout", "stderr"].map(|stream| graded.report["server"][stream].as_str().unwrap_or_default().len())
}

#[test]
fn a_program_that_floods_its_log_and_dies_is_told_by_its_end() {
    at_every_level(|level| {
        let graded = Attack::new(level, "floods-and-dies").graded(&[]);
        assert_eq!((graded.verdict(), graded.problem()), ("failed", Some("exited_early")));
        assert_eq!(graded.report["server"]["exit"]["code"], 3);
        assert!(kept(&graded).iter().all(|bytes| *bytes < KEPT), "{:?} of 20 MB are kept", kept(&graded));
        let end = graded.report["server"]["stderr"].as_str().unwrap();
        assert!(end.contains("name 'tme' is not defined"), "the end of the log is kept");
    });
}

#[test]
fn a_program_that_floods_and_never_listens_is_ended() {
    at_every_level(|level| {
        let graded = Attack::new(level, "floods-in-start").graded(&["--ready-timeout", "2s"]);
        assert_eq!((graded.verdict(), graded.problem()), ("failed", Some("never_listened")));
        assert!(kept(&graded).iter().all(|bytes| *bytes < KEPT), "{:?} of 64 MB are kept", kept(&graded));
    });
}

#[test]
fn a_program_that_loops_and_never_listens_is_ended() {
    at_every_level(|level| {
        let graded = Attack::new(level, "loops-in-start").graded(&["--ready-timeout", "1s"]);
        assert_eq!((graded.verdict(), graded.problem()), ("failed", Some("never_listened")));
        assert_eq!(graded.report["problem"]["blame"], "submission");
    });
}
