//! Cohorts: exports taken in, graded, kept through every kind of death, and read back by other programs.

mod browser;
mod cluster;
mod crowd;
mod gradebook;
mod intake;
mod results;
mod shards;
mod similar;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::checker::{Ran, command, run};

/// A correct program that listens where `{ADDRESS}` says; what differs between students is a replacement in it.
const GOOD: &str = include_str!("../../../fixtures/cohorts/plain/王小明/app.py");

/// A check that needs no waiting for the clock, and what it requires.
const QUICK: [&str; 2] = ["--check", "missing-cookie"];

/// Answers nothing where `None` belongs.
fn wrong() -> String {
    GOOD.replace("else \"None\"", "else \"\"")
}

/// Takes the connection and says nothing.
fn hanging() -> String {
    GOOD.replace("self.send_response(200)", "time.sleep(3600)")
}

/// Ends before it listens.
fn crashing() -> String {
    GOOD.replace("HTTPServer((", "raise SystemExit(3)\nHTTPServer((")
}

/// A folder of submissions and a place for results, both gone at the end.
struct Class {
    folder: tempfile::TempDir,
}

impl Class {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("handed-in")).unwrap();
        Self { folder }
    }

    fn of(students: &[(&str, &str)]) -> Self {
        let class = Self::new();
        students.iter().for_each(|(name, program)| class.hand_in(name, program));
        class
    }

    fn hand_in(&self, name: impl AsRef<Path>, program: &str) {
        let folder = self.folder.path().join("handed-in").join(name);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("app.py"), program).unwrap();
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = command(["grade"]);
        command.arg(self.file("handed-in")).arg("--out").arg(self.file("results"));
        command.args(arguments).current_dir(self.folder.path());
        command
    }

    fn grade(&self, arguments: &[&str]) -> Ran {
        run(&mut self.command(arguments))
    }

    /// The gradebook's lines by the entrant's key, as Python's own CSV reader reads them.
    fn book(&self, arguments: &[&str]) -> BTreeMap<String, BTreeMap<String, String>> {
        let file = self.file("book.csv");
        let output = format!("csv={}", file.display());
        let ran = self.grade(&[arguments, &["-o", &output]].concat());
        assert!(file.exists(), "{}", ran.page());
        read_csv(&file)
    }

    /// The key and another column.
    fn column(&self, column: &str, arguments: &[&str]) -> Vec<String> {
        let book = self.book(arguments);
        book.iter().map(|(key, line)| format!("{key} {}", line[column])).collect()
    }

    /// The reports' files, sorted.
    fn reports(&self) -> Vec<PathBuf> {
        let files = fs::read_dir(self.file("results/reports")).unwrap();
        let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
        files.sort();
        files
    }
}

/// A CSV file as Python reads it, by the first column; of several lines with the same key, by key and number.
fn read_csv(file: &Path) -> BTreeMap<String, BTreeMap<String, String>> {
    let program = "import csv, json, sys\n\
                   with open(sys.argv[1], encoding='utf-8-sig', newline='') as file:\n\
                   \x20   print(json.dumps(list(csv.DictReader(file, strict=True))))";
    let output = Command::new("python3").args(["-c", program]).arg(file).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines: Vec<BTreeMap<String, String>> = serde_json::from_slice(&output.stdout).unwrap();
    let mut book = BTreeMap::new();
    for line in lines {
        let key = line.get("key").or_else(|| line.get("ID")).cloned().unwrap_or_default();
        let name = line.get("name").cloned().unwrap_or_default();
        let key = if book.contains_key(&key) || key.is_empty() { format!("{key}/{name}{}", book.len()) } else { key };
        book.insert(key, line);
    }
    book
}
