//! Reports: the versioned record of a run, folded from its events, and the forms it is shown in.
//!
//! [`Report`] is what the JSON report holds, field by field. Everything that people or machines read is a
//! function of a report; nothing here judges, asks the clock or touches a file.

mod doctor;
mod fold;
mod human;
mod json;
mod model;
mod safe;

pub use doctor::{Doctor, Level, Runtime};
pub use fold::{Folder, missing};
pub use human::{Detail, human};
pub use json::{json, schema};
pub use model::{
    Body, Check, Checker, Counts, Exchange, Exercise, Exit, Failure, Isolation, Mismatch, Points, Problem, Report,
    Request, Response, Score, Server, ServerError, Submission, Verdict,
};
pub use safe::line as safe_line;
