//! The architecture's invariants that no lint can hold.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::root;

/// Every Rust file below a folder of the repository, with its text.
fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path.strip_prefix(root()).unwrap().to_owned(), text));
            }
        }
    }
    assert!(!found.is_empty());
    found.sort();
    found
}

/// The part of a file that is not its tests.
fn product(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or_default()
}

/// Asserts that no file outside the allowed ones has one of these texts in its product code.
fn only_in(allowed: &[&str], forbidden: &[&str]) {
    let is_allowed = |path: &Path| allowed.iter().any(|start| path.starts_with(format!("src/{start}")));
    let mut wrong = Vec::new();
    for (path, text) in sources("src") {
        if is_allowed(&path) || path.ends_with("tests.rs") {
            continue;
        }
        for (number, line) in product(&text).lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            if forbidden.iter().any(|forbidden| code.contains(forbidden)) {
                wrong.push(format!("{}:{}: {}", path.display(), number + 1, line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "only {allowed:?} may have {forbidden:?}:\n{}", wrong.join("\n"));
}

/// The layers, lowest first; a file may use its own layer's modules and those before it.
const LAYERS: [&[&str]; 8] = [
    &["exchange", "exercise", "message", "outcome", "source"],
    &["judge", "hint", "mutation", "plan"],
    &["event"],
    &["client", "sandbox", "server", "submission"],
    &["runner"],
    &["locale", "report"],
    &["authoring", "cohort", "lesson", "proof"],
    &["cli"],
];

fn layer_of(module: &str) -> Option<usize> {
    LAYERS.iter().position(|modules| modules.contains(&module))
}

#[test]
fn imports_go_down_the_layers_only() {
    let mut wrong = Vec::new();
    for (path, text) in sources("src") {
        let own = path.components().nth(1).unwrap().as_os_str().to_str().unwrap().trim_end_matches(".rs");
        let Some(own_layer) = layer_of(own).filter(|_| !path.ends_with("tests.rs")) else { continue };
        for line in product(&text).lines() {
            let Some(used) = line.trim().strip_prefix("use crate::") else { continue };
            let used = used.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default();
            let Some(used_layer) = layer_of(used) else { continue };
            // Hints look at what a run has said so far: the events are data too.
            let hint_reads_events = own == "hint" && used == "event";
            if used_layer > own_layer && !hint_reads_events {
                wrong.push(format!("{}: {}", path.display(), line.trim()));
            }
            // Reports know events and data, nothing of how a run is done.
            if own_layer == 5 && (3..=4).contains(&used_layer) {
                wrong.push(format!("{}: {}", path.display(), line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "imports up the layers:\n{}", wrong.join("\n"));
}

#[test]
fn the_pure_layers_have_no_clock_no_files_and_no_randomness() {
    let impure = [
        "std::fs",
        "std::net::Tcp",
        "std::process",
        "std::thread",
        "SystemTime",
        "Instant::now",
        "tokio",
        "std::env::",
    ];
    let outside = [
        "client",
        "sandbox",
        "server",
        "submission",
        "runner",
        "authoring",
        "cohort",
        "lesson/grade.rs",
        "proof",
        "cli",
        "main.rs",
    ];
    only_in(&outside, &impure);
}

#[test]
fn http_and_jars_are_the_clients_alone() {
    only_in(&["client"], &["reqwest"]);
    only_in(&["client/cookies.rs", "client/cookies"], &["cookie_store"]);
}

#[test]
fn toml_is_read_by_exercise_files_and_cargo_manifests_alone() {
    only_in(&["exercise/file", "submission/compiled.rs"], &["toml::"]);
}

#[test]
fn nobody_prints_but_the_command_line() {
    // A copy of a process is handed the descriptors that a started one would inherit; nothing is written to them.
    only_in(&["cli", "sandbox/copy.rs"], &["println!", "eprintln!", "io::stdout", "io::stderr"]);
}

#[test]
fn no_function_is_left_open() {
    only_in(&[], &["todo!", "unimplemented!", "#[ignore"]);
}

#[test]
fn every_file_can_be_read_in_one_sitting() {
    let long: Vec<_> = sources("src")
        .into_iter()
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines > 600)
        .collect();
    assert!(long.is_empty(), "files over 600 lines want splitting by meaning: {long:?}");
}
