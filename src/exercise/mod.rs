//! What an instructor authors: an exercise, its checks, their steps and what they expect.
//!
//! These are the domain's own types. How they are written in TOML is [`mod@file`]'s business alone;
//! the exercises that come with the checker are in [`builtin`].

pub mod builtin;
pub mod diagnostic;
pub mod draft;
pub mod duration;
pub mod file;
mod json_path;
mod known;
mod parts;
mod pattern;
pub mod selector;
pub(crate) mod suggest;
mod template;
mod validate;

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use crate::exchange::ClientName;

pub use json_path::{JsonPath, JsonPathError};
pub use known::{Known, KnownVariant, Reference};
pub use pattern::Pattern;
pub use selector::Selector;
pub use template::{Part, Template, TemplateError};

/// The name of a check, unique within its exercise, such as `set-cookie`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CheckId(pub String);

impl fmt::Display for CheckId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A language that the checker speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Chinese, simplified.
    Zh,
}

impl Lang {
    /// Every language, in the order of the documentation.
    pub const ALL: [Self; 2] = [Self::En, Self::Zh];

    /// The language's code, such as `en`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh",
        }
    }
}

/// A text that an author wrote in one language or in several. At least one is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// English, or the only language if the author wrote a plain string.
    pub en: Option<String>,
    /// Chinese.
    pub zh: Option<String>,
}

impl Text {
    /// A text in one language, which every reader gets.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { en: Some(text.into()), zh: None }
    }

    /// The text in this language, or in another if the author did not write this one.
    #[must_use]
    pub fn in_lang(&self, lang: Lang) -> &str {
        let (first, second) = match lang {
            Lang::En => (&self.en, &self.zh),
            Lang::Zh => (&self.zh, &self.en),
        };
        first.as_deref().or(second.as_deref()).unwrap_or_default()
    }
}

/// A whole exercise, checked: every reference in it resolves.
#[derive(Clone, Debug)]
pub struct Exercise {
    /// Its name on the command line, such as `cookies`.
    pub id: String,
    /// Its author's version, in the form of semantic versioning.
    pub version: String,
    /// What it is about, in a line.
    pub title: Text,
    /// For whom it is, if its author says.
    pub level: Option<Level>,
    /// How long its parts may take.
    pub limits: Limits,
    /// Its checks, in the author's order. Never empty.
    pub checks: Vec<Check>,
    /// `sha256:` and 64 hexadecimal digits over the exercise file's bytes.
    pub digest: String,
    /// The absolute folder of its file, where the programs of its checks are and run; none for what has no folder.
    pub folder: Option<PathBuf>,
}

/// How much an exercise asks of whoever solves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The first steps.
    Beginner,
    /// Several things at once.
    Intermediate,
    /// What experience is needed for.
    Advanced,
}

impl Level {
    /// Every level, the easiest first.
    pub const ALL: [Self; 3] = [Self::Beginner, Self::Intermediate, Self::Advanced];

    /// The name in exercise files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Beginner => "beginner",
            Self::Intermediate => "intermediate",
            Self::Advanced => "advanced",
        }
    }
}

/// How long the parts of a run may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// From the launch to the first response.
    pub ready: Duration,
    /// One request, from the connection to the last byte of the body.
    pub request: Duration,
    /// The whole run, from the moment the server listens to the last check.
    pub run: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { ready: Duration::from_secs(15), request: Duration::from_secs(5), run: Duration::from_secs(60) }
    }
}

/// A named, scored behaviour.
#[derive(Clone, Debug)]
pub struct Check {
    /// Its name in reports and in `requires`.
    pub id: CheckId,
    /// What it looks at, in a line.
    pub title: Text,
    /// What it is worth.
    pub points: u32,
    /// The checks that must pass, else this one is skipped.
    pub requires: Vec<CheckId>,
    /// What is done, in order. Never empty.
    pub steps: Vec<Step>,
    /// What the author says when evidence of a mistake shows, in the order of preference.
    pub hints: Vec<AuthoredHint>,
    /// Whether students are not to know what it looks at: neither its title nor why it failed.
    pub hidden: bool,
    /// How much of a failure students see.
    pub visibility: Visibility,
}

/// How much of a check's failure students see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Visibility {
    /// Everything: what was asked, what was expected and what came.
    #[default]
    Full,
    /// What was asked and what came, but not what was expected.
    Actual,
    /// That it failed.
    None,
}

impl Visibility {
    /// Every visibility, in the order of the documentation.
    pub const ALL: [Self; 3] = [Self::Full, Self::Actual, Self::None];

    /// The name in exercise files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Actual => "actual",
            Self::None => "none",
        }
    }
}

/// One scripted request, restart or pause of a check.
#[derive(Clone, Debug)]
pub enum Step {
    /// A request and what its response must satisfy.
    Request(Box<RequestStep>),
    /// The server is stopped and started again; cookie jars stay.
    Restart,
    /// Nothing happens for this long; other checks go on meanwhile.
    Wait(Duration),
    /// A program of the author's decides. It is the only step of its check.
    Program(ProgramStep),
}

