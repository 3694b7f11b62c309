//! What Linux offers to confine a program, one file a means. Each step that fails says which it was and why.
//!
//! In the order in which a fully confined program meets them: `idmap` (outside, while there are still rights),
//! `namespaces`, `root` with `mounts` and `etc`, then in the program's own process just before it is executed what
//! `confine` lists: `limits`, `landlock`, `seccomp`. `notify` and `memory` watch over it while it runs; `cgroup` counts
//! what they miss. `passage` is the checker's own way into the program's network.

pub(super) mod calls;
pub(super) mod cgroup;
pub(super) mod confine;
mod etc;
pub(super) mod idmap;
mod landlock;
mod limits;
pub(super) mod memory;
mod mounts;
pub(super) mod namespaces;
pub(super) mod notify;
pub(super) mod passage;
pub(super) mod root;
mod seccomp;

use super::isolation::Refusal;

/// The result of a step that may be refused.
pub(super) type Done<T = ()> = Result<T, Refusal>;

/// Names the step that failed.
pub(super) trait Step<T> {
    /// The value, or the refusal of this step.
    fn step(self, name: impl FnOnce() -> String) -> Done<T>;
}

impl<T> Step<T> for nix::Result<T> {
    fn step(self, name: impl FnOnce() -> String) -> Done<T> {
        self.map_err(|errno| Refusal { step: name(), errno: errno as i32 })
    }
}

impl<T> Step<T> for std::io::Result<T> {
    fn step(self, name: impl FnOnce() -> String) -> Done<T> {
        self.map_err(|error| Refusal { step: name(), errno: error.raw_os_error().unwrap_or(0) })
    }
}
