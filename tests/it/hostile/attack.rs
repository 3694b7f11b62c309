//! A hostile submission in a place of its own, and what a run of it must leave behind: nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::copies;
use crate::support::checker::{CHECKER, Ran, command, run};
use crate::support::{fixture, network, root};

/// How long a run may take on any machine; nothing that passes comes near.
const PATIENCE: Duration = Duration::from_secs(90);

/// How long what has been killed may take to be gone: shorter than any fixture stays by itself. That nothing is left
/// at the moment when the checker ends is asserted in `lifecycle.rs`.
const GRACE: Duration = Duration::from_secs(10);

/// The longest report that a hostile submission may cause, in bytes.
const LONGEST_REPORT: usize = 8 << 20;

/// A level of isolation that this machine offers.
#[derive(Debug)]
pub(super) struct Level {
    /// What reports of runs in a network of their own call it.
    pub(super) name: String,
    /// What reports of runs in the test's own network call it: a machine may offer less to one of them.
    name_in_the_tests_network: String,
    /// The arguments that ask for it.
    arguments: &'static [&'static str],
    machine: Machine,
    start: Start,
}

/// How a hostile program is started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Start {
    /// By `checker run`, executed.
    Executed,
    /// By `checker grade --warm`, as a copy of a process that has imported Flask.
    Copied,
}

/// The machine that a run finds.
#[derive(Clone, Copy, Debug)]
enum Machine {
    /// This one.
    Own,
    /// One that refuses namespaces, as containers do.
    WithoutNamespaces,
}

impl Machine {
    fn prepare(self, command: &mut Command) {
        if let Machine::WithoutNamespaces = self {
            network::refuse_namespaces(command);
        }
    }
}

impl Level {
    /// The level that these arguments lead to, found with a harmless submission.
    fn asked_for_by(arguments: &'static [&'static str], machine: Machine) -> Self {
        let harmless = root().join("fixtures/submissions/good/python-socket");
        let name = |mut command: Command| {
            command.arg("run").arg(&harmless).args(["-f", "json", "--python", python()]).args(arguments);
            machine.prepare(&mut command);
            let ran = run(&mut command);
            assert_eq!(ran.code, Some(0), "{}", ran.page());
            ran.report()["isolation"]["level"].as_str().unwrap().to_owned()
        };
        // Its port is fixed; by now nobody else takes it.
        let name_in_the_tests_network = name(in_the_tests_network());
        Self {
            name: name(command([] as [&str; 0])),
            name_in_the_tests_network,
            arguments,
            machine,
            start: Start::Executed,
        }
    }

    /// The same for programs that are started as copies.
    fn by_copies(&self) -> Self {
        let (name, other) = (self.name.clone(), self.name_in_the_tests_network.clone());
        Self { name, name_in_the_tests_network: other, start: Start::Copied, ..*self }
    }

    /// Whether programs are started as copies.
    pub(super) fn is_of_copies(&self) -> bool {
        self.start == Start::Copied
    }

    /// Whether everything is promised.
    pub(super) fn is_full(&self) -> bool {
        self.name == "full"
    }
}

/// The levels that exist here, each once: without isolation, with what is left on a machine that refuses namespaces,
/// with all that this machine has, and with all that for copies of a process outside.
pub(super) fn levels() -> &'static [Level] {
    static LEVELS: OnceLock<Vec<Level>> = OnceLock::new();
    LEVELS.get_or_init(|| {
        let mut levels = vec![
            Level::asked_for_by(&["--isolation", "none"], Machine::Own),
            Level::asked_for_by(&["--isolation", "auto"], Machine::WithoutNamespaces),
            Level::asked_for_by(&["--isolation", "auto"], Machine::Own),
        ];
        levels.dedup_by(|a, b| a.name == b.name && a.name_in_the_tests_network == b.name_in_the_tests_network);
        levels.extend(levels.iter().find(|level| level.is_full()).map(Level::by_copies));
        levels
    })
}

