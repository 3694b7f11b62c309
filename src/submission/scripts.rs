//! Shell scripts, `Procfile`s, programs that the system starts itself, and `--command`.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::outcome::Problem;

use super::find::Match;
use super::interpreter::{self, folder_with_python};
use super::program::{Launch, Program, not_an_option};
use super::python::with_environment;
use super::search_path::{SearchPath, base_name, internal, is_executable, missing};
use super::text::{is_elf, read_source, read_start, readable, shebang};
use super::walk::{Form, is_bystander, is_file_within, list};
use super::{Kind, Options, Submission};

/// How large a script may be to be handed to a shell as an argument; the system allows 128 KiB.
const ARGUMENT_LIMIT: u64 = 96 * 1024;

/// `run.sh`, `start.sh` or a `Procfile` with a web process.
pub(crate) fn find_script(root: &Path) -> Option<Match> {
    let script = ["run.sh", "start.sh"].map(PathBuf::from).into_iter().find(|name| is_file_within(root, name));
    if let Some(script) = script {
        return Some((Some(script), Kind::Script));
    }
    let procfile = PathBuf::from("Procfile");
    let has_web = is_file_within(root, &procfile) && web_process(&read_source(&root.join(&procfile))).is_some();
    has_web.then_some((Some(procfile), Kind::Procfile))
}

/// The only file in a folder that the system can start itself.
pub(crate) fn find_executable(root: &Path) -> Option<Match> {
    let names = list(root).into_iter().filter(|entry| entry.form != Form::Folder).map(|entry| entry.path);
    let mut programs = names.filter(|name| {
        let may = is_executable(&root.join(name)) && !is_bystander(name.as_os_str());
        may && is_file_within(root, name) && is_program(root, name)
    });
    let first = programs.next()?;
    programs.next().is_none().then_some((Some(first), Kind::Executable))
}

/// Whether a file is machine code or has a `#!` line.
pub(crate) fn is_program(root: &Path, name: &Path) -> bool {
    let start = read_start(&root.join(name), 1024);
    is_elf(&start) || shebang(&start).is_some()
}

/// The command of a `Procfile`'s `web` process.
fn web_process(procfile: &str) -> Option<&str> {
    procfile.lines().find_map(|line| {
        let (name, command) = line.split_once(':')?;
        let command = command.trim();
        (name.trim() == "web" && !command.is_empty()).then_some(command)
    })
}

/// The commands that start a script, a `Procfile`, an executable file or what `--command` says.
pub(crate) fn launch(submission: &Submission, options: &Options, search: &SearchPath) -> Result<Launch, Problem> {
    let root = &submission.root;
    let entry = submission.entry.as_deref().unwrap_or(Path::new("run.sh"));
    let (program, text) = match (submission.kind, options.command) {
        (Kind::Command, Some(command)) => (from_command(root, command, search)?, command.to_owned()),
        (Kind::Procfile, _) => {
            let procfile = read_source(&root.join(entry));
            let command = web_process(&procfile).unwrap_or_default();
            (from_command(root, command, search)?, command.to_owned())
        }
        _ => (from_file(submission, entry, options, search)?, read_source(&root.join(entry))),
    };
    Ok(with_python(program, &text, submission, options, search).alone())
}

/// The same with the Python that the checker chooses first in `PATH`, if the text seems to use one.
fn with_python(
    program: Program,
    text: &str,
    submission: &Submission,
    options: &Options,
    search: &SearchPath,
) -> Program {
    if !["python", "flask", "uvicorn", "gunicorn"].iter().any(|name| text.contains(name)) {
        return program;
    }
    // Without a Python the script itself says what is missing.
    let Ok(interpreter) = interpreter::choose(submission, options.python, search) else { return program };
    let mut program = with_environment(program, &interpreter, search);
    if let Some(folder) = folder_with_python(&interpreter, search, options.scratch) {
        let path = search.with_first(&[interpreter.folder(), folder]);
        program.env.retain(|(name, _)| name != "PATH");
        program = program.env("PATH", path);
    }
    program
}

