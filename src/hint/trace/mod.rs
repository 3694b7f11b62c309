//! Errors in a program's log: tracebacks of Python, stacks of Node, panics of Go and Rust, and their like.
//!
//! Parsing only; which of the frames is the student's own is for `server_error` to say.

mod node;
mod others;
mod python;

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

/// An error as a program's log tells of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Trace {
    /// The kind of error without its module, such as `NameError`; empty where the language has none.
    pub(super) kind: String,
    /// What the error says, whole, on one line.
    pub(super) text: String,
    /// Where it came from; the innermost frame last.
    pub(super) frames: Vec<Frame>,
}

/// A place in a program, as the log names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Frame {
    /// The file, absolute or not.
    pub(super) file: String,
    /// The line, counted from 1.
    pub(super) line: u32,
    /// The function, where the log names it.
    pub(super) function: Option<String>,
}

impl Trace {
    /// Kind and text in one line, such as `NameError: name 'tme' is not defined`.
    pub(super) fn whole(&self) -> String {
        match (self.kind.as_str(), self.text.as_str()) {
            (kind, "") => kind.to_owned(),
            ("", text) => text.to_owned(),
            (kind, text) => format!("{kind}: {text}"),
        }
    }

    /// Whether it is an error of this kind whose text holds this.
    pub(super) fn is(&self, kind: &str, text: &str) -> bool {
        self.kind == kind && self.text.contains(text)
    }

    /// The first of the pattern's groups in the text.
    pub(super) fn find(&self, pattern: &Regex) -> Option<String> {
        pattern.captures(&self.text)?.get(1).map(|found| found.as_str().to_owned())
    }
}

/// The last error that a log tells of. Of several languages' wordings, the one that stands last in the text wins.
pub(super) fn last(log: &str) -> Option<Trace> {
    let log = plain(log);
    let found = [python::last(&log), node::last(&log), others::last(&log)];
    let latest = found.into_iter().flatten().max_by_key(|(at, _)| *at)?;
    Some(latest.1)
}

/// The traceback that a framework shows in its answer while debugging (Werkzeug's in a comment, Express' in `<pre>`).
pub(super) fn in_page(body: &str) -> Option<Trace> {
    let telling = ["Traceback (most recent call last)", "<br> &nbsp; &nbsp;at ", "\n    at "];
    if !telling.iter().any(|words| body.contains(words)) {
        return None;
    }
    let lines = body.replace("<br> &nbsp; &nbsp;", "\n    ").replace("<pre>", "\n").replace("</pre>", "\n");
    let text = html_escape::decode_html_entities(&lines).into_owned();
    // Werkzeug's page shows the traceback as mark-up first and as plain text, whole, in a comment at its end.
    last(text.rsplit_once("<!--").map_or(text.as_str(), |(_, comment)| comment)).or_else(|| last(&text))
}

/// The text without the terminal's colours.
fn plain(text: &str) -> Cow<'_, str> {
    static COLOUR: LazyLock<Regex> = LazyLock::new(|| compiled(r"\x1b?\[[0-9;]*m"));
    if text.contains('m') { COLOUR.replace_all(text, "") } else { Cow::Borrowed(text) }
}

/// A pattern of ours, known to compile: every one of them is used by a test.
pub(super) fn compiled(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a literal pattern compiles")
}

/// An error with the place in the log where it begins, so that the latest can be told.
type Found = Option<(usize, Trace)>;

fn number(digits: &str) -> u32 {
    digits.parse().unwrap_or_default()
}

#[cfg(test)]
mod tests;
