//! The checker's side: a program that was started, and the certainty that it and all its descendants end.

#![expect(clippy::disallowed_types, reason = "supervisors are started here and nowhere else")]

use std::env;
use std::ffi::OsString;
use std::io;
use std::os::fd::{AsFd as _, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::confinement::{Confinement, Level, Network};
use super::entrance::{Entrance, Passage};
use super::isolation::{Feature, Held};
use super::kill::kill_without_supervisor;
use super::line::{Line, Over, lock};
use super::listeners::Watch;
use super::mailbox::Mailbox;
use super::protocol::{Event, Manner, Request, Start, line};
use super::spawn_error::SpawnError;
use super::{Exit, Listener, SUPERVISE};

/// A program to start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spawn {
    /// The program and its arguments. A program without a slash is looked for in the `PATH` of `env`; one with a
    /// slash that is not absolute is meant from `cwd`.
    pub argv: Vec<OsString>,
    /// Its whole environment: nothing is inherited.
    pub env: Vec<(OsString, OsString)>,
    /// Where it runs.
    pub cwd: PathBuf,
    /// What it may see and use; none for all that the checker may.
    pub confinement: Option<Confinement>,
}

/// What was found when a process tree was ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Teardown {
    /// Processes that had left the program's process group or session and had to be killed one by one, and any
    /// that were left when the program itself had ended before.
    pub survivors: usize,
    /// Processes that could not be killed within 5 s; anything but 0 is this machine's fault.
    pub left: usize,
    /// How the program had ended; `None` if it was alive until it was killed.
    pub exit: Option<Exit>,
}

/// A program, all its descendants, and the supervisor above them.
///
/// Dropping it kills them all and waits for that, at most 2 s; should the checker itself be killed, the supervisor
/// notices by its control socket and does the same. Use within one tokio runtime with I/O and time enabled.
#[derive(Debug)]
pub struct ProcessTree {
    line: Arc<Line>,
    supervisor: Supervisor,
    /// The program's pid; 0 while there is none, and where it is known inside a namespace only.
    program: i32,
    held: Held,
    output: Option<(OwnedFd, OwnedFd)>,
    watch: Mutex<Watch>,
    network: Network,
    passage: Option<Arc<Passage>>,
}

#[derive(Debug)]
enum Supervisor {
    Running(Child),
    /// Waited for, or left to be.
    Waited,
}

/// A supervisor that waits for its first message. It ends when the control socket does.
#[derive(Debug)]
struct Waiting {
    child: Child,
    control: UnixStream,
}

impl Waiting {
    fn start(binary: &Path) -> io::Result<Waiting> {
        let (control, theirs) = UnixStream::pair()?;
        let child = Command::new(binary)
            .arg0("checker")
            .arg(SUPERVISE)
            .env_clear()
            .stdin(OwnedFd::from(theirs))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()?;
        Ok(Waiting { child, control })
    }
}

/// The supervisor of the next program, if it was started early.
static EARLY: Mutex<Option<Waiting>> = Mutex::new(None);

/// Starts the supervisor of the first program before it is known which program that is: it is loaded, on another
/// processor, while the exercise and the submission are read. If that fails, the start that needs it will say so.
pub fn start_supervisor_early() {
    if let Ok(binary) = own_binary() {
        *lock(&EARLY) = Waiting::start(&binary).ok();
    }
}

/// Supervisors that have nothing left to supervise and are ending.
static LEAVING: Mutex<Vec<Child>> = Mutex::new(Vec::new());

/// Waits for the supervisors whose trees were stopped: less than a millisecond, in which the kernel takes their namespaces
/// away. To be called when all else is done.
pub fn wait_for_supervisors() {
    for mut supervisor in std::mem::take(&mut *lock(&LEAVING)) {
        let _ = supervisor.wait();
    }
}

/// Waits for those that have ended already, so that none stays a zombie.
fn forget_ended_supervisors() {
    lock(&LEAVING).retain_mut(|supervisor| matches!(supervisor.try_wait(), Ok(None)));
}

/// How long an answer to "stop" may take: the supervisor's own limit and some more.
const STOP_LIMIT: Duration = Duration::from_secs(7);

/// How long a drop may block.
const DROP_LIMIT: Duration = Duration::from_secs(2);

impl ProcessTree {
    /// Starts a program under a supervisor; it runs when this returns.
    pub async fn spawn(spawn: &Spawn) -> Result<ProcessTree, SpawnError> {
        Self::spawn_with(&own_binary()?, spawn).await
    }

    /// The same with another binary as supervisor: one whose `main` calls
    /// [`supervisor_main`](super::supervisor_main) for the argument [`SUPERVISE`].
    pub async fn spawn_with(supervisor: &Path, spawn: &Spawn) -> Result<ProcessTree, SpawnError> {
        Self::begin(supervisor, spawn, Manner::Executed, None).await
    }

    /// Starts a program that serves copies of itself: its descriptor 3 is the other end of the mailbox.
    pub async fn serve(spawn: &Spawn) -> Result<(ProcessTree, Mailbox), SpawnError> {
        let (mailbox, theirs) = Mailbox::new().map_err(|error| SpawnError::machine("make a mailbox", error))?;
        let tree = Self::begin(&own_binary()?, spawn, Manner::Serving, Some(theirs.as_fd())).await?;
        Ok((tree, mailbox))
    }

