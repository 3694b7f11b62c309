//! Shards: disjoint, complete, joined again only if they are parts of the same whole.

use std::path::PathBuf;

use super::{Class, GOOD, QUICK, wrong};
use crate::support::checker::{Ran, command, run};

fn class() -> Class {
    let class = Class::new();
    let programs = [GOOD.to_owned(), wrong()];
    (0..7)
        .zip(programs.iter().cycle())
        .for_each(|(number, program)| class.hand_in(format!("student-{number}"), program));
    class
}

fn grade_shard(class: &Class, shard: &str, folder: &str, more: &[&str]) -> Ran {
    let mut command = command(["grade", "--shard", shard, "--out", folder]);
    run(command.arg(class.file("handed-in")).args(QUICK).args(more).current_dir(class.file("")))
}

fn merge(class: &Class, folders: &[&str], more: &[&str]) -> Ran {
    let folders: Vec<PathBuf> = folders.iter().map(|folder| class.file(folder)).collect();
    run(command(["merge"]).args(folders).args(more).current_dir(class.file("")))
}

#[test]
fn merged_shards_give_the_gradebook_of_the_whole() {
    let class = class();
    for (shard, folder) in [("1/3", "a"), ("2/3", "b"), ("3/3", "c")] {
        let ran = grade_shard(&class, shard, folder, &[]);
        assert_eq!(ran.code, Some(0), "{}", ran.page());
    }
    let whole = class.grade(&[&QUICK[..], &["-f", "csv"]].concat());
    let merged = merge(&class, &["a", "b", "c"], &["-f", "csv", "-o", "html=book.html"]);
    assert_eq!((merged.code, &merged.stdout), (Some(0), &whole.stdout));
    let page = std::fs::read_to_string(class.file("book.html")).unwrap();
    assert!(["./a/reports/", "./b/reports/", "./c/reports/"].iter().all(|way| page.contains(way)));
}

#[test]
fn a_shard_that_is_missing_is_listed_and_ends_with_3() {
    let class = class();
    grade_shard(&class, "1/3", "a", &[]);
    grade_shard(&class, "3/3", "c", &[]);
    let ran = merge(&class, &["a", "c"], &[]);
    insta::assert_snapshot!("merge_missing", ran.page());
}

#[test]
fn parts_of_different_wholes_are_refused() {
    let class = class();
    grade_shard(&class, "1/2", "a", &[]);
    grade_shard(&class, "2/2", "other-seed", &["--seed", "7"]);
    grade_shard(&class, "2/3", "other-cut", &[]);
    let page = |folders: &[&str]| {
        let page = merge(&class, folders, &[]).page();
        page.replace(class.file("").to_str().unwrap(), "[folder]/")
    };
    insta::assert_snapshot!("merge_other_seed", page(&["a", "other-seed"]));
    insta::assert_snapshot!("merge_other_cut", page(&["a", "other-cut"]));
    insta::assert_snapshot!("merge_nothing_there", page(&["a", "handed-in"]));
}

#[test]
fn the_engines_variables_name_the_shard() {
    let class = class();
    for (number, folder) in [("0", "a"), ("1", "b")] {
        let mut command = command(["grade", "--shard", "2", "--out", folder]);
        command.env("JOB_COMPLETION_INDEX", number).arg(class.file("handed-in")).args(QUICK);
        let ran = run(command.current_dir(class.file("")));
        assert_eq!(ran.code, Some(0), "{}", ran.page());
    }
    assert_eq!(merge(&class, &["a", "b"], &[]).code, Some(0));
}
