//! Source text: read within bounds, decoded, and rid of its comments.

use std::ffi::OsStr;
use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// How much of a source file is read, in bytes. Larger ones are data.
pub(crate) const SOURCE_LIMIT: u64 = 256 * 1024;

/// How much of a name people see, in characters.
const NAME_LIMIT: usize = 120;

/// Opens a regular file, and nothing that would block or has a side effect: no FIFO, device or socket.
///
/// The last part of the path may not be a symbolic link.
pub(crate) fn open_regular(path: &Path) -> io::Result<File> {
    // Without O_NONBLOCK, opening a FIFO that was swapped in meanwhile would wait for a writer for ever.
    let file = OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK | libc::O_NOFOLLOW).open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(io::Error::other("not a regular file")) }
}

/// The first bytes of a regular file, at most `limit`; none if it cannot be read.
pub(crate) fn read_start(path: &Path, limit: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Ok(file) = path.canonicalize().and_then(|real| open_regular(&real)) {
        // What came before an error is still worth looking at.
        let _ = file.take(limit).read_to_end(&mut bytes);
    }
    bytes
}

/// The text of a source file, decoded and with `\n` line ends; empty if it cannot be read.
pub(crate) fn read_source(path: &Path) -> String {
    decode(&read_start(path, SOURCE_LIMIT))
}

/// The text of a file that is not a student's, of at most so many bytes; empty if it cannot be read.
pub(crate) fn whole_text(path: &Path, limit: u64) -> String {
    decode(&read_start(path, limit))
}

/// The text that bytes stand for: UTF-8, or what a byte order mark says, or else GBK, which is what
/// Chinese editions of Windows write. Lossy if it is none of them.
pub(crate) fn decode(bytes: &[u8]) -> String {
    let text = if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        encoding.decode_without_bom_handling(&bytes[mark..]).0
    } else if let Ok(text) = std::str::from_utf8(bytes) {
        text.into()
    } else {
        match encoding_rs::GBK.decode_without_bom_handling(bytes) {
            (text, false) => text,
            (_, true) => String::from_utf8_lossy(bytes),
        }
    };
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// A name as people may see it: lossy, control characters escaped, not too long.
pub(crate) fn readable(name: &OsStr) -> String {
    let mut shown = String::new();
    for (count, c) in name.to_string_lossy().chars().enumerate() {
        if count == NAME_LIMIT {
            shown.push('…');
            break;
        }
        if c.is_control() { shown.extend(c.escape_default()) } else { shown.push(c) }
    }
    shown
}

/// A name as machines know it: the text itself, or `hex:` and its bytes if it is no text.
pub(crate) fn exact(name: &OsStr) -> String {
    match name.to_str() {
        Some(text) => text.to_owned(),
        None => name.as_bytes().iter().fold("hex:".to_owned(), |hex, byte| format!("{hex}{byte:02x}")),
    }
}

/// Whether the bytes are machine code for Linux (ELF).
pub(crate) fn is_elf(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x7fELF")
}

/// The `#!` line of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shebang {
    /// The interpreter and its arguments, with `env` and its options taken away: `python3`, `-u`.
    pub(crate) words: Vec<String>,
    /// Whether the system itself would understand the line: no mark before it, no `\r` at its end.
    pub(crate) clean: bool,
}

/// The `#!` line that a file begins with, perhaps after a byte order mark.
pub(crate) fn shebang(bytes: &[u8]) -> Option<Shebang> {
    let unmarked = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let line = unmarked.strip_prefix(b"#!")?.split(|&byte| byte == b'\n').next()?;
    let clean = unmarked.len() == bytes.len() && !line.ends_with(b"\r");
    let line = String::from_utf8_lossy(line);
    let mut words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
    if words.first().is_some_and(|word| word.rsplit('/').next() == Some("env")) {
        words.remove(0);
        let plain = words.iter().position(|word| !word.starts_with('-') && !word.contains('='));
        words.drain(..plain.unwrap_or(words.len()));
    }
    if words.is_empty() { None } else { Some(Shebang { words, clean }) }
}

/// Source text of a language with C's comments, with comments and the insides of strings blanked.
///
/// Line breaks stay. Regular expressions and templates are not known; for finding a declaration that does not matter.
pub(crate) fn without_comments(source: &str) -> String {
    blank(source, true)
}

/// The same with strings kept, for finding what a file loads.
pub(crate) fn without_comments_only(source: &str) -> String {
    blank(source, false)
}

fn blank(source: &str, strings: bool) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source.chars().peekable();
    while let Some(c) = rest.next() {
        match (c, rest.peek()) {
            ('/', Some('/')) => while rest.next_if(|&c| c != '\n').is_some() {},
            ('/', Some('*')) => {
                let mut last = ' ';
                rest.next();
                for c in rest.by_ref() {
                    if c == '\n' {
                        out.push('\n');
                    }
                    if (last, c) == ('*', '/') {
                        break;
                    }
                    last = c;
                }
                out.push(' ');
            }
            ('"' | '\'' | '`', _) => {
                out.push(c);
                while let Some(inner) = rest.next_if(|&inner| c == '`' || inner != '\n') {
                    if inner == c {
                        break;
                    }
                    let kept = inner != '\\';
                    if !kept {
                        rest.next();
                    } else if !strings || inner == '\n' {
                        out.push(inner);
                    }
                }
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_decoded_from_what_students_editors_write() {
        let gbk = encoding_rs::GBK.encode("上次访问").0;
        let cases: [(&[u8], &str); 5] = [
            ("上次\r\nb\rc".as_bytes(), "上次\nb\nc"),
            (b"\xef\xbb\xbfimport x", "import x"),
            (&gbk, "上次访问"),
            (b"\xff\xfea\0b\0", "ab"),
            (b"\xff\xff\x80", "\u{fffd}\u{fffd}\u{fffd}"),
        ];
        for (bytes, expected) in cases {
            assert_eq!(decode(bytes), expected, "{bytes:?}");
        }
    }

    #[test]
    fn a_shebang_is_read_with_env_mark_and_windows_line_end() {
        type Case<'a> = (&'a [u8], Option<(&'a str, bool)>);
        let cases: [Case; 8] = [
            (b"#!/bin/sh\n", Some(("/bin/sh", true))),
            (b"#!/usr/bin/env python3\nx", Some(("python3", true))),
            (b"#!/usr/bin/env -S A=b node --no-warnings\nx", Some(("node --no-warnings", true))),
            (b"#! /bin/bash -e\r\n", Some(("/bin/bash -e", false))),
            (b"\xef\xbb\xbf#!/bin/sh\n", Some(("/bin/sh", false))),
            (b"#!\n", None),
            (b"#!/usr/bin/env\n", None),
            (b"echo", None),
        ];
        for (bytes, expected) in cases {
            let found = shebang(bytes).map(|found| (found.words.join(" "), found.clean));
            assert_eq!(found, expected.map(|(words, clean)| (words.to_owned(), clean)));
        }
    }

    #[test]
    fn comments_and_strings_are_blanked() {
        let source = "a // b\n/* c\n */ d \"// e\\\" f\" 'g' h";
        assert_eq!(without_comments(source), "a \n\n  d \"\" '' h");
        assert_eq!(without_comments_only("x('a') // b"), "x('a') ");
    }

    #[test]
    fn a_name_cannot_play_tricks_on_a_terminal() {
        assert_eq!(readable(OsStr::new("a\n\u{1b}[2J我.py")), "a\\n\\u{1b}[2J我.py");
        assert_eq!(readable(OsStr::new(&"x".repeat(500))).chars().count(), NAME_LIMIT + 1);
    }
}