/// Does something at each level; what it says when it panics names the level.
pub(super) fn at_every_level(test: impl Fn(&'static Level)) {
    for level in levels() {
        eprintln!("at level `{}`, {:?}", level.name, level.start);
        test(level);
    }
}

/// Python itself, not a version manager's shim that looks for it at every start.
fn python() -> &'static str {
    static PYTHON: OnceLock<String> = OnceLock::new();
    PYTHON.get_or_init(|| {
        let output = Command::new("python3").args(["-c", "import sys; print(sys.executable)"]).output();
        let output = output.unwrap_or_else(|error| panic!("install python3: {error}"));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    })
}

/// The checker without a network of its own.
fn in_the_tests_network() -> Command {
    let mut command = Command::new(CHECKER);
    command.current_dir(root()).env("LC_ALL", "C.UTF-8").env_remove("NO_COLOR");
    command
}

/// A copy of a hostile submission, with things beside it that are none of its business.
pub(super) struct Attack {
    pub(super) level: &'static Level,
    place: tempfile::TempDir,
    pub(super) submission: PathBuf,
}

impl Attack {
    /// A copy of a fixture below `fixtures/submissions/hostile/`.
    pub(super) fn new(level: &'static Level, name: &str) -> Self {
        Self::of(level, &fixture("submissions/hostile").join(name), OsStr::new("submission"))
    }

    /// A copy of a submission under this name.
    pub(super) fn of(level: &'static Level, from: &Path, name: &OsStr) -> Self {
        let place = tempfile::Builder::new().prefix("hostile-").rand_bytes(12).tempdir().unwrap();
        for folder in ["answers", "home", "neighbour", "tmp", "reports"] {
            fs::create_dir(place.path().join(folder)).unwrap();
        }
        let submission = match level.start {
            Start::Executed => place.path().join(name),
            Start::Copied => place.path().join("cohort").join(name),
        };
        fs::create_dir_all(&submission).unwrap();
        for entry in fs::read_dir(from).unwrap().flatten().filter(|entry| entry.path().is_file()) {
            fs::copy(entry.path(), submission.join(entry.file_name())).unwrap();
        }
        if level.start == Start::Copied {
            copies::make_warm(&submission);
        }
        let attack = Self { level, place, submission };
        for secret in ["answers/secret.txt", "home/secret.txt", "neighbour/app.py"] {
            fs::write(attack.beside(secret), attack.secret()).unwrap();
        }
        attack
    }

    /// A path beside the submission.
    pub(super) fn beside(&self, path: &str) -> PathBuf {
        self.place.path().join(path)
    }

    /// Where the results of a cohort are written.
    fn results(&self) -> PathBuf {
        self.beside("reports/results")
    }

    /// A word that is in the path of everything here, and nowhere else on the machine.
    pub(super) fn marker(&self) -> &str {
        self.place.path().file_name().unwrap().to_str().unwrap()
    }

    /// What nobody but the owner of the place should read. The paths do not contain it.
    pub(super) fn secret(&self) -> String {
        format!("secret-of-{}", self.marker())
    }

    /// Tells the submission something, in a file beside its program.
    pub(super) fn tell(&self, file: &str, text: impl AsRef<[u8]>) {
        fs::write(self.submission.join(file), text).unwrap();
    }

    /// The command that grades it with `missing-cookie` and what that requires, in a network of its own.
    pub(super) fn command(&self, arguments: &[&str]) -> Command {
        self.prepared(command([] as [&str; 0]), arguments)
    }

    /// As [`Attack::command`], in the test's own network.
    pub(super) fn command_in_the_tests_network(&self, arguments: &[&str]) -> Command {
        self.prepared(in_the_tests_network(), arguments)
    }

    fn prepared(&self, mut command: Command, arguments: &[&str]) -> Command {
        match self.level.start {
            Start::Executed => command.arg("run").arg(&self.submission).args(["-f", "json"]),
            Start::Copied => command.args(copies::arguments(&self.submission, &self.results())),
        };
        command.args(["--python", python(), "--seed", "7", "--check", "missing-cookie"]);
        if !arguments.contains(&"--request-timeout") {
            command.args(["--request-timeout", "10s"]);
        }
        command.args(self.level.arguments).args(arguments);
        command.env("HOME", self.beside("home")).env("TMPDIR", self.beside("tmp"));
        command.env("TEST_TOKEN", self.secret());
        self.level.machine.prepare(&mut command);
        command
    }

