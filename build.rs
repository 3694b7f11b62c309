//! Lists the files beside each built-in exercise (solutions, mistakes, what is known of them), so that they are part
//! of the program.

#![allow(clippy::print_stdout, reason = "this is how Cargo is told what to watch")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("exercises");
    let mut list = String::from("&[\n");
    for exercise in entries(&root)? {
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
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("exercises.rs");
    fs::write(out, list)
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

/// What is in a folder, sorted, without what tools leave there.
fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    println!("cargo:rerun-if-changed={}", folder.display());
    let left_behind = |path: &Path| {
        let name = name(path);
        name.starts_with('.') || matches!(name.as_str(), "__pycache__" | "node_modules" | "target" | "venv")
    };
    let mut paths: Vec<_> = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    paths.retain(|path| !left_behind(path));
    paths.sort();
    Ok(paths)
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
