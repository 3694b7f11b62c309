//! What a Python file says about itself: what it imports, which applications it makes, whether it starts a server.

use super::imports::{Import, imports};
use super::scan::{Line, Token, scan};

/// What one Python file says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    /// What it imports, in order.
    pub(crate) imports: Vec<Import>,
    /// Applications that other programs can import from it, in order.
    pub(crate) apps: Vec<App>,
    /// Names of functions at the top that make an application and return it.
    pub(crate) factories: Vec<App>,
    /// Whether it starts a server when it is run as a script.
    pub(crate) starts: bool,
    /// Whether it is a command line of Django's that wants `runserver`.
    pub(crate) wants_runserver: bool,
}

/// A name that stands for an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct App {
    /// The name.
    pub(crate) name: String,
    /// The class it is made of; none if it came from elsewhere.
    pub(crate) class: Option<&'static str>,
}

/// Classes that are applications, each with the top module that it comes from.
const CLASSES: [(&str, &str); 9] = [
    ("Flask", "flask"),
    ("FastAPI", "fastapi"),
    ("Starlette", "starlette"),
    ("Bottle", "bottle"),
    ("APIFlask", "apiflask"),
    ("Quart", "quart"),
    ("Sanic", "sanic"),
    ("Application", "aiohttp"),
    ("Application", "tornado"),
];

/// Modules whose `run` starts a server.
const SERVERS: [&str; 14] = [
    "flask",
    "apiflask",
    "fastapi",
    "starlette",
    "bottle",
    "quart",
    "sanic",
    "uvicorn",
    "hypercorn",
    "aiohttp",
    "web",
    "flask_socketio",
    "cherrypy",
    "tornado",
];

/// Functions and methods that serve until the program ends, or open a port to do so.
const STARTERS: [&str; 15] = [
    "serve_forever",
    "run_app",
    "run_simple",
    "run_forever",
    "listen",
    "accept",
    "handle_request",
    "start_server",
    "create_server",
    "quickstart",
    "serve",
    "run_wsgi_app",
    "run_server",
    "run_async",
    "execute_from_command_line",
];

impl Facts {
    /// Whether it imports this top module, or part of it.
    pub(crate) fn imports(&self, top: &str) -> bool {
        self.imports.iter().any(|import| import.module.split('.').next() == Some(top))
    }

    /// Whether another program can take an application from it.
    pub(crate) fn makes_app(&self) -> bool {
        !self.apps.is_empty() || !self.factories.is_empty()
    }
}

/// Reads what a Python source says.
pub(crate) fn facts(source: &str) -> Facts {
    let lines = scan(source);
    let mut facts =
        Facts { imports: lines.iter().flat_map(|line| imports(&line.tokens)).collect(), ..Facts::default() };
    let mut classes = Vec::new();
    // The function or class at the top that the line belongs to, with its indent.
    let mut inside: Option<(usize, String)> = None;
    for line in &lines {
        if inside.as_ref().is_some_and(|(indent, _)| line.indent <= *indent) {
            inside = None;
        }
        match (definition(line), &inside) {
            (Some((keyword, name)), None) => {
                if keyword == "class" {
                    classes.extend(class_of_bases(&facts, &line.tokens).map(|class| (name.to_owned(), class)));
                }
                inside = Some((line.indent, name.to_owned()));
            }
            (_, Some((_, name))) => note_factory(&mut facts, &classes, name.clone(), &line.tokens),
            (_, None) => note_app(&mut facts, &classes, &line.tokens),
        }
    }
    facts.apps.extend(imported_apps(&facts));
    for line in &lines {
        let (starts, wants_runserver) = calls(&facts, &line.tokens);
        facts.starts |= starts;
        facts.wants_runserver |= wants_runserver;
    }
    facts
}

/// The keyword and name of a definition that begins here.
fn definition(line: &Line) -> Option<(&'static str, &str)> {
    let tokens = match line.tokens.as_slice() {
        [first, rest @ ..] if first.is("async") => rest,
        all => all,
    };
    let keyword = ["def", "class"].into_iter().find(|keyword| tokens.first().is_some_and(|token| token.is(keyword)))?;
    Some((keyword, tokens.get(1)?.name()?))
}