/// A program of the author's that asks the server on its own and says by its exit code or in TAP what it found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramStep {
    /// The program and its arguments. Never empty. It runs in the exercise's folder, and is looked for there first.
    pub command: Vec<String>,
    /// How long it may take.
    pub timeout: Duration,
}

/// How long a check's program may take if its author does not say.
pub const PROGRAM_TIMEOUT: Duration = Duration::from_secs(10);

/// A request, as its author scripted it.
#[derive(Clone, Debug)]
pub struct RequestStep {
    /// The method.
    pub method: Method,
    /// The path, such as `/get`; may hold templates.
    pub path: Template,
    /// Query parameters, in order, encoded by the client.
    pub query: Vec<(String, Template)>,
    /// Headers beside the client's own, in order.
    pub headers: Vec<(String, Template)>,
    /// Cookies sent with this request instead of the jar's of the same names. The jar stays as it is.
    pub cookies: Vec<(String, Template)>,
    /// The body.
    pub payload: Payload,
    /// Whose jar is used.
    pub client: ClientName,
    /// Whether redirects are followed, within the server's own origin.
    pub redirects: Redirects,
    /// When it is asked.
    pub turn: Turn,
    /// What the response must satisfy.
    pub expect: Expectations,
    /// What is kept of the response for later steps of this check.
    pub save: Vec<(String, Capture)>,
}

/// When a step is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Turn {
    /// In its place within its check.
    #[default]
    InOrder,
    /// Before any other step of any check, while the program has answered nothing yet, so that what
    /// later requests leave behind in it (a global variable, say) cannot hide a mistake.
    /// Its outcome still belongs to its own check.
    Fresh,
}

/// An HTTP method that a step can use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are RFC 9110's")]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
    Head,
    Options,
}

impl Method {
    /// Every method, in the order of the documentation.
    pub const ALL: [Self; 7] = [Self::Get, Self::Post, Self::Put, Self::Patch, Self::Delete, Self::Head, Self::Options];

    /// The method as it stands in a request, in capitals.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Head => "HEAD",
            Self::Options => "OPTIONS",
        }
    }
}

/// What a request carries.
#[derive(Clone, Debug, Default)]
pub enum Payload {
    /// Nothing.
    #[default]
    None,
    /// Fields, sent as `application/x-www-form-urlencoded`.
    Form(Vec<(String, Template)>),
    /// A JSON document, sent as `application/json`; its strings may hold templates.
    Json(JsonTemplate),
    /// Text as it is, without a content type of its own.
    Text(Template),
}

/// A JSON document whose strings may hold templates.
#[derive(Clone, Debug)]
pub enum JsonTemplate {
    /// Anything that is not a string, an array or an object.
    Scalar(serde_json::Value),
    /// A string.
    String(Template),
    /// An array.
    Array(Vec<JsonTemplate>),
    /// An object, in the author's order.
    Object(Vec<(String, JsonTemplate)>),
}

/// Whether redirects are followed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Redirects {
    /// The redirect itself is the response that is judged.
    #[default]
    Stay,
    /// Followed up to ten times, each an exchange of its own; the last response is judged.
    Follow,
}

/// What a response must satisfy. Empty: it must only come.
#[derive(Clone, Debug, Default)]
pub struct Expectations {
    /// The status code, if it matters.
    pub status: Option<StatusExpectation>,
    /// Headers by name (lower case).
    pub headers: Vec<(String, TextExpectation)>,
    /// The body.
    pub body: Option<TextExpectation>,
    /// Values of a JSON body, by their paths.
    pub json: Vec<(JsonPath, JsonExpectation)>,
    /// Elements of an HTML body, by their selectors.
    pub html: Vec<(Selector, HtmlExpectation)>,
    /// Captured texts by name.
    pub captures: Vec<(String, TextExpectation)>,
    /// Cookies that this response sets, by name.
    pub cookies: Vec<(String, CookieExpectation)>,
    /// The longest that the exchange may take.
    pub elapsed: Option<Duration>,
    /// The path (and query) that the response redirects to, within the server's origin.
    pub redirected_to: Option<Template>,
}

/// Which status codes will do: any of these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusExpectation(pub Vec<StatusMatch>);

/// One status code, or a class of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusMatch {
    /// Exactly this code.
    Code(u16),
    /// A class by its first digit: 2 is `2xx`.
    Class(u8),
}

/// What a text must satisfy: all that is given.
#[derive(Clone, Debug, Default)]
pub struct TextExpectation {
    /// The whole text, but for white space at its ends.
    pub equals: Option<Template>,
    /// Each of these stands in the text.
    pub contains: Vec<Template>,
    /// Each of these regular expressions is found in the text.
    pub matches: Vec<Pattern>,
    /// None of these stands in the text.
    pub not_contains: Vec<Template>,
    /// Whether the text is empty (but for white space).
    pub is_empty: Option<bool>,
}

