//! The files of a submission, without what tools left there, and never outside it.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// How deep folders are followed.
const DEPTH_LIMIT: usize = 32;

/// How many names of one folder, and of a submission, are looked at.
pub(crate) const COUNT_LIMIT: usize = 20_000;

/// How many source files of one folder are read to find out what the folder is.
pub(crate) const READ_LIMIT: usize = 64;

/// One name in a submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Relative to the folder that was walked.
    pub(crate) path: PathBuf,
    /// What the name stands for.
    pub(crate) form: Form,
    /// The size in bytes, of files.
    pub(crate) size: u64,
}

/// What a name in a folder stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// A regular file.
    File,
    /// A folder; it is not a symbolic link.
    Folder,
    /// A symbolic link, wherever it leads.
    Link,
    /// A FIFO, socket or device. Nobody opens it.
    Special,
}

/// The names in one folder that are not litter, sorted by their bytes. Empty if the folder cannot be read.
pub(crate) fn list(folder: &Path) -> Vec<Entry> {
    let Ok(names) = fs::read_dir(folder) else { return Vec::new() };
    let mut entries: Vec<Entry> = names
        .take(COUNT_LIMIT)
        .filter_map(Result::ok)
        .filter(|name| !is_litter(folder, &name.file_name()))
        .filter_map(|name| {
            let about = name.metadata().ok()?;
            let kind = about.file_type();
            let form = match () {
                () if kind.is_file() => Form::File,
                () if kind.is_dir() => Form::Folder,
                () if kind.is_symlink() => Form::Link,
                () => Form::Special,
            };
            Some(Entry { path: name.file_name().into(), form, size: about.len() })
        })
        .collect();
    entries.sort_by(|a, b| a.path.as_os_str().as_bytes().cmp(b.path.as_os_str().as_bytes()));
    entries
}

/// Everything below a folder that is not litter, but for the folders themselves, sorted by the paths' bytes.
///
/// At most [`COUNT_LIMIT`] names, as many folders, and [`DEPTH_LIMIT`] folders deep. Links are named, not followed.
pub(crate) fn walk(root: &Path) -> Vec<Entry> {
    let mut found = Vec::new();
    let mut folders = vec![(PathBuf::new(), 0)];
    let mut visited = 0;
    while let Some((folder, depth)) = folders.pop() {
        visited += 1;
        for mut entry in list(&root.join(&folder)) {
            entry.path = folder.join(entry.path);
            match entry.form {
                Form::Folder if depth < DEPTH_LIMIT => folders.push((entry.path, depth + 1)),
                Form::Folder => {}
                _ if found.len() < COUNT_LIMIT => found.push(entry),
                _ => {}
            }
        }
        if found.len() >= COUNT_LIMIT || visited >= COUNT_LIMIT {
            break;
        }
    }
    found.sort_by(|a, b| a.path.as_os_str().as_bytes().cmp(b.path.as_os_str().as_bytes()));
    found
}

/// The folders that [`walk`] enters, the root among them, but at most so many.
pub(crate) fn folders(root: &Path, most: usize) -> Vec<PathBuf> {
    let mut found = vec![root.to_owned()];
    let mut next = 0;
    while let Some(folder) = found.get(next).cloned() {
        next += 1;
        let inner = list(&folder).into_iter().filter(|entry| entry.form == Form::Folder);
        found.extend(inner.map(|entry| folder.join(entry.path)).take(most.saturating_sub(found.len())));
    }
    found
}

