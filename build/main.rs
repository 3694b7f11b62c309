//! What is made before the program is compiled: lists of what is part of it, and the way it is linked.

#![allow(clippy::print_stdout, reason = "this is how Cargo is told what to watch")]

mod catalogues;
mod exercises;
mod link;

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    link::for_a_fast_start();
    let variable = |name| PathBuf::from(env::var_os(name).unwrap_or_default());
    let (root, out) = (variable("CARGO_MANIFEST_DIR"), variable("OUT_DIR"));
    fs::write(out.join("exercises.rs"), exercises::list(&root.join("exercises"))?)?;
    for lang in ["en", "zh"] {
        let list = catalogues::list(&root.join("src/locale").join(lang))?;
        fs::write(out.join(format!("catalogue_{lang}.rs")), list)?;
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
