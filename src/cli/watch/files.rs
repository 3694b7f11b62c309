//! What is watched: the files of a submission and the exercise file, and what changed in them.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use crate::submission;

/// How many folders are watched; what changes in others is found by looking now and then.
const FOLDERS: usize = 2_000;

/// Where the files are that are watched.
#[derive(Clone, Debug)]
pub(super) struct Files {
    /// A folder or one file.
    pub(super) submission: PathBuf,
    /// The exercise file, if it is the user's own, and its checks' programs.
    pub(super) authored: Vec<PathBuf>,
    /// What the checker itself writes, which may lie in the submission; without links.
    pub(super) reports: Vec<PathBuf>,
}

/// Each file, with what tells whether it was written since.
pub(super) type State = BTreeMap<PathBuf, Mark>;

/// What is different after a file was written, replaced or made executable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    inode: u64,
    size: u64,
    mode: u32,
    modified: (i64, i64),
}

impl From<Metadata> for Mark {
    fn from(about: Metadata) -> Self {
        let modified = (about.mtime(), about.mtime_nsec());
        Self { inode: about.ino(), size: about.size(), mode: about.mode(), modified }
    }
}

impl Files {
    /// The files of a submission, an exercise file, and what is written meanwhile.
    pub(super) fn new(submission: &Path, exercise: Option<PathBuf>, reports: impl Iterator<Item = PathBuf>) -> Self {
        let (authored, reports) = (exercise.into_iter().collect(), reports.map(|report| real(&report)).collect());
        Self { submission: submission.to_owned(), authored, reports }
    }

    /// The files as they are now. One that is not there, or not to be read, is left out.
    pub(super) fn state(&self) -> State {
        let mut paths = self.authored.clone();
        if self.submission.is_dir() {
            let root = self.submission.canonicalize().unwrap_or_default();
            let inside = submission::walk(&self.submission).into_iter().map(|entry| entry.path);
            let inside = inside.filter(|path| !is_passing(path) && !self.reports.contains(&root.join(path)));
            paths.extend(inside.map(|path| self.submission.join(path)));
        } else {
            paths.push(self.submission.clone());
        }
        // Links are not followed in a submission; the user's own path may be one.
        let mark = |path: &PathBuf| if self.is_named(path) { fs::metadata(path) } else { fs::symlink_metadata(path) };
        paths.into_iter().filter_map(|path| Some((path.clone(), mark(&path).ok()?.into()))).collect()
    }

    /// The folders in which something may happen to the files, or to the folder that holds them all.
    pub(super) fn folders(&self) -> Vec<PathBuf> {
        let mut folders = vec![nearest_folder(&self.submission)];
        folders.extend(self.authored.iter().map(|file| nearest_folder(file)));
        if self.submission.is_dir() {
            folders.extend(submission::folders(&self.submission, FOLDERS));
        }
        folders.sort();
        folders.dedup();
        folders
    }

    /// A file's name as its owner thinks of it.
    pub(super) fn name(&self, path: &Path) -> String {
        let inside = path.strip_prefix(&self.submission).ok().filter(|inside| !inside.as_os_str().is_empty());
        let alone = || path.file_name().map(Path::new).unwrap_or(path);
        inside.unwrap_or_else(alone).display().to_string()
    }

    /// Whether the user named it, or an exercise did.
    pub(super) fn is_named(&self, path: &Path) -> bool {
        path == self.submission || self.authored.iter().any(|file| file == path)
    }
}

/// The path of a file that need not be there yet, without links.
fn real(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let folder = absolute.parent().and_then(|folder| folder.canonicalize().ok());
    match (folder, absolute.file_name()) {
        (Some(folder), Some(name)) => folder.join(name),
        _ => absolute,
    }
}

