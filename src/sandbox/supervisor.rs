//! The supervisor: a process without threads that starts the program, adopts every orphan below it, tells how
//! things end, and leaves nothing behind. It lives exactly as long as the program's tree or the checker's interest.
//!
//! For a fully confined program it is process 1 of the program's own namespaces, and there is one more process: the
//! one that the checker started, outside, which waits for it and takes it along when it is killed.

use std::io;
use std::os::fd::{AsFd, AsRawFd as _, BorrowedFd, OwnedFd};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, FdFlag};
use nix::libc;
use nix::sys::resource::{Resource, setrlimit};
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction};
use nix::sys::socket::MsgFlags;
use nix::unistd::{dup2_raw, dup2_stderr, dup2_stdin, dup2_stdout};

use super::kill::Family;
use super::pass;
use super::protocol::{Event, IpVersion, Lines, MAILBOX, Request, Stage, Start, line};
use super::start::{Failure, Running};
use super::wait::{Wake, wait};

/// The whole life of a supervisor. `main` calls this before anything else when the first argument is
/// [`SUPERVISE`](super::SUPERVISE); standard input is then the control socket, standard output and standard error
/// are the program's.
#[must_use]
pub fn supervisor_main() -> ExitCode {
    let mut control = Control::default();
    let Some(Request::Start(start)) = control.next() else { return ExitCode::FAILURE };
    match prepare(&mut control).and_then(|mailbox| super::start::start(&start, mailbox)) {
        Ok(Running::Here(begun)) => {
            let mut family = Family { program: begun.program, exit: None, world: begun.world };
            let lister = begun.lister.as_ref().map(AsFd::as_fd);
            control.tell_with(&Event::Started { pid: begun.program.as_raw(), held: begun.held }, lister);
            match let_go_of_output() {
                Ok(()) => watch(&mut control, &mut family, begun.calls, memory_limit(&start)),
                Err(_) => drop(family.kill()),
            }
            ExitCode::SUCCESS
        }
        #[cfg(target_os = "linux")]
        Ok(Running::Inside(child, group)) => {
            let code = stand_by(child);
            drop(group);
            code
        }
        Err(Failure::Stage(stage, errno)) => {
            control.tell(&Event::Failed { stage, errno });
            ExitCode::FAILURE
        }
        Err(Failure::Refused(refusal)) => {
            control.tell(&Event::Refused(refusal));
            ExitCode::FAILURE
        }
        #[cfg(target_os = "linux")]
        Err(Failure::NotCopied(refusal)) => {
            control.tell(&Event::NotCopied(refusal));
            ExitCode::FAILURE
        }
    }
}

fn memory_limit(start: &Start) -> Option<u64> {
    start.confinement.as_ref().map(|confinement| confinement.limits.memory)
}

/// Waits outside for the supervisor inside, holding nothing that would keep a pipe or the control socket open.
#[cfg(target_os = "linux")]
fn stand_by(child: nix::unistd::Pid) -> ExitCode {
    let _ = nix::sys::prctl::set_dumpable(false);
    if let Ok(null) = std::fs::OpenOptions::new().read(true).write(true).open("/dev/null") {
        let _ = dup2_stdin(&null);
        let _ = dup2_stdout(&null);
        let _ = dup2_stderr(&null);
    }
    let _ = std::env::set_current_dir("/");
    while nix::sys::wait::waitpid(child, None) == Err(Errno::EINTR) {}
    ExitCode::SUCCESS
}

