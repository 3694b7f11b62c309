//! Recognising a submission: the first kind that matches, never by executing anything.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::message::Message;
use crate::outcome::{Blame, Problem, ProblemCode};

use super::archive::{Refusal, Unpacked, is_archive, unpack};
use super::python::{Found, Only};
use super::text::readable;
use super::walk::{Form, ending, files_ending, is_bystander, is_file_within, is_litter, list, walk};
use super::{
    FindError, Given, Kind, Options, Submission, compiled, digest, interpreted, java, make, node, python, scripts,
};

/// What is looked for in a folder, for people who wonder what to name their program.
const LOOKED_FOR: &str = "`run.sh`, `start.sh`, `Procfile`, `app.py`, `main.py`, `server.py`, `package.json`, \
                          `server.js`, `Cargo.toml`, `go.mod`, `*.go`, `*.java`, `index.php`, `config.ru`, `app.rb`, \
                          `app.pl`, `Makefile`";

/// How many folders, each the only one in the one before, are entered.
const ENTER_LIMIT: usize = 3;

/// How many of a folder's names a message lists.
const SHOWN_NAMES: usize = 8;

/// What a folder or file turned out to be.
pub(crate) type Match = (Option<PathBuf>, Kind);

/// Finds out what the path is: what kind of program, and which file it starts with.
///
/// Names and source text are read, within bounds; nothing is executed, no link is followed out of the submission. An
/// archive is unpacked into the scratch folder; nothing else is written.
///
/// # Errors
/// [`FindError::Usage`] if the path cannot be read or the command is none; [`FindError::Problem`] with code `empty` or
/// `unrecognised` if there is nothing to start or an archive is broken, with `internal` if it cannot be unpacked for
/// want of disk.
pub fn find(path: &Path, options: &Options) -> Result<Submission, FindError> {
    let unreadable = |error: io::Error| unreadable(path, &error);
    let about = fs::metadata(path).map_err(unreadable)?;
    let shown = path.to_string_lossy().into_owned();
    if about.is_dir() {
        fs::read_dir(path).map_err(unreadable)?;
        return of_folder(shown, path.canonicalize().map_err(unreadable)?, options);
    }
    if !about.is_file() {
        return Err(FindError::Usage(Message::new("usage-path-special").with("path", readable(path.as_os_str()))));
    }
    fs::File::open(path).map_err(unreadable)?;
    if is_archive(path) {
        options.command.map_or(Ok(()), check_command)?;
        let unpacked = unpack(path, options.scratch).map_err(FindError::Problem)?;
        return of_archive(shown, unpacked, options);
    }
    let (root, name) = parent_and_name(path).map_err(unreadable)?;
    let kind = of_file(&root, &name, options)?;
    let (top, entry) = (root.clone(), Some(name));
    Ok(Submission { shown, root, top, entry, given: Given::File, kind, digest: digest(path) })
}

/// The submission in a folder, which is absolute and without links.
fn of_folder(shown: String, top: PathBuf, options: &Options) -> Result<Submission, FindError> {
    let (root, (entry, kind)) = in_folder(&top, options)?;
    let digest = digest(&top);
    Ok(Submission { shown, root, top, entry, given: Given::Folder, kind, digest })
}

/// The submission that an archive held. Its digest is that of the files, however they were packed.
fn of_archive(shown: String, unpacked: Unpacked, options: &Options) -> Result<Submission, FindError> {
    let archive = readable(Path::new(&shown).file_name().unwrap_or_default());
    let Unpacked { folder, links } = unpacked;
    match of_folder(shown, folder.clone(), options) {
        // Whoever says how to start it means the folder that was packed, whether or not its own name was packed too.
        Ok(found) if found.kind == Kind::Command => Ok(Submission { root: packed_folder(&folder), ..found }),
        Err(FindError::Problem(problem)) => {
            let refusal = missing_in(&folder, &links);
            Err(FindError::Problem(refusal.map_or(problem, |refusal| refusal.problem(&archive))))
        }
        other => other,
    }
}

/// The folder that was packed: the only thing in the archive, if that is a folder, else all of it.
fn packed_folder(unpacked: &Path) -> PathBuf {
    match list(unpacked).as_slice() {
        [only] if only.form == Form::Folder => unpacked.join(&only.path),
        _ => unpacked.to_owned(),
    }
}

