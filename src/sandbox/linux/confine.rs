//! How a process confines itself before it becomes the program: the whole list, in an order in which no step takes away
//! what a later one needs.

use std::os::fd::OwnedFd;

use nix::unistd::Uid;

use super::super::confinement::Confinement;
use super::super::isolation::{Feature, Held};
use super::calls::{Argument, Call};
use super::{Done, landlock, limits, notify, seccomp};

/// A list of calls, and the descriptors that they name.
pub(in super::super) struct Confining {
    /// The calls; the last one gives the descriptor at which calls of `listen` wait.
    pub(in super::super) calls: Vec<Call>,
    /// What they name by its place.
    pub(in super::super) descriptors: Vec<OwnedFd>,
}

/// How a process becomes the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Becoming {
    /// It executes it, and loses on the way what a user without rights may not have.
    Executing,
    /// It is a copy of one that has it loaded, and must give up the same by itself.
    Copied,
}

/// The list for this confinement. What is refused already is noted.
pub(in super::super) fn confining(confinement: &Confinement, becoming: Becoming, held: &mut Held) -> Done<Confining> {
    let mut calls = confinement.user.map(become_user).unwrap_or_default();
    calls.extend(limits::calls(&confinement.limits)?);
    if confinement.user.is_none() && Uid::effective().is_root() {
        calls.push(give_up_root());
    }
    if becoming == Becoming::Copied {
        calls.extend(as_if_executed());
    }
    calls.push(prctl("give up new privileges", libc::PR_SET_NO_NEW_PRIVS, 1).holding(&[Feature::NoNewPrivs]));
    let mut descriptors = Vec::new();
    match landlock::ruleset(confinement) {
        Ok(ruleset) => {
            calls.push(landlock::call(descriptors.len()));
            descriptors.push(ruleset);
        }
        Err(refusal) => held.note(Feature::Landlock, Err(refusal)),
    }
    calls.extend(seccomp::calls()?);
    calls.push(notify::call());
    Ok(Confining { calls, descriptors })
}

fn become_user(user: u32) -> Vec<Call> {
    let ids = || vec![Argument::Number(user.into()); 3];
    vec![
        Call::new("drop groups", libc::SYS_setgroups, vec![Argument::Number(0); 2]),
        Call::new(format!("become group {user}"), libc::SYS_setresgid, ids()),
        Call::new(format!("become user {user}"), libc::SYS_setresuid, ids()).holding(&[Feature::Uid]),
    ]
}

/// Root without the rights of root, for what is executed next (capabilities(7), securebits).
fn give_up_root() -> Call {
    const NO_ROOT: i64 = 1 << 0;
    const FOR_EVER: i64 = 1 << 1;
    prctl("give up root's rights", libc::PR_SET_SECUREBITS, NO_ROOT | FOR_EVER)
}

/// What execve(2) does to whoever is not root: every right is gone, and the memory is its user's own to look at.
fn as_if_executed() -> [Call; 2] {
    /// `_LINUX_CAPABILITY_VERSION_3` (linux/capability.h).
    const VERSION: u32 = 0x2008_0522;
    let mut header = VERSION.to_ne_bytes().to_vec();
    header.extend(0_i32.to_ne_bytes());
    let none = vec![0; 2 * 3 * size_of::<u32>()];
    [
        Call::new("give up all rights", libc::SYS_capset, vec![Argument::Bytes(header), Argument::Bytes(none)]),
        prctl("belong to its user", libc::PR_SET_DUMPABLE, 1),
    ]
}

fn prctl(step: &str, option: libc::c_int, value: i64) -> Call {
    let arguments = [option.into(), value, 0, 0, 0].map(Argument::Number);
    Call::new(step, libc::SYS_prctl, arguments.into())
}
