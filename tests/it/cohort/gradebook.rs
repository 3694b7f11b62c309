//! The gradebook's forms, read back by programs that know nothing of this one.

use std::fs;

use super::{Class, GOOD, QUICK, read_csv, wrong};
use crate::support::checker::{command, run};
use crate::support::fixture;

#[test]
fn moodles_worksheet_is_filled_in_and_all_else_in_it_stays() {
    let folder = tempfile::tempdir().unwrap();
    let sheet = folder.path().join("worksheet.csv");
    fs::copy(fixture("cohorts/moodle-worksheet.csv"), &sheet).unwrap();
    let grade = || {
        let mut command = command(["grade"]);
        command.arg(fixture("cohorts/moodle")).args(QUICK).arg("-o").arg(format!("moodle={}", sheet.display()));
        run(command.current_dir(folder.path()))
    };
    let ran = grade();
    assert_eq!(ran.code, Some(0), "{}", ran.page());
    let filled = fs::read_to_string(&sheet).unwrap();
    insta::assert_snapshot!("moodle_worksheet", filled);
    grade();
    assert_eq!(fs::read_to_string(&sheet).unwrap(), filled, "a second time changes nothing");
}

#[test]
fn canvas_gets_the_columns_of_its_import() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("canvas.csv");
    let mut command = command(["grade"]);
    command.arg(fixture("cohorts/canvas")).args(QUICK).args(["--assignment", "小甜点 (4711)", "-o"]);
    run(command.arg(format!("canvas={}", file.display())).current_dir(folder.path()));
    insta::assert_snapshot!("canvas_import", fs::read_to_string(&file).unwrap());
    assert_eq!(read_csv(&file)["1002"]["小甜点 (4711)"], "3");
}

#[test]
fn markdown_and_json_say_the_same_as_the_terminal() {
    let class = Class::of(&[("王|小明", GOOD), ("李*雷*", &wrong()), ("<b>han</b>", &wrong())]);
    let page = |format: &str, more: &[&str]| class.grade(&[&QUICK[..], &["-f", format], more].concat()).stdout;
    insta::assert_snapshot!("book_human", page("human", &[]));
    insta::assert_snapshot!("book_markdown", page("markdown", &[]));
    insta::assert_snapshot!("book_human_zh", page("human", &["--lang", "zh"]));
    let json: serde_json::Value = serde_json::from_str(&page("json", &[])).unwrap();
    assert_eq!(json["rows"].as_array().unwrap().len(), 3);
    assert_eq!((&json["rows"][0]["earned"], &json["possible"]), (&3.into(), &5.into()));
}
