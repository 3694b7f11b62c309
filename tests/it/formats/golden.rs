//! Every form of every saved report, whole.

use super::{REPORTS, golden, rendered};

const FORMATS: [&str; 13] = [
    "human",
    "junit",
    "tap",
    "markdown",
    "html",
    "github",
    "ctrf",
    "gradescope",
    "prairielearn",
    "autolab",
    "exercism",
    "classroom",
    "classroom50",
];

#[test]
fn every_form_of_every_report_is_as_it_was() {
    for report in REPORTS {
        for format in FORMATS {
            golden(&format!("{format}-{report}"), &rendered(report, format));
        }
    }
}

#[test]
fn what_people_read_is_in_the_reports_language() {
    for format in ["human", "markdown", "html", "github", "gradescope", "autolab", "exercism"] {
        golden(&format!("{format}-failed-zh"), &rendered("failed-zh", format));
    }
}
