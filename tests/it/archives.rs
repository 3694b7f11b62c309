//! Archives as submissions: what is in them is graded, and what is wrong with them is said.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::Value;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::support::checker::{checker, grade};
use crate::support::fixture;

/// A zip archive of these entries in a folder.
fn zip(folder: &Path, entries: &[(&str, &[u8])]) -> PathBuf {
    let path = folder.join("homework.zip");
    let mut writer = ZipWriter::new(File::create(&path).unwrap());
    for (name, content) in entries {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap();
    path
}

/// What a student sees of an archive that cannot be graded.
fn page(archive: &Path, language: &str) -> String {
    let path = archive.to_str().unwrap();
    let page = checker(["run", path, "--seed", "7", "--check", "set-cookie", "--lang", language]).page();
    page.replace(archive.parent().unwrap().to_str().unwrap(), "[folder]")
}

#[test]
fn a_zip_and_a_tar_of_a_submission_are_graded_like_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let source = fixture("submissions/good/flask-debug");
    let program = fs::read(source.join("app.py")).unwrap();
    let zip = zip(folder.path(), &[("homework/app.py", &program), ("__MACOSX/homework/._app.py", b"x")]);
    let tar = folder.path().join("homework.tar.gz");
    let gzip = flate2::write::GzEncoder::new(File::create(&tar).unwrap(), flate2::Compression::fast());
    let mut builder = tar::Builder::new(gzip);
    builder.append_dir_all("homework", &source).unwrap();
    builder.into_inner().unwrap().finish().unwrap();
    let reports: Vec<Value> = [&zip, &tar].map(|archive| grade(archive, &["-f", "json"]).report()).into();
    for (report, archive) in reports.iter().zip([&zip, &tar]) {
        assert_eq!((report["verdict"].as_str(), report["problem"].is_null()), (Some("passed"), true), "{report}");
        assert_eq!(report["submission"]["path"], archive.to_str().unwrap());
        assert_eq!(report["submission"]["kind"], "flask");
    }
    assert_eq!(reports[0]["submission"]["digest"], reports[1]["submission"]["digest"]);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing is unpacked beside the archive");
}

#[test]
fn an_archive_that_would_write_outside_its_folder_as_a_student_reads_it() {
    let folder = tempfile::tempdir().unwrap();
    let archive = zip(folder.path(), &[("app.py", b"x"), ("../../evil.py", b"x")]);
    insta::assert_snapshot!("archive_outside_en", page(&archive, "en"));
    insta::assert_snapshot!("archive_outside_zh", page(&archive, "zh"));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn an_archive_that_unpacks_to_far_too_much_as_a_student_reads_it() {
    let folder = tempfile::tempdir().unwrap();
    let archive = zip(folder.path(), &[("app.py", b"x"), ("data.bin", &vec![0; 8 << 20])]);
    insta::assert_snapshot!("archive_bomb_en", page(&archive, "en"));
    insta::assert_snapshot!("archive_bomb_zh", page(&archive, "zh"));
}

#[test]
fn a_renamed_rar_as_a_student_reads_it() {
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("作业.zip");
    fs::write(&archive, b"Rar!\x1a\x07\x01\x00").unwrap();
    insta::assert_snapshot!("archive_rar_en", page(&archive, "en"));
    insta::assert_snapshot!("archive_rar_zh", page(&archive, "zh"));
}
