//! Landlock: a list of what may be opened that a process puts on itself and cannot take off (landlock(7)).

use std::os::fd::OwnedFd;
use std::path::PathBuf;

use landlock::{
    ABI, Access as _, AccessFs, AccessNet, CompatLevel, Compatible as _, Ruleset, RulesetAttr as _,
    RulesetCreatedAttr as _, RulesetError, Scope, path_beneath_rules,
};

use super::super::confinement::{Confinement, Form, Level, Network};
use super::super::isolation::{Feature, Refusal};
use super::Done;
use super::calls::{Argument, Call};

/// The newest set of rules that is asked for; an older kernel takes what it knows.
const NEWEST: ABI = ABI::V6;

/// The system's programs, libraries and facts, where no file system of one's own leaves out the rest.
const SYSTEM: [&str; 27] = [
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/nix",
    "/etc/ld.so.cache",
    "/etc/alternatives",
    "/etc/ssl/certs",
    "/etc/ssl/openssl.cnf",
    "/etc/localtime",
    "/etc/mime.types",
    "/etc/nsswitch.conf",
    "/etc/passwd",
    "/etc/group",
    "/etc/hosts",
    "/etc/java-17-openjdk",
    "/etc/java-21-openjdk",
    "/etc/php",
    "/etc/perl",
    "/proc/self",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/dev/urandom",
    "/dev/zero",
];

/// The list. Tells if the kernel knows no such list.
pub(super) fn ruleset(confinement: &Confinement) -> Done<OwnedFd> {
    let refused = |error: &dyn std::fmt::Display| Refusal { step: format!("landlock: {error}"), errno: 0 };
    let (read, write) = match confinement.level {
        // The file system of one's own says it all; this says it twice.
        Level::Full => (vec![PathBuf::from("/")], writable_inside(confinement)),
        Level::Partial => (readable_outside(confinement), writable_outside(confinement)),
    };
    let made = || {
        let all = AccessFs::from_all(NEWEST);
        let mut rules = Ruleset::default().set_compatibility(CompatLevel::BestEffort).handle_access(all)?;
        if confinement.level == Level::Partial && confinement.network == Network::Own {
            // Where the network is the machine's own, nothing of it is to be connected to.
            rules = rules.handle_access(AccessNet::ConnectTcp)?;
        }
        let rules = rules.scope(Scope::Signal | Scope::AbstractUnixSocket)?.create()?;
        let rules = rules.add_rules(path_beneath_rules(read, AccessFs::from_read(NEWEST)))?;
        rules.add_rules(path_beneath_rules(write, all))
    };
    let rules: Option<OwnedFd> = made().map_err(|error: RulesetError| refused(&error))?.into();
    rules.ok_or_else(|| refused(&"this kernel does not have it"))
}

/// The call that puts the list at this place on a process and all that it will start.
pub(super) fn call(place: usize) -> Call {
    let arguments = vec![Argument::Descriptor(place), Argument::Number(0)];
    let call = Call::new("landlock: restrict oneself", libc::SYS_landlock_restrict_self, arguments);
    call.holding(&[Feature::Landlock]).if_it_can_be()
}

fn writable_inside(confinement: &Confinement) -> Vec<PathBuf> {
    let places = confinement.places.iter().filter(|place| !matches!(place.form, Form::Fixed));
    let always = ["/tmp", "/var/tmp", "/dev"].map(PathBuf::from);
    always.into_iter().chain(places.map(|place| place.path.clone())).collect()
}

fn readable_outside(confinement: &Confinement) -> Vec<PathBuf> {
    let fixed = confinement.places.iter().filter(|place| matches!(place.form, Form::Fixed));
    SYSTEM.iter().map(PathBuf::from).chain(fixed.map(|place| place.path.clone())).collect()
}

fn writable_outside(confinement: &Confinement) -> Vec<PathBuf> {
    let shared = confinement.places.iter().filter(|place| !matches!(place.form, Form::Fixed));
    // Python's locks between processes are in shared memory.
    ["/dev/null", "/dev/shm"].map(PathBuf::from).into_iter().chain(shared.map(|place| place.path.clone())).collect()
}
