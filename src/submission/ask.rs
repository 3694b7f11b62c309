//! Asking a program of this machine one question, within bounds.

#![expect(clippy::disallowed_types, reason = "it is asked before there is anything to supervise, and ended at once")]

use std::ffi::OsStr;
use std::io::Read;
use std::os::fd::AsFd;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

/// How long a program may take to answer. Most need a tenth of a second; on a machine that grades a cohort beside other
/// work, a shim that starts several processes was seen to need more than five.
const TIME_LIMIT: Duration = Duration::from_secs(20);

/// How much of an answer is read, in bytes.
const SIZE_LIMIT: usize = 64 * 1024;

/// How much of an answer is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// The first whole line, without its end. There is no answer without one.
    FirstLine,
    /// Everything until the program closes its output.
    Everything,
}

/// What a program writes to its standard output in this folder, which must not be a submission's unless the program
/// is known to read nothing there. None if it does not start, says too much, or takes longer than twenty seconds.
pub(crate) fn ask(program: &Path, arguments: &[&str], folder: &Path, wanted: Wanted) -> Option<String> {
    ask_until(program, arguments, folder, wanted, Instant::now() + TIME_LIMIT)
}

fn ask_until(
    program: &Path,
    arguments: &[impl AsRef<OsStr>],
    folder: &Path,
    wanted: Wanted,
    deadline: Instant,
) -> Option<String> {
    let mut child = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .ok()?;
    let answer = answer(&mut child, wanted, deadline);
    // It has said what it had to say or is too late; either way nobody waits for it, or for what it started.
    let _ = killpg(Pid::from_raw(child.id().cast_signed()), Signal::SIGKILL);
    let _ = child.kill();
    let _ = child.wait();
    String::from_utf8(answer?).ok()
}

/// What a child writes before the deadline.
fn answer(child: &mut Child, wanted: Wanted, deadline: Instant) -> Option<Vec<u8>> {
    let mut output = child.stdout.take()?;
    let mut answer = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let timeout = PollTimeout::try_from(left).ok()?;
        if poll(&mut [PollFd::new(output.as_fd(), PollFlags::POLLIN)], timeout).ok()? == 0 {
            return None;
        }
        let read = output.read(&mut buffer).ok()?;
        answer.extend_from_slice(&buffer[..read]);
        let end = answer.iter().position(|&byte| byte == b'\n');
        match (wanted, end, read) {
            (Wanted::FirstLine, Some(end), _) => {
                answer.truncate(end);
                return Some(answer);
            }
            (Wanted::FirstLine, None, 0) => return None,
            (Wanted::Everything, _, 0) => return Some(answer),
            _ if answer.len() > SIZE_LIMIT => return None,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str, wanted: Wanted, limit: Duration) -> Option<String> {
        ask_until(Path::new("/bin/sh"), &["-c", script], Path::new("/"), wanted, Instant::now() + limit)
    }

    #[test]
    fn the_first_line_is_enough_even_of_a_program_that_goes_on() {
        let answer = shell("echo one; echo two; exec sleep 60", Wanted::FirstLine, TIME_LIMIT);
        assert_eq!(answer.as_deref(), Some("one"));
        assert_eq!(shell("echo one; echo two", Wanted::Everything, TIME_LIMIT).as_deref(), Some("one\ntwo\n"));
        assert_eq!(shell("printf one", Wanted::FirstLine, TIME_LIMIT), None);
    }

    #[test]
    fn a_program_that_is_silent_or_never_stops_talking_is_not_waited_for() {
        let started = Instant::now();
        assert_eq!(shell("exec sleep 60", Wanted::Everything, Duration::from_millis(50)), None);
        assert_eq!(shell("while :; do echo x; done", Wanted::Everything, TIME_LIMIT), None);
        assert!(started.elapsed() < TIME_LIMIT);
    }

    #[test]
    fn what_it_started_ends_with_it() {
        let pid = shell("sleep 60 & echo $!; wait", Wanted::FirstLine, TIME_LIMIT).unwrap();
        let pid = Pid::from_raw(pid.parse().unwrap());
        let deadline = Instant::now() + TIME_LIMIT;
        // Killed at once, reaped by whoever inherits it: a zombie counts as ended.
        let runs = || {
            let state = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
            state.rsplit(')').next().is_some_and(|rest| !rest.trim().is_empty() && !rest.trim().starts_with('Z'))
        };
        while runs() {
            assert!(Instant::now() < deadline, "still running");
            std::thread::yield_now();
        }
    }
}
