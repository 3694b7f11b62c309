//! The correct submissions under `fixtures/` are all recognised as what they are.

use std::collections::BTreeMap;
use std::path::Path;

use super::launch::launch_with;
use super::search_path::fake::machine;
use super::{Options, find};

/// The kind of a fixture by its name: that of the longest beginning here.
const KINDS: [(&str, &str); 24] = [
    ("flask", "flask"),
    ("fastapi", "fastapi"),
    ("starlette", "starlette"),
    ("django", "django"),
    ("bottle", "bottle"),
    ("tornado", "tornado"),
    ("aiohttp", "aiohttp"),
    ("http-server", "python"),
    ("python", "python"),
    ("socketserver", "python"),
    ("wsgiref", "python"),
    ("express", "express"),
    ("node", "node"),
    ("go", "go"),
    ("java", "java"),
    ("php", "php"),
    ("ruby", "ruby"),
    ("perl", "perl"),
    ("rust", "rust"),
    ("c-make", "make"),
    ("run-sh", "script"),
    ("start-sh", "script"),
    ("procfile", "procfile"),
    ("executable", "executable"),
];

#[test]
fn every_correct_fixture_is_recognised_and_can_be_started() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/submissions/good");
    let (_programs, search) = machine(&[
        "python3", "node", "sh", "bash", "cargo", "go", "java", "javac", "php", "ruby", "rackup", "perl", "make", "cc",
    ]);
    let mut wrong = BTreeMap::new();
    for name in std::fs::read_dir(&folder).expect("the fixtures are there").map(|entry| entry.unwrap().file_name()) {
        let name = name.into_string().unwrap();
        let scratch = tempfile::tempdir().unwrap();
        let options = Options { command: None, python: None, scratch: scratch.path() };
        let found = find(&folder.join(&name), &options);
        let expected = KINDS.iter().find(|(start, _)| name.starts_with(start)).map(|(_, kind)| *kind);
        let kind = found.as_ref().ok().map(|found| found.kind.name());
        let launched = found.map(|found| launch_with(&found, &options, &search));
        if kind != expected || !matches!(launched, Ok(Ok(_))) {
            wrong.insert(name, format!("{kind:?}: {launched:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
