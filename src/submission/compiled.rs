//! Rust, Go and C submissions: what is built, and which program comes of it.
//!
//! Everything that a build makes goes into the scratch folder.

use std::path::{Path, PathBuf};

use toml::{Table, Value};

use crate::outcome::Problem;

use super::copy::copy;
use super::find::Match;
use super::program::{Launch, Program, not_an_option};
use super::search_path::{SearchPath, internal};
use super::text::{read_source, without_comments};
use super::walk::{Form, READ_LIMIT, ending, files_ending, is_bystander, is_file_within, list};
use super::{Kind, Options, Submission};

/// A `Cargo.toml`.
pub(crate) fn find_rust(root: &Path) -> Option<Match> {
    let manifest = PathBuf::from("Cargo.toml");
    is_file_within(root, &manifest).then_some((Some(manifest), Kind::Rust))
}

/// A `go.mod`, or Go files without one.
pub(crate) fn find_go(root: &Path) -> Option<Match> {
    let module = PathBuf::from("go.mod");
    if is_file_within(root, &module) {
        return Some((Some(module), Kind::Go));
    }
    (!files_ending(root, &["go"]).is_empty()).then_some((None, Kind::Go))
}

/// C or C++ files, one of which has a `main`.
pub(crate) fn find_c(root: &Path) -> Option<Match> {
    let files = files_ending(root, &["c", "cc", "cpp", "cxx"]);
    let has_main = |file: &PathBuf| without_comments(&read_source(&root.join(file))).contains("main");
    files.iter().take(READ_LIMIT).any(has_main).then_some((None, Kind::C))
}

/// The commands for a Rust submission: a crate, or one file alone.
pub(crate) fn launch_rust(submission: &Submission, options: &Options, search: &SearchPath) -> Result<Launch, Problem> {
    let root = &submission.root;
    let entry = submission.entry.as_deref().unwrap_or(Path::new("Cargo.toml"));
    if ending(entry).as_deref() == Some("rs") {
        let rustc = Program::new(root, search.need("rustc")?, "rustc").args(["--edition", "2021", "-o"]);
        return Ok(built(rustc.arg_shown(options.scratch.join("server"), "server").file(entry), options));
    }
    let cargo = search.need("cargo")?;
    // Cargo writes a missing lock file into the crate; then a copy is built.
    let locked = root.join("Cargo.lock").exists();
    let source = if locked { root.clone() } else { copy(root, options.scratch).map_err(|error| internal(&error))? };
    let target = options.scratch.join("target");
    let command = |verb: &str| Program::new(&source, &cargo, "cargo").arg(verb).env("CARGO_TARGET_DIR", &target);
    let run = match binary_name(root) {
        Some(name) => {
            let mut run = Program::new(root, target.join("debug").join(name), "cargo");
            run.shown.push("run".to_owned());
            run
        }
        None => command("run").arg("--quiet"),
    };
    Ok(Launch { build: vec![command("build")], run })
}

/// The name of the crate's only binary, or of the one that `cargo run` takes. None if only Cargo can tell.
fn binary_name(root: &Path) -> Option<String> {
    let manifest: Table = read_source(&root.join("Cargo.toml")).parse().ok()?;
    let package = manifest.get("package")?;
    let text = |value: Option<&Value>| Some(value?.as_str()?.to_owned());
    if let Some(name) = text(package.get("default-run")) {
        return Some(name);
    }
    let named = manifest.get("bin").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    // Cargo finds programs in `src/bin` by itself; with those, which one runs is Cargo's question.
    let found = list(&root.join("src/bin"));
    match (named, root.join("src/main.rs").exists(), found.as_slice()) {
        ([only], false, []) => text(only.get("name")),
        ([only], true, []) if text(only.get("path")).as_deref() == Some("src/main.rs") => text(only.get("name")),
        ([], true, []) => text(package.get("name")),
        ([], false, [only]) => only.path.file_stem()?.to_str().map(str::to_owned),
        _ => None,
    }
}

