//! What a submission may reach and use, and the certainty that it is gone afterwards.
//!
//! A program is never started by the checker itself but by a *supervisor*: this same binary, executed again as a
//! small process without threads, which starts the program, adopts every orphan among its descendants, and kills
//! them all when it is told to or when the checker is no more. [`ProcessTree`] is the checker's side of it.
//!
//! Reading order: `protocol` (what the two say to each other), `supervisor` and `kill` (inside), `tree` (outside),
//! then `listeners` (which of a machine's ports belong to the tree), with `descendants` and `diag` as their eyes.
//! `fallback` stands in where Linux's means are missing.

mod address;
#[cfg(target_os = "linux")]
mod descendants;
#[cfg(target_os = "linux")]
mod diag;
mod fallback;
mod kill;
mod listeners;
mod protocol;
mod spawn_error;
mod supervisor;
mod tree;

pub use crate::outcome::Exit;
pub use address::reachable;
pub use listeners::{Holder, Listener, all_listeners, free_port, holder_of};
pub use spawn_error::SpawnError;
pub use supervisor::supervisor_main;
pub use tree::{ProcessTree, Spawn, Teardown};

/// The first argument that makes this binary a supervisor instead of the command line's `checker`.
pub const SUPERVISE: &str = "__supervise";
