//! Rules that a single value keeps or breaks.

use std::time::Duration;

use crate::exercise::{Part, Pattern, StatusMatch, Template};

/// The form of the ids of exercises and checks.
pub(crate) const IDENTIFIER: &str = "^[a-z][a-z0-9]*(-[a-z0-9]+)*$";
/// The form of the names of clients and captures.
pub(crate) const NAME: &str = "^[A-Za-z_][A-Za-z0-9_-]*$";
/// The form of the names of headers and cookies: RFC 9110 §5.6.2.
pub(crate) const TOKEN: &str = "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$";
/// The form of versions: semver.org's, but for its rule on leading zeros.
pub(crate) const VERSION: &str =
    "^[0-9]+\\.[0-9]+\\.[0-9]+(-[0-9A-Za-z-]+(\\.[0-9A-Za-z-]+)*)?(\\+[0-9A-Za-z-]+(\\.[0-9A-Za-z-]+)*)?$";
/// The most that one check is worth.
pub(crate) const MAX_POINTS: u32 = 1000;
/// The longest id, in characters: it becomes a part of file names and of columns.
pub(crate) const MAX_ID: usize = 64;
/// The longest that anything may last.
const MAX_DURATION: Duration = Duration::from_secs(3600);
/// Headers that would contradict what the client itself sends.
const CLIENTS_OWN: [&str; 3] = ["connection", "content-length", "transfer-encoding"];

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Complaint {
    /// What is wrong, in a short sentence.
    pub(crate) message: String,
    /// What to do about it.
    pub(crate) help: Option<String>,
}

fn complaint<T>(message: String, help: &str) -> Result<T, Complaint> {
    Err(Complaint { message, help: Some(help.to_owned()) })
}

/// An id of an exercise or a check.
pub(crate) fn identifier(text: &str) -> Result<String, Complaint> {
    let part = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let is_id = text.starts_with(|c: char| c.is_ascii_lowercase()) && text.split('-').all(part);
    if !is_id {
        let help =
            "an id is made of lower-case letters, digits and hyphens and starts with a letter, as in `set-cookie`";
        return complaint(format!("`{text}` is no id"), help);
    }
    if text.len() > MAX_ID {
        let message = format!("an id of {} characters is too long", text.len());
        return complaint(message, &format!("{MAX_ID} are the most"));
    }
    Ok(text.to_owned())
}

/// A version of an exercise.
pub(crate) fn version(text: &str) -> Result<String, Complaint> {
    let (rest, build) = text.split_once('+').map_or((text, None), |(rest, build)| (rest, Some(build)));
    let (core, pre) = rest.split_once('-').map_or((rest, None), |(core, pre)| (core, Some(pre)));
    let number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let word = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let words = |words: Option<&str>| words.is_none_or(|words| words.split('.').all(word));
    if core.split('.').count() == 3 && core.split('.').all(number) && words(pre) && words(build) {
        return Ok(text.to_owned());
    }
    complaint(format!("`{text}` is no version"), "a version is three numbers, as in `1.0.0`")
}

/// The points of a check.
pub(crate) fn points(number: i64) -> Result<u32, Complaint> {
    match u32::try_from(number) {
        Ok(points @ 0..=MAX_POINTS) => Ok(points),
        _ => complaint(format!("a check cannot be worth {number} points"), &format!("0 to {MAX_POINTS} are possible")),
    }
}

/// A duration that something may last.
pub(crate) fn span_of_time(duration: Duration) -> Result<Duration, Complaint> {
    if duration.is_zero() {
        return complaint("a duration of nothing".to_owned(), "it must be more than zero");
    }
    if duration > MAX_DURATION {
        return complaint("a duration of more than an hour".to_owned(), "`60m` is the most");
    }
    Ok(duration)
}

/// A status code that a server can answer with.
pub(crate) fn status_code(code: i64) -> Result<StatusMatch, Complaint> {
    match u16::try_from(code) {
        Ok(code @ 100..=599) => Ok(StatusMatch::Code(code)),
        _ => complaint(format!("{code} is no status code"), "status codes are 100 to 599"),
    }
}

/// A class of status codes, such as `2xx`.
pub(crate) fn status_class(text: &str) -> Result<StatusMatch, Complaint> {
    match text.as_bytes() {
        [digit @ b'1'..=b'5', b'x', b'x'] => Ok(StatusMatch::Class(digit - b'0')),
        _ if text.parse::<u16>().is_ok() => {
            complaint(format!("`\"{text}\"` is no status"), &format!("write {text} without quotes"))
        }
        _ => complaint(
            format!("`{text}` is no status"),
            "a status is a code such as 200, a class such as \"2xx\", or a list of them",
        ),
    }
}

