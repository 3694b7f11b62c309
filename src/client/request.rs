//! A request as it goes out.

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

use super::cookies::Jar;
use super::failure;
use crate::exchange::{Request, TransportFailure};

/// The headers that every request has: those of a present browser's visit, so that grading
/// cannot be told from one.
///
/// Nothing is said of accepted encodings, so that no server compresses. A step's own header of
/// the same name stands in for one of these.
pub const STANDING_HEADERS: [(&str, &str); 3] = [
    (
        "user-agent",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
         Chrome/154.0.0.0 Safari/537.36",
    ),
    ("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"),
    ("accept-language", "en-US,en;q=0.9"),
];

/// The headers that frame a message. A step cannot set them, since they follow from the body.
const FRAMING: [&str; 2] = ["content-length", "transfer-encoding"];

/// A request before it is sent: what a step says, with all its places filled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Call {
    /// The method in capitals, such as `GET`.
    pub method: String,
    /// Path and query, such as `/get?x=1`. What a URL cannot hold is percent-encoded on sending.
    pub target: String,
    /// Headers besides the standing ones, or instead of those of the same names. A `cookie`
    /// among them is sent instead of all that the jar holds.
    pub headers: Vec<(String, String)>,
    /// Cookies with their raw values, instead of the jar's of the same names.
    pub cookies: Vec<(String, String)>,
    /// The content type, if one is to be sent, and the body.
    pub body: Option<(Option<String>, String)>,
}

/// A call made ready: the record of it, and what goes on the wire.
pub(super) struct Outgoing {
    pub(super) record: Request,
    /// `Err` if a header, the method or the address cannot be sent at all.
    pub(super) wire: Result<reqwest::Request, TransportFailure>,
}

/// Makes a call ready for `url`, with the cookies that the jar holds for it.
pub(super) fn prepare(url: &Url, jar: &Jar, call: &Call) -> Outgoing {
    let headers = headers(url, jar, call);
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    let record = Request {
        method: call.method.clone(),
        url: url.to_string(),
        target: target(url),
        headers: headers.iter().map(|(name, value)| (name.clone(), text(value))).collect(),
        body: call.body.as_ref().map(|(_, body)| body.clone()),
    };
    Outgoing { record, wire: wire(url, headers, call) }
}

/// The address of a target on the server at `base`, which has no slash at its end.
///
/// The target cannot lead elsewhere: whatever it is, it comes after the host and a slash.
pub(super) fn address(base: &str, target: &str) -> Result<Url, url::ParseError> {
    let slash = if target.starts_with('/') { "" } else { "/" };
    let mut url = Url::parse(&format!("{base}{slash}{target}"))?;
    url.set_fragment(None);
    Ok(url)
}

/// Path and query of an address.
pub(super) fn target(url: &Url) -> String {
    url[url::Position::BeforePath..url::Position::AfterQuery].to_owned()
}

/// All headers in the order they are sent.
fn headers(url: &Url, jar: &Jar, call: &Call) -> Vec<(String, Vec<u8>)> {
    let own: Vec<(String, Vec<u8>)> = call
        .headers
        .iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), value.clone().into_bytes()))
        .filter(|(name, _)| !FRAMING.contains(&name.as_str()))
        .collect();
    let is_own = |name: &str| own.iter().any(|(other, _)| other == name);
    let host = url[url::Position::BeforeHost..url::Position::AfterPort].as_bytes().to_vec();
    let standing = STANDING_HEADERS.map(|(name, value)| (name, value.as_bytes().to_vec()));
    let content_type = call.body.as_ref().and_then(|(content_type, _)| content_type.clone());
    let before = [("host", host)].into_iter().chain(standing);
    let after = [
        ("cookie", jar.header_for(url, &call.cookies)),
        ("content-type", content_type.map(String::into_bytes)),
        ("content-length", content_length(call).map(String::into_bytes)),
    ];
    let after = after.into_iter().filter_map(|(name, value)| value.map(|value| (name, value)));
    let kept = |(name, value): (&str, Vec<u8>)| (!is_own(name)).then(|| (name.to_owned(), value));
    let mut headers: Vec<_> = before.filter_map(kept).collect();
    let after: Vec<_> = after.filter_map(kept).collect();
    headers.extend(own);
    headers.extend(after);
    headers
}

