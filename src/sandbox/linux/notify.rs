//! The moment at which a program listens, told by the kernel: its call of `listen` waits for us (seccomp_unotify(2)).

use std::io;
use std::net::SocketAddr;
use std::os::fd::{AsRawFd, BorrowedFd, OwnedFd};

use nix::errno::Errno;
use nix::libc;

use super::super::isolation::Feature;
use super::calls::{Argument, Call, instructions};
use super::namespaces::owned;

/// The instructions of a filter that lets everything pass and has `listen` wait (linux/filter.h).
fn filter() -> [libc::sock_filter; 6] {
    const LOAD_WORD: u16 = (libc::BPF_LD | libc::BPF_W | libc::BPF_ABS) as u16;
    const IF_EQUAL: u16 = (libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K) as u16;
    const IF_AT_LEAST: u16 = (libc::BPF_JMP | libc::BPF_JGE | libc::BPF_K) as u16;
    const RETURN: u16 = (libc::BPF_RET | libc::BPF_K) as u16;
    /// Calls in the numbering of x32, which no filter by number would recognise.
    const X32: u32 = 0x4000_0000;
    let instruction = |code, jt, jf, k| libc::sock_filter { code, jt, jf, k };
    [
        // The call's number is the first word of `seccomp_data`.
        instruction(LOAD_WORD, 0, 0, 0),
        instruction(IF_AT_LEAST, 2, 0, X32),
        instruction(IF_EQUAL, 0, 2, libc::SYS_listen as u32),
        instruction(RETURN, 0, 0, libc::SECCOMP_RET_USER_NOTIF),
        instruction(RETURN, 0, 0, libc::SECCOMP_RET_ERRNO | libc::ENOSYS as u32),
        instruction(RETURN, 0, 0, libc::SECCOMP_RET_ALLOW),
    ]
}

/// The call that has every `listen` of a process and of all that it will start wait for whoever holds what it gives.
pub(super) fn call() -> Call {
    let mode = [libc::SECCOMP_SET_MODE_FILTER.into(), libc::SECCOMP_FILTER_FLAG_NEW_LISTENER as i64];
    let program = Argument::Program(instructions(&filter()));
    let arguments = mode.map(Argument::Number).into_iter().chain([program]).collect();
    let call = Call::new("seccomp: be told of `listen`", libc::SYS_seccomp, arguments);
    call.holding(&[Feature::Notify]).if_it_can_be()
}

mod answers {
    use nix::libc::{seccomp_notif, seccomp_notif_resp};

    nix::ioctl_readwrite!(receive, b'!', 0, seccomp_notif);
    nix::ioctl_readwrite!(answer, b'!', 1, seccomp_notif_resp);
}

/// Takes one waiting `listen`, does it in the program's place, and answers it. Says whether the program listens on
/// TCP now, or may be about to.
///
/// `pidfd_getfd(2)` gives us the same socket under a number of our own, so that the call is over when it is told.
/// Where that is refused, the kernel goes on with the call itself.
pub(in super::super) fn serve(listener: BorrowedFd<'_>) -> bool {
    // SAFETY: zeros are a valid value, and the kernel wants them.
    let mut call: libc::seccomp_notif = unsafe { std::mem::zeroed() };
    // SAFETY: `call` is whole and lives as long as the call.
    if unsafe { answers::receive(listener.as_raw_fd(), &raw mut call) }.is_err() {
        // Whoever called is gone.
        return false;
    }
    let Ok(socket) = socket_of(call.pid as i32, call.data.args[0] as i32) else {
        answer(listener, call.id, 0, libc::SECCOMP_USER_NOTIF_FLAG_CONTINUE as u32);
        return true;
    };
    // SAFETY: only makes our own duplicate of the socket listen.
    let result = Errno::result(unsafe { libc::listen(socket.as_raw_fd(), call.data.args[1] as i32) });
    // The kernel takes a negative error number.
    answer(listener, call.id, result.err().map_or(0, |errno| -(errno as i32)), 0);
    result.is_ok() && address_of(&socket).is_some()
}

fn answer(listener: BorrowedFd<'_>, id: u64, error: i32, flags: u32) {
    let mut response = libc::seccomp_notif_resp { id, val: 0, error, flags };
    // SAFETY: `response` is whole and lives as long as the call. It fails only if the caller is gone.
    let _ = unsafe { answers::answer(listener.as_raw_fd(), &raw mut response) };
}

/// Our own descriptor of a socket that another process holds. The thread's number will do for its process: the
/// kernel is asked for the group's leader first.
fn socket_of(thread: i32, descriptor: i32) -> io::Result<OwnedFd> {
    let process = leader(thread).unwrap_or(thread);
    // SAFETY: takes numbers, gives a new descriptor.
    let process = owned(unsafe { libc::syscall(libc::SYS_pidfd_open, process, 0) })?;
    // SAFETY: as above.
    Ok(owned(unsafe { libc::syscall(libc::SYS_pidfd_getfd, process.as_raw_fd(), descriptor, 0) })?)
}

/// The process that a thread belongs to.
fn leader(thread: i32) -> Option<i32> {
    let status = std::fs::read_to_string(format!("/proc/{thread}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("Tgid:"))?.trim().parse().ok()
}

/// Where a TCP socket is bound; none for another kind of socket.
fn address_of(socket: &OwnedFd) -> Option<SocketAddr> {
    std::net::TcpListener::from(socket.try_clone().ok()?).local_addr().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_listen_waits() {
        // The jumps, followed by hand for the numbers that matter.
        let decide = |number: u32| {
            let filter = filter();
            let mut at = 1;
            loop {
                let step = &filter[at];
                let jump = match step.code as u32 & 0xf0 {
                    libc::BPF_JEQ => step.k == number,
                    libc::BPF_JGE => number >= step.k,
                    _ => return step.k,
                };
                at += 1 + usize::from(if jump { step.jt } else { step.jf });
            }
        };
        assert_eq!(decide(libc::SYS_listen as u32), libc::SECCOMP_RET_USER_NOTIF);
        assert_eq!(decide(libc::SYS_bind as u32), libc::SECCOMP_RET_ALLOW);
        assert_eq!(decide(0x4000_0000 + libc::SYS_listen as u32), libc::SECCOMP_RET_ERRNO | libc::ENOSYS as u32);
    }

    #[test]
    fn a_thread_belongs_to_this_process() {
        let me = std::process::id() as i32;
        // SAFETY: only asks for a number.
        let thread = std::thread::spawn(|| unsafe { libc::gettid() });
        assert_eq!(leader(me), Some(me));
        drop(thread.join());
    }

    #[test]
    fn the_address_is_that_of_tcp_sockets_only() {
        let tcp = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let expected = tcp.local_addr().unwrap();
        assert_eq!(address_of(&tcp.into()), Some(expected));
        let (one, _other) = std::os::unix::net::UnixStream::pair().unwrap();
        assert_eq!(address_of(&one.into()), None);
    }
}
