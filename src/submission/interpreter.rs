//! Which Python runs a submission.
//!
//! Nothing that a submission brings is executed here, not even its virtual environment: a folder called `.venv` may
//! hold anything. It is judged by its files. Only a version manager's shim, found on the machine's own `PATH`, is run
//! once to learn which interpreter it stands for, without site packages and within bounds ([`ask`]).

use std::collections::HashMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::outcome::Problem;

use super::Submission;
use super::ask::{Wanted, ask};
use super::search_path::{SearchPath, is_executable, missing};
use super::text::read_start;

/// A Python interpreter for one submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Interpreter {
    /// The program to start, absolute.
    pub(crate) program: PathBuf,
    /// What a person types for it.
    pub(crate) shown: String,
    /// The virtual environment that it belongs to.
    pub(crate) venv: Option<PathBuf>,
}

impl Interpreter {
    /// The folder where the commands of its packages are.
    pub(crate) fn folder(&self) -> PathBuf {
        self.program.parent().map(Path::to_owned).unwrap_or_default()
    }
}

/// The interpreter for a submission: the one that was asked for, that of its own virtual environment if it works
/// here, else `python3` of this machine.
///
/// The environment may lie beside the program or in a folder above it, up to the one that was given.
pub(crate) fn choose(
    submission: &Submission,
    asked: Option<&Path>,
    search: &SearchPath,
) -> Result<Interpreter, Problem> {
    let Submission { root, top, .. } = submission;
    if let Some(asked) = asked {
        return from_asked(asked, search);
    }
    let folders = root.ancestors().take_while(|folder| folder.starts_with(top));
    let own = folders.enumerate().find_map(|(up, folder)| own_venv(folder, top, &"../".repeat(up)));
    own.map_or_else(|| of_this_machine(root, search), Ok)
}

/// `--python`: a path, or a name on `PATH`.
fn from_asked(asked: &Path, search: &SearchPath) -> Result<Interpreter, Problem> {
    let named = asked.to_str().filter(|name| !name.contains('/')).and_then(|name| search.find(name));
    let program = named.or_else(|| std::path::absolute(asked).ok()).filter(|path| is_executable(path));
    let Some(program) = program else { return Err(missing(&asked.to_string_lossy())) };
    let shown = program.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let venv = program.parent().and_then(Path::parent).filter(|folder| folder.join("pyvenv.cfg").is_file());
    Ok(Interpreter { venv: venv.map(Path::to_owned), shown, program })
}

/// The virtual environment in a folder of the submission `top`, if it works on this machine. People write `way` to
/// get to that folder.
///
/// It does if its interpreter is a link to one outside the submission (a copy could be any program) that is there,
/// and its packages are for that version. One that came from another machine fails this.
fn own_venv(folder: &Path, top: &Path, way: &str) -> Option<Interpreter> {
    [".venv", "venv", "env"].iter().find_map(|name| {
        let venv = folder.join(name);
        let program = venv.join("bin/python");
        let real = program.canonicalize().ok()?;
        let works = venv.join("pyvenv.cfg").is_file()
            && !real.starts_with(top)
            && is_executable(&real)
            && packages_are_for(&venv, real.file_name()?.to_str()?);
        works.then(|| Interpreter { program, shown: format!("{way}{name}/bin/python"), venv: Some(venv) })
    })
}

/// Whether a virtual environment has a folder of packages for this interpreter, such as `python3.11`.
fn packages_are_for(venv: &Path, interpreter: &str) -> bool {
    if interpreter.strip_prefix("python3.").is_some() {
        return venv.join("lib").join(interpreter).is_dir();
    }
    // A name without a minor version says nothing about it.
    interpreter.starts_with("python") && venv.join("lib").is_dir()
}

/// `python3`, else a `python` that is Python 3.
pub(crate) fn of_this_machine(root: &Path, search: &SearchPath) -> Result<Interpreter, Problem> {
    let found = ["python3", "python"].iter().find_map(|name| {
        let program = search.find(name)?;
        let is_script = read_start(&program, 2) == b"#!";
        let program = if is_script || *name == "python" { resolve(&program, root)? } else { program };
        Some(Interpreter { program, shown: (*name).to_owned(), venv: None })
    });
    found.ok_or_else(|| missing("python3"))
}

