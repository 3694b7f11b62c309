//! The same attacks by programs that are started as copies: what `checker grade --warm` makes of them.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::checker::Ran;

/// What makes a program one that may be started warm: Flask comes first, and something speaks of a debug mode.
const BEFORE: &str = "import flask  # debug\n";

/// Makes a submission one that may be started warm, if it is in Python.
pub(super) fn make_warm(submission: &Path) {
    let program = submission.join("app.py");
    if let Ok(text) = fs::read_to_string(&program) {
        fs::write(program, format!("{BEFORE}{text}")).unwrap();
    }
}

/// The command's arguments instead of those of `checker run`: a cohort of one.
pub(super) fn arguments<'a>(submission: &'a Path, out: &'a Path) -> [&'a OsStr; 6] {
    let cohort = submission.parent().unwrap();
    ["grade".as_ref(), cohort.as_ref(), "--warm".as_ref(), "-q".as_ref(), "--out".as_ref(), out.as_ref()]
}

/// What a run would have said: the only report that is there, and its verdict's exit code.
pub(super) fn as_a_run(ran: Ran, out: &Path) -> Ran {
    let mut reports = fs::read_dir(out.join("reports")).into_iter().flatten().flatten().map(|entry| entry.path());
    let Some(report) = reports.next() else { return ran };
    assert_eq!(reports.next(), None, "one submission, one report");
    let stdout = fs::read_to_string(report).unwrap();
    let report: Value = serde_json::from_str(&stdout).unwrap();
    let code = match (ran.code, report["verdict"].as_str()) {
        (Some(0), Some("failed")) => Some(1),
        (code, _) => code,
    };
    Ran { code, stdout, ..ran }
}

/// Asserts that a program that was made warm was started as a copy, whether or not that counts in the end.
pub(super) fn assert_was_copied(report: &Value, submission: &Path) {
    if !fs::read_to_string(submission.join("app.py")).is_ok_and(|text| text.starts_with(BEFORE)) {
        return;
    }
    let server = &report["server"];
    let tried = server["start"] == "warm" || server["cold_because"]["code"] == "not_passed";
    assert!(tried || server.is_null(), "started {}, {}", server["start"], server["cold_because"]);
}
