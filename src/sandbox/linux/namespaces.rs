//! Namespaces of one's own: a child that is process 1 of a world with its own users, processes, mounts and network.

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

use nix::errno::Errno;
use nix::sched::CloneFlags;
use nix::sys::signal::{Signal, kill};
use nix::sys::socket::{AddressFamily, SockFlag, SockType, socket};
use nix::sys::wait::waitpid;
use nix::unistd::{Pid, getegid, geteuid, sethostname};

use super::super::confinement::{Confinement, Network};
use super::super::isolation::{Feature, Held};
use super::calls::{Argument, Call};
use super::cgroup::Group;
use super::{Done, Step};

/// Which of the two processes this is after [`enter`].
pub(in super::super) enum Side {
    /// The one that was there before; the other is its child, in this control group if one could be made.
    Outside(Pid, Option<Group>),
    /// The new one, inside: process 1, with every right there and none elsewhere. With the ways into its control group,
    /// for those who come from outside.
    Inside(Vec<OwnedFd>),
}

/// The host name inside.
const HOST: &str = "sandbox";

/// Makes a child in namespaces of its own and maps its users.
///
/// This process must have no other thread: the child goes on with a copy of everything.
pub(in super::super) fn enter(confinement: &Confinement, held: &mut Held) -> Done<Side> {
    let maps = Maps::of_this_process(confinement.user).step(|| "read /proc/self/uid_map".into())?;
    let (wait, go) = io::pipe().step(|| "make a pipe".into())?;
    let group = Group::make(&confinement.limits).ok();
    let ways = group.as_ref().and_then(|group| group.ways_in().ok());
    match clone(flags(confinement.network)).step(|| "clone with namespaces".into())? {
        Some(child) => {
            drop(wait);
            let taken = group.as_ref().is_none_or(|group| group.take(child).is_ok());
            if let Err(refusal) = maps.write(child) {
                let _ = kill(child, Signal::SIGKILL);
                let _ = waitpid(child, None);
                return Err(refusal);
            }
            // If the child is gone already, its parent will learn that by waiting for it.
            let _ = (&go).write_all(&[u8::from(taken && group.is_some())]);
            Ok(Side::Outside(child, group))
        }
        None => {
            drop(go);
            // Ends without a byte if the other side could not map the users, and kills this one.
            let mut in_a_group = [0];
            (&wait).read_exact(&mut in_a_group).step(|| "wait for the users to be mapped".into())?;
            // The group is the other process' to remove.
            std::mem::forget(group);
            held.note(Feature::CgroupLimits, if in_a_group == [1] { Ok(()) } else { Err(Group::refused()) });
            settle(confinement, held)?;
            Ok(Side::Inside(ways.filter(|_| in_a_group == [1]).unwrap_or_default()))
        }
    }
}

fn flags(network: Network) -> CloneFlags {
    let always = CloneFlags::CLONE_NEWUSER
        | CloneFlags::CLONE_NEWPID
        | CloneFlags::CLONE_NEWNS
        | CloneFlags::CLONE_NEWIPC
        | CloneFlags::CLONE_NEWUTS
        | CloneFlags::CLONE_NEWCGROUP;
    match network {
        Network::Own => always | CloneFlags::CLONE_NEWNET,
        Network::Machine => always,
    }
}

/// What the new process does first: dies with its parent, and has a network with loopback up.
fn settle(confinement: &Confinement, held: &mut Held) -> Done {
    nix::sys::prctl::set_pdeathsig(Signal::SIGKILL).step(|| "ask to end with the parent".into())?;
    sethostname(HOST).step(|| "set the host name".into())?;
    if confinement.network == Network::Own {
        loopback_up().step(|| "bring loopback up".into())?;
        held.hold(Feature::Net);
    }
    for feature in [Feature::User, Feature::Pid, Feature::Mount, Feature::Ipc, Feature::Uts, Feature::Cgroup] {
        held.hold(feature);
    }
    Ok(())
}

/// The namespaces of this process that it does not share with those who started it, in the order in which they can be
/// entered.
pub(in super::super) fn own() -> Done<Vec<(OwnedFd, CloneFlags)>> {
    let all = [
        ("user", CloneFlags::CLONE_NEWUSER),
        ("pid", CloneFlags::CLONE_NEWPID),
        ("net", CloneFlags::CLONE_NEWNET),
        ("ipc", CloneFlags::CLONE_NEWIPC),
        ("uts", CloneFlags::CLONE_NEWUTS),
        ("cgroup", CloneFlags::CLONE_NEWCGROUP),
        ("mnt", CloneFlags::CLONE_NEWNS),
    ];
    let open = |(name, kind)| {
        let file = fs::File::open(format!("/proc/self/ns/{name}")).step(|| format!("open the {name} namespace"))?;
        Ok((file.into(), kind))
    };
    all.into_iter().map(open).collect()
}

/// The call that enters the namespace whose descriptor has this place.
pub(in super::super) fn entering(kind: CloneFlags, place: usize) -> Call {
    let arguments = vec![Argument::Descriptor(place), Argument::Number(kind.bits().into())];
    Call::new("enter a namespace", libc::SYS_setns, arguments)
}

/// `fork` with namespaces: the child's pid, or none in the child.
fn clone(flags: CloneFlags) -> nix::Result<Option<Pid>> {
    let flags = libc::c_long::from(flags.bits() | Signal::SIGCHLD as libc::c_int);
    // SAFETY: without CLONE_VM and with no stack given this is fork(2), and there is no other thread whose locks
    // the child could find taken.
    let pid = unsafe { libc::syscall(libc::SYS_clone, flags, 0, 0, 0, 0) };
    match Errno::result(pid)? {
        0 => Ok(None),
        pid => Ok(Some(Pid::from_raw(pid as i32))),
    }
}

