//! Which requests are the same to a server.

use std::fmt;

use crate::exchange::Request;

/// What stands for a value that is drawn anew in each run.
const RANDOM: &str = "{{random}}";

/// What makes a request another one to a server: method, address, which cookies it has, and its body.
///
/// The values of cookies do not count, nor do random values of the run: a second visitor is the same situation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Situation {
    /// The method, in capitals.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// The names of its cookies, sorted.
    pub cookies: Vec<String>,
    /// Its body.
    pub body: Option<String>,
}

impl Situation {
    /// The situation of a request in a run that drew these random values.
    #[must_use]
    pub fn of(request: &Request, randoms: &[String]) -> Self {
        let still = |text: &str| {
            randoms.iter().filter(|random| !random.is_empty()).fold(text.to_owned(), |text, random| {
                if text.contains(random.as_str()) { text.replace(random.as_str(), RANDOM) } else { text }
            })
        };
        let mut cookies: Vec<_> = request.cookies().iter().map(|(name, _)| still(name)).collect();
        cookies.sort();
        cookies.dedup();
        Self {
            method: request.method.clone(),
            target: still(&request.target),
            cookies,
            body: request.body.as_deref().map(still),
        }
    }

    /// The same address, whatever cookies are sent.
    #[must_use]
    pub fn with_any_cookies(self) -> Self {
        Self { cookies: Vec::new(), ..self }
    }
}

/// `POST /add, cookies a; b, body x=1`: as it stands in tables.
impl fmt::Display for Situation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 40;
        write!(f, "{} {}", self.method, self.target)?;
        if !self.cookies.is_empty() {
            write!(f, " [{}]", self.cookies.join("; "))?;
        }
        if let Some(body) = self.body.as_deref().filter(|body| !body.is_empty()) {
            let cut = if body.chars().count() > SHOWN { "…" } else { "" };
            write!(f, " {{{}{cut}}}", body.chars().take(SHOWN).collect::<String>())?;
        }
        Ok(())
    }
}
