//! The tables of an exercise file as JSON Schema, whose descriptions an editor shows to authors.
//!
//! These types are never made; only their shape is used. Each field is a key that the reader asks for,
//! under the same name.
#![expect(dead_code, reason = "only the schema that is derived from these types is used")]

use std::collections::BTreeMap;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema as schema};
use serde_json::{Value, json};

use super::body::TYPES;
use super::check::{DEFAULT_POINTS, FAILURES, LEVELS, VISIBILITIES};
use super::expect::{SAME_SITE, TIMES};
use super::save::PLACES;
use super::step::action_keys;
use crate::exercise::duration;
use crate::exercise::validate::{IDENTIFIER, MAX_ID, MAX_POINTS, NAME, TOKEN, VERSION};

/// See [`super::json_schema`].
pub(super) fn json_schema() -> Value {
    let generator = SchemaSettings::draft2020_12().into_generator();
    let mut value = generator.into_root_schema_for::<Exercise>().to_value();
    forget_null(&mut value);
    value
}

/// TOML has no null: a key that need not be there is absent.
fn forget_null(value: &mut Value) {
    match value {
        Value::Object(object) => {
            if let Some(Value::Array(types)) = object.get_mut("type") {
                types.retain(|name| name != "null");
                if let [only] = types.as_slice() {
                    let only = only.clone();
                    object.insert("type".to_owned(), only);
                }
            }
            if let Some(Value::Array(choices)) = object.get_mut("anyOf") {
                choices.retain(|choice| *choice != json!({ "type": "null" }));
                if let [Value::Object(only)] = choices.as_slice() {
                    let only = only.clone();
                    object.remove("anyOf");
                    object.extend(only);
                }
            }
            object.values_mut().for_each(forget_null);
        }
        Value::Array(elements) => elements.iter_mut().for_each(forget_null),
        _ => {}
    }
}

/// What students are to build, and how a server is graded.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Exercise {
    /// The exercise's name on the command line.
    id: Identifier,
    /// The version of this file, three numbers as in semantic versioning. Raise it when a verdict may change.
    version: Version,
    /// What it is about, in a line.
    title: Text,
    /// For whom it is: `beginner`, `intermediate` or `advanced`.
    #[schemars(extend("enum" = LEVELS))]
    level: Option<String>,
    /// How long the parts of a run may take.
    limits: Option<Limits>,
    /// What is looked at, in the order in which it is reported.
    #[schemars(length(min = 1))]
    checks: Vec<Check>,
}

/// A text in one language, or in English (`en`) and Chinese (`zh`).
#[derive(JsonSchema)]
#[schemars(untagged)]
enum Text {
    Plain(#[schemars(length(min = 1))] String),
    Languages(Languages),
}

/// A text in several languages. At least one is there.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, extend("minProperties" = 1))]
struct Languages {
    /// English.
    #[schemars(length(min = 1))]
    en: Option<String>,
    /// Chinese, simplified.
    #[schemars(length(min = 1))]
    zh: Option<String>,
}

/// How long the parts of a run may take, each at most an hour.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Limits {
    /// From the launch to the first response: `15s` unless given.
    ready: Option<Time>,
    /// One request, to the last byte of its response: `5s` unless given.
    request: Option<Time>,
    /// The whole run: `60s` unless given.
    run: Option<Time>,
}

/// A named, scored behaviour: `steps` that are asked, or a program (`exec`) that asks and decides on its own.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, transform = steps_or_program)]
struct Check {
    /// The check's name in reports and in `requires`, unique within the exercise.
    id: Identifier,
    /// What is looked at, in a line that a student reads.
    title: Text,
    /// What the check is worth: 1 unless given.
    #[schemars(range(max = MAX_POINTS), extend("default" = DEFAULT_POINTS))]
    points: Option<u32>,
    /// The checks that must pass first; if one of them does not, this one is skipped.
    #[schemars(extend("uniqueItems" = true))]
    requires: Option<Vec<String>>,
    /// What is asked, in order.
    #[schemars(length(min = 1))]
    steps: Option<Vec<Step>>,
    /// A program of yours and its arguments, run in the folder of this file with the server's address in
    /// `CHECKER_BASE_URL`. Exit code 0 passes; if its output is TAP, each `not ok` is told.
    #[schemars(length(min = 1))]
    exec: Option<Vec<String>>,
    /// How long the program may take: `10s` unless given.
    timeout: Option<Time>,
    /// What is said to the student when there is evidence of a mistake. The first that fits is shown first.
    hints: Option<Vec<Hint>>,
    /// Keeps the title, and why it failed, from students: `false` unless given.
    hidden: Option<bool>,
    /// How much of a failure students see: `full`, `actual` (what came, not what was expected) or `none`.
    #[schemars(extend("enum" = VISIBILITIES, "default" = VISIBILITIES[0]))]
    visibility: Option<String>,
}