    /// Grades it and asserts what holds whatever a submission does.
    pub(super) fn graded(&self, arguments: &[&str]) -> Graded {
        self.graded_by(self.command(arguments))
    }

    /// As [`Attack::graded`], with a command that [`Attack::command`] made.
    pub(super) fn graded_by(&self, command: Command) -> Graded {
        let before = self.files();
        let graded = self.graded_with_changes(command);
        let changed = changes(&before, &self.files());
        let is_own = |path: &Path| path.starts_with(&self.submission) && graded.level() != "full";
        let wrong: Vec<_> = changed.iter().filter(|path| !is_own(path)).take(9).collect();
        assert!(wrong.is_empty(), "files have changed at level {}: {wrong:?}", graded.level());
        graded
    }

    /// As [`Attack::graded_by`], whatever becomes of the files.
    pub(super) fn graded_with_changes(&self, command: Command) -> Graded {
        let mut ran = self.attempted(command);
        if self.level.start == Start::Copied {
            ran = copies::as_a_run(ran, &self.results());
            copies::assert_was_copied(&ran.report(), &self.submission);
        }
        let report = ran.report();
        assert_is_whole(&report, &ran);
        assert_eq!(fs::read_dir(self.beside("tmp")).unwrap().count(), 0, "the run's own folder is left");
        let graded = Graded { report, stdout: ran.stdout };
        let promised = [&self.level.name, &self.level.name_in_the_tests_network];
        let was_started = !graded.report["isolation"]["features"].as_array().unwrap().is_empty();
        let keeps = promised.contains(&&graded.level().to_owned());
        assert!(keeps || !was_started, "a submission lowers its level to {}", graded.level());
        graded
    }

    /// Runs the checker to its end, however it comes, and asserts that no process is left.
    pub(super) fn attempted(&self, mut command: Command) -> Ran {
        let (stdout, stderr) = (self.beside("stdout"), self.beside("stderr"));
        command.stdout(File::create(&stdout).unwrap()).stderr(File::create(&stderr).unwrap());
        let began = Instant::now();
        let code = within(PATIENCE, command.spawn().unwrap());
        eprintln!("  {} in {:?}", self.submission.display(), began.elapsed());
        let end = Instant::now() + GRACE;
        while !self.alive().is_empty() && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(5));
        }
        assert_eq!(self.alive(), BTreeSet::new(), "processes are left at level {}", self.level.name);
        let read = |path: PathBuf| String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned();
        Ran { code, stdout: read(stdout), stderr: read(stderr) }
    }

    /// What still runs and has to do with this place: by its folder, its arguments or its environment.
    fn alive(&self) -> BTreeSet<String> {
        let has_marker =
            |text: &[u8]| text.windows(self.marker().len()).any(|window| window == self.marker().as_bytes());
        let is_ours = |process: &Path| {
            let cwd = fs::read_link(process.join("cwd")).unwrap_or_default();
            let read = |name: &str| fs::read(process.join(name)).unwrap_or_default();
            has_marker(cwd.as_os_str().as_bytes()) || has_marker(&read("cmdline")) || has_marker(&read("environ"))
        };
        let processes = fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path());
        let ours = processes.filter(|process| is_ours(process));
        ours.map(|process| {
            let arguments = fs::read(process.join("cmdline")).unwrap_or_default();
            format!("{} {}", process.display(), String::from_utf8_lossy(&arguments).replace('\0', " "))
        })
        .collect()
    }

    /// Every file of the place with what is in it, but for what the checker is to write.
    fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut found = BTreeMap::new();
        let mut folders = vec![self.place.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).unwrap().flatten() {
                let (path, about) = (entry.path(), entry.file_type().unwrap());
                if ["stdout", "stderr", "reports"].iter().any(|own| path == self.beside(own)) {
                    continue;
                }
                match () {
                    () if about.is_dir() => folders.push(path),
                    () if about.is_file() => drop(found.insert(path.clone(), fs::read(path).unwrap())),
                    () => drop(found.insert(path, Vec::new())),
                }
            }
        }
        found
    }
}

