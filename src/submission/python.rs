//! Python submissions: which file is the program, which framework it uses, and how it is started.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::outcome::Problem;

use super::facts::{App, Facts, facts};
use super::interpreter::{self, Interpreter};
use super::program::{Launch, Program, not_an_option};
use super::search_path::SearchPath;
use super::text::{read_source, readable};
use super::walk::{Form, READ_LIMIT, files_ending, is_bystander, is_file_within, list};
use super::{Kind, Options, Submission};

/// The names that a program usually has, the likeliest first.
const STARTERS: [&str; 7] = ["app.py", "main.py", "server.py", "run.py", "wsgi.py", "hello.py", "manage.py"];

/// How many of a program's own modules are read to learn its framework.
const MODULE_LIMIT: usize = 32;

/// What was found in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// This file, or package, is a server.
    Server(PathBuf),
    /// Several files are, and none is likelier than the others.
    Several(Vec<PathBuf>),
}

/// A Python file of the submission with what it says about itself.
struct Candidate {
    path: PathBuf,
    facts: Facts,
}

impl Candidate {
    fn read(root: &Path, path: PathBuf) -> Self {
        let facts = facts(&read_source(&root.join(&path)));
        Self { path, facts }
    }

    fn serves(&self) -> bool {
        self.facts.starts || self.facts.makes_app()
    }

    /// Whether it takes something from the other file.
    fn uses(&self, other: &Self) -> bool {
        let stem = other.path.file_stem().and_then(|stem| stem.to_str());
        self.path != other.path && stem.is_some_and(|stem| self.facts.imports(stem))
    }
}

/// The server among the Python files at the top of a folder.
pub(crate) fn find_server(root: &Path) -> Option<Found> {
    let candidates: Vec<Candidate> = likeliest_first(files_ending(root, &["py"]))
        .into_iter()
        .take(READ_LIMIT)
        .map(|path| Candidate::read(root, path))
        .filter(Candidate::serves)
        .collect();
    pick(&candidates)
}

/// The server in a package folder one level down, or the package itself if it makes an application.
///
/// A folder is a package if it has an `__init__.py` or its programs call it by its name.
pub(crate) fn find_in_packages(root: &Path) -> Option<Found> {
    let folders =
        list(root).into_iter().filter(|entry| entry.form == Form::Folder && !is_bystander(entry.path.as_os_str()));
    let mut candidates = Vec::new();
    for folder in folders.map(|entry| entry.path).take(READ_LIMIT) {
        let is_package = is_file_within(root, &folder.join("__init__.py"));
        let name = folder.to_str().unwrap_or_default();
        let files = likeliest_first(files_ending(&root.join(&folder), &["py"]));
        let inner = files.into_iter().filter(|file| file != Path::new("__init__.py")).take(READ_LIMIT);
        let inner = inner.map(|file| Candidate::read(root, folder.join(file))).filter(Candidate::serves);
        candidates.extend(inner.filter(|inner| is_package || calls_package(&inner.facts, name)));
        let init = Candidate::read(root, folder.join("__init__.py"));
        if is_package && (init.facts.makes_app() || init.facts.starts) {
            // What the package makes as a whole is likelier than what one of its files makes.
            candidates.retain(|inner| inner.facts.starts || !inner.path.starts_with(&folder));
            candidates.push(Candidate { path: folder, facts: init.facts });
        }
    }
    pick(&candidates)
}

/// A Python file that is no server as far as can be seen, but has the name of a program or is the only one.
pub(crate) fn find_script(root: &Path, only: Only) -> Option<PathBuf> {
    let files = files_ending(root, &["py"]);
    match (only, files.as_slice()) {
        (Only::ByName, files) => STARTERS.iter().map(PathBuf::from).find(|starter| files.contains(starter)),
        (Only::Lonely, [file]) => Some(file.clone()),
        (Only::Lonely, _) => None,
    }
}

/// What makes a script the likeliest program of a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Only {
    /// It has one of the usual names.
    ByName,
    /// There is no other.
    Lonely,
}

