//! `checker` grades a student's web server: it launches the program, sends scripted requests, and reports what
//! passed, what failed and why.
//!
//! The modules in reading order, from plain data to the command line. Imports go up this list only; what each
//! layer must not do is in `ARCHITECTURE.md` and held by `clippy.toml` and the tests.

// L0: data.
pub mod exchange;
pub mod exercise;
pub mod message;
pub mod outcome;
pub mod source;
// L1: pure functions over it.
pub mod hint;
pub mod judge;
pub mod mutation;
pub mod plan;
// L2: what a run says.
pub mod event;
// L3: the outside.
pub mod client;
pub mod sandbox;
pub mod server;
pub mod submission;
// L4: a run.
pub mod runner;
// L5: what people and machines read.
pub mod locale;
pub mod report;
// L6: many runs.
pub mod authoring;
pub mod cohort;
pub mod lesson;
pub mod proof;
// L7: the command line.
pub mod cli;
