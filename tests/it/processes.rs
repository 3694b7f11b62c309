//! Programs of every behaviour, started and ended for real.

use std::ffi::OsString;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::time::Duration;
use std::{env, fs};

use checker::sandbox::{Exit, ProcessTree, Spawn, SpawnError};
use checker::server::{Config, NotListening, RunError, Server, run_to_end_with};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::time::{Instant, sleep, timeout};

/// The binary whose `main` knows how to supervise.
fn supervisor() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_checker"))
}

/// Long enough for any machine; nothing that passes waits for it.
fn patience() -> Instant {
    Instant::now() + Duration::from_secs(10)
}

fn program(argv: &[&str]) -> Spawn {
    let path = env::var_os("PATH").unwrap_or_default();
    Spawn {
        argv: argv.iter().map(OsString::from).collect(),
        env: vec![("PATH".into(), path)],
        cwd: "/".into(),
        confinement: None,
    }
}

fn python(code: &str) -> Spawn {
    program(&["python3", "-u", "-c", code])
}

async fn tree(spawn: &Spawn) -> ProcessTree {
    ProcessTree::spawn_with(supervisor(), spawn).await.expect("the program starts")
}

async fn server(spawn: Spawn) -> Server {
    configured(Config { spawn, port: None, preferred: Vec::new() }).await
}

async fn configured(config: Config) -> Server {
    Server::start_with(supervisor(), config).await.expect("the program starts")
}

/// The whole numbers that a program prints, as soon as there are so many.
async fn numbers(server: &mut Server, count: usize) -> Vec<i32> {
    let deadline = patience();
    loop {
        let text = server.logs().text();
        let whole = text.stdout.rfind('\n').map_or("", |end| &text.stdout[..end]);
        let found: Vec<i32> = whole.split_whitespace().filter_map(|word| word.parse().ok()).collect();
        if found.len() >= count {
            return found;
        }
        assert!(Instant::now() < deadline, "only {found:?} printed; {}", text.stderr);
        sleep(Duration::from_millis(1)).await;
    }
}

fn is_alive(pid: i32) -> bool {
    kill(Pid::from_raw(pid), None).is_ok()
}

