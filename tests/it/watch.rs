//! `checker watch`: a person edits, the checker grades again.

use std::fs;
use std::io::Read;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::support::checker::command;
use crate::support::{fixture, runtimes};

/// How long anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(90);

/// A server that answers as the exercise asks, without a framework. `{NONE}` is what it answers without a cookie.
const PROGRAM: &str = r#"
import time
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, HTTPServer

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        jar = SimpleCookie(self.headers.get("Cookie", ""))
        open("visits.txt", "a").write("one more\n")
        self.send_response(200)
        if self.path == "/":
            self.send_header("Set-Cookie", 'time="%s"' % time.asctime())
        self.end_headers()
        self.wfile.write((jar["time"].value if "time" in jar else "{NONE}").encode())

HTTPServer(("127.0.0.1", 5000), Handler).serve_forever()
"#;

fn answering(none: &str) -> String {
    PROGRAM.replace("{NONE}", none)
}

/// A submission that somebody edits while the checker watches it.
struct Watched {
    folder: tempfile::TempDir,
    checker: Child,
    said: Receiver<String>,
    /// Everything that came, in the order in which it came.
    all: String,
}

impl Watched {
    /// Begins with this program and these options.
    fn start(program: &str, options: &[&str]) -> Self {
        Self::begin(program, options, |command, tell| {
            // One pipe for both, as with `2>&1`: what is said keeps its order.
            let (read, write) = std::io::pipe().unwrap();
            pass_on(read, tell);
            command.stdout(write.try_clone().unwrap()).stderr(write).spawn().unwrap()
        })
    }

    fn begin(
        program: &str,
        options: &[&str],
        spawn: impl FnOnce(&mut std::process::Command, Sender<String>) -> Child,
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("student")).unwrap();
        fs::write(folder.path().join("student/app.py"), program).unwrap();
        let mut arguments = vec!["watch", "student"];
        arguments.extend(options);
        let (tell, said) = mpsc::channel();
        let checker = spawn(command(arguments).current_dir(folder.path()), tell);
        Self { folder, checker, said, all: String::new() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("student").join(name)
    }

    fn save(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    /// Everything up to the moment when this is said.
    fn until(&mut self, text: &str) -> String {
        let (begin, end) = (self.all.len(), Instant::now() + PATIENCE);
        loop {
            if let Some(place) = self.all[begin..].find(text) {
                // What came with it in one piece belongs to what follows.
                let rest = self.all.split_off(begin + place + text.len());
                let part = self.all[begin..].to_owned();
                let (tell, said) = mpsc::channel();
                tell.send(rest).unwrap();
                let before = std::mem::replace(&mut self.said, said);
                std::thread::spawn(move || before.into_iter().try_for_each(|more| tell.send(more)));
                return part;
            }
            let more = self.said.recv_timeout(end.saturating_duration_since(Instant::now()));
            let more = more.unwrap_or_else(|error| panic!("{error}; `{text}` was not said in:\n{}", self.all));
            self.all.push_str(&more);
        }
    }

    fn signal(&mut self, signal: Signal) -> Option<i32> {
        kill(Pid::from_raw(self.checker.id().try_into().unwrap()), signal).unwrap();
        self.checker.wait().unwrap().code()
    }

    /// The processes of the machine that work in the student's folder.
    fn alive(&self) -> Vec<PathBuf> {
        let own = fs::canonicalize(self.folder.path()).unwrap().join("student");
        let processes = fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path());
        processes.filter(|process| fs::read_link(process.join("cwd")).is_ok_and(|cwd| cwd == own)).collect()
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        let _ = self.checker.kill();
        let _ = self.checker.wait();
    }
}

/// Sends what can be read, piece by piece, until there is no more.
fn pass_on(mut from: impl Read + Send + 'static, tell: Sender<String>) {
    std::thread::spawn(move || {
        let mut pending = Vec::new();
        let mut buffer = [0; 4096];
        while let Ok(count @ 1..) = from.read(&mut buffer) {
            pending.extend_from_slice(&buffer[..count]);
            let whole = std::str::from_utf8(&pending).map_or_else(|error| error.valid_up_to(), str::len);
            let text = String::from_utf8(pending.drain(..whole).collect()).unwrap();
            if tell.send(text).is_err() {
                return;
            }
        }
    });
}

const ONE_CHECK: [&str; 2] = ["--check", "missing-cookie"];
const IDLE: &str = "Ctrl-C ends\n";

