//! Many submissions of one exercise: taken in as a learning platform exports them, graded side by side, kept, and
//! summed up in a gradebook.
//!
//! [`intake`] finds out who handed in what.

pub mod intake;
