//! Modules that a program asks for and does not get: this machine's lack, or the student's spelling.

use std::sync::LazyLock;

use regex::Regex;

use super::server_error::{own_path, shortened};
use super::startup::Start;
use super::trace::compiled;
use crate::message::Message;
use crate::outcome::{Blame, Problem, ProblemCode};

/// Python packages that a student may rightly expect, as `(import name, name to install)`.
const PYTHON: [(&str, &str); 40] = [
    ("flask", "flask"),
    ("fastapi", "fastapi"),
    ("uvicorn", "uvicorn"),
    ("starlette", "starlette"),
    ("django", "django"),
    ("bottle", "bottle"),
    ("tornado", "tornado"),
    ("aiohttp", "aiohttp"),
    ("sanic", "sanic"),
    ("quart", "quart"),
    ("falcon", "falcon"),
    ("pyramid", "pyramid"),
    ("cherrypy", "cherrypy"),
    ("webpy", "web.py"),
    ("werkzeug", "werkzeug"),
    ("jinja2", "jinja2"),
    ("waitress", "waitress"),
    ("gunicorn", "gunicorn"),
    ("gevent", "gevent"),
    ("hypercorn", "hypercorn"),
    ("pydantic", "pydantic"),
    ("requests", "requests"),
    ("httpx", "httpx"),
    ("flask_cors", "flask-cors"),
    ("flask_login", "flask-login"),
    ("flask_session", "flask-session"),
    ("flask_wtf", "flask-wtf"),
    ("flask_sqlalchemy", "flask-sqlalchemy"),
    ("sqlalchemy", "sqlalchemy"),
    ("pymysql", "pymysql"),
    ("redis", "redis"),
    ("numpy", "numpy"),
    ("pandas", "pandas"),
    ("pytz", "pytz"),
    ("dateutil", "python-dateutil"),
    ("dotenv", "python-dotenv"),
    ("yaml", "pyyaml"),
    ("PIL", "pillow"),
    ("bs4", "beautifulsoup4"),
    ("multipart", "python-multipart"),
];

/// Packages of Node that a student may rightly expect.
const NODE: [&str; 12] = [
    "express",
    "cookie-parser",
    "express-session",
    "koa",
    "fastify",
    "body-parser",
    "morgan",
    "cors",
    "ejs",
    "pug",
    "hapi",
    "cookie",
];

/// Modules that come with Python or Node, to tell a misspelling from them.
const BUILT_IN: [&str; 22] = [
    "time",
    "datetime",
    "os",
    "sys",
    "json",
    "random",
    "http",
    "http.server",
    "http.cookies",
    "socket",
    "socketserver",
    "urllib",
    "urllib.parse",
    "wsgiref",
    "threading",
    "traceback",
    "https",
    "url",
    "fs",
    "path",
    "querystring",
    "cookies",
];

static PYTHON_MISSING: LazyLock<Regex> = LazyLock::new(|| compiled(r"^No module named '?([\w.]+)'?"));
static NODE_MISSING: LazyLock<Regex> = LazyLock::new(|| compiled(r"^Cannot find (?:module|package) '([^']+)'"));

/// The problem of a package that the program may expect and this machine does not have.
pub(super) fn missing(start: &Start) -> Option<Problem> {
    let (package, command) = missing_python(start).or_else(|| missing_node(start))?;
    Some(Problem {
        code: ProblemCode::RuntimeMissing,
        blame: Blame::Environment,
        message: Message::new("problem-package-missing").with("package", package),
        hint: Some(Message::new("hint-install-package").with("command", command)),
    })
}

fn missing_python(start: &Start) -> Option<(String, String)> {
    let name = start.error.as_ref()?.find(&PYTHON_MISSING);
    // `python -m flask` says it in a line of its own, without a traceback.
    static BY_NAME: LazyLock<Regex> = LazyLock::new(|| compiled(r"(?m)python\S*: No module named '?([\w.]+)'?"));
    let name = name.or_else(|| Some(BY_NAME.captures(start.log.stderr)?[1].to_owned()))?;
    let top = name.split('.').next()?;
    if shadow(start, top).is_some() {
        return None;
    }
    let known = PYTHON.iter().find(|(import, _)| *import == top).map(|(_, package)| (*package).to_owned());
    let package = known
        .or_else(|| declared(start, top, &["requirements.txt", "pyproject.toml", "Pipfile"]).then(|| top.to_owned()))?;
    Some((package.clone(), format!("python3 -m pip install {package}")))
}

