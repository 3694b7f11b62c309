//! The way into the network of a program that has one of its own.

use std::io;
use std::net::SocketAddr;
use std::os::fd::OwnedFd;
use std::sync::Arc;

use tokio::net::{TcpSocket, TcpStream};

use super::line::Line;
#[cfg(target_os = "linux")]
pub use super::linux::passage::Passage;
use super::protocol::{IpVersion, Request, line};

/// How many sockets are asked for at once: asking takes longer than making one.
const AT_ONCE: usize = 8;

/// Connects to listeners in a program's own network.
///
/// A socket belongs to the network in which it was made, wherever it is used: the supervisor makes it inside and hands
/// it out. Every address leads into that network, so that nothing else can be reached this way.
#[derive(Clone, Debug)]
pub struct Entrance {
    line: Arc<Line>,
    passage: Option<Arc<Passage>>,
}

/// There are no other networks to go to.
#[cfg(not(target_os = "linux"))]
#[derive(Debug)]
pub enum Passage {}

#[cfg(not(target_os = "linux"))]
impl Passage {
    /// Does something in the other network, and comes back.
    ///
    /// # Errors
    /// Never.
    pub fn through<T>(&self, _: impl FnOnce() -> T) -> io::Result<T> {
        match *self {}
    }
}

impl Entrance {
    pub(super) fn new(line: Arc<Line>, passage: Option<Arc<Passage>>) -> Entrance {
        Entrance { line, passage }
    }

    /// The way for this process itself, if it may go there. It is shorter than a socket that has to be handed out.
    #[must_use]
    pub fn passage(&self) -> Option<Arc<Passage>> {
        self.passage.clone()
    }

    /// A connection to a listener.
    ///
    /// # Errors
    /// As `connect(2)`; `BrokenPipe` if the program and its network are gone.
    pub async fn connect(&self, address: SocketAddr) -> io::Result<TcpStream> {
        let version = if address.is_ipv4() { IpVersion::V4 } else { IpVersion::V6 };
        let at_hand = self.line.look().take_socket(version);
        let socket = match at_hand {
            Some(socket) => socket?,
            None => self.socket(version).await?,
        };
        let socket = std::net::TcpStream::from(socket);
        socket.set_nonblocking(true)?;
        TcpSocket::from_std_stream(socket).connect(address).await
    }

    /// Asks for sockets, and gives the first that comes; the others are at hand for the next connections.
    async fn socket(&self, version: IpVersion) -> io::Result<OwnedFd> {
        self.line.send(&line(&Request::Sockets { version, count: AT_ONCE })).await?;
        let gone = || io::Error::from(io::ErrorKind::BrokenPipe);
        self.line.until(|state| state.take_socket(version).or(state.over.map(|_| Err(gone())))).await
    }
}
