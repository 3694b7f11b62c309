//! When a body counts as echoing a cookie's value, and what a near miss did to it.
//!
//! A browser sends a cookie back as it came, quotes and escapes included (RFC 6265, 5.4); frameworks undo some of that
//! before a program sees the value. So several forms of one value count, wherever in the body they stand.

use html_escape::decode_html_entities;
use percent_encoding::percent_decode_str;

/// A kept part shorter than this, in characters, may be in a body by chance.
const SHORTEST_KEPT: usize = 3;
/// So many pieces of a body are searched for a kept part: a body of a million pieces is no near miss.
const MOST_PIECES: usize = 1000;

/// The forms of a raw cookie value that count as its echo: raw first, no duplicates.
///
/// The others are the value without its quotes (RFC 6265, 4.1.1), as it stands and with Werkzeug's escapes undone
/// (`\054`, `\"`), and each of these percent-decoded, where that is valid UTF-8: with `+` as it is, and as a space, which
/// is how Rack and Java's `URLEncoder` write one. Of `""` the empty text is a form too; [`contains`] leaves that out.
pub fn forms(raw: &str) -> Vec<String> {
    let mut forms = vec![raw.to_owned()];
    if let Some(quoted) = quoted_text(raw) {
        if let Ok(plain) = String::from_utf8(unescaped(quoted, Escapes::Quoted)) {
            add(&mut forms, plain);
        }
        add(&mut forms, quoted.to_owned());
    }
    for form in forms.clone() {
        for text in [form.clone(), form.replace('+', " ")] {
            if let Ok(decoded) = percent_decode_str(&text).decode_utf8() {
                add(&mut forms, decoded.into_owned());
            }
        }
    }
    forms
}

fn add(forms: &mut Vec<String>, form: String) {
    if !forms.contains(&form) {
        forms.push(form);
    }
}

/// Whether any form of the value appears in the body, as it is or with its HTML entities undone. An empty value never does.
pub fn contains(body: &str, raw: &str) -> bool {
    let shown = decode_html_entities(body);
    forms(raw).iter().any(|form| !form.is_empty() && (body.contains(form.as_str()) || shown.contains(form.as_str())))
}

/// What happened to a value on its way into a body that does not echo it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Alteration {
    /// Letters became capitals.
    UpperCased,
    /// Letters became small.
    LowerCased,
    /// It was percent-encoded (or form-encoded, with `+` for blanks) once more.
    PercentEncoded,
    /// A value already in quotes was quoted and escaped again.
    QuotedTwice,
    /// Backslash escapes stand for some of its characters: JSON, Python's `repr`, octal bytes.
    Escaped,
    /// Its HTML entities were themselves escaped.
    HtmlEscapedTwice,
    /// Its UTF-8 bytes were taken for Latin-1 characters.
    Mojibake,
    /// All its blanks are gone.
    WithoutSpaces,
    /// Runs of its blanks became single ones.
    SpacesCollapsed,
    /// Its characters stand in reverse order.
    Reversed,
    /// Only its start or its end is left.
    Cut {
        /// The longest part that is left.
        kept: String,
    },
}

/// How the body comes close to the value; `None` when it contains it, or shows nothing like it.
///
/// The evidence is the altered value itself, so a body that shows another value, such as the current time in the same
/// format, is no alteration even where the two begin alike.
pub fn alteration(body: &str, raw: &str) -> Option<Alteration> {
    if contains(body, raw) {
        return None;
    }
    let shown = decode_html_entities(body);
    let forms: Vec<String> = forms(raw).into_iter().filter(|form| !form.is_empty()).collect();
    recoded(&shown, raw, &forms).or_else(|| respelled(&shown, &forms)).or_else(|| cut(&shown, &forms))
}

/// Alterations that decoding the body undoes.
fn recoded(body: &str, raw: &str, forms: &[String]) -> Option<Alteration> {
    let shows = |text: &str| forms.iter().any(|form| text.contains(form.as_str()));
    if shows(&percent_decode_str(body).decode_utf8_lossy())
        || shows(&percent_decode_str(&body.replace('+', " ")).decode_utf8_lossy())
    {
        return Some(Alteration::PercentEncoded);
    }
    if shows(&decode_html_entities(body)) {
        return Some(Alteration::HtmlEscapedTwice);
    }
    let bytes = unescaped(body, Escapes::Any);
    let plain = String::from_utf8_lossy(&bytes);
    if quoted_text(raw).is_some() && plain.contains(raw) {
        return Some(Alteration::QuotedTwice);
    }
    if shows(&plain) { Some(Alteration::Escaped) } else { None }
}

