//! Texts of a submission, made safe to show: nothing in them moves a cursor, rings a bell or turns text round.

use std::borrow::Cow;

/// The text with every control character written out, such as `\x1b`; line ends and tabs become spaces.
#[must_use]
pub fn line(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '\n' | '\t' => safe.push(' '),
            '\r' => {}
            other if is_unsafe(other) => safe.push_str(&written_out(other)),
            other => safe.push(other),
        }
    }
    Cow::Owned(safe)
}

/// As [`line`], for a log: each line on its own, without the colours that servers like Werkzeug write even where
/// no terminal is.
pub(crate) fn log_lines(text: &str) -> impl Iterator<Item = String> {
    text.lines().map(|text| line(&without_colours(text)).into_owned())
}

/// The text without ECMA-48's SGR sequences (`ESC [`, digits and `;`, `m`), which only colour.
fn without_colours(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("\x1b[") {
        let inside = &rest[start + 2..];
        let end = inside.find(|c: char| !c.is_ascii_digit() && c != ';');
        let (kept, next) = match end {
            Some(end) if inside[end..].starts_with('m') => (start, start + 2 + end + 1),
            _ => (start + 2, start + 2),
        };
        plain.push_str(&rest[..kept]);
        rest = &rest[next..];
    }
    plain + rest
}

fn written_out(character: char) -> String {
    match u32::from(character) {
        code @ 0..=0xff => format!("\\x{code:02x}"),
        code => format!("\\u{{{code:04x}}}"),
    }
}

/// C0 and C1 controls, and the marks that reorder or hide text (Unicode's Bidi_Control, zero-width
/// characters, line and paragraph separators, the byte order mark, tags), and what no XML document may hold.
fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}'..='\u{ffff}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_are_written_out() {
        assert_eq!(line("\x1b[2Ja\x07\u{9b}1m"), "\\x1b[2Ja\\x07\\x9b1m");
    }

    #[test]
    fn text_that_would_turn_round_is_written_out() {
        assert_eq!(line("a\u{202e}b\u{2066}c"), "a\\u{202e}b\\u{2066}c");
    }

    #[test]
    fn a_log_loses_its_colours_and_nothing_else() {
        let text = "\x1b[31m\x1b[1mWARNING\x1b[0m: x\x1b[2J\x1b[31\nnext \x1b[m";
        let lines: Vec<_> = log_lines(text).collect();
        assert_eq!(lines, ["WARNING: x\\x1b[2J\\x1b[31", "next "]);
    }

    #[test]
    fn line_ends_become_spaces() {
        assert_eq!(line("a\r\nb\tc"), "a b c");
    }

    #[test]
    fn chinese_and_emoji_stay() {
        assert!(matches!(line("小甜点 🍪"), Cow::Borrowed(_)));
    }
}
