//! A session at a terminal: commands and what they print.

use std::io::{BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::page::copy;
use crate::support::checker::CHECKER;
use crate::support::{network, root, runtimes};

/// A shell in a folder.
pub(super) struct Session {
    folder: PathBuf,
    locale: &'static str,
    /// How the last command ended, for `$?`.
    code: i32,
    /// What is done while the next `checker watch` is watching: files, and what they become.
    pub(super) edits: Vec<(String, String)>,
}

/// What came of a block.
pub(super) struct Ran {
    /// The block with what was printed.
    pub(super) text: String,
    /// What differs from the block, if anything does.
    pub(super) wrong: Option<String>,
}

impl Session {
    pub(super) fn new(folder: &Path, chinese: bool) -> Self {
        let locale = if chinese { "zh_CN.UTF-8" } else { "C.UTF-8" };
        Self { folder: folder.to_owned(), locale, code: 0, edits: Vec::new() }
    }

    /// Runs each command of a block, and compares.
    pub(super) fn run(&mut self, block: &str) -> Ran {
        let (mut text, mut wrong) = (String::new(), Vec::new());
        for part in commands(block) {
            let (command, expected) = part.split_once('\n').unwrap_or((part, ""));
            let printed = self.command(command.trim_start_matches("$ "));
            if !matches(&lines(expected), &lines(&printed)) {
                wrong.push(format!("{command}\n--- the page says\n{expected}--- it prints\n{printed}"));
            }
            text.push_str(&format!("{command}\n{printed}"));
            if expected.ends_with("\n\n") && !printed.ends_with("\n\n") {
                text.push('\n');
            }
        }
        Ran { text, wrong: Some(wrong.join("\n")).filter(|wrong| !wrong.is_empty()) }
    }

    /// Everything that a command prints, on either stream, in the order in which it comes.
    fn command(&mut self, command: &str) -> String {
        let (read, write) = std::io::pipe().unwrap();
        let mut read = BufReader::new(read);
        let mut child = {
            let mut shell = Command::new("sh");
            // `exec` where the command is one alone, so that a signal reaches it.
            let exec = if command.starts_with("checker watch") { "exec " } else { "" };
            shell.arg("-c").arg(format!("(exit {})\n{exec}{command}", self.code)).current_dir(&self.folder);
            shell
                .env("LC_ALL", self.locale)
                .env("PATH", path())
                .env_remove("NO_COLOR")
                .stdin(std::process::Stdio::null());
            network::own(&mut shell).stdout(write.try_clone().unwrap()).stderr(write);
            shell.spawn().unwrap_or_else(|error| panic!("{}", network::explain(&error)))
        };
        let mut text = String::new();
        if command.starts_with("checker watch") {
            for (to, from) in self.edits.drain(..) {
                until_idle(&mut read, &mut text);
                copy(&root().join(from), &self.folder.join(to));
            }
            until_idle(&mut read, &mut text);
            kill(Pid::from_raw(child.id().try_into().unwrap()), Signal::SIGINT).unwrap();
        }
        read.read_to_string(&mut text).unwrap();
        self.code = child.wait().unwrap().code().unwrap_or(-1);
        let own = self.folder.canonicalize().unwrap();
        text.replace(own.to_str().unwrap(), "/home/ann")
    }
}

/// Reads up to the line that says that nothing happens until somebody saves.
fn until_idle(read: &mut impl std::io::BufRead, text: &mut String) {
    let mut line = String::new();
    while !line.contains("Ctrl-C") {
        line.clear();
        assert_ne!(read.read_line(&mut line).unwrap(), 0, "it ended:\n{text}");
        text.push_str(&line);
    }
}

/// The parts of a block that begin with a command.
fn commands(block: &str) -> Vec<&str> {
    let starts = |&(at, _): &(usize, &str)| at == 0 || block[..at].ends_with('\n');
    let mut places: Vec<_> = block.match_indices("$ ").filter(starts).map(|(at, _)| at).collect();
    assert!(places.first() == Some(&0), "a console block begins with `$ ` and a command:\n{block}");
    places.push(block.len());
    places.windows(2).map(|pair| &block[pair[0]..pair[1]]).collect()
}

fn path() -> std::ffi::OsString {
    let own = [runtimes::python(), Path::new(CHECKER)].map(|program| program.parent().unwrap().to_owned());
    let inherited = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths(own.into_iter().chain(std::env::split_paths(&inherited))).unwrap()
}

/// The lines of a text, without what is different each time: the values that a seed draws, times, the seed.
fn lines(text: &str) -> Vec<String> {
    let seeded = regex::Regex::new(r"\b[A-Z][a-z][0-9][A-Za-z0-9]{9}\b").unwrap();
    let time = regex::Regex::new(r"\d+(\.\d+)? ms|(about|up to) \d+ (s|min)").unwrap();
    let date = regex::Regex::new(r"[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}").unwrap();
    let seed = regex::Regex::new(r"seed \d+").unwrap();
    let text = seeded.replace_all(text, "VALUE");
    let text = time.replace_all(&text, "N ms");
    let text = date.replace_all(&text, "DATE");
    let text = seed.replace_all(&text, "seed N");
    text.trim_end().lines().map(|line| line.trim_end().to_owned()).collect()
}

/// Whether lines are as expected; `...` stands for any lines, `[..]` for any text in a line.
fn matches(expected: &[String], printed: &[String]) -> bool {
    match (expected, printed) {
        ([], []) => true,
        ([any, rest @ ..], _) if any == "..." => (0..=printed.len()).any(|skip| matches(rest, &printed[skip..])),
        ([first, rest @ ..], [line, more @ ..]) => {
            let pattern = first.split("[..]").map(regex::escape).collect::<Vec<_>>().join(".*");
            regex::Regex::new(&format!("^{pattern}$")).unwrap().is_match(line) && matches(rest, more)
        }
        _ => false,
    }
}

#[test]
fn an_example_that_is_not_so_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let mut session = Session::new(folder.path(), false);
    assert!(session.run("$ echo a; echo b\na\nb\n$ false\n$ echo $?\n1\n").wrong.is_none());
    assert!(session.run("$ seq 9\n1\n...\n9\n$ echo 'at 10:59'\nat [..]\n").wrong.is_none());
    for wrong in ["$ echo a\nb\n", "$ echo a\n", "$ true\na\n", "$ seq 9\n1\n...\n8\n", "$ seq 3\n1\n2\n3\n4\n"] {
        assert!(session.run(wrong).wrong.is_some(), "{wrong}");
    }
}
