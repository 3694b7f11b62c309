//! The supervisor: a process without threads that starts the program, adopts every orphan below it, tells how
//! things end, and leaves nothing behind. It lives exactly as long as the program's tree or the checker's interest.

#![expect(clippy::disallowed_types, reason = "programs are started here and nowhere else")]

use std::io;
use std::os::fd::AsFd;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode, Stdio};

use nix::errno::Errno;
use nix::libc;
use nix::sys::resource::{Resource, setrlimit};
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction};
use nix::unistd::{Pid, dup2_stderr, dup2_stdout, read, setsid, write};

use super::kill::{Family, Wake, wait};
use super::protocol::{Event, Lines, Request, Stage, Start, line};

/// Where a start failed, and why.
type Failure = (Stage, i32);

/// The whole life of a supervisor. `main` calls this before anything else when the first argument is
/// [`SUPERVISE`](super::SUPERVISE); standard input is then the control socket, standard output and standard error
/// are the program's.
#[must_use]
pub fn supervisor_main() -> ExitCode {
    let mut control = Control::default();
    let Some(Request::Start(start)) = control.next() else { return ExitCode::FAILURE };
    match prepare().and_then(|()| start_program(&start)) {
        Ok(program) => {
            let mut family = Family { program, exit: None };
            control.tell(&Event::Started { pid: program.as_raw() });
            match let_go_of_output() {
                Ok(()) => watch(&mut control, &mut family),
                Err(_) => drop(family.kill()),
            }
            ExitCode::SUCCESS
        }
        Err((stage, errno)) => {
            control.tell(&Event::Failed { stage, errno });
            ExitCode::FAILURE
        }
    }
}

/// Waits for the program's end or for the checker's word, whichever is first.
fn watch(control: &mut Control, family: &mut Family) {
    let mut told = false;
    loop {
        let gone = family.is_gone();
        if let (Some(exit), false) = (family.exit, told) {
            control.tell(&Event::Exited(exit.into()));
            told = true;
        }
        if gone {
            return control.tell(&Event::Ended);
        }
        if wait(Wake::Word, look_again()) {
            // A word is either "stop" or the end of the stream, and both mean the same.
            family.is_gone();
            let exit = family.exit;
            let killed = family.kill();
            return control.tell(&Event::Stopped {
                survivors: killed.survivors,
                left: killed.left,
                exit: exit.map(Into::into),
            });
        }
    }
}

/// Where orphans are not ours, their end is no signal to us, so the group is looked at now and then.
fn look_again() -> Option<std::time::Duration> {
    if cfg!(target_os = "linux") { None } else { Some(std::time::Duration::from_millis(20)) }
}

/// Makes this process fit to supervise: nothing open but the control socket and the program's pipes, deaf to
/// every signal but the end of a child, and on Linux the one to whom orphans below fall.
fn prepare() -> Result<(), Failure> {
    let at = |errno: Errno| (Stage::Supervisor, errno as i32);
    close_the_rest();
    SigSet::all().thread_set_mask().map_err(at)?;
    default_dispositions();
    let noticed = SigAction::new(SigHandler::Handler(on_child), SaFlags::empty(), SigSet::empty());
    // SAFETY: the handler does nothing at all, so it may run at any point.
    unsafe { sigaction(Signal::SIGCHLD, &noticed) }.map_err(at)?;
    // A crash must leave no file in the submission's folder. Lowering one's own limit cannot fail.
    let _ = setrlimit(Resource::RLIMIT_CORE, 0, 0);
    #[cfg(target_os = "linux")]
    {
        nix::sys::prctl::set_child_subreaper(true).map_err(at)?;
        // The program, of the same user, shall not read or trace its supervisor.
        nix::sys::prctl::set_dumpable(false).map_err(at)?;
    }
    Ok(())
}

/// Makes `SIGCHLD` end a wait; by default it would be ignored.
extern "C" fn on_child(_signal: libc::c_int) {}

/// Closes what was inherited beyond the three standard descriptors: the program must get none of it.
fn close_the_rest() {
    #[cfg(target_os = "linux")]
    {
        // SAFETY: nothing in this process owns a descriptor above 2 yet: it has only just read its first message.
        let done = unsafe { libc::syscall(libc::SYS_close_range, 3, libc::c_uint::MAX, 0) };
        if done == 0 {
            return;
        }
    }
    // Linux before 5.9, and other systems. Whoever started the checker is unlikely to have left more open than this.
    for descriptor in 3..1024 {
        // SAFETY: as above.
        unsafe { libc::close(descriptor) };
    }
}

/// Undoes what was inherited as ignored (by `nohup`, by a shell's background job): a program that is started
/// should find signals as a terminal would give them.
fn default_dispositions() {
    for number in 1..=64 {
        // SAFETY: default dispositions run no code of ours; numbers without a signal are refused and do nothing.
        unsafe { libc::signal(number, libc::SIG_DFL) };
    }
}

fn start_program(start: &Start) -> Result<Pid, Failure> {
    let program = start.argv.first().ok_or((Stage::Program, libc::ENOENT))?;
    let errno = |error: io::Error| error.raw_os_error().unwrap_or(libc::EINVAL);
    std::env::set_current_dir(&start.cwd).map_err(|error| (Stage::Directory, errno(error)))?;
    let mut command = Command::new(program);
    command.args(&start.argv[1..]).env_clear().envs(start.env.iter().map(|(name, value)| (name, value)));
    command.stdin(Stdio::null());
    // SAFETY: both calls are async-signal-safe and allocate nothing, as is required between fork and exec.
    unsafe {
        command.pre_exec(|| {
            setsid()?;
            SigSet::empty().thread_set_mask()?;
            Ok(())
        });
    }
    let child = command.spawn().map_err(|error| (Stage::Program, errno(error)))?;
    Ok(Pid::from_raw(child.id() as i32))
}

/// Gives up this process' own ends of the program's pipes, so that they end when the last process below does, and
/// leaves the program's folder, so that it can be removed.
fn let_go_of_output() -> io::Result<()> {
    let null = std::fs::OpenOptions::new().write(true).open("/dev/null")?;
    dup2_stdout(&null)?;
    dup2_stderr(&null)?;
    std::env::set_current_dir("/")
}

/// The supervisor's end of the control socket.
#[derive(Default)]
struct Control {
    lines: Lines,
}

impl Control {
    /// The next message; `None` when the checker is gone.
    fn next(&mut self) -> Option<Request> {
        let stdin = io::stdin();
        let mut buffer = [0; 16 * 1024];
        loop {
            if let Some(request) = self.lines.next() {
                return Some(request);
            }
            match read(stdin.as_fd(), &mut buffer) {
                Ok(0) => return None,
                Ok(count) => self.lines.push(&buffer[..count]),
                Err(Errno::EINTR) => {}
                Err(_) => return None,
            }
        }
    }

    /// Says something to the checker, who may be gone: then nobody needs to know.
    fn tell(&mut self, event: &Event) {
        // A blocking socket takes the whole line: no signal that could cut it short gets through here.
        let _ = write(io::stdin().as_fd(), &line(event));
    }
}
