//! Which submissions may be started from an interpreter that has imported Flask already.

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

/// Why a submission is not to be started warm, by its files and its command; what is in the program, Python itself
/// looks at.
#[must_use]
pub fn cannot_be_warm(submission: &Submission, launch: &Launch) -> Option<ColdBecause> {
    let run = &launch.run;
    let is_script = matches!(run.argv.as_slice(), [_, script] if is_python(script));
    if submission.kind != Kind::Flask || !is_script || !launch.build.is_empty() {
        return Some(ColdBecause::NotFlask);
    }
    let Submission { root, top, .. } = submission;
    let venv = run.env.iter().find(|(name, _)| name == "VIRTUAL_ENV").map(|(_, venv)| Path::new(venv));
    if let Some(own) = venv.and_then(|venv| venv.strip_prefix(top).ok()) {
        return Some(ColdBecause::OwnPackages(own.display().to_string()));
    }
    let is_there = |name: &&str| [root, top].iter().any(|folder| folder.join(name).exists());
    if let Some(name) = REQUIREMENTS.into_iter().find(is_there) {
        return Some(ColdBecause::OwnPackages(name.to_owned()));
    }
    (!may_reload(submission)).then_some(ColdBecause::NoReloader)
}

/// Whether Werkzeug's reloader may be used: then something in the program, or in the files that Flask takes its
/// environment from, says so. Without it there is one process and one import.
fn may_reload(submission: &Submission) -> bool {
    let asks = |text: &str| ["debug", "reload"].iter().any(|word| text.to_lowercase().contains(word));
    let is_there = |name: &&str| submission.root.join(name).exists();
    let programs = sources(submission).into_iter().filter(|file| is_python(file.path.as_ref()));
    programs.into_iter().any(|file| asks(&file.text)) || [".env", ".flaskenv"].iter().any(is_there)
}

fn is_python(script: &OsStr) -> bool {
    Path::new(script).extension().is_some_and(|ending| ending == "py")
}

#[cfg(test)]
mod tests {
    use super::super::{Given, Program};
    use super::*;

    fn check(kind: Kind, arguments: &[&str], file: &str, expect: Option<&str>) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(file), "app.run(debug=True)").unwrap();
        let root = folder.path().to_owned();
        let run = Program::new(&root, "/usr/bin/python3", "python3").args(arguments).env("VIRTUAL_ENV", root.join("v"));
        let run = if file == "venv" { run } else { Program { env: Vec::new(), ..run } };
        let top = root.clone();
        let (shown, digest) = (String::new(), String::new());
        let submission = Submission { shown, root, top, entry: None, given: Given::Folder, kind, digest };
        let refused = cannot_be_warm(&submission, &run.alone());
        assert_eq!(refused.as_ref().map(ColdBecause::code), expect);
    }

    #[test]
    fn a_flask_script_may_be_warm_and_nothing_else() {
        check(Kind::Flask, &["app.py"], "app.py", None);
        check(Kind::Flask, &["app.py"], "notes.txt", Some("no_reloader"));
        check(Kind::Django, &["app.py"], "app.py", Some("not_flask"));
        check(Kind::Flask, &["-m", "flask", "--app", "app.py", "run"], "app.py", Some("not_flask"));
        check(Kind::Flask, &["app.py"], "requirements.txt", Some("own_packages"));
        check(Kind::Flask, &["app.py"], "venv", Some("own_packages"));
    }
}