/// Alterations that are done to the value and then looked for in the body.
fn respelled(body: &str, forms: &[String]) -> Option<Alteration> {
    type Respelling = (fn(&str) -> String, Alteration);
    let respellings: [Respelling; 6] = [
        (str::to_uppercase, Alteration::UpperCased),
        (str::to_lowercase, Alteration::LowerCased),
        (|form| form.bytes().map(char::from).collect(), Alteration::Mojibake),
        (|form| form.split_whitespace().collect(), Alteration::WithoutSpaces),
        (|form| form.split_whitespace().collect::<Vec<_>>().join(" "), Alteration::SpacesCollapsed),
        (|form| form.chars().rev().collect(), Alteration::Reversed),
    ];
    let found = |respelled: &str| !respelled.is_empty() && body.contains(respelled);
    respellings
        .into_iter()
        .find(|(respell, _)| forms.iter().any(|form| found(&respell(form))))
        .map(|(_, alteration)| alteration)
}

/// The longest part of a form that the body shows by itself, with nothing of a longer value beside it.
fn cut(body: &str, forms: &[String]) -> Option<Alteration> {
    let pieces = body.split(ends_piece).flat_map(|piece| piece.split(": ")).map(str::trim);
    let long_enough = |piece: &&str| piece.chars().nth(SHORTEST_KEPT - 1).is_some();
    let kept = |piece: &&str| forms.iter().any(|form| form.contains(piece));
    let longest = pieces.filter(long_enough).take(MOST_PIECES).filter(kept).max_by_key(|piece| piece.len())?;
    Some(Alteration::Cut { kept: longest.to_owned() })
}

/// Whether a shown value ends beside this character: tags, quotes and brackets.
fn ends_piece(c: char) -> bool {
    matches!(c, '<' | '>' | '"' | '\'' | '(' | ')' | '[' | ']' | '{' | '}' | '=' | '!' | '\n' | '\u{ff1a}')
}

/// The inside of a value that is in quotes.
fn quoted_text(raw: &str) -> Option<&str> {
    raw.strip_prefix('"')?.strip_suffix('"')
}

/// Which backslash escapes are undone.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Escapes {
    /// Those of a quoted cookie value: three octal digits for a byte, else the character after the backslash.
    Quoted,
    /// Also those of JSON and of Python's and JavaScript's literals: `\n`, `\x2c`, `\u4e2d`.
    Any,
}

/// The bytes of a text without its backslash escapes.
fn unescaped(text: &str, escapes: Escapes) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        bytes.extend_from_slice(before.as_bytes());
        rest = undo(after, escapes, &mut bytes);
    }
    bytes.extend_from_slice(rest.as_bytes());
    bytes
}