/// A command line: its words if it is plain, else by the shell.
pub(crate) fn from_command(root: &Path, command: &str, search: &SearchPath) -> Result<Program, Problem> {
    let words = if needs_shell(command) { Vec::new() } else { shell_words::split(command).unwrap_or_default() };
    let Some((first, rest)) = words.split_first() else {
        let shell = search.need("sh")?;
        return Ok(Program::new(root, shell, "sh").arg("-c").arg(command));
    };
    let program = if first.contains('/') {
        Path::new(first).to_owned()
    } else if matches!(first.as_str(), "python" | "python3" | "flask" | "gunicorn" | "uvicorn") {
        // Which one is meant is decided by the PATH that the program gets, not by ours.
        return shell_exec(root, &words, search);
    } else {
        search.find(first).ok_or_else(|| missing(first))?
    };
    Ok(Program::new(root, program, first).args(rest))
}

/// A plain command looked up by the shell in the program's own `PATH`; `exec` leaves no shell behind.
fn shell_exec(root: &Path, words: &[String], search: &SearchPath) -> Result<Program, Problem> {
    let shell = search.need("sh")?;
    let mut program = Program::new(root, shell, "sh").args(["-c", "exec \"$@\"", "sh"]).args(words);
    program.shown = words.to_vec();
    Ok(program)
}

/// Whether a command has anything in it that only a shell understands.
pub(crate) fn needs_shell(command: &str) -> bool {
    let first = command.split_whitespace().next().unwrap_or_default();
    let builtin = ["cd", "export", "exec", "source", ".", "set", "if", "for", "while", "ulimit", "umask", "eval"];
    command.contains(['|', '&', ';', '<', '>', '(', ')', '$', '`', '*', '?', '[', ']', '{', '}', '~', '#', '!', '\n'])
        || first.contains('=')
        || builtin.contains(&first)
}

/// A file that the system starts, or the interpreter of its `#!` line, or for a shell script without one `sh`.
fn from_file(
    submission: &Submission,
    entry: &Path,
    options: &Options,
    search: &SearchPath,
) -> Result<Program, Problem> {
    let root = &submission.root;
    let path = root.join(entry);
    let start = read_start(&path, 1024);
    let itself = Path::new(".").join(entry);
    if is_elf(&start) {
        let program = if is_executable(&path) { itself.clone() } else { executable_copy(&path, options.scratch)? };
        return Ok(Program::new(root, program, &readable(itself.as_os_str())));
    }
    let line = shebang(&start);
    let runs_itself = line.as_ref().is_some_and(|line| line.clean && is_executable(Path::new(&line.words[0])));
    let by_env = line.as_ref().is_some_and(|line| line.clean && !line.words[0].contains('/'));
    if is_executable(&path) && (runs_itself || by_env) {
        return Ok(Program::new(root, &itself, &readable(itself.as_os_str())));
    }
    let words = line.map_or_else(|| vec!["sh".to_owned()], |line| line.words);
    let name = base_name(&words[0]);
    if name.starts_with("python") {
        let python = interpreter::choose(submission, options.python, search)?;
        return Ok(Program::new(root, python.program, &python.shown).args(&words[1..]).file(entry));
    }
    let program = Some(PathBuf::from(&words[0])).filter(|path| path.is_absolute() && is_executable(path));
    let program = program.or_else(|| search.find(name)).ok_or_else(|| missing(name))?;
    let program = Program::new(root, program, name).args(&words[1..]);
    Ok(match windows_script(&path, name) {
        Some(text) => as_argument(program, &text, entry),
        None => program.file(entry),
    })
}

/// The text of a shell script with Windows line ends or a byte order mark, in the form that a shell understands.
fn windows_script(path: &Path, shell: &str) -> Option<OsString> {
    if !matches!(shell, "sh" | "bash" | "dash" | "zsh" | "ksh") {
        return None;
    }
    let bytes = read_start(path, ARGUMENT_LIMIT + 1);
    let unmarked = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let text: Vec<u8> = unmarked.iter().copied().filter(|&byte| byte != b'\r').collect();
    let fits = bytes.len() as u64 <= ARGUMENT_LIMIT && !text.contains(&0);
    (fits && text.len() < bytes.len()).then(|| OsString::from_vec(text))
}

/// The script as an argument; it still sees its own name as `$0`.
fn as_argument(program: Program, text: &OsStr, entry: &Path) -> Program {
    let shown = program.shown.clone();
    let file = not_an_option(entry);
    let mut program = program.arg("-c").arg(text).arg(&file);
    program.shown = shown;
    program.shown.push(readable(file.as_os_str()));
    program
}

