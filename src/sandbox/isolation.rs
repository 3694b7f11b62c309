//! What held while a program ran, and what did not.

use serde::{Deserialize, Serialize};

/// A means of isolation, by the name that reports use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Feature {
    /// A user namespace: no right of the checker's user is the program's.
    User,
    /// A process id namespace: no other process can be seen or killed, and its own all end with it.
    Pid,
    /// A network namespace: loopback alone, every port free, nothing of the machine to connect to.
    Net,
    /// A mount namespace with an allow-list of the file system.
    Mount,
    /// Shared memory and semaphores of its own.
    Ipc,
    /// A host name of its own.
    Uts,
    /// A view of control groups of its own.
    Cgroup,
    /// The submission's folder is a throw-away copy: what is written there is gone afterwards.
    Overlay,
    /// A `/proc` that shows its own processes alone.
    Proc,
    /// A user that owns nothing else.
    Uid,
    /// Limits on processes, files, memory and processor time.
    Limits,
    /// The memory of all processes together is watched.
    Memory,
    /// No way to gain rights by starting another program.
    NoNewPrivs,
    /// Landlock: the kernel's second list of what may be opened.
    Landlock,
    /// Seccomp: no system call that a server does not need.
    Seccomp,
    /// The kernel tells at once when the program listens.
    Notify,
    /// Limits of a control group, which count what others miss.
    CgroupLimits,
}

impl Feature {
    /// Every feature.
    pub const ALL: [Feature; 17] = [
        Feature::User,
        Feature::Pid,
        Feature::Net,
        Feature::Mount,
        Feature::Ipc,
        Feature::Uts,
        Feature::Cgroup,
        Feature::Overlay,
        Feature::Proc,
        Feature::Uid,
        Feature::Limits,
        Feature::Memory,
        Feature::NoNewPrivs,
        Feature::Landlock,
        Feature::Seccomp,
        Feature::Notify,
        Feature::CgroupLimits,
    ];

    /// Whether a machine that refuses namespaces does not have it either.
    #[must_use]
    pub const fn needs_namespaces(self) -> bool {
        matches!(
            self,
            Feature::User
                | Feature::Pid
                | Feature::Net
                | Feature::Mount
                | Feature::Ipc
                | Feature::Uts
                | Feature::Cgroup
                | Feature::Overlay
                | Feature::Proc
                | Feature::CgroupLimits
        )
    }

    /// The name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Feature::User => "user",
            Feature::Pid => "pid",
            Feature::Net => "net",
            Feature::Mount => "mount",
            Feature::Ipc => "ipc",
            Feature::Uts => "uts",
            Feature::Cgroup => "cgroup",
            Feature::Overlay => "overlay",
            Feature::Proc => "proc",
            Feature::Uid => "uid",
            Feature::Limits => "limits",
            Feature::Memory => "memory",
            Feature::NoNewPrivs => "no_new_privs",
            Feature::Landlock => "landlock",
            Feature::Seccomp => "seccomp",
            Feature::Notify => "notify",
            Feature::CgroupLimits => "cgroup_limits",
        }
    }
}

/// Something that the machine refused: which step, and with which error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// What was tried, such as `clone with namespaces` or `mount proc on /proc`.
    pub step: String,
    /// The system's error number; 0 where there was none.
    pub errno: i32,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.errno {
            0 => f.write_str(&self.step),
            errno => write!(f, "{}: {}", self.step, nix::errno::Errno::from_raw(errno)),
        }
    }
}

impl std::error::Error for Refusal {}

/// What held for one program.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// What held, without repetition.
    pub features: Vec<Feature>,
    /// What was tried and refused.
    pub refused: Vec<(Feature, Refusal)>,
}

impl Held {
    /// Notes that something holds.
    pub(super) fn hold(&mut self, feature: Feature) {
        if !self.features.contains(&feature) {
            self.features.push(feature);
        }
    }

    /// Notes what became of something that is worth having and not necessary.
    pub(super) fn note(&mut self, feature: Feature, outcome: Result<(), Refusal>) {
        match outcome {
            Ok(()) => self.hold(feature),
            Err(refusal) => self.refused.push((feature, refusal)),
        }
    }
}
