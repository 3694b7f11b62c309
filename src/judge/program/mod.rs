//! What a check's own program decided.

mod tap;

use tap::{Document, PointResult};

use super::{beside, text};
use crate::message::Message;
use crate::outcome::{Aspect, Exit, Mismatch};

/// How many failed tests of a program are told one by one.
const TOLD: usize = 20;

/// What a program says of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// All is well.
    Passed,
    /// The server does not do what it should. Never empty.
    Failed(Vec<Mismatch>),
    /// It says nothing of the server, and why.
    Undecided(Mismatch),
}

/// What a program decided by its output and its end: by TAP if its standard output is that, else by its exit code.
///
/// Exit codes 126 and 127 are a shell's for a command that it could not start, and a signal ends a program that has
/// not decided: neither says anything of the server. A program that speaks TAP fails by them, as TAP 14 has it.
#[must_use]
pub fn program(exit: Exit, stdout: &str) -> Decision {
    match (tap::parse(stdout), exit) {
        (Some(document), _) => by_tap(&document, exit),
        (None, Exit::Code(0)) => Decision::Passed,
        (None, Exit::Code(126 | 127) | Exit::Signal(_) | Exit::Memory { .. }) => Decision::Undecided(ended(exit)),
        (None, Exit::Code(_)) => Decision::Failed(vec![ended(exit)]),
    }
}

/// Whether an output is TAP, which is told test by test.
#[must_use]
pub fn is_tap(stdout: &str) -> bool {
    tap::parse(stdout).is_some()
}

/// A program that did not end in time.
#[must_use]
pub fn program_too_slow(seconds: String) -> Mismatch {
    let expected = Message::new("expected-program-end").with("time", seconds);
    mismatch("mismatch-program", expected, Message::new("actual-program-runs"))
}

/// A program that could not be started.
#[must_use]
pub fn program_not_started(name: &str, error: String) -> Mismatch {
    let expected = Message::new("expected-program-start").with("name", name);
    mismatch("mismatch-program", expected, Message::literal(error))
}

fn by_tap(document: &Document, exit: Exit) -> Decision {
    if let (Some(0), [], None) = (document.plan, document.points.as_slice(), &document.bail_out) {
        let reason = text::shown(&document.plan_reason);
        return Decision::Undecided(mismatch("mismatch-program", Message::new("expected-tests"), reason));
    }
    let failed: Vec<_> = document.points.iter().filter(|point| point.result == PointResult::Failed).collect();
    let mut found: Vec<_> = failed.iter().take(TOLD).map(|point| test_point(point)).collect();
    if failed.len() > TOLD {
        let more = Message::new("actual-more-tests").with("count", failed.len() - TOLD);
        found.push(mismatch("mismatch-program", Message::new("expected-all-tests"), more));
    }
    match (&document.bail_out, plan(document)) {
        (Some(reason), _) => {
            let actual = Message::new("actual-bail-out").with("reason", reason.clone());
            found.push(mismatch("mismatch-program", Message::new("expected-all-tests"), actual));
        }
        (None, wrong) => found.extend(wrong),
    }
    if found.is_empty() && !exit.success() {
        found.push(ended(exit));
    }
    if found.is_empty() { Decision::Passed } else { Decision::Failed(found) }
}

fn test_point(point: &tap::Point) -> Mismatch {
    let name = if point.description.is_empty() { format!("#{}", point.number) } else { point.description.clone() };
    let actual = match point.message.as_str() {
        "" => Message::literal("not ok"),
        message => text::shown(message),
    };
    mismatch("mismatch-test-point", Message::literal(name), actual)
}

/// What is wrong with the plan: the safeguard against an output that was cut off.
fn plan(document: &Document) -> Option<Mismatch> {
    let ran = document.points.len();
    let Some(count) = document.plan else {
        let expected = Message::new("expected-plan");
        return Some(mismatch("mismatch-program", expected, Message::new("actual-no-plan").with("count", ran)));
    };
    let mut numbers: Vec<_> = document.points.iter().map(|point| point.number).collect();
    numbers.sort_unstable();
    let are_all = numbers.iter().copied().eq(1..=count);
    if are_all && !document.is_out_of_order {
        return None;
    }
    let expected = Message::new("expected-tests-planned").with("count", i64::from(count));
    let actual = Message::new("actual-tests-ran").with("count", ran);
    Some(mismatch("mismatch-program", expected, actual))
}

