//! The Test Anything Protocol, version 14 (testanything.org), as far as it decides whether a program's tests passed.
//!
//! Subtests, which are indented, are told by the test point that follows them, as to a reader of version 13. Lines
//! that are not TAP are left out of account.

/// What a program's output says in TAP.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Document {
    /// How many tests there were to be: the plan; none if there was no plan.
    pub(super) plan: Option<u32>,
    /// What the plan says beside its number: why everything was skipped.
    pub(super) plan_reason: String,
    /// How many plans there were after the first, or test points outside it in the order of the file.
    pub(super) is_out_of_order: bool,
    /// The test points.
    pub(super) points: Vec<Point>,
    /// Why the program gave up, if it did.
    pub(super) bail_out: Option<String>,
}

/// One test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Point {
    /// Its number, given or counted.
    pub(super) number: u32,
    /// What it is about; may be empty.
    pub(super) description: String,
    /// How it ended.
    pub(super) result: PointResult,
    /// The `message` of its diagnostics; else empty.
    pub(super) message: String,
}

/// How a test ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PointResult {
    /// It passed, or it did not and is not expected to: `# TODO`, `# SKIP`.
    Fine,
    /// It failed.
    Failed,
}

/// Reads an output, if it is TAP: if the first line that says anything is a version, a plan or a test point with a
/// number or a description.
pub(super) fn parse(output: &str) -> Option<Document> {
    let output = output.replace("\r\n", "\n").replace('\r', "\n");
    let says_something = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    let first = output.lines().find(says_something)?;
    let is_tap = first.starts_with("TAP version ")
        || plan(first).is_some()
        || point(first, 1).is_some_and(|_| first.contains(' ') && first != "not ok");
    if !is_tap {
        return None;
    }
    let mut document = Document::default();
    let mut in_diagnostics = false;
    let mut points_before_plan = false;
    for line in output.lines() {
        if in_diagnostics {
            in_diagnostics = line.trim_end() != "  ...";
            document.diagnostic(line);
        } else if line.trim_end() == "  ---" && !document.points.is_empty() {
            in_diagnostics = true;
        } else if let Some(reason) = bail_out(line) {
            document.bail_out = Some(reason.to_owned());
            break;
        } else if let Some((count, reason)) = plan(line) {
            document.is_out_of_order |= document.plan.is_some();
            points_before_plan = !document.points.is_empty();
            document.plan = Some(count);
            reason.clone_into(&mut document.plan_reason);
        } else if let Some(point) = point(line, document.next_number()) {
            // A plan stands before all test points or behind all of them.
            document.is_out_of_order |= document.plan.is_some() && points_before_plan;
            document.points.push(point);
        }
    }
    Some(document)
}

impl Document {
    fn next_number(&self) -> u32 {
        self.points.last().map_or(1, |point| point.number.saturating_add(1))
    }

    /// Keeps what a test says of its failure, where it is one line of its own.
    fn diagnostic(&mut self, line: &str) {
        let Some(message) = line.strip_prefix("  message:") else { return };
        let message = message.trim();
        let quoted = ['"', '\''].iter().find_map(|quote| message.strip_prefix(*quote)?.strip_suffix(*quote));
        if let Some(point) = self.points.last_mut()
            && !message.starts_with(['|', '>'])
        {
            quoted.unwrap_or(message).clone_into(&mut point.message);
        }
    }
}

fn bail_out(line: &str) -> Option<&str> {
    const WORDS: &str = "bail out!";
    let (start, rest) = line.split_at_checked(WORDS.len())?;
    start.eq_ignore_ascii_case(WORDS).then(|| rest.trim())
}

fn plan(line: &str) -> Option<(u32, &str)> {
    let rest = line.strip_prefix("1..")?;
    let (number, reason) = rest.split_once('#').unwrap_or((rest, ""));
    Some((number.trim_end().parse().ok()?, reason.trim()))
}

