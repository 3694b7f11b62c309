//! Many submissions of one exercise: taken in as a learning platform exports them, graded side by side, kept, and
//! summed up in a gradebook.
//!
//! Reading order: [`intake`] finds out who handed in what; [`Manifest`] freezes that and names every result; [`grade`]
//! runs what has no result yet, on a `pool` of workers, and keeps what comes out in a [`Store`], with a `journal` for
//! the case that the grader dies. [`mod@gradebook`] reads manifest and store, and nothing else.

mod grade;
pub mod gradebook;
pub(crate) mod grading;
pub mod intake;
mod journal;
mod load;
mod manifest;
mod merge;
pub(crate) mod pool;
pub mod similar;
mod store;
mod warmth;

pub(crate) use grade::IN_FLIGHT;
pub use grade::{CohortError, Done, Event, Order, Overlap, Which, grade, runs_may_overlap};
pub use grading::Settings;
pub use journal::note_death;
pub use manifest::{Conditions, Entry, Handed, Manifest, SeedPolicy, Shard, Who};
pub use merge::{Merged, merge};
pub use store::{Graded, Grader, IfThere, Place, Store};
