//! The checker's end of the line to a supervisor, and what has been said over it.

use std::collections::VecDeque;
use std::io;
use std::os::fd::{AsFd as _, AsRawFd as _, BorrowedFd, OwnedFd};
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags};
use nix::sys::signal::Signal;
use nix::sys::socket::{MsgFlags, Shutdown, shutdown};
use tokio::io::Interest;
use tokio::net::UnixStream;
use tokio::sync::Notify;

use super::kill::kill_without_supervisor;
use super::pass;
use super::protocol::{Event, IpVersion, Lines};
use super::{Exit, Teardown};

/// The control socket. Several may wait for what is said: the program's end, a socket, the moment it listens.
#[derive(Debug)]
pub(super) struct Line {
    socket: UnixStream,
    state: Mutex<State>,
    /// Whoever looks takes in what is there for all, and wakes the others.
    news: Notify,
    /// The program's pid, for the case that its supervisor is lost; 0 where killing the supervisor is enough.
    program: AtomicI32,
}

/// What the supervisor has told so far.
#[derive(Debug, Default)]
pub(super) struct State {
    lines: Lines,
    descriptors: VecDeque<OwnedFd>,
    /// The answer to the start.
    pub(super) first: Option<Event>,
    /// How the program itself ended.
    pub(super) exit: Option<Exit>,
    /// Why there is nothing left to supervise.
    pub(super) over: Option<Over>,
    /// Whether the program was heard to listen, and nobody has asked since.
    pub(super) listening: bool,
    /// The limit on memory, in bytes, if the program was ended for that.
    exceeded_memory: Option<u64>,
    /// Sockets that were asked for.
    sockets: Vec<(IpVersion, io::Result<OwnedFd>)>,
    /// Whether the stream has ended.
    pub(super) closed: bool,
}

/// Why there is nothing left to supervise.
#[derive(Clone, Copy, Debug)]
pub(super) enum Over {
    /// The program and all its descendants ended.
    Ended,
    /// They were told to.
    Stopped(Teardown),
    /// The supervisor went without a word: it was killed.
    Lost,
}

impl Line {
    /// The line over this socket. Needs the runtime.
    pub(super) fn new(socket: std::os::unix::net::UnixStream) -> io::Result<Line> {
        socket.set_nonblocking(true)?;
        Ok(Line {
            socket: UnixStream::from_std(socket)?,
            state: Mutex::default(),
            news: Notify::new(),
            program: AtomicI32::new(0),
        })
    }

    /// Remembers whom to kill if the supervisor is lost.
    pub(super) fn know(&self, program: i32) {
        self.program.store(program, Ordering::Relaxed);
    }

