//! What a submission may reach and use, and the certainty that it is gone afterwards.
//!
//! A program is never started by the checker itself but by a *supervisor*: this same binary, executed again as a
//! small process without threads, which starts the program, adopts every orphan among its descendants, and kills
//! them all when it is told to or when the checker is no more. [`ProcessTree`] is the checker's side of it.
//!
//! Reading order: `confinement` (what a program may see and use) and `isolation` (what of it held), `protocol` (what
//! the two say to each other), `supervisor`, `start` and `kill` (inside) with the means of `linux/`, `tree`, `line` and
//! `entrance` (outside), then `listeners` (which of a machine's ports belong to the tree), with `descendants` and `diag`
//! as their eyes. `fallback` stands in where Linux's means are missing.

mod address;
#[cfg(unix)]
mod again;
mod confinement;
#[cfg(target_os = "linux")]
mod copy;
#[cfg(target_os = "linux")]
mod descendants;
#[cfg(target_os = "linux")]
mod diag;
mod entrance;
mod fallback;
mod isolation;
mod kill;
mod line;
#[cfg(target_os = "linux")]
mod linux;
mod listeners;
mod mailbox;
mod pass;
mod protocol;
mod spawn_error;
mod start;
mod supervisor;
mod tree;
mod turn;
mod wait;

pub use crate::outcome::Exit;
pub use address::reachable;
#[cfg(unix)]
pub use again::{Ended, begin_again, run_again};
pub use confinement::{Confinement, Form, Layer, Level, Limits, Network, Place};
pub use entrance::{Entrance, Passage};
pub use isolation::{Feature, Held, Refusal};
pub use listeners::{Holder, Listener, all_listeners, free_port, holder_of};
pub use mailbox::Mailbox;
pub use spawn_error::SpawnError;
pub use supervisor::supervisor_main;
pub use tree::{ProcessTree, Spawn, Teardown, start_supervisor_early, wait_for_supervisors};
pub use turn::Turn;

/// The first argument that makes this binary a supervisor instead of the command line's `checker`.
pub const SUPERVISE: &str = "__supervise";

/// A user for a program that owns nothing on this machine, if this process may choose one: it is root, and users are
/// not all one here. The same for all programs of this process.
#[must_use]
pub fn user_of_ones_own() -> Option<u32> {
    #[cfg(target_os = "linux")]
    {
        // Below those of people's containers, above those of people (login.defs(5)).
        let user = 64_000 + std::process::id() % 1000;
        linux::namespaces::may_choose_user(user).then_some(user)
    }
    #[cfg(not(target_os = "linux"))]
    None
}

/// Closes this process' memory, environment and descriptors to other processes of the same user, where the system
/// knows how: a submission that is not isolated could look for answers in there.
pub fn close_to_others() {
    #[cfg(target_os = "linux")]
    // Refused by nothing that would matter: the call takes a number that every Linux knows.
    let _ = nix::sys::prctl::set_dumpable(false);
}
