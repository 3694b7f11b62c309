//! An exercise that is proposed, before it is written down.

/// What is proposed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// The exercise's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its checks.
    pub checks: Vec<DraftCheck>,
}

/// A check that is proposed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DraftCheck {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The checks that it requires.
    pub requires: Vec<String>,
    /// Its steps.
    pub steps: Vec<DraftStep>,
}

/// A step that is proposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DraftStep {
    /// A visit.
    Get(Box<DraftGet>),
    /// A pause, such as `1s`.
    Wait(&'static str),
}

/// A visit and what it should bring.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DraftGet {
    /// Path and query.
    pub path: String,
    /// Whose visit, if it matters.
    pub client: Option<String>,
    /// The status.
    pub status: Option<u16>,
    /// What the content type begins with.
    pub content_type: Option<String>,
    /// Where it redirects to.
    pub redirected_to: Option<String>,
    /// The cookies that it sets.
    pub cookies: Vec<DraftCookie>,
    /// What is known of a JSON body: JSONPaths and values.
    pub json: Vec<(String, DraftJson)>,
    /// What elements of a page say: selectors and texts.
    pub html: Vec<(String, String)>,
    /// What stands in the body.
    pub contains: Vec<String>,
    /// Regular expressions that the body satisfies.
    pub matches: Vec<String>,
    /// What is kept of the body for later steps, by name.
    pub save: Vec<(String, DraftCapture)>,
}

/// Where in a body a value stands that is another one each time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DraftCapture {
    /// At this JSONPath.
    Json(String),
    /// In the group of this regular expression.
    Body(String),
}

/// A cookie that a visit should set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DraftCookie {
    /// Its name.
    pub name: String,
    /// What is known of its value.
    pub value: DraftValue,
    /// Its attributes, as keys and values of an exercise file.
    pub attributes: Vec<(&'static str, DraftAttribute)>,
}

/// What is known of a value that may be another one each time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum DraftValue {
    /// That it is there.
    #[default]
    Any,
    /// That it is this one.
    Same(String),
    /// That it has this form, a regular expression.
    Form(String),
    /// That it says the time of the visit.
    Now,
}

/// What is known of a value in a JSON body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DraftJson {
    /// That it is this text.
    Text(String),
    /// That it is this number or truth value, as TOML writes it.
    Plain(String),
    /// That it has this type.
    Type(&'static str),
}

/// The value of a cookie's attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DraftAttribute {
    /// It is there.
    Set,
    /// A text.
    Text(String),
    /// A number.
    Number(i64),
}
