//! What the server answers: the two pages, and the faults that lie in an answer.
//!
//! Nothing here waits, reads the clock or touches a socket: a page is a function of what the
//! client sent, the time, and what the server remembers.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use axum::http::StatusCode;
use axum::http::header::{HeaderName, LOCATION, SET_COOKIE};

use crate::clock::asctime;
use crate::cookie;
use crate::fault::Fault;

/// One answer of the server, not yet in the form of any HTTP library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) header: Option<(HeaderName, String)>,
    pub(crate) body: String,
}

/// The two pages together with what the server remembers of its visitors.
#[derive(Debug)]
pub(crate) struct Site {
    fault: Option<Fault>,
    started: SystemTime,
    memory: Mutex<Memory>,
}

/// What only a server with a fault needs to remember.
#[derive(Debug, Default)]
struct Memory {
    visits: u64,
    first_visit: Option<SystemTime>,
    issued: BTreeSet<String>,
    last_issued: Option<String>,
    last_sent: Option<String>,
}

impl Site {
    /// A site that nobody has visited yet.
    pub(crate) fn new(fault: Option<Fault>, started: SystemTime) -> Self {
        let memory = Mutex::default();
        Self { fault, started, memory }
    }

    /// The fault that this site plays.
    pub(crate) fn fault(&self) -> Option<Fault> {
        self.fault
    }

    /// The answer to `GET /`.
    pub(crate) fn root(&self, now: SystemTime) -> Answer {
        let value = self.value(now);
        match self.fault {
            Some(Fault::Root500) => Answer::server_error(),
            Some(Fault::NoCookie | Fault::CookieOnGet) => Answer::ok("success"),
            _ => Answer::ok("success").with(SET_COOKIE, self.set_cookie(&value)),
        }
    }

    /// The answer to `GET /get` with these `Cookie` headers, joined by `;`.
    pub(crate) fn get(&self, cookie_header: &str, now: SystemTime) -> Answer {
        let cookies = cookie::read(cookie_header);
        match self.fault {
            Some(Fault::Get500) => Answer::server_error(),
            Some(Fault::GetRedirects) => Answer::redirect("/"),
            Some(Fault::RedirectLoop) => Answer::redirect("/get"),
            Some(Fault::RedirectsAway) => Answer::redirect("http://example.com/"),
            Some(Fault::GetEmpty) => Answer::ok(""),
            Some(Fault::EchoCurrentTime) => Answer::ok(asctime(now)),
            Some(Fault::ShowsAllCookies) => Answer::ok(as_multi_dict(&cookies)),
            Some(Fault::ShowsTypeOnly) => Answer::ok("<class 'werkzeug.datastructures.structures.ImmutableMultiDict'>"),
            Some(Fault::ShowsAllOrNone) if !cookies.is_empty() => Answer::ok(as_multi_dict(&cookies)),
            Some(Fault::CookieOnGet) => self.echo(&cookies).with(SET_COOKIE, self.set_cookie(&asctime(now))),
            _ => self.echo(&cookies),
        }
    }

    /// The value that a visit's cookie gets; the visit is remembered.
    fn value(&self, now: SystemTime) -> String {
        let mut memory = self.memory();
        memory.visits += 1;
        let first_visit = *memory.first_visit.get_or_insert(now);
        let value = match self.fault {
            Some(Fault::EmptyCookie) => String::new(),
            Some(Fault::ConstantValue) => "Tue Jan 24 13:00:00 2023".to_owned(),
            Some(Fault::NotATime) => format!("visit {}", memory.visits),
            Some(Fault::MadeAtStart) => asctime(self.started),
            Some(Fault::MadeAtFirstVisit) => asctime(first_visit),
            // No offset from UTC is seven minutes, so this cannot pass for a time zone.
            Some(Fault::WrongClock) => asctime(now - Duration::from_secs(7 * 60)),
            _ => asctime(now),
        };
        // A value holds for a second, so this grows by at most one entry a second.
        memory.issued.insert(value.clone());
        memory.last_issued = Some(value.clone());
        value
    }

