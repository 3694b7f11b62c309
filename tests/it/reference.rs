//! The bundled reference server and its faults: what the exercise `cookies` is worth.

use std::collections::BTreeSet;
use std::fmt;

use reference_server::Fault;

use crate::support::checker::{CHECKER, checker, with_verdict};
use crate::support::for_each;

#[test]
fn the_reference_server_passes_everything() {
    let ran = checker(["run", "--reference", "-f", "json"]);
    let report = ran.report();
    assert_eq!((ran.code, &report["score"]["earned"]), (Some(0), &10.into()), "{}", ran.page());
    assert_eq!(report["submission"]["kind"], "reference");
    assert_eq!(report["server"]["survivors"], 0);
}

#[test]
fn the_reference_server_passes_the_first_listings_exercise() {
    let ran = checker(["run", "--reference", "-e", "cookies-set", "-q"]);
    assert_eq!(ran.code, Some(0), "{}", ran.page());
}

/// A fault beside the checks that must catch it; the others that require `set-cookie` are skipped if that one fails.
struct Case(Fault, &'static [&'static str]);

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

const SET: &[&str] = &["set-cookie"];
const TIME: &[&str] = &["current-time"];
const NONE: &[&str] = &["missing-cookie", "other-cookies"];
const VALUE: &[&str] = &["echo-cookie", "separate-clients"];
const GET: &[&str] = &["echo-cookie", "separate-clients", "missing-cookie", "other-cookies"];

/// Which checks each fault fails.
fn expected(name: &str) -> &'static [&'static str] {
    match name {
        "wrong-name" | "no-cookie" | "cookie-on-get" | "empty-cookie" | "domain-elsewhere" | "expired"
        | "max-age-zero" | "path-elsewhere" | "root-missing" | "root-500" | "never-answers" | "not-http" => SET,
        "constant-value" | "made-at-start" | "made-at-first-visit" | "wrong-clock" | "not-a-time" => TIME,
        "none-as-500" | "none-as-404" | "none-as-null" | "none-as-undefined" | "none-as-empty" | "none-as-text"
        | "shows-all-cookies" => NONE,
        "echo-current-time" | "get-missing" | "get-wrong-method" | "get-500" | "get-redirects" | "redirect-loop"
        | "redirects-away" | "hangs" | "closes-early" | "resets" | "truncated-body" | "slow-drip" | "huge-body"
        | "get-empty" | "global-variable" => GET,
        "upper-cased" | "only-known-values" | "cut" => VALUE,
        "reads-other-name" => &["echo-cookie", "separate-clients", "other-cookies"],
        "percent-encoded" => &["echo-cookie"],
        "last-client" => &["separate-clients", "missing-cookie", "other-cookies"],
        "other-cookie-counts" | "prefix-match" | "first-cookie-counts" => &["other-cookies"],
        // The first visit itself is answered.
        "dies-after-first-visit" => {
            &["current-time", "echo-cookie", "separate-clients", "missing-cookie", "other-cookies"]
        }
        other => panic!("no expectation for the fault {other}"),
    }
}

#[test]
fn every_fault_is_caught_by_exactly_its_checks() {
    let cases: Vec<_> = Fault::ALL.iter().map(|fault| Case(*fault, expected(fault.name()))).collect();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("notes.txt"), "started by --command").unwrap();
    for_each(&cases, |Case(fault, expected)| {
        let command = format!("{CHECKER} __reference-server --fault {}", fault.name());
        let folder = folder.path().to_str().unwrap();
        let arguments =
            ["run", folder, "--command", &command, "-f", "json", "--request-timeout", "1s", "--ready-timeout", "3s"];
        let report = checker(arguments).report();
        let failed = with_verdict(&report, "failed");
        if failed == *expected {
            Ok(())
        } else {
            Err(format!("expected {expected:?}, failed {failed:?}: {}", report["problem"]))
        }
    });
}

#[test]
fn every_check_is_failed_by_some_fault() {
    let caught: BTreeSet<_> = Fault::ALL.iter().flat_map(|fault| expected(fault.name())).copied().collect();
    let exercise = checker::exercise::builtin::find("cookies").unwrap().load();
    let checks: BTreeSet<_> = exercise.checks.iter().map(|check| check.id.0.as_str()).collect();
    assert_eq!(caught, checks);
}
