//! PHP, Ruby and Perl submissions.

use std::path::{Path, PathBuf};

use crate::outcome::Problem;

use super::find::Match;
use super::program::{Launch, Program, not_an_option};
use super::search_path::{SearchPath, missing};
use super::text::{read_source, without_comments};
use super::walk::{ending, files_ending, is_file_within};
use super::{Kind, Submission};

/// Where PHP's own server listens; it has no default.
const PHP_ADDRESS: &str = "127.0.0.1:8000";

/// Files that PHP's own server takes for a request that names no file, and folders where they may be.
const PHP_PLACES: [&str; 3] = ["index.php", "public/index.php", "web/index.php"];

/// A PHP, Ruby or Perl program.
pub(crate) fn find(root: &Path) -> Option<Match> {
    let is_there = |file: &PathBuf| is_file_within(root, file);
    let usual = |names: &[&str]| names.iter().map(PathBuf::from).find(is_there);
    let only = |name: &str| match files_ending(root, &[name]).as_slice() {
        [only] => Some(only.clone()),
        _ => None,
    };
    let php = || {
        usual(&["router.php"]).or_else(|| usual(&PHP_PLACES)).or_else(|| usual(&["server.php", "app.php", "main.php"]))
    };
    let ruby = || usual(&["config.ru", "app.rb", "server.rb", "main.rb"]);
    let perl = || usual(&["app.pl", "server.pl", "main.pl", "app.psgi"]);
    let found = |file: Option<PathBuf>, kind: Kind| Some((Some(file?), kind));
    found(php().or_else(|| only("php")), Kind::Php)
        .or_else(|| found(ruby().or_else(|| only("rb")), Kind::Ruby))
        .or_else(|| found(perl().or_else(|| only("pl")), Kind::Perl))
}

/// The command for a PHP submission.
///
/// For a path that names no file, PHP's own server runs `index.php` of the document root, so that a program which looks
/// at `REQUEST_URI` answers `/get` without being named as router. Any other file has to be named: it then gets every
/// request. (PHP manual, "Built-in web server".)
pub(crate) fn launch_php(submission: &Submission, search: &SearchPath) -> Result<Launch, Problem> {
    let root = &submission.root;
    let entry = submission.entry.as_deref().unwrap_or(Path::new("index.php"));
    let php = Program::new(root, search.need("php")?, "php");
    if serves_itself(root, entry) {
        return Ok(php.file(entry).alone());
    }
    let php = php.args(["-S", PHP_ADDRESS, "-t"]);
    let folder = entry.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let public = root.join("public").is_dir() && folder == Path::new(".");
    let is_index = entry.file_name().is_some_and(|name| name == "index.php");
    Ok(match is_index {
        true => php.arg(folder),
        false => php.arg(if public { Path::new("public") } else { folder }).file(entry),
    }
    .alone())
}

/// Whether a PHP program opens a port of its own.
fn serves_itself(root: &Path, entry: &Path) -> bool {
    let text = without_comments(&read_source(&root.join(entry)));
    ["stream_socket_server", "socket_create", "socket_listen", "Swoole\\", "Workerman\\", "React\\", "Amp\\"]
        .iter()
        .any(|word| text.contains(word))
}

/// The command for a Ruby submission. A `config.ru` needs a program that reads it.
pub(crate) fn launch_ruby(submission: &Submission, search: &SearchPath) -> Result<Launch, Problem> {
    let root = &submission.root;
    let entry = submission.entry.as_deref().unwrap_or(Path::new("app.rb"));
    if ending(entry).as_deref() == Some("ru") {
        let (program, name) = search.find_any(&["rackup", "puma"]).ok_or_else(|| missing("rackup"))?;
        return Ok(Program::new(root, program, name).file(entry).alone());
    }
    Ok(Program::new(root, search.need("ruby")?, "ruby").file(entry).alone())
}

/// The command for a Perl submission. A Mojolicious program that does not say so itself is told to serve.
pub(crate) fn launch_perl(submission: &Submission, search: &SearchPath) -> Result<Launch, Problem> {
    let root = &submission.root;
    let entry = submission.entry.as_deref().unwrap_or(Path::new("app.pl"));
    if ending(entry).as_deref() == Some("psgi") {
        return Ok(Program::new(root, search.need("plackup")?, "plackup").arg(not_an_option(entry)).alone());
    }
    let perl = Program::new(root, search.need("perl")?, "perl").file(entry);
    let text = without_perl_comments(&read_source(&root.join(entry)));
    let bare_start = ["app->start;", "app->start();", "start_app;"].iter().any(|call| text.contains(call));
    let is_mojolicious = text.contains("Mojolicious") && (bare_start || text.contains("start_app("));
    Ok(if is_mojolicious { perl.arg("daemon") } else { perl }.alone())
}

/// Perl without the lines that are comments or documentation, and without blanks before signs.
fn without_perl_comments(source: &str) -> String {
    let mut in_pod = false;
    let mut code = String::new();
    for line in source.lines() {
        match line {
            "__END__" | "__DATA__" => break,
            _ if line.starts_with("=cut") => in_pod = false,
            _ if line.starts_with('=') => in_pod = true,
            _ if in_pod || line.trim_start().starts_with('#') => {}
            _ => code.push_str(line.trim()),
        }
        code.push('\n');
    }
    code.replace(" ;", ";")
}