/// Which users and groups inside are which outside, in the form of `/proc/PID/uid_map` (user_namespaces(7)).
struct Maps {
    users: String,
    groups: String,
    /// Whether groups may be dropped inside; a user without rights must give that up to map a group.
    setgroups: &'static str,
}

impl Maps {
    /// All users as they are if the program gets a user of its own; else this one alone, who is never 0 inside:
    /// to be 0 means rights to many programs.
    fn of_this_process(user: Option<u32>) -> io::Result<Maps> {
        if user.is_some() {
            let same = |file| Ok::<_, io::Error>(as_they_are(&fs::read_to_string(file)?));
            return Ok(Maps {
                users: same("/proc/self/uid_map")?,
                groups: same("/proc/self/gid_map")?,
                setgroups: "allow",
            });
        }
        let inside = |outside: u32| if outside >= 1000 { outside } else { 1000 };
        let (user, group) = (geteuid().as_raw(), getegid().as_raw());
        Ok(Maps {
            users: format!("{} {user} 1\n", inside(user)),
            groups: format!("{} {group} 1\n", inside(group)),
            setgroups: "deny",
        })
    }

    fn write(&self, child: Pid) -> Done {
        for (file, text) in [("setgroups", self.setgroups), ("gid_map", &self.groups), ("uid_map", &self.users)] {
            fs::write(format!("/proc/{child}/{file}"), text).step(|| format!("write {file}"))?;
        }
        Ok(())
    }
}

/// A map of the extents of another one to themselves.
fn as_they_are(map: &str) -> String {
    let extents = map.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        let (inside, _, count) = (words.next()?, words.next()?, words.next()?);
        Some(format!("{inside} {inside} {count}\n"))
    });
    extents.collect()
}

/// Whether a map knows this user or group.
fn knows(map: &str, id: u32) -> bool {
    map.lines().any(|line| {
        let mut numbers = line.split_whitespace().filter_map(|word| word.parse::<u64>().ok());
        let (Some(first), _, Some(count)) = (numbers.next(), numbers.next(), numbers.next()) else { return false };
        (first..first + count).contains(&id.into())
    })
}

/// Whether this process may give a program a user of its own: it is root, not of a namespace with one user.
pub(in super::super) fn may_choose_user(user: u32) -> bool {
    let known = |file| fs::read_to_string(file).is_ok_and(|map| knows(&map, user));
    geteuid().is_root() && known("/proc/self/uid_map") && known("/proc/self/gid_map")
}

fn loopback_up() -> io::Result<()> {
    let socket = socket(AddressFamily::Inet, SockType::Datagram, SockFlag::SOCK_CLOEXEC, None)?;
    // SAFETY: an `ifreq` of zeros is a valid one.
    let mut request: libc::ifreq = unsafe { std::mem::zeroed() };
    request.ifr_name[0] = b'l' as libc::c_char;
    request.ifr_name[1] = b'o' as libc::c_char;
    request.ifr_ifru.ifru_flags = (libc::IFF_UP | libc::IFF_RUNNING) as libc::c_short;
    // SAFETY: `request` is a whole `ifreq` whose name ends with NUL, and it lives as long as the call.
    Errno::result(unsafe { libc::ioctl(socket.as_raw_fd(), libc::SIOCSIFFLAGS as _, &raw const request) })?;
    Ok(())
}

/// A descriptor of a user namespace in which the owner `from` outside counts as `to`: for a mount that shows the
/// files of one as the other's.
pub(super) fn users_for_a_mount(from: (u32, u32), to: u32) -> Done<OwnedFd> {
    let (wait, go) = io::pipe().step(|| "make a pipe".into())?;
    match clone(CloneFlags::CLONE_NEWUSER).step(|| "clone with a user namespace".into())? {
        None => {
            drop(go);
            let _ = (&wait).read(&mut [0]);
            // SAFETY: ends this copy of the process at once, without running anything that belongs to the original.
            unsafe { libc::_exit(0) }
        }
        Some(child) => {
            let maps = Maps {
                users: format!("{} {to} 1\n", from.0),
                groups: format!("{} {to} 1\n", from.1),
                setgroups: "allow",
            };
            let namespace = maps.write(child).and_then(|()| {
                fs::File::open(format!("/proc/{child}/ns/user")).step(|| "open a user namespace".into())
            });
            drop((wait, go));
            let _ = waitpid(child, None);
            Ok(namespace?.into())
        }
    }
}

/// Takes a raw descriptor that a system call has just made.
pub(super) fn owned(result: libc::c_long) -> nix::Result<OwnedFd> {
    let descriptor = Errno::result(result)?;
    // SAFETY: the call made it for us and nobody else knows it.
    Ok(unsafe { OwnedFd::from_raw_fd(descriptor as i32) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_is_read_by_its_extents() {
        let map = "         0       1000          1\n         1     100000      65536\n";
        assert_eq!(as_they_are(map), "0 0 1\n1 1 65536\n");
        assert!(knows(map, 0) && knows(map, 64_000) && knows(map, 65_536) && !knows(map, 65_537));
        assert!(!knows("", 0));
    }

    #[test]
    fn a_single_user_is_never_0_inside() {
        let maps = Maps::of_this_process(None).unwrap();
        assert!(!maps.users.starts_with("0 "), "{}", maps.users);
        assert_eq!(maps.setgroups, "deny");
    }
}
