//! Messages over a Unix socket with descriptors along (`SCM_RIGHTS`, unix(7)).

use std::io::{IoSlice, IoSliceMut};
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};

use nix::errno::Errno;
use nix::sys::socket::{ControlMessage, ControlMessageOwned, MsgFlags, recvmsg, sendmsg};

/// A peer that is gone is an answer, not a signal.
#[cfg(target_os = "linux")]
pub(super) const QUIET: MsgFlags = MsgFlags::MSG_NOSIGNAL;
/// Rust programs ignore `SIGPIPE` from their start; elsewhere that has to do.
#[cfg(not(target_os = "linux"))]
pub(super) const QUIET: MsgFlags = MsgFlags::empty();

/// Sends bytes, and descriptors with the first of them. Says how many bytes went.
pub(super) fn send(socket: BorrowedFd<'_>, bytes: &[u8], along: &[BorrowedFd<'_>]) -> nix::Result<usize> {
    let descriptors: Vec<RawFd> = along.iter().map(AsRawFd::as_raw_fd).collect();
    let rights = [ControlMessage::ScmRights(&descriptors)];
    let control = if descriptors.is_empty() { &[][..] } else { &rights[..] };
    sendmsg::<()>(socket.as_raw_fd(), &[IoSlice::new(bytes)], control, QUIET, None)
}

/// Receives what is there into `buffer`, and the descriptors that came along. None bytes is the end of the stream.
pub(super) fn receive(
    socket: BorrowedFd<'_>,
    buffer: &mut [u8],
    flags: MsgFlags,
) -> nix::Result<(usize, Vec<OwnedFd>)> {
    let mut space = nix::cmsg_space!([RawFd; 4]);
    let mut parts = [IoSliceMut::new(buffer)];
    #[cfg(target_os = "linux")]
    let flags = flags | MsgFlags::MSG_CMSG_CLOEXEC;
    let message = loop {
        match recvmsg::<()>(socket.as_raw_fd(), &mut parts, Some(&mut space), flags) {
            Err(Errno::EINTR) => {}
            other => break other?,
        }
    };
    let mut descriptors = Vec::new();
    for control in message.cmsgs()? {
        if let ControlMessageOwned::ScmRights(numbers) = control {
            // SAFETY: the kernel has just made them for this process.
            descriptors.extend(numbers.into_iter().map(|number| unsafe { OwnedFd::from_raw_fd(number) }));
        }
    }
    Ok((message.bytes, descriptors))
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::os::fd::AsFd as _;
    use std::os::unix::net::UnixStream;

    use super::*;

    #[test]
    fn a_descriptor_arrives_with_its_message() {
        let (here, there) = UnixStream::pair().unwrap();
        let (mut reading, writing) = std::io::pipe().unwrap();
        assert_eq!(send(here.as_fd(), b"take this", &[writing.as_fd()]), Ok(9));
        drop(writing);
        assert_eq!(send(here.as_fd(), b"and that", &[]), Ok(8));
        let mut buffer = [0; 64];
        let (count, mut descriptors) = receive(there.as_fd(), &mut buffer, MsgFlags::empty()).unwrap();
        assert_eq!((&buffer[..count], descriptors.len()), (&b"take this"[..], 1));
        std::fs::File::from(descriptors.remove(0)).write_all(b"hello").unwrap();
        let mut text = String::new();
        reading.read_to_string(&mut text).unwrap();
        assert_eq!(text, "hello");
        drop(here);
        assert_eq!(receive(there.as_fd(), &mut buffer, MsgFlags::empty()).unwrap().0, 8);
        assert_eq!(receive(there.as_fd(), &mut buffer, MsgFlags::empty()).unwrap().0, 0);
    }
}