/// Why nothing could be started in what an archive held, if the packing is to blame: what is there is an archive
/// again, or the program was a link.
fn missing_in(folder: &Path, links: &[PathBuf]) -> Option<Refusal> {
    if let [only] = walk(folder).as_slice()
        && is_archive(&only.path)
    {
        return Some(Refusal::Inside(readable(only.path.as_os_str())));
    }
    let of_the_student = |link: &&PathBuf| !link.iter().any(|part| is_litter(folder, part));
    links.iter().find(of_the_student).map(|link| Refusal::Link(readable(link.as_os_str())))
}

/// A path that is not there, or not for us to read.
fn unreadable(path: &Path, error: &io::Error) -> FindError {
    let path = readable(path.as_os_str());
    FindError::Usage(match error.kind() {
        io::ErrorKind::NotFound => Message::new("usage-path-missing").with("path", path),
        io::ErrorKind::PermissionDenied => Message::new("usage-path-denied").with("path", path),
        _ => Message::new("usage-path-unreadable").with("path", path).with("error", error.to_string()),
    })
}

/// The folder of a file, without links, and the file's name in it.
fn parent_and_name(path: &Path) -> io::Result<(PathBuf, PathBuf)> {
    let absolute = std::path::absolute(path)?;
    let name = absolute.file_name().map(PathBuf::from).unwrap_or_default();
    let parent = absolute.parent().unwrap_or(Path::new("/")).canonicalize()?;
    Ok((parent, name))
}

/// The kind of the one file that was given.
fn of_file(root: &Path, name: &Path, options: &Options) -> Result<Kind, FindError> {
    if let Some(command) = options.command {
        return check_command(command).map(|()| Kind::Command);
    }
    match kind_of_file(root, name) {
        Some(kind) => Ok(kind),
        None => Err(unrecognised(vec![name.to_owned()])),
    }
}

/// The kind of a file by its name, its `#!` line or its first bytes.
fn kind_of_file(root: &Path, name: &Path) -> Option<Kind> {
    let by_name = match name.to_str() {
        Some("Procfile") => Some(Kind::Procfile),
        Some("package.json") => Some(node::kind(root, name)),
        Some("Cargo.toml") => Some(Kind::Rust),
        Some("go.mod") => Some(Kind::Go),
        Some("config.ru") => Some(Kind::Ruby),
        Some(name) if make::NAMES.contains(&name) => Some(Kind::Make),
        _ => None,
    };
    by_name.or_else(|| {
        Some(match ending(name).as_deref() {
            Some("py" | "pyw") => python::kind(root, name),
            Some("js" | "mjs" | "cjs") => node::kind(root, name),
            Some("go") => Kind::Go,
            Some("rs") => Kind::Rust,
            Some("java" | "jar") => Kind::Java,
            Some("php") => Kind::Php,
            Some("rb" | "ru") => Kind::Ruby,
            Some("pl" | "psgi") => Kind::Perl,
            Some("c" | "cc" | "cpp" | "cxx") => Kind::C,
            Some("sh" | "bash") => Kind::Script,
            _ => return scripts::is_program(root, name).then_some(Kind::Executable),
        })
    })
}

/// The folder that the program runs in and what it is; the only folder in a folder is entered.
fn in_folder(top: &Path, options: &Options) -> Result<(PathBuf, Match), FindError> {
    if let Some(command) = options.command {
        check_command(command)?;
        return Ok((top.to_owned(), (None, Kind::Command)));
    }
    if walk(top).is_empty() {
        return Err(empty());
    }
    let mut root = top.to_owned();
    for _ in 0..=ENTER_LIMIT {
        if let Some(found) = recognise(&root)? {
            return Ok((root, found));
        }
        let Some(only) = only_folder(&root) else { break };
        root.push(only);
    }
    Err(nothing_in(top))
}

/// The folder's only folder that could hold a program.
fn only_folder(root: &Path) -> Option<PathBuf> {
    let mut folders = list(root)
        .into_iter()
        .filter(|entry| entry.form == Form::Folder && !is_bystander(entry.path.as_os_str()))
        .map(|entry| entry.path);
    let first = folders.next()?;
    folders.next().is_none().then_some(first)
}