fn likeliest_first(mut files: Vec<PathBuf>) -> Vec<PathBuf> {
    let place = |path: &PathBuf| STARTERS.iter().position(|name| path == Path::new(name)).unwrap_or(STARTERS.len());
    files.sort_by_key(place);
    files
}

/// The program among several that could be it: by its name, else the only one, else the only one that starts itself.
/// One that starts another's application is preferred to that.
fn pick(candidates: &[Candidate]) -> Option<Found> {
    let usual = |candidate: &&Candidate| {
        let name = candidate.path.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| STARTERS.contains(&name))
    };
    // What another one uses is a part of it.
    let unused: Vec<&Candidate> =
        candidates.iter().filter(|one| !candidates.iter().any(|other| other.uses(one) && !one.uses(other))).collect();
    let starting: Vec<&Candidate> = unused.iter().copied().filter(|candidate| candidate.facts.starts).collect();
    let first = match candidates.iter().find(usual) {
        Some(first) if first.facts.starts => Some(first),
        Some(first) => Some(starting.iter().copied().find(|other| other.uses(first)).unwrap_or(first)),
        None => match (unused.as_slice(), starting.as_slice()) {
            ([only], _) | (_, [only]) => Some(*only),
            _ => None,
        },
    };
    match first {
        Some(first) => Some(Found::Server(first.path.clone())),
        None if candidates.is_empty() => None,
        None => Some(Found::Several(candidates.iter().map(|candidate| candidate.path.clone()).collect())),
    }
}

/// Whether a file refers to the package that it is in: by its name, or by a relative import.
fn calls_package(facts: &Facts, package: &str) -> bool {
    facts.imports(package) || facts.imports.iter().any(|import| import.module.starts_with('.'))
}

/// The kind of a Python program, by the frameworks that it and its own modules import.
pub(crate) fn kind(root: &Path, entry: &Path) -> Kind {
    const FRAMEWORKS: [(&str, Kind); 8] = [
        ("flask", Kind::Flask),
        ("apiflask", Kind::Flask),
        ("fastapi", Kind::FastApi),
        ("starlette", Kind::Starlette),
        ("django", Kind::Django),
        ("bottle", Kind::Bottle),
        ("tornado", Kind::Tornado),
        ("aiohttp", Kind::Aiohttp),
    ];
    let files = with_own_modules(root, entry);
    let imported = |top: &str| files.iter().any(|file| file.facts.imports(top) && !is_own(root, top));
    let known = FRAMEWORKS.iter().find(|(top, _)| imported(top));
    known.map_or(Kind::Python, |(_, kind)| *kind)
}

/// Whether the submission has a module of this name, which then hides the library's. A file that is the program
/// itself hides it too, but that is a mistake to be shown with the framework's name: only folders count.
fn is_own(root: &Path, top: &str) -> bool {
    is_file_within(root, &Path::new(top).join("__init__.py"))
}

/// A program and the modules of its own that it imports, directly or not.
fn with_own_modules(root: &Path, entry: &Path) -> Vec<Candidate> {
    let mut seen = BTreeSet::new();
    let mut waiting = vec![source_of(root, entry)];
    let mut files = Vec::new();
    while let Some(path) = waiting.pop() {
        if files.len() == MODULE_LIMIT || !seen.insert(path.clone()) {
            continue;
        }
        let file = Candidate::read(root, path);
        waiting.extend(own_modules(root, &file));
        files.push(file);
    }
    files
}

/// The file that is read for a program: a package's is its `__init__.py`.
fn source_of(root: &Path, entry: &Path) -> PathBuf {
    if root.join(entry).is_dir() { entry.join("__init__.py") } else { entry.to_owned() }
}

