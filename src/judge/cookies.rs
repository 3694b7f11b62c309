//! Cookies that a response sets, beside what is expected of them.

use super::{Scope, echo, text, time};
use crate::exchange::{Exchange, JarVerdict, Moment, ReceivedCookie, Refusal, Response};
use crate::exercise::{CookieExpectation, Expectations, Presence, TextExpectation};
use crate::message::Message;
use crate::outcome::{Aspect, Mismatch};

/// The coarsest resolution, in microseconds, for which a run waits until a value can be told from an
/// older one. A value without seconds would take a minute.
const WORTH_WAITING_FOR: i64 = 1_500_000;

/// What of the expectation the response does not satisfy, about the cookie of this name.
pub(super) fn judge(
    step: usize,
    name: &str,
    expected: &CookieExpectation,
    exchange: &Exchange,
    response: &Response,
    scope: &Scope,
) -> Vec<Mismatch> {
    let case = Case { step, name, expected };
    match (expected.presence, response.cookie(name)) {
        (Some(Presence::Absent), Some(cookie)) if cookie.jar == JarVerdict::Kept => {
            vec![case.mismatch(Message::new("expected-no-cookie"), text::shown(&cookie.raw_value))]
        }
        (Some(Presence::Absent), _) => Vec::new(),
        (_, None) => vec![case.not_set(response)],
        (_, Some(cookie)) => case.set(cookie, exchange, scope),
    }
}

/// One cookie that is expected, with what is expected of it.
struct Case<'a> {
    step: usize,
    name: &'a str,
    expected: &'a CookieExpectation,
}

impl Case<'_> {
    fn set(&self, cookie: &ReceivedCookie, exchange: &Exchange, scope: &Scope) -> Vec<Mismatch> {
        let mut found = Vec::new();
        if let (Some(Presence::Present), JarVerdict::Refused(refusal)) = (self.expected.presence, &cookie.jar) {
            return vec![self.refused(refusal)];
        }
        found.extend(self.sent_to(cookie, scope));
        found.extend(self.expected.value.as_ref().and_then(|value| self.value(value, cookie, scope)));
        if self.expected.time.is_some() {
            found.extend(self.now(cookie, exchange));
        }
        found.extend(self.attributes(cookie, scope));
        found
    }

    fn mismatch(&self, expected: Message, actual: Message) -> Mismatch {
        let message = Message::new("mismatch-cookie")
            .with("name", self.name)
            .with("expected", expected.clone())
            .with("actual", actual.clone());
        Mismatch { step: self.step, what: Aspect::Cookie(self.name.to_owned()), expected, actual, message }
    }

    fn not_set(&self, response: &Response) -> Mismatch {
        let expected = Message::new("expected-cookie").with("name", self.name);
        let names: Vec<_> = response.cookies.iter().map(|cookie| format!("`{}`", cookie.name)).collect();
        let actual = if names.is_empty() {
            Message::new("actual-no-cookie")
        } else {
            Message::new("actual-other-cookies").with("names", names.join(", "))
        };
        self.mismatch(expected, actual)
    }

    fn refused(&self, refusal: &Refusal) -> Mismatch {
        let expected = Message::new("expected-kept-cookie").with("name", self.name);
        self.mismatch(expected, refusal_message(refusal))
    }

    /// RFC 6265 §5.1.4: a cookie is sent to its path and what lies below it.
    fn sent_to(&self, cookie: &ReceivedCookie, scope: &Scope) -> Option<Mismatch> {
        let path = scope.fill(self.expected.sent_to.as_ref()?).text;
        let own = cookie.effective_path.as_str();
        let below = path
            .strip_prefix(own)
            .is_some_and(|rest| rest.is_empty() || own.ends_with('/') || rest.starts_with(['/', '?']));
        (!below).then(|| {
            let expected = Message::new("expected-sent-to").with("path", path.clone());
            self.mismatch(expected, Message::new("actual-sent-below").with("path", own))
        })
    }

    /// Any form of the value will do: as it was written, without quotes, percent-decoded.
    fn value(&self, expected: &TextExpectation, cookie: &ReceivedCookie, scope: &Scope) -> Option<Mismatch> {
        let what = Aspect::Cookie(self.name.to_owned());
        let mut found = echo::forms(&cookie.raw_value)
            .into_iter()
            .map(|form| text::judge(self.step, &what, expected, &form, scope));
        let raw = found.next()?;
        // An empty value in quotes is as empty as one without: for emptiness the unquoted form decides.
        let forbidden = expected.is_empty.is_some() || !expected.not_contains.is_empty();
        let others: Vec<_> = found.collect();
        if forbidden {
            return raw.into_iter().chain(others.into_iter().flatten()).next();
        }
        if others.iter().any(Vec::is_empty) { None } else { raw.into_iter().next() }
    }

    fn now(&self, cookie: &ReceivedCookie, exchange: &Exchange) -> Option<Mismatch> {
        if placed(cookie, exchange).is_some() {
            return None;
        }
        let forms = echo::forms(&cookie.raw_value);
        let nearest = forms.iter().find_map(|form| time::nearest(form, exchange.sent_at.0));
        let actual = text::shown(&cookie.raw_value);
        let expected = Message::new("expected-now");
        let message = match nearest {
            None => Message::new("mismatch-not-a-time").with("name", self.name).with("value", actual.clone()),
            Some(placed) => {
                let seconds = (placed.instant - exchange.sent_at.0) / 1_000_000;
                let id = if seconds < 0 { "mismatch-time-behind" } else { "mismatch-time-ahead" };
                Message::new(id).with("name", self.name).with("value", actual.clone()).with("seconds", seconds.abs())
            }
        };
        Some(Mismatch { step: self.step, what: Aspect::Cookie(self.name.to_owned()), expected, actual, message })
    }

    fn attributes(&self, cookie: &ReceivedCookie, scope: &Scope) -> Vec<Mismatch> {
        let mut found = Vec::new();
        let mut compare = |attribute: &str, wanted: String, actual: String| {
            if !wanted.eq_ignore_ascii_case(&actual) {
                let pair = |value| Message::literal(format!("{attribute}={value}"));
                found.push(self.mismatch(pair(wanted), pair(actual)));
            }
        };
        if let Some(path) = &self.expected.path {
            compare("Path", scope.fill(path).text, cookie.path.clone().unwrap_or_default());
        }
        if let Some(wanted) = self.expected.http_only {
            compare("HttpOnly", wanted.to_string(), cookie.http_only.to_string());
        }
        if let Some(wanted) = self.expected.secure {
            compare("Secure", wanted.to_string(), cookie.secure.to_string());
        }
        if let Some(wanted) = &self.expected.same_site {
            compare("SameSite", wanted.clone(), cookie.same_site.clone().unwrap_or_default());
        }
        if let Some(wanted) = self.expected.max_age {
            compare("Max-Age", wanted.to_string(), cookie.max_age.clone().unwrap_or_default());
        }
        if let Some(wanted) = self.expected.session {
            compare("session", wanted.to_string(), cookie.is_session().to_string());
        }
        found
    }
}

