//! Node's stacks.

use std::sync::LazyLock;

use regex::Regex;

use super::{Found, Frame, Trace, compiled, number};

/// The last error of the log that has a stack.
pub(super) fn last(log: &str) -> Found {
    static ERROR: LazyLock<Regex> = LazyLock::new(|| {
        compiled(r"(?m)^(?:Uncaught )?(?:[a-z]+: )?([A-Z]\w*Error|Error)(?: \[\w+\])?: (.+)\n(?:.*\n){0,6}?\s+at ")
    });
    let parts = ERROR.captures_iter(log).last()?;
    let whole = parts.get(0)?;
    let stack_at = parts.get(2)?.end();
    let mut frames: Vec<Frame> =
        log[stack_at..].lines().skip_while(|line| !line.trim_start().starts_with("at ")).map_while(frame).collect();
    frames.reverse();
    frames.extend(syntax_place(&log[..whole.start()]).filter(|_| &parts[1] == "SyntaxError"));
    let text = parts[2].trim().to_owned();
    Some((whole.start(), Trace { kind: parts[1].to_owned(), text, frames }))
}

fn frame(line: &str) -> Option<Frame> {
    static FRAME: LazyLock<Regex> =
        LazyLock::new(|| compiled(r"^\s+at (?:async )?(?:(.+?) \()?(?:file://)?([^()]+?):(\d+):\d+\)?"));
    if !line.trim_start().starts_with("at ") {
        return None;
    }
    let Some(parts) = FRAME.captures(line) else { return Some(Frame::default()) };
    // `Server.<anonymous>` and `Object.<anonymous>` are no names that a student gave.
    let function = parts.get(1).map(|name| name.as_str().to_owned()).filter(|name| !name.contains('<'));
    Some(Frame { file: parts[2].to_owned(), line: number(&parts[3]), function })
}

/// A syntax error's place stands in a line of its own, some lines before the error.
fn syntax_place(before: &str) -> Option<Frame> {
    static PLACE: LazyLock<Regex> = LazyLock::new(|| compiled(r"(?m)^(?:file://)?(/.+):(\d+)$"));
    let parts = PLACE.captures_iter(before).last()?;
    Some(Frame { file: parts[1].to_owned(), line: number(&parts[2]), function: None })
}
