//! What checker and supervisor say to each other: one JSON object a line over a Unix stream socket, which is the
//! supervisor's standard input. Both ends are the same binary, so there are no versions. The end of the stream is
//! a message too: to the supervisor it means "kill everything", to the checker "the supervisor is gone". Some events
//! bring a descriptor along, in the order of the lines.

use std::ffi::OsString;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::Exit;
use super::confinement::Confinement;
use super::isolation::{Held, Refusal};

/// What the checker asks for.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Request {
    /// Start the program; always the first message and sent once.
    Start(Start),
    /// Make so many TCP sockets where the program is; each is answered by an [`Event::Socket`].
    Sockets { version: IpVersion, count: usize },
    /// Kill the program and all its descendants, answer [`Event::Stopped`], and end.
    Stop,
}

/// The program to start. Names need not be UTF-8.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Start {
    pub(super) argv: Vec<OsString>,
    pub(super) env: Vec<(OsString, OsString)>,
    pub(super) cwd: OsString,
    /// None for a program that runs as the checker itself does.
    pub(super) confinement: Option<Confinement>,
    pub(super) manner: Manner,
}

/// How a process becomes the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Manner {
    /// It executes it.
    Executed,
    /// It executes it, and a mailbox that comes along is its descriptor [`MAILBOX`].
    Serving,
    /// It is a copy of a program that is waiting at the other end of the mailbox that comes along.
    Copied,
}

/// The number of a mailbox in whoever serves it.
pub(super) const MAILBOX: i32 = 3;

/// Of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum IpVersion {
    V4,
    V6,
}

/// What the supervisor tells.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Event {
    /// The program runs: its `exec` succeeded. The pid is its session's and its process group's as well.
    /// Inside a process id namespace it is known by this number there only, and a descriptor comes along that lists
    /// the listeners of its network.
    Started { pid: i32, held: Held },
    /// The program could not be started.
    Failed { stage: Stage, errno: i32 },
    /// The program was not started, for this machine refuses to confine it so.
    Refused(Refusal),
    /// The program was to be a copy, and was not started.
    NotCopied(Refusal),
    /// The program listens, or is about to.
    Listening,
    /// A socket, as a descriptor that comes along; or the error number.
    Socket { version: IpVersion, errno: Option<i32> },
    /// The program and its descendants used more memory than they may, and are being ended.
    MemoryExceeded { limit: u64 },
    /// The program itself ended; descendants of it may live on.
    Exited(WireExit),
    /// The program and all its descendants are gone; the supervisor ends.
    Ended,
    /// The answer to [`Request::Stop`]; the supervisor ends.
    Stopped { survivors: usize, left: usize, exit: Option<WireExit> },
}

/// Where a start failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Stage {
    /// Preparing the supervisor.
    Supervisor,
    /// Entering the working directory.
    Directory,
    /// Making the process or executing the program in it.
    Program,
}

/// [`Exit`] as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum WireExit {
    Code(i32),
    Signal(i32),
}

impl From<Exit> for WireExit {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Code(code) => WireExit::Code(code),
            Exit::Signal(number) => WireExit::Signal(number),
            // Said in an event of its own.
            Exit::Memory { .. } => WireExit::Signal(nix::libc::SIGKILL),
        }
    }
}

impl From<WireExit> for Exit {
    fn from(exit: WireExit) -> Self {
        match exit {
            WireExit::Code(code) => Exit::Code(code),
            WireExit::Signal(number) => Exit::Signal(number),
        }
    }
}

/// A message as the bytes that go out, newline included.
pub(super) fn line(message: &impl Serialize) -> Vec<u8> {
    let mut bytes = serde_json::to_vec(message).expect("a message has no map keys that JSON cannot say");
    bytes.push(b'\n');
    bytes
}

/// Bytes that came in and are not yet a whole line.
#[derive(Debug, Default)]
pub(super) struct Lines {
    pending: Vec<u8>,
}

impl Lines {
    /// Adds what was read.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.pending.extend_from_slice(bytes);
    }

    /// The next whole message. A line that says nothing known is passed over: only a fault of this binary could
    /// have written it, and the end of the stream still ends both sides.
    pub(super) fn next<T: DeserializeOwned>(&mut self) -> Option<T> {
        while let Some(end) = self.pending.iter().position(|&byte| byte == b'\n') {
            let line: Vec<u8> = self.pending.drain(..=end).collect();
            if let Ok(message) = serde_json::from_slice(&line) {
                return Some(message);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::ffi::OsStringExt;

    use super::super::confinement::{Form, Layer, Level, Limits, Network, Place};
    use super::*;

    #[test]
    fn messages_survive_any_cut_between_reads() {
        let sent =
            [Event::Started { pid: 7, held: Held::default() }, Event::Exited(Exit::Signal(9).into()), Event::Ended];
        let bytes: Vec<u8> = sent.iter().flat_map(line).collect();
        for cut in 0..bytes.len() {
            let mut lines = Lines::default();
            let mut came = Vec::new();
            for part in [&bytes[..cut], &bytes[cut..]] {
                lines.push(part);
                came.extend(std::iter::from_fn(|| lines.next::<Event>()));
            }
            assert_eq!(came, sent);
        }
    }

    #[test]
    fn names_that_are_not_utf8_arrive_unchanged() {
        let odd = OsString::from_vec(b"\xff\n\x01\"".to_vec());
        let sent = || {
            let place = Place::new(odd.clone(), Form::Throwaway { layer: Some(Layer(odd.clone().into())) });
            let confinement = Confinement {
                level: Level::Full,
                places: vec![place],
                network: Network::Own,
                limits: Limits::of_a_server(1),
                user: None,
            };
            Request::Start(Start {
                argv: vec![odd.clone()],
                env: vec![(odd.clone(), odd.clone())],
                cwd: odd.clone(),
                confinement: Some(confinement),
                manner: Manner::Executed,
            })
        };
        let mut lines = Lines::default();
        lines.push(&line(&sent()));
        assert_eq!(lines.next::<Request>(), Some(sent()));
        assert_eq!(lines.next::<Request>(), None);
    }

    #[test]
    fn an_unknown_line_is_passed_over() {
        let mut lines = Lines::default();
        lines.push(b"noise\n");
        lines.push(&line(&Request::Stop));
        assert_eq!(lines.next::<Request>(), Some(Request::Stop));
    }
}