/// Waits for the program's end or for the checker's word, whichever is first, and does what is asked meanwhile.
fn watch(control: &mut Control, family: &mut Family, mut calls: Option<OwnedFd>, memory: Option<u64>) {
    let mut told = false;
    let mut guard = Guard::new(memory);
    loop {
        let gone = family.is_gone();
        if let (Some(exit), false) = (family.exit, told) {
            control.tell(&Event::Exited(exit.into()));
            told = true;
        }
        if gone {
            return control.tell(&Event::Ended);
        }
        let ready = wait(Wake::Word(calls.as_ref().map(AsFd::as_fd)), guard.pause());
        if ready.call {
            listen_for(control, calls.as_ref().map(AsFd::as_fd));
        } else if ready.no_more_calls {
            calls = None;
        }
        if ready.word && control.serve() == Word::Stop {
            family.is_gone();
            let exit = family.exit;
            let killed = family.kill();
            return control.tell(&Event::Stopped {
                survivors: killed.survivors,
                left: killed.left,
                exit: exit.map(Into::into),
            });
        }
        if let Some(limit) = guard.exceeded(family) {
            control.tell(&Event::MemoryExceeded { limit });
            family.kill();
        }
    }
}

#[cfg(target_os = "linux")]
fn listen_for(control: &mut Control, calls: Option<BorrowedFd<'_>>) {
    if let Some(calls) = calls
        && super::linux::notify::serve(calls)
    {
        control.tell(&Event::Listening);
    }
}

