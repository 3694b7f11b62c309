//! The end of a program and of everything that it started, from inside the supervisor.

use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::sys::select::{FdSet, pselect};
#[cfg(target_os = "linux")]
use nix::sys::signal::kill;
use nix::sys::signal::{SigSet, Signal, killpg};
use nix::sys::time::{TimeSpec, TimeValLike};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

use super::Exit;
#[cfg(target_os = "linux")]
use super::descendants::{self, Process};
#[cfg(not(target_os = "linux"))]
use super::fallback;

/// How long processes that do not go are killed again and again. What is left then waits in the kernel for a
/// device, or belongs to another user.
const KILL_LIMIT: Duration = Duration::from_secs(5);

/// The pause between two rounds; the end of a child cuts it short.
const ROUND: Duration = Duration::from_millis(2);

/// The program, as its supervisor sees it.
#[derive(Debug)]
pub(super) struct Family {
    /// The program's pid; its session's and process group's too.
    pub(super) program: Pid,
    /// How the program itself ended, once it was waited for.
    pub(super) exit: Option<Exit>,
}

/// What was found and killed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Killed {
    /// Processes that the kill of the group did not reach, or that outlived the program.
    pub(super) survivors: usize,
    /// Processes that could not be killed.
    pub(super) left: usize,
}

impl Family {
    /// Waits for all that has ended, and says whether nothing is left of the program. On Linux every orphan below
    /// becomes a child of ours, so that `ECHILD` is the proof.
    pub(super) fn is_gone(&mut self) -> bool {
        loop {
            match waitpid(None::<Pid>, Some(WaitPidFlag::WNOHANG)) {
                Ok(WaitStatus::Exited(pid, code)) if pid == self.program => self.exit = Some(Exit::Code(code)),
                Ok(WaitStatus::Signaled(pid, signal, _)) if pid == self.program => {
                    self.exit = Some(Exit::Signal(signal as i32));
                }
                Ok(WaitStatus::StillAlive) => return false,
                Ok(_) | Err(Errno::EINTR) => {}
                Err(_) => return self.no_group_left(),
            }
        }
    }

    #[cfg(target_os = "linux")]
    fn no_group_left(&self) -> bool {
        true
    }

    #[cfg(not(target_os = "linux"))]
    fn no_group_left(&self) -> bool {
        fallback::group_is_gone(self.program)
    }

    /// Kills the group at once, then whatever is left, until nothing is.
    pub(super) fn kill(&mut self) -> Killed {
        if self.is_gone() {
            return Killed::default();
        }
        let outlived = self.exit.is_some();
        if !outlived {
            // Only while the program has not been waited for is its number certain to be still its own.
            let _ = killpg(self.program, Signal::SIGKILL);
        }
        self.kill_rounds(outlived)
    }

    #[cfg(target_os = "linux")]
    fn kill_rounds(&mut self, outlived: bool) -> Killed {
        let me = Pid::this().as_raw();
        let deadline = Instant::now() + KILL_LIMIT;
        let mut survivors = std::collections::HashSet::new();
        loop {
            let gone = self.is_gone();
            let living = living_below(me);
            if gone || Instant::now() > deadline {
                return Killed { survivors: survivors.len(), left: living.len() };
            }
            // All are stopped before the first is killed, so that none can start another in answer to a death.
            signal_all(&living, Signal::SIGSTOP);
            let living = living_below(me);
            signal_all(&living, Signal::SIGKILL);
            let escaped = |process: &&Process| {
                let program = self.program.as_raw();
                outlived || process.group != program || process.session != program
            };
            survivors.extend(living.iter().filter(escaped).map(|process| process.pid));
            wait(Wake::Child, Some(ROUND));
        }
    }

    #[cfg(not(target_os = "linux"))]
    fn kill_rounds(&mut self, outlived: bool) -> Killed {
        let deadline = Instant::now() + KILL_LIMIT;
        loop {
            if self.is_gone() {
                return Killed { survivors: usize::from(outlived), left: 0 };
            }
            if Instant::now() > deadline {
                return Killed { survivors: usize::from(outlived), left: 1 };
            }
            let _ = killpg(self.program, Signal::SIGKILL);
            wait(Wake::Child, Some(ROUND));
        }
    }
}

#[cfg(target_os = "linux")]
fn living_below(root: i32) -> Vec<Process> {
    let mut processes = descendants::of(root);
    processes.retain(|process| !process.zombie);
    processes
}

#[cfg(target_os = "linux")]
fn signal_all(processes: &[Process], signal: Signal) {
    for process in processes {
        // It may have ended meanwhile. Its number cannot be another's yet: an orphan is waited for only by us, and
        // any other only by a parent that is stopped or dying.
        let _ = kill(Pid::from_raw(process.pid), signal);
    }
}

/// What a [`wait`] is for, beside the end of a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wake {
    /// Only that.
    Child,
    /// A word on the control socket too.
    Word,
}

/// Waits for the end of a child, for a word of the checker if that is wanted, or for the time to pass; says whether
/// there is a word. `SIGCHLD` is blocked at all other times, so that none is lost between looking and waiting.
pub(super) fn wait(wake: Wake, at_most: Option<Duration>) -> bool {
    let stdin = std::io::stdin();
    let mut control = FdSet::new();
    if wake == Wake::Word {
        control.insert(std::os::fd::AsFd::as_fd(&stdin));
    }
    let mut mask = SigSet::all();
    mask.remove(Signal::SIGCHLD);
    let timeout = at_most.map(|time| TimeSpec::nanoseconds(time.as_nanos() as i64));
    let ready = pselect(1, &mut control, None, None, timeout.as_ref(), &mask);
    ready.is_ok_and(|count| count > 0)
}

/// Kills what is left of a program whose supervisor was killed itself: its group, and on Linux its session. Says how
/// many of those are still there. What had left both is out of reach; a process id namespace holds against that.
pub(super) fn kill_without_supervisor(program: i32) -> usize {
    let _ = killpg(Pid::from_raw(program), Signal::SIGKILL);
    #[cfg(target_os = "linux")]
    {
        let deadline = Instant::now() + Duration::from_secs(1);
        loop {
            let mut living = descendants::in_session(program);
            living.retain(|process| !process.zombie);
            if living.is_empty() || Instant::now() > deadline {
                return living.len();
            }
            signal_all(&living, Signal::SIGKILL);
            #[expect(clippy::disallowed_methods, reason = "a drop cannot wait on the runtime, and this is 2 ms")]
            std::thread::sleep(ROUND);
        }
    }
    #[cfg(not(target_os = "linux"))]
    0
}
