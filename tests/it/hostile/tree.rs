//! Processes that stay, kill, or look into others.

use std::process::{Child, Command, Stdio};

use super::attack::{Attack, at_every_level};

#[test]
fn nobody_who_leaves_the_tree_outlives_the_run() {
    at_every_level(|level| {
        let attack = Attack::new(level, "leavers");
        attack.tell("marker.txt", attack.marker());
        let graded = attack.graded(&[]);
        assert_eq!(graded.verdict(), "passed", "{}", graded.report["problem"]);
        assert!(graded.said().contains("left 12"), "{}", graded.said());
    });
}

#[test]
fn nobody_outruns_the_teardown() {
    at_every_level(|level| {
        let graded = Attack::new(level, "relay").graded(&[]);
        assert_eq!(graded.verdict(), "passed", "{}", graded.report["problem"]);
    });
}

#[test]
fn a_checker_that_is_killed_leaves_nothing() {
    at_every_level(|level| {
        let attack = Attack::new(level, "killer");
        attack.tell("victim.txt", "checker");
        attack.tell("leaver", "");
        let ran = attack.attempted(attack.command(&[]));
        if level.is_full() {
            assert_eq!(ran.code, Some(0), "the checker cannot be reached: {}", ran.page());
        } else {
            assert!(matches!(ran.code, None | Some(0)), "killed or out of reach: {}", ran.page());
        }
    });
}

#[test]
fn a_supervisor_that_is_killed_costs_no_report_and_leaves_nothing() {
    at_every_level(|level| {
        let attack = Attack::new(level, "killer");
        attack.tell("victim.txt", "supervisor");
        if level.is_full() {
            // Elsewhere nobody is left who could find it.
            attack.tell("leaver", "");
        }
        let graded = attack.graded(&[]);
        if level.is_full() {
            assert_eq!(graded.verdict(), "passed", "{}", graded.report["problem"]);
        } else {
            assert_ne!(graded.problem(), Some("never_listened"), "told at once, not after the deadline");
        }
    });
}

/// Another program of the same user.
struct Bystander(Child);

impl Bystander {
    fn start(secret: &str) -> Self {
        let mut command = Command::new("sleep");
        command.arg("120").env("TEST_TOKEN", secret).stdin(Stdio::null()).stdout(Stdio::null());
        Self(command.spawn().unwrap())
    }

    fn is_alive(&mut self) -> bool {
        self.0.try_wait().unwrap().is_none()
    }
}

impl Drop for Bystander {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn no_other_process_can_be_killed() {
    at_every_level(|level| {
        let attack = Attack::new(level, "killer");
        let mut bystander = Bystander::start("nothing");
        attack.tell("victim.txt", bystander.0.id().to_string());
        let graded = attack.graded(&[]);
        assert_eq!(graded.verdict(), "passed", "{}", graded.report["problem"]);
        match graded.level() {
            "full" => assert!(bystander.is_alive(), "{}", graded.said()),
            "none" => assert!(!bystander.is_alive(), "the killer can kill: {}", graded.said()),
            _ => {}
        }
    });
}

#[test]
fn no_other_process_can_be_looked_into() {
    at_every_level(|level| {
        let attack = Attack::new(level, "prober");
        let bystander = Bystander::start("what-the-bystander-knows");
        attack.tell("victim.txt", bystander.0.id().to_string());
        let graded = attack.graded_by(attack.command_in_the_tests_network(&[]));
        assert_eq!(graded.verdict(), "passed", "{}", graded.report["problem"]);
        let said = graded.said();
        match graded.level() {
            "full" => {
                let seen = [&attack.secret(), "what-the-bystander-knows", "memory opened", "traced"]
                    .map(|sign| said.contains(sign));
                assert_eq!(seen, [false; 4], "{said}");
            }
            "none" => assert!(said.contains("what-the-bystander-knows"), "the prober can look: {said}"),
            _ => {}
        }
    });
}

#[test]
fn a_signal_to_its_own_group_reaches_the_server_alone() {
    at_every_level(|level| {
        let graded = Attack::new(level, "group-killer").graded(&[]);
        assert_eq!(graded.verdict(), "failed");
        assert_eq!(graded.report["server"]["exit"]["signal"], 9, "{}", graded.report["server"]);
        assert_eq!(graded.failures(), ["closed_early"]);
    });
}

#[test]
fn a_server_that_has_stopped_itself_is_ended() {
    at_every_level(|level| {
        let graded = Attack::new(level, "stops-itself").graded(&["--request-timeout", "1s"]);
        assert_eq!((graded.verdict(), graded.failures()), ("failed", vec!["timeout"]));
    });
}
