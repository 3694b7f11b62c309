//! Cookie values as Werkzeug writes and reads them.
//!
//! A value with a space, such as a time, goes out in quotes, with octal escapes for what a
//! header cannot carry. The facts are those of `dump_cookie` and `parse_cookie` in Werkzeug 3.

/// A value as it stands in a `Set-Cookie` header: bare where it can be, else quoted.
pub(crate) fn quote(value: &str) -> String {
    if value.bytes().all(is_bare) {
        return value.to_owned();
    }
    let mut quoted = String::from("\"");
    for byte in value.bytes() {
        match byte {
            b'"' | b'\\' => quoted.extend(['\\', char::from(byte)]),
            b',' | b';' | 0..0x20 | 0x7f.. => quoted.push_str(&format!("\\{byte:03o}")),
            _ => quoted.push(char::from(byte)),
        }
    }
    quoted.push('"');
    quoted
}

/// The cookies of a `Cookie` header, in the order they came, each value without its quotes.
///
/// Nothing is refused: a name without `=` has an empty value, an empty name is skipped, a name
/// may come twice.
pub(crate) fn read(header: &str) -> Vec<(String, String)> {
    let mut cookies = Vec::new();
    let mut rest = header;
    while !rest.is_empty() {
        let end_of_name = rest.find(['=', ';']).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end_of_name);
        let (value, after) = match after.strip_prefix('=') {
            Some(after) => split_value(after.trim_start()),
            None => ("", after),
        };
        if !name.trim().is_empty() {
            cookies.push((name.trim().to_owned(), unquote(value.trim())));
        }
        rest = after.strip_prefix(';').unwrap_or(after);
    }
    cookies
}

/// A byte that Werkzeug leaves without quotes.
fn is_bare(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'"' | b',' | b';' | b'\\')
}

/// Splits off the value up to the `;` that ends it; one inside quotes does not.
fn split_value(text: &str) -> (&str, &str) {
    let end = end_of_quoted(text)
        .filter(|&end| matches!(text[end..].trim_start().chars().next(), None | Some(';')))
        .unwrap_or(0);
    let end = text[end..].find(';').map_or(text.len(), |more| end + more);
    text.split_at(end)
}

/// Where a quoted string at the very start of the text is over, its closing quote included.
fn end_of_quoted(text: &str) -> Option<usize> {
    let mut bytes = text.bytes().enumerate();
    if bytes.next()?.1 != b'"' {
        return None;
    }
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'"' => return Some(at + 1),
            b'\\' => drop(bytes.next()),
            _ => {}
        }
    }
    None
}

/// The value without its quotes and escapes; one without quotes stays as it is.
fn unquote(value: &str) -> String {
    let Some(inner) = value.strip_prefix('"').and_then(|v| v.strip_suffix('"')) else {
        return value.to_owned();
    };
    let mut plain = Vec::with_capacity(inner.len());
    let mut rest = inner.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match (byte, after) {
            (b'\\', [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', after @ ..]) => {
                plain.push((a - b'0') << 6 | (b - b'0') << 3 | (c - b'0'));
                rest = after;
            }
            (b'\\', [escaped, after @ ..]) => {
                plain.push(*escaped);
                rest = after;
            }
            _ => plain.push(byte),
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_read(header: &str, expect: &[(&str, &str)]) {
        let cookies = read(header);
        let cookies: Vec<_> = cookies.iter().map(|(n, v)| (&n[..], &v[..])).collect();
        assert_eq!(cookies, expect, "of `{header}`");
    }

    #[test]
    fn a_time_is_quoted() {
        assert_eq!(quote("Tue Nov 24 03:20:31 2026"), "\"Tue Nov 24 03:20:31 2026\"");
    }

    #[test]
    fn a_value_without_special_characters_stays_bare() {
        for value in ["", "abc", "a=b", "a%20b", "12:30/x"] {
            assert_eq!(quote(value), value);
        }
    }

    #[test]
    fn what_a_header_cannot_carry_is_escaped() {
        assert_eq!(quote("a,b;c"), r#""a\054b\073c""#);
        assert_eq!(quote("q\"\\"), r#""q\"\\""#);
        assert_eq!(quote("中\n"), r#""\344\270\255\012""#);
    }

    #[test]
    fn what_was_quoted_reads_as_before() {
        for value in ["", "a b", "a,b;c=d", "q\"u\\o", "\\073", "中文 é", "\u{1}\u{7f}"] {
            check_read(&format!("x=1; time={}", quote(value)), &[("x", "1"), ("time", value)]);
        }
    }

    #[test]
    fn values_are_read_as_werkzeug_reads_them() {
        check_read(r#"time="Tue Nov""#, &[("time", "Tue Nov")]);
        check_read(r#"time="a\073b""#, &[("time", "a;b")]);
        check_read(r#"time="a;b"; x=2"#, &[("time", "a;b"), ("x", "2")]);
        check_read(r#"time="caf\303\251""#, &[("time", "café")]);
        check_read(r#"time="\400\999""#, &[("time", "400999")]);
        check_read(r#"time="\377""#, &[("time", "\u{fffd}")]);
        check_read(r#"time=a\073b"#, &[("time", r"a\073b")]);
        check_read("time=%20", &[("time", "%20")]);
        check_read("time=a=b", &[("time", "a=b")]);
        check_read("time=中 文", &[("time", "中 文")]);
    }

    #[test]
    fn odd_headers_are_read_without_complaint() {
        check_read("", &[]);
        check_read("time", &[("time", "")]);
        check_read("time=", &[("time", "")]);
        check_read("=v; ;;", &[]);
        check_read("a; time=1", &[("a", ""), ("time", "1")]);
        check_read(r#" time = "x" ; time=y"#, &[("time", "x"), ("time", "y")]);
        check_read(r#"time="a; x=2"#, &[("time", "\"a"), ("x", "2")]);
        check_read(r#"time="a"b; x=2"#, &[("time", "\"a\"b"), ("x", "2")]);
        check_read("time=\"", &[("time", "\"")]);
        check_read(r#"time="\"#, &[("time", "\"\\")]);
    }
}