/// The submission's own files that this one imports.
fn own_modules(root: &Path, file: &Candidate) -> Vec<PathBuf> {
    let folder = file.path.parent().unwrap_or(Path::new(""));
    let mut found = Vec::new();
    for import in &file.facts.imports {
        let relative = import.module.trim_start_matches('.');
        let up = import.module.len() - relative.len();
        let bases: Vec<&Path> = match up {
            0 => vec![Path::new(""), folder],
            _ => folder.ancestors().nth(up - 1).into_iter().collect(),
        };
        for base in bases {
            let module = base.join(relative.replace('.', "/"));
            let inside = import.name.as_ref().map(|name| module.join(name));
            for stem in [Some(module), inside].into_iter().flatten() {
                found.extend([with_ending(&stem), stem.join("__init__.py")]);
            }
        }
    }
    found.retain(|path| is_file_within(root, path));
    found
}

fn with_ending(stem: &Path) -> PathBuf {
    let mut name = stem.as_os_str().to_owned();
    name.push(".py");
    name.into()
}

/// How a Python program is started.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Start {
    /// As a script.
    Script,
    /// As a module of its package: `python3 -m website.main`.
    Module(String),
    /// By Django's command line.
    Runserver,
    /// By Flask's command line; the application as `--app` takes it.
    Flask(String),
    /// By uvicorn: the application as `module:name`, and whether the name is a function that makes it.
    Uvicorn { target: String, factory: bool },
    /// By Bottle's command line.
    Bottle(String),
    /// By a line of Python, for a file whose name no server can import: what the line does, the application's name.
    Line { code: &'static str, name: String },
}

const FLASK_LINE: &str = "import runpy, sys; runpy.run_path(sys.argv[1])[sys.argv[2]].run()";
const FLASK_FACTORY_LINE: &str = "import runpy, sys; runpy.run_path(sys.argv[1])[sys.argv[2]]().run()";
const UVICORN_LINE: &str = "import runpy, sys, uvicorn; uvicorn.run(runpy.run_path(sys.argv[1])[sys.argv[2]])";
const AIOHTTP_LINE: &str = "import runpy, sys; from aiohttp import web; \
                            web.run_app(runpy.run_path(sys.argv[1])[sys.argv[2]], host='127.0.0.1', port=8080)";

/// How the program is started: as a script if it starts a server itself, else by its framework's own command.
fn start(submission: &Submission, entry: &Path, facts: &Facts) -> Start {
    let module = module_name(entry);
    let top = entry.iter().next().and_then(|top| top.to_str()).unwrap_or_default();
    let in_package = entry.iter().count() > 1 && calls_package(facts, top);
    if facts.wants_runserver {
        return Start::Runserver;
    }
    if facts.starts {
        let as_module = in_package || submission.root.join(entry).join("__main__.py").is_file();
        return if as_module { Start::Module(module) } else { Start::Script };
    }
    match app(submission.kind, facts) {
        Some((app, factory)) => by_framework(submission.kind, entry, &module, app, factory),
        None if submission.kind == Kind::Bottle && facts.imports("bottle") => Start::Bottle(module),
        None => Start::Script,
    }
}

/// The application that a server would take from the file, and whether its name is a function's.
fn app(kind: Kind, facts: &Facts) -> Option<(&App, bool)> {
    let object = best(kind, &facts.apps).map(|app| (app, false));
    object.or_else(|| best(kind, &facts.factories).map(|factory| (factory, true)))
}

/// The application of this kind with a usual name, else the first.
fn best(kind: Kind, apps: &[App]) -> Option<&App> {
    let fits = |app: &&App| match kind {
        Kind::Flask => app.class.is_none_or(|class| class == "Flask" || class == "APIFlask"),
        Kind::FastApi => app.class.is_none_or(|class| class == "FastAPI"),
        _ => true,
    };
    let usual = |app: &&App| ["app", "application", "create_app", "make_app"].contains(&app.name.as_str());
    apps.iter().filter(fits).find(usual).or_else(|| apps.iter().find(fits))
}

