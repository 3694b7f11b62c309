//! Which commands start which submissions.

use super::*;
use crate::submission::find;
use crate::submission::search_path::fake::machine;
use std::fs;

const FLASK: &str = "from flask import Flask\n";
const PROGRAMS: [&str; 13] =
    ["python3", "node", "sh", "cargo", "rustc", "go", "java", "javac", "php", "ruby", "rackup", "perl", "make"];

/// The launch of the folder with these files, or of the only file if its name begins with `!`.
fn launch_of(files: &[(&str, &str)], command: Option<&str>) -> Launch {
    let (_programs, search) = machine(&[&PROGRAMS[..], &["cc", "c++", "plackup"]].concat());
    let folder = tempfile::tempdir().unwrap();
    let scratch = tempfile::tempdir().unwrap();
    let mut path = folder.path().to_owned();
    for (name, text) in files {
        let file = folder.path().join(name.trim_start_matches('!'));
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, text).unwrap();
        if name.starts_with('!') {
            path = file;
        }
    }
    let options = Options { command, python: None, scratch: scratch.path() };
    let submission = find(&path, &options).unwrap();
    let launch = launch_with(&submission, &options, &search).unwrap();
    for program in launch.build.iter().chain([&launch.run]) {
        let shown = program.shown.join(" ");
        for private in [folder.path(), scratch.path(), _programs.path()] {
            assert!(!shown.contains(private.to_str().unwrap()), "{shown} names a folder of this machine");
        }
    }
    launch
}

fn typed(files: &[(&str, &str)]) -> String {
    let launch = launch_of(files, None);
    let commands: Vec<String> =
        launch.build.iter().chain([&launch.run]).map(|program| program.shown.join(" ")).collect();
    commands.join(" ; ")
}

#[test]
fn flask_is_started_as_its_author_would() {
    let app = format!("{FLASK}app = Flask(__name__)\n");
    let odd = format!("{FLASK}server = Flask(__name__)\n");
    let factory = format!("{FLASK}def create_app():\n    app = Flask(__name__)\n    return app\n");
    let built = format!("{FLASK}def build():\n    return Flask(__name__)\n");
    for (name, text, expected) in [
        ("app.py", format!("{app}app.run()"), "python3 app.py"),
        ("app.py", app.clone(), "python3 -m flask --app app.py run"),
        ("app.py", format!("{app}# app.run()\n'''app.run()'''"), "python3 -m flask --app app.py run"),
        ("我的 作业.py", app.clone(), "python3 -m flask --app 我的 作业.py run"),
        ("-x.py", app.clone(), "python3 -m flask --app ./-x.py run"),
        ("-x.py", format!("{app}app.run()"), "python3 ./-x.py"),
        ("app.py", odd, "python3 -m flask --app app.py:server run"),
        ("app.py", factory.clone(), "python3 -m flask --app app.py run"),
        ("app.py", built, "python3 -m flask --app app.py:build run"),
        ("wsgi.py", "from site import app".to_owned(), "python3 wsgi.py"),
        ("site/__init__.py", factory, "python3 -m flask --app site run"),
        ("pkg/main.py", format!("from . import x\n{app}"), "python3 -m flask --app pkg.main run"),
        ("pkg/main.py", format!("from pkg import x\n{app}app.run()"), "python3 -m pkg.main"),
    ] {
        assert_eq!(typed(&[(name, &text)]), expected, "{text}");
    }
    let line = launch_of(&[("lesson.8.py", &app)], None).run;
    assert_eq!(line.shown[3..], ["lesson.8.py", "app"]);
}