/// One request (`get`, `post`, …), a `restart` or a `wait`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, transform = one_action)]
struct Step {
    /// GET this path.
    get: Option<Path>,
    /// POST to this path.
    post: Option<Path>,
    /// PUT to this path.
    put: Option<Path>,
    /// PATCH this path.
    patch: Option<Path>,
    /// DELETE this path.
    delete: Option<Path>,
    /// HEAD of this path.
    head: Option<Path>,
    /// OPTIONS of this path.
    options: Option<Path>,
    /// Stop the server and start it again; cookie jars stay.
    #[schemars(extend("const" = true))]
    restart: Option<bool>,
    /// Do nothing for this long, at most an hour.
    wait: Option<Time>,
    /// Query parameters by name; they are encoded.
    query: Option<BTreeMap<String, Template>>,
    /// Headers beside the client's own.
    headers: Option<HeadersSent>,
    /// Cookies that are sent with this request in place of the jar's of the same names.
    cookies: Option<CookiesSent>,
    /// Fields of a form, sent as `application/x-www-form-urlencoded`.
    form: Option<BTreeMap<String, Template>>,
    /// A value that is sent as `application/json`; its strings may hold templates.
    json: Option<Value>,
    /// A body of text.
    body: Option<Template>,
    /// Whose cookie jar is used: any name, `default` unless given. Every check starts with empty jars.
    client: Option<Client>,
    /// Whether redirects are followed; otherwise the redirect itself is what `expect` looks at.
    #[schemars(extend("default" = false))]
    redirects: Option<bool>,
    /// Whether this is asked before any other step of any check, while the program has answered nothing yet.
    #[schemars(extend("default" = false))]
    fresh: Option<bool>,
    /// What the response must satisfy. Without it, a response must only come.
    expect: Option<Expect>,
    /// What is kept of the response, by the name that later steps use it under: `{{NAME}}`.
    save: Option<Saved>,
}

/// What a response must satisfy.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Expect {
    /// The status: a code, a class such as `"2xx"`, or a list of them.
    status: Option<Status>,
    /// Headers by name.
    headers: Option<ExpectedHeaders>,
    /// The body.
    body: Option<ExpectedText>,
    /// Values of a JSON body, by JSONPath (RFC 9535) such as `$.items[0].name`.
    json: Option<ExpectedValues>,
    /// Elements of an HTML body, by CSS selector such as `form input[name=q]`.
    html: Option<ExpectedElements>,
    /// What was saved, by name.
    captures: Option<ExpectedCaptures>,
    /// Cookies that this response sets, by name.
    cookies: Option<ExpectedCookies>,
    /// The longest that the response may take.
    elapsed: Option<Time>,
    /// Where the response redirects to, on the same server.
    redirected_to: Option<Path>,
}

/// A text that must be contained, or a table of all that must hold.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum ExpectedText {
    Contains(#[schemars(length(min = 1))] String),
    All(TextTable),
}

/// What a text must satisfy: all that is given.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, extend("minProperties" = 1))]
struct TextTable {
    /// The whole text, but for white space at its ends.
    equals: Option<Template>,
    /// What must stand in the text: one, or a list of which each must.
    contains: Option<OneOrMore<Part>>,
    /// Regular expressions that must be found in the text: one, or a list of which each must.
    matches: Option<OneOrMore<Regex>>,
    /// What must not stand in the text: one, or a list of which none may.
    not_contains: Option<OneOrMore<Part>>,
    /// Whether the text is empty, but for white space.
    is_empty: Option<bool>,
}

/// A value that it must be, or a table of all that must hold of each value that the path selects.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum ExpectedValue {
    Text(Template),
    Number(f64),
    Truth(bool),
    List(Vec<Value>),
    All(ValueTable),
}

