//! A course page, tested like code: its complete program listings are graded as submissions would be.
//!
//! [`read`] finds the listings of a Markdown page and what its author noted about them, [`decide`] says of each whether
//! it is a program and which exercises it may belong to, [`grade`] runs it. Reading and deciding are pure.

mod comment;
mod decide;
mod front;
mod grade;
mod language;
mod page;

pub use decide::{Choice, Decision, Skip, decide, expected_failures, no_exercise};
pub use grade::{Settings, Trial, grade};
pub use language::Language;
pub use page::{Listing, Notes, Page, read};