/// A regular expression that compiles.
pub(crate) fn pattern(text: &str) -> Result<Pattern, Complaint> {
    let error = match Pattern::new(text) {
        Ok(pattern) => return Ok(pattern),
        Err(error) => error.to_string(),
    };
    // The crate draws the pattern above its message; here the line of the file stands there already.
    let reason = error.rsplit_once("error: ").map_or(error.as_str(), |(_, reason)| reason).trim();
    let help = text
        .contains("{{")
        .then(|| "templates are not filled in a regular expression; `contains` takes them".to_owned());
    Err(Complaint { message: format!("invalid regular expression: {reason}"), help })
}

/// A path of the server, which no other host can be reached by.
pub(crate) fn path(path: &Template) -> Result<(), Complaint> {
    let begins = match path.0.first() {
        Some(Part::Literal(text)) => text.starts_with('/') && !text.starts_with("//"),
        // A link that an earlier response held may be followed.
        Some(Part::Capture(_)) => true,
        _ => false,
    };
    if !begins {
        return complaint(format!("`{path}` is no path"), "a path begins with one `/`");
    }
    if literals(path).any(|text| text.contains(|c: char| c.is_control() || c == '#' || c == ' ')) {
        return complaint(
            format!("`{path}` is no path"),
            "a path holds no white space and no `#`; write `%20` and `%23`",
        );
    }
    Ok(())
}

/// The name of a header.
pub(crate) fn header_name(name: &str) -> Result<(), Complaint> {
    token(name, "header")
}

/// The name of a cookie.
pub(crate) fn cookie_name(name: &str) -> Result<(), Complaint> {
    token(name, "cookie")
}

fn token(name: &str, what: &str) -> Result<(), Complaint> {
    let is_token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    if !name.is_empty() && name.bytes().all(is_token) {
        return Ok(());
    }
    let help = "it is made of ASCII letters, digits and !#$%&'*+-.^_`|~";
    complaint(format!("`{name}` is no name of a {what}"), help)
}

/// The name of an attribute of an HTML element.
pub(crate) fn attribute_name(name: &str) -> Result<(), Complaint> {
    let is_part = |c: char| !c.is_whitespace() && !c.is_control() && !"\"'>/=".contains(c);
    if !name.is_empty() && name.chars().all(is_part) {
        return Ok(());
    }
    complaint(format!("`{name}` is no name of an attribute"), "it is a word such as `href` or `data-id`")
}

/// How many there must be.
pub(crate) fn count(number: i64) -> Result<usize, Complaint> {
    let Ok(count) = usize::try_from(number) else {
        return complaint(format!("there cannot be {number} of anything"), "a count is 0 or more");
    };
    Ok(count)
}

/// The name of a header that a step may send beside the client's own.
pub(crate) fn request_header(name: &str) -> Result<(), Complaint> {
    header_name(name)?;
    let lower = name.to_ascii_lowercase();
    if lower == "cookie" {
        return complaint(format!("`{name}` is not sent as a header"), "use `cookies = { NAME = \"value\" }`");
    }
    if CLIENTS_OWN.contains(&lower.as_str()) {
        return complaint(format!("`{name}` is the client's own header"), "leave it out");
    }
    Ok(())
}

/// The value of a header that a step sends.
pub(crate) fn header_value(value: &Template) -> Result<(), Complaint> {
    if literals(value).any(|text| text.contains(|c: char| c.is_control() && c != '\t')) {
        return complaint("a header with control characters".to_owned(), "its value is one line of text");
    }
    Ok(())
}

/// The value of a cookie that a step sends.
pub(crate) fn cookie_value(value: &Template) -> Result<(), Complaint> {
    if literals(value).any(|text| text.contains(|c: char| c.is_control() || c == ';')) {
        let help = "no browser sends control characters or `;` in the value of a cookie";
        return complaint("a cookie that no browser sends".to_owned(), help);
    }
    Ok(())
}

/// The name of a client.
pub(crate) fn client(name: &str) -> Result<String, Complaint> {
    if is_name(name) {
        return Ok(name.to_owned());
    }
    complaint(format!("`{name}` is no name of a client"), NAME_HELP)
}

/// The name that something is saved under, which a template can hold.
pub(crate) fn capture_name(name: &str) -> Result<(), Complaint> {
    if name == "random" {
        return complaint("`{{random}}` is a random value".to_owned(), "save it under another name");
    }
    if is_name(name) {
        return Ok(());
    }
    complaint(format!("`{name}` is no name to save under"), NAME_HELP)
}

const NAME_HELP: &str = "a name is made of ASCII letters, digits, `_` and `-` and starts with a letter or `_`";

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