fn missing_node(start: &Start) -> Option<(String, String)> {
    let name = start.error.as_ref()?.find(&NODE_MISSING)?;
    if name.starts_with(['.', '/']) {
        return None;
    }
    let scope = if name.starts_with('@') { 2 } else { 1 };
    let package = name.split('/').take(scope).collect::<Vec<_>>().join("/");
    let expected = NODE.contains(&package.as_str()) || declared(start, &package, &["package.json"]);
    expected.then(|| (package.clone(), format!("npm install {package}")))
}

/// Whether one of these files of the submission names the package.
fn declared(start: &Start, package: &str, files: &[&str]) -> bool {
    let same = |word: &str| word.to_lowercase().replace('_', "-") == package.to_lowercase().replace('_', "-");
    let mut declaring =
        start.program.sources.iter().filter(|source| files.iter().any(|file| source.path.ends_with(file)));
    declaring.any(|source| {
        let words = source.text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '@' | '/')));
        words.into_iter().any(same)
    })
}

/// A hint about a module or a name in it, where the student is to mend something.
pub(super) fn hint(start: &Start) -> Option<Message> {
    shadowed(start).or_else(|| import_name(start)).or_else(|| misspelled(start))
}

/// The submission's file that stands in the way of a module of this name.
fn shadow(start: &Start, module: &str) -> Option<String> {
    let file = format!("{module}.py");
    let is_known = BUILT_IN.contains(&module) || PYTHON.iter().any(|(import, _)| *import == module);
    let found =
        start.program.sources.iter().find(|source| source.path == file || source.path.ends_with(&format!("/{file}")));
    found.filter(|_| is_known).map(|source| source.path.clone())
}

/// A file of the submission's hides the module that was meant.
fn shadowed(start: &Start) -> Option<Message> {
    static FROM: LazyLock<Regex> = LazyLock::new(|| {
        compiled(
            r"^cannot import name '\w+' from (?:partially initialized module )?'([\w.]+)'.*?\(([^()]+)\)$|^(?:partially initialized )?module '(\w+)' has no attribute|^No module named '(\w+)\.|^module '(\w+)'",
        )
    });
    let error = start.error.as_ref()?;
    let parts = FROM.captures(&error.text)?;
    let module = parts.iter().skip(1).flatten().next()?.as_str();
    let named = parts.get(2).and_then(|path| own_path(path.as_str(), start.program));
    let file =
        shadow(start, module).filter(|file| parts.get(2).is_none() || named.as_deref() == Some(file.as_str()))?;
    Some(Message::new("hint-shadowed-module").with("file", file).with("module", module))
}

fn import_name(start: &Start) -> Option<Message> {
    static NAME: LazyLock<Regex> =
        LazyLock::new(|| compiled(r"^cannot import name '(\w+)' from (?:partially initialized module )?'([\w.]+)'"));
    const KNOWN: [&str; 12] = [
        "Flask",
        "request",
        "make_response",
        "session",
        "jsonify",
        "redirect",
        "url_for",
        "render_template",
        "Response",
        "abort",
        "Blueprint",
        "FastAPI",
    ];
    let error = start.error.as_ref()?;
    let parts = NAME.captures(&error.text)?;
    let (name, module) = (&parts[1], &parts[2]);
    let meant =
        KNOWN.iter().find(|known| known.eq_ignore_ascii_case(name) || strsim::damerau_levenshtein(known, name) <= 2);
    let advice = match meant.filter(|known| **known != name) {
        Some(meant) => Message::new("advice-did-you-mean").with("name", *meant),
        None => Message::new("advice-spelling"),
    };
    Some(Message::new("hint-import-name").with("name", name).with("module", module).with("advice", advice))
}

fn misspelled(start: &Start) -> Option<Message> {
    let error = start.error.as_ref()?;
    let name = error.find(&PYTHON_MISSING).or_else(|| error.find(&NODE_MISSING))?;
    if name.starts_with(['.', '/']) {
        return Some(Message::new("hint-file-missing").with("name", shortened(&name, start.program.root)));
    }
    let is_node = error.text.starts_with("Cannot find");
    let known = BUILT_IN
        .iter()
        .copied()
        .chain(PYTHON.iter().filter(|_| !is_node).map(|(import, _)| *import))
        .chain(NODE.into_iter().filter(|_| is_node));
    let near = known.map(|known| (strsim::damerau_levenshtein(&known.to_lowercase(), &name.to_lowercase()), known));
    let meant = near.filter(|(distance, _)| *distance <= 2).min();
    let advice = match meant {
        Some((_, meant)) => Message::new("advice-did-you-mean").with("name", meant),
        None => Message::new("advice-spelling"),
    };
    Some(Message::new("hint-module-misspelled").with("name", name).with("advice", advice))
}
