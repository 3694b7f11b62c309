//! The mistakes that the reference server can play.

use std::fmt;
use std::str::FromStr;

/// Declares the faults once: the sentence, the case and the name of each stand side by side.
macro_rules! faults {
    ($(#[doc = $meaning:literal] $case:ident = $name:literal,)+) => {
        /// One known mistake of a submission, which the reference server can play.
        ///
        /// With a fault the server is right in everything but this one thing. A fault has a name
        /// in kebab case, for the command line, and a sentence that says what it does.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Fault {
            $(#[doc = $meaning] $case,)+
        }

        impl Fault {
            /// Every fault there is, once each, those of one kind together.
            pub const ALL: &[Self] = &[$(Self::$case,)+];

            /// The name of the fault on the command line, such as `wrong-name`.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$case => $name,)+
                }
            }

            /// One sentence that says what the server does wrong.
            pub fn meaning(self) -> &'static str {
                match self {
                    $(Self::$case => $meaning,)+
                }
                .trim()
            }
        }
    };
}

faults! {
    // What `GET /` sets.
    /// The cookie is named `visit_time`, and `/get` reads it by that name.
    WrongName = "wrong-name",
    /// `/` sets no cookie.
    NoCookie = "no-cookie",
    /// The cookie is set by `/get` and not by `/`.
    CookieOnGet = "cookie-on-get",
    /// The cookie has an empty value.
    EmptyCookie = "empty-cookie",
    /// The cookie is for another domain, so a browser refuses it.
    DomainElsewhere = "domain-elsewhere",
    /// The cookie has expired when it is set.
    Expired = "expired",
    /// The cookie has a `Max-Age` of 0, so a browser drops it.
    MaxAgeZero = "max-age-zero",
    /// The cookie is for the path `/other`, so a browser does not send it to `/get`.
    PathElsewhere = "path-elsewhere",
    /// `/` answers 404.
    RootMissing = "root-missing",
    /// `/` answers 500.
    Root500 = "root-500",

    // Which time the value says.
    /// The value is a time written into the program.
    ConstantValue = "constant-value",
    /// The value is the time when the server started.
    MadeAtStart = "made-at-start",
    /// The value is the time of the first visit, whoever visits later.
    MadeAtFirstVisit = "made-at-first-visit",
    /// The value is seven minutes behind the time of the visit.
    WrongClock = "wrong-clock",
    /// The value counts the visits and says no time.
    NotATime = "not-a-time",

    // Whose value `GET /get` answers.
    /// `/get` answers the time now and ignores the cookie.
    EchoCurrentTime = "echo-current-time",
    /// `/` keeps the value in a global variable, which `/get` answers to every client.
    GlobalVariable = "global-variable",
    /// `/get` answers a client without a cookie with the value that the last client sent.
    LastClient = "last-client",
    /// `/get` answers only values that this server issued, and `None` for any other.
    OnlyKnownValues = "only-known-values",

    // What becomes of the value on its way.
    /// `/get` answers the value in capitals.
    UpperCased = "upper-cased",
    /// `/get` answers the first half of the value.
    Cut = "cut",
    /// `/get` answers the value percent-encoded.
    PercentEncoded = "percent-encoded",
    /// `/get` answers an empty body, whatever the client sent.
    GetEmpty = "get-empty",

    // What a client without the cookie gets.
    /// `/get` answers 500 without the cookie, like a Flask view that returns `None`.
    NoneAs500 = "none-as-500",
    /// `/get` answers 404 without the cookie.
    NoneAs404 = "none-as-404",
    /// `/get` answers `null` without the cookie.
    NoneAsNull = "none-as-null",
    /// `/get` answers `undefined` without the cookie.
    NoneAsUndefined = "none-as-undefined",
    /// `/get` answers an empty body without the cookie.
    NoneAsEmpty = "none-as-empty",
    /// `/get` answers `no cookie` without the cookie.
    NoneAsText = "none-as-text",

    // Which cookie `GET /get` reads.
    /// `/get` reads a cookie named `not_exist`, so it answers `None` always.
    ReadsOtherName = "reads-other-name",
    /// `/get` shows all cookies as Flask's `ImmutableMultiDict` does, and `None` never.
    ShowsAllCookies = "shows-all-cookies",
    /// `/get` shows the type of Flask's dictionary of cookies, and no cookie.
    ShowsTypeOnly = "shows-type-only",
    /// `/get` shows all cookies as Flask's `ImmutableMultiDict` does, but `None` if there are none.
    ShowsAllOrNone = "shows-all-or-none",
    /// `/get` takes a cookie named `Time` or `TIME` for `time`.
    OtherCookieCounts = "other-cookie-counts",
    /// `/get` takes any cookie whose name starts or ends with `time`.
    PrefixMatch = "prefix-match",
    /// `/get` answers the first cookie of the request, whatever its name.
    FirstCookieCounts = "first-cookie-counts",

    // How `GET /get` answers.
    /// `/get` answers 404.
    GetMissing = "get-missing",
    /// `/get` answers 405, since it is there for POST only.
    GetWrongMethod = "get-wrong-method",
    /// `/get` answers 500.
    Get500 = "get-500",
    /// `/get` redirects to `/`.
    GetRedirects = "get-redirects",
    /// `/get` redirects to itself, without end.
    RedirectLoop = "redirect-loop",
    /// `/get` redirects to another host.
    RedirectsAway = "redirects-away",

    // What happens below HTTP, or instead of it.
    /// `/get` is never answered; its connection stays open.
    Hangs = "hangs",
    /// No request is ever answered, though the server listens.
    NeverAnswers = "never-answers",
    /// `/get` closes the connection without an answer.
    ClosesEarly = "closes-early",
    /// `/get` resets the connection without an answer.
    Resets = "resets",
    /// `/get` promises a longer body than it sends, then closes the connection.
    TruncatedBody = "truncated-body",
    /// `/get` sends one byte of its body a second, for an hour.
    SlowDrip = "slow-drip",
    /// `/get` sends a body of 64 MiB.
    HugeBody = "huge-body",
    /// Every request is answered with plain text that has no HTTP head.
    NotHttp = "not-http",
    /// The server answers the first visit of `/`, then ends with exit code 1.
    DiesAfterFirstVisit = "dies-after-first-visit",
}

