//! A check's own program: started beside the server, judged by what it says.

use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use tokio::time::Instant;

use super::Config;
use super::session::{Session, internal};
use crate::event::ProgramRun;
use crate::exercise::{ProgramStep, duration};
use crate::judge::{self, Decision};
use crate::outcome::Problem;
use crate::sandbox::{Spawn, SpawnError};
use crate::server::{self, Finished, LogText, RunError};

/// What a program decided, and what it said.
pub(super) struct Answer {
    pub(super) decision: Decision,
    pub(super) run: ProgramRun,
}

/// What every program of a run shares.
pub(super) struct Circumstances<'r> {
    pub(super) config: &'r Config,
    /// The exercise's folder, if it has one.
    pub(super) folder: Option<&'r Path>,
    pub(super) seed: u64,
}

/// Runs a program to its end, at most until the deadline. It is the author's own: nothing confines it, and its home is
/// the user's, never the submission's, which could have left something there for it to run.
pub(super) async fn ask(
    step: &ProgramStep,
    circumstances: &Circumstances<'_>,
    session: &Session<'_>,
    deadline: Instant,
) -> Result<Answer, Problem> {
    let failed = |error: std::io::Error| internal(&error.to_string());
    let (base_url, gate) = session.address_for_programs().await.map_err(failed)?;
    let own = circumstances.config.scratch.programs().map_err(failed)?;
    let cwd = circumstances.folder.unwrap_or(&own).to_owned();
    let spawn = Spawn {
        argv: argv(&step.command, &cwd),
        env: server::program_environment(&own, &base_url, circumstances.seed),
        cwd,
        confinement: None,
    };
    let began = Instant::now();
    let deadline = deadline.min(began + step.timeout);
    let ended = server::run_to_end(&spawn, deadline).await;
    drop(gate);
    let said = |exit, log: LogText| ProgramRun {
        command: step.command.clone(),
        exit,
        stdout: log.stdout,
        stderr: log.stderr,
        elapsed: began.elapsed(),
    };
    Ok(match ended {
        Ok(Finished { exit, log }) => {
            Answer { decision: judge::program(exit, &log.stdout), run: said(Some(exit), log) }
        }
        Err(RunError::Timeout { log }) => {
            let time = whole_milliseconds(deadline.saturating_duration_since(began));
            let mismatch = judge::program_too_slow(duration::format(time));
            Answer { decision: Decision::Failed(vec![mismatch]), run: said(None, log) }
        }
        Err(RunError::Spawn(error)) => {
            let why = match &error {
                SpawnError::Program { error, .. } | SpawnError::Directory { error, .. } => error.to_string(),
                SpawnError::Refused(_) | SpawnError::NotCopied(_) | SpawnError::Machine { .. } => error.to_string(),
            };
            let name = step.command.first().map_or("", String::as_str);
            let decision = Decision::Undecided(judge::program_not_started(name, why));
            Answer { decision, run: said(None, LogText::default()) }
        }
    })
}

fn whole_milliseconds(time: Duration) -> Duration {
    Duration::from_millis(u64::try_from(time.as_millis()).unwrap_or(u64::MAX))
}

/// The command, its program in the exercise's folder if it is there; a name alone is else looked for on the `PATH`.
fn argv(command: &[String], folder: &Path) -> Vec<OsString> {
    let mut argv: Vec<OsString> = command.iter().map(Into::into).collect();
    if let Some(program) = argv.first_mut() {
        let here = folder.join(&*program);
        if here.is_file() {
            *program = here.into();
        }
    }
    argv
}
