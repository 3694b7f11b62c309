//! Why a build or setup step failed.

use std::sync::LazyLock;

use regex::Regex;

use super::server_error::{own_path, shortened};
use super::startup::exit_message;
use super::trace::compiled;
use super::{BuildFailure, Log, Program};
use crate::message::Message;
use crate::outcome::{Blame, Problem, ProblemCode};

pub(super) fn failed(program: Program, command: &str, failure: BuildFailure, log: Log) -> Problem {
    if let Some(library) = missing_library(log) {
        return Problem {
            code: ProblemCode::RuntimeMissing,
            blame: Blame::Environment,
            message: Message::new("problem-library-missing").with("library", library).with("command", command),
            hint: Some(fetch(command)),
        };
    }
    let exit = match failure {
        BuildFailure::Ended(exit) => exit_message(exit),
        BuildFailure::TimedOut(seconds) => {
            let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
            let message = Message::new("problem-build-timeout").with("command", command).with("seconds", seconds);
            return problem(message, Message::new("hint-build-timeout").with("command", command));
        }
    };
    let base = |id: &'static str| Message::new(id).with("command", command).with("exit", exit.clone());
    match first_error(program, log) {
        Some(Place { file, line, error }) => {
            let line = i64::from(line);
            let message =
                base("problem-build-failed-at").with("error", error).with("file", file.clone()).with("line", line);
            problem(message, Message::new("hint-build-failed").with("file", file).with("line", line))
        }
        None => {
            problem(base("problem-build-failed"), Message::new("hint-build-failed-somewhere").with("command", command))
        }
    }
}

/// How the libraries come to this machine, or to this run: a build has no network of its own.
fn fetch(command: &str) -> Message {
    let setup = match command.split(' ').next() {
        Some("cargo") => "cargo fetch",
        Some("go") => "go mod download",
        _ => return Message::new("hint-fetch-libraries").with("command", command),
    };
    Message::new("hint-fetch-libraries-by").with("setup", setup)
}

fn problem(message: Message, hint: Message) -> Problem {
    Problem { code: ProblemCode::BuildFailed, blame: Blame::Submission, message, hint: Some(hint) }
}

/// Where a compiler found the first error, and what it says.
#[derive(Debug, PartialEq, Eq)]
struct Place {
    file: String,
    line: u32,
    error: String,
}

/// The first error of cargo, go, gcc, clang or javac.
fn first_error(program: Program, log: Log) -> Option<Place> {
    static RUST: LazyLock<Regex> = LazyLock::new(|| compiled(r"(?m)^error(?:\[\w+\])?: (.+)\n\s*--> (.+?):(\d+):\d+"));
    static OTHERS: LazyLock<Regex> =
        LazyLock::new(|| compiled(r"(?m)^(?:vet: )?(\S+\.\w+):(\d+):(?:\d+:)?[ \t]+(?:fatal )?(?:error: )?(.+)$"));
    let text = format!("{}\n{}", log.stderr, log.stdout);
    let place = |file: &str, line: &str, error: &str| {
        let shown = own_path(file, program).unwrap_or_else(|| shortened(file.trim_start_matches("./"), program.root));
        Place { file: shown, line: line.parse().unwrap_or_default(), error: shortened(error.trim(), program.root) }
    };
    if let Some(parts) = RUST.captures(&text) {
        return Some(place(&parts[2], &parts[3], &parts[1]));
    }
    let is_error = |parts: &regex::Captures| {
        let said = &parts[3];
        !said.starts_with("warning") && !said.starts_with("note") && !said.contains(": warning:")
    };
    let parts = OTHERS.captures_iter(&text).find(is_error)?;
    Some(place(&parts[1], &parts[2], &parts[3]))
}

/// A library that is declared and that this machine, without a network, does not have.
fn missing_library(log: Log) -> Option<String> {
    static RUST: LazyLock<Regex> = LazyLock::new(|| {
        compiled(
            r"(?s)no matching package named `([^`]+)` found|failed to (?:download|load source for dependency) `([^`]+)`|failed to get `([^`]+)` as a dependency",
        )
    });
    static GO: LazyLock<Regex> = LazyLock::new(|| {
        compiled(
            r"no required module provides package ([\w./-]+\.[\w./-]+)|(?m)^go: (?:downloading )?(\w+\.[\w./-]+)@\S+: .*(?:dial tcp|lookup|disabled|no such host)|cannot find module providing package (\w+\.[\w./-]+)",
        )
    });
    static JAVA: LazyLock<Regex> = LazyLock::new(|| {
        compiled(r"package ((?:org|io|spark|com\.google|com\.fasterxml|javax\.servlet|jakarta)[\w.]*) does not exist")
    });
    let texts = [log.stderr, log.stdout];
    let found = [&RUST, &GO, &JAVA].into_iter().find_map(|pattern| {
        texts.iter().find_map(|text| {
            pattern.captures(text)?.iter().skip(1).flatten().next().map(|name| name.as_str().to_owned())
        })
    });
    found.map(|name| name.split(' ').next().unwrap_or_default().to_owned())
}