fn ended(exit: Exit) -> Mismatch {
    let code = |code: i32| Message::new("exit-code").with("code", code.to_string());
    let actual = match exit {
        Exit::Code(number) => code(number),
        Exit::Signal(number) => Message::new("program-signal").with("number", number.to_string()),
        Exit::Memory { .. } => Message::literal(exit.to_string()),
    };
    mismatch("mismatch-program", code(0), actual)
}

fn mismatch(id: &'static str, expected: Message, actual: Message) -> Mismatch {
    beside(1, Aspect::Program, Message::new(id), expected, actual)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FINE: Exit = Exit::Code(0);

    /// What is told of each mismatch: `passed`, `undecided`, or what came.
    fn decided(exit: Exit, stdout: &str) -> Vec<String> {
        let actual = |mismatch: Mismatch| match mismatch.actual.id {
            "literal" => mismatch.actual.to_string().replace("literal text=Text(", "").replace([')', '"'], ""),
            "exit-code" | "program-signal" => format!("{:?}", mismatch.actual.args[0].1),
            id => id.to_owned(),
        };
        match program(exit, stdout) {
            Decision::Passed => vec!["passed".into()],
            Decision::Failed(mismatches) => mismatches.into_iter().map(actual).collect(),
            Decision::Undecided(mismatch) => vec!["undecided".into(), actual(mismatch)],
        }
    }

    #[test]
    fn an_exit_code_decides_where_nothing_is_said_in_tap() {
        assert_eq!(decided(FINE, "all good"), ["passed"]);
        assert_eq!(decided(Exit::Code(1), "oh"), ["Text(\"1\")"]);
        for exit in [Exit::Code(127), Exit::Code(126), Exit::Signal(11)] {
            assert_eq!(decided(exit, "")[0], "undecided");
        }
    }

    #[test]
    fn each_failed_test_is_a_mismatch() {
        assert_eq!(decided(FINE, "1..2\nok 1\nok 2\n"), ["passed"]);
        assert_eq!(decided(FINE, "1..2\nnot ok 1 - a\nnot ok 2 - b\n"), ["not ok", "not ok"]);
        let many = format!("1..30\n{}", "not ok\n".repeat(30));
        assert_eq!(decided(FINE, &many).len(), 21);
    }

    #[test]
    fn a_plan_is_kept_to_the_last_test() {
        assert_eq!(decided(FINE, "ok 1\nok 2\n"), ["actual-no-plan"]);
        assert_eq!(decided(FINE, "1..3\nok 1\nok 2\n"), ["actual-tests-ran"]);
        assert_eq!(decided(FINE, "1..2\nok 1\nok 3\n"), ["actual-tests-ran"]);
        assert_eq!(decided(FINE, "1..2\nok 1\nok 1\n"), ["actual-tests-ran"]);
        assert_eq!(decided(FINE, "1..2\nok 2\nok 1\n"), ["passed"]);
    }

    #[test]
    fn giving_up_and_ending_badly_are_failures() {
        assert_eq!(decided(FINE, "1..2\nok 1\nBail out! no answer\n"), ["actual-bail-out"]);
        assert_eq!(decided(Exit::Code(3), "1..1\nok 1\n"), ["Text(\"3\")"]);
        assert_eq!(decided(Exit::Signal(9), "1..1\nok 1\n"), ["Text(\"9\")"]);
        assert_eq!(decided(Exit::Code(1), "1..1\nnot ok 1 - a\n"), ["not ok"]);
    }

    #[test]
    fn a_program_that_tested_nothing_has_decided_nothing() {
        assert_eq!(decided(FINE, "1..0 # no browser here\n"), ["undecided", "no browser here"]);
    }
}