/// The application class that a name or a chain such as `flask.Flask` stands for in this file.
fn class_of(facts: &Facts, classes: &[(String, &'static str)], chain: &[&str]) -> Option<&'static str> {
    let last = chain.last()?;
    if let Some((_, class)) = classes.iter().find(|(name, _)| chain == [name.as_str()]) {
        return Some(class);
    }
    let original = |import: &&Import| import.local == *last && chain.len() == 1;
    let name = facts.imports.iter().find(original).and_then(|import| import.name.as_deref()).unwrap_or(last);
    CLASSES.iter().find(|(class, top)| *class == name && facts.imports(top)).map(|(class, _)| *class)
}

/// The application class that a class statement derives from.
fn class_of_bases(facts: &Facts, tokens: &[Token]) -> Option<&'static str> {
    chains(tokens).into_iter().skip(1).find_map(|(chain, _)| class_of(facts, &[], &chain))
}

/// Notes what an assignment at the top of the file makes.
fn note_app(facts: &mut Facts, classes: &[(String, &'static str)], tokens: &[Token]) {
    let Some((name, value)) = assignment(tokens) else { return };
    let Some((chain, _)) = chains(value).into_iter().find(|(_, called)| *called) else { return };
    let made_here = |factory: &&App| chain == [factory.name.as_str()];
    let by_factory = facts.factories.iter().find(made_here).and_then(|factory| factory.class);
    let class = class_of(facts, classes, &chain).or(by_factory);
    let from_elsewhere = matches!(chain.last(), Some(&("create_app" | "make_app")));
    if class.is_some() || from_elsewhere {
        facts.apps.push(App { name: name.to_owned(), class });
    }
}

/// Notes a function that makes an application; that it returns it is assumed unless it starts it.
fn note_factory(facts: &mut Facts, classes: &[(String, &'static str)], function: String, tokens: &[Token]) {
    let made = chains(tokens).into_iter().filter(|(_, called)| *called);
    let class = made.into_iter().find_map(|(chain, _)| class_of(facts, classes, &chain));
    let known = facts.factories.iter().any(|factory| factory.name == function);
    if class.is_some() && !known && function != "main" && !function.starts_with('_') {
        facts.factories.push(App { name: function, class });
    }
}

/// Applications that were imported under the names that servers look for.
fn imported_apps(facts: &Facts) -> Vec<App> {
    let is_app = |import: &&Import| import.name.is_some() && matches!(import.local.as_str(), "app" | "application");
    let app = |import: &Import| App { name: import.local.clone(), class: None };
    // `from bottle import app` is Bottle's own function.
    facts.imports.iter().filter(is_app).filter(|import| !SERVERS.contains(&import.module.as_str())).map(app).collect()
}

/// The name and the value of a plain assignment: `app = …`, `app: Flask = …`.
fn assignment(tokens: &[Token]) -> Option<(&str, &[Token])> {
    let name = tokens.first()?.name()?;
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Sign('(' | '[' | '{') => depth += 1,
            Token::Sign(')' | ']' | '}') => depth = depth.saturating_sub(1),
            Token::Sign('=') if depth == 0 => {
                let annotated = matches!(tokens.get(1), Some(Token::Sign(':')));
                let compared = matches!(tokens.get(at + 1), Some(Token::Sign('=')));
                let plain = (at == 1 || annotated) && !compared;
                return plain.then(|| (name, &tokens[at + 1..]));
            }
            _ => {}
        }
    }
    None
}

/// Every chain of names and dots, and whether a call follows it: `app.run(` is `["app", "run"]`, true.
///
/// What `def` and `class` name is no call.
fn chains(tokens: &[Token]) -> Vec<(Vec<&str>, bool)> {
    let mut found: Vec<(Vec<&str>, bool)> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let Some(name) = tokens[at].name() else {
            at += 1;
            continue;
        };
        let defined = at > 0 && (tokens[at - 1].is("def") || tokens[at - 1].is("class"));
        // After `)` or `]`, as in `loop().run_forever()`, the chain goes on from a value without a name.
        let mut chain = if at > 0 && tokens[at - 1] == Token::Sign('.') { vec!["", name] } else { vec![name] };
        at += 1;
        while let (Some(Token::Sign('.')), Some(Token::Name(next))) = (tokens.get(at), tokens.get(at + 1)) {
            chain.push(next);
            at += 2;
        }
        let called = tokens.get(at) == Some(&Token::Sign('(')) && !defined;
        found.push((chain, called));
    }
    found
}

/// Whether a line starts a server, and whether it hands Django the program's own arguments.
fn calls(facts: &Facts, tokens: &[Token]) -> (bool, bool) {
    let all = chains(tokens);
    let starts = all.iter().filter(|(_, called)| *called).any(|(chain, _)| starts_server(facts, chain, tokens));
    let takes_arguments = all.iter().any(|(chain, _)| matches!(chain.as_slice(), ["sys", "argv"] | ["argv"]));
    let django = all.iter().any(|(chain, called)| *called && chain.last() == Some(&"execute_from_command_line"));
    let wants_runserver = django && (takes_arguments || tokens.ends_with(&[Token::Sign('('), Token::Sign(')')]));
    (starts, wants_runserver)
}

fn starts_server(facts: &Facts, chain: &[&str], tokens: &[Token]) -> bool {
    let (head, last) = (chain[0], chain[chain.len() - 1]);
    match (chain, last) {
        (["os", _] | ["subprocess", _], _) => runs_a_server_command(tokens),
        (["http", "server", "test"], _) => true,
        (["run"], _) => facts.imports.iter().any(|import| {
            let from_server = SERVERS.contains(&import.module.as_str());
            from_server && matches!(import.name.as_deref(), Some("run" | "*")) && matches!(&*import.local, "run" | "*")
        }),
        // Not `loop.run`, `self.run` and the like: `run` is a method of many things that are no server.
        (_, "run") => {
            let is_app = facts.apps.iter().any(|app| app.name == head);
            let no_server = ["asyncio", "anyio", "trio", "unittest", "pytest", "runner", "loop", "re"].contains(&head);
            let own_method = matches!(chain, ["self" | "cls", "run"]);
            is_app || (!no_server && !own_method && SERVERS.iter().any(|top| facts.imports(top)))
        }
        _ => STARTERS.contains(&last),
    }
}

/// Whether a command in the line's strings is that of a server.
fn runs_a_server_command(tokens: &[Token]) -> bool {
    const COMMANDS: [&str; 6] = ["flask", "uvicorn", "gunicorn", "hypercorn", "waitress", "http.server"];
    let named =
        |token: &Token| matches!(token, Token::Str(text) if COMMANDS.iter().any(|command| text.contains(command)));
    tokens.iter().any(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn starts(source: &str) -> bool {
        facts(source).starts
    }

    #[test]
    fn a_file_that_starts_a_server_is_told_from_one_that_talks_about_it() {
        let flask = "from flask import Flask\napp = Flask(__name__)\n";
        for yes in [
            "app.run()",
            "if __name__ == '__main__':\n    app.run(\n        debug=True)",
            "def main():\n  app.run(port=1)\nmain()",
            "from waitress import serve\nserve(app)",
            "import os\nos.system('flask run')",
            "from werkzeug.serving import run_simple\nrun_simple('::1', 5000, app)",
        ] {
            assert!(starts(&format!("{flask}{yes}")), "{yes}");
        }
        for no in [
            "# app.run()",
            "'''\napp.run()\n'''",
            "x = 'app.run()'",
            "app.run",
            "def run(): pass",
            "import asyncio\nasyncio.run(f())",
            "import os\nos.system('clear')",
            "import subprocess\nsubprocess.run(['ls'])",
            "class A:\n  def f(self):\n    self.run()",
        ] {
            assert!(!starts(&format!("{flask}{no}")), "{no}");
        }
    }

    #[test]
    fn servers_without_a_framework_start_themselves_too() {
        for yes in [
            "HTTPServer(('', 80), H).serve_forever()",
            "s.listen()\nwhile True:\n  c, a = s.accept()",
            "from bottle import run, route\nrun(port=1)",
            "from bottle import *\nrun()",
            "import uvicorn\nuvicorn.run('main:app')",
            "from aiohttp import web\nweb.run_app(app)",
            "asyncio.get_event_loop().run_forever()",
            "import http.server\nhttp.server.test()",
            "from website import app\napp.run()",
            "from website import create_app\napp = create_app()\napp.run()",
        ] {
            assert!(starts(yes), "{yes}");
        }
        for no in ["from bottle import route\ndef run(): pass\nrun()", "print('hi')", "", "job.run()"] {
            assert!(!starts(no), "{no}");
        }
    }

    #[test]
    fn applications_and_factories_are_found_under_any_name() {
        let cases = [
            ("from flask import Flask\napp = Flask(__name__)", "app", ""),
            ("import flask\nserver: flask.Flask = flask.Flask(__name__)", "server", ""),
            ("import flask as f\nx = f.Flask(__name__)", "x", ""),
            ("from flask import Flask as F\nx = F(__name__)", "x", ""),
            ("from flask import *\ntry:\n  x = Flask(__name__)\nexcept E: pass", "x", ""),
            ("from flask import Flask\nclass Mine(Flask): pass\nx = Mine(__name__)", "x", ""),
            ("from flask import Flask\ndef create_app():\n  a = Flask(__name__)\n  return a", "", "create_app"),
            ("from flask import Flask\ndef build():\n  return Flask(__name__)\nweb = build()", "web", "build"),
            ("from website import app", "app", ""),
            ("from website import server as application", "application", ""),
            ("from website import create_app\napp = create_app('x')", "app", ""),
            ("from fastapi import FastAPI\napi = FastAPI()", "api", ""),
            ("from aiohttp import web\napp = web.Application()", "app", ""),
            ("class Flask: pass\napp = Flask()", "", ""),
            ("from flask import Flask\napp == Flask(x)", "", ""),
            ("from flask import Flask\n'''\napp = Flask(__name__)\n'''", "", ""),
            ("from bottle import app", "", ""),
        ];
        for (source, apps, factories) in cases {
            let found = facts(source);
            let names = |apps: &[App]| apps.iter().map(|app| app.name.clone()).collect::<Vec<_>>().join(" ");
            assert_eq!((names(&found.apps), names(&found.factories)), (apps.into(), factories.into()), "{source}");
        }
    }

    #[test]
    fn djangos_command_line_wants_runserver_unless_it_says_so_itself() {
        let wants = |call: &str| facts(&format!("import sys\n{call}")).wants_runserver;
        assert!(wants("execute_from_command_line(sys.argv)"));
        assert!(wants("management.execute_from_command_line()"));
        assert!(!wants("execute_from_command_line(['app.py', 'runserver', '8002'])"));
    }
}
