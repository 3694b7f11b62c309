//! A network of one's own for a test's process: loopback only, every port free.

use std::io;
use std::os::unix::process::CommandExt as _;
use std::process::Command;

/// Makes the command run in a new user and network namespace with its loopback up.
pub(crate) fn own(command: &mut Command) -> &mut Command {
    // SAFETY: the closure only makes system calls that are safe between fork and exec; it allocates nothing.
    let (user, group) = unsafe { (libc::getuid(), libc::getgid()) };
    let users = format!("{user} {user} 1");
    let groups = format!("{group} {group} 1");
    // SAFETY: as above; the strings were made before.
    unsafe {
        command.pre_exec(move || {
            if libc::unshare(libc::CLONE_NEWUSER | libc::CLONE_NEWNET) != 0 {
                return Err(io::Error::last_os_error());
            }
            write(c"/proc/self/setgroups", b"deny")?;
            write(c"/proc/self/uid_map", users.as_bytes())?;
            write(c"/proc/self/gid_map", groups.as_bytes())?;
            loopback_up()
        })
    }
}

/// Makes the command find a machine that refuses namespaces, as Docker's default profile does.
pub(crate) fn refuse_namespaces(command: &mut Command) -> &mut Command {
    use seccompiler::{
        BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    };
    let makes_users = |argument| {
        let flag = u64::try_from(libc::CLONE_NEWUSER).unwrap();
        let condition = SeccompCondition::new(argument, SeccompCmpArgLen::Dword, SeccompCmpOp::MaskedEq(flag), flag);
        vec![SeccompRule::new(vec![condition.unwrap()]).unwrap()]
    };
    let filter = |rules: Vec<(libc::c_long, Vec<SeccompRule>)>, errno: libc::c_int| -> BpfProgram {
        let action = SeccompAction::Errno(errno.unsigned_abs());
        let processor = std::env::consts::ARCH.try_into().unwrap();
        let filter = SeccompFilter::new(rules.into_iter().collect(), SeccompAction::Allow, action, processor);
        filter.unwrap().try_into().unwrap()
    };
    let refuses = filter(vec![(libc::SYS_clone, makes_users(0)), (libc::SYS_unshare, makes_users(0))], libc::EPERM);
    let knows_not = filter(vec![(libc::SYS_clone3, Vec::new())], libc::ENOSYS);
    // SAFETY: the filters were made before; applying them makes system calls only.
    unsafe {
        command.pre_exec(move || {
            let apply = |filter| seccompiler::apply_filter(filter).map_err(|_| io::Error::last_os_error());
            apply(&refuses).and_then(|()| apply(&knows_not))
        })
    }
}

/// Whether this machine lets a test have a network of its own; if not, the tests say what to do.
pub(crate) fn explain(error: &io::Error) -> String {
    format!(
        "cannot start the checker in a network namespace of its own: {error}. The tests need Linux with user \
         namespaces (sysctl kernel.unprivileged_userns_clone=1, kernel.apparmor_restrict_unprivileged_userns=0)"
    )
}

unsafe fn write(path: &std::ffi::CStr, text: &[u8]) -> io::Result<()> {
    // SAFETY: `path` ends with NUL, `text` lives as long as the call.
    unsafe {
        let file = libc::open(path.as_ptr(), libc::O_WRONLY | libc::O_CLOEXEC);
        if file < 0 {
            return Err(io::Error::last_os_error());
        }
        let written = libc::write(file, text.as_ptr().cast(), text.len());
        let error = io::Error::last_os_error();
        libc::close(file);
        if written < 0 { Err(error) } else { Ok(()) }
    }
}

fn loopback_up() -> io::Result<()> {
    // SAFETY: `request` is a whole `ifreq` with a name that ends with NUL; the socket is closed.
    unsafe {
        let socket = libc::socket(libc::AF_INET, libc::SOCK_DGRAM | libc::SOCK_CLOEXEC, 0);
        if socket < 0 {
            return Err(io::Error::last_os_error());
        }
        let mut request: libc::ifreq = std::mem::zeroed();
        request.ifr_name[0] = b'l' as libc::c_char;
        request.ifr_name[1] = b'o' as libc::c_char;
        request.ifr_ifru.ifru_flags = (libc::IFF_UP | libc::IFF_RUNNING) as libc::c_short;
        let done = libc::ioctl(socket, libc::SIOCSIFFLAGS as _, &raw const request);
        let error = io::Error::last_os_error();
        libc::close(socket);
        if done < 0 { Err(error) } else { Ok(()) }
    }
}