fn point(line: &str, next: u32) -> Option<Point> {
    let (is_ok, rest) = match line.strip_prefix("not ok") {
        Some(rest) => (false, rest),
        None => (true, line.strip_prefix("ok")?),
    };
    if !rest.is_empty() && !rest.starts_with([' ', '\t']) {
        return None;
    }
    let rest = rest.trim();
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let numbered = digits > 0 && rest[digits..].chars().next().is_none_or(char::is_whitespace);
    let number = rest[..digits].parse().ok().filter(|_| numbered);
    let rest = if number.is_some() { rest[digits..].trim_start() } else { rest };
    let (description, directive) = split_directive(rest);
    let description = description.strip_prefix("- ").unwrap_or(if description == "-" { "" } else { description });
    let is_excused = directive.is_some();
    Some(Point {
        number: number.unwrap_or(next),
        description: unescaped(description.trim()),
        result: if is_ok || is_excused { PointResult::Fine } else { PointResult::Failed },
        message: String::new(),
    })
}

/// What stands before `# TODO` or `# SKIP`, and which of them it is. A `#` behind a backslash is a character.
fn split_directive(text: &str) -> (&str, Option<&str>) {
    let mut escaped = false;
    for (place, c) in text.char_indices() {
        if c == '#' && !escaped {
            let word = text[place + 1..].split_whitespace().next().unwrap_or_default();
            let word = word.trim_end_matches(':');
            let is_known = ["todo", "skip", "skipped"].iter().any(|known| word.eq_ignore_ascii_case(known));
            if is_known {
                return (text[..place].trim_end(), Some(word));
            }
        }
        escaped = c == '\\' && !escaped;
    }
    (text, None)
}

fn unescaped(text: &str) -> String {
    text.replace("\\#", "#").replace("\\\\", "\\")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(output: &str) -> Vec<(u32, String, String)> {
        let points = parse(output).expect(output).points.into_iter();
        let failed = points.filter(|point| point.result == PointResult::Failed);
        failed.map(|point| (point.number, point.description, point.message)).collect()
    }

    #[test]
    fn what_is_not_tap_is_not_read_as_such() {
        for output in ["", "all good\n", "ok\n", "not ok\n", "okay then\n", "# ok 1\n", "1..x\n", " ok 1\n"] {
            assert_eq!(parse(output), None, "{output:?}");
        }
        for output in ["TAP version 14\n", "\n# so\n1..2\n", "ok 1\n", "not ok - a\n", "1..0 # why\r\n"] {
            assert!(parse(output).is_some(), "{output:?}");
        }
    }

    #[test]
    fn failed_tests_have_their_number_description_and_message() {
        let output = "TAP version 14\n1..4\nok 1 - fine\nnot ok 2 - greets \\# by name\n  ---\n  message: 'got None'\n  \
                      at:\n    message: other\n  ...\nnot ok - third\nnot ok 4 later # todo some day\n";
        let expected = [(2, "greets # by name".into(), "got None".into()), (3, "third".into(), String::new())];
        assert_eq!(failed(output), expected);
    }

    #[test]
    fn directives_are_not_case_sensitive_and_other_comments_belong_to_the_description() {
        assert_eq!(failed("1..3\nnot ok 1 # SkIp no disk\nnot ok 2 # TODO\nnot ok 3 # why\n").len(), 1);
    }

    #[test]
    fn subtests_count_by_the_point_behind_them() {
        let output = "1..1\n# Subtest: inner\n    1..2\n    ok 1\n    not ok 2\nnot ok 1 - inner\n";
        assert_eq!(failed(output), [(1, "inner".into(), String::new())]);
    }

    #[test]
    fn nothing_counts_after_a_bail_out() {
        let document = parse("1..3\nok 1\nBAIL OUT! no database\nnot ok 2\n").unwrap();
        assert_eq!((document.points.len(), document.bail_out.as_deref()), (1, Some("no database")));
    }

    #[test]
    fn a_plan_stands_at_one_end() {
        assert!(!parse("ok 1\nok 2\n1..2\n").unwrap().is_out_of_order);
        assert!(parse("ok 1\n1..2\nok 2\n").unwrap().is_out_of_order);
        assert!(parse("1..1\nok 1\n1..1\n").unwrap().is_out_of_order);
    }

    #[test]
    fn odd_characters_do_no_harm() {
        for output in ["1..1\nok 1名 - x\n", "ok 99999999999999 x\n", "1..99999999999\n", "ok 1 写\\\nBail 写!\n"] {
            let _ = parse(output);
        }
    }
}
