//! What the tests share: the checker's command, runtimes, networks, redactions.

pub(crate) mod catalogue;
pub(crate) mod checker;
pub(crate) mod network;
pub(crate) mod readers;
pub(crate) mod runtimes;

use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A folder below `fixtures/`.
pub(crate) fn fixture(path: &str) -> PathBuf {
    let folder = root().join("fixtures").join(path);
    assert!(folder.exists(), "no fixture {}", folder.display());
    folder
}

/// The names in a folder below `fixtures/`, sorted.
pub(crate) fn names(path: &str) -> Vec<String> {
    names_of(&fixture(path))
}

/// The names in a folder, sorted.
pub(crate) fn names_of(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Does something for each item, several at once, and panics with everything that went wrong.
///
/// Runs that wait for the clock's next second take no processor time meanwhile: twice as many as cores.
pub(crate) fn for_each<T: Sync + std::fmt::Display>(items: &[T], check: impl Fn(&T) -> Result<(), String> + Sync) {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let wrong = Mutex::new(Vec::new());
    let workers = std::thread::available_parallelism().map_or(2, |cores| cores.get() * 2);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(item) = items.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
                    let checked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| check(item)));
                    if let Err(error) = checked.unwrap_or_else(|_| Err("panicked, see above".to_owned())) {
                        wrong.lock().unwrap().push(format!("{item}: {error}"));
                    }
                }
            });
        }
    });
    let mut wrong = wrong.into_inner().unwrap();
    wrong.sort();
    assert!(wrong.is_empty(), "{} of {} went wrong:\n{}", wrong.len(), items.len(), wrong.join("\n"));
}
