//! What can be said of the packs without running them.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use super::pack;
use crate::support::{names_of, readers, root, runtimes};

/// Every file below `packaging/`.
fn files() -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![pack("")]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

#[test]
fn every_script_is_clean_and_can_be_executed() {
    use std::os::unix::fs::PermissionsExt as _;
    runtimes::need("shellcheck", "shellcheck");
    let is_script = |path: &PathBuf| fs::read_to_string(path).is_ok_and(|text| text.starts_with("#!"));
    let scripts: Vec<_> = files().into_iter().filter(is_script).collect();
    assert!(scripts.len() >= 8, "{scripts:?}");
    for script in &scripts {
        assert_ne!(fs::metadata(script).unwrap().permissions().mode() & 0o111, 0, "{} cannot be run", script.display());
    }
    let shell = scripts.iter().filter(|path| path.extension().is_none_or(|ending| ending != "py"));
    let output = Command::new("shellcheck").args(shell).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn github_and_gitlab_files_hold_to_their_schemas() {
    readers::holds_to_known("vendor.github-actions", &[&pack("github/action.yml")]);
    let workflows = [pack("github/workflow.yml"), pack("github/classroom.yml")];
    readers::holds_to_known("vendor.github-workflows", &[&workflows[0], &workflows[1]]);
    readers::holds_to_known("vendor.gitlab-ci", &[&pack("gitlab/checker.gitlab-ci.yml")]);
}

#[test]
fn images_are_built_of_named_versions_and_the_checkers_own_runs_as_nobody_in_particular() {
    for file in ["docker/Dockerfile", "prairielearn/Dockerfile", "exercism/Dockerfile"] {
        let text = fs::read_to_string(pack(file)).unwrap();
        assert_eq!(readers::read("dockerfile.mjs", &text), serde_json::json!([]), "{file}");
        for image in text.lines().filter_map(|line| line.strip_prefix("FROM ")) {
            assert!(image.contains(':'), "{file}: {image} has no version");
        }
    }
    let text = fs::read_to_string(pack("docker/Dockerfile")).unwrap();
    let users: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("USER ")).collect();
    assert_eq!(users.last(), Some(&"checker"));
    // Whatever is copied is there.
    let copied = text.lines().filter_map(|line| line.strip_prefix("COPY packaging/"));
    assert!(copied.map(|line| line.split(' ').next().unwrap()).all(|file| pack(file).is_file()));
}

#[test]
fn the_packs_have_the_versions_that_are_tested() {
    let lines =
        |path: PathBuf| -> BTreeSet<String> { fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect() };
    let ours = lines(pack("requirements.txt"));
    let tested = lines(root().join("tests/requirements.txt"));
    assert!(ours.is_subset(&tested), "not tested: {:?}", ours.difference(&tested));
    let node = fs::read_to_string(root().join("tests/node/package.json")).unwrap();
    let node: serde_json::Value = serde_json::from_str(&node).unwrap();
    let text = fs::read_to_string(pack("docker/Dockerfile")).unwrap();
    for name in ["express", "cookie-parser"] {
        let version = node["dependencies"][name].as_str().unwrap();
        assert!(text.contains(&format!("{name}@{version}")), "{name}@{version}");
    }
}

#[test]
fn the_guide_and_the_readme_name_every_pack_and_no_file_that_is_not_there() {
    let guide = fs::read_to_string(root().join("docs/use-it-on.md")).unwrap();
    let readme = fs::read_to_string(pack("README.md")).unwrap();
    for name in names_of(&pack("")) {
        if pack(&name).is_dir() {
            assert!(guide.contains(&format!("packaging/{name}")), "the guide does not name {name}");
            assert!(readme.contains(&format!("`{name}/`")), "packaging/README.md does not name {name}");
        }
    }
    let path = regex::Regex::new(r"packaging/[A-Za-z0-9_./-]*[A-Za-z0-9_]").unwrap();
    for found in path.find_iter(&guide) {
        assert!(root().join(found.as_str()).exists(), "the guide names {}, which is not there", found.as_str());
    }
}
