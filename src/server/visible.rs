//! What a submission's programs see of the file system: an allow-list, made for each command.
//!
//! The system's own programs and libraries are there always. Beside them: the submission, the run's own folder, and the
//! runtime that the command needs, wherever it is installed; found by following the command's own path, never by
//! listing folders of people.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Component, Path, PathBuf};
use std::{env, fs};

use super::Scratch;
use crate::sandbox::{Form, Place};
use crate::submission::{Given, Kind, Program, Submission};

/// What a command is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To set up or build: what it makes is there for the commands after it.
    Build,
    /// To be graded: what it writes is gone with it.
    Serve,
}

/// Where the system's programs and libraries are; they are visible without being named.
const SYSTEM: [&str; 8] = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix"];

/// The programs that scripts and build tools start by name.
const RUNTIMES: [&str; 20] = [
    "python3", "python", "pip", "flask", "uvicorn", "gunicorn", "node", "npm", "npx", "ruby", "rackup", "perl", "php",
    "java", "javac", "go", "cargo", "rustc", "gcc", "make",
];

/// The places that a command of a submission sees.
#[must_use]
pub fn places(
    submission: &Submission,
    scratch: &Scratch,
    program: &Program,
    environment: &[(OsString, OsString)],
    purpose: Purpose,
) -> Vec<Place> {
    let mut view = View::new(submission, scratch);
    view.submission(purpose);
    view.scratch(purpose);
    if let Some(first) = program.argv.first() {
        view.program(&program.cwd.join(first));
    }
    if starts_others(submission.kind) || purpose == Purpose::Build {
        view.programs_by_name(environment);
    }
    if !submission.kind.is_python() {
        view.packages_above();
    }
    if purpose == Purpose::Build {
        view.toolchains(environment);
    }
    view.places
}

/// The same places where there is no file system of one's own to show them in: what is the run's may be changed, and
/// nothing else.
#[must_use]
pub fn places_in_sight(places: Vec<Place>, scratch: &Scratch) -> Vec<Place> {
    let run = scratch.run();
    let seen = places.into_iter().filter_map(|place| match place.form {
        _ if place.path.starts_with(&run) => Some(Place { form: Form::Shared, ..place }),
        Form::Fixed | Form::Layered { .. } | Form::Throwaway { .. } => Some(Place { form: Form::Fixed, ..place }),
        // There is nothing of the original in it.
        Form::Empty | Form::Begun { .. } | Form::Shared | Form::Copied => None,
    });
    seen.collect()
}

/// Whether programs of this kind start others by name.
fn starts_others(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Script | Kind::Procfile | Kind::Command | Kind::Make | Kind::Executable | Kind::Node | Kind::Express
    )
}

/// The list, growing.
struct View<'v> {
    submission: &'v Submission,
    scratch: &'v Scratch,
    home: Option<PathBuf>,
    places: Vec<Place>,
    known: HashSet<PathBuf>,
}

