//! Exports as archives, forced forms, rosters, and names that want to do harm.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use super::{Class, GOOD, QUICK, read_csv};
use crate::support::checker::{command, run};
use crate::support::fixture;

/// What a fixture's gradebook says: key, name, state, points.
fn graded(paths: &[&Path], arguments: &[&str]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let book = folder.path().join("book.csv");
    let mut command = command(["grade"]);
    command.args(paths).args(arguments).args(QUICK).arg("-o").arg(format!("csv={}", book.display()));
    let ran = run(command.current_dir(folder.path()));
    assert_eq!(ran.code, Some(0), "{}", ran.page());
    let line = |line: &std::collections::BTreeMap<String, String>| {
        ["key", "name", "state", "earned", "late", "attempts"].map(|column| line[column].as_str()).join(" | ")
    };
    let mut lines: Vec<_> = read_csv(&book).values().map(line).collect();
    lines.sort();
    lines
}

fn zipped(folder: &Path, to: &Path) -> PathBuf {
    let mut writer = zip::ZipWriter::new(File::create(to).unwrap());
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
            writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            writer.write_all(&fs::read(&path).unwrap()).unwrap();
        }
    }
    writer.finish().unwrap();
    to.to_owned()
}

#[test]
fn every_platforms_export_is_graded_from_its_archive() {
    for export in ["canvas", "moodle", "moodle-older", "moodle-flat", "gradescope", "classroom", "blackboard", "plain"]
    {
        let folder = tempfile::tempdir().unwrap();
        let archive = zipped(&fixture(&format!("cohorts/{export}")), &folder.path().join("export.zip"));
        insta::assert_snapshot!(format!("export_{export}"), graded(&[&archive], &[]).join("\n"));
    }
}

#[test]
fn a_tar_of_archives_is_unpacked_one_level_and_each_archive_is_a_submission() {
    let folder = tempfile::tempdir().unwrap();
    let inner = tempfile::tempdir().unwrap();
    fs::write(inner.path().join("app.py"), GOOD).unwrap();
    let all = tempfile::tempdir().unwrap();
    zipped(inner.path(), &all.path().join("王小明.zip"));
    zipped(inner.path(), &all.path().join("李雷.zip"));
    fs::write(all.path().join("韩梅梅.zip"), "no archive").unwrap();
    let archive = folder.path().join("export.tar.gz");
    let gzip = flate2::write::GzEncoder::new(File::create(&archive).unwrap(), flate2::Compression::fast());
    let mut builder = tar::Builder::new(gzip);
    builder.append_dir_all("homework", all.path()).unwrap();
    builder.into_inner().unwrap().finish().unwrap();
    assert_eq!(
        graded(&[&archive], &[]),
        [
            "李雷.zip | 李雷 | graded | 5 |  | 1",
            "王小明.zip | 王小明 | graded | 5 |  | 1",
            "韩梅梅.zip | 韩梅梅 | graded | 0 |  | 1"
        ]
    );
}

#[test]
fn a_roster_says_who_is_missing_and_completes_names() {
    let roster = fixture("cohorts/roster.csv");
    let lines = graded(&[&fixture("cohorts/gradescope")], &["--roster", roster.to_str().unwrap()]);
    insta::assert_snapshot!("roster", lines.join("\n"));
}

#[test]
fn wrong_usage_says_what_to_do() {
    let page = |arguments: &[&str]| run(&mut command(arguments)).page();
    let gradescope = fixture("cohorts/gradescope");
    let moodle = gradescope.to_str().unwrap();
    insta::assert_snapshot!("grade_not_there", page(&["grade", "no-such-folder"]));
    insta::assert_snapshot!("grade_a_file", page(&["grade", "README.md"]));
    insta::assert_snapshot!("grade_wrong_form", page(&["grade", "fixtures/cohorts/plain", "--intake", "blackboard"]));
    insta::assert_snapshot!("grade_wrong_roster", page(&["grade", moodle, "--roster", "README.md"]));
    insta::assert_snapshot!("grade_wrong_shard", page(&["grade", moodle, "--shard", "9/8"]));
    insta::assert_snapshot!("grade_no_engine", page(&["grade", moodle, "--shard", "8"]));
    insta::assert_snapshot!("grade_wrong_output", page(&["grade", moodle, "-o", "xlsx=a"]));
    insta::assert_snapshot!("grade_no_worksheet", page(&["grade", moodle, "-o", "moodle=no-such.csv"]));
    insta::assert_snapshot!("help_grade", page(&["grade", "--help"]));
    insta::assert_snapshot!("help_merge", page(&["merge", "--help"]));
    insta::assert_snapshot!("help_similar", page(&["similar", "--help"]));
    insta::assert_snapshot!("help_cluster", page(&["cluster", "--help"]));
}

#[test]
fn names_that_want_to_do_harm_stay_names() {
    let class = Class::new();
    let long = "很".repeat(80);
    let names: [&[u8]; 10] = [
        b"=1+1",
        b"@SUM(A1)",
        b"-2+3",
        "\u{202e}evil".as_bytes(),
        b"<script>document.title='owned'<",
        b"a\nb,\"c\"",
        b"\x1b[2Jx",
        b"caf\xe9",
        b"$(touch owned)",
        long.as_bytes(),
    ];
    for name in names {
        class.hand_in(OsStr::from_bytes(name), GOOD);
    }
    let book = class.book(&QUICK);
    assert_eq!(book.len(), names.len());
    for line in book.values() {
        assert_eq!((line["state"].as_str(), line["earned"].as_str()), ("graded", "5"), "{line:?}");
        assert!(line.values().all(|cell| !cell.starts_with(['=', '@', '+', '-', '\u{1b}'])), "{line:?}");
        assert!(line.values().all(|cell| !cell.contains(['\n', '\u{1b}', '\u{202e}'])), "{line:?}");
        let report = class.file("results").join(&line["report"]);
        assert!(report.is_file(), "{}", report.display());
    }
    assert!(!class.file("owned").exists());
    assert!(class.reports().iter().all(|report| report.file_name().unwrap().len() < 200));
}
