//! The integration tests: the real binary on real submissions, in one test program.
//!
//! What runs a server does so in a network namespace of its own (`support::network`), so that submissions
//! which all listen on port 5000 run side by side and nothing of the machine is in their way.

#![allow(clippy::disallowed_types, clippy::disallowed_methods, reason = "tests start processes and wait for them")]
#![allow(clippy::unwrap_used, clippy::print_stderr, missing_docs, reason = "tests")]

mod archives;
mod authoring;
mod cli;
mod cohort;
mod docs;
mod engine;
mod exercises;
mod formats;
mod hostile;
mod isolation;
mod languages;
mod lessons;
mod lifecycle;
mod packaging;
mod processes;
mod programs;
mod proof;
mod reference;
mod reports;
mod submissions;
mod support;
mod tidy;
mod warm;
mod watch;
mod worked;