/// What each value that the path selects must satisfy: all that is given. Unless it must be absent, there must be one.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, extend("minProperties" = 1))]
struct ValueTable {
    /// Whether anything is there.
    present: Option<bool>,
    /// Whether nothing is there.
    absent: Option<bool>,
    /// How many values the path selects.
    count: Option<u32>,
    /// The type.
    #[schemars(extend("enum" = TYPES))]
    r#type: Option<String>,
    /// The value; its strings may hold templates.
    equals: Option<Value>,
    /// What must stand in the text: one, or a list of which each must.
    contains: Option<OneOrMore<Part>>,
    /// Regular expressions that must be found in the text: one, or a list of which each must.
    matches: Option<OneOrMore<Regex>>,
    /// What must not stand in the text: one, or a list of which none may.
    not_contains: Option<OneOrMore<Part>>,
    /// Whether the text, list or object is empty.
    is_empty: Option<bool>,
}

/// A text that the element's must contain, or a table of all that must hold.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum ExpectedElement {
    Contains(#[schemars(length(min = 1))] String),
    All(ElementTable),
}

/// What the elements that are selected must satisfy: all that is given.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, extend("minProperties" = 1))]
struct ElementTable {
    /// Whether there is such an element.
    present: Option<bool>,
    /// Whether there is none.
    absent: Option<bool>,
    /// How many there are.
    count: Option<u32>,
    /// Their text as people see it, a line each.
    text: Option<ExpectedText>,
    /// Their attributes by name: a text, or whether they have it.
    attr: Option<BTreeMap<String, ExpectedAttribute>>,
}

/// A text that the value must contain, a table of all that must hold, or whether the attribute is there.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum ExpectedAttribute {
    Presence(bool),
    Value(ExpectedText),
}

/// What a cookie that the response sets must satisfy.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, extend("minProperties" = 1))]
struct ExpectedCookie {
    /// Whether the response sets it in such a way that a browser keeps it.
    present: Option<bool>,
    /// Its value.
    value: Option<ExpectedText>,
    /// What time its value says: `now` is the time of this request, in any usual format.
    #[schemars(extend("enum" = TIMES))]
    time: Option<String>,
    /// A path to which a browser sends it.
    sent_to: Option<Path>,
    /// Its `Path` attribute.
    path: Option<Path>,
    /// Whether `HttpOnly` is there.
    http_only: Option<bool>,
    /// Whether `Secure` is there.
    secure: Option<bool>,
    /// Its `SameSite` attribute, compared without regard to case.
    #[schemars(extend("enum" = SAME_SITE))]
    same_site: Option<String>,
    /// Its `Max-Age` in seconds.
    max_age: Option<i64>,
    /// Whether it ends with the browser's session.
    session: Option<bool>,
}

/// What is kept of a response: one of these.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, transform = one_place)]
struct Capture {
    /// A regular expression: its first group in the body, or all that it finds if it has none.
    body: Option<Regex>,
    /// A header, by its name.
    header: Option<Token>,
    /// The value of a cookie that the response sets, by its name.
    cookie: Option<Token>,
    /// A JSONPath: the first value that it selects of a JSON body.
    json: Option<JsonPath>,
    /// A CSS selector: the text of the first element that it selects of an HTML body.
    html: Option<Selector>,
    /// With `html`: the value of this attribute in place of the text.
    attr: Option<String>,
}

/// What to do next, and when to say it.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Hint {
    /// What must be so of the step that failed: all that is given. Without it, the hint always fits.
    when: Option<When>,
    /// What is said.
    say: Text,
}

/// Evidence of a mistake.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct When {
    /// The step that failed, counted from 1.
    #[schemars(range(min = 1))]
    step: Option<i64>,
    /// The status that came.
    status: Option<Status>,
    /// A regular expression that is found in what the server wrote to its log.
    log: Option<Regex>,
    /// A regular expression that is found in the body that came.
    body: Option<Regex>,
    /// A regular expression that is found in what the check's program wrote.
    output: Option<Regex>,
    /// Why no response came.
    #[schemars(extend("enum" = FAILURES))]
    failure: Option<String>,
}

/// A status code, a class of them, or a list.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum Status {
    One(OneStatus),
    Any(#[schemars(length(min = 1))] Vec<OneStatus>),
}