    /// A `Set-Cookie` header with this value.
    fn set_cookie(&self, value: &str) -> String {
        let value = cookie::quote(value);
        let (name, attributes) = match self.fault {
            Some(Fault::WrongName) => ("visit_time", "Path=/"),
            Some(Fault::DomainElsewhere) => ("time", "Domain=example.com; Path=/"),
            Some(Fault::Expired) => ("time", "Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/"),
            Some(Fault::MaxAgeZero) => ("time", "Max-Age=0; Path=/"),
            Some(Fault::PathElsewhere) => ("time", "Path=/other"),
            _ => ("time", "Path=/"),
        };
        format!("{name}={value}; {attributes}")
    }

    /// The value of the client's cookie, or what is said when it has none.
    fn echo(&self, cookies: &[(String, String)]) -> Answer {
        match (self.choose(cookies), self.fault) {
            (Some(value), Some(Fault::UpperCased)) => Answer::ok(value.to_uppercase()),
            (Some(value), Some(Fault::Cut)) => Answer::ok(first_half(&value)),
            (Some(value), Some(Fault::PercentEncoded)) => Answer::ok(percent_encode(&value)),
            (Some(value), _) => Answer::ok(value),
            (None, Some(Fault::NoneAs500)) => Answer::server_error(),
            (None, Some(Fault::NoneAs404)) => Answer::new(StatusCode::NOT_FOUND, "Not Found"),
            (None, Some(Fault::NoneAsNull)) => Answer::ok("null"),
            (None, Some(Fault::NoneAsUndefined)) => Answer::ok("undefined"),
            (None, Some(Fault::NoneAsEmpty)) => Answer::ok(""),
            (None, Some(Fault::NoneAsText)) => Answer::ok("no cookie"),
            (None, _) => Answer::ok("None"),
        }
    }

    /// The value that `/get` takes for the client's.
    fn choose(&self, cookies: &[(String, String)]) -> Option<String> {
        let first = |fits: &dyn Fn(&str) -> bool| {
            let found = cookies.iter().find(|(name, _)| fits(name));
            found.map(|(_, value)| value.clone())
        };
        let own = first(&|name| name == "time");
        match self.fault {
            Some(Fault::WrongName) => first(&|name| name == "visit_time"),
            Some(Fault::ReadsOtherName) => first(&|name| name == "not_exist"),
            Some(Fault::OtherCookieCounts) => first(&|name| name.eq_ignore_ascii_case("time")),
            Some(Fault::PrefixMatch) => first(&|name| name.starts_with("time") || name.ends_with("time")),
            Some(Fault::FirstCookieCounts) => first(&|_| true),
            Some(Fault::GlobalVariable) => self.memory().last_issued.clone(),
            Some(Fault::OnlyKnownValues) => own.filter(|value| self.memory().issued.contains(value)),
            Some(Fault::LastClient) => {
                let mut memory = self.memory();
                memory.last_sent = own.or(memory.last_sent.take());
                memory.last_sent.clone()
            }
            _ => own,
        }
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        // No panic leaves the memory half-written, so a poisoned lock holds good data.
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Answer {
    pub(crate) fn new(status: StatusCode, body: impl Into<String>) -> Self {
        Self { status, header: None, body: body.into() }
    }

    fn ok(body: impl Into<String>) -> Self {
        Self::new(StatusCode::OK, body)
    }

    fn server_error() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
    }

    fn redirect(location: &str) -> Self {
        Self::new(StatusCode::FOUND, "").with(LOCATION, location.to_owned())
    }

    fn with(mut self, name: HeaderName, value: String) -> Self {
        self.header = Some((name, value));
        self
    }
}

/// All cookies as Python shows Werkzeug's dictionary of them.
fn as_multi_dict(cookies: &[(String, String)]) -> String {
    let pairs: Vec<_> = cookies.iter().map(|(name, value)| format!("('{name}', '{value}')")).collect();
    format!("ImmutableMultiDict([{}])", pairs.join(", "))
}

fn first_half(value: &str) -> String {
    value.chars().take(value.chars().count() / 2).collect()
}

/// The value with all but RFC 3986's unreserved characters (section 2.3) percent-encoded.
fn percent_encode(value: &str) -> String {
    let mut encoded = String::new();
    for byte in value.bytes() {
        match byte {
            b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests;
