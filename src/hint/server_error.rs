//! From an error in the log to a line of the submission. Paths of interpreters and libraries are never shown.

use std::sync::LazyLock;

use regex::Regex;

use super::trace::{Frame, Trace, compiled};
use super::{Program, ServerError, sources};

/// How much of an error is shown, in characters.
const SHOWN: usize = 200;

/// The error with the innermost place that is the submission's own.
pub(super) fn of(trace: &Trace, program: Program) -> ServerError {
    if let Some(error) = returned_nothing(trace, program) {
        return error;
    }
    let own = trace.frames.iter().rev().find_map(|frame| Some((own_path(&frame.file, program)?, frame)));
    ServerError {
        file: own.as_ref().map(|(path, _)| path.clone()),
        line: own.as_ref().map(|(_, frame)| frame.line),
        function: own.and_then(|(_, frame)| named(frame)),
        message: message(trace, program),
    }
}

/// The text of the error: its first sentence, without paths outside the submission.
pub(super) fn message(trace: &Trace, program: Program) -> String {
    shortened(first_sentence(&trace.whole()), program.root)
}

fn named(frame: &Frame) -> Option<String> {
    frame.function.clone().filter(|name| name != "<module>")
}

/// A view of Flask's that returned `None`: the traceback ends in Flask, the sources have the line.
fn returned_nothing(trace: &Trace, program: Program) -> Option<ServerError> {
    let name = view_without_response(trace)?;
    let functions = sources::functions(program.sources);
    let function = functions.iter().find(|function| function.name == name);
    let line = function.map(|function| function.returns().last().map_or(function.def, |(line, _)| *line));
    Some(ServerError {
        file: line.map(|line| line.file.to_owned()),
        line: line.map(|line| line.number),
        function: Some(name),
        message: message(trace, program),
    })
}

/// The name of the view that gave Flask no response, if that is the error.
pub(super) fn view_without_response(trace: &Trace) -> Option<String> {
    static VIEW: LazyLock<Regex> =
        LazyLock::new(|| compiled(r"^The view function for '(\w+)' did not return a valid response"));
    if trace.text.contains("but it was a") { None } else { trace.find(&VIEW) }
}

/// The path within the submission, if it is one of the submission's own files.
pub(super) fn own_path(path: &str, program: Program) -> Option<String> {
    const FOREIGN: [&str; 7] =
        ["site-packages/", "dist-packages/", "node_modules/", ".venv/", "/venv/", "vendor/", "node:"];
    if path.is_empty() || FOREIGN.iter().any(|part| path.contains(part)) {
        return None;
    }
    if let Some(inside) = below(path, program.root) {
        return Some(inside.to_owned());
    }
    let path = path.strip_prefix("./").unwrap_or(path);
    if path.starts_with(['/', '<']) {
        return None;
    }
    let known = program.sources.iter().find(|file| file.path == path || file.path.ends_with(&format!("/{path}")));
    known.map(|file| file.path.clone())
}

fn below<'p>(path: &'p str, root: &str) -> Option<&'p str> {
    if root.is_empty() { None } else { path.strip_prefix(root.trim_end_matches('/'))?.strip_prefix('/') }
}

/// Up to the first full stop that ends a sentence.
fn first_sentence(text: &str) -> &str {
    static END: LazyLock<Regex> = LazyLock::new(|| compiled(r"\.(?:\s|$)|; see https?:"));
    END.find(text).map_or(text, |end| &text[..end.start()])
}

/// The text with the submission's folder taken out of paths, and other absolute paths left out.
pub(super) fn shortened(text: &str, root: &str) -> String {
    static FOREIGN: LazyLock<Regex> = LazyLock::new(|| {
        compiled(concat!(
            r"\s*\(/(?:usr|home|root|opt|tmp|var|Users|nix|private|mnt|srv|work|Library)(?:/[^\s/):,']+)+\)",
            r"|/(?:usr|home|root|opt|tmp|var|Users|nix|private|mnt|srv|work|Library)(?:/[^\s/):,']+)*/([^\s/):,']+)"
        ))
    });
    let own =
        if root.is_empty() { text.to_owned() } else { text.replace(&format!("{}/", root.trim_end_matches('/')), "") };
    let clean = FOREIGN.replace_all(&own, "$1");
    let mut cut: String = clean.chars().take(SHOWN).collect();
    if cut.len() < clean.len() {
        cut.push('…');
    }
    cut
}