fn literals(template: &Template) -> impl Iterator<Item = &str> {
    template.0.iter().filter_map(|part| match part {
        Part::Literal(text) => Some(text.as_str()),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(text: &str) -> Template {
        Template::parse(text).unwrap()
    }

    /// What the schema's pattern takes, the rule takes, and the other way round.
    fn agree<T>(pattern: &str, rule: impl Fn(&str) -> Result<T, Complaint>, good: &[&str], bad: &[&str]) {
        let regex = regex::Regex::new(pattern).unwrap();
        for text in good {
            assert!(rule(text).is_ok() && regex.is_match(text), "{text}");
        }
        for text in bad {
            assert!(rule(text).is_err() && !regex.is_match(text), "{text}");
        }
    }

    #[test]
    fn ids_are_lower_case_words_with_hyphens() {
        let bad = ["", "A", "1a", "a_b", "-a", "a-", "a--b", "a b", "写入", "a\n"];
        agree(IDENTIFIER, identifier, &["a", "set-cookie", "a1-2"], &bad);
        assert!(identifier(&"a".repeat(64)).is_ok());
        assert!(identifier(&"a".repeat(65)).is_err());
    }

    #[test]
    fn versions_are_three_numbers_with_labels() {
        let good = ["1.0.0", "0.1.22", "1.0.0-rc.1", "1.0.0+2026", "1.0.0-a-b+c.d"];
        agree(
            VERSION,
            version,
            &good,
            &["", "1", "1.0", "1.0.0.0", "v1.0.0", "1.0.x", "1.0.0-", "1.0.0+", "1.0.0-a..b"],
        );
    }

    #[test]
    fn names_of_clients_and_captures_fit_into_templates() {
        let bad = ["", "1a", "a b", "a.b", "-a", "写"];
        agree(NAME, client, &["a", "_a", "Ann-2"], &bad);
        agree(NAME, capture_name, &["a", "_a", "Ann-2"], &bad);
        assert!(capture_name("random").is_err());
    }

    #[test]
    fn names_of_headers_and_cookies_are_tokens() {
        agree(TOKEN, cookie_name, &["time", "X-A.b", "!#$%&'*+-.^_`|~"], &["", "a b", "a=b", "a;b", "名", "a\""]);
        assert!(request_header("X-Test").is_ok());
        for name in ["Cookie", "content-length", "Transfer-Encoding", "a b"] {
            assert!(request_header(name).is_err(), "{name}");
        }
    }

    #[test]
    fn what_would_end_a_header_or_a_cookie_is_refused() {
        assert!(header_value(&template("a\tb 写 {{random}}")).is_ok());
        assert!(header_value(&template("a\r\nX: b")).is_err());
        assert!(cookie_value(&template("\"Tue Nov 24 13:00:09\", {{random}}")).is_ok());
        assert!(cookie_value(&template("a; b=c")).is_err());
    }

    #[test]
    fn paths_stay_on_the_server() {
        for text in ["/", "/get?x=1&y={{random}}", "/你好", "{{link}}", "/a%20b"] {
            assert!(path(&template(text)).is_ok(), "{text}");
        }
        for text in ["", "get", "//example.org/", "http://example.org/", "{{random}}", "/a b", "/a#b", "/a\n"] {
            assert!(path(&template(text)).is_err(), "{text}");
        }
    }

    #[test]
    fn bounds_are_kept_to_the_last_value() {
        assert_eq!((points(0), points(1000)), (Ok(0), Ok(1000)));
        assert!(points(-1).is_err() && points(1001).is_err() && points(i64::MAX).is_err());
        assert!(span_of_time(MAX_DURATION).is_ok());
        assert!(span_of_time(MAX_DURATION + Duration::from_millis(1)).is_err());
        assert!(span_of_time(Duration::ZERO).is_err());
        assert_eq!(status_code(599), Ok(StatusMatch::Code(599)));
        assert!(status_code(99).is_err() && status_code(600).is_err() && status_code(-200).is_err());
    }

    #[test]
    fn classes_of_status_have_one_form() {
        assert_eq!(status_class("2xx"), Ok(StatusMatch::Class(2)));
        for text in ["", "2XX", "6xx", "0xx", "20x", "2x", "xxx"] {
            assert!(status_class(text).is_err(), "{text}");
        }
        assert_eq!(status_class("200").unwrap_err().help.as_deref(), Some("write 200 without quotes"));
    }

    #[test]
    fn a_pattern_that_does_not_compile_says_why_in_a_line() {
        assert_eq!(pattern("a(b").unwrap_err().message, "invalid regular expression: unclosed group");
        assert!(pattern("{{random}}").unwrap_err().help.unwrap().contains("contains"));
        let huge = pattern("(a{1000}){1000}").unwrap_err().message;
        assert!(huge.contains("size limit") && !huge.contains('\n'), "{huge}");
    }
}
