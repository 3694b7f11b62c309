//! Exercise files as authors meet them: those that hold, and what is said of those that do not.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use checker::exercise::{diagnostic, file};

use crate::support::{names_of, root, runtimes};

/// The exercise files of a folder below `fixtures/exercises`, by name.
fn fixtures(folder: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/exercises").join(folder);
    let entries = fs::read_dir(folder).expect("the fixtures are there");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a fixture can be listed").path()).collect();
    paths.sort();
    let read = |path: &PathBuf| {
        let name = path.file_stem().expect("a fixture has a name").to_string_lossy().into_owned();
        (name, fs::read_to_string(path).expect("a fixture can be read"))
    };
    paths.iter().map(read).collect()
}

#[test]
fn every_valid_file_holds() {
    for (name, source) in fixtures("valid") {
        if let Err(diagnostics) = file::parse(&source) {
            panic!("{}", diagnostic::render(&diagnostics, &source, &name, false));
        }
    }
}

/// One file more in the folder is one snapshot more.
#[test]
fn every_invalid_file_is_refused_with_all_that_is_wrong() {
    for (name, source) in fixtures("invalid") {
        let diagnostics = file::parse(&source).expect_err(&name);
        assert!(!diagnostics.is_empty(), "{name} is refused without a word");
        let origin = format!("{name}.toml");
        let text = diagnostic::render(&diagnostics, &source, &origin, false);
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(format!("exercises__{name}"), text);
        });
    }
}

#[test]
fn the_schema_of_exercise_files_is_the_one_that_is_checked_in() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/exercise.schema.json");
    let checked_in = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    let schema = format!("{:#}\n", file::json_schema());
    assert!(
        checked_in == schema,
        "schemas/exercise.schema.json is stale; `checker exercises schema` prints the new one"
    );
}

/// What an editor shows by the line `#:schema` at the top of a file.
#[test]
fn the_schema_takes_what_holds_and_refuses_what_it_can_see_to_be_wrong() {
    let judge = |paths: &[PathBuf]| {
        let mut command = Command::new(runtimes::schemas().join("check-jsonschema"));
        command.args(["--schemafile", "schemas/exercise.schema.json"]).args(paths).current_dir(root());
        let output = command.output().unwrap();
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let folder = root().join("exercises");
    let mut valid: Vec<_> = names_of(&folder).iter().map(|name| folder.join(name).join("exercise.toml")).collect();
    valid.extend(["valid/everything.toml", "valid/least.toml", "program/exercise.toml"].map(fixture));
    let (holds, told) = judge(&valid);
    assert!(holds, "{told}");
    for name in ["exec", "json-expectations", "html-expectations", "captures-of-bodies", "statuses", "limits"] {
        let (holds, _) = judge(&[fixture(&format!("invalid/{name}.toml"))]);
        assert!(!holds, "{name} is taken");
    }
}

fn fixture(path: &str) -> PathBuf {
    crate::support::fixture("exercises").join(path)
}