/// A status code or a class of them.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum OneStatus {
    Code(#[schemars(range(min = 100, max = 599))] u16),
    Class(#[schemars(extend("enum" = ["1xx", "2xx", "3xx", "4xx", "5xx"]))] String),
}

/// One, or a list.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
enum OneOrMore<T> {
    One(T),
    More(#[schemars(length(min = 1))] Vec<T>),
}

/// Declares a type whose schema is written out.
macro_rules! written {
    ($($(#[$doc:meta])* $name:ident = $schema:expr;)*) => {$(
        $(#[$doc])*
        struct $name;

        impl JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                let write: fn(&mut SchemaGenerator) -> Schema = $schema;
                write(generator)
            }
        }
    )*};
}

written! {
    /// A duration.
    Time = |_| schema!({
        "description": "A whole number and a unit: `ms`, `s`, `m` or `h`.",
        "type": "string", "pattern": duration::PATTERN, "examples": ["500ms", "15s", "2m"],
    });
    /// A text with places.
    Template = |_| schema!({
        "description": "A text that may hold `{{random}}`, `{{random.2}}`, `{{cookie.NAME}}` and `{{NAME}}` for what was saved.",
        "type": "string",
    });
    /// A text with places that is not empty.
    Part = |_| schema!({
        "description": "A text that may hold templates.",
        "type": "string", "minLength": 1, "examples": ["None", "{{cookie.time}}", "{{random}}"],
    });
    /// A path.
    Path = |_| schema!({
        "description": "A path of the server, which may hold templates.",
        "type": "string", "pattern": "^(/($|[^/])|\\{\\{)", "examples": ["/", "/get"],
    });
    /// A regular expression.
    Regex = |_| schema!({
        "description": "A regular expression in the syntax of Rust's regex crate.",
        "type": "string", "examples": ["name=\"token\" value=\"([^\"]+)\"", "(?i)hello"],
    });
    /// A JSONPath.
    JsonPath = |_| schema!({
        "description": "A JSONPath as in RFC 9535.",
        "type": "string", "pattern": "^\\$", "examples": ["$.id", "$.items[0].name"],
    });
    /// A CSS selector.
    Selector = |_| schema!({
        "description": "A CSS selector.",
        "type": "string", "minLength": 1, "examples": ["h1", "input[name=csrf_token]", "ul > li:first-child"],
    });
    /// Expected values.
    ExpectedValues = |generator| map::<ExpectedValue>(generator, "^\\$");
    /// Expected elements.
    ExpectedElements = |generator| map::<ExpectedElement>(generator, ".");
    /// An id.
    Identifier = |_| schema!({
        "description": "Lower-case letters, digits and hyphens, starting with a letter.",
        "type": "string", "pattern": IDENTIFIER, "maxLength": MAX_ID, "examples": ["set-cookie"],
    });
    /// A version.
    Version = |_| schema!({
        "description": "Three numbers, perhaps with labels, as in semantic versioning.",
        "type": "string", "pattern": VERSION, "examples": ["1.0.0"],
    });
    /// The name of a client.
    Client = |_| schema!({
        "description": "ASCII letters, digits, `_` and `-`, starting with a letter or `_`.",
        "type": "string", "pattern": NAME, "default": "default", "examples": ["visitor"],
    });
    /// The name of a header or a cookie.
    Token = |_| schema!({
        "description": "ASCII letters, digits and !#$%&'*+-.^_`|~.",
        "type": "string", "pattern": TOKEN,
    });
    /// Request headers.
    HeadersSent = |generator| map::<Template>(generator, TOKEN);
    /// Request cookies.
    CookiesSent = |generator| map::<Template>(generator, TOKEN);
    /// Expected headers.
    ExpectedHeaders = |generator| map::<ExpectedText>(generator, TOKEN);
    /// Expected captures.
    ExpectedCaptures = |generator| map::<ExpectedText>(generator, NAME);
    /// Expected cookies.
    ExpectedCookies = |generator| map::<ExpectedCookie>(generator, TOKEN);
    /// Captures.
    Saved = |generator| map::<Capture>(generator, NAME);
}

fn map<T: JsonSchema>(generator: &mut SchemaGenerator, names: &str) -> Schema {
    schema!({
        "type": "object",
        "propertyNames": { "pattern": names },
        "additionalProperties": generator.subschema_for::<T>(),
    })
}

/// A step has exactly one of the keys that say what it does.
fn one_action(step: &mut Schema) {
    one_of(step, action_keys());
}

/// A check has steps or a program, and a program alone has a time of its own.
fn steps_or_program(check: &mut Schema) {
    one_of(check, ["steps", "exec"]);
    check.insert("dependentRequired".to_owned(), json!({ "timeout": ["exec"] }));
}

/// What is saved comes from one place, and attributes are of elements.
fn one_place(capture: &mut Schema) {
    one_of(capture, PLACES);
    capture.insert("dependentRequired".to_owned(), json!({ "attr": ["html"] }));
}

fn one_of<'k>(table: &mut Schema, keys: impl IntoIterator<Item = &'k str>) {
    let choices: Vec<Value> = keys.into_iter().map(|key| json!({ "required": [key] })).collect();
    table.insert("oneOf".to_owned(), choices.into());
}
