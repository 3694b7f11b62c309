//! The cookie came, but not so that a browser keeps it and sends it back.

use super::case::Case;
use crate::exchange::{JarVerdict, ReceivedCookie, Refusal};
use crate::exercise::{CookieExpectation, Presence};
use crate::message::Message;

pub(super) fn hint(case: &Case) -> Option<Message> {
    let response = case.exchange.response()?;
    let mut expected =
        case.scripted.expect.cookies.iter().filter(|(_, cookie)| cookie.presence != Some(Presence::Absent));
    expected.find_map(|(name, expectation)| {
        let cookie = response.cookie(name)?;
        refused(case, cookie).or_else(|| not_sent(case, cookie, expectation)).or_else(|| empty(cookie, expectation))
    })
}

fn refused(case: &Case, cookie: &ReceivedCookie) -> Option<Message> {
    let JarVerdict::Refused(refusal) = &cookie.jar else { return None };
    let name = cookie.name.as_str();
    let named = |id: &'static str| Message::new(id).with("name", name);
    let same = case.exchange.response()?.cookies.iter().filter(|other| other.name == name).count();
    Some(match refusal {
        Refusal::Expires(_) | Refusal::MaxAge(_) if same > 1 || value(cookie).is_empty() => {
            named("hint-cookie-deleted")
        }
        Refusal::Domain(domain) => named("hint-cookie-domain").with("domain", domain.clone()),
        Refusal::Expires(expires) => named("hint-cookie-expired").with("expires", expires.clone()),
        Refusal::MaxAge(age) => named("hint-cookie-max-age").with("age", age.clone()),
        Refusal::SameSiteNone => named("hint-cookie-same-site"),
        Refusal::Prefix(prefix) => named("hint-cookie-prefix").with("prefix", prefix.clone()),
        Refusal::Malformed(_) => named("hint-cookie-malformed"),
        Refusal::Full => named("hint-cookie-too-many"),
    })
}

/// RFC 6265 §5.1.4: a cookie is sent to its path and what lies below it.
fn not_sent(case: &Case, cookie: &ReceivedCookie, expected: &CookieExpectation) -> Option<Message> {
    let wanted = case.scope.fill(expected.sent_to.as_ref()?).text;
    let own = cookie.effective_path.as_str();
    let rest = wanted.strip_prefix(own);
    let sent = rest.is_some_and(|rest| rest.is_empty() || own.ends_with('/') || rest.starts_with(['/', '?']));
    (!sent).then(|| {
        Message::new("hint-cookie-path").with("name", cookie.name.as_str()).with("path", own).with("wanted", wanted)
    })
}

fn empty(cookie: &ReceivedCookie, expected: &CookieExpectation) -> Option<Message> {
    let matters = expected.time.is_some() || expected.value.is_some();
    (matters && value(cookie).is_empty()).then(|| Message::new("hint-cookie-empty").with("name", cookie.name.as_str()))
}

/// The value without quotes and blanks.
fn value(cookie: &ReceivedCookie) -> &str {
    cookie.raw_value.trim().trim_matches('"').trim()
}
