//! The way into the network of a program that has one of its own.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::{TcpSocket, TcpStream};

use super::line::Line;
use super::protocol::{IpVersion, Request, line};

/// Connects to listeners in a program's own network.
///
/// A socket belongs to the network in which it was made, wherever it is used: the supervisor makes it inside and hands
/// it out. Every address leads into that network, so that nothing else can be reached this way.
#[derive(Clone, Debug)]
pub struct Entrance {
    line: Arc<Line>,
}

impl Entrance {
    pub(super) fn new(line: Arc<Line>) -> Entrance {
        Entrance { line }
    }

    /// A connection to a listener.
    ///
    /// # Errors
    /// As `connect(2)`; `BrokenPipe` if the program and its network are gone.
    pub async fn connect(&self, address: SocketAddr) -> io::Result<TcpStream> {
        let version = if address.is_ipv4() { IpVersion::V4 } else { IpVersion::V6 };
        self.line.send(&line(&Request::Socket { version })).await?;
        let gone = || io::Error::from(io::ErrorKind::BrokenPipe);
        let socket = self.line.until(|state| state.take_socket(version).or(state.over.map(|_| Err(gone())))).await?;
        let socket = std::net::TcpStream::from(socket);
        socket.set_nonblocking(true)?;
        TcpSocket::from_std_stream(socket).connect(address).await
    }
}
