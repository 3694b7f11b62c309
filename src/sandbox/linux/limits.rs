//! Limits of single processes (setrlimit(2)), and a lower priority than the checker's.

use nix::sys::resource::{Resource, setrlimit};

use super::super::confinement::Limits;
use super::{Done, Step};

/// Lower than everything that people wait for, not so low that a busy machine forgets it.
const NICE: libc::c_int = 5;

/// Applies the limits to this process and all that it will start. They can be lowered by them, never raised.
pub(in super::super) fn apply(limits: &Limits) -> Done {
    let wanted = [
        (Resource::RLIMIT_DATA, limits.data, "data"),
        (Resource::RLIMIT_FSIZE, limits.file, "file size"),
        (Resource::RLIMIT_NPROC, limits.processes, "processes"),
        (Resource::RLIMIT_NOFILE, limits.descriptors, "open files"),
        (Resource::RLIMIT_CPU, limits.cpu, "processor time"),
        (Resource::RLIMIT_CORE, 0, "core files"),
        (Resource::RLIMIT_MEMLOCK, 1 << 16, "locked memory"),
        (Resource::RLIMIT_MSGQUEUE, 0, "message queues"),
    ];
    for (resource, most, name) in wanted {
        let (_, hard) = nix::sys::resource::getrlimit(resource).step(|| format!("read the limit on {name}"))?;
        let most = most.min(hard);
        setrlimit(resource, most, most).step(|| format!("limit {name}"))?;
    }
    // SAFETY: changes this process' own priority, downwards, which is always allowed.
    unsafe { libc::setpriority(libc::PRIO_PROCESS as _, 0, NICE) };
    Ok(())
}
