//! The checker's side: a program that was started, and the certainty that it and all its descendants end.

#![expect(clippy::disallowed_types, reason = "supervisors are started here and nowhere else")]

use std::ffi::OsString;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use std::{env, io};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{Signal, kill};
use nix::sys::socket::{MsgFlags, Shutdown, recv, send, shutdown};
use nix::unistd::Pid;
use tokio::io::Interest;
use tokio::net::UnixStream;

use super::kill::kill_without_supervisor;
use super::listeners::Watch;
use super::protocol::{Event, Lines, Request, Start, line};
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
    control: UnixStream,
    supervisor: Supervisor,
    program: i32,
    output: Option<(OwnedFd, OwnedFd)>,
    state: Mutex<State>,
    watch: Mutex<Watch>,
}

#[derive(Debug)]
enum Supervisor {
    Running(Child),
    Waited,
}

/// What the supervisor has told so far.
#[derive(Debug, Default)]
struct State {
    lines: Lines,
    first: Option<Event>,
    exit: Option<Exit>,
    over: Option<Over>,
    closed: bool,
}

/// Why there is nothing left to supervise.
#[derive(Clone, Copy, Debug)]
enum Over {
    Ended,
    Stopped(Teardown),
    /// The supervisor went without a word: it was killed.
    Lost,
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
        let mut tree = Self::supervise(supervisor, Watch::new(&given_port(spawn)))?;
        let start = Start { argv: spawn.argv.clone(), env: spawn.env.clone(), cwd: spawn.cwd.clone().into() };
        tree.send(&line(&Request::Start(start)))
            .await
            .map_err(|error| SpawnError::machine("ask the supervisor", error))?;
        match tree.until(|state| state.first.take().map(Some).or(state.over.map(|_| None))).await {
            Some(Event::Started { pid }) => {
                tree.program = pid;
                Ok(tree)
            }
            Some(Event::Failed { stage, errno }) => Err(SpawnError::new(stage, errno, spawn)),
            _ => Err(SpawnError::machine("start a supervisor", Errno::EPIPE.into())),
        }
    }

    fn supervise(binary: &Path, watch: Watch) -> Result<ProcessTree, SpawnError> {
        let failed = |error| SpawnError::machine("start a supervisor", error);
        let (ours, theirs) = std::os::unix::net::UnixStream::pair().map_err(failed)?;
        ours.set_nonblocking(true).map_err(failed)?;
        let mut child = Command::new(binary)
            .arg0("checker")
            .arg(SUPERVISE)
            .env_clear()
            .stdin(OwnedFd::from(theirs))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
            .map_err(failed)?;
        let output = child.stdout.take().map(OwnedFd::from).zip(child.stderr.take().map(OwnedFd::from));
        Ok(ProcessTree {
            control: UnixStream::from_std(ours).map_err(failed)?,
            supervisor: Supervisor::Running(child),
            program: 0,
            output,
            state: Mutex::default(),
            watch: Mutex::new(watch),
        })
    }

    /// The reading ends of the program's standard output and standard error, in this order; `None` when they were
    /// taken before. They end when the last process of the tree does.
    pub fn take_output(&mut self) -> Option<(OwnedFd, OwnedFd)> {
        self.output.take()
    }

    /// The program's own pid.
    #[must_use]
    pub fn program(&self) -> i32 {
        self.program
    }

    /// How the program itself ended, as far as is known at this moment; descendants of it may live on.
    pub fn main_exit(&self) -> Option<Exit> {
        self.look().exit
    }

    /// How the program ended, if it and all its descendants are gone at this moment.
    pub fn ended_now(&self) -> Option<Exit> {
        let state = self.look();
        state.over.map(|_| final_exit(&state))
    }

    /// Resolves when the program itself has ended; descendants of it may live on. Safe to cancel.
    pub async fn main_ended(&mut self) -> Exit {
        self.until(|state| state.exit.or(state.over.map(|_| final_exit(state)))).await
    }

    /// Resolves when the program and all its descendants are gone: one that moves to the background has not ended.
    /// Safe to cancel. A program whose supervisor was killed was killed too, hence `SIGKILL`.
    pub async fn ended(&mut self) -> Exit {
        self.until(|state| state.over.map(|_| final_exit(state))).await
    }

    /// The TCP listeners of the tree at this moment, in the order in which they were first seen. Costs some 30 µs
    /// where nothing new listens.
    pub fn listeners(&self) -> Vec<Listener> {
        let Supervisor::Running(supervisor) = &self.supervisor else { return Vec::new() };
        lock(&self.watch).poll(supervisor.id() as i32)
    }

    /// Tells where listeners may be expected, beside the `PORT` of the environment and the usual ports. It matters
    /// only on systems that do not tell who listens; there it wants to be called at once after the start.
    pub fn expect_ports(&self, ports: &[u16]) {
        lock(&self.watch).expect_ports(ports);
    }

    /// Kills the program and all its descendants, and returns when they are gone. Later calls give the same answer.
    pub async fn stop(&mut self) -> Teardown {
        if self.look().over.is_none() {
            self.wake();
            let _ = self.send(&line(&Request::Stop)).await;
        }
        let over = tokio::time::timeout(STOP_LIMIT, self.until(|state| state.over)).await;
        let exit = self.look().exit;
        let teardown = match over {
            Ok(Over::Ended) => Teardown { survivors: 0, left: 0, exit },
            Ok(Over::Stopped(teardown)) => teardown,
            Ok(Over::Lost) | Err(_) => Teardown { survivors: 0, left: self.kill_alone(), exit },
        };
        self.look().over = Some(Over::Stopped(teardown));
        self.wait_for_supervisor();
        teardown
    }

    /// The state after everything that the supervisor has said up to this moment. Asks the socket itself: tokio
    /// learns of it only when it next waits.
    fn look(&self) -> MutexGuard<'_, State> {
        let mut state = lock(&self.state);
        let mut buffer = [0; 1024];
        while !state.closed {
            match recv(self.control.as_raw_fd(), &mut buffer, MsgFlags::MSG_DONTWAIT) {
                Ok(count) if count > 0 => state.hear(&buffer[..count]),
                Err(Errno::EINTR) => {}
                Err(Errno::EAGAIN) => break,
                _ => state.closed = true,
            }
        }
        if state.closed && state.over.is_none() {
            state.over = Some(Over::Lost);
            if self.program > 0 {
                kill_without_supervisor(self.program);
            }
        }
        state
    }

    /// Waits until what the supervisor says makes `wanted` give something; its end must.
    async fn until<T>(&self, mut wanted: impl FnMut(&mut State) -> Option<T>) -> T {
        loop {
            if let Some(found) = wanted(&mut self.look()) {
                return found;
            }
            // The runtime's shutdown is the only error, and then nothing polls this any more.
            if self.control.readable().await.is_err() {
                return std::future::pending().await;
            }
            let heard = || wanted(&mut self.look()).ok_or(io::ErrorKind::WouldBlock.into());
            if let Ok(found) = self.control.try_io(Interest::READABLE, heard) {
                return found;
            }
        }
    }

    async fn send(&self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            self.control.writable().await?;
            match self.control.try_io(Interest::WRITABLE, || Ok(send(self.control.as_raw_fd(), bytes, QUIET)?)) {
                Ok(sent) => bytes = &bytes[sent..],
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// A program of the same user can stop its supervisor; a stopped supervisor hears nothing.
    fn wake(&self) {
        if let Supervisor::Running(supervisor) = &self.supervisor {
            let _ = kill(Pid::from_raw(supervisor.id() as i32), Signal::SIGCONT);
        }
    }

    /// Kills without the supervisor's help, and the supervisor too. Says how many may be left.
    fn kill_alone(&mut self) -> usize {
        if let Supervisor::Running(supervisor) = &mut self.supervisor {
            let _ = supervisor.kill();
        }
        if self.program > 0 { kill_without_supervisor(self.program) } else { 0 }
    }

    /// Waits for the supervisor itself, which has nothing left to do: less than a millisecond.
    fn wait_for_supervisor(&mut self) {
        let deadline = Instant::now() + DROP_LIMIT;
        while !self.look().closed && wait_readable(&self.control, deadline) {}
        if let Supervisor::Running(supervisor) = &mut self.supervisor
            && lock(&self.state).closed
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
        let _ = shutdown(self.control.as_raw_fd(), Shutdown::Write);
        self.wait_for_supervisor();
        if matches!(self.look().over, Some(Over::Lost)) {
            self.kill_alone();
        }
    }
}

impl State {
    fn hear(&mut self, bytes: &[u8]) {
        self.lines.push(bytes);
        while let Some(event) = self.lines.next() {
            match event {
                Event::Started { .. } | Event::Failed { .. } => self.first = Some(event),
                Event::Exited(exit) => self.exit = Some(exit.into()),
                Event::Ended => self.over = Some(Over::Ended),
                Event::Stopped { survivors, left, exit } => {
                    let exit = exit.map(Into::into);
                    self.exit = self.exit.or(exit);
                    self.over = Some(Over::Stopped(Teardown { survivors, left, exit }));
                }
            }
        }
    }
}

/// How a tree that is over ended: as its program did, or killed.
fn final_exit(state: &State) -> Exit {
    state.exit.unwrap_or(Exit::Signal(Signal::SIGKILL as i32))
}

/// A peer that is gone is an answer, not a signal.
#[cfg(target_os = "linux")]
const QUIET: MsgFlags = MsgFlags::MSG_NOSIGNAL;
/// Rust programs ignore `SIGPIPE` from their start; elsewhere that has to do.
#[cfg(not(target_os = "linux"))]
const QUIET: MsgFlags = MsgFlags::empty();

/// Blocks until there is something to read, its end included; false when the deadline came first.
fn wait_readable(socket: &UnixStream, deadline: Instant) -> bool {
    use std::os::fd::AsFd;
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return false;
        }
        let timeout = PollTimeout::try_from(left).unwrap_or(PollTimeout::MAX);
        match poll(&mut [PollFd::new(socket.as_fd(), PollFlags::POLLIN)], timeout) {
            Ok(count) if count > 0 => return true,
            Ok(_) | Err(Errno::EINTR) => {}
            Err(_) => return false,
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

/// A lock whose holder panicked is as good as any: no state here is ever left half changed.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
