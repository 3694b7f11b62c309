//! Every form of a report, from the same five saved reports: as it stands, and as readers of other projects take it.

mod browser;
mod golden;
mod graders;
mod hidden;
mod readers;
mod report;
mod workflow;

use serde_json::Value;

use crate::support::checker::checker;
use crate::support::fixture;

/// The saved reports under `fixtures/reports/`.
pub(super) const REPORTS: [&str; 5] = ["passed", "failed", "never-started", "environment", "hostile"];

/// What `checker report` makes of a saved report, with more arguments.
pub(super) fn rendered_with(report: &str, format: &str, arguments: &[&str]) -> String {
    let file = fixture(&format!("reports/{report}.json"));
    let all = [&["report", file.to_str().unwrap(), "-f", format], arguments].concat();
    let ran = checker(all);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{report} as {format}");
    ran.stdout
}

/// What `checker report` makes of a saved report.
pub(super) fn rendered(report: &str, format: &str) -> String {
    rendered_with(report, format, &[])
}

/// What `checker report` makes of a saved report in a form that is one JSON object.
pub(super) fn rendered_json(report: &str, format: &str) -> Value {
    let text = rendered(report, format);
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{report} as {format}: {error}\n{text}"))
}

/// The saved report itself.
pub(super) fn saved(report: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(fixture(&format!("reports/{report}.json"))).unwrap()).unwrap()
}

/// The checks of a saved report.
pub(super) fn checks(report: &Value) -> &[Value] {
    report["checks"].as_array().unwrap()
}

/// Compares a text with the snapshot of this name.
pub(super) fn golden(name: &str, text: &str) {
    insta::with_settings!({ snapshot_path => "../snapshots/formats", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(name, text);
    });
}