    /// The state after everything that the supervisor has said up to this moment. Asks the socket itself: tokio
    /// learns of it only when it next waits.
    pub(super) fn look(&self) -> MutexGuard<'_, State> {
        let mut state = lock(&self.state);
        let mut buffer = [0; 4096];
        let mut heard = false;
        while !state.closed {
            match pass::receive(self.socket.as_fd(), &mut buffer, MsgFlags::MSG_DONTWAIT) {
                Ok((count @ 1.., descriptors)) => {
                    state.descriptors.extend(descriptors);
                    state.hear(&buffer[..count]);
                }
                Err(Errno::EAGAIN) => break,
                _ => state.closed = true,
            }
            heard = true;
        }
        if state.closed && state.over.is_none() {
            state.over = Some(Over::Lost);
            let program = self.program.load(Ordering::Relaxed);
            if program > 0 {
                kill_without_supervisor(program);
            }
        }
        if heard {
            self.news.notify_waiters();
        }
        state
    }

    /// Waits until what the supervisor says makes `wanted` give something; its end must. Safe to cancel.
    pub(super) async fn until<T>(&self, mut wanted: impl FnMut(&mut State) -> Option<T>) -> T {
        loop {
            // From here on no news is missed, whoever takes it in.
            let news = self.news.notified();
            tokio::pin!(news);
            news.as_mut().enable();
            let closed = {
                let mut state = self.look();
                if let Some(found) = wanted(&mut state) {
                    return found;
                }
                state.closed
            };
            if closed {
                // Nothing more will be said; the end of the stream would be readable for ever.
                return std::future::pending().await;
            }
            tokio::select! {
                () = news => {}
                readable = self.socket.readable() => {
                    // The runtime's shutdown is the only error, and then nothing polls this any more.
                    if readable.is_err() {
                        return std::future::pending().await;
                    }
                    let heard = || wanted(&mut self.look()).ok_or(io::ErrorKind::WouldBlock.into());
                    if let Ok(found) = self.socket.try_io(Interest::READABLE, heard) {
                        return found;
                    }
                }
            }
        }
    }

    /// Says something.
    pub(super) async fn send(&self, bytes: &[u8]) -> io::Result<()> {
        self.send_with(bytes, None).await
    }

    /// The same, with a descriptor.
    pub(super) async fn send_with(&self, mut bytes: &[u8], along: Option<BorrowedFd<'_>>) -> io::Result<()> {
        let mut along = along.as_slice();
        while !bytes.is_empty() {
            self.socket.writable().await?;
            match self.socket.try_io(Interest::WRITABLE, || Ok(pass::send(self.socket.as_fd(), bytes, along)?)) {
                Ok(sent) => (bytes, along) = (&bytes[sent..], &[]),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// A descriptor that came along and that no later event has taken.
    #[cfg(target_os = "linux")]
    pub(super) fn take_descriptor(&self) -> Option<OwnedFd> {
        lock(&self.state).descriptors.pop_front()
    }

    /// Says nothing more: the supervisor ends everything.
    pub(super) fn close(&self) {
        let _ = shutdown(self.socket.as_raw_fd(), Shutdown::Write);
    }

    /// Blocks until there is something to hear, the end included; false when the deadline came first.
    pub(super) fn wait_readable(&self, deadline: Instant) -> bool {
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            match poll_for(&mut [PollFd::new(self.socket.as_fd(), PollFlags::POLLIN)], left) {
                Ok(count) if count > 0 => return true,
                Ok(_) | Err(Errno::EINTR) => {}
                Err(_) => return false,
            }
        }
    }
}

/// `poll(2)` that knows less than a millisecond.
#[cfg(target_os = "linux")]
fn poll_for(wanted: &mut [PollFd<'_>], time: Duration) -> nix::Result<i32> {
    nix::poll::ppoll(wanted, Some(nix::sys::time::TimeSpec::from_duration(time)), None)
}

#[cfg(not(target_os = "linux"))]
fn poll_for(wanted: &mut [PollFd<'_>], time: Duration) -> nix::Result<i32> {
    nix::poll::poll(wanted, nix::poll::PollTimeout::try_from(time).unwrap_or(nix::poll::PollTimeout::MAX))
}

impl State {
    fn hear(&mut self, bytes: &[u8]) {
        self.lines.push(bytes);
        while let Some(event) = self.lines.next() {
            match event {
                Event::Started { .. } | Event::Failed { .. } | Event::Refused(_) | Event::NotCopied(_) => {
                    self.first = Some(event);
                }
                Event::Exited(exit) => self.exit = Some(self.ended_by_itself(exit.into())),
                Event::Listening => self.listening = true,
                Event::MemoryExceeded { limit } => self.exceeded_memory = Some(limit),
                Event::Socket { version, errno } => {
                    let socket = match errno {
                        None => self.descriptors.pop_front().ok_or(io::ErrorKind::InvalidData.into()),
                        Some(errno) => Err(io::Error::from_raw_os_error(errno)),
                    };
                    self.sockets.push((version, socket));
                }
                Event::Ended => self.over = Some(Over::Ended),
                Event::Stopped { survivors, left, exit } => {
                    let exit = exit.map(|exit| self.ended_by_itself(exit.into()));
                    self.exit = self.exit.or(exit);
                    self.over = Some(Over::Stopped(Teardown { survivors, left, exit }));
                }
            }
        }
    }

    /// A socket that was asked for. One that nobody waits for any more serves the next who asks.
    pub(super) fn take_socket(&mut self, version: IpVersion) -> Option<io::Result<OwnedFd>> {
        let place = self.sockets.iter().position(|(made, _)| *made == version)?;
        Some(self.sockets.remove(place).1)
    }

    /// A program that was killed for its memory has not merely been killed.
    fn ended_by_itself(&self, exit: Exit) -> Exit {
        match (self.exceeded_memory, exit) {
            (Some(limit), Exit::Signal(_)) => Exit::Memory { limit },
            _ => exit,
        }
    }

    /// How a tree that is over ended: as its program did, or killed.
    pub(super) fn final_exit(&self) -> Exit {
        self.exit.unwrap_or(self.ended_by_itself(Exit::Signal(Signal::SIGKILL as i32)))
    }
}

/// A lock whose holder panicked is as good as any: no state here is ever left half changed.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
