//! Ports that another program holds: never the student's fault.

use std::sync::LazyLock;

use regex::Regex;

use super::startup::Start;
use super::trace::compiled;
use super::{Log, sources};
use crate::message::Message;
use crate::outcome::{Blame, Problem, ProblemCode};

/// Whether a log tells of a port that is taken.
pub(super) fn told_in(log: &Log) -> bool {
    static TAKEN: LazyLock<Regex> = LazyLock::new(|| {
        compiled(
            r"(?i)address already in use|EADDRINUSE|is in use by another program|(?:port \d+|that port) is (?:already )?in use|only one usage of each socket address",
        )
    });
    // Most logs have none of these words, and to compile the expression takes longer than to look for them.
    let may = |text: &str| ["use", "USE", "sage"].iter().any(|word| text.contains(word));
    [log.stderr, log.stdout].into_iter().any(|text| may(text) && TAKEN.is_match(text))
}

/// The problem of a port that is taken, if the log tells of one.
pub(super) fn in_use(start: &Start, holders: &[(u16, String)]) -> Option<Problem> {
    if !told_in(&start.log) {
        return None;
    }
    let in_log = in_text(&start.log);
    let held = |port: &u16| holders.iter().any(|(held, _)| held == port);
    let in_sources = || sources_ports(start).into_iter().find(|port| holders.is_empty() || held(port));
    let only = if let [(port, _)] = holders { Some(*port) } else { None };
    let port = in_log.or_else(in_sources).or(only);
    let holder = holders.iter().find(|(held, _)| Some(*held) == port);
    let message = match (port, holder) {
        (Some(port), Some((_, holder))) => {
            Message::new("problem-port-held").with("port", text(port)).with("holder", holder.as_str())
        }
        (Some(port), None) => Message::new("problem-port-in-use").with("port", text(port)),
        (None, _) => Message::new("problem-some-port-in-use"),
    };
    let hint = match (port, holder) {
        (Some(port), Some(_)) => Message::new("hint-port-in-use").with("port", text(port)),
        // Nobody listens there any more: the system keeps a port for a minute after its connections.
        (Some(_), None) => Message::new("hint-port-still-in-use"),
        (None, _) => Message::new("hint-some-port-in-use"),
    };
    Some(Problem { code: ProblemCode::ExitedEarly, blame: Blame::Environment, message, hint: Some(hint) })
}

/// A port as text, so that no language groups its digits.
fn text(port: u16) -> String {
    port.to_string()
}

/// The port that a log names beside its complaint.
pub(super) fn in_text(log: &Log) -> Option<u16> {
    static PORT: LazyLock<Regex> = LazyLock::new(|| {
        compiled(
            r"(?i)\bport:? (\d{2,5})\b|(?:in use|EACCES|listen|bind|denied|for)[^\n]*?[:\]](\d{2,5})\b|', (\d{2,5})\)",
        )
    });
    let found = [log.stderr, log.stdout].into_iter().find_map(|text| {
        let mut lines = text.lines().filter(|line| {
            let line = line.to_lowercase();
            line.contains("in use") || line.contains("eaddrinuse") || line.contains("eacces") || line.contains("denied")
        });
        lines.find_map(|line| PORT.captures(line)?.iter().skip(1).flatten().next().map(|port| port.as_str().to_owned()))
    });
    found?.parse().ok()
}

/// The ports that the program's own text names, then the usual one of its kind.
fn sources_ports(start: &Start) -> Vec<u16> {
    static PORT: LazyLock<Regex> = LazyLock::new(|| {
        compiled(
            r#"(?i)(?:port\s*=\s*|bind\(\(.*?,\s*|listen\(\s*|["'][\w.]*:|Server\(\(.*?,\s*|InetSocketAddress\((?:.*?,\s*)?)(\d{2,5})"#,
        )
    });
    let code = sources::all_lines(start.program.sources).flat_map(|line| PORT.captures_iter(line.code));
    let mut ports: Vec<u16> = code.filter_map(|parts| parts[1].parse().ok()).collect();
    ports.extend(match start.program.kind {
        Some("flask") => Some(5000),
        Some("fastapi" | "starlette" | "django") => Some(8000),
        Some("bottle" | "aiohttp") => Some(8080),
        _ => None,
    });
    ports
}
