//! Job files: run where that is possible, else checked against their engines' schemas.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::{Class, GOOD, QUICK, wrong};
use crate::support::checker::{CHECKER, checker, command, run};
use crate::support::{network, root, runtimes};

/// Writes an engine's job files into a folder of the class.
fn job_files(class: &Class, engine: &str, shards: &str, grade: &[&str]) -> PathBuf {
    let folder = class.file("job");
    let into = folder.to_str().unwrap();
    let ran = checker([&["cluster", engine, "--shards", shards, "--cpus", "1", "--into", into, "--"], grade].concat());
    assert_eq!(ran.code, Some(0), "{}", ran.page());
    folder
}

/// The checker under test first on the path.
fn path() -> std::ffi::OsString {
    let own = Path::new(CHECKER).parent().unwrap().to_owned();
    let inherited = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths([own].into_iter().chain(std::env::split_paths(&inherited))).unwrap()
}

/// Programs that listen where they are told, so that they run beside whatever else this machine does.
fn class(size: usize) -> Class {
    let class = Class::new();
    let program = |program: &str| {
        let program = program.replace("import time", "import os, time").replace("5000", "int(os.environ[\"PORT\"])");
        // Long enough to be met at work.
        program.replace("HTTPServer((", "time.sleep(0.3)\nHTTPServer((")
    };
    let programs = [program(GOOD), program(&wrong())];
    (0..size)
        .zip(programs.iter().cycle())
        .for_each(|(number, program)| class.hand_in(format!("student-{number:02}"), program));
    class
}

#[test]
fn job_files_hold_to_their_engines_schemas() {
    let class = class(1);
    let grade = ["my class/export \"1\".zip", "--roster", "$x.csv"];
    let check = |program: &str, arguments: &[&str], file: PathBuf| {
        let output = Command::new(runtimes::schemas().join(program)).args(arguments).arg(&file).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{}: {said}{}", file.display(), String::from_utf8_lossy(&output.stderr));
    };
    let gitlab = job_files(&class, "gitlab", "4", &grade);
    check("check-jsonschema", &["--builtin-schema", "vendor.gitlab-ci"], gitlab.join("checker.gitlab-ci.yml"));
    let github = job_files(&class, "github", "4", &grade);
    check("check-jsonschema", &["--builtin-schema", "vendor.github-workflows"], github.join("checker-grade.yml"));
    let kubernetes = job_files(&class, "kubernetes", "4", &grade);
    for file in ["checker-grade.yaml", "checker-merge.yaml"] {
        check("kubernetes-validate", &["--strict"], kubernetes.join(file));
    }
    for file in ["checker.gitlab-ci.yml", "checker-grade.yml", "checker-grade.yaml", "checker-merge.yaml"] {
        insta::assert_snapshot!(file, fs::read_to_string(class.file("job").join(file)).unwrap());
    }
}

#[test]
fn job_files_that_are_there_already_are_not_replaced() {
    let class = class(1);
    job_files(&class, "slurm", "2", &["x"]);
    for file in ["grade.sbatch", "merge.sbatch", "submit.sh"] {
        insta::assert_snapshot!(file, fs::read_to_string(class.file("job").join(file)).unwrap());
    }
    let into = class.file("job");
    let ran = checker(["cluster", "slurm", "--shards", "2", "--into", into.to_str().unwrap(), "--", "x"]);
    assert_eq!(ran.code, Some(3), "{}", ran.page());
}

#[test]
fn gnu_parallel_grades_the_shards_and_they_are_merged() {
    runtimes::need("parallel", "parallel");
    let class = class(6);
    let handed_in = class.file("handed-in");
    let folder = job_files(&class, "parallel", "3", &[handed_in.to_str().unwrap(), QUICK[0], QUICK[1]]);
    let mut job = Command::new("sh");
    job.arg(folder.join("grade-parallel.sh")).env("PATH", path()).env("LC_ALL", "C.UTF-8").env("HOME", class.file(""));
    network::own(&mut job);
    let ran = run(&mut job);
    assert_eq!(ran.code, Some(0), "{}", ran.page());
    let whole = class.grade(&[&QUICK[..], &["-f", "csv"]].concat());
    assert_eq!(fs::read_to_string(folder.join("gradebook.csv")).unwrap(), whole.stdout);
}

/// A Slurm cluster of two nodes, gone at the end.
struct Slurm {
    folder: PathBuf,
    daemons: Child,
}

impl Slurm {
    fn start(folder: PathBuf) -> Self {
        runtimes::need("slurmctld", "slurmctld");
        runtimes::need("sbatch", "slurm-client");
        fs::create_dir_all(&folder).unwrap();
        let mut script = Command::new(root().join("tests/slurm/cluster.sh"));
        let mut daemons = script.arg(&folder).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut said = String::new();
        BufReader::new(daemons.stdout.as_mut().unwrap()).read_line(&mut said).unwrap();
        assert_eq!(said, "ready\n", "see the logs above");
        Self { folder, daemons }
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env("SLURM_CONF", self.folder.join("slurm.conf")).env("PATH", path()).env("LC_ALL", "C.UTF-8");
        command
    }

