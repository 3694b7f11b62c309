//! Reports: the versioned record of a run, folded from its events, and the forms it is shown in.
//!
//! [`Report`] is what the JSON report holds, field by field. Everything that people or machines read is a
//! function of a report; nothing here judges, asks the clock or touches a file. Each form has a file of its own;
//! [`view`] takes out what students are not to know, before a form that they read is made.

mod autolab;
mod changes;
mod classroom;
mod classroom50;
mod ctrf;
mod doctor;
mod exercism;
mod explain;
mod fold;
mod github;
mod gradescope;
mod html;
mod human;
mod json;
mod junit;
pub mod lesson;
mod markdown;
mod model;
mod prairielearn;
mod read;
mod safe;
mod student;
mod tap;

pub use autolab::autolab;
pub use changes::changes;
pub use classroom::classroom;
pub use classroom50::{Classroom50Context, classroom50};
pub use ctrf::ctrf;
pub use doctor::{Doctor, Level, Runtime};
pub use exercism::exercism;
pub use fold::{Folder, missing};
pub use github::{github, github_outputs};
pub use gradescope::gradescope;
pub use html::html;
pub use human::{Detail, human};
pub use json::{json, schema};
pub use junit::junit;
pub use markdown::markdown;
pub use model::{
    Body, Check, Checker, Counts, Exchange, Exercise, Exit, Failure, Isolation, Mismatch, Points, Problem, Report,
    Request, Response, Score, Server, ServerError, Submission, Verdict, Visibility,
};
pub use prairielearn::prairielearn;
pub use read::{ReadError, read};
pub use safe::line as safe_line;
pub use student::{Audience, view};
pub use tap::tap;