/// Whether a tool made this name, so that it says nothing about what the student wrote.
pub(crate) fn is_litter(folder: &Path, name: &OsStr) -> bool {
    const NAMES: [&str; 24] = [
        ".git",
        ".hg",
        ".svn",
        ".venv",
        ".tox",
        ".idea",
        ".vscode",
        ".vs",
        ".cache",
        ".mypy_cache",
        ".pytest_cache",
        ".ruff_cache",
        ".ipynb_checkpoints",
        ".gradle",
        ".DS_Store",
        ".Spotlight-V100",
        "__MACOSX",
        "__pycache__",
        "node_modules",
        "Thumbs.db",
        "desktop.ini",
        ".directory",
        ".eggs",
        ".next",
    ];
    let Some(name) = name.to_str() else { return false };
    let is_venv = matches!(name, "venv" | "env") && folder.join(name).join("pyvenv.cfg").exists();
    let is_target = name == "target" && folder.join("Cargo.toml").exists();
    let is_backup = name.ends_with('~')
        || name.starts_with("._")
        || name.starts_with(".#")
        || (name.starts_with('#') && name.ends_with('#'))
        || [".pyc", ".pyo", ".swp", ".swo", ".bak", ".orig", ".egg-info"].iter().any(|end| name.ends_with(end));
    NAMES.contains(&name) || is_venv || is_target || is_backup
}

/// Whether a file or folder is never the program itself: tests, packaging, documentation, results of builds.
pub(crate) fn is_bystander(name: &OsStr) -> bool {
    const NAMES: [&str; 17] = [
        "tests",
        "test",
        "spec",
        "docs",
        "doc",
        "dist",
        "build",
        "migrations",
        "static",
        "templates",
        "conftest.py",
        "setup.py",
        "noxfile.py",
        "tasks.py",
        "fabfile.py",
        "gunicorn.conf.py",
        "vendor",
    ];
    let Some(name) = name.to_str() else { return false };
    NAMES.contains(&name)
        || name.starts_with('.')
        || (name.starts_with("test_") && name.ends_with(".py"))
        || ["_test.py", "_test.go", ".test.js", ".spec.js", ".config.js", ".config.mjs", ".config.cjs"]
            .iter()
            .any(|end| name.ends_with(end))
}

/// Whether a name in the folder is a regular file, or a link to one that does not leave the folder.
pub(crate) fn is_file_within(root: &Path, relative: &Path) -> bool {
    let path = root.join(relative);
    let Ok(about) = fs::symlink_metadata(&path) else { return false };
    if about.is_file() && relative.components().count() == 1 {
        return true;
    }
    path.canonicalize().is_ok_and(|real| real.starts_with(root) && real.is_file())
}

/// The regular files directly in a folder whose names end in one of `endings`, bystanders left out, sorted.
pub(crate) fn files_ending(root: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let ends = |path: &Path| ending(path).is_some_and(|found| endings.contains(&found.as_str()));
    list(root)
        .into_iter()
        .map(|entry| entry.path)
        .filter(|path| ends(path) && !is_bystander(path.as_os_str()) && is_file_within(root, path))
        .collect()
}

/// The ending of a file's name in lower case, without the dot.
pub(crate) fn ending(path: &Path) -> Option<String> {
    path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    fn paths(entries: &[Entry]) -> Vec<&str> {
        entries.iter().map(|entry| entry.path.to_str().expect("the test's names are UTF-8")).collect()
    }

    #[test]
    fn litter_is_left_out_and_the_order_is_by_bytes() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.py", "B.py", ".git/config", "venv/pyvenv.cfg", "node_modules/x/index.js", "a~", "._app.py"] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        fs::create_dir_all(folder.path().join("env")).unwrap();
        fs::write(folder.path().join("env/mine.py"), "x").unwrap();
        assert_eq!(paths(&walk(folder.path())), ["B.py", "b.py", "env/mine.py"]);
    }

    #[test]
    fn links_out_and_special_files_are_no_files_of_the_submission() {
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("secret.py"), "x").unwrap();
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        fs::write(root.join("real.py"), "x").unwrap();
        symlink(outside.path().join("secret.py"), root.join("app.py")).unwrap();
        symlink("real.py", root.join("main.py")).unwrap();
        symlink("loop.py", root.join("loop.py")).unwrap();
        nix::unistd::mkfifo(&root.join("pipe.py"), nix::sys::stat::Mode::S_IRWXU).unwrap();
        assert_eq!(files_ending(&root, &["py"]), [PathBuf::from("main.py"), PathBuf::from("real.py")]);
    }
}