/// The length of the body. A method that is about its body says so even if there is none
/// (RFC 9110 §8.6), and simple servers rely on it.
fn content_length(call: &Call) -> Option<String> {
    match &call.body {
        Some((_, body)) => Some(body.len().to_string()),
        None => matches!(call.method.as_str(), "POST" | "PUT" | "PATCH").then(|| "0".to_owned()),
    }
}

fn wire(url: &Url, headers: Vec<(String, Vec<u8>)>, call: &Call) -> Result<reqwest::Request, TransportFailure> {
    let unsendable = |what: &str| failure::blocked(format!("cannot be sent: {what}"));
    let method = reqwest::Method::from_bytes(call.method.as_bytes());
    let method = method.map_err(|_| unsendable("the method is not one word"))?;
    let mut map = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers {
        let key = HeaderName::from_bytes(name.as_bytes());
        let key = key.map_err(|_| unsendable(&format!("a header cannot be named {name:?}")))?;
        let value = HeaderValue::from_bytes(&value);
        let value =
            value.map_err(|_| unsendable(&format!("header {name} holds a line break or a control character")))?;
        map.append(key, value);
    }
    let mut request = reqwest::Request::new(method, url.clone());
    *request.headers_mut() = map;
    *request.body_mut() = call.body.as_ref().map(|(_, body)| body.clone().into());
    Ok(request)
}

#[cfg(test)]
mod tests {
    use super::super::Client;
    use super::super::raw_server::{LONG, RawServer, await_close, block_on, call};
    use super::*;
    use crate::exchange::{ClientName, Exchange, FailureCode};

    /// What a server read of a call, and the record of it. It answers once it has read `end`.
    fn sent(jar: &mut Jar, call: &Call, end: &'static str) -> (String, Exchange) {
        let (send, receive) = std::sync::mpsc::channel();
        let server = RawServer::start(move |_, mut stream| {
            use std::io::{Read as _, Write as _};
            let (mut request, mut buffer) = (Vec::new(), [0; 1024]);
            while !request.ends_with(end.as_bytes()) {
                let count = stream.read(&mut buffer).unwrap();
                request.extend_from_slice(&buffer[..count]);
            }
            let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n");
            await_close(&mut stream);
            let _ = send.send(String::from_utf8_lossy(&request).into_owned());
        });
        let client = Client::for_address(server.address).unwrap();
        let name = ClientName("visitor".to_owned());
        let deadline = tokio::time::Instant::now() + LONG;
        let exchange = block_on(async { client.send(&name, jar, call, deadline).await });
        (receive.recv_timeout(LONG).unwrap(), exchange)
    }

    /// A request as the record has it, written down as HTTP.
    fn written(request: &Request) -> String {
        let mut text = format!("{} {} HTTP/1.1\r\n", request.method, request.target);
        for (name, value) in &request.headers {
            text.push_str(&format!("{}: {value}\r\n", capitalised(name)));
        }
        text + "\r\n" + request.body.as_deref().unwrap_or_default()
    }

    /// `user-agent` as it goes over the wire: `User-Agent`.
    fn capitalised(name: &str) -> String {
        let words = name.split('-').map(|word| word[..1].to_uppercase() + &word[1..]);
        words.collect::<Vec<_>>().join("-")
    }

