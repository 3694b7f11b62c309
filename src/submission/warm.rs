//! Which submissions may be started from an interpreter that has imported their framework already.

use std::ffi::OsStr;
use std::path::Path;

use super::{Kind, Launch, Submission, sources};
use crate::event::ColdBecause;

/// What says that a program wants other packages than this machine's.
const REQUIREMENTS: [&str; 9] = [
    "requirements.txt",
    "pyproject.toml",
    "setup.py",
    "setup.cfg",
    "Pipfile",
    "poetry.lock",
    "uv.lock",
    "environment.yml",
    "conda.yaml",
];

/// A framework that can be imported before the program that it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framework {
    /// The only one that is gained from in a single run: its reloader starts the program twice.
    Flask,
    /// With uvicorn.
    FastApi,
    /// By its own server for development.
    Django,
    /// With the standard library's server.
    Bottle,
}

impl Framework {
    /// The name of its module, by which `sitecustomize.py` knows what goes with it.
    #[must_use]
    pub const fn module(self) -> &'static str {
        match self {
            Self::Flask => "flask",
            Self::FastApi => "fastapi",
            Self::Django => "django",
            Self::Bottle => "bottle",
        }
    }

    /// That of a submission which is started by one of the commands that a warm start is known for.
    fn of(submission: &Submission, launch: &Launch) -> Option<Framework> {
        let words: Option<Vec<&str>> = launch.run.argv.iter().skip(1).map(|word| word.to_str()).collect();
        let words = words.filter(|_| launch.build.is_empty())?;
        match (submission.kind, words.as_slice()) {
            (Kind::Flask, [script]) if is_python(script) => Some(Self::Flask),
            (Kind::Flask, ["-m", "flask", ..]) => Some(Self::Flask),
            (Kind::FastApi, [script]) if is_python(script) => Some(Self::FastApi),
            // A module within a package is found in ways of its own.
            (Kind::FastApi, ["-m", "uvicorn", .., app]) if !app.contains(['.', '/']) => Some(Self::FastApi),
            (Kind::Django, [script, ..]) if is_python(script) => Some(Self::Django),
            (Kind::Bottle, [script]) if is_python(script) => Some(Self::Bottle),
            _ => None,
        }
    }
}

/// The framework that a submission may be started warm with, by its files and its command; what is in the program,
/// Python itself looks at.
///
/// # Errors
/// If it is not to be started warm, with the reason.
pub fn framework(submission: &Submission, launch: &Launch) -> Result<Framework, ColdBecause> {
    let framework = Framework::of(submission, launch).ok_or(ColdBecause::NotFlask)?;
    let Submission { root, top, .. } = submission;
    let venv = launch.run.env.iter().find(|(name, _)| name == "VIRTUAL_ENV").map(|(_, venv)| Path::new(venv));
    if let Some(own) = venv.and_then(|venv| venv.strip_prefix(top).ok()) {
        return Err(ColdBecause::OwnPackages(own.display().to_string()));
    }
    let is_there = |name: &&str| [root, top].iter().any(|folder| folder.join(name).exists());
    match REQUIREMENTS.into_iter().find(is_there) {
        Some(name) => Err(ColdBecause::OwnPackages(name.to_owned())),
        None => Ok(framework),
    }
}

/// Whether Flask's reloader may be used, by what is in the program and in the files that Flask takes its environment from.
/// Without it there is one process and one import.
#[must_use]
pub fn may_reload(submission: &Submission) -> bool {
    let asks = |text: &str| {
        let text: String = text.to_lowercase().split_whitespace().collect();
        let text = text.replace("debug=false", "").replace("use_reloader=false", "");
        ["debug", "reload"].iter().any(|word| text.contains(word))
    };
    let is_there = |name: &&str| submission.root.join(name).exists();
    let programs = sources(submission).into_iter().filter(|file| is_python(&file.path));
    programs.into_iter().any(|file| asks(&file.text)) || [".env", ".flaskenv"].iter().any(is_there)
}

fn is_python(script: impl AsRef<OsStr>) -> bool {
    Path::new(script.as_ref()).extension().is_some_and(|ending| ending == "py")
}

#[cfg(test)]
mod tests {
    use super::super::{Given, Program};
    use super::*;

    fn check(kind: Kind, arguments: &[&str], file: &str, expect: Result<Framework, &str>) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(file), "app.run(debug=True)").unwrap();
        let root = folder.path().to_owned();
        let run = Program::new(&root, "/usr/bin/python3", "python3").args(arguments).env("VIRTUAL_ENV", root.join("v"));
        let run = if file == "venv" { run } else { Program { env: Vec::new(), ..run } };
        let top = root.clone();
        let (shown, digest) = (String::new(), String::new());
        let submission = Submission { shown, root, top, entry: None, given: Given::Folder, kind, digest };
        let found = framework(&submission, &run.alone());
        assert_eq!(found.as_ref().map_err(ColdBecause::code), expect.as_ref().map_err(|code| *code));
    }

    #[test]
    fn the_commands_of_four_frameworks_may_be_warm_and_nothing_else() {
        check(Kind::Flask, &["app.py"], "app.py", Ok(Framework::Flask));
        check(Kind::Flask, &["-m", "flask", "--app", "app.py", "run"], "app.py", Ok(Framework::Flask));
        check(Kind::Flask, &["-m", "website.main"], "app.py", Err("not_flask"));
        check(Kind::Flask, &["-c", "import runpy", "a.b.py"], "app.py", Err("not_flask"));
        check(Kind::FastApi, &["main.py"], "main.py", Ok(Framework::FastApi));
        check(Kind::FastApi, &["-m", "uvicorn", "--port", "8000", "main:app"], "main.py", Ok(Framework::FastApi));
        check(Kind::FastApi, &["-m", "uvicorn", "--port", "8000", "a.main:app"], "main.py", Err("not_flask"));
        check(Kind::Django, &["manage.py", "runserver"], "manage.py", Ok(Framework::Django));
        check(Kind::Bottle, &["app.py"], "app.py", Ok(Framework::Bottle));
        check(Kind::Bottle, &["-m", "bottle", "app"], "app.py", Err("not_flask"));
        check(Kind::Starlette, &["app.py"], "app.py", Err("not_flask"));
        check(Kind::Flask, &["app.py"], "requirements.txt", Err("own_packages"));
        check(Kind::Flask, &["app.py"], "venv", Err("own_packages"));
    }

    fn check_reloads(file: &str, text: &str, expect: bool) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(file), text).unwrap();
        let root = folder.path().to_owned();
        let (top, entry, kind) = (root.clone(), Some("app.py".into()), Kind::Flask);
        let (shown, digest) = (String::new(), String::new());
        assert_eq!(may_reload(&Submission { shown, root, top, entry, given: Given::Folder, kind, digest }), expect);
    }

    #[test]
    fn what_speaks_of_debugging_may_reload() {
        check_reloads("app.py", "app.run(debug=True)", true);
        check_reloads("app.py", "app.run(use_reloader=True)", true);
        check_reloads(".flaskenv", "", true);
        check_reloads("app.py", "app.run()", false);
        check_reloads("app.py", "app.run(debug = False)", false);
        check_reloads("app.py", "app.run(debug=False)\napp.debug = True", true);
        check_reloads("notes.txt", "debug", false);
    }
}