/// Waits until a process is gone whose end nobody tells this test.
fn wait_for_end_of(pid: i32) {
    let deadline = patience();
    while is_alive(pid) {
        assert!(Instant::now() < deadline, "{pid} is alive");
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn open_descriptors() -> usize {
    fs::read_dir("/proc/self/fd").map_or(0, Iterator::count)
}

const LISTEN: &str = "
import socket, sys, time
def listen(host, port=0):
    s = socket.socket(socket.AF_INET6 if ':' in host else socket.AF_INET)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind((host, port))
    s.listen()
    print(s.getsockname()[1])
    return s
";

fn listens(code: &str) -> Spawn {
    python(&format!("{LISTEN}\n{code}\ntime.sleep(600)"))
}

#[tokio::test]
async fn a_program_that_ends_at_once_is_known_by_its_code() {
    for (code, expect) in [("exit 0", Exit::Code(0)), ("exit 7", Exit::Code(7)), ("kill -9 $$", Exit::Signal(9))] {
        let mut tree = tree(&program(&["sh", "-c", code])).await;
        assert_eq!(tree.ended().await, expect);
        assert_eq!((tree.main_exit(), tree.ended_now()), (Some(expect), Some(expect)));
        let teardown = tree.stop().await;
        assert_eq!((teardown.survivors, teardown.left, teardown.exit), (0, 0, Some(expect)));
    }
}

#[tokio::test]
async fn a_server_that_ends_first_is_not_waited_for() {
    let mut server = server(python("import sys; print('out'); sys.exit('Traceback: oops')")).await;
    assert_eq!(server.listening(patience()).await, Err(NotListening::Ended(Exit::Code(1))));
    let text = server.logs().text();
    assert_eq!((text.stdout.as_str(), text.stderr.as_str()), ("out\n", "Traceback: oops\n"));
}

#[tokio::test]
async fn a_program_that_cannot_be_started_is_told_from_a_machine_that_cannot() {
    let start = async |spawn: Spawn| ProcessTree::spawn_with(supervisor(), &spawn).await.expect_err("nothing to start");
    let missing = start(program(&["no-such-program-anywhere"])).await;
    assert!(matches!(missing, SpawnError::Program { .. }), "{missing}");
    let directory = start(program(&["/etc"])).await;
    assert!(matches!(directory, SpawnError::Program { .. }), "{directory}");
    let nowhere = start(Spawn { cwd: "/no/such/folder".into(), ..program(&["true"]) }).await;
    assert!(matches!(nowhere, SpawnError::Directory { .. }), "{nowhere}");
    let binary = ProcessTree::spawn_with(Path::new("/no/such/checker"), &program(&["true"])).await.expect_err("none");
    assert!(matches!(binary, SpawnError::Machine { .. }), "{binary}");
}

#[tokio::test]
async fn a_listener_is_found_wherever_it_listens() {
    for (host, reached) in [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("::1", "[::1]"), ("::", "[::1]")] {
        let mut server = server(listens(&format!("s = listen('{host}')"))).await;
        let addr = server.listening(patience()).await.expect("it listens");
        let port = numbers(&mut server, 1).await[0];
        assert_eq!(addr.to_string(), format!("{reached}:{port}"));
        assert_eq!(server.stop().await.survivors, 0);
    }
}

#[tokio::test]
async fn a_listener_of_a_grandchild_is_found() {
    let mut server =
        server(listens("import os\nif os.fork() == 0:\n  os.setsid()\n  if os.fork() == 0: s = listen('127.0.0.1')"))
            .await;
    let addr = server.listening(patience()).await.expect("it listens");
    assert_eq!(i32::from(addr.port()), numbers(&mut server, 1).await[0]);
}

#[tokio::test]
async fn a_late_listener_is_found_when_it_comes() {
    let gate = tempfile::NamedTempFile::new().unwrap();
    let path = gate.path().to_str().unwrap().to_owned();
    let wait =
        format!("import os\nprint(0)\nwhile os.path.exists('{path}'): time.sleep(0.001)\ns = listen('127.0.0.1')");
    let mut server = server(listens(&wait)).await;
    numbers(&mut server, 1).await;
    let soon = Instant::now() + Duration::from_millis(20);
    assert_eq!(server.listening(soon).await, Err(NotListening::Deadline));
    drop(gate);
    let addr = server.listening(patience()).await.expect("it listens");
    assert_eq!(i32::from(addr.port()), numbers(&mut server, 2).await[1]);
}

#[tokio::test]
async fn of_two_listeners_the_preferred_or_the_first_counts() {
    let mut server = server(listens("a = listen('127.0.0.1')\nb = listen('127.0.0.1')")).await;
    let ports = numbers(&mut server, 2).await;
    let all: Vec<i32> = server.addresses().iter().map(|addr| addr.port().into()).collect();
    assert!(all.len() == 2 && ports.iter().all(|port| all.contains(port)));
    let chosen = server.listening(patience()).await.expect("it listens");
    assert_eq!(i32::from(chosen.port()), all[0]);

    let preferred = [checker::sandbox::free_port().unwrap(), checker::sandbox::free_port().unwrap()];
    let code = format!("print(0)\na = listen('127.0.0.1')\nb = listen('127.0.0.1', {})\nprint(0)", preferred[1]);
    let mut server = configured(Config { spawn: listens(&code), port: None, preferred: preferred.to_vec() }).await;
    numbers(&mut server, 4).await;
    let chosen = server.listening(patience()).await.expect("it listens");
    assert_eq!(chosen.port(), preferred[1]);
}

#[tokio::test]
async fn with_a_given_port_no_other_counts() {
    let port = checker::sandbox::free_port().unwrap();
    let config = |code: &str| Config { spawn: listens(code), port: Some(port), preferred: Vec::new() };
    let mut elsewhere = configured(config("s = listen('0.0.0.0')")).await;
    let other = numbers(&mut elsewhere, 1).await[0];
    let found = elsewhere.listening(Instant::now() + Duration::from_millis(20)).await;
    let addr: SocketAddr = format!("0.0.0.0:{other}").parse().unwrap();
    assert_eq!(found, Err(NotListening::ListensElsewhere(vec![addr])));

    let mut there = configured(config(&format!("a = listen('127.0.0.1')\nb = listen('127.0.0.1', {port})"))).await;
    assert_eq!(there.listening(patience()).await.expect("it listens").port(), port);
}

#[tokio::test]
async fn a_foreign_listener_is_never_ours() {
    let before = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut server = server(listens("print(0)")).await;
    let after = TcpListener::bind("127.0.0.1:0").unwrap();
    numbers(&mut server, 1).await;
    let soon = Instant::now() + Duration::from_millis(50);
    assert_eq!(server.listening(soon).await, Err(NotListening::Deadline));
    assert_eq!(server.addresses(), []);
    drop((before, after));
}

/// Prints pids, each in one write so that none is torn: three children that leave the session and lose their parent, and one that stays in the group.
const LEAVES_CHILDREN: &str = "
import os, signal, time
def say(): os.write(1, b'%d\\n' % os.getpid())
def child(escape):
    r, w = os.pipe()
    if os.fork() == 0:
        if escape:
            os.setsid()
            if os.fork(): os._exit(0)
        for s in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT): signal.signal(s, signal.SIG_IGN)
        os.write(w, b'.')
        say()
        while True: time.sleep(600)
    os.read(r, 1)
for escape in (True, True, True, False): child(escape)
";

#[tokio::test]
async fn children_that_left_the_session_are_killed_and_counted() {
    let mut server = server(python(&format!("{LEAVES_CHILDREN}\nsay()\ntime.sleep(600)"))).await;
    let pids = numbers(&mut server, 5).await;
    assert!(pids.iter().all(|&pid| is_alive(pid)));
    let teardown = server.stop().await;
    assert_eq!((teardown.survivors, teardown.left, teardown.exit), (3, 0, None));
    assert!(!pids.iter().any(|&pid| is_alive(pid)), "{pids:?}");
}

#[tokio::test]
async fn what_outlives_its_program_is_still_its_tree_and_counted() {
    let mut server = server(python(&format!("{LEAVES_CHILDREN}\nos._exit(3)"))).await;
    let pids = numbers(&mut server, 4).await;
    let early = timeout(Duration::from_millis(20), server.ended()).await;
    assert!(early.is_err() && server.ended_now().is_none());
    while server.main_exit().is_none() {
        sleep(Duration::from_millis(1)).await;
    }
    let teardown = server.stop().await;
    assert_eq!((teardown.survivors, teardown.left, teardown.exit), (4, 0, Some(Exit::Code(3))));
    assert!(!pids.iter().any(|&pid| is_alive(pid)));
}

#[tokio::test]
async fn a_fork_in_answer_to_every_death_ends_too() {
    let code = "
import os, time
if os.fork() == 0:
    os.setsid()
    for generation in range(2000):
        pid = os.fork()
        if pid == 0:
            os.setsid()
            os.write(1, b'%d\\n' % os.getpid())
            continue
        os.waitpid(pid, 0)
        os._exit(0)
time.sleep(600)
";
    let mut server = server(python(code)).await;
    numbers(&mut server, 20).await;
    let teardown = server.stop().await;
    let pids = numbers(&mut server, 20).await;
    assert_eq!(teardown.left, 0);
    assert!(teardown.survivors >= 20, "{teardown:?}");
    assert!(!pids.iter().any(|&pid| is_alive(pid)));
}

#[tokio::test]
async fn a_program_that_ignores_every_polite_signal_is_killed() {
    let code = "import signal, os\nfor s in range(1, 32):\n  try: signal.signal(s, signal.SIG_IGN)\n  except OSError: pass\nprint(os.getpid())";
    let mut server = server(listens(code)).await;
    let pid = numbers(&mut server, 1).await[0];
    let teardown = server.stop().await;
    assert_eq!((teardown.survivors, teardown.exit), (0, None));
    assert!(!is_alive(pid));
    assert_eq!(server.stop().await, teardown, "a second stop says the same");
}

#[tokio::test]
async fn dropping_a_server_leaves_nothing() {
    let mut server = server(python(&format!("{LEAVES_CHILDREN}\nsay()\ntime.sleep(600)"))).await;
    let pids = numbers(&mut server, 5).await;
    drop(server);
    assert!(!pids.iter().any(|&pid| is_alive(pid)), "{pids:?}");
}

/// Named to the copy of this test that is to be killed: where it writes the pids of what it started.
const VICTIM: &str = "CHECKER_TEST_VICTIM";

#[tokio::test]
async fn a_killed_checker_leaves_nothing() {
    if let Some(file) = env::var_os(VICTIM) {
        let mut server = server(python(&format!("{LEAVES_CHILDREN}\nsay()\ntime.sleep(600)"))).await;
        let pids: Vec<String> = numbers(&mut server, 5).await.iter().map(i32::to_string).collect();
        let file = Path::new(&file);
        fs::write(file.with_extension("new"), pids.join(" ")).unwrap();
        fs::rename(file.with_extension("new"), file).unwrap();
        sleep(Duration::from_secs(60)).await;
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pids");
    let name = "processes::a_killed_checker_leaves_nothing";
    let mut victim = std::process::Command::new(env::current_exe().unwrap())
        .args(["--exact", name])
        .env(VICTIM, &file)
        .spawn()
        .unwrap();
    let deadline = patience();
    while !file.exists() {
        assert!(Instant::now() < deadline);
        sleep(Duration::from_millis(1)).await;
    }
    let pids: Vec<i32> = fs::read_to_string(&file).unwrap().split(' ').map(|pid| pid.parse().unwrap()).collect();
    victim.kill().unwrap();
    victim.wait().unwrap();
    pids.into_iter().for_each(wait_for_end_of);
}

#[tokio::test]
async fn a_program_that_kills_its_supervisor_dies_with_it() {
    let mut server =
        server(listens("import os, signal\nprint(os.getpid())\nos.kill(os.getppid(), signal.SIGKILL)")).await;
    let pid = numbers(&mut server, 1).await[0];
    assert_eq!(server.ended().await, Exit::Signal(Signal::SIGKILL as i32));
    wait_for_end_of(pid);
    assert_eq!(server.stop().await.left, 0);
}

#[tokio::test]
async fn a_program_that_stops_its_supervisor_is_killed_all_the_same() {
    let mut server =
        server(listens("import os, signal\nos.kill(os.getppid(), signal.SIGSTOP)\nprint(os.getpid())")).await;
    let pid = numbers(&mut server, 1).await[0];
    assert_eq!(server.stop().await.left, 0);
    assert!(!is_alive(pid));
}

#[tokio::test]
async fn a_program_finds_itself_as_if_started_alone() {
    let code = r"
        tr '\0' ' ' < /proc/$$/environ; echo
        [ $(cut -d' ' -f5,6 /proc/$$/stat | tr ' ' =) = $$=$$ ] && echo leader
        readlink /proc/$$/cwd /proc/$$/fd/0
        ls /proc/$$/fd; ulimit -c
        exec sed -n 's/^Sig\(Blk\|Ign\):\t*//p' /proc/self/status";
    let home = tempfile::tempdir().unwrap();
    // A descriptor that everything started by this process inherits.
    let inherited = fs::File::open("/dev/null").unwrap();
    nix::fcntl::fcntl(&inherited, nix::fcntl::FcntlArg::F_SETFD(nix::fcntl::FdFlag::empty())).unwrap();
    let spawn = program(&["/bin/sh", "-c", code]);
    let mut server = server(Spawn { env: vec![("A".into(), "1".into())], cwd: home.path().into(), ..spawn }).await;
    assert_eq!(server.ended().await, Exit::Code(0), "{}", server.logs().text().stderr);
    let said = server.logs().text().stdout;
    let lines: Vec<&str> = said.lines().collect();
    let folder = home.path().canonicalize().unwrap();
    assert_eq!(lines[..4], ["A=1 ", "leader", folder.to_str().unwrap(), "/dev/null"]);
    assert_eq!(lines[4..9], ["0", "1", "2", "0", "0000000000000000"], "descriptors, core limit, blocked signals");
    // Signals 32 and 33 are the C library's own; its posix_spawn always hands them on as ignored.
    let ignored = u64::from_str_radix(lines[9], 16).unwrap() & !(0b11 << 31);
    assert_eq!(ignored, 0, "{said}");
}

#[tokio::test]
async fn a_flood_of_20_mb_neither_blocks_nor_grows() {
    let mut server =
        server(program(&["sh", "-c", "echo first; head -c 20000000 /dev/zero | tr '\\0' x; echo last"])).await;
    let ended = timeout(Duration::from_secs(30), server.ended()).await;
    assert_eq!(ended, Ok(Exit::Code(0)), "the program must not wait for a reader");
    let text = server.logs().text().stdout;
    assert!(text.starts_with("first\nx") && text.ends_with("xlast\n"));
    assert!(text.contains(&format!("[… {} bytes not kept …]", 20_000_011 - 2 * 64 * 1024)) && text.len() < 140_000);
}

#[tokio::test]
async fn a_flood_starves_nobody() {
    let mut server = server(program(&["sh", "-c", "yes & exec yes >&2"])).await;
    let begin = Instant::now();
    for _ in 0..100 {
        sleep(Duration::from_millis(1)).await;
        server.logs().drain_now();
    }
    assert!(begin.elapsed() < Duration::from_secs(10), "{:?}", begin.elapsed());
    assert_eq!(server.stop().await.left, 0);
}

#[tokio::test]
async fn five_hundred_launches_leave_no_descriptor_and_no_process() {
    let launch = async || {
        let mut tree = tree(&program(&["/bin/true"])).await;
        let output = tree.take_output();
        assert_eq!(tree.ended().await, Exit::Code(0));
        tree.stop().await;
        drop(output);
    };
    launch().await;
    // Other tests open and close their own meanwhile; a leak would show as hundreds.
    let before = open_descriptors();
    for _ in 0..500 {
        launch().await;
    }
    let after = open_descriptors();
    assert!(after < before + 200, "{before} descriptors before, {after} after");
}

#[tokio::test]
async fn a_step_ends_with_its_program_and_leaves_nothing_behind() {
    let spawn = program(&["sh", "-c", "sleep 600 & echo $!; echo oops >&2; exit 2"]);
    let finished = run_to_end_with(supervisor(), &spawn, patience()).await.unwrap();
    assert_eq!((finished.exit, finished.log.stderr.as_str()), (Exit::Code(2), "oops\n"));
    assert!(!is_alive(finished.log.stdout.trim().parse().unwrap()));
}

#[tokio::test]
async fn a_step_that_does_not_end_is_killed_at_its_deadline() {
    let spawn = program(&["sh", "-c", "echo $$; sleep 600"]);
    let soon = Instant::now() + Duration::from_millis(300);
    match run_to_end_with(supervisor(), &spawn, soon).await {
        Err(RunError::Timeout { log }) => assert!(log.stdout.trim().parse().map_or(true, |pid| !is_alive(pid))),
        other => panic!("{other:?}"),
    }
}