/// The paths that are new, gone or different.
fn changes(before: &BTreeMap<PathBuf, Vec<u8>>, after: &BTreeMap<PathBuf, Vec<u8>>) -> BTreeSet<PathBuf> {
    let paths = before.keys().chain(after.keys());
    paths.filter(|path| before.get(*path) != after.get(*path)).cloned().collect()
}

/// The exit code of a process that must end within this time; `None` if a signal ended it.
fn within(time: Duration, mut child: Child) -> Option<i32> {
    let end = Instant::now() + time;
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        if Instant::now() >= end {
            child.kill().unwrap();
            child.wait().unwrap();
            panic!("the checker is not done after {time:?}");
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// What came of an attack.
pub(super) struct Graded {
    pub(super) report: Value,
    /// The report as it was printed.
    pub(super) stdout: String,
}

impl Graded {
    /// The level of isolation that held.
    pub(super) fn level(&self) -> &str {
        self.report["isolation"]["level"].as_str().unwrap()
    }

    pub(super) fn verdict(&self) -> &str {
        self.report["verdict"].as_str().unwrap()
    }

    pub(super) fn problem(&self) -> Option<&str> {
        self.report["problem"]["code"].as_str()
    }

    /// What the server wrote to its standard output.
    pub(super) fn said(&self) -> &str {
        self.report["server"]["stdout"].as_str().unwrap_or_default()
    }

    /// The last number on a line of the server's output that starts with these words.
    pub(super) fn number(&self, start: &str) -> u64 {
        let line = self.said().lines().rfind(|line| line.starts_with(start));
        let number = line.and_then(|line| line.rsplit(' ').next()?.parse().ok());
        number.unwrap_or_else(|| panic!("no line `{start} …` in {:?}", self.said()))
    }

    /// Every exchange, in the order of the checks.
    pub(super) fn exchanges(&self) -> Vec<&Value> {
        let checks = self.report["checks"].as_array().unwrap().iter();
        checks.flat_map(|check| check["exchanges"].as_array().unwrap()).collect()
    }

    /// The codes of the failures of all exchanges.
    pub(super) fn failures(&self) -> Vec<&str> {
        self.exchanges().iter().filter_map(|exchange| exchange["failure"]["code"].as_str()).collect()
    }
}

/// Asserts that a report is complete and agrees with itself and with the exit code.
fn assert_is_whole(report: &Value, ran: &Ran) {
    const KEYS: [&str; 14] = [
        "schema_version",
        "checker",
        "exercise",
        "submission",
        "verdict",
        "score",
        "counts",
        "problem",
        "checks",
        "server",
        "isolation",
        "seed",
        "started_at",
        "duration_ms",
    ];
    for key in KEYS {
        assert!(report.get(key).is_some(), "the report lacks `{key}`");
    }
    let code = match report["verdict"].as_str() {
        Some("passed") => 0,
        Some("failed") => 1,
        Some("error") => 3,
        other => panic!("verdict {other:?}"),
    };
    assert_eq!(ran.code, Some(code), "the exit code is the verdict's: {}", report["problem"]);
    assert_eq!(code == 3, report["score"]["earned"].is_null(), "points where there was a grading: {}", report["score"]);
    assert!(ran.stdout.len() < LONGEST_REPORT, "a report of {} bytes", ran.stdout.len());
    assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
    let wild: Vec<_> = ran.stderr.chars().filter(|c| c.is_control() && *c != '\n').collect();
    assert!(wild.is_empty(), "{wild:?} on standard error");
}

/// Runs the checker on any path with a level's arguments, as people read it.
pub(super) fn page(level: &Level, path: &Path, arguments: &[&str]) -> Ran {
    let mut all: Vec<OsString> = vec!["run".into(), path.into(), "--python".into(), python().into()];
    all.extend(level.arguments.iter().chain(arguments).map(OsString::from));
    let mut command = command(all);
    level.machine.prepare(&mut command);
    run(&mut command)
}
