//! A response's bytes as text.

use encoding_rs::{Encoding, UTF_8};

use crate::exchange::Body;

/// How far into a page a browser looks for its charset (WHATWG HTML, "prescan a byte stream").
const PRESCAN_BYTES: usize = 1024;

/// The text of a body, as a browser would decode it.
///
/// A byte order mark wins, then the `charset` of the content type, then UTF-8. Only bytes that
/// are not UTF-8 are searched for the `charset` that a page names in itself. A
/// `content-encoding` such as gzip is not undone, since none was asked for.
pub(super) fn decode(content_type: Option<&str>, bytes: &[u8]) -> Body {
    let named = content_type.and_then(charset);
    let (text, _, lossy) = named.unwrap_or(UTF_8).decode(bytes);
    let (text, lossy) = match (named, lossy) {
        (None, true) => charset_of_page(bytes).map_or((text, lossy), |encoding| {
            let (text, _, lossy) = encoding.decode(bytes);
            (text, lossy)
        }),
        _ => (text, lossy),
    };
    Body { text: text.into_owned(), bytes: bytes.len(), lossy }
}

/// The encoding that a content type names, if it names one that browsers know.
fn charset(content_type: &str) -> Option<&'static Encoding> {
    let parameters = content_type.split(';').skip(1);
    let label = parameters
        .filter_map(|parameter| parameter.split_once('='))
        .find_map(|(name, value)| name.trim().eq_ignore_ascii_case("charset").then_some(value))?;
    Encoding::for_label(label.trim().trim_matches('"').as_bytes())
}

/// The encoding that a page names in a `<meta>` near its start.
fn charset_of_page(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = bytes[..bytes.len().min(PRESCAN_BYTES)].to_ascii_lowercase();
    let start = String::from_utf8_lossy(&start);
    let (_, meta) = start.split_once("<meta")?;
    let (_, label) = meta.split_once("charset=")?;
    let label = label.trim_start_matches(['"', '\'']);
    let end = label.find(|c: char| !c.is_ascii_alphanumeric() && !"-_:.".contains(c));
    Encoding::for_label(&label.as_bytes()[..end.unwrap_or(label.len())])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(content_type: Option<&str>, bytes: &[u8], text: &str) {
        let body = decode(content_type, bytes);
        assert_eq!((body.text.as_str(), body.bytes), (text, bytes.len()));
    }

    #[test]
    fn utf_8_is_the_default() {
        check(None, "时间 é".as_bytes(), "时间 é");
        check(Some("text/html"), "时间".as_bytes(), "时间");
        check(Some("text/html; charset=no-such"), "时间".as_bytes(), "时间");
    }

    #[test]
    fn the_charset_of_the_content_type_is_used() {
        check(Some("text/html; charset=gbk"), b"\xca\xb1\xbc\xe4", "时间");
        check(Some("text/plain;x=y; CHARSET=\"GB18030\""), b"\xca\xb1", "时");
        check(Some("text/plain; charset=iso-8859-1"), b"caf\xe9", "café");
        check(Some("text/plain; charset=utf-16le"), b"o\0k\0", "ok");
    }

    #[test]
    fn a_byte_order_mark_wins_and_is_not_text() {
        check(Some("text/html; charset=gbk"), "\u{feff}时".as_bytes(), "时");
    }

    #[test]
    fn a_page_that_names_its_charset_is_read_with_it() {
        let page = b"<META charset=\"gbk\"><p>\xca\xb1\xbc\xe4";
        check(Some("text/html"), page, "<META charset=\"gbk\"><p>时间");
        check(None, "<meta charset=gbk>时".as_bytes(), "<meta charset=gbk>时");
    }

    #[test]
    fn bytes_that_do_not_decode_are_said_to_be_lossy() {
        let body = decode(None, b"a\xffb");
        assert_eq!((body.text.as_str(), body.lossy), ("a\u{fffd}b", true));
        assert!(!decode(None, b"ab").lossy);
    }
}
