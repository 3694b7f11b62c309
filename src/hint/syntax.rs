//! Programs that their language cannot read.

use super::startup::Start;
use crate::message::Message;

/// Punctuation of Chinese keyboards that stands for a program's own.
const FULLWIDTH: [char; 14] = ['（', '）', '“', '”', '‘', '’', '，', '：', '；', '。', '【', '】', '！', '＝'];

pub(super) fn hint(start: &Start) -> Option<Message> {
    let error = start.error.as_ref()?;
    let id = match error.kind.as_str() {
        "IndentationError" | "TabError" => "hint-indentation-error",
        "SyntaxError" if error.text.starts_with("Non-UTF-8 code") || error.text.contains("codec can't decode") => {
            "hint-source-encoding"
        }
        "SyntaxError" => return Some(of_syntax(start)),
        _ if error.text.starts_with("syntax error") => return Some(of_syntax(start)),
        _ => return None,
    };
    Some(placed(id, start))
}

fn of_syntax(start: &Start) -> Message {
    let fullwidth = start.error.as_ref().and_then(|error| {
        let named = FULLWIDTH.iter().copied().find(|mark| error.text.contains(*mark));
        let is_character = error.text.starts_with("invalid") || error.text.starts_with("Invalid");
        named
            .or_else(|| start.line().and_then(|line| line.code.chars().find(|c| FULLWIDTH.contains(c))))
            .filter(|_| is_character)
    });
    match fullwidth {
        Some(mark) => placed("hint-fullwidth-punctuation", start).with("mark", mark.to_string()),
        None => placed("hint-syntax-error", start),
    }
}

/// The hint with the place that the error names.
fn placed(id: &'static str, start: &Start) -> Message {
    let place = start.error.as_ref().map(|error| super::server_error::of(error, start.program));
    let place = match place.and_then(|place| Some((place.file?, place.line?))) {
        Some((file, line)) => Message::new("place-line").with("file", file).with("line", i64::from(line)),
        None => Message::new("place-program"),
    };
    Message::new(id).with("place", place)
}