/// What the values that a path selects must satisfy: all that is given, and each of the values.
#[derive(Clone, Debug, Default)]
pub struct JsonExpectation {
    /// Whether there is any.
    pub presence: Option<Presence>,
    /// How many there are.
    pub count: Option<usize>,
    /// Of which type they are.
    pub kind: Option<JsonType>,
    /// What they are, numbers compared by value.
    pub equals: Option<JsonTemplate>,
    /// Their text: a string's own, else the value as JSON. `equals` is not used; a list or object without members
    /// is empty.
    pub text: TextExpectation,
}

/// A type of JSON values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum JsonType {
    String,
    Number,
    /// A number without a fraction.
    Integer,
    Boolean,
    Array,
    Object,
    Null,
}

impl JsonType {
    /// Every type, in the order of the documentation.
    pub const ALL: [Self; 7] =
        [Self::String, Self::Number, Self::Integer, Self::Boolean, Self::Array, Self::Object, Self::Null];

    /// The name in exercise files, which is JSON Schema's.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Number => "number",
            Self::Integer => "integer",
            Self::Boolean => "boolean",
            Self::Array => "array",
            Self::Object => "object",
            Self::Null => "null",
        }
    }
}

/// What the elements that a selector selects must satisfy: all that is given.
///
/// Texts are looked at as people see them, white space drawn together; of several elements a line each.
#[derive(Clone, Debug, Default)]
pub struct HtmlExpectation {
    /// Whether there is any.
    pub presence: Option<Presence>,
    /// How many there are.
    pub count: Option<usize>,
    /// Their text.
    pub text: Option<TextExpectation>,
    /// Their attributes, by names in lower case.
    pub attributes: Vec<(String, AttributeExpectation)>,
}

/// What an attribute of elements must satisfy.
#[derive(Clone, Debug)]
pub enum AttributeExpectation {
    /// Each of the elements has it, or none has.
    Presence(Presence),
    /// Its values.
    Value(TextExpectation),
}

/// What a cookie of a response must satisfy.
#[derive(Clone, Debug, Default)]
pub struct CookieExpectation {
    /// Whether the response sets it, and in such a way that a browser keeps it.
    pub presence: Option<Presence>,
    /// Its value (raw, without quotes or percent-decoded: any form that satisfies will do).
    pub value: Option<TextExpectation>,
    /// What time its value says.
    pub time: Option<TimeExpectation>,
    /// A path of the server to which a browser sends it.
    pub sent_to: Option<Template>,
    /// Its `Path` attribute.
    pub path: Option<Template>,
    /// Whether `HttpOnly` is there.
    pub http_only: Option<bool>,
    /// Whether `Secure` is there.
    pub secure: Option<bool>,
    /// Its `SameSite` attribute, compared without regard to case.
    pub same_site: Option<String>,
    /// Its `Max-Age` in seconds.
    pub max_age: Option<i64>,
    /// Whether it ends with the browser's session.
    pub session: Option<bool>,
}

/// Whether something must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It is; a cookie in such a way that a browser keeps it.
    Present,
    /// It is not; a cookie may also be deleted.
    Absent,
}

/// What time a text must say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeExpectation {
    /// The time of this very exchange, in any usual format, at any offset from UTC that is a multiple of 15 minutes.
    Now,
}

/// Where a captured text is taken from.
#[derive(Clone, Debug)]
pub enum Capture {
    /// The first group (or else the whole match) of a regular expression in the body.
    Body(Pattern),
    /// A header's value, by its name in lower case.
    Header(String),
    /// The raw value of a cookie that the response sets.
    Cookie(String),
    /// The first value of a JSON body that a path selects: a string's own text, else the value as JSON.
    Json(JsonPath),
    /// The first element of an HTML body that a selector selects: its text, or the value of an attribute.
    Html {
        /// Which element.
        selector: Selector,
        /// The attribute's name in lower case; none for the text.
        attribute: Option<String>,
    },
}

/// A hint of the author's and the evidence that calls for it.
#[derive(Clone, Debug)]
pub struct AuthoredHint {
    /// All that is given must hold of the step that failed.
    pub when: Evidence,
    /// What is said.
    pub say: Text,
}

/// Evidence for an authored hint. Everything absent: always.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// The step of the check that failed, counted from 1.
    pub step: Option<usize>,
    /// The status that came.
    pub status: Option<StatusExpectation>,
    /// Found in the server's log of that exchange.
    pub log: Option<Pattern>,
    /// Found in the body.
    pub body: Option<Pattern>,
    /// Found in what the check's program wrote.
    pub output: Option<Pattern>,
    /// The transport failure's name, such as `timeout`.
    pub failure: Option<String>,
}