    /// Starts a program as a copy of the one that waits, loaded, at the other end of a mailbox. Only at the level of full
    /// isolation.
    pub async fn copy(spawn: &Spawn, mailbox: &Mailbox) -> Result<ProcessTree, SpawnError> {
        Self::begin(&own_binary()?, spawn, Manner::Copied, Some(mailbox.end())).await
    }

    async fn begin(
        supervisor: &Path,
        spawn: &Spawn,
        manner: Manner,
        mailbox: Option<BorrowedFd<'_>>,
    ) -> Result<ProcessTree, SpawnError> {
        let confined = spawn.confinement.as_ref();
        let is_inside = confined.is_some_and(|confinement| confinement.level == Level::Full);
        let own_network = is_inside && confined.is_some_and(|confinement| confinement.network == Network::Own);
        let watch = if own_network { Watch::blind() } else { Watch::new(&given_port(spawn)) };
        let mut tree = Self::supervise(supervisor, watch)?;
        let start = Start {
            argv: spawn.argv.clone(),
            env: spawn.env.clone(),
            cwd: spawn.cwd.clone().into(),
            confinement: spawn.confinement.clone(),
            manner,
        };
        tree.line
            .send_with(&line(&Request::Start(start)), mailbox)
            .await
            .map_err(|error| SpawnError::machine("ask the supervisor", error))?;
        match tree.line.until(|state| state.first.take().map(Some).or(state.over.map(|_| None))).await {
            Some(Event::Started { pid, held }) => {
                tree.started(pid, held, is_inside, own_network);
                Ok(tree)
            }
            Some(Event::Failed { stage, errno }) => Err(SpawnError::new(stage, errno, spawn)),
            Some(Event::Refused(refusal)) => Err(SpawnError::Refused(refusal)),
            Some(Event::NotCopied(refusal)) => Err(SpawnError::NotCopied(refusal)),
            _ => Err(SpawnError::machine("start a supervisor", Errno::EPIPE.into())),
        }
    }

    fn started(&mut self, pid: i32, held: Held, is_inside: bool, own_network: bool) {
        self.held = held;
        if !is_inside {
            self.program = pid;
            self.line.know(pid);
        }
        if own_network {
            self.network = Network::Own;
            #[cfg(target_os = "linux")]
            if let Some(lister) = self.line.take_descriptor() {
                self.passage = Passage::to_network_of(lister.as_fd()).ok().map(Arc::new);
                *lock(&self.watch) = Watch::inside(lister);
            }
        }
    }

    fn supervise(binary: &Path, watch: Watch) -> Result<ProcessTree, SpawnError> {
        let failed = |error| SpawnError::machine("start a supervisor", error);
        let waiting = lock(&EARLY).take().map_or_else(|| Waiting::start(binary), Ok).map_err(failed)?;
        let Waiting { mut child, control } = waiting;
        let output = child.stdout.take().map(OwnedFd::from).zip(child.stderr.take().map(OwnedFd::from));
        Ok(ProcessTree {
            line: Arc::new(Line::new(control).map_err(failed)?),
            supervisor: Supervisor::Running(child),
            program: 0,
            held: Held::default(),
            output,
            watch: Mutex::new(watch),
            network: Network::Machine,
            passage: None,
        })
    }

    /// The reading ends of the program's standard output and standard error, in this order; `None` when they were
    /// taken before. They end when the last process of the tree does.
    pub fn take_output(&mut self) -> Option<(OwnedFd, OwnedFd)> {
        self.output.take()
    }

    /// The program's own pid; 0 for one that is known inside its namespace only.
    #[must_use]
    pub fn program(&self) -> i32 {
        self.program
    }

    /// What holds of what was asked for.
    #[must_use]
    pub fn held(&self) -> &Held {
        &self.held
    }

    /// The way into the program's own network; none where it is in the machine's.
    #[must_use]
    pub fn entrance(&self) -> Option<Entrance> {
        (self.network == Network::Own).then(|| Entrance::new(self.line.clone(), self.passage.clone()))
    }

    /// How the program itself ended, as far as is known at this moment; descendants of it may live on.
    pub fn main_exit(&self) -> Option<Exit> {
        self.line.look().exit
    }

    /// How the program ended, if it and all its descendants are gone at this moment.
    pub fn ended_now(&self) -> Option<Exit> {
        let state = self.line.look();
        state.over.map(|_| state.final_exit())
    }

    /// Resolves when the program itself has ended; descendants of it may live on. Safe to cancel.
    pub async fn main_ended(&mut self) -> Exit {
        self.line.until(|state| state.exit.or(state.over.map(|_| state.final_exit()))).await
    }

    /// Resolves when the program and all its descendants are gone: one that moves to the background has not ended.
    /// Safe to cancel. A program whose supervisor was killed was killed too, hence `SIGKILL`.
    pub async fn ended(&mut self) -> Exit {
        self.over().await
    }

