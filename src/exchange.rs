//! One request as it went out, and what became of it: data only.

use std::time::Duration;

/// The name of a client, that is, of a cookie jar, within one check. `default` if the step names none.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClientName(pub String);

impl Default for ClientName {
    fn default() -> Self {
        Self("default".to_owned())
    }
}

/// A moment on the machine's clock, in microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub i64);

/// A request as it went out and what became of it.
///
/// Every request that the checker sends is one of these: a redirect that was followed, a cookie
/// that was sent and a retry that was made are exchanges of their own.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// Whose cookie jar it used.
    pub client: ClientName,
    /// What was sent.
    pub request: Request,
    /// What came back, or why nothing usable did.
    pub result: Result<Response, TransportFailure>,
    /// From the start of the connection to the last byte of the body, or to the failure.
    pub elapsed: Duration,
    /// The clock when the request was about to be sent.
    pub sent_at: Moment,
    /// The clock when the response was complete, or had failed.
    pub received_at: Moment,
}

impl Exchange {
    /// The response, if one came.
    #[must_use]
    pub fn response(&self) -> Option<&Response> {
        self.result.as_ref().ok()
    }
}

/// A request as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The method in capitals, such as `GET`.
    pub method: String,
    /// The whole address, such as `http://127.0.0.1:5000/get`.
    pub url: String,
    /// The path and query alone, such as `/get?x=1`.
    pub target: String,
    /// All headers in the order they were sent, names in lower case. Values are lossy UTF-8.
    pub headers: Vec<(String, String)>,
    /// The body, if there was one (lossy UTF-8).
    pub body: Option<String>,
}

impl Request {
    /// The cookies that were sent, as `(name, raw value)` in the order of the `Cookie` header.
    #[must_use]
    pub fn cookies(&self) -> Vec<(&str, &str)> {
        let header = self.headers.iter().find(|(name, _)| name == "cookie");
        let pairs = header.map_or("", |(_, value)| value.as_str()).split("; ");
        pairs.filter_map(|pair| pair.split_once('=')).collect()
    }

    /// The raw value of the cookie that was sent under this name, if one was.
    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies().into_iter().find(|(n, _)| *n == name).map(|(_, value)| value)
    }
}

/// A response that was received whole, within the limits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The status code, 100 to 999.
    pub status: u16,
    /// `HTTP/1.0` or `HTTP/1.1`.
    pub version: String,
    /// All headers in the order they came, names in lower case. Values are lossy UTF-8.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Body,
    /// What each `set-cookie` header meant to a browser's jar, in the order they came.
    pub cookies: Vec<ReceivedCookie>,
}

impl Response {
    /// The first header of this name (lower case), if there is one.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The last cookie of this name that the response set, kept by the jar or not.
    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<&ReceivedCookie> {
        self.cookies.iter().rev().find(|cookie| cookie.name == name)
    }
}

/// A response's body as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    /// The body decoded by its charset (UTF-8 unless it says otherwise); bytes that do not decode are U+FFFD.
    pub text: String,
    /// How many bytes came.
    pub bytes: usize,
    /// Whether some bytes did not decode.
    pub lossy: bool,
}

/// A cookie that a response set, with its attributes as they were written and what the jar made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedCookie {
    /// The name, as written.
    pub name: String,
    /// The value as written, with its quotes if it has any.
    pub raw_value: String,
    /// The `Path` attribute, if there is one.
    pub path: Option<String>,
    /// The `Domain` attribute, if there is one.
    pub domain: Option<String>,
    /// The `Expires` attribute as written, if there is one.
    pub expires: Option<String>,
    /// The `Max-Age` attribute as written, if there is one.
    pub max_age: Option<String>,
    /// The `SameSite` attribute as written, if there is one.
    pub same_site: Option<String>,
    /// Whether `Secure` is there.
    pub secure: bool,
    /// Whether `HttpOnly` is there.
    pub http_only: bool,
    /// The path below which a browser sends it back: the `Path` attribute, or the default of RFC 6265 §5.1.4.
    pub effective_path: String,
    /// What a browser's jar did with it.
    pub jar: JarVerdict,
}

impl ReceivedCookie {
    /// Whether it ends with the browser's session (no `Max-Age`, no `Expires`).
    #[must_use]
    pub fn is_session(&self) -> bool {
        self.expires.is_none() && self.max_age.is_none()
    }
}

/// What a browser's jar did with a cookie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JarVerdict {
    /// It is kept, and sent again where its path matches.
    Kept,
    /// It is thrown away, or it deletes the one that was there.
    Refused(Refusal),
}

/// Why a browser's jar throws a cookie away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// `Domain` names another host than the server's.
    Domain(String),
    /// `Expires` lies in the past.
    Expires(String),
    /// `Max-Age` is zero or negative.
    MaxAge(String),
    /// `SameSite=None` without `Secure`.
    SameSiteNone,
    /// A `__Host-` or `__Secure-` name whose conditions do not hold.
    Prefix(String),
    /// No browser can read it: empty name and value, control characters, longer than 4096 bytes.
    Malformed(String),
    /// The jar already holds as many cookies as it takes from one server.
    Full,
}

/// Why an exchange brought no usable response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransportFailure {
    /// Which kind of failure.
    pub code: FailureCode,
    /// What the network layer said of it, in English, for the report's `message`.
    pub detail: String,
}

/// The kinds of failure that an exchange can meet. The names in the report are in `snake_case`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FailureCode {
    /// Nobody listens at the address.
    Refused,
    /// The connection was reset.
    Reset,
    /// The connection was closed before the response was complete.
    ClosedEarly,
    /// The deadline passed before the response was complete.
    Timeout,
    /// What came is not HTTP.
    InvalidHttp,
    /// Headers or body are larger than the limits.
    TooLarge,
    /// More redirects than the limit in a row.
    RedirectLoop,
    /// A redirect to another origin, which is not followed.
    Blocked,
}

impl FailureCode {
    /// The code's name in the report.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Reset => "reset",
            Self::ClosedEarly => "closed_early",
            Self::Timeout => "timeout",
            Self::InvalidHttp => "invalid_http",
            Self::TooLarge => "too_large",
            Self::RedirectLoop => "redirect_loop",
            Self::Blocked => "blocked",
        }
    }
}