#[test]
fn a_save_is_graded_again_and_says_what_changed() {
    let python = runtimes::python().to_str().unwrap();
    let listing = fs::read_to_string(fixture("submissions/lesson/listing2/app.py")).unwrap();
    let mut watched = Watched::start(&listing, &["--python", python]);
    let first = watched.until(IDLE);
    assert!(first.contains("failed: 7/10 points"), "{first}");
    watched.save("app.py", &listing.replace("return visit_time", "return str(visit_time)"));
    let second = watched.until(IDLE);
    insta::assert_snapshot!("watch_changes", second);
    watched.save("app.py", "def (:\n");
    let third = watched.until(IDLE);
    assert!(third.contains("invalid syntax") && third.contains("✔→✘ set-cookie"), "{third}");
    assert!(third.contains("✔→- missing-cookie"), "{third}");
}

#[test]
fn what_editors_and_tools_do_is_survived_and_only_saves_count() {
    let mut watched = Watched::start(&answering("None"), &ONE_CHECK);
    watched.until(IDLE);
    for litter in [".app.py.swp", "4913", "app.py~", "__pycache__/app.pyc", "node_modules/a.js", ".git/index"] {
        fs::create_dir_all(watched.path(litter).parent().unwrap()).unwrap();
        watched.save(litter, "x");
    }
    // As many editors save: written beside it, then renamed over it.
    watched.save("app.py.tmp", &answering("Nothing"));
    fs::rename(watched.path("app.py.tmp"), watched.path("app.py")).unwrap();
    let second = watched.until(IDLE);
    assert!(second.contains("──── `app.py` changed ────") && second.contains("✔→✘ missing-cookie"), "{second}");
    // The whole folder goes away and comes back, as when a branch is changed.
    let aside = watched.folder.path().join("aside");
    fs::rename(watched.path(""), &aside).unwrap();
    let gone = watched.until(IDLE);
    assert!(gone.contains("error: there is no `student`"), "{gone}");
    fs::write(aside.join("app.py"), answering("None")).unwrap();
    fs::rename(&aside, watched.path("")).unwrap();
    let back = watched.until(IDLE);
    assert!(back.contains("✘→✔ missing-cookie"), "{back}");
    // The new folder is watched like the old one.
    watched.save("app.py", &answering("none"));
    assert!(watched.until(IDLE).contains("✔→✘ missing-cookie"));
}

#[test]
fn a_save_during_a_run_ends_it_at_once() {
    for isolation in ["auto", "none"] {
        let hangs = "import time\nprint('here', flush=True)\ntime.sleep(600)\n";
        let options = ["--check", "missing-cookie", "--ready-timeout", "500s", "--run-timeout", "500s", "-v"];
        let mut watched = Watched::start(hangs, &[&options[..], &["--isolation", isolation]].concat());
        watched.until("started python3 app.py");
        watched.save("app.py", &answering("None"));
        let second = watched.until(IDLE);
        assert!(second.contains("passed: 5/5 points"), "{second}");
        assert_eq!(watched.alive(), Vec::<PathBuf>::new());
    }
}

#[test]
fn what_a_program_writes_beside_itself_is_no_save() {
    let mut watched = Watched::start(&answering("None"), &[&ONE_CHECK[..], &["--isolation", "none"]].concat());
    watched.until(IDLE);
    assert!(watched.path("visits.txt").exists(), "without isolation it writes there");
    watched.save("app.py", &answering("nothing"));
    let second = watched.until(IDLE);
    assert!(second.contains("──── `app.py` changed ────"), "one run, for the save alone: {second}");
    watched.save("visits.txt", "edited by hand");
    let third = watched.until(IDLE);
    assert!(third.contains("──── `visits.txt` changed ────"), "{third}");
}

#[test]
fn a_program_that_writes_its_own_source_is_not_graded_for_ever() {
    let program = format!("open(__file__, 'a').write('# again\\n')\n{}", answering("None"));
    let mut watched = Watched::start(&program, &[&ONE_CHECK[..], &["--isolation", "none"]].concat());
    // The first run and two more are disturbed by it, the fourth is not heard; then there is peace until a save.
    while watched.all.matches("`app.py` changed").count() < 3 {
        watched.until(IDLE);
    }
    watched.save("notes.txt", "x");
    assert_eq!(watched.until(" changed ────"), "\n──── `notes.txt` changed ────");
}

