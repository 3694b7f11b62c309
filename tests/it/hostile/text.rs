//! Texts that would be something else for whoever reads a report, and servers that look at who asks.
//! (Escapes that steer a terminal are in `reports.rs`.)

use super::attack::{Attack, at_every_level, levels, page};

#[test]
fn markup_is_text_in_every_field() {
    const SCRIPT: &str = "<script>alert(1)</script>";
    at_every_level(|level| {
        let graded = Attack::new(level, "html-everywhere").graded(&[]);
        assert_eq!(graded.verdict(), "failed");
        let response = &graded.exchanges()[0]["response"];
        assert_eq!(response["status"], 500);
        assert!(response["body"]["text"].as_str().unwrap().contains(SCRIPT), "programs get it as it came");
        assert!(graded.said().contains(SCRIPT));
    });
    let attack = Attack::new(&levels()[0], "html-everywhere");
    for arguments in [&["-v"][..], &["--lang", "zh"]] {
        let ran = page(attack.level, &attack.submission, arguments);
        assert_eq!(ran.code, Some(1), "{}", ran.page());
        assert!(ran.stdout.contains(SCRIPT), "people get it as text: {}", ran.stdout);
    }
}

#[test]
fn grading_cannot_be_told_from_a_visit() {
    at_every_level(|level| {
        let graded = Attack::new(level, "user-agent").graded(&[]);
        assert_eq!((graded.verdict(), &graded.report["score"]["earned"]), ("failed", &0.into()));
        let asked: Vec<String> =
            graded.exchanges().iter().map(|asked| asked["request"]["headers"].to_string()).collect();
        assert!(!asked.is_empty() && asked.iter().all(|headers| headers.contains("Mozilla/5.0")), "{asked:?}");
    });
}

#[test]
fn a_report_does_not_swell_with_what_it_tells() {
    at_every_level(|level| {
        let all = ["echo-cookie", "separate-clients", "other-cookies"].map(|check| ["--check", check]).concat();
        let graded = Attack::new(level, "swollen").graded(&all);
        assert_eq!(graded.verdict(), "failed");
        assert!(graded.exchanges().len() > 5, "there is much to tell");
    });
}
