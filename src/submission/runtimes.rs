//! The runtimes that this machine has: which submissions can be graded here, and what is missing.

use std::path::{Path, PathBuf};

use super::Kind::{
    self, Aiohttp, Bottle, C, Django, Express, FastApi, Flask, Go, Java, Make, Node, Perl, Php, Python, Ruby, Rust,
    Starlette, Tornado,
};
use super::ask::{Wanted, ask};
use super::interpreter::of_this_machine;
use super::search_path::{SearchPath, install_command};

/// A program or Python package that some kinds of submissions need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Runtime {
    /// What people call it, and for programs the name it is looked for by: `python3`, `flask`.
    pub name: &'static str,
    /// The kinds of submissions that need it; for `npm` those whose packages it installs.
    pub needed_for: &'static [Kind],
    /// Where it is, if it is here.
    pub found: Option<Found>,
    /// The command that installs it.
    pub install: String,
}

/// Where a runtime is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The program, absolute and behind any version manager's shim of Python; or the package's folder.
    pub path: PathBuf,
    /// Its version, such as `3.11.7`. None if it did not say it in time, or not in any way that is known.
    pub version: Option<String>,
}

/// A program to look for.
struct Sought {
    name: &'static str,
    needed_for: &'static [Kind],
    /// What makes it say its version on standard output.
    question: &'static [&'static str],
}

const PYTHON: &[Kind] = &[Python, Flask, FastApi, Starlette, Django, Bottle, Tornado, Aiohttp];

const PROGRAMS: [Sought; 11] = [
    Sought { name: "node", needed_for: &[Node, Express], question: &["--version"] },
    Sought { name: "npm", needed_for: &[Express], question: &["--version"] },
    Sought { name: "go", needed_for: &[Go], question: &["version"] },
    Sought { name: "javac", needed_for: &[Java], question: &["--version"] },
    Sought { name: "java", needed_for: &[Java], question: &["--version"] },
    Sought { name: "php", needed_for: &[Php], question: &["--version"] },
    Sought { name: "ruby", needed_for: &[Ruby], question: &["--version"] },
    Sought { name: "perl", needed_for: &[Perl], question: &["-e", "printf \"%vd\\n\", $^V"] },
    Sought { name: "cargo", needed_for: &[Rust], question: &["--version"] },
    Sought { name: "cc", needed_for: &[C], question: &["-dumpfullversion", "-dumpversion"] },
    Sought { name: "make", needed_for: &[Make], question: &["--version"] },
];

/// Packages by the name they are imported and installed by.
const PACKAGES: [(&str, &[Kind]); 8] = [
    ("flask", &[Flask]),
    ("fastapi", &[FastApi]),
    ("starlette", &[Starlette]),
    ("uvicorn", &[FastApi, Starlette]),
    ("django", &[Django]),
    ("bottle", &[Bottle]),
    ("tornado", &[Tornado]),
    ("aiohttp", &[Aiohttp]),
];

/// Says of each package its folder and version, separated by a tab, or an empty line. No package is imported.
const PACKAGE_QUESTION: &str = "
import importlib.metadata, importlib.util, os, sys
for name in sys.argv[1:]:
    line = ''
    try:
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.origin:
            line = os.path.dirname(spec.origin) + '\\t'
            line += importlib.metadata.version(name)
    except Exception:
        pass
    print(line)
";

/// The runtimes and Python packages that this machine has or lacks, in a fixed order: Python with its packages, then
/// the others.
///
/// Each program is asked for its version, all at once and for at most twenty seconds; packages are looked for as a
/// submission would find them, without the user's own site packages.
#[must_use]
pub fn runtimes() -> Vec<Runtime> {
    runtimes_of(&SearchPath::of_this_process())
}

/// The same with the programs of these folders.
fn runtimes_of(search: &SearchPath) -> Vec<Runtime> {
    std::thread::scope(|scope| {
        let python = scope.spawn(|| python_and_packages(search));
        let others: Vec<_> = PROGRAMS.iter().map(|sought| scope.spawn(|| program(sought, search))).collect();
        let others = others.into_iter().filter_map(|answer| answer.join().ok());
        python.join().unwrap_or_default().into_iter().chain(others).collect()
    })
}

fn program(sought: &Sought, search: &SearchPath) -> Runtime {
    let found = search.find(sought.name).map(|path| {
        let version = ask(&path, sought.question, Path::new("/"), Wanted::FirstLine).and_then(|line| version_in(&line));
        Found { path, version }
    });
    let install = install_command(sought.name).unwrap_or_default();
    Runtime { name: sought.name, needed_for: sought.needed_for, found, install }
}

