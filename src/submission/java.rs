//! Java submissions without a build tool: compiled at once, started by the class that has a `main`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use regex::Regex;

use crate::outcome::Problem;

use super::find::Match;
use super::program::{Launch, Program, not_an_option};
use super::search_path::SearchPath;
use super::text::{SOURCE_LIMIT, read_source, read_start, without_comments};
use super::walk::{Form, ending, is_bystander, walk};
use super::{Kind, Options, Submission};

/// How many files are compiled.
const FILE_LIMIT: usize = 256;

/// Java files, one of which has a `main`; or the only `.jar`.
pub(crate) fn find(root: &Path) -> Option<Match> {
    let files = files(root, "java");
    if main_class(root, &files).is_some() {
        return Some((None, Kind::Java));
    }
    match (files.as_slice(), self::files(root, "jar").as_slice()) {
        ([], [jar]) => Some((Some(jar.clone()), Kind::Java)),
        _ => None,
    }
}

/// All files of a submission with this ending, tests and the like left out.
fn files(root: &Path, wanted: &str) -> Vec<PathBuf> {
    let files = walk(root).into_iter().filter(|entry| entry.form == Form::File).map(|entry| entry.path);
    let named = files.filter(|path| ending(path).as_deref() == Some(wanted));
    named.filter(|path| !path.iter().any(is_bystander)).take(FILE_LIMIT).collect()
}

/// The commands for a Java submission.
pub(crate) fn launch(submission: &Submission, options: &Options, search: &SearchPath) -> Result<Launch, Problem> {
    let root = &submission.root;
    let java = search.need("java")?;
    let entry = submission.entry.as_deref();
    if let Some(jar) = entry.filter(|entry| ending(entry).as_deref() == Some("jar")) {
        return Ok(Program::new(root, java, "java").arg("-jar").file(jar).alone());
    }
    let sources = entry.map_or_else(|| files(root, "java"), |file| vec![file.to_owned()]);
    let classes = options.scratch.join("classes");
    let jars = if entry.is_none() { files(root, "jar") } else { Vec::new() };
    let encoding = if all_utf8(root, &sources) { "UTF-8" } else { "GBK" };
    let build = Program::new(root, search.need("javac")?, "javac").args(["-encoding", encoding, "-d"]);
    let build = build.arg_shown(&classes, "classes");
    let build = if jars.is_empty() { build } else { build.arg("-cp").arg(class_path(None, &jars)) };
    let build = build.args(sources.iter().map(|file| not_an_option(file)));
    let main = main_class(root, &sources).unwrap_or_else(|| "Main".to_owned());
    let run = Program::new(root, java, "java").arg("-cp").arg_shown(class_path(Some(&classes), &jars), "classes");
    Ok(Launch { build: vec![build], run: run.arg(main) })
}

/// Class folder and archives, joined as Java takes them.
fn class_path(classes: Option<&Path>, jars: &[PathBuf]) -> OsString {
    let all: Vec<OsString> = classes.into_iter().chain(jars.iter().map(PathBuf::as_path)).map(OsString::from).collect();
    all.join(std::ffi::OsStr::new(":"))
}

/// Whether the sources are in UTF-8; Chinese editions of Windows write GBK.
fn all_utf8(root: &Path, sources: &[PathBuf]) -> bool {
    sources.iter().all(|file| std::str::from_utf8(&read_start(&root.join(file), SOURCE_LIMIT)).is_ok())
}

/// The class to start, with its package. Of several with a `main` it is the one that makes a server, else the first.
fn main_class(root: &Path, sources: &[PathBuf]) -> Option<String> {
    let mains: Vec<(String, bool)> = sources
        .iter()
        .filter_map(|file| {
            let text = without_comments(&read_source(&root.join(file)));
            let serves =
                ["HttpServer", "ServerSocket", "SpringApplication", "Javalin"].iter().any(|word| text.contains(word));
            Some((main_class_of(&text)?, serves))
        })
        .collect();
    let best = mains.iter().find(|(_, serves)| *serves).or(mains.first());
    best.map(|(name, _)| name.clone())
}

/// The class with the `main` of one source file: the last one that was opened at the top before it.
fn main_class_of(text: &str) -> Option<String> {
    static MAIN: LazyLock<Regex> = LazyLock::new(|| pattern(r"\bstatic\s+(?:\w+\s+)*void\s+main\s*\("));
    static CLASS: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(?:class|record|enum|interface)\s+(\w+)"));
    static PACKAGE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\bpackage\s+([\w.]+)\s*;"));
    let main = MAIN.find(text)?.start();
    let (mut name, mut depth, mut counted) = (None, 0_usize, 0);
    for class in CLASS.captures_iter(&text[..main]) {
        let start = class.get(0).map_or(counted, |whole| whole.start());
        depth += text[counted..start].matches('{').count();
        depth = depth.saturating_sub(text[counted..start].matches('}').count());
        counted = start;
        if depth == 0 {
            name = class.get(1).map(|name| name.as_str().to_owned());
        }
    }
    let name = name?;
    let package = PACKAGE.captures(text).and_then(|found| Some(found.get(1)?.as_str().to_owned()));
    Some(package.map_or_else(|| name.clone(), |package| format!("{package}.{name}")))
}

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is a constant that the tests compile")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_class_with_main_is_found_with_its_package() {
        let main = "public static void main(String[] a) {}";
        let cases = [
            (format!("public class Main {{ {main} }}"), Some("Main")),
            (format!("package a.b;\nclass X {{}}\nclass Web {{ {main} }}"), Some("a.b.Web")),
            ("class Out { static class In { } static final public void main(String... a) {} }".to_owned(), Some("Out")),
            (format!("class A {{ class B {{ }} {main} }}"), Some("A")),
            ("class A { void main() {} }".to_owned(), None),
            (String::new(), None),
        ];
        for (text, expected) in cases {
            assert_eq!(main_class_of(&text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn of_several_programs_the_server_is_started() {
        let folder = tempfile::tempdir().unwrap();
        let main = "public static void main(String[] a)";
        std::fs::write(folder.path().join("A.java"), format!("class A {{ {main} {{}} }} // HttpServer")).unwrap();
        std::fs::write(folder.path().join("B.java"), format!("class B {{ {main} {{ new ServerSocket(1); }} }}"))
            .unwrap();
        assert_eq!(main_class(folder.path(), &files(folder.path(), "java")).as_deref(), Some("B"));
    }
}