impl<'v> View<'v> {
    fn new(submission: &'v Submission, scratch: &'v Scratch) -> View<'v> {
        let home = env::var_os("HOME").map(PathBuf::from).filter(|home| home.is_absolute());
        View { submission, scratch, home, places: Vec::new(), known: HashSet::new() }
    }

    fn add(&mut self, path: impl AsRef<Path>, form: Form) {
        let path = path.as_ref();
        if self.known.insert(path.to_owned()) {
            self.places.push(Place::new(path, form));
        }
    }

    fn submission(&mut self, purpose: Purpose) {
        let Submission { top, root, entry, given, kind, .. } = self.submission;
        if *given == Given::Folder {
            let form = match purpose {
                Purpose::Build => Form::Layered { layer: self.scratch.layer_to_fill("submission") },
                Purpose::Serve => Form::Throwaway { layer: Some(self.scratch.layer("submission")) },
            };
            return self.add(top, form);
        }
        // What lies beside a file that was handed in alone is none of its business; what is made for it is.
        let form = match purpose {
            Purpose::Build => Form::Begun { layer: self.scratch.layer_to_fill("submission"), keeps: true },
            Purpose::Serve => Form::Begun { layer: self.scratch.layer("submission"), keeps: false },
        };
        self.add(root, form);
        if let Some(entry) = entry {
            let form = if *kind == Kind::Reference { Form::Fixed } else { Form::Copied };
            self.add(root.join(entry), form);
        }
    }

    fn scratch(&mut self, purpose: Purpose) {
        let form = match purpose {
            Purpose::Build => Form::Shared,
            Purpose::Serve => Form::Throwaway { layer: None },
        };
        self.add(self.scratch.run(), form);
    }

    /// A program, and the runtime that it is part of.
    fn program(&mut self, path: &Path) {
        if self.is_seen(path) && path.canonicalize().is_ok_and(|real| self.is_seen(&real)) {
            return;
        }
        self.environment_of_python(path);
        let Some(real) = self.links_on_the_way(path) else { return };
        self.environment_of_python(&real);
        let prefix = real.parent().filter(|folder| folder.ends_with("bin")).and_then(Path::parent);
        match prefix.filter(|prefix| self.is_a_runtime(prefix)) {
            Some(prefix) => self.add_seen(prefix.to_owned()),
            None => self.add_seen(real),
        }
    }

    /// A virtual environment has its packages beside its `bin`, and names the interpreter that it was made from.
    fn environment_of_python(&mut self, path: &Path) {
        let Some(folder) = path.parent().and_then(Path::parent) else { return };
        let Ok(about) = fs::read_to_string(folder.join("pyvenv.cfg")) else { return };
        if self.is_broad(folder) {
            return;
        }
        self.links_on_the_way(folder);
        self.add_seen(folder.to_owned());
        let home = about.lines().find_map(|line| line.split_once('=').filter(|(key, _)| key.trim() == "home"));
        if let Some((_, home)) = home {
            let base = Path::new(home.trim()).join("python3");
            if !base.starts_with(folder) && base.exists() {
                self.program(&base);
            }
        }
    }

    /// Programs that others start by their names.
    fn programs_by_name(&mut self, environment: &[(OsString, OsString)]) {
        let path = value(environment, "PATH").unwrap_or_default();
        for folder in env::split_paths(path).filter(|folder| folder.is_absolute()) {
            if self.is_seen(&folder) {
                continue;
            }
            // A version manager's shims are scripts that need their manager.
            let manager = folder.parent().filter(|_| folder.ends_with("shims"));
            if let Some(manager) =
                manager.filter(|manager| manager.join("versions").is_dir() && !self.is_broad(manager))
            {
                self.add_seen(manager.to_owned());
                continue;
            }
            for name in RUNTIMES.map(|name| folder.join(name)) {
                if name.is_file() {
                    self.program(&name);
                }
            }
        }
    }

    /// Node's packages in the folders above the submission, where the machine's owner has put them for all.
    fn packages_above(&mut self) {
        for folder in self.submission.top.ancestors().skip(1) {
            let packages = folder.join("node_modules");
            if packages.is_dir()
                && let Some(real) = self.links_on_the_way(&packages)
            {
                self.add_seen(real);
            }
        }
    }

    /// The compilers' own folders and caches. What is written there stays in this run.
    fn toolchains(&mut self, environment: &[(OsString, OsString)]) {
        for (number, name) in ["GOPATH", "GOMODCACHE", "GOCACHE"].into_iter().enumerate() {
            if let Some(folder) = folder_of(environment, name).filter(|folder| !self.is_broad(folder)) {
                let layer = self.scratch.layer_to_fill(&format!("cache-{number}"));
                self.add(folder, Form::Layered { layer });
            }
        }
        for name in ["RUSTUP_HOME", "JAVA_HOME"] {
            if let Some(folder) = folder_of(environment, name).filter(|folder| !self.is_broad(folder)) {
                self.add_seen(folder);
            }
        }
        // Not the whole of it: Cargo's folder holds its user's secrets too.
        let Some(cargo) = folder_of(environment, "CARGO_HOME").filter(|folder| !self.is_broad(folder)) else { return };
        self.add(&cargo, Form::Empty);
        for name in ["registry", "git"].map(|name| cargo.join(name)) {
            if name.is_dir() {
                let layer =
                    self.scratch.layer_to_fill(&format!("cargo-{}", name.file_name().unwrap_or_default().display()));
                self.add(name, Form::Layered { layer });
            }
        }
        for name in ["bin", "env", "config", "config.toml"].map(|name| cargo.join(name)) {
            self.add(name, Form::Fixed);
        }
    }

    /// Makes every link that a path goes through visible, and gives where it leads in the end.
    fn links_on_the_way(&mut self, path: &Path) -> Option<PathBuf> {
        let mut path = path.to_owned();
        // As many as the kernel follows (path_resolution(7)).
        for _ in 0..40 {
            let Some((link, rest)) = first_link(&path) else { return path.exists().then_some(path) };
            if !self.is_seen(&link) {
                self.add(&link, Form::Fixed);
            }
            let target = fs::read_link(&link).ok()?;
            path = plain(&link.parent()?.join(target).join(rest));
        }
        None
    }

    /// Adds what is not visible already.
    fn add_seen(&mut self, path: PathBuf) {
        if !self.is_seen(&path) {
            self.add(path, Form::Fixed);
        }
    }

    /// Whether a path lies in what is visible already.
    fn is_seen(&self, path: &Path) -> bool {
        let given = (self.submission.given == Given::Folder).then_some(&self.submission.top);
        let own = [self.scratch.run()];
        let system = SYSTEM.iter().map(Path::new);
        let fixed = self.places.iter().filter(|place| place.form == Form::Fixed).map(|place| place.path.as_path());
        let mut seen = system.chain(given.map(PathBuf::as_path)).chain(own.iter().map(PathBuf::as_path)).chain(fixed);
        seen.any(|folder| path.starts_with(folder))
    }

    /// Whether a folder looks like that of an installed program, not like one that a person works in.
    fn is_a_runtime(&self, prefix: &Path) -> bool {
        let has = |name: &&str| prefix.join(name).is_dir();
        // Where users install programs of all kinds for themselves.
        let is_shared = prefix.ends_with(".local") || prefix.ends_with(".cargo");
        !is_shared && !self.is_broad(prefix) && ["lib", "lib64", "libexec", "pkg"].iter().any(has)
    }

    /// Whether a folder holds more than one program: the root, somebody's home, what lies above the submission.
    fn is_broad(&self, folder: &Path) -> bool {
        let above = |path: &Path| path.starts_with(folder);
        above(&self.submission.top) || above(&self.scratch.run()) || self.home.as_deref().is_some_and(above)
    }
}