/// Why a jar refuses a cookie, in words that name the attribute.
pub(crate) fn refusal_message(refusal: &Refusal) -> Message {
    match refusal {
        Refusal::Domain(domain) => Message::new("refused-domain").with("domain", domain.clone()),
        Refusal::Expires(expires) => Message::new("refused-expires").with("expires", expires.clone()),
        Refusal::MaxAge(age) => Message::new("refused-max-age").with("age", age.clone()),
        Refusal::SameSiteNone => Message::new("refused-same-site"),
        Refusal::Prefix(prefix) => Message::new("refused-prefix").with("prefix", prefix.clone()),
        Refusal::Malformed(why) => Message::new("refused-malformed").with("why", why.clone()),
        Refusal::Full => Message::new("refused-full"),
    }
}

fn placed(cookie: &ReceivedCookie, exchange: &Exchange) -> Option<time::Placed> {
    let (from, to) = (exchange.sent_at.0, exchange.received_at.0);
    let forms = echo::forms(&cookie.raw_value);
    forms.iter().find_map(|form| time::instant_within(form, from, to))
}

/// When to ask again, if this exchange cannot tell a value made at the visit from one made by `since`.
///
/// A value says when it was made only to its own resolution: the second in which the program started may
/// be the second of the visit. Then the next tick of the value's clock decides.
#[must_use]
pub fn undecided_until(expected: &Expectations, exchange: &Exchange, since: Moment) -> Option<Moment> {
    let response = exchange.response()?;
    let timed = expected.cookies.iter().filter(|(_, cookie)| cookie.time.is_some());
    let values = timed.filter_map(|(name, _)| response.cookie(name));
    let ticks = values.filter_map(|cookie| placed(cookie, exchange)).filter_map(|placed| {
        let could_be_old = placed.instant <= since.0;
        (could_be_old && placed.resolution_us <= WORTH_WAITING_FOR).then_some(Moment(placed.outlived_at()))
    });
    ticks.max()
}
