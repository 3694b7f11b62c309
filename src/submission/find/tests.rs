//! What folders and files are taken for.

use super::*;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};

const FLASK: &str = "from flask import Flask\napp = Flask(__name__)\n";
const FLASK_RUN: &str = "from flask import Flask\napp = Flask(__name__)\napp.run()\n";
const MANAGE: &str = "import sys\nfrom django.core.management import execute_from_command_line\n\
                      execute_from_command_line(sys.argv)";
const BY_FACTORY: &str = "from website import create_app\napp = create_app()\napp.run()";
const EXPRESS: &str = "const express = require('express')\nexpress().listen(3000)\n";
const NODE: &str = "require('http').createServer().listen(3000)\n";
const MAIN_JAVA: &str = "class Main { public static void main(String[] a) { } }";

/// A folder `work` with these files in it; a name that ends in `*` is executable.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join("work").join(name.trim_end_matches('*'));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        let mode = if name.ends_with('*') { 0o755 } else { 0o644 };
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    }
    fs::create_dir_all(folder.path().join("work")).unwrap();
    folder
}

fn options(scratch: &Path) -> Options<'_> {
    Options { command: None, python: None, scratch }
}

/// Kind and entry of a path in the folder, or the code of the problem with its message's arguments.
fn found(files: &[(&str, &str)], path: &str) -> String {
    let folder = folder(files);
    let work = folder.path().join("work").canonicalize().unwrap();
    match find(&work.join(path), &options(folder.path())) {
        Ok(found) => {
            let inner = found.root.strip_prefix(&work).unwrap().join(found.entry.unwrap_or_default());
            format!("{} {}", found.kind.name(), inner.display()).trim_end().to_owned()
        }
        Err(FindError::Problem(problem)) => format!("{}: {}", problem.code.name(), problem.message),
        Err(FindError::Usage(message)) => format!("usage: {message}"),
    }
}

fn check(cases: &[(&[(&str, &str)], &str)]) {
    for (files, expected) in cases {
        assert_eq!(found(files, "").as_str(), *expected, "{files:?}");
    }
}

#[test]
fn a_python_program_is_found_by_its_name_or_by_what_it_does() {
    check(&[
        (&[("app.py", FLASK)], "flask app.py"),
        (&[("app.py", FLASK_RUN), ("main.py", FLASK_RUN)], "flask app.py"),
        (&[("lesson 8.py", FLASK), ("util.py", "x = 1")], "flask lesson 8.py"),
        (&[("我的作业.py", FLASK_RUN), ("test_app.py", FLASK_RUN), ("conftest.py", FLASK)], "flask 我的作业.py"),
        (&[("main.py", "print('hi')"), ("web.py", FLASK_RUN)], "flask web.py"),
        (&[("one.py", FLASK), ("two.py", FLASK_RUN)], "flask two.py"),
        (&[("site.py", FLASK), ("go.py", "from site import app\napp.run()")], "flask go.py"),
        (&[("main.py", "import socket\ns.listen()")], "python main.py"),
        (&[("app.py", "")], "python app.py"),
        (&[("odd.py", "print(1)")], "python odd.py"),
        (&[("hello.py", "from fastapi import FastAPI\napi = FastAPI()")], "fastapi hello.py"),
        (&[("app.py", "from starlette.applications import Starlette\napp = Starlette()")], "starlette app.py"),
        (&[("app.py", "# import flask\nimport bottle\nbottle.run()")], "bottle app.py"),
        (
            &[("manage.py", MANAGE), ("mysite/__init__.py", ""), ("mysite/wsgi.py", "from django.core.wsgi import x")],
            "django manage.py",
        ),
    ]);
}

#[test]
fn a_program_that_starts_another_files_application_is_the_program() {
    check(&[
        (&[("app.py", FLASK), ("run.py", "from app import app\napp.run()")], "flask run.py"),
        (&[("app.py", FLASK), ("server.py", "import socket\ns.listen()")], "flask app.py"),
        (&[("run.py", BY_FACTORY), ("website/__init__.py", FLASK)], "flask run.py"),
        (&[("wsgi.py", "from website.main import app"), ("website/main.py", "import fastapi")], "fastapi wsgi.py"),
    ]);
}