    /// The same, for one of several who wait.
    pub(crate) async fn over(&self) -> Exit {
        self.line.until(|state| state.over.map(|_| state.final_exit())).await
    }

    /// Resolves when the kernel tells that the program listens or is about to, once for each time; never where it
    /// does not tell. Safe to cancel.
    pub async fn heard_to_listen(&self) {
        self.line.until(|state| std::mem::take(&mut state.listening).then_some(())).await;
    }

    /// Whether [`heard_to_listen`](Self::heard_to_listen) will tell, so that there is no need to look all the time.
    #[must_use]
    pub fn tells_when_it_listens(&self) -> bool {
        self.held.features.contains(&Feature::Notify)
    }

    /// The TCP listeners of the tree at this moment, in the order in which they were first seen. Costs some 30 µs
    /// where nothing new listens.
    pub fn listeners(&self) -> Vec<Listener> {
        let Supervisor::Running(supervisor) = &self.supervisor else { return Vec::new() };
        lock(&self.watch).poll(supervisor.id() as i32)
    }

    /// Blocks this thread for so long, or until the supervisor says something; that is true then. For pauses that are
    /// shorter than a runtime's timers know.
    #[must_use]
    pub fn blocks_for(&self, time: Duration) -> bool {
        self.line.wait_readable(Instant::now() + time)
    }

    /// Tells where listeners may be expected, beside the `PORT` of the environment and the usual ports. It matters
    /// only on systems that do not tell who listens; there it wants to be called at once after the start.
    pub fn expect_ports(&self, ports: &[u16]) {
        lock(&self.watch).expect_ports(ports);
    }

    /// Kills the program and all its descendants, and returns when they are gone. Later calls give the same answer.
    pub async fn stop(&mut self) -> Teardown {
        if self.line.look().over.is_none() {
            self.wake();
            let _ = self.line.send(&line(&Request::Stop)).await;
        }
        let over = tokio::time::timeout(STOP_LIMIT, self.line.until(|state| state.over)).await;
        let exit = self.line.look().exit;
        let teardown = match over {
            Ok(Over::Ended) => Teardown { survivors: 0, left: 0, exit },
            Ok(Over::Stopped(teardown)) => teardown,
            Ok(Over::Lost) | Err(_) => Teardown { survivors: 0, left: self.kill_alone(), exit },
        };
        self.line.look().over = Some(Over::Stopped(teardown));
        match over {
            Ok(Over::Ended | Over::Stopped(_)) => self.let_supervisor_end(),
            Ok(Over::Lost) | Err(_) => self.wait_for_supervisor(),
        }
        teardown
    }

    /// A program of the same user can stop its supervisor; a stopped supervisor hears nothing.
    fn wake(&self) {
        if let Supervisor::Running(supervisor) = &self.supervisor {
            let _ = kill(Pid::from_raw(supervisor.id() as i32), Signal::SIGCONT);
        }
    }

    /// Kills without the supervisor's help, and the supervisor too: with one that has namespaces that is all it takes.
    /// Says how many may be left.
    fn kill_alone(&mut self) -> usize {
        if let Supervisor::Running(supervisor) = &mut self.supervisor {
            let _ = supervisor.kill();
        }
        if self.program > 0 { kill_without_supervisor(self.program) } else { 0 }
    }

    /// Leaves the supervisor, which has said that nothing is left, to [`wait_for_supervisors`].
    fn let_supervisor_end(&mut self) {
        forget_ended_supervisors();
        if let Supervisor::Running(supervisor) = std::mem::replace(&mut self.supervisor, Supervisor::Waited) {
            lock(&LEAVING).push(supervisor);
        }
    }

    /// Waits for the supervisor itself, which has nothing left to do: less than a millisecond.
    fn wait_for_supervisor(&mut self) {
        let deadline = Instant::now() + DROP_LIMIT;
        while !self.line.look().closed && self.line.wait_readable(deadline) {}
        if let Supervisor::Running(supervisor) = &mut self.supervisor
            && self.line.look().closed
        {
            let _ = supervisor.wait();
            self.supervisor = Supervisor::Waited;
        }
    }
}

/// Closing the control socket is enough to have all killed; this waits until it is done, so that nothing is left
/// when the checker ends, be it in a panic.
impl Drop for ProcessTree {
    fn drop(&mut self) {
        if matches!(self.supervisor, Supervisor::Waited) {
            return;
        }
        self.wake();
        self.line.close();
        self.wait_for_supervisor();
        if matches!(self.line.look().over, Some(Over::Lost)) {
            self.kill_alone();
        }
    }
}

fn own_binary() -> Result<PathBuf, SpawnError> {
    if cfg!(target_os = "linux") {
        // Still this very program when its file was replaced by a newer one meanwhile.
        return Ok("/proc/self/exe".into());
    }
    env::current_exe().map_err(|error| SpawnError::machine("find the checker's own program", error))
}

/// The port that the program is told to use, if its environment tells one.
fn given_port(spawn: &Spawn) -> Vec<u16> {
    let port =
        spawn.env.iter().filter(|(name, _)| name == "PORT").filter_map(|(_, value)| value.to_str()?.parse().ok());
    port.collect()
}