/// A copy of machine code that lost its mode on the way here, as in an archive made on Windows.
fn executable_copy(path: &Path, scratch: &Path) -> Result<PathBuf, Problem> {
    let copy = scratch.join("program");
    let make = || {
        fs::copy(path, &copy)?;
        fs::set_permissions(&copy, fs::Permissions::from_mode(0o755))
    };
    make().map_err(|error| internal(&error))?;
    Ok(copy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::submission::reference;
    use crate::submission::search_path::fake::machine;

    #[test]
    fn the_web_process_of_a_procfile_is_found() {
        let cases = [
            ("web: python app.py\nworker: x", Some("python app.py")),
            ("worker: x\n  web:gunicorn app:app", Some("gunicorn app:app")),
            ("website: x", None),
            ("web:", None),
            ("# web: x", None),
        ];
        for (text, expected) in cases {
            assert_eq!(web_process(text), expected, "{text}");
        }
    }

    #[test]
    fn a_plain_command_needs_no_shell() {
        let (_programs, search) = machine(&["sh", "node", "my server"]);
        let shown = |command| from_command(Path::new("/s"), command, &search).map(|program| program.shown.join("|"));
        for (command, expected) in [
            ("node 'a b.js' --x", "node|a b.js|--x"),
            ("./server", "./server"),
            ("'my server' 1", "my server|1"),
            ("node server.js --port $PORT", "sh|-c|node server.js --port $PORT"),
            ("cd web && node x", "sh|-c|cd web && node x"),
            ("PORT=1 node x", "sh|-c|PORT=1 node x"),
            ("python app.py", "python|app.py"),
        ] {
            assert_eq!(shown(command).unwrap(), expected);
        }
        assert!(shown("deno run x").unwrap_err().message.to_string().contains("deno"));
    }

    /// The launch of one file with this content and mode, on a machine with these programs.
    fn of_file(name: &str, content: &[u8], mode: u32) -> Program {
        let (_programs, search) = machine(&["sh", "bash", "python3", "perl"]);
        let folder = tempfile::tempdir().unwrap();
        let scratch = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let options = Options { command: None, python: None, scratch: scratch.path() };
        let root = folder.path().to_owned();
        let submission = Submission { top: root.clone(), root, ..reference("/x".into()).0 };
        from_file(&submission, Path::new(name), &options, &search).unwrap()
    }

    #[test]
    fn a_script_runs_whatever_its_mode_and_line_ends() {
        for (name, content, mode, expected) in [
            ("run.sh", "echo", 0o644, "sh run.sh"),
            ("run.sh", "#!/usr/bin/env bash\necho", 0o644, "bash run.sh"),
            ("run.sh", "#!/bin/sh\necho", 0o755, "./run.sh"),
            ("run.sh", "#!/nowhere/bin/bash -e\necho", 0o755, "bash -e run.sh"),
            ("run.sh", "#!/bin/sh\r\necho\r\n", 0o755, "sh run.sh"),
            ("server", "#!/usr/bin/env python3\r\n", 0o755, "python3 server"),
            ("server", "\u{feff}#!/usr/bin/env perl\n", 0o755, "perl server"),
            ("-x.sh", "echo", 0o644, "sh ./-x.sh"),
            ("server", "\u{7f}ELF", 0o755, "./server"),
            ("server", "\u{7f}ELF", 0o644, "./server"),
        ] {
            assert_eq!(of_file(name, content.as_bytes(), mode).shown.join(" "), expected, "{content:?}");
        }
    }

    #[test]
    fn windows_line_ends_do_not_reach_the_shell() {
        let program = of_file("run.sh", b"\xef\xbb\xbfcd \"$(dirname \"$0\")\"\r\nexec x\r\n", 0o644);
        assert_eq!(program.argv[1..], ["-c", "cd \"$(dirname \"$0\")\"\nexec x\n", "run.sh"].map(OsString::from));
    }

    #[test]
    fn machine_code_without_its_mode_is_copied() {
        let program = of_file("server", b"\x7fELF", 0o600);
        assert!(Path::new(&program.argv[0]).is_absolute());
    }
}
