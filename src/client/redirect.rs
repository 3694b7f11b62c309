//! Redirects, followed one exchange after the other.

use tokio::time::Instant;
use url::Url;

use super::cookies::Jar;
use super::http::{Client, strip, unsent};
use super::request::Call;
use super::{failure, limits};
use crate::exchange::{ClientName, Exchange, Response};

/// The headers that describe a body, and go with it.
const BODY_HEADERS: [&str; 4] = ["content-type", "content-encoding", "content-language", "content-location"];

impl Client {
    /// Sends a call and follows the redirects of this server, all before the one deadline.
    ///
    /// Every request is an exchange of its own, in the order they were sent; there is always at
    /// least one. 301, 302 and 303 are followed by a `GET` without body (by a `HEAD` after a
    /// `HEAD`), 307 and 308 by the same request. If a redirect leads to another origin, or is
    /// one too many, the last exchange is a request that was *not* sent: it has the address, no
    /// headers, and the failure `blocked` or `redirect_loop`.
    pub async fn send_following(
        &self,
        client: &ClientName,
        jar: &mut Jar,
        call: &Call,
        deadline: Instant,
    ) -> Vec<Exchange> {
        let mut call = call.clone();
        let mut exchanges = vec![self.send(client, jar, &call, deadline).await];
        while let Some(exchange) = exchanges.last()
            && let Some(response) = exchange.response()
            && let Some(location) = location(response)
        {
            let next = Url::parse(&exchange.request.url).and_then(|url| url.join(location));
            let method = method_after(response.status, &call.method).to_owned();
            let Ok(mut next) = next else {
                let failure = failure::blocked(format!("redirect to {location:?}, no address"));
                let here = Url::parse(&exchange.request.url).expect("it was just sent there");
                exchanges.push(unsent(client, &method, &here, failure));
                break;
            };
            strip(&mut next);
            if !self.is_own(&next) {
                let failure = failure::blocked(format!("redirect to another origin: {next}"));
                exchanges.push(unsent(client, &method, &next, failure));
                break;
            }
            if exchanges.len() > limits::REDIRECTS {
                let failure = failure::redirect_loop(limits::REDIRECTS);
                exchanges.push(unsent(client, &method, &next, failure));
                break;
            }
            redirect(&mut call, method, response);
            exchanges.push(self.send_to(&next, client, jar, &call, deadline).await);
        }
        exchanges
    }
}

/// Where a response redirects to, if it does.
fn location(response: &Response) -> Option<&str> {
    let redirects = matches!(response.status, 301 | 302 | 303 | 307 | 308);
    if redirects { response.header("location") } else { None }
}

fn method_after(status: u16, method: &str) -> &str {
    match (status, method) {
        (307 | 308, _) | (_, "HEAD") => method,
        _ => "GET",
    }
}

