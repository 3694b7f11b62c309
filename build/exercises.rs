//! The files beside each built-in exercise (solutions, mistakes, what is known of them), listed.

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use super::{entries, name};

/// An expression of Rust: for each exercise its id, and each file's path below its folder with its bytes.
pub(super) fn list(root: &Path) -> io::Result<String> {
    let mut list = String::from("&[\n");
    for exercise in entries(root)? {
        let mut files = Vec::new();
        gather(&exercise, &mut files)?;
        let _ = writeln!(list, "    ({:?}, &[", name(&exercise));
        for file in files {
            let inside = file.strip_prefix(&exercise).unwrap_or(&file).display().to_string();
            let _ = writeln!(list, "        ({inside:?}, include_bytes!({:?})),", file.display().to_string());
        }
        list.push_str("    ]),\n");
    }
    list.push_str("]\n");
    Ok(list)
}

/// Every file below a folder but the exercise itself, which is embedded as text, in order.
fn gather(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    println!("cargo:rerun-if-changed={}", folder.display());
    for entry in entries(folder)? {
        if entry.is_dir() {
            gather(&entry, files)?;
        } else if name(&entry) != "exercise.toml" {
            println!("cargo:rerun-if-changed={}", entry.display());
            files.push(entry);
        }
    }
    Ok(())
}
