//! A request as a line for a terminal.

use std::fmt::Write as _;

use super::request::STANDING_HEADERS;
use crate::exchange::Request;

/// What `curl` sends as content type with data, unless it is told another.
const CURLS_CONTENT_TYPE: &str = "application/x-www-form-urlencoded";

/// A `curl` command for a POSIX shell that makes the same request, such as
/// `curl -i http://127.0.0.1:5000/get`.
///
/// A redirect is not followed, since that is a request of its own. Cookies, body and a step's own headers are in it; the headers that every request has are not.
/// It is one line whatever the request holds: a body with control characters comes from `printf`.
#[must_use]
pub fn curl(request: &Request) -> String {
    let mut arguments = vec!["curl".to_owned(), "-i".to_owned()];
    let mut add = |argument: &str| arguments.push(quoted(argument));
    if request.target.contains(['[', ']', '{', '}']) {
        add("-g");
    }
    match request.method.as_str() {
        "GET" if request.body.is_none() => {}
        "POST" if request.body.is_some() => {}
        "HEAD" => add("-I"),
        method => {
            add("-X");
            add(method);
        }
    }
    for (option, value) in headers(request) {
        add(option);
        add(&value);
    }
    let piped = request.body.as_deref().filter(|body| body.contains(char::is_control));
    match (&request.body, piped) {
        (None, _) => {}
        (Some(_), Some(_)) => {
            add("--data-binary");
            add("@-");
        }
        (Some(body), None) => {
            add("--data-raw");
            add(body);
        }
    }
    add(&request.url);
    let line = arguments.join(" ");
    piped.map_or_else(|| line.clone(), |body| format!("printf {} | {line}", printf_format(body)))
}

/// The options for cookies and headers that are not sent anyway.
fn headers(request: &Request) -> Vec<(&'static str, String)> {
    let mut options = Vec::new();
    for (name, value) in &request.headers {
        let is_standing = STANDING_HEADERS.contains(&(name.as_str(), value.as_str()));
        match name.as_str() {
            "host" if request.url.starts_with(&format!("http://{value}/")) => {}
            "content-length" if request.body.is_some() => {}
            "content-type" if request.body.is_some() && value == CURLS_CONTENT_TYPE => {}
            // Without an `=` the option would mean a file.
            "cookie" if value.contains('=') => options.push(("-b", value.clone())),
            _ if is_standing => {}
            // A header without a value wants a semicolon, or `curl` leaves it out.
            _ if value.is_empty() => options.push(("-H", format!("{name};"))),
            _ => options.push(("-H", format!("{name}: {value}"))),
        }
    }
    let has_content_type = request.headers.iter().any(|(name, _)| name == "content-type");
    if request.body.is_some() && !has_content_type {
        options.push(("-H", "content-type:".to_owned()));
    }
    options
}

/// An argument as a POSIX shell reads it: in single quotes, unless no shell would touch it.
///
/// Control characters, which only a request that was never sent can hold here, are shown as `?`.
fn quoted(argument: &str) -> String {
    let argument = argument.replace(char::is_control, "?");
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./:@%+,".contains(c);
    if !argument.is_empty() && argument.chars().all(is_plain) {
        return argument;
    }
    format!("'{}'", argument.replace('\'', "'\\''"))
}

/// A quoted format for `printf` that prints exactly this text.
fn printf_format(text: &str) -> String {
    let mut format = String::new();
    for c in text.chars() {
        match c {
            '\\' => format.push_str("\\\\"),
            '%' => format.push_str("%%"),
            '\n' => format.push_str("\\n"),
            '\r' => format.push_str("\\r"),
            '\t' => format.push_str("\\t"),
            c if c.is_control() => {
                let mut bytes = [0; 4];
                for byte in c.encode_utf8(&mut bytes).bytes() {
                    // Writing to a string cannot fail.
                    let _ = write!(format, "\\{byte:03o}");
                }
            }
            c => format.push(c),
        }
    }
    // A format that begins with a dash would be an option.
    let format = format.strip_prefix('-').map_or(format.clone(), |rest| format!("\\055{rest}"));
    quoted(&format)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(method: &str, target: &str, headers: &[(&str, &str)], body: Option<&str>) -> Request {
        let mut all = vec![("host".to_owned(), "127.0.0.1:5000".to_owned())];
        let standing = STANDING_HEADERS.iter().chain(headers);
        all.extend(standing.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        Request {
            method: method.to_owned(),
            url: format!("http://127.0.0.1:5000{target}"),
            target: target.to_owned(),
            headers: all,
            body: body.map(str::to_owned),
        }
    }

    fn check(request: &Request, expected: &str) {
        assert_eq!(curl(request), expected);
    }

    #[test]
    fn a_plain_visit_is_short() {
        check(&request("GET", "/get", &[], None), "curl -i http://127.0.0.1:5000/get");
    }

    #[test]
    fn cookies_and_own_headers_are_in_it() {
        let own = [("x-a", "it's"), ("x-b", ""), ("cookie", "time=\"a b\"; x=y")];
        let expected = "curl -i -H 'x-a: it'\\''s' -H 'x-b;' -b 'time=\"a b\"; x=y' \
                        'http://127.0.0.1:5000/get?a=1&b=$(2)'";
        check(&request("GET", "/get?a=1&b=$(2)", &own, None), expected);
        let nameless = request("GET", "/", &[("cookie", "hello")], None);
        check(&nameless, "curl -i -H 'cookie: hello' http://127.0.0.1:5000/");
        let agent = request("GET", "/", &[("user-agent", "robot")], None);
        check(&agent, "curl -i -H 'user-agent: robot' http://127.0.0.1:5000/");
    }

    #[test]
    fn methods_other_than_get_are_named() {
        check(&request("DELETE", "/x", &[], None), "curl -i -X DELETE http://127.0.0.1:5000/x");
        check(&request("HEAD", "/x", &[], None), "curl -i -I http://127.0.0.1:5000/x");
        let empty = request("POST", "/x", &[("content-length", "0")], None);
        check(&empty, "curl -i -X POST -H 'content-length: 0' http://127.0.0.1:5000/x");
    }

    #[test]
    fn a_body_keeps_its_content_type() {
        let form = [("content-type", CURLS_CONTENT_TYPE), ("content-length", "3")];
        let expected = "curl -i --data-raw 'a=b' http://127.0.0.1:5000/x";
        check(&request("POST", "/x", &form, Some("a=b")), expected);
        let json = [("content-type", "application/json")];
        let expected = "curl -i -X PUT -H 'content-type: application/json' --data-raw '{}' \
                        http://127.0.0.1:5000/x";
        check(&request("PUT", "/x", &json, Some("{}")), expected);
        let expected = "curl -i -H content-type: --data-raw @file http://127.0.0.1:5000/x";
        check(&request("POST", "/x", &[], Some("@file")), expected);
    }

    #[test]
    fn control_characters_in_a_body_are_printed_by_printf() {
        let body = "-a\nb\0\\100% 'q'\u{1b}";
        let expected = "printf '\\055a\\nb\\000\\\\100%% '\\''q'\\''\\033' | curl -i \
                        -H content-type: --data-binary @- http://127.0.0.1:5000/x";
        check(&request("POST", "/x", &[], Some(body)), expected);
    }

    #[test]
    fn control_characters_never_reach_the_terminal() {
        let unsent = request("GET", "/", &[("x-a", "a\n; rm -rf\0\u{1b}[2J")], None);
        let line = curl(&unsent);
        assert!(!line.contains(char::is_control), "{line:?}");
    }
}