/// Appends what the escape at the start of `after` stands for, and gives what follows it.
fn undo<'t>(after: &'t str, escapes: Escapes, bytes: &mut Vec<u8>) -> &'t str {
    let code = |prefix: &str, digits: usize, radix: u32| {
        let (code, rest) = after.strip_prefix(prefix)?.split_at_checked(digits)?;
        let sound = code.chars().all(|c| c.is_digit(radix));
        if sound { Some((u32::from_str_radix(code, radix).ok()?, rest)) } else { None }
    };
    if let Some((byte, rest)) = code("", 3, 8).and_then(|(code, rest)| Some((u8::try_from(code).ok()?, rest))) {
        bytes.push(byte);
        return rest;
    }
    if escapes == Escapes::Any {
        if let Some((byte, rest)) = code("x", 2, 16).and_then(|(code, rest)| Some((u8::try_from(code).ok()?, rest))) {
            bytes.push(byte);
            return rest;
        }
        if let Some((code, rest)) = code("u", 4, 16) {
            let symbol = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
            bytes.extend_from_slice(symbol.encode_utf8(&mut [0; 4]).as_bytes());
            return rest;
        }
    }
    let mut symbols = after.chars();
    if let Some(symbol) = symbols.next() {
        bytes.extend_from_slice(symbol.encode_utf8(&mut [0; 4]).as_bytes());
    }
    symbols.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ASCTIME: &str = "Tue Nov 24 03:20:31 2026";

    #[test]
    fn every_form_of_a_value_is_listed_once_and_raw_first() {
        for (raw, expected) in [
            ("plain", &["plain"][..]),
            ("", &[""]),
            ("\"\"", &["\"\"", ""]),
            ("\"", &["\""]),
            ("\"Tue Nov 24\"", &["\"Tue Nov 24\"", "Tue Nov 24"]),
            // As Werkzeug 3 sends `a, b; "c" 中`.
            (
                r#""a\054 b\073 \"c\" \344\270\255""#,
                &[r#""a\054 b\073 \"c\" \344\270\255""#, r#"a, b; "c" 中"#, r#"a\054 b\073 \"c\" \344\270\255"#],
            ),
            (r#""back\\slash""#, &[r#""back\\slash""#, r"back\slash", r"back\\slash"]),
            (r#""\377""#, &[r#""\377""#, r"\377"]),
            ("Tue%20Nov+24", &["Tue%20Nov+24", "Tue Nov+24", "Tue Nov 24"]),
            ("%22a%20b%22", &["%22a%20b%22", "\"a b\""]),
            ("\"a%20b\"", &["\"a%20b\"", "a%20b", "\"a b\"", "a b"]),
            ("100%", &["100%"]),
            ("%ff", &["%ff"]),
            (r"not\054quoted", &[r"not\054quoted"]),
        ] {
            assert_eq!(forms(raw), expected, "{raw}");
        }
    }

    #[test]
    fn a_value_in_any_form_counts_with_text_and_html_round_it() {
        let quoted = r#""a\054 b""#;
        for (body, raw, counts) in [
            (ASCTIME, "\"Tue Nov 24 03:20:31 2026\"", true),
            ("\"Tue Nov 24 03:20:31 2026\"", "\"Tue Nov 24 03:20:31 2026\"", true),
            ("<h1>Tue Nov 24 03:20:31 2026</h1>\n", ASCTIME, true),
            ("a, b", quoted, true),
            (r"a\054 b", quoted, true),
            ("&lt;b&gt; &amp; &#39;c&#x27;", "<b> & 'c'", true),
            ("<b> & 'c'", "<b> & 'c'", true),
            ("&amp;", "&amp;", true),
            ("Tue%20Nov", "Tue%20Nov", true),
            ("Tue Nov", "Tue%20Nov", true),
            ("{\"time\": \"Tue Nov\"}", "Tue%20Nov", true),
            ("2026年11月", "2026%E5%B9%B411%E6%9C%88", true),
            ("a b", "a+b", true),
            ("Tue Nov 24 03:20:32 2026", ASCTIME, false),
            ("TUE NOV 24 03:20:31 2026", ASCTIME, false),
            ("None", ASCTIME, false),
            ("", ASCTIME, false),
            ("anything", "", false),
            ("anything", "\"\"", false),
        ] {
            assert_eq!(contains(body, raw), counts, "{raw} in {body}");
        }
    }

    #[test]
    fn an_altered_value_is_recognised_by_what_happened_to_it() {
        let cut = |kept: &str| Some(Alteration::Cut { kept: kept.to_owned() });
        for (body, raw, expected) in [
            ("TUE NOV 24 03:20:31 2026", "\"Tue Nov 24 03:20:31 2026\"", Some(Alteration::UpperCased)),
            ("<p>tue nov 24 03:20:31 2026</p>", ASCTIME, Some(Alteration::LowerCased)),
            ("Tue%20Nov%2024%2003%3A20%3A31%202026", ASCTIME, Some(Alteration::PercentEncoded)),
            ("Tue+Nov+24+03%3A20%3A31+2026", ASCTIME, Some(Alteration::PercentEncoded)),
            ("Tue%2520Nov", "Tue%20Nov", Some(Alteration::PercentEncoded)),
            (r#"time="\"a\\054 b\"""#, r#""a\054 b""#, Some(Alteration::QuotedTwice)),
            (r#""\u4e2d\u6587""#, "中文", Some(Alteration::Escaped)),
            (r"b'\xe4\xb8\xad'", "中", Some(Alteration::Escaped)),
            (r"a\054b", "a,b", Some(Alteration::Escaped)),
            ("&amp;lt;b&amp;gt;", "<b>", Some(Alteration::HtmlEscapedTwice)),
            ("ä¸\u{ad}", "中", Some(Alteration::Mojibake)),
            ("TueNov2403:20:312026", ASCTIME, Some(Alteration::WithoutSpaces)),
            ("Wed Nov 4 03:20:31 2026", "Wed Nov  4 03:20:31 2026", Some(Alteration::SpacesCollapsed)),
            ("6202 13:02:30 42 voN euT", ASCTIME, Some(Alteration::Reversed)),
            ("Tue", ASCTIME, cut("Tue")),
            ("Last visit: Tue Nov 24 03:20", ASCTIME, cut("Tue Nov 24 03:20")),
            ("Tue Nov 24 03:20:31 2026", "Tue+Nov+24+03%3A20%3A31+2026", None),
            ("<b>03:20:31</b>", ASCTIME, cut("03:20:31")),
            ("<i>Tue</i> <b>03:20:31</b> <i>2026</i>", ASCTIME, cut("03:20:31")),
            ("<b>03:20:31 2026</b>", "\"Tue Nov 24 03:20:31 2026\"", cut("03:20:31 2026")),
            ("{\"time\": \"x7Qp2\"}", "x7Qp2mN9", cut("x7Qp2")),
            // Not alterations: the value itself, the current time instead of it, and what has nothing to do with it.
            (ASCTIME, ASCTIME, None),
            ("Tue Nov 24 03:20:35 2026", ASCTIME, None),
            ("<p>Tue Nov 24 03:21:31 2026</p>", ASCTIME, None),
            ("None", ASCTIME, None),
            ("", ASCTIME, None),
            ("Tu", ASCTIME, None),
            ("anything", "", None),
        ] {
            assert_eq!(alteration(body, raw), expected, "{raw} in {body}");
        }
    }

    #[test]
    fn broken_escapes_break_nothing() {
        for text in
            ["\\", "\\4", "\\400", "\\x", "\\xé", "\\u12", "\\ud83d", "%", "%e", "&#;", "&#x110000;", "\"\\\"", "中\\"]
        {
            assert!(contains(text, text), "{text}");
            let _ = alteration(text, "Tue Nov 24");
            let _ = alteration("Tue Nov 24", text);
        }
    }
}