/// The commands for a Go submission: a module, files without one, or one file alone.
pub(crate) fn launch_go(submission: &Submission, options: &Options, search: &SearchPath) -> Result<Launch, Problem> {
    let root = &submission.root;
    // In a submission that lies in somebody's repository, Go would ask git about it and fail if it is not ours.
    let go = Program::new(root, search.need("go")?, "go").args(["build", "-buildvcs=false", "-o"]);
    let go = go.arg_shown(options.scratch.join("server"), "server");
    let go = match &submission.entry {
        Some(entry) if entry == Path::new("go.mod") => go.arg(main_package(root)),
        Some(file) => go.file(file),
        None => go.args(files_ending(root, &["go"]).iter().map(|file| not_an_option(file))),
    };
    Ok(built(go, options))
}

/// The folder of a module's `main` package, as `go build` takes it: the top, or the only one below `cmd` or the top.
fn main_package(root: &Path) -> String {
    let is_main = |folder: &Path| {
        files_ending(&root.join(folder), &["go"])
            .iter()
            .take(READ_LIMIT)
            .any(|file| without_comments(&read_source(&root.join(folder).join(file))).contains("package main"))
    };
    let below = |folder: &str| -> Vec<PathBuf> {
        let inner = list(&root.join(folder)).into_iter();
        let folders = inner.filter(|entry| entry.form == Form::Folder && !is_bystander(entry.path.as_os_str()));
        let paths = folders.map(|entry| Path::new(folder).join(entry.path)).take(READ_LIMIT);
        paths.filter(|folder| is_main(folder)).collect()
    };
    if is_main(Path::new("")) {
        return ".".to_owned();
    }
    match [below("cmd"), below("")].concat().as_slice() {
        [only] => format!("./{}", only.display()),
        _ => ".".to_owned(),
    }
}

/// The commands for a C or C++ submission: one file alone, or all files of a folder.
pub(crate) fn launch_c(submission: &Submission, options: &Options, search: &SearchPath) -> Result<Launch, Problem> {
    let root = &submission.root;
    let files = match &submission.entry {
        Some(file) => vec![file.clone()],
        None => files_ending(root, &["c", "cc", "cpp", "cxx"]),
    };
    let plain_c = files.iter().all(|file| ending(file).as_deref() == Some("c"));
    let compiler = if plain_c { "cc" } else { "c++" };
    let command = Program::new(root, search.need(compiler)?, compiler).args(["-O1", "-pthread", "-o"]);
    let command = command.arg_shown(options.scratch.join("server"), "server");
    // Libraries come last: the linker takes from them only what was asked for before.
    let command = command.args(files.iter().map(|file| not_an_option(file))).arg("-lm");
    Ok(built(command, options))
}

/// A build whose result is the program `server` in the scratch folder.
fn built(build: Program, options: &Options) -> Launch {
    let run = Program::new(&build.cwd, options.scratch.join("server"), "./server");
    Launch { build: vec![build], run }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn the_binary_of_a_crate_is_known_without_asking_cargo() {
        let package = "[package]\nname = 'cookie-server'\n";
        let cases = [
            (package.to_owned(), "src/main.rs", Some("cookie-server")),
            (format!("{package}default-run = 'b'\n"), "src/bin/a.rs", Some("b")),
            (format!("{package}[[bin]]\nname = 'web'\npath = 'web.rs'\n"), "web.rs", Some("web")),
            (format!("{package}[[bin]]\nname = 'web'\npath = 'src/main.rs'\n"), "src/main.rs", Some("web")),
            (package.to_owned(), "src/bin/only.rs", Some("only")),
            (package.to_owned(), "src/lib.rs", None),
            ("[workspace]\nmembers = ['a']\n".to_owned(), "a/src/main.rs", None),
            ("not toml".to_owned(), "src/main.rs", None),
        ];
        for (manifest, file, expected) in cases {
            let folder = tempfile::tempdir().unwrap();
            fs::write(folder.path().join("Cargo.toml"), &manifest).unwrap();
            let file = folder.path().join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, "").unwrap();
            assert_eq!(binary_name(folder.path()).as_deref(), expected, "{manifest}");
        }
    }

    #[test]
    fn the_main_package_of_a_module_is_found() {
        for (file, expected) in [("main.go", "."), ("cmd/web/main.go", "./cmd/web"), ("web/x.go", "./web")] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "// Package main\npackage main\n").unwrap();
            assert_eq!(main_package(folder.path()), expected);
        }
    }
}