/// The part of the reference server that plays a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layer {
    /// What is answered: the whole of the fault is in the answer's status, headers and body.
    Site,
    /// Whether there is an answer at all at an address.
    Router,
    /// The bytes of a connection, which no HTTP library would write.
    Connection,
    /// The life of the server as a whole.
    Process,
}

impl Fault {
    pub(crate) fn layer(self) -> Layer {
        match self {
            Self::RootMissing | Self::GetMissing | Self::GetWrongMethod | Self::Hangs | Self::NeverAnswers => {
                Layer::Router
            }
            Self::ClosesEarly
            | Self::Resets
            | Self::TruncatedBody
            | Self::SlowDrip
            | Self::HugeBody
            | Self::NotHttp => Layer::Connection,
            Self::DiesAfterFirstVisit => Layer::Process,
            _ => Layer::Site,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Fault {
    type Err = UnknownFault;

    fn from_str(name: &str) -> Result<Self, UnknownFault> {
        let found = Self::ALL.iter().find(|fault| fault.name() == name);
        found.copied().ok_or_else(|| UnknownFault(name.to_owned()))
    }
}

/// A name that no fault has; it holds the name that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownFault(pub String);

impl fmt::Display for UnknownFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no fault `{}`", self.0)
    }
}

impl std::error::Error for UnknownFault {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_fault_has_a_name_of_its_own() {
        let names: BTreeSet<_> = Fault::ALL.iter().map(|fault| fault.name()).collect();
        assert_eq!(names.len(), Fault::ALL.len());
    }

    #[test]
    fn names_are_the_cases_in_kebab_case() {
        for fault in Fault::ALL {
            let case = format!("{fault:?}");
            let name: String = fault.name().split('-').collect();
            assert_eq!(case.to_ascii_lowercase(), name);
            assert_eq!(fault.name(), fault.name().to_ascii_lowercase());
        }
    }

    #[test]
    fn a_fault_is_found_by_its_name() {
        for &fault in Fault::ALL {
            assert_eq!(fault.to_string().parse(), Ok(fault));
        }
    }

    #[test]
    fn an_unknown_name_is_refused_and_named() {
        let refused = "wrong_name".parse::<Fault>().unwrap_err();
        assert_eq!(refused.to_string(), "there is no fault `wrong_name`");
    }

    #[test]
    fn every_fault_says_what_it_does_in_one_sentence() {
        for fault in Fault::ALL {
            let meaning = fault.meaning();
            assert!(meaning.ends_with('.') && !meaning.starts_with(' '), "{fault}: {meaning}");
        }
    }
}