fn by_framework(kind: Kind, entry: &Path, module: &str, app: &App, factory: bool) -> Start {
    let name = app.name.clone();
    // A dot in a file's own name would be taken for a package's, a colon for the application's.
    let stem = entry.file_stem().and_then(|stem| stem.to_str());
    let importable = stem.is_some_and(|stem| !stem.contains(['.', ':']));
    let target = format!("{module}:{name}");
    match (kind, factory) {
        (Kind::Flask, false) if !importable => Start::Line { code: FLASK_LINE, name },
        (Kind::Flask, true) if !importable => Start::Line { code: FLASK_FACTORY_LINE, name },
        (Kind::Flask, _) => Start::Flask(flask_target(entry, module, &name)),
        (Kind::FastApi | Kind::Starlette, false) if !importable => Start::Line { code: UVICORN_LINE, name },
        (Kind::FastApi | Kind::Starlette, _) => Start::Uvicorn { target, factory },
        (Kind::Bottle, false) => Start::Bottle(target),
        (Kind::Aiohttp, false) => Start::Line { code: AIOHTTP_LINE, name },
        _ => Start::Script,
    }
}

/// The application as `flask --app` takes it. A name that Flask finds itself is left out.
///
/// Source: Flask's documentation, "Command Line Interface", "Application Discovery".
fn flask_target(entry: &Path, module: &str, name: &str) -> String {
    let file = if entry.iter().count() > 1 { module.to_owned() } else { not_an_option(entry).to_string_lossy().into() };
    if ["app", "application", "create_app", "make_app"].contains(&name) { file } else { format!("{file}:{name}") }
}

/// The name by which a file of the submission is imported: `website/main.py` is `website.main`.
fn module_name(entry: &Path) -> String {
    let stem =
        if entry.extension().is_some_and(|ending| ending == "py") { entry.with_extension("") } else { entry.into() };
    let parts: Vec<_> = stem.iter().map(|part| part.to_string_lossy()).collect();
    parts.join(".")
}

/// The commands that start a Python submission.
pub(crate) fn launch(submission: &Submission, options: &Options, search: &SearchPath) -> Result<Launch, Problem> {
    let root = &submission.root;
    let entry = submission.entry.as_deref().unwrap_or(Path::new("app.py"));
    let interpreter = interpreter::choose(submission, options.python, search)?;
    let facts = facts(&read_source(&root.join(source_of(root, entry))));
    let python = Program::new(root, interpreter.program.as_os_str(), &interpreter.shown);
    let run = match start(submission, entry, &facts) {
        Start::Script => python.file(&source_of(root, entry)),
        Start::Module(module) => python.args(["-m", module.as_str()]),
        // Without the reloader: it would import everything twice, and nobody edits the files meanwhile.
        Start::Runserver => python.file(entry).args(["runserver", "--noreload", "127.0.0.1:8000"]),
        Start::Flask(target) => python.args(["-m", "flask", "--app", &target, "run"]),
        Start::Uvicorn { target, factory } => {
            let python = python.args(["-m", "uvicorn", "--port", "8000"]);
            let python = if factory { python.arg("--factory") } else { python };
            // What follows `--` is no option, whatever it begins with.
            if target.starts_with('-') { python.arg("--").arg(target) } else { python.arg(target) }
        }
        Start::Bottle(target) => python.args(["-m", "bottle", "--bind", "127.0.0.1:8080", "--", &target]),
        Start::Line { code, name } => python.args(["-c", code]).arg(entry).arg(name),
    };
    Ok(with_environment(run, &interpreter, search).alone())
}

/// The same with the interpreter's own commands first in `PATH`, as after activating its environment.
pub(crate) fn with_environment(program: Program, interpreter: &Interpreter, search: &SearchPath) -> Program {
    let program = program.env("PATH", search.with_first(&[interpreter.folder()]));
    match &interpreter.venv {
        Some(venv) => program.env("VIRTUAL_ENV", venv),
        None => program,
    }
}

/// The names of several candidates, for people.
pub(crate) fn names(paths: &[PathBuf]) -> Vec<String> {
    paths.iter().map(|path| readable(path.as_os_str())).collect()
}
