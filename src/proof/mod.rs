//! The proof of an exercise: its solutions pass, its mistakes are caught, and what no check notices is said.
//!
//! Reading order: [`find`] reads what stands beside an exercise; [`prove`] runs it all, several times, side by side;
//! `verdict` says of each run whether it ended as it should; `mutants` tries a solution with one thing of its answers
//! changed; [`conclude`] makes the record, [`Proof`], of it all. Each form of that is a function of the record.

mod conclude;
mod find;
mod forms;
mod model;
mod mutants;
mod prove;
mod subject;
mod verdict;

pub use conclude::{Kept, Survivors, conclude};
pub use find::{FindError, Subjects, Wrong, find, unpack};
pub use forms::{html, human, json, markdown, schema};
pub use model::{Conclusion, Proof};
pub use mutants::{Mutants, Mutated};
pub use prove::{Event, Limit, Order, Proved, Runs, prove};
pub use subject::{Origin, Role, Subject};
