//! What isolation gives besides protection: ports of one's own, an original that stays as it was, turns where there
//! is one network for all; and what is said where a machine has less.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::support::checker::{CHECKER, Ran, command, run};
use crate::support::{fixture, network, root, runtimes};

/// A copy of a fixture, in a folder that is removed at the end.
struct Copy {
    folder: tempfile::TempDir,
}

impl Copy {
    fn of(name: &str) -> Self {
        let copy = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(copy.path()).unwrap();
        for entry in fs::read_dir(fixture(&format!("submissions/{name}"))).unwrap().flatten() {
            fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
        }
        copy
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("student")
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(self.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

/// What a machine does to a command, and the level of isolation that it grants.
type Machine = (fn(&mut Command) -> &mut Command, &'static str);

const MACHINES: [Machine; 2] = [(|command| command, "full"), (network::refuse_namespaces, "partial")];

/// The checker in this test's own network, where every run that does not isolate itself meets every other.
fn in_this_network(path: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(CHECKER);
    command.arg("run").arg(path).args(["-f", "json", "--python"]).arg(runtimes::python()).args(arguments);
    command.current_dir(root()).env("LC_ALL", "C.UTF-8").stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn finished(child: Child) -> Value {
    let ran: Ran = child.wait_with_output().unwrap().into();
    ran.report()
}

/// Runs so many correct servers on port 5000 at the same time, in one network, and gives their reports.
fn at_once(count: usize, prepare: impl Fn(&mut Command)) -> Vec<Value> {
    let copy = Copy::of("good/flask-debug");
    let program = fs::read_to_string(copy.path().join("app.py")).unwrap();
    assert!(!program.contains("port="), "it takes port 5000");
    let start = |_| {
        let mut command = in_this_network(&copy.path(), &["--check", "missing-cookie", "--request-timeout", "30s"]);
        prepare(command.args(["--ready-timeout", "60s"]));
        command.spawn().unwrap()
    };
    let children: Vec<_> = (0..count).map(start).collect();
    children.into_iter().map(finished).collect()
}

#[test]
fn many_servers_have_port_5000_at_the_same_time() {
    for report in at_once(24, |_| {}) {
        assert_eq!((&report["verdict"], &report["isolation"]["level"]), (&"passed".into(), &"full".into()), "{report}");
        assert_eq!(report["server"]["address"], "127.0.0.1:5000");
    }
}

#[test]
fn where_there_is_one_network_servers_take_turns() {
    let refused = |command: &mut Command| {
        network::own(command);
        network::refuse_namespaces(command);
    };
    // All in one network of their own, so that no other test is in the way: a shell starts them.
    let copy = Copy::of("good/flask-debug");
    let mut shell = Command::new("sh");
    let script = "for i in 1 2 3 4; do \"$@\" >\"$OUT/$i.json\" 2>\"$OUT/$i.err\" & done; wait";
    shell.args(["-c", script, "sh", CHECKER, "run"]).arg(copy.path()).args(["-f", "json", "--python"]);
    shell.arg(runtimes::python()).args(["--check", "missing-cookie"]).env("OUT", copy.folder.path());
    refused(&mut shell);
    assert!(shell.status().unwrap().success());
    for number in 1..=4 {
        let text = fs::read_to_string(copy.folder.path().join(format!("{number}.json"))).unwrap();
        let report: Value = serde_json::from_str(&text).unwrap();
        let level = (&report["verdict"], &report["isolation"]["level"]);
        assert_eq!(level, (&"passed".into(), &"partial".into()), "{}", report["problem"]);
        assert_eq!(report["server"]["address"], "127.0.0.1:5000");
    }
}

#[test]
fn a_program_writes_beside_itself_and_the_original_stays_as_it_was() {
    for (prepare, level) in MACHINES {
        let copy = Copy::of("good/python-socket");
        let program = fs::read_to_string(copy.path().join("main.py")).unwrap();
        let writes = "import os, sqlite3\nopen('server.log', 'a').write('started')\n\
            sqlite3.connect('visits.db').execute('create table if not exists visits (time)')\n\
            open('kept.txt', 'a').write('more')\nos.mkdir('uploads')\n";
        fs::write(copy.path().join("main.py"), format!("{writes}{program}")).unwrap();
        fs::write(copy.path().join("kept.txt"), "as it was").unwrap();
        // Nobody but its owner may read or change it.
        fs::set_permissions(copy.path().join("kept.txt"), fs::Permissions::from_mode(0o600)).unwrap();
        let path = copy.path();
        let mut command = command(["run", path.to_str().unwrap(), "-f", "json", "--check", "missing-cookie"]);
        let report = run(prepare(&mut command)).report();
        assert_eq!((&report["verdict"], &report["isolation"]["level"]), (&"passed".into(), &level.into()), "{report}");
        assert_eq!(copy.names(), ["kept.txt", "main.py"]);
        assert_eq!(fs::read_to_string(copy.path().join("kept.txt")).unwrap(), "as it was");
    }
}

#[test]
fn what_a_setup_command_makes_is_there_for_the_server_and_nowhere_else() {
    let copy = Copy::of("good/python-socket");
    let program = fs::read_to_string(copy.path().join("main.py")).unwrap();
    let needs = "import helper\nassert open('data/rows.txt').read() == 'rows'\nassert not __import__('os').path.exists('old')\n";
    fs::write(copy.path().join("main.py"), format!("{needs}{program}")).unwrap();
    fs::write(copy.path().join("old"), "").unwrap();
    let setup = "mkdir data; printf rows >data/rows.txt; echo x=1 >helper.py; rm old";
    let path = copy.path();
    let arguments = ["run", path.to_str().unwrap(), "-f", "json", "--check", "missing-cookie", "--setup", setup];
    let report = run(&mut command(arguments)).report();
    assert_eq!((&report["verdict"], &report["isolation"]["level"]), (&"passed".into(), &"full".into()), "{report}");
    assert_eq!(copy.names(), ["main.py", "old"]);
}

#[test]
fn what_a_setup_command_makes_beside_a_single_file_is_there_for_it() {
    for (prepare, level) in MACHINES {
        let copy = Copy::of("good/python-socket");
        let program = fs::read_to_string(copy.path().join("main.py")).unwrap();
        let needs = "import helper, os\nchanged = 0\nassert changed and 'neighbour' not in os.listdir('.')\n";
        fs::write(copy.path().join("main.py"), format!("{needs}{program}")).unwrap();
        fs::write(copy.path().join("neighbour"), "").unwrap();
        // It may change the file, too.
        let setup = "echo >helper.py; sed -i 's/^changed = 0/changed = 1/' main.py";
        let file = copy.path().join("main.py");
        let arguments = ["run", file.to_str().unwrap(), "-f", "json", "--check", "missing-cookie", "--setup", setup];
        let mut command = command(arguments);
        let report = run(prepare(&mut command)).report();
        assert_eq!((&report["verdict"], &report["isolation"]["level"]), (&"passed".into(), &level.into()), "{report}");
        assert_eq!(copy.names(), ["main.py", "neighbour"]);
    }
}

#[test]
fn programs_are_built_where_namespaces_are_refused() {
    // As root, compilers of a toolchain in root's own home: nobody else could start them.
    let names = ["rust-std", "go-module", "java-main", "c-make", "run-sh", "node-http", "flask-templates"];
    crate::support::for_each(&names, |name| {
        let path = fixture("submissions/good").join(name);
        let arguments = ["run", path.to_str().unwrap(), "-f", "json", "--check", "missing-cookie", "--python"];
        let mut command = command(arguments.into_iter().map(std::ffi::OsStr::new).chain([runtimes::python().as_ref()]));
        let report = run(network::refuse_namespaces(&mut command)).report();
        let found = (report["verdict"].as_str(), report["isolation"]["level"].as_str());
        if found == (Some("passed"), Some("partial")) { Ok(()) } else { Err(report.to_string()) }
    });
}

#[test]
fn strict_refuses_a_machine_that_has_less() {
    let path = Path::new("fixtures/submissions/good/python-socket");
    let mut command = command(["run", path.to_str().unwrap(), "--isolation", "strict"]);
    let ran = run(network::refuse_namespaces(&mut command));
    insta::assert_snapshot!("strict_refused", ran.page());
    let mut command = self::command(["run", path.to_str().unwrap(), "--isolation", "strict", "--lang", "zh"]);
    insta::assert_snapshot!("strict_refused_zh", run(network::refuse_namespaces(&mut command)).page());
}

#[test]
fn what_is_lost_is_said_once_with_what_would_mend_it() {
    let path = Path::new("fixtures/submissions/good/python-socket");
    let mut command = command(["run", path.to_str().unwrap(), "-q"]);
    insta::assert_snapshot!("reduced", run(network::refuse_namespaces(&mut command)).page());
}

#[test]
fn the_doctor_finds_what_a_machine_refuses() {
    let mut command = command(["doctor", "-f", "json"]);
    let found = run(network::refuse_namespaces(&mut command));
    assert_eq!(found.code, Some(0), "{}", found.page());
    let found = found.report();
    let levels = found["isolation"].as_array().unwrap();
    assert_eq!((&levels[0]["level"], &levels[0]["offered"]), (&"full".into(), &false.into()));
    assert_eq!(levels[0]["reason"], "clone with namespaces: EPERM: Operation not permitted");
    assert!(levels[0]["remedy"].as_str().unwrap().contains("seccomp=unconfined"), "{}", levels[0]);
    assert_eq!((&levels[1]["level"], &levels[1]["offered"]), (&"partial".into(), &true.into()), "{}", levels[1]);
    let runtimes = found["runtimes"].as_array().unwrap();
    let python = runtimes.iter().find(|runtime| runtime["name"] == "python3").unwrap();
    assert!(python["version"].as_str().unwrap().starts_with("3."), "{python}");
    let people = run(&mut self::command(["doctor"]));
    assert!(people.stdout.contains("✔ full") && people.stdout.contains("python3"), "{}", people.page());
}

/// A user who owns nothing here, for tests that root runs.
const USER: u32 = 12_345;

/// A copy of the checker and of a correct submission that another user can run.
struct OfAnotherUser {
    place: tempfile::TempDir,
    home: PathBuf,
    submission: PathBuf,
}

impl OfAnotherUser {
    fn new() -> Self {
        let place = tempfile::tempdir().unwrap();
        fs::set_permissions(place.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let home = place.path().join("home");
        let submission = home.join("student");
        fs::create_dir_all(&submission).unwrap();
        fs::copy(fixture("submissions/good/python-socket").join("main.py"), submission.join("main.py")).unwrap();
        // Not by this process: a child that another test forks meanwhile would hold the copy open for writing.
        assert!(Command::new("cp").arg(CHECKER).arg(place.path()).status().unwrap().success());
        for path in [&home, &submission, &submission.join("main.py")] {
            chown(path, Some(USER), Some(USER)).unwrap();
        }
        Self { place, home, submission }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.place.path().join("checker"));
        command.arg("run").arg(&self.submission).args(["-f", "json"]).args(arguments);
        command.env_clear().env("HOME", &self.home).env("PATH", "/usr/bin:/bin").current_dir("/").uid(USER).gid(USER);
        command
    }
}

/// A home that nobody else may enter, with an interpreter that was installed there.
#[test]
fn an_ordinary_user_is_isolated_with_what_is_in_a_closed_home() {
    if !nix::unistd::geteuid().is_root() {
        // Then every other test runs as an ordinary user.
        return;
    }
    let other = OfAnotherUser::new();
    let venv = other.home.join(".venv");
    let made = Command::new("/usr/bin/python3").args(["-m", "venv", "--without-pip"]).arg(&venv).status();
    assert!(made.unwrap().success(), "install python3 with its venv module");
    fs::set_permissions(&other.home, fs::Permissions::from_mode(0o700)).unwrap();
    let python = venv.join("bin/python");
    let report = run(&mut other.command(&["--isolation", "strict", "--python", python.to_str().unwrap()])).report();
    assert_eq!((&report["verdict"], &report["isolation"]["level"]), (&"passed".into(), &"full".into()), "{report}");
    // Control groups are the machine's to delegate.
    let missing = report["isolation"]["missing"].as_array().unwrap();
    assert!(missing.iter().all(|missing| missing.as_str().unwrap().starts_with("cgroup_limits")), "{missing:?}");
}

#[test]
fn a_submission_of_the_same_user_cannot_look_into_the_checker() {
    if !nix::unistd::geteuid().is_root() {
        // Only root can be somebody who is not root; and root may look into everything.
        return;
    }
    let other = OfAnotherUser::new();
    let probe = "import os\nfor name in ('environ', 'mem', 'maps'):\n    try:\n        \
        open(f'/proc/{os.getppid()}/{name}', 'rb').read(1)\n        print('supervisor opened', flush=True)\n    \
        except OSError:\n        pass\n    \
        try:\n        above = open(f'/proc/{os.getppid()}/status').read().split('PPid:')[1].split()[0]\n        \
        open(f'/proc/{above}/{name}', 'rb').read(1)\n        print('checker opened', flush=True)\n    \
        except OSError:\n        print('closed', flush=True)\n";
    let program = fs::read_to_string(other.submission.join("main.py")).unwrap();
    fs::write(other.submission.join("main.py"), format!("{probe}{program}")).unwrap();
    let report = run(&mut other.command(&["--isolation", "none", "--check", "missing-cookie"])).report();
    assert_eq!(report["verdict"], "passed", "{report}");
    assert_eq!(report["server"]["stdout"], "closed\nclosed\nclosed\n");
}

#[test]
fn what_the_file_system_was_built_with_is_gone() {
    let copy = Copy::of("good/flask-debug");
    let looking = "import os\nprint(sorted(name for name in os.listdir('/') if name.startswith('.')))\n\
                   print([line.split()[4] for line in open('/proc/self/mountinfo') if line.split()[4][:2] == '/.'])\n";
    fs::write(copy.path().join("look.py"), looking).unwrap();
    let ran = command(["run"]).arg(copy.path()).args(["-f", "json", "--command", "python3 look.py"]).output();
    let report = Ran::from(ran.unwrap()).report();
    assert_eq!(report["isolation"]["level"], "full");
    assert_eq!(report["server"]["stdout"], "[]\n[]\n");
}
