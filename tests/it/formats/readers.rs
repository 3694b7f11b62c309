//! Forms that have readers of their own: read back by them.

use std::collections::BTreeSet;
use std::path::Path;

use super::{REPORTS, checks, rendered, rendered_with, saved};
use crate::support::readers;
use crate::support::runtimes;

#[test]
fn junit_is_read_as_one_testcase_a_check() {
    for name in REPORTS {
        let (report, read) = (saved(name), readers::read("junit.py", &rendered(name, "junit")));
        let cases = read["cases"].as_array().unwrap();
        assert_eq!(cases.len(), checks(&report).len(), "{name}");
        let names: BTreeSet<_> = cases.iter().map(|case| case["name"].as_str().unwrap()).collect();
        assert_eq!(names.len(), cases.len(), "names are unique");
        for (case, check) in cases.iter().zip(checks(&report)) {
            let expected = match check["verdict"].as_str().unwrap() {
                "passed" => vec![],
                "failed" => vec!["failure"],
                "skipped" => vec!["skipped"],
                _ => vec!["error"],
            };
            let results = case["results"].as_array().unwrap();
            let kinds: Vec<_> = results.iter().map(|result| result[0].as_str().unwrap()).collect();
            assert_eq!(kinds, expected, "{name}: {case}");
            assert!(results.iter().all(|result| !result[1].as_str().unwrap().is_empty()), "each says why: {case}");
            let possible = check["points"]["possible"].to_string();
            assert_eq!(case["properties"]["points.possible"], possible.as_str());
            let earned = check["points"]["earned"].as_u64().map(|earned| earned.to_string());
            assert_eq!(case["properties"]["points.earned"].as_str(), Some(earned.unwrap_or_default().as_str()));
        }
        assert_eq!((&read["failures"], &read["errors"]), (&report["counts"]["failed"], &report["counts"]["error"]));
    }
}

#[test]
fn tap_is_read_as_one_point_a_check_and_nothing_else() {
    for name in REPORTS {
        let (report, read) = (saved(name), readers::read("tap.mjs", &rendered(name, "tap")));
        assert_eq!(read["version"], 14, "{name}");
        assert_eq!(read["extra"].as_array().unwrap().len(), 0, "no line is outside the protocol: {read}");
        let points = read["points"].as_array().unwrap();
        assert_eq!(points.len(), checks(&report).len(), "{name}");
        for (point, check) in points.iter().zip(checks(&report)) {
            assert_eq!(point["ok"], check["verdict"] != "failed", "{name}: {point}");
            let skipped = matches!(check["verdict"].as_str(), Some("skipped" | "error"));
            assert_eq!(point["skip"].is_string(), skipped, "{name}: {point}");
            assert_eq!(point["todo"], false);
            assert_eq!(point["diag"]["points"], check["points"], "the YAML block is read: {point}");
        }
        let bailed_out = read["bailout"].is_string();
        assert_eq!(bailed_out, report["verdict"] == "error", "{name}");
        assert_eq!(read["ok"] == true, report["verdict"] == "passed", "{name}");
    }
}

#[test]
fn markdown_has_no_link_no_image_no_html_and_nothing_that_github_acts_on() {
    for name in REPORTS.into_iter().chain(["failed-zh"]) {
        let text = rendered(name, "markdown");
        let read = readers::read("markdown.mjs", &text);
        for kind in ["link", "image", "def"] {
            assert!(read["kinds"][kind].is_null(), "{name} has a {kind}: {}", read["kinds"]);
        }
        for html in read["html"].as_array().unwrap() {
            let ours = ["<sub>", "</sub>", "</details>"];
            let html = html.as_str().unwrap();
            assert!(ours.contains(&html) || html.starts_with("<details><summary>"), "{name}: {html}");
        }
        for word in read["text"].as_array().unwrap().iter().map(|text| text.as_str().unwrap()) {
            assert!(!word.contains('@') && !word.contains("://"), "{name}: GitHub acts on {word}");
        }
        let rows = read["rows"].as_array().unwrap();
        assert_eq!(rows.len(), checks(&saved(name)).len(), "one row a check");
        assert!(rows.iter().all(|columns| columns == 4), "{name}: {rows:?}");
        let rendered = read["rendered"].as_str().unwrap();
        assert!(!rendered.contains("**"), "{name}: something bold does not end: {rendered}");
        assert!(!rendered.contains("<script>") && !rendered.contains("<img"), "{name}: {rendered}");
    }
}

#[test]
fn markdown_fits_a_comment_whatever_is_in_the_report() {
    let mut report = saved("failed");
    let check = report["checks"][4].clone();
    let many = (0..400).map(|number| {
        let mut check = check.clone();
        check["id"] = format!("check-{number}").into();
        check["hints"] = vec!["a long hint ".repeat(50); 5].into();
        check
    });
    report["checks"] = many.collect();
    let file = readers::saved(&report.to_string());
    let ran = crate::support::checker::checker(["report", file.path().to_str().unwrap(), "-f", "markdown"]);
    assert!(ran.stdout.len() <= 60 * 1024, "{} bytes", ran.stdout.len());
    assert!(ran.stdout.contains("parts more are left out"), "it says so");
    let read = readers::read("markdown.mjs", &ran.stdout);
    assert_eq!(read["kinds"]["code"].as_u64().unwrap() % 2, 0, "no part is cut: each has its two blocks");
}

#[test]
fn ctrf_holds_to_its_schema() {
    let schema = runtimes::node_modules().join("ctrf/dist/ctrf-schema-0.0.json");
    let all: Vec<_> = REPORTS.iter().map(|name| readers::saved(&rendered(name, "ctrf"))).collect();
    let files: Vec<&Path> = all.iter().map(tempfile::NamedTempFile::path).collect();
    readers::holds(&schema, &files);
    for name in REPORTS {
        let (report, read) = (saved(name), super::rendered_json(name, "ctrf"));
        let summary = &read["results"]["summary"];
        assert_eq!((&summary["passed"], &summary["other"]), (&report["counts"]["passed"], &report["counts"]["error"]));
        assert_eq!(summary["tests"], checks(&report).len());
        assert!(summary["start"].as_i64() <= summary["stop"].as_i64());
    }
}

#[test]
fn no_form_has_a_control_character_or_a_mark_that_turns_text_round() {
    for format in ["junit", "tap", "markdown", "html", "github", "autolab", "human"] {
        for arguments in [&[][..], &["--lang", "zh"], &["--reveal-hidden"]] {
            let text = rendered_with("hostile", format, arguments);
            let wild: Vec<_> = text.chars().filter(|c| c.is_control() && *c != '\n' || *c == '\u{202e}').collect();
            assert!(wild.is_empty(), "{format}: {wild:?}");
        }
    }
    for format in ["ctrf", "gradescope", "prairielearn", "exercism", "classroom50"] {
        let text = rendered("hostile", format);
        assert!(!text.contains("\\u001b") && !text.contains('\u{202e}'), "{format}: {text}");
    }
}
