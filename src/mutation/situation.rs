//! Which requests are the same to a server.

use std::collections::BTreeSet;
use std::fmt;

use crate::exchange::Request;

/// What stands for a value that is drawn anew in each run.
const RANDOM: &str = "{random}";
/// What stands for a number that is a part of a path, such as an id.
const NUMBER: &str = "{number}";

/// A kind of request, and how a right server answers it.
///
/// What makes a request another kind: method, path, the names of its query's parameters, of its cookies and of its
/// body's fields, and the status of the answer. Values do not count, nor do random parts of a path and numbers in it: a
/// second visitor is the same situation, a second book too; a book that is not there has another status.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Situation {
    /// The method, in capitals.
    pub method: String,
    /// The path.
    pub path: String,
    /// The names of the query's parameters.
    pub query: BTreeSet<String>,
    /// The names of its cookies.
    pub cookies: BTreeSet<String>,
    /// The names of the fields of its body, if it has one.
    pub fields: Option<BTreeSet<String>>,
    /// The status of the answer; none for any.
    pub status: Option<u16>,
}

impl Situation {
    /// The situation of a request that is answered with this status, in a run that drew these random values.
    #[must_use]
    pub fn of(request: &Request, status: u16, randoms: &[String]) -> Self {
        let still = |text: &str| {
            randoms.iter().filter(|random| !random.is_empty()).fold(text.to_owned(), |text, random| {
                if text.contains(random.as_str()) { text.replace(random.as_str(), RANDOM) } else { text }
            })
        };
        let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let parts = path.split('/').map(|part| if is_number(part) { NUMBER.to_owned() } else { still(part) });
        Self {
            method: request.method.clone(),
            path: parts.collect::<Vec<_>>().join("/"),
            query: names(query).map(|name| still(&name)).collect(),
            cookies: request.cookies().iter().map(|(name, _)| still(name)).collect(),
            fields: request.body.as_deref().map(|body| fields(body).iter().map(|name| still(name)).collect()),
            status: Some(status),
        }
    }

    /// The same page, however it is asked for and whatever it answers.
    #[must_use]
    pub fn page(self) -> Self {
        let Self { method, path, query, .. } = self;
        Self { method, path, query, ..Self::default() }
    }
}

/// The names of a form's fields, or of a query's parameters.
fn names(form: &str) -> impl Iterator<Item = String> {
    url::form_urlencoded::parse(form.as_bytes()).map(|(name, _)| name.into_owned())
}

/// The names of a body's fields: of a JSON object, or of a form. A body of another kind has none.
fn fields(body: &str) -> BTreeSet<String> {
    match serde_json::from_str(body) {
        Ok(serde_json::Value::Object(object)) => object.into_iter().map(|(name, _)| name).collect(),
        Ok(_) => BTreeSet::new(),
        Err(_) if body.contains('=') => names(body).collect(),
        Err(_) => BTreeSet::new(),
    }
}

/// `POST /add?x [time] {name, message} → 303`: as it stands in tables.
impl fmt::Display for Situation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |names: &BTreeSet<String>, between: &str| names.iter().cloned().collect::<Vec<_>>().join(between);
        write!(f, "{} {}", self.method, self.path)?;
        if !self.query.is_empty() {
            write!(f, "?{}", list(&self.query, "&"))?;
        }
        if !self.cookies.is_empty() {
            write!(f, " [{}]", list(&self.cookies, "; "))?;
        }
        if let Some(fields) = &self.fields {
            write!(f, " {{{}}}", list(fields, ", "))?;
        }
        match self.status {
            None | Some(200) => Ok(()),
            Some(status) => write!(f, " → {status}"),
        }
    }
}