    #[test]
    fn the_record_is_what_went_over_the_wire() {
        let mut jar = Jar::new();
        jar.receive(&Url::parse("http://127.0.0.1/").unwrap(), b"time=\"a b\"");
        let mut visit = call("GET", "/get?x=1");
        visit.headers = vec![("X-Own".to_owned(), "时 1".to_owned())];
        visit.cookies = vec![("other".to_owned(), "2".to_owned())];
        let (read, exchange) = sent(&mut jar, &visit, "\r\n\r\n");
        assert_eq!(read, written(&exchange.request));
        assert_eq!(exchange.client.0, "visitor");
        assert_eq!(exchange.request.cookies(), [("time", "\"a b\""), ("other", "2")]);
        let names: Vec<_> = exchange.request.headers.iter().map(|(name, _)| name.as_str()).collect();
        let expected = ["host", "user-agent", "accept", "accept-language", "x-own", "cookie"];
        assert_eq!(names, expected);
        assert!(exchange.sent_at <= exchange.received_at);
    }

    #[test]
    fn a_body_goes_out_with_its_type_and_length() {
        let mut post = call("POST", "/");
        post.body = Some((Some("text/plain".to_owned()), "时 end".to_owned()));
        post.headers = vec![("Content-Length".to_owned(), "99".to_owned())];
        let (read, exchange) = sent(&mut Jar::new(), &post, "end");
        assert_eq!(read, written(&exchange.request));
        assert!(read.ends_with("Content-Type: text/plain\r\nContent-Length: 7\r\n\r\n时 end"));
    }

    #[test]
    fn a_post_without_a_body_says_so() {
        let (read, exchange) = sent(&mut Jar::new(), &call("POST", "/"), "\r\n\r\n");
        assert_eq!(read, written(&exchange.request));
        assert!(read.contains("Content-Length: 0\r\n"));
    }

    #[test]
    fn own_headers_stand_in_for_the_standing_ones_and_the_jar() {
        let mut jar = Jar::new();
        jar.receive(&Url::parse("http://127.0.0.1/").unwrap(), b"time=1");
        let mut visit = call("GET", "/");
        let own = [("User-Agent", "robot"), ("Cookie", "a=b"), ("Host", "example.com")];
        visit.headers = own.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        let (read, exchange) = sent(&mut jar, &visit, "\r\n\r\n");
        assert_eq!(read, written(&exchange.request));
        assert!(!read.contains("Mozilla") && !read.contains("time=1") && !read.contains("127.0.0.1"));
    }

    #[test]
    fn targets_are_encoded_where_they_must_be() {
        let cases = [
            ("/a b", "/a%20b"),
            ("/时?q=间&r=a b", "/%E6%97%B6?q=%E9%97%B4&r=a%20b"),
            ("/a%20b?c=%2F+d#part", "/a%20b?c=%2F+d"),
            ("get", "/get"),
            ("?q=1", "/?q=1"),
            ("//example.com/x", "//example.com/x"),
            ("@example.com", "/@example.com"),
            ("", "/"),
        ];
        for (written, expected) in cases {
            let url = address("http://127.0.0.1:5000", written).unwrap();
            assert_eq!(target(&url), expected, "{written}");
            assert_eq!(url.host_str(), Some("127.0.0.1"), "{written}");
        }
        assert_eq!(target(&address("http://a/b/c", "/get").unwrap()), "/b/c/get");
    }

    #[test]
    fn what_cannot_be_sent_is_blocked() {
        let header = |name: &str, value: &str| {
            let mut visit = call("GET", "/");
            visit.headers = vec![(name.to_owned(), value.to_owned())];
            visit
        };
        let mut cookie = call("GET", "/");
        cookie.cookies = vec![("a".to_owned(), "b\0".to_owned())];
        let split = header("x-a", "b\r\nx-c: d");
        let client = Client::new("http://127.0.0.1:9").unwrap();
        for call in [split, header("x a", "b"), header("", "b"), cookie, call("GE T", "/")] {
            let deadline = tokio::time::Instant::now() + LONG;
            let (name, mut jar) = (ClientName::default(), Jar::new());
            let sent = async { client.send(&name, &mut jar, &call, deadline).await };
            assert_eq!(block_on(sent).result.unwrap_err().code, FailureCode::Blocked, "{call:?}");
        }
    }
}
