//! Errors of Go, Rust, Java, PHP, Ruby and Perl.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::{Found, Frame, Trace, compiled, number};

/// How one language words an error, and how its parts are read.
struct Wording {
    pattern: &'static LazyLock<Regex>,
    read: fn(&Captures, &str) -> Trace,
}

static GO: LazyLock<Regex> = LazyLock::new(|| compiled(r"(?m)^(?:.*http: panic serving [^ ]+: |panic: )(.+)$"));
static RUST: LazyLock<Regex> =
    LazyLock::new(|| compiled(r"(?m)^thread '.*' (?:\(\d+\) )?panicked at ([^:\n']+):(\d+):\d+:\n(.+)$"));
static JAVA: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r#"(?m)^(?:Exception in thread ".*" |Caused by: )?((?:[a-z]\w*\.)+[A-Z]\w*)(?:: (.*))?\n(?:\s+at |\s+\.\.\.)"#,
    )
});
static PHP: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"(?m)PHP (?:Fatal error|Parse error|Warning|Notice|Deprecated):\s+(?:Uncaught )?(.+?) in (\S.*?)(?: on line |:)(\d+)\s*$",
    )
});
static RUBY: LazyLock<Regex> =
    LazyLock::new(|| compiled(r"(?m)^\s*(?:[\w ]+: )?(\S+?\.(?:rb|ru)):(\d+):in [`'](.+?)': (.+?) \(([A-Z][\w:]+)\)"));
static PERL: LazyLock<Regex> = LazyLock::new(|| compiled(r"(?m)^(.+?) at (\S+\.(?:pl|pm|psgi)) line (\d+)\.$"));

const WORDINGS: [Wording; 6] = [
    Wording { pattern: &GO, read: go },
    Wording { pattern: &RUST, read: |parts, _| placed("", &parts[3], &parts[1], &parts[2]) },
    Wording { pattern: &JAVA, read: java },
    Wording { pattern: &PHP, read: |parts, _| placed("", &parts[1], &parts[2], &parts[3]) },
    Wording { pattern: &RUBY, read: ruby },
    Wording { pattern: &PERL, read: |parts, _| placed("", &parts[1], &parts[2], &parts[3]) },
];

/// The last error of the log in any of these languages.
pub(super) fn last(log: &str) -> Found {
    let found = WORDINGS.iter().filter_map(|wording| {
        let parts = wording.pattern.captures_iter(log).last()?;
        let whole = parts.get(0)?;
        Some((whole.start(), (wording.read)(&parts, &log[whole.start()..])))
    });
    found.max_by_key(|(at, _)| *at)
}

fn placed(kind: &str, text: &str, file: &str, line: &str) -> Trace {
    let frame = Frame { file: file.to_owned(), line: number(line), function: None };
    Trace { kind: kind.to_owned(), text: text.trim().to_owned(), frames: vec![frame] }
}

fn go(parts: &Captures, rest: &str) -> Trace {
    static FRAME: LazyLock<Regex> = LazyLock::new(|| compiled(r"(?m)^(\S.*?)\(.*\)\n\t(.+\.go):(\d+)"));
    let named = |name: &str| name.rsplit('.').next().map(str::to_owned).filter(|name| !name.starts_with("func"));
    let frames = FRAME.captures_iter(rest).map(|parts| Frame {
        file: parts[2].to_owned(),
        line: number(&parts[3]),
        function: named(&parts[1]),
    });
    let mut frames: Vec<_> = frames.collect();
    frames.reverse();
    Trace { kind: "panic".to_owned(), text: parts[1].trim().to_owned(), frames }
}

fn java(parts: &Captures, rest: &str) -> Trace {
    static FRAME: LazyLock<Regex> = LazyLock::new(|| compiled(r"^\s+at (?:.*/)?([\w.$<>]+)\(([\w]+\.java):(\d+)\)"));
    let stack = rest.lines().skip(1).take_while(|line| line.starts_with(['\t', ' ']));
    let frames = stack.filter_map(|line| FRAME.captures(line)).map(|parts| Frame {
        file: parts[2].to_owned(),
        line: number(&parts[3]),
        function: parts[1].rsplit('.').next().map(str::to_owned).filter(|name| !name.starts_with(['<', 'l'])),
    });
    let mut frames: Vec<_> = frames.collect();
    frames.reverse();
    let kind = parts[1].rsplit('.').next().unwrap_or_default().to_owned();
    Trace { kind, text: parts.get(2).map_or("", |text| text.as_str()).to_owned(), frames }
}

fn ruby(parts: &Captures, rest: &str) -> Trace {
    static FRAME: LazyLock<Regex> =
        LazyLock::new(|| compiled(r"(?m)^\s+(?:\d+: )?(?:from )?(\S+?\.(?:rb|ru)):(\d+):in [`'](.+?)'"));
    let function = |name: &str| Some(name.to_owned()).filter(|name| !name.contains('<'));
    let frames = FRAME.captures_iter(rest).map(|parts| Frame {
        file: parts[1].to_owned(),
        line: number(&parts[2]),
        function: function(&parts[3]),
    });
    let mut frames: Vec<_> = frames.collect();
    frames.reverse();
    frames.push(Frame { file: parts[1].to_owned(), line: number(&parts[2]), function: function(&parts[3]) });
    Trace { kind: parts[5].to_owned(), text: parts[4].to_owned(), frames }
}