    fn says(&self, program: &str, arguments: &[&str]) -> String {
        let output = self.command(program).args(arguments).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// A grader of an array's task other than this one; none if there is none. On a busy machine Slurm may have had to
    /// start it more than once.
    fn grader(task: &str, but: Option<i32>) -> Option<i32> {
        let processes = fs::read_dir("/proc").unwrap().flatten();
        let mut pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
        pids.find(|pid| {
            let read = |name: &str| fs::read(format!("/proc/{pid}/{name}")).unwrap_or_default();
            let (environment, line) = (read("environ"), read("cmdline"));
            let variables: Vec<_> = environment.split(|byte| *byte == 0).map(String::from_utf8_lossy).collect();
            let is = |variable: String| variables.iter().any(|found| *found == variable);
            line.split(|byte| *byte == 0).nth(1) == Some(b"grade")
                && is(format!("SLURM_ARRAY_TASK_ID={task}"))
                && but != Some(*pid)
        })
    }

    /// The node on which a task runs, and the node's daemon.
    fn node_of(&self, task: &str) -> (String, i32) {
        let nodes = self.says("squeue", &["--noheader", "--array", "--format=%K %N", "--states=RUNNING"]);
        let node = nodes.lines().find_map(|line| line.strip_prefix(&format!("{task} "))).unwrap().to_owned();
        let daemon = fs::read_to_string(self.folder.join(format!("{node}.pid"))).unwrap();
        (node, daemon.trim().parse().unwrap())
    }

    fn start_node(&self, node: &str) -> Child {
        self.command(self.folder.join("node.sh").to_str().unwrap())
            .arg(node)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }
}

impl Drop for Slurm {
    fn drop(&mut self) {
        // The script ends its daemons when nobody speaks to it any more.
        drop(self.daemons.stdin.take());
        let _ = self.daemons.wait();
    }
}

/// The process that minds a task: its script became the grader.
fn parent(pid: i32) -> i32 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    stat.rsplit_once(')').unwrap().1.split_whitespace().nth(1).unwrap().parse().unwrap()
}

fn send(pid: i32, signal: Signal) {
    kill(Pid::from_raw(pid), signal).unwrap_or_else(|error| panic!("{pid} {signal}: {error}"));
}

fn until<T>(what: &str, mut found: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + Duration::from_secs(180);
    loop {
        if let Some(found) = found() {
            return found;
        }
        assert!(Instant::now() < end, "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn results(folder: &Path, shard: usize) -> usize {
    fs::read_dir(folder.join(format!("results/shard-{shard}/reports"))).map_or(0, Iterator::count)
}

#[test]
fn slurm_loses_a_node_and_revives_a_zombie_and_every_result_is_there_once() {
    let class = class(20);
    let slurm = Slurm::start(class.file("slurm"));
    let handed_in = class.file("handed-in");
    let folder = job_files(&class, "slurm", "2", &[handed_in.to_str().unwrap(), QUICK[0], QUICK[1]]);
    let mut transcript = slurm.says("sinfo", &["--Node", "--long"]);
    let submitted = slurm.command("sh").arg(folder.join("submit.sh")).current_dir(&folder).output().unwrap();
    transcript += &String::from_utf8_lossy(&submitted.stdout);
    assert!(submitted.status.success(), "{}", String::from_utf8_lossy(&submitted.stderr));

    // Each is stopped as soon as it is in the middle of its shard, however much later the other begins.
    let mut stopped = [None, None];
    let (dying, zombie) = until("both shards are in the middle", || {
        for (number, stopped) in stopped.iter_mut().enumerate().filter(|(_, stopped)| stopped.is_none()) {
            let grader = Slurm::grader(&(number + 1).to_string(), None).filter(|_| results(&folder, number + 1) > 0);
            grader.iter().for_each(|grader| send(*grader, Signal::SIGSTOP));
            *stopped = grader;
        }
        stopped[0].zip(stopped[1])
    });
    // The first task dies with its node.
    let ((first, daemon), (second, unreachable)) = (slurm.node_of("1"), slurm.node_of("2"));
    [daemon, parent(dying), dying].iter().for_each(|pid| send(*pid, Signal::SIGKILL));
    // The second one's node cannot be reached any more. Its grader lives on, and sleeps until its successor is there.
    send(unreachable, Signal::SIGSTOP);
    let done = [results(&folder, 1), results(&folder, 2)];
    transcript +=
        &format!("{first} dies with task 1 after {} results, {second} is cut off after {}\n", done[0], done[1]);
    assert!(done.iter().all(|done| *done < 10), "in the middle: {done:?}");

    let mut node = slurm.start_node(&first);
    let successor = until("the zombie's successor is there", || Slurm::grader("2", Some(zombie)));
    send(zombie, Signal::SIGCONT);
    transcript += &format!("the zombie {zombie} goes on beside its successor {successor}\n");
    transcript += &slurm.says("squeue", &["--array", "--format=%i %j %T %N"]);
    until("the merge is over", || slurm.says("squeue", &["--noheader"]).is_empty().then_some(()));
    transcript += &slurm.says("scontrol", &["--oneliner", "show", "jobs"]);
    transcript += &fs::read_to_string(folder.join("checker-merge.log")).unwrap_or_default();
    send(unreachable, Signal::SIGCONT);
    send(node.id().try_into().unwrap(), Signal::SIGTERM);
    node.wait().unwrap();
    fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join("slurm-transcript.txt"), &transcript).unwrap();

    assert_eq!([results(&folder, 1), results(&folder, 2)], [10, 10], "{transcript}");
    let whole = class.grade(&[&QUICK[..], &["-f", "csv"]].concat());
    let merged =
        run(command(["merge", "-f", "csv"]).args([1, 2].map(|shard| folder.join(format!("results/shard-{shard}")))));
    assert_eq!((merged.code, &merged.stdout), (Some(0), &whole.stdout), "{transcript}");
    assert_eq!(fs::read_to_string(folder.join("gradebook.csv")).unwrap(), whole.stdout, "{transcript}");
}
