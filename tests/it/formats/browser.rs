//! The HTML report in a real browser: it renders, folds and prints, asks for nothing, and what is hostile is text.

use std::sync::OnceLock;

use serde_json::Value;

use super::{checks, rendered, saved};
use crate::support::readers;

/// What headless Chromium makes of a saved report's page; it is asked once.
fn seen(report: &str) -> &'static Value {
    static SEEN: [OnceLock<Value>; 6] = [const { OnceLock::new() }; 6];
    let place = PAGES.iter().position(|page| *page == report).unwrap();
    SEEN[place].get_or_init(|| readers::read("browser.mjs", &rendered(report, "html")))
}

const PAGES: [&str; 6] = ["passed", "failed", "never-started", "environment", "hostile", "failed-zh"];

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

#[test]
fn every_page_renders_folds_and_prints_without_asking_for_anything() {
    for name in PAGES {
        let (report, seen) = (saved(name), seen(name));
        assert_eq!((list(&seen["said"]).len(), list(&seen["dialogs"]).len()), (0, 0), "{name}: {}", seen["said"]);
        assert!(list(&seen["requests"]).iter().all(|url| url.as_str().unwrap().ends_with("/report.html")), "{name}");
        for view in list(&seen["views"]) {
            assert_eq!(
                (&view["wide"], &view["unfolded"]),
                (&view["width"], &view["width"]),
                "{name} is too wide: {view}"
            );
            assert_eq!(list(&view["faint"]).len(), 0, "{name}: hard to read: {view}");
        }
        let grounds: Vec<_> = list(&seen["views"]).iter().map(|view| &view["background"]).collect();
        assert!(grounds[0] == grounds[1] && grounds[1] != grounds[2], "light and dark differ: {grounds:?}");
        let page = &seen["page"];
        assert_eq!(page["lang"], report["lang"]);
        assert_eq!(page["foreign"], 0, "{name} has an element or attribute that is not ours");
        let headings: Vec<_> = list(&page["headings"]).iter().map(|heading| heading.as_str().unwrap()).collect();
        assert_eq!(headings[..2], ["H1", "H2"]);
        assert_eq!(list(&page["badges"]).len(), checks(&report).len());
        let unfolded = list(&page["folds"]).iter().filter(|open| **open == true).count() as u64;
        let failed = if report["problem"].is_null() { report["counts"]["failed"].as_u64() } else { Some(0) };
        assert_eq!(Some(unfolded), failed, "what failed is unfolded");
        let keyboard = &seen["keyboard"];
        assert_eq!(keyboard["focused"], "SUMMARY");
        assert!(keyboard["before"] != keyboard["after"] && keyboard["before"] == keyboard["again"], "{keyboard}");
        let paper = &seen["paper"];
        assert_eq!((&paper["folded"], &paper["printed"]), (&0.into(), &checks(&report).len().into()), "{name}");
        assert_eq!((&paper["kind"], &paper["ground"]), (&"%PDF-".into(), &"#ffffff".into()));
    }
}

#[test]
fn the_verdict_and_the_score_come_first() {
    let first = |name| seen(name)["views"][0]["first"].to_string().to_lowercase();
    assert!(first("failed").contains("7 / 10 points"), "{}", first("failed"));
    assert!(first("environment").contains("not graded"));
}

#[test]
fn what_is_hostile_stays_text() {
    let seen = seen("hostile");
    let text = seen["page"]["text"].as_str().unwrap();
    for written in ["<script>alert(1)</script>", "<img src=x onerror=alert(2)>", "\\x1b]52;c;", "&lt;]]>-->"] {
        assert!(text.contains(written), "{written} is to be read");
    }
    let marks = list(&seen["page"]["marks"]);
    assert!(
        marks.iter().any(|mark| mark == "o<script>alert(1)</script>\"'&lt;]]>--><img src=x onerror=alert(2)>"),
        "{marks:?}"
    );
}

#[test]
fn a_page_allows_itself_nothing_but_its_style() {
    let page = rendered("hostile", "html");
    let policy = regex::Regex::new(r#"Content-Security-Policy" content="([^"]*)""#).unwrap();
    let policy = &policy.captures(&page).unwrap()[1];
    let wanted = r"^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]{44}'; base-uri 'none'; form-action 'none'$";
    assert!(regex::Regex::new(wanted).unwrap().is_match(policy), "{policy}");
    assert!(page.find("Content-Security-Policy") < page.find("<style>"), "it holds from the start");
    assert_eq!(page.matches("<style>").count(), 1);
}
