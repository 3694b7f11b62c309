//! Limits of single processes (setrlimit(2)), and a lower priority than the checker's.

use nix::sys::resource::Resource;

use super::super::confinement::Limits;
use super::super::isolation::Feature;
use super::calls::{Argument, Call};
use super::{Done, Step};

/// Lower than everything that people wait for, not so low that a busy machine forgets it.
const NICE: libc::c_int = 5;

/// The calls that apply the limits to a process and all that it will start. They can be lowered by them, never raised.
pub(super) fn calls(limits: &Limits) -> Done<Vec<Call>> {
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
    let mut calls = Vec::with_capacity(wanted.len() + 1);
    for (resource, most, name) in wanted {
        let (_, hard) = nix::sys::resource::getrlimit(resource).step(|| format!("read the limit on {name}"))?;
        calls.push(limit(resource, most.min(hard), name));
    }
    // Its own priority, downwards, which is always allowed. The memory is watched from outside.
    let priority = [libc::PRIO_PROCESS.into(), 0, NICE.into()].map(Argument::Number);
    let priority = Call::new("lower the priority", libc::SYS_setpriority, priority.into());
    calls.push(priority.holding(&[Feature::Limits, Feature::Memory]));
    Ok(calls)
}

fn limit(resource: Resource, most: u64, name: &str) -> Call {
    let both = [most, most].iter().flat_map(|limit| limit.to_ne_bytes()).collect();
    let arguments =
        [Argument::Number(0), Argument::Number(resource as i64), Argument::Bytes(both), Argument::Number(0)];
    Call::new(format!("limit {name}"), libc::SYS_prlimit64, arguments.into())
}