#[test]
fn other_frameworks_of_python_are_started_by_their_own_commands() {
    let django = "import sys\nfrom django.core import management\n\
                  management.execute_from_command_line(sys.argv)";
    for (name, text, expected) in [
        ("main.py", "from fastapi import FastAPI\napp = FastAPI()", "python3 -m uvicorn --port 8000 main:app"),
        (
            "main.py",
            "from fastapi import FastAPI\ndef make():\n  return FastAPI()",
            "python3 -m uvicorn --port 8000 --factory main:make",
        ),
        (
            "main.py",
            "import uvicorn\nfrom fastapi import FastAPI\napp = FastAPI()\nuvicorn.run(app)",
            "python3 main.py",
        ),
        (
            "web.py",
            "from starlette.applications import Starlette\nx = Starlette()",
            "python3 -m uvicorn --port 8000 web:x",
        ),
        ("manage.py", django, "python3 manage.py runserver --noreload 127.0.0.1:8000"),
        (
            "app.py",
            "from bottle import route\n@route('/')\ndef x(): pass",
            "python3 -m bottle --bind 127.0.0.1:8080 -- app",
        ),
        ("app.py", "import bottle\napp = bottle.Bottle()", "python3 -m bottle --bind 127.0.0.1:8080 -- app:app"),
        ("app.py", "from tornado.ioloop import IOLoop\napp.listen(1)", "python3 app.py"),
        ("app.py", "print()", "python3 app.py"),
    ] {
        assert_eq!(typed(&[(name, text)]), expected, "{text}");
    }
}