/// Whether every user of this machine can get to a program and execute it.
#[must_use]
pub fn is_open_to_all(program: &Path) -> bool {
    let Ok(real) = program.canonicalize() else { return false };
    let open = |path: &Path| path.metadata().is_ok_and(|about| about.mode() & 0o1 != 0);
    real.ancestors().all(open) && program.ancestors().all(open)
}

/// The first part of a path that is a link, and what comes after it.
fn first_link(path: &Path) -> Option<(PathBuf, PathBuf)> {
    let mut at = PathBuf::new();
    let mut rest = path.components();
    while let Some(component) = rest.next() {
        at.push(component);
        if at.is_symlink() {
            return Some((at, rest.as_path().to_owned()));
        }
    }
    None
}

/// A path without `.` and `..`; what comes before a `..` here is no link.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => drop(plain.pop()),
            Component::CurDir => {}
            other => plain.push(other),
        }
    }
    plain
}

fn value<'e>(environment: &'e [(OsString, OsString)], name: &str) -> Option<&'e OsStr> {
    environment.iter().find(|(there, _)| there == name).map(|(_, value)| value.as_os_str())
}

/// The folder that a variable names, if there is such a folder.
fn folder_of(environment: &[(OsString, OsString)], name: &str) -> Option<PathBuf> {
    let folder = env::split_paths(value(environment, name)?).next()?;
    (folder.is_absolute() && folder.is_dir()).then_some(folder)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    /// A machine in a folder: a submission and a home with runtimes.
    struct Machine {
        folder: tempfile::TempDir,
        submission: Submission,
        scratch: Scratch,
    }

    impl Machine {
        fn new(given: Given) -> Machine {
            let folder = tempfile::tempdir().unwrap();
            let base = folder.path().canonicalize().unwrap();
            let top = base.join("submissions/ada");
            fs::create_dir_all(&top).unwrap();
            fs::write(top.join("app.py"), "").unwrap();
            let submission = Submission {
                shown: "ada".to_owned(),
                root: top.clone(),
                top,
                entry: Some("app.py".into()),
                given,
                kind: Kind::Flask,
                digest: String::new(),
            };
            Machine { folder, submission, scratch: Scratch::new().unwrap() }
        }

        fn path(&self, name: &str) -> PathBuf {
            self.folder.path().canonicalize().unwrap().join(name)
        }

        fn file(&self, name: &str) -> PathBuf {
            let path = self.path(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, "").unwrap();
            path
        }

        /// The places for a program, without those of the submission and the run, relative to the machine.
        fn check(&self, program: &Path, expect: &[&str]) {
            let program = Program::new(&self.submission.root, program, "x");
            let places = places(&self.submission, &self.scratch, &program, &[], Purpose::Serve);
            let base = self.path("");
            let named = places.iter().filter(|place| place.form == Form::Fixed);
            let mut names: Vec<_> =
                named.map(|place| place.path.strip_prefix(&base).unwrap().to_str().unwrap().to_owned()).collect();
            names.sort();
            assert_eq!(names, expect);
        }
    }

    #[test]
    fn a_system_program_needs_nothing_more() {
        Machine::new(Given::Folder).check(Path::new("/usr/bin/env"), &[]);
    }

    #[test]
    fn a_version_managers_interpreter_brings_its_own_version_alone() {
        let machine = Machine::new(Given::Folder);
        let program = machine.file("home/.pyenv/versions/3.11/bin/python3.11");
        machine.file("home/.pyenv/versions/3.11/lib/os.py");
        machine.file("home/.pyenv/versions/3.12/bin/python3.12");
        machine.check(&program, &["home/.pyenv/versions/3.11"]);
        let link = machine.path("home/.pyenv/versions/3.11/bin/python3");
        symlink("python3.11", &link).unwrap();
        machine.check(&link, &["home/.pyenv/versions/3.11", "home/.pyenv/versions/3.11/bin/python3"]);
    }

    #[test]
    fn a_virtual_environment_brings_the_interpreter_that_it_was_made_from() {
        let machine = Machine::new(Given::Folder);
        let base = machine.file("opt/python/bin/python3");
        machine.file("opt/python/lib/os.py");
        machine.file("course/.venv/lib/flask.py");
        fs::create_dir_all(machine.path("course/.venv/bin")).unwrap();
        symlink(&base, machine.path("course/.venv/bin/python")).unwrap();
        let about = format!("home = {}\n", base.parent().unwrap().display());
        fs::write(machine.path("course/.venv/pyvenv.cfg"), about).unwrap();
        machine.file("course/answers.txt");
        machine.check(&machine.path("course/.venv/bin/python"), &["course/.venv", "opt/python"]);
    }

    #[test]
    fn links_of_folders_lead_where_they_lead_outside() {
        let machine = Machine::new(Given::Folder);
        machine.file("nvm/v20/bin/node");
        machine.file("nvm/v20/lib/node_modules/npm/x.js");
        symlink("v20", machine.path("nvm/current")).unwrap();
        machine.check(&machine.path("nvm/current/bin/node"), &["nvm/current", "nvm/v20"]);
    }

    #[test]
    fn a_program_among_a_persons_files_brings_itself_alone() {
        let machine = Machine::new(Given::Folder);
        // Above the submission: showing that folder would show the other submissions.
        let program = machine.file("bin/python3");
        machine.file("lib/x");
        machine.check(&program, &["bin/python3"]);
        // A folder of a course with its own tools is not a runtime.
        let program = machine.file("course/bin/serve");
        machine.file("course/answers/solution.py");
        machine.check(&program, &["course/bin/serve"]);
    }

    #[test]
    fn a_file_alone_is_seen_without_its_neighbours() {
        let machine = Machine::new(Given::File);
        let program = Program::new(&machine.submission.root, "/usr/bin/env", "env");
        let places = places(&machine.submission, &machine.scratch, &program, &[], Purpose::Serve);
        let root = &machine.submission.root;
        let layer = machine.scratch.layer("submission");
        assert_eq!(places[0], Place::new(root, Form::Begun { layer, keeps: false }));
        assert_eq!(places[1], Place::new(root.join("app.py"), Form::Copied));
    }

    #[test]
    fn cargos_secrets_are_not_among_what_a_build_sees() {
        let machine = Machine::new(Given::Folder);
        machine.file("home/.cargo/credentials.toml");
        machine.file("home/.cargo/registry/x");
        let environment = [("CARGO_HOME".into(), machine.path("home/.cargo").into())];
        let program = Program::new(&machine.submission.root, "/usr/bin/env", "env");
        let places = places(&machine.submission, &machine.scratch, &program, &environment, Purpose::Build);
        let form = |name: &str| places.iter().find(|place| place.path == machine.path(name)).map(|place| &place.form);
        assert_eq!(form("home/.cargo"), Some(&Form::Empty));
        assert!(matches!(form("home/.cargo/registry"), Some(Form::Layered { .. })));
        assert_eq!(form("home/.cargo/credentials.toml"), None);
    }
}