/// The interpreter that a shim stands for in this folder, or, if the version that the folder asks for is not
/// installed, in none.
///
/// Remembered, for a shim costs some 70 ms, and asked by one submission at a time, for a whole cohort begins at once. No
/// answer is not remembered: it may have been a busy moment, and what one submission suffers the next need not.
fn resolve(shim: &Path, root: &Path) -> Option<PathBuf> {
    static KNOWN: Mutex<Option<HashMap<Question, PathBuf>>> = Mutex::new(None);
    let question = Question { shim: shim.to_owned(), asked_for: version_asked_for(root) };
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let known = known.get_or_insert_default();
    if let Some(answer) = known.get(&question) {
        return Some(answer.clone());
    }
    let answer = probe(shim, root).or_else(|| probe(shim, Path::new("/")))?;
    known.insert(question, answer.clone());
    Some(answer)
}

/// What a shim's answer depends on.
#[derive(PartialEq, Eq, Hash)]
struct Question {
    shim: PathBuf,
    /// The content of the nearest file that names a version.
    asked_for: Vec<u8>,
}

/// What the nearest version file of pyenv, asdf or mise says, from the folder upwards.
fn version_asked_for(root: &Path) -> Vec<u8> {
    let files = [".python-version", ".tool-versions", "mise.toml"];
    let nearest = root.ancestors().flat_map(|folder| files.map(|file| folder.join(file))).find(|path| path.is_file());
    nearest.map(|path| read_start(&path, 64 * 1024)).unwrap_or_default()
}

/// Asks an interpreter where it is. None if it is not Python 3 or does not answer in time.
///
/// `-I -S` keeps it from reading anything of the folder it runs in, and from site packages.
fn probe(program: &Path, folder: &Path) -> Option<PathBuf> {
    let question = "import sys; sys.version_info[0] == 3 and sys.stdout.write(sys.executable + '\\n')";
    let answer = ask(program, &["-I", "-S", "-c", question], folder, Wanted::FirstLine);
    answer.map(PathBuf::from).filter(|path| path.is_absolute() && is_executable(path))
}

