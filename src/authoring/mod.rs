//! A start for an exercise of one's own: a small one that holds, or one proposed from what a server answers.
//!
//! [`start`] lists the files of a small exercise; [`record`] visits a server twice; [`propose`] makes checks of what
//! came, and is pure; [`verified`] drops what does not hold against that very server.

mod changing;
mod propose;
mod record;
mod start;
mod verify;

pub use propose::{propose, slug};
pub use record::{RecordError, Recorded, Server, record};
pub use start::{SCHEMA, start};
pub use verify::{Verified, verified};

#[cfg(test)]
mod tests;
