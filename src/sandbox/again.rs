//! This same binary once more: a child that does the work, beside a process that only waits for its end and so can say
//! how it ended.

#![expect(clippy::disallowed_types, reason = "this binary itself is started here")]

use std::ffi::OsString;
use std::io;
use std::os::unix::process::ExitStatusExt as _;
use std::process::Command;

use nix::sys::signal::{SigSet, Signal, kill};
use nix::unistd::{Pid, getppid};

use super::Exit;

/// How the child ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// With which code, or by which signal.
    pub exit: Exit,
    /// The last signal that asked this process to end, and was passed on.
    pub asked: Option<i32>,
}

/// Runs this binary with these arguments, tells its process id, passes on the signals that ask to end, and waits.
///
/// To be called by a process with a single thread. The child calls [`begin_again`] first.
///
/// # Errors
/// If it cannot be started or waited for.
pub fn run_again(arguments: &[OsString], began: impl FnOnce(i32)) -> io::Result<Ended> {
    let mut asking = SigSet::empty();
    [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP].into_iter().for_each(|signal| asking.add(signal));
    let mut all = asking;
    all.add(Signal::SIGCHLD);
    // Held back from here on, so that none is lost between two waits.
    let before = all.thread_swap_mask(nix::sys::signal::SigmaskHow::SIG_BLOCK)?;
    let mut child = Command::new(std::env::current_exe()?).args(arguments).spawn()?;
    let pid = child.id().cast_signed();
    began(pid);
    let mut asked = None;
    let exit = loop {
        if let Some(status) = child.try_wait()? {
            break match (status.code(), status.signal()) {
                (Some(code), _) => Exit::Code(code),
                (None, signal) => Exit::Signal(signal.unwrap_or_default()),
            };
        }
        let signal = all.wait()?;
        if asking.contains(signal) {
            asked = Some(signal as i32);
            // It is not waited for yet, so the number is still its own.
            let _ = kill(Pid::from_raw(pid), signal);
        }
    };
    before.thread_set_mask()?;
    Ok(Ended { exit, asked })
}

/// What a child of [`run_again`] does first: hears signals again, and ends with the process that started it, whose
/// process id is this. False if that is gone already.
#[must_use]
pub fn begin_again(parent: i32) -> bool {
    let heard = SigSet::empty().thread_set_mask().is_ok();
    #[cfg(target_os = "linux")]
    // Refused for numbers alone that are no signals.
    let _ = nix::sys::prctl::set_pdeathsig(Signal::SIGKILL);
    heard && getppid().as_raw() == parent
}