#[test]
fn other_languages_are_built_and_started() {
    let crate_toml = "[package]\nname = 'x'\n";
    let java = "package a; class Web { public static void main(String[] a) {} }";
    for (files, expected) in [
        (&[("server.js", "x.listen()")][..], "node server.js"),
        (&[("package.json", r#"{"scripts": {"start": "node a.js"}}"#)], "npm start"),
        (&[("Cargo.toml", crate_toml), ("src/main.rs", "")], "cargo build ; cargo run"),
        (&[("!x.rs", "")], "rustc --edition 2021 -o server x.rs ; ./server"),
        (&[("go.mod", "module x"), ("main.go", "package main")], "go build -buildvcs=false -o server . ; ./server"),
        (&[("a.go", ""), ("b.go", ""), ("b_test.go", "")], "go build -buildvcs=false -o server a.go b.go ; ./server"),
        (&[("!a.go", ""), ("b.go", "")], "go build -buildvcs=false -o server a.go ; ./server"),
        (&[("Web.java", java)], "javac -encoding UTF-8 -d classes Web.java ; java -cp classes a.Web"),
        (&[("!x.jar", "")], "java -jar x.jar"),
        (&[("index.php", "")], "php -S 127.0.0.1:8000 -t ."),
        (&[("router.php", ""), ("public/x.css", "")], "php -S 127.0.0.1:8000 -t public router.php"),
        (&[("public/index.php", "")], "php -S 127.0.0.1:8000 -t public"),
        (&[("!-x.php", "")], "php -S 127.0.0.1:8000 -t . ./-x.php"),
        (&[("server.php", "<?php socket_create();")], "php server.php"),
        (&[("config.ru", "")], "rackup config.ru"),
        (&[("app.rb", "")], "ruby app.rb"),
        (&[("app.pl", "use IO::Socket;")], "perl app.pl"),
        (&[("app.pl", "use Mojolicious::Lite;\napp->start;\n")], "perl app.pl daemon"),
        (&[("app.pl", "use Mojolicious::Lite;\n# app->start;\napp->start('daemon');\n")], "perl app.pl"),
        (&[("!app.psgi", "")], "plackup app.psgi"),
        (&[("Makefile", "x: x.c\n\tcc\nrun: x\n\t./x")], "make ; make run"),
        (&[("Makefile", "run:\n\t./x")], "make run"),
        (&[("Makefile", "x: x.c\n\tcc")], "make ; ./x"),
        (&[("server.c", "int main(){}")], "cc -O1 -pthread -o server server.c -lm ; ./server"),
        (&[("server.cpp", "int main(){}")], "c++ -O1 -pthread -o server server.cpp -lm ; ./server"),
        (&[("run.sh", "x")], "sh run.sh"),
        (&[("Procfile", "web: python app.py")], "python app.py"),
    ] {
        assert_eq!(typed(files), expected, "{files:?}");
    }
}

#[test]
fn a_submission_is_built_elsewhere_and_stays_clean() {
    for files in [&[("Makefile", "x: x.c\n")][..], &[("Cargo.toml", "[package]\nname='x'"), ("src/main.rs", "")]] {
        let launch = launch_of(files, None);
        assert!(launch.build[0].cwd.ends_with("source"), "{files:?}");
    }
    let locked = [("Cargo.toml", "[package]\nname='x'"), ("src/main.rs", ""), ("Cargo.lock", "")];
    let launch = launch_of(&locked, None);
    assert_eq!(launch.build[0].cwd, launch.run.cwd);
}

#[test]
fn packages_own_commands_are_in_the_path_of_a_start_script() {
    let run = launch_of(&[("package.json", r#"{"scripts": {"prestart": "a", "start": "nodemon b"}}"#)], None).run;
    assert_eq!(run.argv[1..], ["-c", "a && nodemon b"]);
    let path = &run.env.iter().find(|(name, _)| name == "PATH").unwrap().1;
    assert!(path.to_str().unwrap().split(':').next().unwrap().ends_with("node_modules/.bin"));
}

#[test]
fn a_command_is_started_in_the_folder() {
    let run = launch_of(&[("app.py", "")], Some("./web --port $PORT")).run;
    assert_eq!(run.shown, ["sh", "-c", "./web --port $PORT"]);
    assert_eq!(launch_of(&[("app.py", "")], Some("node 'a b.js'")).run.shown, ["node", "a b.js"]);
}

#[test]
fn a_setup_command_runs_in_the_folder() {
    let (submission, _) = reference(PathBuf::from("/opt/checker"));
    let setup = setup(&submission, "cd x && sh y").unwrap();
    assert_eq!((setup.shown.join(" ").as_str(), setup.cwd.as_path()), ("sh -c cd x && sh y", Path::new("/opt")));
}

#[test]
fn a_script_that_says_python_gets_the_python_of_this_machine() {
    let run = launch_of(&[("run.sh", "python app.py\n")], None).run;
    let (_, path) = run.env.iter().find(|(name, _)| name == "PATH").unwrap();
    assert!(path.to_str().unwrap().contains("/bin"), "{path:?}");
    assert!(launch_of(&[("run.sh", "node app.js\n")], None).run.env.is_empty());
}

#[test]
fn a_missing_language_is_the_machines_fault() {
    let (_programs, search) = machine(&["sh"]);
    let scratch = tempfile::tempdir().unwrap();
    let options = Options { command: None, python: None, scratch: scratch.path() };
    for (file, program) in [
        ("x.py", "python3"),
        ("x.js", "node"),
        ("x.go", "go"),
        ("x.rs", "rustc"),
        ("X.java", "java"),
        ("x.php", "php"),
        ("x.rb", "ruby"),
        ("config.ru", "rackup"),
        ("x.pl", "perl"),
        ("x.c", "cc"),
        ("Makefile", "make"),
    ] {
        let path = scratch.path().join(file);
        fs::write(&path, "").unwrap();
        let submission = find(&path, &options).unwrap();
        let problem = launch_with(&submission, &options, &search).unwrap_err();
        assert_eq!(problem.code.name(), "runtime_missing");
        assert!(problem.message.to_string().contains(&format!("{program:?}")), "{file}: {}", problem.message);
    }
}

#[test]
fn the_reference_server_is_launched_like_a_submission() {
    let (submission, launch) = reference(PathBuf::from("/opt/checker"));
    assert_eq!(launch.run.argv, ["/opt/checker", "__reference-server"]);
    assert_eq!(launch.run.shown, ["checker", "reference-server"]);
    assert_eq!((submission.kind.name(), submission.root.as_path()), ("reference", Path::new("/opt")));
}
