//! The cookies of one client, kept and sent back as a browser would.
//!
//! `cookie_store` keeps them, matches paths and domains and lets them expire. What it leaves
//! open is decided here, by RFC 6265bis and what today's browsers do where that differs:
//! cookies without a name, lenient dates, name prefixes, `SameSite=None`, sizes and numbers.

#![expect(clippy::disallowed_types, reason = "this is the one place that keeps cookies")]

use std::time::{SystemTime, UNIX_EPOCH};

use cookie_store::{Cookie, CookieExpiration, CookiePath, CookieStore, RawCookie};
use url::{Host, Url};

use super::request::address;
use super::set_cookie::{self, SetCookie, readable};
use super::{cookie_date, limits};
use crate::exchange::{JarVerdict, ReceivedCookie, Refusal};

/// A cookie jar: what one browser would hold for the server.
///
/// Values are kept and sent back as the bytes that came, with their quotes. A loopback address
/// counts as secure, as in Chrome and Firefox: a `Secure` cookie is kept and sent there over
/// plain HTTP. `HttpOnly` makes no difference, since there is no script. The jar looks at the
/// machine's clock for what has expired.
#[derive(Clone, Debug, Default)]
pub struct Jar {
    store: CookieStore,
}

impl Jar {
    /// An empty jar.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The raw value of the cookie that would go to `path` under this name (lossy UTF-8).
    ///
    /// `base` is the server's address, as [`Client::base_url`](super::Client::base_url) gives it. If several cookies of
    /// the name match, it is the one that is sent first.
    #[must_use]
    pub fn value(&self, base: &str, path: &str, name: &str) -> Option<String> {
        let url = address(base, path).ok()?;
        let mut found = self.matching(&url).into_iter();
        found.find(|cookie| readable(cookie.name()) == name).map(|cookie| readable(cookie.value()))
    }

    /// Takes a `Set-Cookie` header that came from `url`, and says what became of it.
    ///
    /// A cookie that is refused because it has expired deletes the one that it names.
    pub fn receive(&mut self, url: &Url, header: &[u8]) -> ReceivedCookie {
        let cookie = SetCookie::parse(header);
        let path = effective_path(&cookie, url);
        let jar = match self.keep(url, &cookie, &path) {
            Ok(()) => JarVerdict::Kept,
            Err(refusal) => JarVerdict::Refused(refusal),
        };
        let optional = |text: &Option<String>| text.as_deref().map(readable);
        ReceivedCookie {
            name: readable(&cookie.name),
            raw_value: readable(&cookie.value),
            path: optional(&cookie.path),
            domain: optional(&cookie.domain),
            expires: optional(&cookie.expires),
            max_age: optional(&cookie.max_age),
            same_site: optional(&cookie.same_site),
            secure: cookie.secure,
            http_only: cookie.http_only,
            effective_path: readable(&path),
            jar,
        }
    }

    /// The value of the `Cookie` header for a request to `url`, or `None` if it has none.
    ///
    /// `overrides` are sent instead of the jar's cookies of the same names, after the others.
    #[must_use]
    pub fn header_for(&self, url: &Url, overrides: &[(String, String)]) -> Option<Vec<u8>> {
        let is_overridden = |name: &str| overrides.iter().any(|(other, _)| set_cookie::bytes(name) == other.as_bytes());
        let kept = self.matching(url).into_iter().filter(|cookie| !is_overridden(cookie.name()));
        let kept = kept.map(|cookie| (set_cookie::bytes(cookie.name()), set_cookie::bytes(cookie.value())));
        let given = overrides.iter().map(|(n, v)| (n.clone().into_bytes(), v.clone().into_bytes()));
        let pairs: Vec<_> = kept.chain(given).map(|(name, value)| pair(name, value)).collect();
        (!pairs.is_empty()).then(|| pairs.join(&b"; "[..]))
    }

    /// The cookies for a request to `url`: longer paths first, then older ones (RFC 6265 §5.4).
    fn matching(&self, url: &Url) -> Vec<&Cookie<'static>> {
        let mut found = self.store.matches(url);
        found.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        found
    }

    /// Keeps a cookie, or says why a browser would not.
    fn keep(&mut self, url: &Url, cookie: &SetCookie, path: &str) -> Result<(), Refusal> {
        readable_by_a_browser(cookie)?;
        let domain = domain(cookie, url)?;
        prefix(cookie, path)?;
        if is_none(cookie.same_site.as_deref()) && !cookie.secure {
            return Err(Refusal::SameSiteNone);
        }
        if cookie.secure && !is_trustworthy(url) {
            return Err(Refusal::Malformed("`Secure` over plain HTTP".to_owned()));
        }
        let key = domain.as_deref().or(url.host_str()).unwrap_or_default().to_owned();
        let expires = match expiration(cookie, now()) {
            Ok(expires) => expires,
            Err(refusal) => {
                self.store.remove(&key, path, &cookie.name);
                return Err(refusal);
            }
        };
        let is_new = self.store.get(&key, path, &cookie.name).is_none();
        if is_new && self.store.iter_unexpired().count() >= limits::COOKIES {
            return Err(Refusal::Full);
        }
        self.insert(url, cookie, path, domain, expires)
    }

    fn insert(
        &mut self,
        url: &Url,
        cookie: &SetCookie,
        path: &str,
        domain: Option<String>,
        expires: CookieExpiration,
    ) -> Result<(), Refusal> {
        let mut raw = RawCookie::new(cookie.name.clone(), cookie.value.clone());
        raw.set_path(path.to_owned());
        raw.set_secure(cookie.secure);
        if let Some(domain) = domain {
            raw.set_domain(domain);
        }
        let refused = |error: cookie_store::CookieError| Refusal::Malformed(error.to_string());
        let mut kept = Cookie::try_from_raw_cookie(&raw, url).map_err(refused)?.into_owned();
        kept.expires = expires;
        self.store.insert(kept, url).map_err(refused)?;
        Ok(())
    }
}