/// The files that are not as they were, sorted.
pub(super) fn changed(before: &State, now: &State) -> Vec<PathBuf> {
    let other = |path: &&PathBuf| before.get(*path) != now.get(*path);
    let gone = before.keys().filter(|path| !now.contains_key(*path));
    let mut paths: Vec<_> = now.keys().filter(other).chain(gone).cloned().collect();
    paths.sort();
    paths
}

/// Whether a person wrote it, by its ending: a program that runs in its own folder may write anything else there.
pub(super) fn is_source(path: &Path) -> bool {
    const ENDINGS: [&str; 35] = [
        "py", "pyw", "js", "mjs", "cjs", "ts", "jsx", "tsx", "html", "htm", "css", "jinja", "j2", "ejs", "go", "rs",
        "java", "php", "rb", "ru", "erb", "pl", "psgi", "c", "h", "cc", "cpp", "hpp", "sh", "toml", "mod", "lua", "kt",
        "cs", "swift",
    ];
    const NAMES: [&str; 5] = ["Procfile", "Makefile", "makefile", "package.json", "requirements.txt"];
    let ending = path.extension().and_then(OsStr::to_str);
    let name = path.file_name().and_then(OsStr::to_str);
    ending.is_some_and(|ending| ENDINGS.contains(&ending)) || name.is_some_and(|name| NAMES.contains(&name))
}

/// Whether an editor or the checker makes such a file beside the real one, to rename or to delete it at once.
fn is_passing(path: &Path) -> bool {
    let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
    let starts = [".checker-", ".goutputstream-", ".~lock."].iter().any(|start| name.starts_with(start));
    let ends = [".swx", ".kate-swp", ".tmp", ".part", "___"].iter().any(|end| name.ends_with(end));
    // Vim tries with this name whether it may create files.
    starts || ends || name == "4913"
}

/// The folder that holds a path; where that is not there, the nearest above it that is.
fn nearest_folder(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let above = absolute.ancestors().skip(1).find(|folder| folder.is_dir());
    above.unwrap_or(Path::new("/")).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(folder: &Path) -> Files {
        Files::new(folder, None, [folder.join("report.html")].into_iter())
    }

    /// The names that count as changed when these files are written.
    fn seen(names: &[&str]) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let files = files(folder.path());
        let before = files.state();
        for name in names {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        changed(&before, &files.state()).iter().map(|path| files.name(path)).collect()
    }

    #[test]
    fn what_tools_editors_and_the_checker_write_is_no_change() {
        let tools = ["__pycache__/app.pyc", ".git/index", "node_modules/x.js", ".app.py.swp", "app.py~", ".#app.py"];
        assert_eq!(seen(&tools), Vec::<String>::new());
        assert_eq!(seen(&["4913", "app.py___jb_tmp___", ".checker-x1", "report.html"]), Vec::<String>::new());
        assert_eq!(seen(&["app.py", "templates/get.html"]), ["app.py", "templates/get.html"]);
    }

    #[test]
    fn a_file_that_is_replaced_by_one_of_the_same_size_has_changed() {
        let folder = tempfile::tempdir().unwrap();
        let (app, new) = (folder.path().join("app.py"), folder.path().join("new.tmp"));
        fs::write(&app, "a").unwrap();
        fs::write(&new, "b").unwrap();
        let files = files(folder.path());
        let before = files.state();
        fs::rename(new, &app).unwrap();
        assert_eq!(changed(&before, &files.state()), [app]);
    }

    #[test]
    fn a_folder_that_is_not_there_is_waited_for_above_it() {
        let folder = tempfile::tempdir().unwrap();
        let files = files(&folder.path().join("gone/student"));
        assert_eq!(files.state(), State::new());
        assert_eq!(files.folders(), [folder.path()]);
    }

    #[test]
    fn a_program_that_keeps_data_beside_itself_is_told_from_its_author() {
        assert!(is_source(Path::new("app.py")) && is_source(Path::new("templates/get.html")));
        assert!(!is_source(Path::new("visits.db")) && !is_source(Path::new("log.txt")));
    }
}
