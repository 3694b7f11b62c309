//! The end of a program and of everything that it started, from inside the supervisor.

use std::time::{Duration, Instant};

use nix::errno::Errno;
#[cfg(target_os = "linux")]
use nix::sys::signal::kill;
use nix::sys::signal::{Signal, killpg};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

use super::Exit;
#[cfg(target_os = "linux")]
use super::descendants::{self, Process};
#[cfg(not(target_os = "linux"))]
use super::fallback;
use super::wait::{Wake, wait};

/// How long processes that do not go are killed again and again. What is left then waits in the kernel for a
/// device, or belongs to another user.
const KILL_LIMIT: Duration = Duration::from_secs(5);

/// The pause between two rounds; the end of a child cuts it short.
const ROUND: Duration = Duration::from_millis(2);

/// How long a group takes at most to end when it is killed, as a rule: the kernel has its memory to free.
const DYING: Duration = Duration::from_millis(20);

/// The program, as its supervisor sees it.
#[derive(Debug)]
pub(super) struct Family {
    /// The program's pid; its session's and process group's too.
    pub(super) program: Pid,
    /// How the program itself ended, once it was waited for.
    pub(super) exit: Option<Exit>,
    /// Where its descendants are to be found.
    pub(super) world: World,
}

/// Where the descendants of a program live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum World {
    /// Among all the machine's processes, below the supervisor.
    Tree,
    /// In a process id namespace whose process 1 the supervisor is: nobody else is there.
    #[cfg(target_os = "linux")]
    Namespace,
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
        #[cfg(target_os = "linux")]
        if self.world == World::Namespace {
            return self.kill_namespace(outlived);
        }
        if !outlived {
            // Only while the program has not been waited for is its number certain to be still its own.
            let _ = killpg(self.program, Signal::SIGKILL);
            // Mostly that is all of them, and there is nobody to look for.
            self.wait_for_group();
        }
        self.kill_rounds(outlived)
    }

    /// Waits until nothing is left of the program, or only what is not of its group, or for so long.
    fn wait_for_group(&mut self) {
        let deadline = Instant::now() + DYING;
        while !self.is_gone() && killpg(self.program, None).is_ok() {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            wait(Wake::Child, Some(left));
        }
    }

    /// Every living process below this one.
    #[cfg(target_os = "linux")]
    pub(super) fn living(&self) -> Vec<Process> {
        match self.world {
            World::Tree => living_below(Pid::this().as_raw()),
            World::Namespace => {
                let all = self.pids().into_iter().filter_map(descendants::process);
                all.filter(|process| !process.zombie).collect()
            }
        }
    }

    /// The pids of all processes below this one.
    #[cfg(target_os = "linux")]
    pub(super) fn pids(&self) -> Vec<i32> {
        match self.world {
            World::Tree => self.living().iter().map(|process| process.pid).collect(),
            // Nobody else is there. One look at the list makes the kernel remember little of each process.
            World::Namespace => descendants::pids().into_iter().filter(|&pid| pid != Pid::this().as_raw()).collect(),
        }
    }

    /// Whether a process had to be found, because it had left the program's group or session or outlived it.
    #[cfg(target_os = "linux")]
    fn has_escaped(&self, process: &Process, outlived: bool) -> bool {
        let program = self.program.as_raw();
        outlived || process.group != program || process.session != program
    }

    /// Kills everybody in the namespace but this process, in one call that no fork can outrun, and waits for them.
    #[cfg(target_os = "linux")]
    fn kill_namespace(&mut self, outlived: bool) -> Killed {
        let survivors = self.living().iter().filter(|process| self.has_escaped(process, outlived)).count();
        let deadline = Instant::now() + KILL_LIMIT;
        loop {
            let _ = kill(Pid::from_raw(-1), Signal::SIGKILL);
            if self.is_gone() {
                return Killed { survivors, left: 0 };
            }
            if Instant::now() > deadline {
                return Killed { survivors, left: self.living().len() };
            }
            wait(Wake::Child, Some(ROUND));
        }
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
            let escaped = living.iter().filter(|process| self.has_escaped(process, outlived));
            survivors.extend(escaped.map(|process| process.pid));
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