#[test]
fn the_exercise_file_is_watched_too_and_its_mistakes_are_shown() {
    let text = include_str!("../../fixtures/exercises/valid/least.toml");
    let folder = tempfile::tempdir().unwrap();
    let exercise = folder.path().join("exercise.toml");
    fs::write(&exercise, text).unwrap();
    let mut watched = Watched::start(&answering("None"), &["-e", exercise.to_str().unwrap()]);
    assert!(watched.until(IDLE).contains("passed: "));
    fs::write(&exercise, text.replace("steps =", "piont = 2, steps =")).unwrap();
    let wrong = watched.until(IDLE);
    assert!(wrong.contains("exercise.toml:") && wrong.contains("piont"), "{wrong}");
    fs::write(&exercise, text).unwrap();
    assert!(watched.until(IDLE).contains("no check changed since the last run"));
}

#[test]
fn a_checks_own_program_is_watched_with_its_exercise() {
    let text = include_str!("../../fixtures/exercises/valid/least.toml");
    let folder = tempfile::tempdir().unwrap();
    let exercise = folder.path().join("exercise.toml");
    fs::write(&exercise, text.replace(r#"steps = [{ get = "/" }]"#, r#"exec = ["sh", "probe.sh"]"#)).unwrap();
    fs::write(folder.path().join("probe.sh"), "exit 0\n").unwrap();
    let mut watched = Watched::start(&answering("None"), &["-e", exercise.to_str().unwrap()]);
    assert!(watched.until(IDLE).contains("passed: "));
    fs::write(folder.path().join("probe.sh"), "exit 1\n").unwrap();
    let second = watched.until(IDLE);
    assert!(second.contains("`probe.sh` changed") && second.contains("✔→✘ a"), "{second}");
}

#[test]
fn ctrl_c_ends_watching_with_130_and_leaves_nothing() {
    let mut idle = Watched::start(&answering("None"), &ONE_CHECK);
    idle.until(IDLE);
    assert_eq!(idle.signal(Signal::SIGINT), Some(130));
    let hangs = "import time\ntime.sleep(600)\n";
    for isolation in ["auto", "none"] {
        let mut busy = Watched::start(hangs, &["--ready-timeout", "500s", "-v", "--isolation", isolation]);
        busy.until("started python3 app.py");
        assert_eq!(busy.signal(Signal::SIGINT), Some(130));
        assert_eq!(busy.alive(), Vec::<PathBuf>::new());
    }
}

#[test]
fn a_terminal_is_cleared_and_drawn_anew() {
    let terminal = nix::pty::openpty(None, None).unwrap();
    let (master, slave): (OwnedFd, OwnedFd) = (terminal.master, terminal.slave);
    let mut watched = Watched::begin(&answering("None"), &ONE_CHECK, |command, tell| {
        let [stdout, stderr] = [slave.try_clone().unwrap(), slave];
        let checker = command.env("TERM", "xterm").stdin(Stdio::null()).stdout(stdout).stderr(stderr).spawn().unwrap();
        pass_on(fs::File::from(master), tell);
        checker
    });
    let ended = "Ctrl-C ends\r\n";
    let first = watched.until(ended);
    assert!(first.starts_with("\x1b[2J\x1b[H"), "{first:?}");
    assert!(first.contains("\x1b[1m\x1b[32m✔"), "{first:?}");
    watched.save("app.py", &answering("nothing"));
    let second = watched.until(ended);
    assert!(second.starts_with("`app.py` changed\r\n\x1b[2J\x1b[H"), "{second:?}");
    let drawn = second.split("\x1b[2J\x1b[H").nth(1).unwrap();
    assert!(drawn.contains("since the last run") && !drawn.contains("────"), "{drawn:?}");
}

#[test]
fn a_reader_that_goes_away_ends_watching() {
    let mut watched = Watched::begin(&answering("None"), &ONE_CHECK, |command, tell| {
        let (read, write) = std::io::pipe().unwrap();
        pass_on(read, tell);
        let mut checker = command.stdout(Stdio::piped()).stderr(write).spawn().unwrap();
        drop(checker.stdout.take());
        checker
    });
    watched.until(IDLE);
    assert_eq!(watched.checker.wait().unwrap().code(), Some(0));
}

#[test]
fn what_cannot_be_watched_is_refused_as_by_run() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |arguments: &[&str]| {
        let ran = crate::support::checker::run(command([&["watch"], arguments].concat()).current_dir(folder.path()));
        assert_eq!(ran.code, Some(2), "{}", ran.page());
        ran.stderr
    };
    assert_eq!(refused(&["nobody"]), "error: there is no `nobody`\n");
    assert!(refused(&[".", "-e", "cookie"]).contains("did you mean `cookies`"));
    assert!(refused(&[".", "--check", "set"]).contains("set-cookie"));
    assert!(!Path::new("nobody").exists());
}
