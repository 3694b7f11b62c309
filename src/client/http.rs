//! The client: one server, one connection a request.

#![expect(clippy::disallowed_types, reason = "this is the one place that sends requests")]

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::{Instant, timeout_at};
use url::Url;

use super::altered::Alterer;
use super::cookies::Jar;
use super::inside::Inside;
use super::relay::Relay;
use super::request::{self, Call, Outgoing};
use super::{body, failure, limits};
use crate::exchange::{ClientName, Exchange, Moment, Request, Response, TransportFailure};
use crate::sandbox::Entrance;

/// A client of one server.
///
/// Every request has a connection of its own, which is closed after it: a server that serves one
/// connection at a time would wait forever for an idle one. It takes no proxy from the
/// environment, follows no redirect, tries nothing again and decodes no compression by itself.
/// Where browsers are lenient with headers (folded lines, spaces before the colon, lines that
/// are no headers) it is too.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    base: Url,
    base_url: String,
    relay: Option<Arc<Relay>>,
    alterer: Option<Alterer>,
}

/// How connections get to the server.
enum Way {
    /// It is in this process' own network.
    Own,
    /// This process may go into the server's network.
    Inside(Inside),
    /// It has sockets of that network handed out.
    Relayed(Relay),
}

impl Way {
    fn relay(self) -> Option<Arc<Relay>> {
        match self {
            Self::Relayed(relay) => Some(Arc::new(relay)),
            Self::Own | Self::Inside(_) => None,
        }
    }
}

/// Why an address cannot be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BaseUrlError {
    /// It is not an address at all; what is wrong with it.
    Unreadable(String),
    /// It is an address for something other than plain HTTP; its scheme.
    NotHttp(String),
    /// The machine cannot make a client; what it says.
    NoClient(String),
}

impl fmt::Display for BaseUrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(why) => write!(f, "not an address: {why}"),
            Self::NotHttp(scheme) => write!(f, "only `http` can be asked, not `{scheme}`"),
            Self::NoClient(why) => write!(f, "cannot make an HTTP client: {why}"),
        }
    }
}

impl std::error::Error for BaseUrlError {}

impl Client {
    /// A client of the server at an address such as `http://127.0.0.1:5000`.
    ///
    /// If the address has a path, the targets of all calls are below it.
    ///
    /// # Errors
    /// If it is not an address of plain HTTP.
    pub fn new(base_url: &str) -> Result<Self, BaseUrlError> {
        Self::with(base_url, Way::Own)
    }

    fn with(base_url: &str, way: Way) -> Result<Self, BaseUrlError> {
        let unreadable = |error: url::ParseError| BaseUrlError::Unreadable(error.to_string());
        let mut base = Url::parse(base_url).map_err(unreadable)?;
        if base.scheme() != "http" {
            return Err(BaseUrlError::NotHttp(base.scheme().to_owned()));
        }
        base.set_query(None);
        strip(&mut base);
        let mut builder = reqwest::Client::builder();
        match &way {
            Way::Own => {}
            Way::Inside(inside) => builder = builder.connector_layer(inside.clone()),
            Way::Relayed(relay) => builder = builder.unix_socket(relay.path()),
        }
        let builder = builder
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .http1_only()
            // As browsers write them: a beginner's own parser may look for `Cookie: ` to the letter.
            .http1_title_case_headers()
            .pool_max_idle_per_host(0)
            // Each connection is for one request, which has a deadline of its own.
            .tcp_keepalive(None)
            .tcp_keepalive_interval(None)
            .tcp_keepalive_retries(None)
            .http1_max_headers(limits::HEADERS)
            .http1_allow_obsolete_multiline_headers_in_responses(true)
            .http1_allow_spaces_after_header_name_in_responses(true)
            .http1_ignore_invalid_headers_in_responses(true);
        #[cfg(target_os = "linux")]
        let builder = builder.tcp_user_timeout(None);
        let http = builder.build().map_err(|error| BaseUrlError::NoClient(error.to_string()))?;
        let base_url = base.as_str().trim_end_matches('/').to_owned();
        Ok(Self { http, base, base_url, relay: way.relay(), alterer: None })
    }

    /// A client of the server that listens at a socket address.
    ///
    /// # Errors
    /// If the machine cannot make a client.
    pub fn for_address(address: SocketAddr) -> Result<Self, BaseUrlError> {
        Self::new(&format!("http://{address}"))
    }

    /// A client of the server that listens at a socket address in a network of its own. Its address is what the
    /// server believes it to be. `door` makes a private folder for a socket, where one is needed.
    ///
    /// # Errors
    /// If the machine cannot make a client.
    pub fn through(
        entrance: Entrance,
        address: SocketAddr,
        door: impl FnOnce() -> io::Result<PathBuf>,
    ) -> Result<Self, BaseUrlError> {
        let way = match entrance.passage() {
            Some(passage) => Way::Inside(Inside(passage)),
            None => {
                let relay = door().and_then(|door| Relay::open(entrance, address, &door));
                Way::Relayed(relay.map_err(|error| BaseUrlError::NoClient(error.to_string()))?)
            }
        };
        Self::with(&format!("http://{address}"), way)
    }

    /// The same client, whose answers are changed on their way in.
    #[must_use]
    pub fn altered(self, alterer: Option<Alterer>) -> Self {
        Self { alterer, ..self }
    }