/// Makes a call the one that follows a redirect.
fn redirect(call: &mut Call, method: String, response: &Response) {
    if method != call.method {
        call.body = None;
        let describes_body = |name: &str| BODY_HEADERS.contains(&name.to_ascii_lowercase().as_str());
        call.headers.retain(|(name, _)| !describes_body(name));
        call.method = method;
    }
    // What the response sets anew is what a browser would send from here on.
    call.cookies.retain(|(name, _)| response.cookie(name).is_none());
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::super::raw_server::{LONG, RawServer, block_on, call, read_request};
    use super::*;
    use crate::exchange::FailureCode;

    /// A server that answers with the status and headers that its target asks for:
    /// `/302?location: /x` and so on. Any other target is answered with the request itself.
    fn server() -> RawServer {
        RawServer::start(|number, mut stream| {
            let request = read_request(&mut stream);
            let target = request.split(' ').nth(1).unwrap_or_default().replace("%20", " ");
            let (status, headers) = target[1..].split_once('?').unwrap_or(("200", "x-a: b"));
            let headers = headers.replace('&', "\r\n");
            let _ = write!(stream, "HTTP/1.1 {status} X\r\nset-cookie: visit={number}\r\n{headers}\r\n\r\n{request}");
        })
    }

    fn follow(server: &RawServer, call: &Call) -> Vec<Exchange> {
        let client = Client::for_address(server.address).unwrap();
        let (name, mut jar) = (ClientName::default(), Jar::new());
        let deadline = Instant::now() + LONG;
        block_on(async { client.send_following(&name, &mut jar, call, deadline).await })
    }

    fn code(exchange: &Exchange) -> Option<FailureCode> {
        exchange.result.as_ref().err().map(|failure| failure.code)
    }

    #[test]
    fn every_hop_is_an_exchange_with_the_cookies_so_far() {
        let exchanges = follow(&server(), &call("GET", "/302?location: /end"));
        let statuses: Vec<_> = exchanges.iter().map(|e| e.response().unwrap().status).collect();
        assert_eq!(statuses, [302, 200]);
        assert_eq!(exchanges[1].request.target, "/end");
        assert_eq!(exchanges[1].request.cookie("visit"), Some("0"));
    }

    #[test]
    fn statuses_that_do_not_redirect_are_not_followed() {
        for status in [200, 201, 300, 304, 305, 404] {
            let exchanges = follow(&server(), &call("GET", &format!("/{status}?location: /end")));
            assert_eq!(exchanges.len(), 1, "{status}");
        }
        assert_eq!(follow(&server(), &call("GET", "/302?x-a: no location")).len(), 1);
    }

    #[test]
    fn the_method_changes_as_in_a_browser() {
        let cases = [
            (301, "POST", "GET"),
            (302, "POST", "GET"),
            (303, "PUT", "GET"),
            (303, "HEAD", "HEAD"),
            (307, "POST", "POST"),
            (308, "PUT", "PUT"),
        ];
        for (status, method, expected) in cases {
            let mut first = call(method, &format!("/{status}?location: /end"));
            first.headers = vec![("Content-Type".to_owned(), "text/x".to_owned())];
            first.body = (method != "HEAD").then(|| (None, "body".to_owned()));
            let exchanges = follow(&server(), &first);
            let last = &exchanges[1].request;
            assert_eq!(last.method, expected, "{status} {method}");
            assert_eq!(last.body.is_some(), status >= 307, "{status} {method}");
            let has_type = last.headers.iter().any(|(name, _)| name == "content-type");
            assert_eq!(has_type, expected == method, "{status} {method}");
        }
    }

    #[test]
    fn a_cookie_of_the_step_goes_along_until_the_server_sets_it() {
        let mut first = call("GET", "/302?location: /end");
        first.cookies = ["visit", "mine"].map(|name| (name.to_owned(), "step".to_owned())).to_vec();
        let exchanges = follow(&server(), &first);
        assert_eq!(exchanges[0].request.cookie("visit"), Some("step"));
        assert_eq!(exchanges[1].request.cookies(), [("visit", "0"), ("mine", "step")]);
    }

    #[test]
    fn other_origins_are_blocked_and_never_asked() {
        for location in [
            "http://example.com/x",
            "//example.com/x",
            "https://127.0.0.1/",
            "http://127.0.0.1:1/",
            "http://localhost/",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "http://[bad",
        ] {
            let exchanges = follow(&server(), &call("GET", &format!("/302?location: {location}")));
            assert_eq!(exchanges.len(), 2, "{location}");
            assert_eq!(code(&exchanges[1]), Some(FailureCode::Blocked), "{location}");
            assert!(exchanges[1].request.headers.is_empty());
        }
    }

    #[test]
    fn the_own_origin_with_a_name_and_a_fragment_is_followed_without_them() {
        let server = server();
        let location = format!("http://me:secret@{}/end#part", server.address);
        let exchanges = follow(&server, &call("GET", &format!("/302?location: {location}")));
        assert_eq!(exchanges[1].request.url, format!("http://{}/end", server.address));
        assert!(exchanges[1].response().unwrap().body.text.contains("GET /end HTTP/1.1"));
        assert!(!exchanges[1].response().unwrap().body.text.contains("authorization"));
    }

    #[test]
    fn a_loop_ends_after_ten_redirects() {
        let server = RawServer::answering("HTTP/1.1 302 X\r\nLocation: /again\r\n\r\n");
        let exchanges = follow(&server, &call("GET", "/"));
        assert_eq!(exchanges.len(), 12);
        assert_eq!(code(&exchanges[11]), Some(FailureCode::RedirectLoop));
        assert!(exchanges[..11].iter().all(|exchange| exchange.result.is_ok()));
    }
}
