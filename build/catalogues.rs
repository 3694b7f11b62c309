//! The entries of the message catalogues, each with its text, in an order in which they are found fast.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::{fs, io};

use super::entries;

/// An expression of Rust: each entry's id and its text as Fluent has it, sorted by id.
pub(super) fn list(folder: &Path) -> io::Result<String> {
    let mut found = BTreeMap::new();
    for file in entries(folder)? {
        println!("cargo:rerun-if-changed={}", file.display());
        read(&fs::read_to_string(&file)?, &mut found);
    }
    let mut list = String::from("&[\n");
    for (id, text) in found {
        let _ = writeln!(list, "    ({id:?}, {:?}),", text.trim_end());
    }
    list.push_str("]\n");
    Ok(list)
}

/// Takes a file apart: an entry begins with its id at the beginning of a line, and ends before the next or a comment.
fn read(file: &str, found: &mut BTreeMap<String, String>) {
    let mut current = None;
    for line in file.lines() {
        if line.starts_with(|first: char| first.is_ascii_alphabetic()) {
            current = line.split_once('=').map(|(id, _)| id.trim_end().to_owned());
        } else if line.starts_with('#') {
            current = None;
        }
        if let Some(id) = &current {
            let text = found.entry(id.clone()).or_default();
            text.push_str(line);
            text.push('\n');
        }
    }
}