/// `name=value`, or the value alone for a cookie without a name.
fn pair(mut name: Vec<u8>, mut value: Vec<u8>) -> Vec<u8> {
    if name.is_empty() {
        return value;
    }
    name.push(b'=');
    name.append(&mut value);
    name
}

fn readable_by_a_browser(cookie: &SetCookie) -> Result<(), Refusal> {
    let because = |why: &str| Err(Refusal::Malformed(why.to_owned()));
    if cookie.has_control_character() {
        return because("control character");
    }
    if cookie.name.is_empty() && cookie.value.is_empty() {
        return because("no name and no value");
    }
    if cookie.size() > limits::COOKIE_BYTES {
        return because("longer than 4096 bytes");
    }
    Ok(())
}

/// The domain below which the cookie is sent, or `None` if to this very host only.
///
/// A `Domain` that is the host itself, an address too, adds nothing, and one without a dot
/// would cover a whole top-level domain.
fn domain(cookie: &SetCookie, url: &Url) -> Result<Option<String>, Refusal> {
    let written = cookie.domain.as_deref().unwrap_or_default();
    let domain = written.strip_prefix('.').unwrap_or(written).to_ascii_lowercase();
    let host = url.host_str().unwrap_or_default();
    if domain.is_empty() || domain == host {
        return Ok(None);
    }
    let is_name = matches!(url.host(), Some(Host::Domain(_)));
    let above = host.strip_suffix(domain.as_str()).is_some_and(|rest| rest.ends_with('.'));
    if is_name && above && domain.contains('.') {
        return Ok(Some(domain));
    }
    Err(Refusal::Domain(readable(written)))
}

/// The path below which the cookie is sent: `Path`, or the default of RFC 6265 §5.1.4.
fn effective_path(cookie: &SetCookie, url: &Url) -> String {
    let written = cookie.path.as_deref().unwrap_or_default();
    String::from(CookiePath::new(written, url))
}

/// The conditions of the names `__Secure-…` and `__Host-…` (RFC 6265bis §4.1.3).
fn prefix(cookie: &SetCookie, path: &str) -> Result<(), Refusal> {
    let name = if cookie.name.is_empty() { &cookie.value } else { &cookie.name };
    let starts = |prefix: &str| name.get(..prefix.len()).is_some_and(|n| n.eq_ignore_ascii_case(prefix));
    let has_domain = cookie.domain.as_deref().is_some_and(|domain| !domain.is_empty());
    let is_bound_to_host = cookie.path.is_some() && path == "/" && !has_domain;
    let holds = !cookie.name.is_empty() && cookie.secure;
    if starts("__Host-") && !(holds && is_bound_to_host) {
        return Err(Refusal::Prefix("__Host-".to_owned()));
    }
    if starts("__Secure-") && !holds {
        return Err(Refusal::Prefix("__Secure-".to_owned()));
    }
    Ok(())
}

fn is_none(same_site: Option<&str>) -> bool {
    same_site.is_some_and(|value| value.eq_ignore_ascii_case("none"))
}

/// Whether browsers take `Secure` cookies from there.
fn is_trustworthy(url: &Url) -> bool {
    url.scheme() == "https"
        || match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
}

/// When the cookie ends. `Max-Age` wins over `Expires`; what cannot be read is ignored.
fn expiration(cookie: &SetCookie, now: i64) -> Result<CookieExpiration, Refusal> {
    if let Some(age) = cookie.max_age.as_deref().and_then(seconds) {
        return match u64::try_from(age) {
            Ok(age) if age > 0 => Ok(CookieExpiration::from(age)),
            _ => Err(Refusal::MaxAge(cookie.max_age.as_deref().map(readable).unwrap_or_default())),
        };
    }
    let Some(written) = cookie.expires.as_deref() else {
        return Ok(CookieExpiration::SessionEnd);
    };
    let Some(end) = cookie_date::seconds_since_epoch(written) else {
        return Ok(CookieExpiration::SessionEnd);
    };
    match u64::try_from(end - now) {
        Ok(left) if left > 0 => Ok(CookieExpiration::from(left)),
        _ => Err(Refusal::Expires(readable(written))),
    }
}

/// The number of a `Max-Age`: digits, with a minus sign or not (RFC 6265 §5.2.2).
fn seconds(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(text.parse().unwrap_or(if digits == text { i64::MAX } else { i64::MIN }))
}

/// Seconds on the machine's clock since 1970.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
