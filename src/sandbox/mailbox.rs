//! The way to a process that serves copies of itself: wishes go in, one message each.

use std::io;
use std::os::fd::{AsFd as _, BorrowedFd, OwnedFd};
use std::sync::Arc;

use nix::sys::socket::{AddressFamily, MsgFlags, SockFlag, SockType, socketpair};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

use super::pass;

/// The end of a mailbox at which wishes are made. Whoever serves at the other end is told when the last copy of this is
/// gone.
#[derive(Clone, Debug)]
pub struct Mailbox(Arc<OwnedFd>);

impl Mailbox {
    /// A new mailbox, and the end at which it is served.
    pub(super) fn new() -> io::Result<(Mailbox, OwnedFd)> {
        let (ours, theirs) = socketpair(AddressFamily::Unix, SockType::SeqPacket, None, SockFlag::SOCK_CLOEXEC)?;
        Ok((Mailbox(Arc::new(ours)), theirs))
    }

    /// Resolves when whoever serves it has said that it is ready; with an error if it is gone instead.
    pub async fn ready(&self) -> io::Result<()> {
        let own = self.0.try_clone()?;
        // SAFETY: the descriptor is owned by what registers it, and so open as long as it is registered.
        let socket = unsafe { AsyncFd::register_with_interest(own, Interest::READABLE) }?;
        loop {
            let mut guard = socket.readable().await?;
            let heard = guard.try_io(|socket| {
                let (count, _) = pass::receive(socket.get_ref().as_fd(), &mut [0; 64], MsgFlags::MSG_DONTWAIT)?;
                if count == 0 { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
            });
            if let Ok(heard) = heard {
                return heard;
            }
        }
    }

    /// Whether both are ends of the same.
    #[must_use]
    pub fn is(&self, other: &Mailbox) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    pub(super) fn end(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}
