//! Steps that are to end by themselves before a server is started: builds and setup commands.

use std::error::Error;
use std::fmt;
use std::path::Path;

use tokio::time::{Instant, timeout_at};

use super::{LogText, Logs};
use crate::sandbox::{Exit, ProcessTree, Spawn, SpawnError};

/// A step that ended in time, whatever it says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    /// How the program ended.
    pub exit: Exit,
    /// What it wrote.
    pub log: LogText,
}

/// Why a step did not end.
#[derive(Debug)]
pub enum RunError {
    /// It was not started.
    Spawn(SpawnError),
    /// It was still running at the deadline, and was killed with all its descendants.
    Timeout {
        /// What it had written.
        log: LogText,
    },
}

/// Runs a program until it ends, at most until the deadline. What it leaves running in the background is killed.
pub async fn run_to_end(spawn: &Spawn, deadline: Instant) -> Result<Finished, RunError> {
    finish(ProcessTree::spawn(spawn).await?, deadline).await
}

/// The same with another binary as supervisor.
pub async fn run_to_end_with(supervisor: &Path, spawn: &Spawn, deadline: Instant) -> Result<Finished, RunError> {
    finish(ProcessTree::spawn_with(supervisor, spawn).await?, deadline).await
}

async fn finish(mut tree: ProcessTree, deadline: Instant) -> Result<Finished, RunError> {
    let (stdout, stderr) = tree.take_output().expect("nobody took the output of a new tree");
    let mut logs = Logs::new(stdout, stderr).map_err(RunError::no_logs)?;
    let exit = timeout_at(deadline, tree.main_ended()).await;
    tree.stop().await;
    let log = logs.text();
    match exit {
        Ok(exit) => Ok(Finished { exit, log }),
        Err(_) => Err(RunError::Timeout { log }),
    }
}

impl RunError {
    fn no_logs(error: std::io::Error) -> RunError {
        RunError::Spawn(SpawnError::Machine { what: "read a program's output", error })
    }
}

impl From<SpawnError> for RunError {
    fn from(error: SpawnError) -> RunError {
        RunError::Spawn(error)
    }
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RunError::Spawn(error) => error.fmt(f),
            RunError::Timeout { .. } => f.write_str("the program did not end in time"),
        }
    }
}

impl Error for RunError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            RunError::Spawn(error) => error.source(),
            RunError::Timeout { .. } => None,
        }
    }
}
