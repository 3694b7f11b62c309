//! Node.js submissions: the start script or the file to run.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::outcome::Problem;

use super::find::Match;
use super::program::{Launch, Program};
use super::search_path::SearchPath;
use super::text::{read_source, without_comments_only};
use super::walk::{READ_LIMIT, files_ending, is_file_within};
use super::{Kind, Submission};

/// The names that a program usually has, the likeliest first, each with every ending that Node.js runs.
const STARTERS: [&str; 4] = ["server", "app", "index", "main"];

/// The endings of programs for Node.js.
const ENDINGS: [&str; 3] = ["js", "mjs", "cjs"];

/// A `package.json` with a start script or a main file, or else a file with a usual name, or the only one.
pub(crate) fn find(root: &Path) -> Option<Match> {
    let package_file = PathBuf::from("package.json");
    let package = if is_file_within(root, &package_file) { read_package(root) } else { Value::Null };
    if start_script(&package).is_some() {
        return Some((Some(package_file.clone()), kind(root, &package_file)));
    }
    let file = main_file(root, &package).or_else(|| usual_file(root)).or_else(|| only_server(root))?;
    let kind = kind(root, &file);
    Some((Some(file), kind))
}

/// Express or plain Node.js, by what the entry loads; for a `package.json`, by what it depends on.
pub(crate) fn kind(root: &Path, entry: &Path) -> Kind {
    let text = without_comments_only(&read_source(&root.join(entry)));
    let loads = if is_package(entry) {
        read_package(root).pointer("/dependencies/express").is_some()
    } else {
        ["require('express')", "require(\"express\")", "from 'express'", "from \"express\""]
            .iter()
            .any(|load| text.contains(load))
    };
    if loads { Kind::Express } else { Kind::Node }
}

fn is_package(entry: &Path) -> bool {
    entry.file_name() == Some(OsStr::new("package.json"))
}

fn read_package(root: &Path) -> Value {
    serde_json::from_str(&read_source(&root.join("package.json"))).unwrap_or_default()
}

/// What `npm start` would run: the start script, after `prestart` if there is one.
fn start_script(package: &Value) -> Option<String> {
    let script = |name: &str| package.pointer("/scripts")?.get(name)?.as_str().filter(|text| !text.trim().is_empty());
    let start = script("start")?;
    Some(script("prestart").map_or_else(|| start.to_owned(), |before| format!("{before} && {start}")))
}

/// The file that `"main"` names, with or without its ending, or the index of the folder that it names.
fn main_file(root: &Path, package: &Value) -> Option<PathBuf> {
    let named = Path::new(package.get("main")?.as_str()?.trim_start_matches("./"));
    let names = [named.to_owned(), with_suffix(named, ".js"), named.join("index.js")];
    names.into_iter().find(|file| is_file_within(root, file))
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn usual_file(root: &Path) -> Option<PathBuf> {
    let names = STARTERS.iter().flat_map(|stem| ENDINGS.map(|ending| PathBuf::from(format!("{stem}.{ending}"))));
    let here = names.filter(|file| is_file_within(root, file)).collect::<Vec<_>>();
    // A page's own script may have such a name too: what serves comes before what does not.
    here.iter().find(|file| serves(root, file)).or(here.first().filter(|_| !is_page(root))).cloned()
}

/// The only file that looks like a server.
fn only_server(root: &Path) -> Option<PathBuf> {
    let mut servers = files_ending(root, &ENDINGS).into_iter().take(READ_LIMIT).filter(|file| serves(root, file));
    let first = servers.next()?;
    servers.next().is_none().then_some(first)
}

fn serves(root: &Path, file: &Path) -> bool {
    let text = without_comments_only(&read_source(&root.join(file)));
    text.contains(".listen(") || text.contains("createServer(") || text.contains("serve(")
}

/// Whether the folder's scripts may be those of a web page that another program serves.
fn is_page(root: &Path) -> bool {
    ["index.html", "index.php", "Cargo.toml", "go.mod", "config.ru"].iter().any(|name| root.join(name).exists())
}

/// The command that starts a Node.js submission.
///
/// A start script is run by the shell with the packages' own commands in `PATH`, as npm does, but without npm: that
/// costs 300 ms, and npm stands between the program and its signals and exit code.
pub(crate) fn launch(submission: &Submission, search: &SearchPath) -> Result<Launch, Problem> {
    let root = &submission.root;
    let entry = submission.entry.as_deref().unwrap_or(Path::new("server.js"));
    let node = search.need("node")?;
    if !is_package(entry) {
        return Ok(Program::new(root, node, "node").file(entry).alone());
    }
    let package = read_package(root);
    let path = search.with_first(&[root.join("node_modules/.bin")]);
    let program = match (start_script(&package), main_file(root, &package)) {
        (Some(script), _) => {
            let mut program = Program::new(root, search.need("sh")?, "npm").arg("-c").arg(script);
            program.shown = vec!["npm".to_owned(), "start".to_owned()];
            program.env("npm_lifecycle_event", "start")
        }
        (None, Some(file)) => Program::new(root, node, "node").file(&file),
        (None, None) => Program::new(root, node, "node").arg("."),
    };
    Ok(program.env("PATH", path).alone())
}