#[test]
fn a_package_without_a_starter_is_the_program() {
    let factory = "from flask import Flask\ndef create_app():\n    return Flask(__name__)\n";
    check(&[
        (&[("website/__init__.py", factory), ("website/views.py", "import flask")], "flask website"),
        (&[("app/__init__.py", ""), ("app/main.py", FLASK)], "flask app/main.py"),
        (
            &[("app/main.py", "from app.db import x\nfrom fastapi import FastAPI\napp = FastAPI()")],
            "fastapi app/main.py",
        ),
        (&[("pkg/__init__.py", FLASK), ("pkg/extra.py", FLASK)], "flask pkg"),
    ]);
}

#[test]
fn several_programs_are_not_guessed_between() {
    let problem = found(&[("one.py", FLASK), ("two.py", FLASK)], "");
    assert!(problem.starts_with("unrecognised: problem-several-programs"), "{problem}");
    assert!(problem.contains("`one.py`, `two.py`"), "{problem}");
}

#[test]
fn other_languages_are_found_by_their_files() {
    check(&[
        (
            &[("package.json", r#"{"scripts": {"start": "node a.js"}, "dependencies": {"express": "5"}}"#)],
            "express package.json",
        ),
        (&[("package.json", r#"{"main": "src/web"}"#), ("src/web.js", NODE)], "node src/web.js"),
        (&[("package.json", "{"), ("index.js", EXPRESS)], "express index.js"),
        (&[("app.js", "document.x"), ("server.mjs", NODE)], "node server.mjs"),
        (&[("homework.js", NODE), ("util.js", "x")], "node homework.js"),
        (&[("Cargo.toml", ""), ("src/main.rs", ""), ("target/x.py", FLASK_RUN)], "rust Cargo.toml"),
        (&[("go.mod", "module x"), ("main.go", "package main")], "go go.mod"),
        (&[("main.go", "package main"), ("main_test.go", "package main")], "go"),
        (&[("Main.java", MAIN_JAVA)], "java"),
        (&[("src/a/Main.java", MAIN_JAVA)], "java"),
        (&[("index.php", "<?php"), ("main.js", "document.x")], "php index.php"),
        (&[("router.php", "<?php"), ("index.php", "<?php")], "php router.php"),
        (&[("public/index.php", "<?php"), ("src/x.php", "<?php")], "php public/index.php"),
        (&[("config.ru", ""), ("app.rb", "")], "ruby config.ru"),
        (&[("cookie.rb", "")], "ruby cookie.rb"),
        (&[("server.pl", "")], "perl server.pl"),
        (&[("Makefile", "run:\n\tpython3 x.py"), ("x.py", "print()")], "make Makefile"),
        (&[("Makefile", "lint:\n"), ("app.py", "print()")], "python app.py"),
        (&[("makefile", "a: a.c\n"), ("a.c", "int main")], "make makefile"),
        (&[("server.c", "int main() {}"), ("x.h", "")], "c"),
        (&[("server*", "#!/usr/bin/env python3\n"), ("README", "x")], "executable server"),
        (&[("cookie.sh", "nc")], "script cookie.sh"),
    ]);
}

#[test]
fn a_script_or_procfile_comes_before_everything_else() {
    check(&[
        (&[("run.sh", "x"), ("start.sh", "x"), ("app.py", FLASK)], "script run.sh"),
        (&[("start.sh", "x"), ("Procfile", "web: x")], "script start.sh"),
        (&[("Procfile", "web: python x.py"), ("x.py", FLASK)], "procfile Procfile"),
        (&[("Procfile", "worker: x"), ("app.py", FLASK)], "flask app.py"),
    ]);
}

#[test]
fn modes_from_windows_mean_nothing() {
    check(&[(&[("app.py*", FLASK), ("README.md*", "x"), ("data.csv*", "x")], "flask app.py")]);
}

#[test]
fn the_only_folder_is_entered() {
    check(&[
        (&[("flask-app/app.py", FLASK), ("README.md", "x")], "flask flask-app/app.py"),
        (&[("a/b/c/app.py", FLASK), ("__MACOSX/a/b/c/._app.py", "x")], "flask a/b/c/app.py"),
        (&[("src/server.js", NODE), ("tests/x.js", NODE), ("requirements.txt", "x")], "node src/server.js"),
    ]);
    assert!(found(&[("a/b/c/d/app.py", FLASK)], "").starts_with("unrecognised"));
    assert!(found(&[("a/app.py", FLASK), ("b/app.py", FLASK)], "").starts_with("unrecognised"));
}

#[test]
fn nothing_to_start_is_the_students_problem() {
    assert_eq!(found(&[], ""), "empty: problem-empty");
    assert_eq!(found(&[(".DS_Store", "x"), (".git/HEAD", "x"), ("venv/pyvenv.cfg", "")], ""), "empty: problem-empty");
    let nothing = found(&[("notes.txt", "x"), ("photo.jpg", "x")], "");
    assert!(nothing.starts_with("unrecognised: problem-unrecognised"), "{nothing}");
    assert!(nothing.contains("`notes.txt`, `photo.jpg`"), "{nothing}");
    assert!(found(&[("work.zip", "PK")], "").starts_with("unrecognised: problem-archive"));
    assert!(found(&[("work.zip", "PK")], "work.zip").starts_with("unrecognised: problem-archive"));
    assert!(found(&[("notes.txt", "x")], "notes.txt").starts_with("unrecognised: problem-unrecognised"));
}

#[test]
fn a_path_that_is_not_there_is_the_users_mistake() {
    assert!(found(&[], "nowhere").starts_with("usage: usage-path-missing"));
    let folder = folder(&[]);
    let pipe = folder.path().join("pipe");
    nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).unwrap();
    assert!(matches!(find(&pipe, &options(folder.path())), Err(FindError::Usage(_))));
}

#[test]
fn one_file_is_what_its_name_or_its_first_line_says() {
    let neighbours = [("run.sh", "x"), ("Procfile", "web: x")];
    for (name, text, expected) in [
        ("x.py", FLASK, "flask x.py"),
        ("X.PY", "", "python X.PY"),
        ("-cookie.py", FLASK, "flask -cookie.py"),
        ("x.py", "#!/usr/bin/python3\n", "python x.py"),
        ("x.mjs", EXPRESS, "express x.mjs"),
        ("x.go", "", "go x.go"),
        ("X.java", MAIN_JAVA, "java X.java"),
        ("x.php", "", "php x.php"),
        ("x.rb", "", "ruby x.rb"),
        ("x.pl", "", "perl x.pl"),
        ("x.sh", "", "script x.sh"),
        ("x.c", "", "c x.c"),
        ("x.rs", "", "rust x.rs"),
        ("server*", "\u{7f}ELF", "executable server"),
        ("server", "#!/bin/sh\n", "executable server"),
    ] {
        let files = [&neighbours[..], &[(name, text)]].concat();
        assert_eq!(found(&files, name.trim_end_matches('*')), expected);
    }
}

#[test]
fn names_of_every_sort_are_found() {
    for name in ["it's a \"test\" $x.py", "two\nlines.py", "我的 网站.py"] {
        assert_eq!(found(&[(name, FLASK)], ""), format!("flask {name}"));
    }
    let folder = folder(&[]);
    let name = std::ffi::OsStr::from_bytes(b"\xff\xfe.py");
    fs::write(folder.path().join("work").join(name), FLASK).unwrap();
    let found = find(&folder.path().join("work"), &options(folder.path())).unwrap();
    assert_eq!((found.entry, found.kind), (Some(name.into()), Kind::Flask));
}

#[test]
fn source_in_windows_encodings_is_understood() {
    let folder = folder(&[]);
    let gbk = encoding_rs::GBK.encode("# 我的作业\r\nfrom flask import Flask\r\napp = Flask(__name__)\r\n").0;
    fs::write(folder.path().join("work/app.py"), &gbk).unwrap();
    assert_eq!(find(&folder.path().join("work"), &options(folder.path())).unwrap().kind, Kind::Flask);
}

#[test]
fn links_that_leave_the_submission_are_not_followed() {
    let outside = folder(&[("app.py", FLASK)]);
    let folder = folder(&[("notes.txt", "x")]);
    let work = folder.path().join("work");
    symlink(outside.path().join("work/app.py"), work.join("app.py")).unwrap();
    symlink(outside.path().join("work"), work.join("inner")).unwrap();
    assert!(matches!(find(&work, &options(folder.path())), Err(FindError::Problem(_))));
}

#[test]
fn a_command_overrides_what_would_be_found() {
    let folder = folder(&[("app.py", FLASK)]);
    let with = |command, path: &str| {
        let options = Options { command: Some(command), ..options(folder.path()) };
        find(&folder.path().join(path), &options).map(|found| found.kind)
    };
    assert_eq!(with("node x.js", "work"), Ok(Kind::Command));
    assert_eq!(with("node x.js", "work/app.py"), Ok(Kind::Command));
    for broken in ["", "  ", "node 'x"] {
        assert!(matches!(with(broken, "work"), Err(FindError::Usage(_))), "{broken}");
    }
}

#[test]
fn the_digest_is_that_of_what_was_given() {
    let folder = folder(&[("inner/app.py", FLASK), ("README.md", "x")]);
    let work = folder.path().join("work");
    let found = find(&work, &options(folder.path())).unwrap();
    assert_eq!(found.digest, digest(&work));
    assert_ne!(found.digest, digest(&work.join("inner")));
}

/// An archive with these files, as a zip and as a compressed tar.
fn archives(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut zip = zip::ZipWriter::new(fs::File::create(folder.path().join("work.zip")).unwrap());
    let gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let mut tar = tar::Builder::new(gzip);
    for (name, text) in files {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut zip, text.as_bytes()).unwrap();
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, name, text.as_bytes()).unwrap();
    }
    zip.finish().unwrap();
    fs::write(folder.path().join("work.tar.gz"), tar.into_inner().unwrap().finish().unwrap()).unwrap();
    folder
}

#[test]
fn an_archive_is_what_it_holds() {
    let files = [("flask-app/app.py", FLASK), ("flask-app/README.md", "x"), ("__MACOSX/flask-app/._app.py", "x")];
    let (archives, plain) = (archives(&files), folder(&files));
    for name in ["work.zip", "work.tar.gz"] {
        let scratch = tempfile::tempdir().unwrap();
        let archive = archives.path().join(name);
        let found = find(&archive, &options(scratch.path())).unwrap();
        assert_eq!((found.kind, found.entry, found.given), (Kind::Flask, Some("app.py".into()), Given::Folder));
        assert_eq!(found.root, found.top.join("flask-app"));
        assert!(found.root.starts_with(scratch.path().canonicalize().unwrap()));
        assert_eq!(found.shown, archive.to_str().unwrap());
        assert_eq!(found.digest, digest(&plain.path().join("work")));
        // Whoever names a command means the folder with the program.
        let command = Options { command: Some("python3 app.py"), ..options(scratch.path()) };
        assert_eq!(find(&archive, &command).unwrap().root.file_name().unwrap(), "flask-app");
    }
}

#[test]
fn what_an_archive_lacks_is_said_of_the_archive() {
    let message = |archive: &Path| {
        let scratch = tempfile::tempdir().unwrap();
        match find(archive, &options(scratch.path())) {
            Err(FindError::Problem(problem)) => problem.message.to_string(),
            other => panic!("{other:?}"),
        }
    };
    let inside = archives(&[("work/all.zip", "PK")]);
    assert!(
        message(&inside.path().join("work.zip")).starts_with("problem-archive-inside entry=Text(\"work/all.zip\")")
    );
    let nothing = archives(&[("notes.txt", "x")]);
    assert!(message(&nothing.path().join("work.zip")).starts_with("problem-unrecognised"));
    let linked = tempfile::tempdir().unwrap();
    let mut zip = zip::ZipWriter::new(fs::File::create(linked.path().join("work.zip")).unwrap());
    zip.add_symlink("node_modules/.bin/x", "../x", zip::write::SimpleFileOptions::default()).unwrap();
    zip.add_symlink("work/app.py", "/home/me/app.py", zip::write::SimpleFileOptions::default()).unwrap();
    zip.finish().unwrap();
    assert!(message(&linked.path().join("work.zip")).starts_with("problem-archive-link entry=Text(\"work/app.py\")"));
}
