//! Seccomp: the system calls that a server has no use for are refused.
//!
//! A list of what is forbidden, not of what is allowed: language runtimes differ too much, and namespaces already
//! hold what matters. Refused are those by which holes in the kernel are usually reached.

use std::collections::BTreeMap;

use nix::libc;
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule, TargetArch,
};

use super::super::isolation::{Feature, Refusal};
use super::Done;
use super::calls::{Argument, Call, instructions};

/// Calls that change the machine, look into other processes, or reach rarely used corners of the kernel.
const FORBIDDEN: [libc::c_long; 54] = [
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_setns,
    libc::SYS_unshare,
    libc::SYS_fsopen,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_fspick,
    libc::SYS_open_tree,
    libc::SYS_move_mount,
    libc::SYS_mount_setattr,
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_process_madvise,
    libc::SYS_kcmp,
    libc::SYS_pidfd_getfd,
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_keyctl,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_open_by_handle_at,
    libc::SYS_name_to_handle_at,
    libc::SYS_quotactl,
    libc::SYS_quotactl_fd,
    libc::SYS_acct,
    libc::SYS_reboot,
    libc::SYS_swapon,
    libc::SYS_swapoff,
    libc::SYS_kexec_load,
    libc::SYS_kexec_file_load,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_syslog,
    libc::SYS_settimeofday,
    libc::SYS_clock_settime,
    libc::SYS_adjtimex,
    libc::SYS_clock_adjtime,
    libc::SYS_vhangup,
    libc::SYS_fanotify_init,
    libc::SYS_fanotify_mark,
    libc::SYS_lookup_dcookie,
    libc::SYS_move_pages,
    libc::SYS_migrate_pages,
    libc::SYS_mbind,
    libc::SYS_set_mempolicy,
    libc::SYS_sethostname,
    libc::SYS_setdomainname,
    libc::SYS_nfsservctl,
];

/// Calls that programs try and do without where a kernel does not have them.
const UNKNOWN: [libc::c_long; 5] = [
    // Its flags are in memory, where a filter cannot look; libraries fall back to `clone`.
    libc::SYS_clone3,
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_memfd_secret,
];

/// The flags of `clone` that make namespaces.
const NAMESPACES: libc::c_int = libc::CLONE_NEWUSER
    | libc::CLONE_NEWNET
    | libc::CLONE_NEWNS
    | libc::CLONE_NEWPID
    | libc::CLONE_NEWIPC
    | libc::CLONE_NEWUTS
    | libc::CLONE_NEWCGROUP;

/// The calls that put the filters on a process and all that it will start. Nothing can be gained by starting a program
/// any more.
pub(super) fn calls() -> Done<[Call; 2]> {
    let Filters { forbidden, unknown } = Filters::new()?;
    let call = |filter: &BpfProgram| {
        let program: Vec<libc::sock_filter> = filter
            .iter()
            .map(|step| libc::sock_filter { code: step.code, jt: step.jt, jf: step.jf, k: step.k })
            .collect();
        let mode = [libc::SECCOMP_SET_MODE_FILTER.into(), 0].map(Argument::Number);
        let arguments = mode.into_iter().chain([Argument::Program(instructions(&program))]);
        Call::new("seccomp: install a filter", libc::SYS_seccomp, arguments.collect())
    };
    Ok([call(&forbidden), call(&unknown).holding(&[Feature::Seccomp])])
}

/// Both filters.
struct Filters {
    forbidden: BpfProgram,
    unknown: BpfProgram,
}

impl Filters {
    /// Makes the filters for this kind of processor.
    fn new() -> Done<Filters> {
        let refused = |error: &dyn std::fmt::Display| Refusal { step: format!("seccomp: {error}"), errno: 0 };
        let make = || -> Result<Filters, seccompiler::BackendError> {
            let processor: TargetArch = std::env::consts::ARCH.try_into()?;
            let filter = |rules, errno: libc::c_int| -> Result<BpfProgram, seccompiler::BackendError> {
                let action = SeccompAction::Errno(errno.unsigned_abs());
                SeccompFilter::new(rules, SeccompAction::Allow, action, processor)?.try_into()
            };
            Ok(Filters { forbidden: filter(forbidden()?, libc::EPERM)?, unknown: filter(unknown(), libc::ENOSYS)? })
        };
        make().map_err(|error| refused(&error))
    }
}

type Rules = BTreeMap<libc::c_long, Vec<SeccompRule>>;

fn forbidden() -> Result<Rules, seccompiler::BackendError> {
    let mut rules: Rules = FORBIDDEN.iter().map(|&call| (call, Vec::new())).collect();
    let argument =
        |number, operator, value: u64| SeccompCondition::new(number, SeccompCmpArgLen::Dword, operator, value);
    let bits = (0..32).map(|bit| 1_u64 << bit).filter(|bit| NAMESPACES as u64 & bit != 0);
    let clone: Result<Vec<_>, _> =
        bits.map(|bit| SeccompRule::new(vec![argument(0, SeccompCmpOp::MaskedEq(bit), bit)?])).collect();
    rules.insert(libc::SYS_clone, clone?);
    let into_the_terminal = [libc::TIOCSTI, libc::TIOCLINUX];
    let ioctl: Result<Vec<_>, _> = into_the_terminal
        .iter()
        .map(|&request| SeccompRule::new(vec![argument(1, SeccompCmpOp::Eq, u64::from(request as u32))?]))
        .collect();
    rules.insert(libc::SYS_ioctl, ioctl?);
    let families = [libc::AF_UNIX, libc::AF_INET, libc::AF_INET6, libc::AF_NETLINK];
    let other_family: Result<Vec<_>, _> =
        families.iter().map(|&family| argument(0, SeccompCmpOp::Ne, family as u64)).collect();
    // Of netlink only what `getaddrinfo` and `getifaddrs` ask.
    let other_netlink = vec![
        argument(0, SeccompCmpOp::Eq, libc::AF_NETLINK as u64)?,
        argument(2, SeccompCmpOp::Ne, libc::NETLINK_ROUTE as u64)?,
    ];
    rules.insert(libc::SYS_socket, vec![SeccompRule::new(other_family?)?, SeccompRule::new(other_netlink)?]);
    Ok(rules)
}

fn unknown() -> Rules {
    UNKNOWN.iter().map(|&call| (call, Vec::new())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filters_can_be_made_for_this_processor() {
        let filters = Filters::new().unwrap();
        assert!(filters.forbidden.len() > FORBIDDEN.len() && !filters.unknown.is_empty());
    }
}
