//! A thread's way into a network that is not its own, and back.

use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd as _, BorrowedFd, FromRawFd as _, OwnedFd};

use nix::errno::Errno;
use nix::sched::{CloneFlags, setns};

/// Lets a thread be in another network for a moment: what sockets it makes there stay there.
///
/// Only those may go who have every right over both networks: root, where nothing takes that from it.
#[derive(Debug)]
pub struct Passage {
    there: OwnedFd,
    here: OwnedFd,
}

impl Passage {
    /// The way into the network that a socket belongs to, if this thread may go there.
    pub(in super::super) fn to_network_of(socket: BorrowedFd<'_>) -> io::Result<Passage> {
        // SAFETY: the call takes no pointer, and gives a descriptor of the socket's network (netdevice's SIOCGSKNS).
        let there = Errno::result(unsafe { libc::ioctl(socket.as_raw_fd(), libc::SIOCGSKNS as _) })?;
        // SAFETY: it is new and nobody else's.
        let there = unsafe { OwnedFd::from_raw_fd(there) };
        let here: OwnedFd = File::open("/proc/thread-self/ns/net")?.into();
        // In a user namespace of its own, root may go where it could not come back from: hence this way first.
        setns(&here, CloneFlags::CLONE_NEWNET)?;
        let passage = Passage { there, here };
        passage.through(|| ())?;
        Ok(passage)
    }

    /// Does something in the other network, and comes back.
    ///
    /// # Errors
    /// If the other network cannot be entered; then nothing was done.
    pub fn through<T>(&self, act: impl FnOnce() -> T) -> io::Result<T> {
        setns(&self.there, CloneFlags::CLONE_NEWNET)?;
        let back = Back(&self.here);
        let done = act();
        drop(back);
        Ok(done)
    }
}

/// Brings the thread back, in a panic too.
struct Back<'p>(&'p OwnedFd);

impl Drop for Back<'_> {
    fn drop(&mut self) {
        if setns(self.0, CloneFlags::CLONE_NEWNET).is_err() {
            // Nothing that this thread does from here on would be where it is meant to be.
            std::process::abort();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::os::fd::AsFd as _;
    use std::panic::catch_unwind;

    use nix::sched::unshare;

    use super::*;

    /// The network that this thread is in, as the kernel numbers it.
    fn network() -> std::path::PathBuf {
        std::fs::read_link("/proc/thread-self/ns/net").unwrap()
    }

    /// A socket in a network of its own, and that network. Only root may make one so.
    fn elsewhere() -> nix::Result<(TcpListener, std::path::PathBuf)> {
        let made = std::thread::spawn(|| {
            unshare(CloneFlags::CLONE_NEWNET)?;
            Ok((TcpListener::bind("0.0.0.0:0").unwrap(), network()))
        });
        made.join().unwrap()
    }

    #[test]
    fn a_thread_is_there_for_a_moment_and_comes_back_from_a_panic_too() {
        let own = network();
        let socket = TcpListener::bind("127.0.0.1:0").unwrap();
        let (there, passage) = match elsewhere() {
            Ok((socket, there)) => (there, Passage::to_network_of(socket.as_fd()).unwrap()),
            Err(refused) => {
                assert_eq!(refused, Errno::EPERM);
                let refused = Passage::to_network_of(socket.as_fd()).unwrap_err();
                assert_eq!(refused.kind(), io::ErrorKind::PermissionDenied);
                return;
            }
        };
        assert_ne!(there, own);
        assert_eq!(passage.through(network).unwrap(), there);
        assert_eq!(network(), own);
        assert!(catch_unwind(std::panic::AssertUnwindSafe(|| passage.through(|| panic!("over there")))).is_err());
        assert_eq!(network(), own);
    }
}
