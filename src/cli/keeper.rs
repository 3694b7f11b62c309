//! What stays when a grader of a cohort dies: a process that does nothing but start one, and another one after it.
//!
//! A submission may bring down the process that grades it, be it through a fault of ours or because memory runs out.
//! The next grader learns from the journal who may have been to blame.

use std::ffi::OsString;

use super::args::Arguments;
use super::cohort_args::Grade;
use super::error::Error;
use super::{Ending, output};
use crate::cohort::{self, Grader};
use crate::locale::Catalogue;
use crate::message::Message;
use crate::outcome::Exit;
use crate::runner::RunError;
use crate::sandbox::{self, Ended};
use crate::server;

/// The hidden first argument of a grader that is kept. The keeper's process id and the command line come after it.
pub(super) const KEPT: &str = "__kept-grader";

/// Has the cohort graded by a process of its own, and by another one if that dies, as long as each begins something.
pub(super) fn keep(wanted: &Grade, arguments: &Arguments, catalogue: &Catalogue) -> Result<Ending, Error> {
    server::sweep();
    let mut all: Vec<OsString> = vec![KEPT.into(), std::process::id().to_string().into()];
    all.extend(std::env::args_os().skip(1));
    loop {
        let mut grader = None;
        let ended = sandbox::run_again(&all, |pid| grader = Some(Grader::of(pid))).map_err(RunError::Machine)?;
        let signal = match ended {
            Ended { exit: Exit::Code(code), .. } => return Ok(Ending::of_code(code)),
            Ended { asked: Some(signal), .. } => return Ok(Ending::Interrupted(signal)),
            Ended { exit: Exit::Signal(signal), .. } => signal,
            Ended { exit: Exit::Memory { .. }, .. } => nix::libc::SIGKILL,
        };
        let noted = grader.map_or(Ok(false), |grader| cohort::note_death(&wanted.out, &grader));
        if !noted.map_err(|error| super::grade::results(&wanted.out, &error))? {
            return Err(Error::Machine(Message::new("error-grader-died").with("signal", i64::from(signal))));
        }
        let said = catalogue.say(&Message::new("grade-goes-on").with("signal", i64::from(signal)));
        output::stderr(&format!("{said}\n"), arguments.color.into());
    }
}
