//! The digest of a submission: the same for the same names and contents.

use std::fs;
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::text::open_regular;
use super::walk::{Form, walk};

/// How much of one file is hashed, in bytes; of a larger one, its start and its size.
const FILE_LIMIT: u64 = 64 * 1024 * 1024;

/// How much of a whole submission is hashed, in bytes; of the files after that, names and sizes.
const TOTAL_LIMIT: u64 = 512 * 1024 * 1024;

/// SHA-256 over the sorted relative paths (raw bytes) and contents of a folder, or over one file's name and content.
///
/// Litter such as `.git`, virtual environments and caches is left out, times and modes do not count, at most
/// 20,000 files do. A symbolic link counts as the text of its target, which is not read. What cannot be read counts
/// by its name alone.
#[must_use]
pub fn digest(path: &Path) -> String {
    let mut hash = Sha256::new();
    let mut left = TOTAL_LIMIT;
    if path.is_dir() {
        for entry in walk(path) {
            add(&mut hash, &mut left, path, &entry.path, entry.form);
        }
    } else if let (Ok(real), Some(name)) = (path.canonicalize(), path.file_name()) {
        let name = Path::new(name);
        add_name(&mut hash, b'f', name);
        add_content(&mut hash, &mut left, &real);
    }
    rendered(hash)
}

/// The digest of a text, for what has no files.
pub(crate) fn digest_of_text(text: &str) -> String {
    rendered(Sha256::new().chain_update(text))
}

fn rendered(hash: Sha256) -> String {
    let hex: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}

fn add(hash: &mut Sha256, left: &mut u64, root: &Path, path: &Path, form: Form) {
    match form {
        Form::File => {
            add_name(hash, b'f', path);
            add_content(hash, left, &root.join(path));
        }
        Form::Link => {
            add_name(hash, b'l', path);
            let target = fs::read_link(root.join(path)).unwrap_or_default();
            add_name(hash, b't', &target);
        }
        Form::Special => add_name(hash, b's', path),
        Form::Folder => {}
    }
}

/// Lengths come first, so that no two different lists of files give the same bytes.
fn add_name(hash: &mut Sha256, tag: u8, path: &Path) {
    let bytes = path.as_os_str().as_bytes();
    hash.update([tag]);
    hash.update((bytes.len() as u64).to_le_bytes());
    hash.update(bytes);
}

fn add_content(hash: &mut Sha256, left: &mut u64, path: &Path) {
    let Ok(file) = open_regular(path) else { return hash.update([0]) };
    let size = file.metadata().map_or(0, |about| about.len());
    hash.update([1]);
    hash.update(size.to_le_bytes());
    let mut file = file.take(size.min(FILE_LIMIT).min(*left));
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = file.read(&mut buffer) {
        hash.update(&buffer[..read]);
        *left -= read as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    /// A folder with these files and its digest.
    fn of(files: &[(&str, &str)]) -> String {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        digest(folder.path())
    }

    #[test]
    fn the_same_files_have_the_same_digest_whatever_tools_left_there() {
        let plain = of(&[("app.py", "a"), ("b/c.py", "b")]);
        assert_eq!(plain, of(&[("b/c.py", "b"), ("app.py", "a"), (".git/HEAD", "x"), ("__pycache__/a.pyc", "y")]));
        assert_eq!(plain.len(), "sha256:".len() + 64);
    }

    #[test]
    fn names_contents_and_their_borders_count() {
        let sets: [&[(&str, &str)]; 6] = [
            &[("app.py", "a")],
            &[("app.py", "b")],
            &[("main.py", "a")],
            &[("app.py", ""), ("a", "")],
            &[("app.pya", "")],
            &[],
        ];
        let digests: std::collections::BTreeSet<String> = sets.iter().map(|files| of(files)).collect();
        assert_eq!(digests.len(), sets.len());
    }

    #[test]
    fn one_file_is_hashed_without_its_neighbours() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("app.py");
        fs::write(&file, "a").unwrap();
        let alone = digest(&file);
        fs::write(folder.path().join("other.py"), "b").unwrap();
        assert_eq!(alone, digest(&file));
    }

    #[test]
    fn the_target_of_a_link_is_not_read() {
        let outside = tempfile::tempdir().unwrap();
        let target = outside.path().join("x");
        fs::write(&target, "one").unwrap();
        let folder = tempfile::tempdir().unwrap();
        symlink(&target, folder.path().join("link")).unwrap();
        let before = digest(folder.path());
        fs::write(&target, "two").unwrap();
        assert_eq!(before, digest(folder.path()));
    }
}