fn python_and_packages(search: &SearchPath) -> Vec<Runtime> {
    let interpreter = of_this_machine(Path::new("/"), search).ok().map(|found| found.program);
    let ask_python = |arguments: &[&str], wanted| ask(interpreter.as_deref()?, arguments, Path::new("/"), wanted);
    let version = ask_python(&["--version"], Wanted::FirstLine).and_then(|line| version_in(&line));
    let mut question = vec!["-I", "-c", PACKAGE_QUESTION];
    question.extend(PACKAGES.iter().map(|(name, _)| *name));
    let answer = ask_python(&question, Wanted::Everything).unwrap_or_default();
    let packages =
        PACKAGES.iter().zip(answer.lines().chain(std::iter::repeat(""))).map(|((name, needed_for), line)| {
            let install = format!("python3 -m pip install {name}");
            Runtime { name, needed_for, found: package(line), install }
        });
    let install = install_command("python3").unwrap_or_default();
    let found = interpreter.clone().map(|path| Found { path, version });
    std::iter::once(Runtime { name: "python3", needed_for: PYTHON, found, install }).chain(packages).collect()
}

/// A package by its line of the answer.
fn package(line: &str) -> Option<Found> {
    let (folder, version) = line.split_once('\t')?;
    Some(Found { path: folder.into(), version: version_in(version) })
}

/// The first word of a line that is a version: digits with dots, perhaps after a `v` or `go`.
fn version_in(line: &str) -> Option<String> {
    let words = line.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',' | '"'));
    words.map(|word| word.trim_start_matches("go").trim_start_matches('v')).find_map(|word| {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+' | '_' | '~');
        let is_version = word.starts_with(|c: char| c.is_ascii_digit()) && word.chars().all(plain) && word.len() < 64;
        is_version.then(|| word.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::submission::search_path::fake::machine;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    /// A machine whose programs are these shell scripts.
    fn machine_with(scripts: &[(&str, &str)]) -> (tempfile::TempDir, SearchPath) {
        let (folder, search) = machine(&[]);
        for (name, text) in scripts {
            let path = folder.path().join(name);
            fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        (folder, search)
    }

    fn version<'a>(runtimes: &'a [Runtime], name: &str) -> Option<&'a str> {
        let runtime = runtimes.iter().find(|runtime| runtime.name == name).unwrap();
        runtime.found.as_ref().and_then(|found| found.version.as_deref())
    }

    #[test]
    fn each_program_is_found_with_its_version_and_the_missing_ones_say_how_to_get_them() {
        let (folder, search) = machine_with(&[
            ("node", "echo v22.1.0"),
            ("go", "echo go version go1.22.5 linux/amd64"),
            ("javac", "echo javac 21.0.4"),
            ("php", "echo 'PHP 8.2.20 (cli) (built: Jun 11 2024)'"),
            ("ruby", "echo 'ruby 3.3.0p0 (2023-12-25 revision 5124f9ac75)'"),
            ("cargo", "exit 1"),
        ]);
        let found = runtimes_of(&search);
        let versions = ["node", "go", "javac", "php", "ruby", "cargo"].map(|name| version(&found, name));
        assert_eq!(versions, [Some("22.1.0"), Some("1.22.5"), Some("21.0.4"), Some("8.2.20"), Some("3.3.0p0"), None]);
        let of = |name: &str| found.iter().find(|runtime| runtime.name == name).unwrap();
        assert_eq!(of("cargo").found.as_ref().unwrap().path, folder.path().join("cargo"));
        assert_eq!(of("make").found, None);
        assert!(found.iter().all(|runtime| !runtime.install.is_empty() && !runtime.needed_for.is_empty()));
    }

    #[test]
    fn python_is_the_interpreter_behind_the_shim_with_its_packages() {
        let (folder, search) = machine_with(&[(
            "real",
            "case \"$1\" in --version) echo Python 3.12.1;; *) printf '/lib/flask\\t3.1.0\\n\\n\\n\\n/lib/dj\\t5.0\\n';; esac",
        )]);
        let real = folder.path().join("real");
        let shim = folder.path().join("python3");
        fs::write(&shim, format!("#!/bin/sh\necho '{}'\n", real.display())).unwrap();
        fs::set_permissions(&shim, fs::Permissions::from_mode(0o755)).unwrap();
        let found = runtimes_of(&search);
        assert_eq!(found[0].found, Some(Found { path: real, version: Some("3.12.1".to_owned()) }));
        let packages: Vec<_> = ["flask", "fastapi", "django", "bottle"].map(|name| version(&found, name)).into();
        assert_eq!(packages, [Some("3.1.0"), None, Some("5.0"), None]);
    }

    #[test]
    fn a_machine_with_nothing_lacks_everything() {
        let found = runtimes_of(&SearchPath::default());
        assert_eq!(found.len(), 1 + PACKAGES.len() + PROGRAMS.len());
        assert!(found.iter().all(|runtime| runtime.found.is_none()));
    }

    #[test]
    fn no_package_is_imported_to_find_out_whether_it_is_there() {
        // The interpreter that the other tests need too.
        let Some(python) = SearchPath::of_this_process().find("python3") else { panic!("install python3") };
        let arguments = ["-I", "-c", PACKAGE_QUESTION, "json", "antigravity", "no_such_package"];
        let answer = ask(&python, &arguments, Path::new("/"), Wanted::Everything).unwrap();
        let lines: Vec<&str> = answer.lines().collect();
        assert!(lines[0].contains("json\t"), "{answer}");
        assert_eq!((lines.len(), lines[2]), (3, ""));
        assert_eq!(package(lines[0]).unwrap().version, None);
    }
}
