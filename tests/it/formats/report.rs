//! `checker report`: which files it takes, and what it says of others.

use serde_json::{Value, json};

use super::{REPORTS, golden, rendered, saved};
use crate::support::checker::{checker, command, run};
use crate::support::{fixture, readers};

/// `checker report` on a text, with its file's name taken out.
fn of_text(text: &str, arguments: &[&str]) -> crate::support::checker::Ran {
    let file = readers::saved(text);
    let path = file.path().to_str().unwrap();
    let mut ran = checker([&["report", path], arguments].concat());
    ran.stderr = ran.stderr.replace(path, "FILE");
    ran
}

#[test]
fn json_comes_out_as_it_went_in() {
    for name in REPORTS {
        let file = fixture(&format!("reports/{name}.json"));
        assert_eq!(rendered(name, "json"), std::fs::read_to_string(file).unwrap(), "{name}");
    }
}

/// The report without the fields that came after a version of its shape.
fn older(mut report: Value, version: &str) -> Value {
    report["schema_version"] = version.into();
    report.as_object_mut().unwrap().remove("lang");
    for check in report["checks"].as_array_mut().unwrap() {
        let check = check.as_object_mut().unwrap();
        for key in ["hidden", "visibility"] {
            check.remove(key);
        }
        if version == "1.0" {
            check.remove("server_error");
            for exchange in check["exchanges"].as_array_mut().unwrap() {
                exchange.as_object_mut().unwrap().remove("expected");
                if let Some(body) = exchange["response"]["body"].as_object_mut() {
                    body.remove("lossy");
                }
            }
        }
    }
    report
}

#[test]
fn a_report_of_an_older_minor_version_is_read() {
    for version in ["1.0", "1.1"] {
        let text = older(saved("failed"), version).to_string();
        for format in ["human", "junit", "markdown", "gradescope"] {
            let ran = of_text(&text, &["-f", format]);
            assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{version} as {format}");
            assert!(ran.stdout.contains("missing-cookie"), "{}", ran.stdout);
        }
    }
}

#[test]
fn fields_of_a_newer_minor_version_are_passed_over() {
    let mut report = saved("failed");
    report["schema_version"] = "1.99".into();
    report["checks"][0]["later"] = json!({ "more": true });
    assert_eq!(of_text(&report.to_string(), &[]).stdout, rendered("failed", "human"));
}

#[test]
fn what_is_no_report_is_refused_with_a_reason() {
    let mut major = saved("failed");
    major["schema_version"] = "2.0".into();
    let mut broken = saved("failed");
    broken["checks"][1]["points"] = "many".into();
    let texts = [
        ("not_json", "{ \"schema_version\": \"1.0\",\n oops }".to_owned()),
        ("not_a_report", "{ \"version\": 3, \"status\": \"pass\" }".to_owned()),
        ("a_list", "[1, 2]".to_owned()),
        ("newer_major", major.to_string()),
        ("broken", broken.to_string()),
    ];
    for (name, text) in texts {
        let ran = of_text(&text, &[]);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{name}");
        golden(&format!("report-{name}"), &ran.page());
        golden(&format!("report-{name}-zh"), &of_text(&text, &["--lang", "zh"]).page());
    }
    let ran = checker(["report", "no-such-file.json"]);
    assert_eq!(ran.code, Some(2));
    golden("report-not-there", &ran.page());
}

#[test]
fn several_forms_are_written_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = fixture("reports/failed.json");
    let formats = ["junit", "tap", "markdown", "ctrf", "gradescope"];
    let outputs = formats.map(|format| format!("{format}={}", folder.path().join(format).display()));
    let mut arguments = vec!["report", file.to_str().unwrap(), "-q"];
    outputs.iter().for_each(|output| arguments.extend(["-o", output]));
    let ran = checker(arguments);
    assert_eq!(ran.code, Some(0), "{}", ran.page());
    for format in formats {
        assert_eq!(std::fs::read_to_string(folder.path().join(format)).unwrap(), rendered("failed", format));
    }
}

#[test]
fn a_report_is_read_from_standard_input() {
    let mut command = command(["report", "-", "-f", "tap"]);
    command.stdin(std::fs::File::open(fixture("reports/failed.json")).unwrap());
    assert_eq!(run(&mut command).stdout, rendered("failed", "tap"));
}

#[test]
fn labels_follow_the_report_unless_a_language_is_asked_for() {
    let file = fixture("reports/failed-zh.json");
    let own = checker(["report", file.to_str().unwrap()]).stdout;
    assert!(own.contains("未通过：7/10 分"), "{own}");
    let asked = checker(["report", file.to_str().unwrap(), "--lang", "en"]).stdout;
    assert!(asked.contains("failed: 7/10 points"), "{asked}");
}
