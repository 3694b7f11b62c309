//! Real submissions of every kind, graded by the real binary.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::catalogue::catalogue;
use crate::support::checker::{grade, verdicts, with_verdict};
use crate::support::{fixture, for_each, names, runtimes};

/// A submission for a test: the fixture itself, or a copy of it that has Node's packages above it.
struct Place {
    path: PathBuf,
    _copy: Option<tempfile::TempDir>,
}

/// Express is found in `node_modules` in the folder above, where the machine's owner has put it for all submissions.
fn place(fixture: &Path) -> Place {
    if !fixture.join("package.json").exists() {
        return Place { path: fixture.to_owned(), _copy: None };
    }
    let copy = tempfile::tempdir().unwrap();
    let path = copy.path().join(fixture.file_name().unwrap());
    copy_folder(fixture, &path);
    std::os::unix::fs::symlink(runtimes::node_modules(), copy.path().join("node_modules")).unwrap();
    Place { path, _copy: Some(copy) }
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name())).unwrap();
        if path.is_dir() {
            copy_folder(&path, &to.join(name));
        } else {
            fs::copy(&path, to.join(name)).unwrap();
        }
    }
}

/// Everything that the fixtures are written in; says what to install.
fn need_runtimes() {
    let commands = [
        ("node", "nodejs"),
        ("npm", "npm"),
        ("go", "golang-go"),
        ("javac", "default-jdk-headless"),
        ("php", "php-cli"),
        ("ruby", "ruby ruby-webrick ruby-sinatra ruby-rack"),
        ("perl", "perl libmojolicious-perl"),
        ("cc", "gcc libc6-dev"),
        ("make", "make"),
        ("cargo", "cargo"),
    ];
    for (command, package) in commands {
        runtimes::need(command, package);
    }
}

#[test]
fn every_correct_submission_passes_every_check() {
    need_runtimes();
    for_each(&names("submissions/good"), |name| {
        let place = place(&fixture("submissions/good").join(name));
        let ran = grade(&place.path, &["-f", "json", "--seed", "7", "--request-timeout", "20s"]);
        let report = ran.report();
        let survivors = &report["server"]["survivors"];
        if ran.code != Some(0) || report["score"]["earned"] != 10 || *survivors != 0 {
            let why = why(&report);
            return Err(format!("exit {:?}, survivors {survivors}, {why}", ran.code));
        }
        Ok(())
    });
}

fn why(report: &Value) -> String {
    let mismatches = report["checks"].as_array().unwrap().iter().flat_map(|check| {
        check["mismatches"].as_array().unwrap().iter().map(|mismatch| mismatch["message"].to_string())
    });
    let mismatches: Vec<_> = mismatches.collect();
    format!("{} {} {mismatches:?} {}", report["problem"], verdicts(report).join(", "), report["server"]["stderr"])
}

/// A line of `fixtures/submissions/wrong.toml`.
struct Mistake {
    name: String,
    fails: Vec<String>,
    skipped: Vec<String>,
    problem: Option<String>,
    hint: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

fn mistakes() -> Vec<Mistake> {
    let manifest: toml::Table =
        toml::from_str(&fs::read_to_string(fixture("submissions/wrong.toml")).unwrap()).unwrap();
    let ids = |entry: &toml::Value, key: &str| -> Vec<String> {
        let ids = entry.get(key).and_then(toml::Value::as_array).cloned().unwrap_or_default();
        ids.iter().map(|id| id.as_str().unwrap().to_owned()).collect()
    };
    let text = |entry: &toml::Value, key: &str| entry.get(key).and_then(toml::Value::as_str).map(str::to_owned);
    let mistake = |(name, entry): (&String, &toml::Value)| Mistake {
        name: name.clone(),
        fails: ids(entry, "fails"),
        skipped: ids(entry, "skipped"),
        problem: text(entry, "problem"),
        hint: text(entry, "hint").unwrap(),
    };
    manifest.iter().map(mistake).collect()
}

#[test]
fn the_manifest_names_exactly_the_wrong_submissions() {
    let mut listed: Vec<_> = mistakes().into_iter().map(|mistake| mistake.name).collect();
    listed.sort();
    assert_eq!(listed, names("submissions/wrong"));
}

#[test]
fn every_mistake_fails_exactly_its_checks_and_gets_its_hint() {
    need_runtimes();
    let said = catalogue("en");
    for_each(&mistakes(), |mistake| {
        let place = place(&fixture("submissions/wrong").join(&mistake.name));
        let ready = if mistake.problem.as_deref() == Some("never_listened") { "2s" } else { "15s" };
        let ran =
            grade(&place.path, &["-f", "json", "--seed", "7", "--request-timeout", "3s", "--ready-timeout", ready]);
        let report = ran.report();
        let found = (
            ran.code,
            with_verdict(&report, "failed"),
            with_verdict(&report, "skipped"),
            report["problem"]["code"].as_str().map(str::to_owned),
        );
        let expected = (Some(1), mistake.fails.clone(), mistake.skipped.clone(), mistake.problem.clone());
        if found != expected {
            return Err(format!("expected {expected:?}, found {found:?}: {}", why(&report)));
        }
        let hints = hints(&report);
        let wanted = said.get(&mistake.hint).ok_or_else(|| format!("the catalogue lacks {}", mistake.hint))?;
        if !hints.iter().any(|hint| wanted.matches(hint)) {
            return Err(format!("the hint {} is not there, but {hints:?}; {}", mistake.hint, why(&report)));
        }
        Ok(())
    });
}

/// Every hint of a report.
fn hints(report: &Value) -> Vec<String> {
    let checks = report["checks"].as_array().unwrap().iter();
    let of_checks = checks.flat_map(|check| check["hints"].as_array().unwrap().iter());
    let of_problem = [&report["problem"]["hint"]];
    of_checks.chain(of_problem).filter_map(|hint| hint.as_str().map(str::to_owned)).collect()
}

#[test]
fn each_listing_of_the_lesson_passes_the_exercise_it_belongs_to() {
    for (listing, exercise) in
        [("listing1", "cookies-set"), ("listing3", "cookies-type"), ("last-section", "cookies-missing")]
    {
        let ran = grade(&fixture("submissions/lesson").join(listing), &["-e", exercise, "-f", "json"]);
        assert_eq!(ran.report()["verdict"], "passed", "{listing}: {}", why(&ran.report()));
        assert_eq!(ran.code, Some(0));
    }
}

#[test]
fn the_second_listing_fails_for_missing_cookies_alone_and_the_feedback_names_the_line() {
    let ran = grade(&fixture("submissions/lesson/listing2"), &["-f", "json"]);
    let report = ran.report();
    assert_eq!(with_verdict(&report, "failed"), ["missing-cookie", "other-cookies"]);
    assert_eq!(report["score"]["earned"], 7);
    let missing = &report["checks"][4];
    assert_eq!(missing["server_error"]["file"], "app.py");
    assert_eq!(missing["server_error"]["line"], 15);
    assert_eq!(missing["mismatches"][0]["message"], "expected status 200, got 500");
    assert_eq!(ran.code, Some(1));
}
