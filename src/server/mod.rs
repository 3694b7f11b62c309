//! The server of a submission: started, found by the port it chose, its output kept, ended without a trace.
//!
//! One path for all: a student's server, the reference server and a custom command start, listen and end here.
//! Build and setup steps, which are to end by themselves, run under the same supervision in `build`.

mod build;
mod environment;
mod logs;
mod process;
mod scratch;
mod temp;
mod visible;
mod warm;

pub use build::{Finished, RunError, run_to_end, run_to_end_with};
pub use environment::{build_environment, environment, make_private_folders, program_environment};
pub use logs::{LogText, Logs, Mark};
pub use process::{Config, NotListening, Server, StartError};
pub use scratch::Scratch;
pub use temp::{TempFolder, sweep};
pub use visible::{Purpose, is_open_to_all, places, places_in_sight};
pub use warm::{
    ForkServers, prepare as prepare_warm, refusal as warm_refusal, reloads as warm_reloads, remove as remove_warm,
    variable as warm_variable,
};
