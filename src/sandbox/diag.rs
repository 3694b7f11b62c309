//! The kernel's own list of listening TCP sockets: a `sock_diag` dump over netlink (sock_diag(7)).
//!
//! About 20 µs for both families, whatever the number of connections: the kernel keeps listeners in a table of
//! their own. `/proc/net/tcp` walks all connections and costs a hundred times that.

use std::io;
use std::net::SocketAddr;
use std::os::fd::{FromRawFd as _, IntoRawFd as _, OwnedFd};

use netlink_packet_core::{NLM_F_DUMP, NLM_F_REQUEST, NetlinkHeader, NetlinkMessage, NetlinkPayload};
use netlink_packet_sock_diag::SockDiagMessage;
use netlink_packet_sock_diag::constants::{AF_INET, AF_INET6, IPPROTO_TCP};
use netlink_packet_sock_diag::inet::{ExtensionFlags, InetRequest, SocketId, StateFlags};
use netlink_sys::Socket;
use netlink_sys::protocols::NETLINK_SOCK_DIAG;

/// A listening TCP socket of this machine (of this network namespace).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Listening {
    pub(super) addr: SocketAddr,
    /// The socket's number, as `/proc/PID/fd` shows it; 0 for one that no process holds any more.
    pub(super) inode: u32,
}

/// An open question line to the kernel. It sees the network namespace in which it was opened.
#[derive(Debug)]
pub(super) struct Diag {
    socket: Socket,
    buffer: Vec<u8>,
}

/// Given away to a process of another network namespace, it still sees its own.
impl From<Diag> for OwnedFd {
    fn from(diag: Diag) -> OwnedFd {
        // SAFETY: the number comes out of what owned it, and nobody else has it.
        unsafe { OwnedFd::from_raw_fd(diag.socket.into_raw_fd()) }
    }
}

impl From<OwnedFd> for Diag {
    fn from(socket: OwnedFd) -> Diag {
        // SAFETY: as above.
        Diag { socket: unsafe { Socket::from_raw_fd(socket.into_raw_fd()) }, buffer: Vec::with_capacity(BUFFER) }
    }
}

/// The kernel fills at most 32 KiB of a dump at a time (netlink_dump).
const BUFFER: usize = 32 * 1024;

impl Diag {
    /// Fails where sockets of this family are forbidden or unknown (a strict seccomp profile, gVisor).
    pub(super) fn open() -> io::Result<Diag> {
        Ok(Diag { socket: Socket::new(NETLINK_SOCK_DIAG)?, buffer: Vec::with_capacity(BUFFER) })
    }

    /// All listeners at this moment, IPv4 before IPv6.
    pub(super) fn listening(&mut self) -> io::Result<Vec<Listening>> {
        let mut found = Vec::new();
        self.dump(AF_INET, SocketId::new_v4(), &mut found)?;
        match self.dump(AF_INET6, SocketId::new_v6(), &mut found) {
            // A kernel without IPv6 does not know the question.
            Err(error) if error.raw_os_error() == Some(libc::ENOENT) => {}
            other => other?,
        }
        Ok(found)
    }

    fn dump(&mut self, family: u8, socket_id: SocketId, found: &mut Vec<Listening>) -> io::Result<()> {
        self.socket.send(&question(family, socket_id), 0)?;
        loop {
            self.buffer.clear();
            self.socket.recv(&mut self.buffer, 0)?;
            if read_answer(&self.buffer, found)? == Answer::Last {
                return Ok(());
            }
        }
    }
}

fn question(family: u8, socket_id: SocketId) -> Vec<u8> {
    let mut header = NetlinkHeader::default();
    header.flags = NLM_F_REQUEST | NLM_F_DUMP;
    let request = InetRequest {
        family,
        protocol: IPPROTO_TCP,
        extensions: ExtensionFlags::empty(),
        states: StateFlags::LISTEN,
        socket_id,
    };
    let mut message = NetlinkMessage::new(header, SockDiagMessage::InetRequest(request).into());
    message.finalize();
    let mut bytes = vec![0; message.buffer_len()];
    message.serialize(&mut bytes);
    bytes
}

#[derive(PartialEq)]
enum Answer {
    More,
    Last,
}

/// Reads the messages of one datagram.
fn read_answer(mut bytes: &[u8], found: &mut Vec<Listening>) -> io::Result<Answer> {
    while !bytes.is_empty() {
        let message = NetlinkMessage::<SockDiagMessage>::deserialize(bytes).map_err(io::Error::other)?;
        match message.payload {
            NetlinkPayload::InnerMessage(SockDiagMessage::InetResponse(socket)) => {
                let id = &socket.header.socket_id;
                found.push(Listening { addr: (id.source_address, id.source_port).into(), inode: socket.header.inode });
            }
            NetlinkPayload::Done(_) => return Ok(Answer::Last),
            NetlinkPayload::Error(error) => return Err(error.to_io()),
            _ => {}
        }
        let length = (message.header.length as usize).next_multiple_of(4);
        bytes = bytes.get(length..).unwrap_or_default();
    }
    Ok(Answer::More)
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn a_listener_is_in_the_list_only_while_it_lives() {
        let mut diag = Diag::open().unwrap();
        for ip in ["127.0.0.1", "::1", "0.0.0.0"] {
            let listener = TcpListener::bind((ip, 0)).unwrap();
            let addr = listener.local_addr().unwrap();
            let count = |diag: &mut Diag| diag.listening().unwrap().iter().filter(|one| one.addr == addr).count();
            assert_eq!(count(&mut diag), 1, "{addr}");
            drop(listener);
            assert_eq!(count(&mut diag), 0, "{addr}");
        }
    }

    #[test]
    fn more_listeners_than_one_answer_holds_are_all_found() {
        let listeners: Vec<_> = (0..400).map(|_| TcpListener::bind("127.0.0.1:0").unwrap()).collect();
        let found = Diag::open().unwrap().listening().unwrap();
        for listener in &listeners {
            let addr = listener.local_addr().unwrap();
            assert!(found.iter().any(|one| one.addr == addr));
        }
    }
}
