//! The text of a submission, for hints that name a line.

use std::path::Path;

use crate::source::SourceFile;

use super::text::read_source;
use super::walk::{Form, ending, is_bystander, is_file_within, walk};
use super::{Given, Submission};

/// How many files are given.
const FILE_LIMIT: usize = 64;

/// Endings of the files that students write.
const ENDINGS: [&str; 35] = [
    "py", "pyw", "js", "mjs", "cjs", "jsx", "ts", "tsx", "go", "rs", "java", "php", "rb", "ru", "erb", "pl", "pm",
    "psgi", "ep", "c", "h", "cc", "cpp", "cxx", "hpp", "sh", "bash", "html", "htm", "j2", "jinja", "jinja2", "ejs",
    "toml", "mod",
];

/// Names without such an ending that say how a program is started or what it needs.
const NAMES: [&str; 8] =
    ["Procfile", "Makefile", "makefile", "GNUmakefile", "package.json", "requirements.txt", "Gemfile", "Pipfile"];

/// The source files of a submission: the one that it starts with first, then by their paths.
///
/// At most 64 files and 256 KiB of each. Litter, tests and what leads out of the submission are left out, files whose
/// kind is unknown too. Text that is not UTF-8 is taken for GBK if it can be, else it is lossy.
#[must_use]
pub fn sources(submission: &Submission) -> Vec<SourceFile> {
    let root = &submission.root;
    let entry = submission.entry.iter().filter(|entry| entry.is_relative() && root.join(entry).is_file()).cloned();
    let others = match submission.given {
        Given::File => Vec::new(),
        Given::Folder => walk(root),
    };
    let others = others
        .into_iter()
        .filter(|other| other.form == Form::File || (other.form == Form::Link && is_file_within(root, &other.path)))
        .map(|other| other.path)
        .filter(|path| is_source(path) && Some(path) != submission.entry.as_ref());
    entry.chain(others).filter(|path| is_text(root, path)).take(FILE_LIMIT).map(|path| source(root, &path)).collect()
}

fn is_source(path: &Path) -> bool {
    let known = ending(path).is_some_and(|ending| ENDINGS.contains(&ending.as_str()));
    let named = path.file_name().and_then(|name| name.to_str()).is_some_and(|name| NAMES.contains(&name));
    // A page's template is no program, but hints may name a line of it.
    (known || named) && !path.iter().any(|part| is_bystander(part) && part != "templates")
}

/// Machine code may be what a submission starts with; it has no lines.
fn is_text(root: &Path, path: &Path) -> bool {
    !super::text::read_start(&root.join(path), 4096).contains(&0)
}

fn source(root: &Path, path: &Path) -> SourceFile {
    let text = read_source(&root.join(path));
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    SourceFile { path: parts.join("/"), text }
}

/// The path of a submission's file as sources name it.
#[cfg(test)]
fn paths(sources: &[SourceFile]) -> Vec<&str> {
    sources.iter().map(|source| source.path.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::submission::{Options, find};
    use std::fs;

    fn of(files: &[(&str, &[u8])], given: &str) -> Vec<SourceFile> {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        let options = Options { command: None, python: None, scratch: folder.path() };
        sources(&find(&folder.path().join(given), &options).unwrap())
    }

    #[test]
    fn the_program_comes_first_and_clutter_does_not_come() {
        let files: [(&str, &[u8]); 7] = [
            ("z.py", b"app.run()\nfrom flask import Flask"),
            ("a.py", b"x = 1"),
            ("templates/get.html", b"<p>"),
            ("tests/test_a.py", b""),
            ("data.bin", b"\0"),
            (".git/x.py", b""),
            ("photo.jpg", b"x"),
        ];
        assert_eq!(paths(&of(&files, "")), ["z.py", "a.py", "templates/get.html"]);
        assert_eq!(paths(&of(&files, "z.py")), ["z.py"]);
    }

    #[test]
    fn text_is_decoded_and_bounded() {
        let gbk = encoding_rs::GBK.encode("# 上次\r\nimport flask").0;
        assert_eq!(of(&[("app.py", &gbk)], "")[0].text, "# 上次\nimport flask");
        assert_eq!(of(&[("app.py", &vec![b'#'; 1 << 20])], "")[0].text.len(), 256 * 1024);
        let many: Vec<(String, &[u8])> = (0..100).map(|n| (format!("m{n}.py"), &b"x"[..])).collect();
        let mut many: Vec<(&str, &[u8])> = many.iter().map(|(name, text)| (name.as_str(), *text)).collect();
        many.push(("app.py", b"x"));
        assert_eq!(of(&many, "").len(), 64);
    }
}