/// What this folder is, by the first kind that matches.
fn recognise(root: &Path) -> Result<Option<Match>, FindError> {
    if let Some(found) = scripts::find_script(root) {
        return Ok(Some(found));
    }
    match python::find_server(root).or_else(|| python::find_in_packages(root)) {
        Some(Found::Server(entry)) => return Ok(Some(python_match(root, entry))),
        Some(Found::Several(paths)) => return Err(several(&paths)),
        None => {}
    }
    let other = node::find(root)
        .or_else(|| compiled::find_rust(root))
        .or_else(|| compiled::find_go(root))
        .or_else(|| java::find(root))
        .or_else(|| interpreted::find(root))
        .or_else(|| make::find(root, make::Wanted::RunTarget))
        .or_else(|| python::find_script(root, Only::ByName).map(|entry| python_match(root, entry)))
        .or_else(|| make::find(root, make::Wanted::Any))
        .or_else(|| compiled::find_c(root))
        .or_else(|| scripts::find_executable(root))
        .or_else(|| python::find_script(root, Only::Lonely).map(|entry| python_match(root, entry)))
        .or_else(|| lonely_shell_script(root));
    Ok(other)
}

fn python_match(root: &Path, entry: PathBuf) -> Match {
    let kind = python::kind(root, &entry);
    (Some(entry), kind)
}

/// The only shell script of a folder that has nothing else to start.
fn lonely_shell_script(root: &Path) -> Option<Match> {
    match files_ending(root, &["sh"]).as_slice() {
        [only] => Some((Some(only.clone()), Kind::Script)),
        _ => None,
    }
}

/// Whether `--command` can be a command at all.
fn check_command(command: &str) -> Result<(), FindError> {
    match shell_words::split(command) {
        Ok(words) if words.is_empty() => Err(FindError::Usage(Message::new("usage-command-empty"))),
        Ok(_) => Ok(()),
        // The shell itself may still understand it: a here-document, for example.
        Err(_) if command.contains('\n') => Ok(()),
        Err(_) => Err(FindError::Usage(Message::new("usage-command-quotes").with("command", command))),
    }
}

fn problem(code: ProblemCode, message: Message, hint: Message) -> FindError {
    FindError::Problem(Problem { code, blame: Blame::Submission, message, hint: Some(hint) })
}

fn empty() -> FindError {
    problem(ProblemCode::Empty, Message::new("problem-empty"), Message::new("hint-empty"))
}

fn archive(name: &Path) -> FindError {
    let message = Message::new("problem-archive").with("file", readable(name.as_os_str()));
    problem(ProblemCode::Unrecognised, message, Message::new("hint-unpack"))
}

fn several(paths: &[PathBuf]) -> FindError {
    let message = Message::new("problem-several-programs").with("found", quoted(&python::names(paths)));
    problem(ProblemCode::Unrecognised, message, Message::new("hint-name-one-program"))
}

/// Nothing in the folder could be started: it may hold an archive, else its names are listed.
fn nothing_in(top: &Path) -> FindError {
    let names: Vec<PathBuf> = list(top).into_iter().map(|entry| entry.path).collect();
    match names.as_slice() {
        [only] if is_archive(only) && is_file_within(top, only) => archive(only),
        _ => unrecognised(names),
    }
}

fn unrecognised(found: Vec<PathBuf>) -> FindError {
    let message = Message::new("problem-unrecognised").with("found", quoted(&python::names(&found)));
    if found.iter().any(|path| ending(path).is_some_and(|ending| ending == "ipynb")) {
        return problem(ProblemCode::Unrecognised, message, Message::new("hint-notebook"));
    }
    problem(ProblemCode::Unrecognised, message, Message::new("hint-unrecognised").with("looked-for", LOOKED_FOR))
}

/// Names between backticks, at most [`SHOWN_NAMES`].
fn quoted(names: &[String]) -> String {
    let mut shown: Vec<String> = names.iter().take(SHOWN_NAMES).map(|name| format!("`{name}`")).collect();
    if names.len() > SHOWN_NAMES {
        shown.push("…".to_owned());
    }
    shown.join(", ")
}

#[cfg(test)]
mod tests;