/// Makes a folder with a `python` that is this interpreter, for scripts that call it so where only `python3` is
/// there. None if it is there already or cannot be made.
pub(crate) fn folder_with_python(interpreter: &Interpreter, search: &SearchPath, scratch: &Path) -> Option<PathBuf> {
    if interpreter.folder().join("python").exists() || search.find("python").is_some() {
        return None;
    }
    let folder = scratch.join("bin");
    let link = folder.join("python");
    fs::create_dir_all(&folder).ok()?;
    if fs::symlink_metadata(&link).is_err() {
        symlink(&interpreter.program, link).ok()?;
    }
    Some(folder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::submission::reference;
    use crate::submission::search_path::fake::machine;
    use std::os::unix::fs::PermissionsExt;

    /// The interpreter for a submission in this folder.
    fn choose(root: &Path, asked: Option<&Path>, search: &SearchPath) -> Result<Interpreter, Problem> {
        let submission = Submission { root: root.to_owned(), top: root.to_owned(), ..reference("/x".into()).0 };
        super::choose(&submission, asked, search)
    }

    fn script(path: &Path, text: &str) {
        fs::write(path, text).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// A submission with a virtual environment whose interpreter is `program`, with packages for `version`.
    fn with_venv(program: &Path, version: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        fs::create_dir_all(root.join("venv/bin")).unwrap();
        fs::create_dir_all(root.join("venv/lib").join(version)).unwrap();
        fs::write(root.join("venv/pyvenv.cfg"), "home = /usr/bin").unwrap();
        symlink(program, root.join("venv/bin/python")).unwrap();
        (folder, root)
    }

    #[test]
    fn a_working_virtual_environment_is_used() {
        let (programs, search) = machine(&["python3.11", "python3"]);
        let (_folder, root) = with_venv(&programs.path().join("python3.11"), "python3.11");
        let chosen = choose(&root, None, &search).unwrap();
        assert_eq!((chosen.program, chosen.shown.as_str()), (root.join("venv/bin/python"), "venv/bin/python"));
        assert_eq!(chosen.venv, Some(root.join("venv")));
    }

    #[test]
    fn a_virtual_environment_above_the_program_is_used() {
        let (programs, search) = machine(&["python3.11", "python3"]);
        let (_folder, top) = with_venv(&programs.path().join("python3.11"), "python3.11");
        let root = top.join("src/web");
        let submission = Submission { root: root.clone(), top, ..reference("/x".into()).0 };
        assert_eq!(super::choose(&submission, None, &search).unwrap().shown, "../../venv/bin/python");
        let alone = Submission { top: root, ..submission };
        assert_eq!(super::choose(&alone, None, &search).unwrap().shown, "python3");
    }

    #[test]
    fn a_virtual_environment_from_another_machine_is_not() {
        let (programs, search) = machine(&["python3.11", "python3"]);
        for (target, version) in [("/nowhere/python3.11", "python3.11"), ("python3.11", "python3.9")] {
            let (_folder, root) = with_venv(&programs.path().join(target), version);
            assert_eq!(choose(&root, None, &search).unwrap().shown, "python3");
        }
    }

    #[test]
    fn a_program_of_the_students_is_never_executed_as_an_interpreter() {
        let (_programs, search) = machine(&["python3"]);
        let (_folder, root) = with_venv(Path::new("../../evil"), "python3.11");
        script(&root.join("evil"), &format!("#!/bin/sh\ntouch '{}'\n", root.join("ran").display()));
        assert_eq!(choose(&root, None, &search).unwrap().shown, "python3");
        assert!(!root.join("ran").exists());
    }

    #[test]
    fn a_shim_is_resolved_to_what_it_stands_for() {
        let (programs, search) = machine(&["real"]);
        let real = programs.path().join("real");
        script(&programs.path().join("python3"), &format!("#!/bin/sh\necho '{}'\n", real.display()));
        let root = tempfile::tempdir().unwrap();
        assert_eq!(choose(root.path(), None, &search).unwrap().program, real);
    }

    #[test]
    fn a_shim_that_had_no_answer_is_asked_again() {
        let (programs, search) = machine(&[]);
        let shim = programs.path().join("python3");
        let root = tempfile::tempdir().unwrap();
        script(&shim, "#!/bin/sh\nexit 1\n");
        assert!(choose(root.path(), None, &search).is_err());
        script(&shim, "#!/bin/sh\necho /bin/sh\n");
        assert_eq!(choose(root.path(), None, &search).unwrap().program, Path::new("/bin/sh"));
    }

    #[test]
    fn a_shim_whose_local_version_is_missing_is_asked_again_elsewhere() {
        let (programs, search) = machine(&["real"]);
        let real = programs.path().join("real");
        let text = format!("#!/bin/sh\ntest -e .python-version && exit 1\necho '{}'\n", real.display());
        script(&programs.path().join("python3"), &text);
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join(".python-version"), "3.99").unwrap();
        assert_eq!(choose(root.path(), None, &search).unwrap().program, real);
    }

    #[test]
    fn a_machine_without_python_3_says_so() {
        let (programs, search) = machine(&[]);
        // Python 2 writes nothing for the question.
        script(&programs.path().join("python"), "#!/bin/sh\n");
        let root = tempfile::tempdir().unwrap();
        let problem = choose(root.path(), None, &search).unwrap_err();
        assert!(problem.message.to_string().contains("python3"));
    }

    #[test]
    fn the_interpreter_that_was_asked_for_wins() {
        let (programs, search) = machine(&["python3", "python3.11", "mine"]);
        let (_folder, root) = with_venv(&programs.path().join("python3.11"), "python3.11");
        for asked in [PathBuf::from("mine"), programs.path().join("mine")] {
            assert_eq!(choose(&root, Some(&asked), &search).unwrap().program, programs.path().join("mine"));
        }
        assert!(choose(&root, Some(Path::new("/nowhere/python")), &search).is_err());
    }
}