#[cfg(not(target_os = "linux"))]
fn listen_for(_control: &mut Control, _calls: Option<BorrowedFd<'_>>) {}

/// The watch over the memory that a program and its descendants use together.
struct Guard {
    limit: Option<u64>,
    next: Instant,
}

/// How often to look at what nobody tells: the memory; and where orphans are not ours, whether the group is gone.
#[cfg(target_os = "linux")]
const PERIOD: Duration = super::linux::memory::PERIOD;
#[cfg(not(target_os = "linux"))]
const PERIOD: Duration = Duration::from_millis(20);

impl Guard {
    fn new(limit: Option<u64>) -> Guard {
        Guard { limit: limit.filter(|_| cfg!(target_os = "linux")), next: Instant::now() + PERIOD }
    }

    /// How long to wait for other things before the next look.
    fn pause(&self) -> Option<Duration> {
        let looks = self.limit.is_some() || cfg!(not(target_os = "linux"));
        looks.then(|| self.next.saturating_duration_since(Instant::now()))
    }

    #[cfg(target_os = "linux")]
    fn exceeded(&mut self, family: &Family) -> Option<u64> {
        let limit = self.limit.filter(|_| Instant::now() >= self.next)?;
        self.next = Instant::now() + PERIOD;
        let pids = family.pids();
        super::linux::memory::exceed(&pids, limit).then_some(limit)
    }

    #[cfg(not(target_os = "linux"))]
    fn exceeded(&mut self, _family: &Family) -> Option<u64> {
        self.next = Instant::now() + PERIOD;
        None
    }
}

/// Makes this process fit to supervise: nothing open but the control socket, the program's pipes and a mailbox if one
/// came, and deaf to every signal but the end of a child. Gives the mailbox.
fn prepare(control: &mut Control) -> Result<Option<OwnedFd>, Failure> {
    let at = |errno: Errno| Failure::Stage(Stage::Supervisor, errno as i32);
    let mailbox = control.came_along.take().map(at_its_number).transpose().map_err(at)?;
    close_the_rest(mailbox.as_ref().map_or(MAILBOX, |_| MAILBOX + 1));
    SigSet::all().thread_set_mask().map_err(at)?;
    default_dispositions();
    let noticed = SigAction::new(SigHandler::Handler(on_child), SaFlags::empty(), SigSet::empty());
    // SAFETY: the handler does nothing at all, so it may run at any point.
    unsafe { sigaction(Signal::SIGCHLD, &noticed) }.map_err(at)?;
    // A crash must leave no file in the submission's folder. Lowering one's own limit cannot fail.
    let _ = setrlimit(Resource::RLIMIT_CORE, 0, 0);
    Ok(mailbox)
}

/// Gives a mailbox the number by which whoever serves it knows it, also after an `exec`.
fn at_its_number(mailbox: OwnedFd) -> nix::Result<OwnedFd> {
    if mailbox.as_raw_fd() == MAILBOX {
        nix::fcntl::fcntl(&mailbox, FcntlArg::F_SETFD(FdFlag::empty()))?;
        return Ok(mailbox);
    }
    // SAFETY: nothing in this process owns this number: it has only just read its first message.
    unsafe { dup2_raw(mailbox, MAILBOX) }
}

/// Makes `SIGCHLD` end a wait; by default it would be ignored.
extern "C" fn on_child(_signal: libc::c_int) {}

/// Closes what was inherited, from this number on: the program must get none of it.
fn close_the_rest(first: i32) {
    #[cfg(target_os = "linux")]
    {
        // SAFETY: nothing in this process owns one of them yet: it has only just read its first message.
        let done = unsafe { libc::syscall(libc::SYS_close_range, first, libc::c_uint::MAX, 0) };
        if done == 0 {
            return;
        }
    }
    // Linux before 5.9, and other systems. Whoever started the checker is unlikely to have left more open than this.
    for descriptor in first..1024 {
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

/// Gives up this process' own ends of the program's pipes, so that they end when the last process below does, and
/// leaves the program's folder, so that it can be removed.
fn let_go_of_output() -> io::Result<()> {
    let null = std::fs::OpenOptions::new().write(true).open("/dev/null")?;
    dup2_stdout(&null)?;
    dup2_stderr(&null)?;
    std::env::set_current_dir("/")
}

/// What the checker has said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    /// Nothing that ends the program.
    GoOn,
    /// To stop; the end of the stream means the same.
    Stop,
}

/// The supervisor's end of the control socket.
#[derive(Default)]
struct Control {
    lines: Lines,
    /// A descriptor that came along and that nobody has taken.
    came_along: Option<OwnedFd>,
}

impl Control {
    /// The next message; `None` when the checker is gone.
    fn next(&mut self) -> Option<Request> {
        loop {
            if let Some(request) = self.lines.next() {
                return Some(request);
            }
            if !self.hear() {
                return None;
            }
        }
    }

    /// Takes in what is there; false at the end of the stream.
    fn hear(&mut self) -> bool {
        let mut buffer = [0; 16 * 1024];
        match pass::receive(io::stdin().as_fd(), &mut buffer, MsgFlags::empty()) {
            Ok((count @ 1.., descriptors)) => {
                self.lines.push(&buffer[..count]);
                self.came_along = descriptors.into_iter().next().or(self.came_along.take());
                true
            }
            _ => false,
        }
    }

    /// Does what the checker asks for, without waiting for more than has come.
    fn serve(&mut self) -> Word {
        if !self.hear() {
            return Word::Stop;
        }
        while let Some(request) = self.lines.next() {
            match request {
                Request::Sockets { version, count } => (0..count).for_each(|_| self.give_socket(version)),
                Request::Stop => return Word::Stop,
                // Said once, before all this.
                Request::Start(_) => {}
            }
        }
        Word::GoOn
    }

    /// A TCP socket that is not connected yet, made in the program's network.
    fn give_socket(&mut self, version: IpVersion) {
        use nix::sys::socket::{AddressFamily, SockFlag, SockType, socket};
        let family = match version {
            IpVersion::V4 => AddressFamily::Inet,
            IpVersion::V6 => AddressFamily::Inet6,
        };
        match socket(family, SockType::Stream, SockFlag::empty(), None) {
            Ok(socket) => self.tell_with(&Event::Socket { version, errno: None }, Some(socket.as_fd())),
            Err(errno) => self.tell(&Event::Socket { version, errno: Some(errno as i32) }),
        }
    }

    /// Says something to the checker, who may be gone: then nobody needs to know.
    fn tell(&mut self, event: &Event) {
        self.tell_with(event, None);
    }

    fn tell_with(&mut self, event: &Event, along: Option<BorrowedFd<'_>>) {
        // A blocking socket takes the whole line: no signal that could cut it short gets through here.
        let _ = pass::send(io::stdin().as_fd(), &line(event), along.as_slice());
    }
}