    /// The server's address without a slash at the end, such as `http://127.0.0.1:5000`.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Sends a call and waits for the whole response, until the deadline.
    ///
    /// The one deadline is over connecting, headers, any number of `1xx` responses and the body.
    /// The jar gives its cookies for the target and takes those of the response. A call that
    /// cannot be sent (a line break in a header) is an exchange with the failure `blocked`.
    pub async fn send(&self, client: &ClientName, jar: &mut Jar, call: &Call, deadline: Instant) -> Exchange {
        self.send_to(&self.address(&call.target), client, jar, call, deadline).await
    }

    /// Sends a call to an address of this server.
    pub(super) async fn send_to(
        &self,
        url: &Url,
        client: &ClientName,
        jar: &mut Jar,
        call: &Call,
        deadline: Instant,
    ) -> Exchange {
        let Outgoing { record, wire } = request::prepare(url, jar, call);
        let (sent_at, start) = (now(), Instant::now());
        let received = match wire {
            Ok(wire) => self.receive(wire, deadline).await,
            Err(failure) => Err(failure),
        };
        let (received, late) = match (&self.alterer, received) {
            (Some(alterer), Ok(received)) => {
                let (received, late) = alterer.pass(&client.0, &record, received);
                // Nobody has to wait for what would come too late.
                let in_time = Instant::now() + late <= deadline;
                (if in_time { Ok(received) } else { Err(failure::timeout()) }, late)
            }
            (_, received) => (received, Duration::ZERO),
        };
        let (elapsed, received_at) = (start.elapsed() + late, now());
        let result = received.map(|received| received.into_response(url, jar));
        Exchange { client: client.clone(), request: record, result, elapsed, sent_at, received_at }
    }

    /// The address of a target on this server.
    fn address(&self, target: &str) -> Url {
        request::address(&self.base_url, target).expect("what follows the host is a path, and any text is one")
    }

    /// Whether an address has this server's scheme, host and port.
    pub(super) fn is_own(&self, url: &Url) -> bool {
        url.origin() == self.base.origin()
    }

    async fn receive(&self, request: reqwest::Request, deadline: Instant) -> Result<Received, TransportFailure> {
        let whole = async {
            let response = self.http.execute(request).await.map_err(|error| failure::of(&error))?;
            Received::read(response).await
        };
        let received = async {
            match &self.relay {
                Some(relay) => relay.carry(whole).await,
                None => whole.await,
            }
        };
        timeout_at(deadline, received).await.unwrap_or_else(|_| Err(failure::timeout()))
    }
}

/// Takes away what never goes to a server, or only as a header of its own.
pub(super) fn strip(url: &mut Url) {
    url.set_fragment(None);
    // Both fail only for addresses without a host, which have neither.
    let _ = url.set_username("");
    let _ = url.set_password(None);
}

/// An exchange whose request was not sent, with the reason.
pub(super) fn unsent(client: &ClientName, method: &str, url: &Url, failure: TransportFailure) -> Exchange {
    let request = Request {
        method: method.to_owned(),
        url: url.to_string(),
        target: request::target(url),
        headers: Vec::new(),
        body: None,
    };
    let moment = now();
    Exchange {
        client: client.clone(),
        request,
        result: Err(failure),
        elapsed: std::time::Duration::ZERO,
        sent_at: moment,
        received_at: moment,
    }
}

/// A response that was read whole, before the jar has seen it.
pub(super) struct Received {
    pub(super) status: u16,
    pub(super) version: String,
    pub(super) headers: reqwest::header::HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Received {
    /// Reads headers and body, as far as the limits go.
    async fn read(mut response: reqwest::Response) -> Result<Self, TransportFailure> {
        let headers = std::mem::take(response.headers_mut());
        let header_bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
        if header_bytes > limits::HEADER_BYTES {
            return Err(failure::too_large(format!("{header_bytes} bytes of headers")));
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| failure::of(&error))? {
            if body.len() + chunk.len() > limits::BODY_BYTES {
                let limit = limits::BODY_BYTES;
                return Err(failure::too_large(format!("a body of more than {limit} bytes")));
            }
            body.extend_from_slice(&chunk);
        }
        let status = response.status().as_u16();
        Ok(Self { status, version: format!("{:?}", response.version()), headers, body })
    }

    fn into_response(self, url: &Url, jar: &mut Jar) -> Response {
        let set_cookies = self.headers.get_all(reqwest::header::SET_COOKIE);
        let cookies = set_cookies.iter().map(|value| jar.receive(url, value.as_bytes())).collect();
        let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
        let headers: Vec<_> =
            self.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value.as_bytes()))).collect();
        let content_type = headers.iter().find(|(name, _)| name == "content-type");
        let body = body::decode(content_type.map(|(_, value)| value.as_str()), &self.body);
        Response { status: self.status, version: self.version, headers, body, cookies }
    }
}

/// The machine's clock.
fn now() -> Moment {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Moment(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_base_url_has_no_slash_at_its_end() {
        for (written, expected) in [
            ("http://127.0.0.1:5000", "http://127.0.0.1:5000"),
            ("http://localhost:80/", "http://localhost"),
            ("http://me:pass@[::1]:5000/app/?x#y", "http://[::1]:5000/app"),
        ] {
            assert_eq!(Client::new(written).unwrap().base_url(), expected);
        }
        let address = SocketAddr::from(([127, 0, 0, 1], 5000));
        assert_eq!(Client::for_address(address).unwrap().base_url(), "http://127.0.0.1:5000");
    }

    #[test]
    fn only_plain_http_is_taken() {
        let check = |written: &str| Client::new(written).unwrap_err().to_string();
        assert_eq!(check("https://a.b"), "only `http` can be asked, not `https`");
        assert_eq!(check("localhost:5000"), "only `http` can be asked, not `localhost`");
        assert_eq!(check("127.0.0.1:5000"), "not an address: relative URL without a base");
    }
}
