//! A run: a plan and something to grade give events.
//!
//! The runner owns the async runtime, every deadline and the teardown. However a run ends (all checks decided,
//! a problem, a signal, a panic), nothing that the submission started is left.

mod checks;
mod first;
mod ground;
mod interruption;
mod lanes;
mod probe;
mod program;
mod session;
mod step;
mod target;
mod warm;

pub use ground::Wanted;
pub use probe::{Probed, probe};

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::client::Alterer;
use crate::event::{ColdBecause, RunEvent, Start, Started};
use crate::exchange::Moment;
use crate::outcome::Problem;
use crate::plan::Plan;
use crate::sandbox::Mailbox;
use crate::server::{ForkServers, Scratch};
use crate::submission::{Launch, Program, Submission};

pub use interruption::{Changes, Interruption};
pub use lanes::Lanes;
pub use target::Found;

/// What is graded.
#[derive(Debug)]
pub enum Target {
    /// A submission that is launched.
    Submission {
        /// What was handed in.
        submission: Box<Submission>,
        /// How it is built and started.
        launch: Box<Launch>,
    },
    /// A submission that cannot be launched; the run says so and decides every check.
    Unlaunched {
        /// The path as the user gave it.
        path: String,
        /// What it was recognised as, if it was.
        submission: Option<Box<Submission>>,
        /// Why.
        problem: Problem,
    },
    /// A server that is running already, by its address such as `http://127.0.0.1:5000`.
    Running {
        /// The address.
        url: String,
    },
}

/// What a run needs beside its plan and target.
#[derive(Debug)]
pub struct Config {
    /// The run's own folder, for the program's home, temporary files and build outputs.
    pub scratch: Scratch,
    /// How much isolation is wanted.
    pub isolation: Wanted,
    /// How a program is to be started that is launched.
    pub starting: Starting,
    /// The only port that counts, if the user named one.
    pub port: Option<u16>,
    /// A command to run in the submission before it is built.
    pub setup: Option<Program>,
    /// How long each setup or build step may take.
    pub build: Duration,
    /// Ends the run before its time.
    pub interruption: Interruption,
    /// The processor shared with runs beside this one, if there are any.
    pub lanes: Option<Lanes>,
    /// What changes the server's answers on their way in, to find out what checks notice.
    pub alterer: Option<Alterer>,
}

/// How programs are to be started.
#[derive(Clone, Debug)]
pub enum Starting {
    /// Cold; with the reason, where they would be warm but for that.
    Cold(Option<ColdBecause>),
    /// Warm where that is possible, each by itself.
    Warm,
    /// Warm where that is possible, as copies of processes that many runs share.
    Copied(ForkServers),
}

/// Why a run came to no end. A misbehaving submission is never one of these.
#[derive(Debug)]
pub enum RunError {
    /// A signal ended the run, by its number; everything that was started is gone.
    Interrupted(i32),
    /// What is graded has changed meanwhile; everything that was started is gone.
    Outdated,
    /// The machine refused something that every run needs.
    Machine(std::io::Error),
}

impl std::fmt::Display for RunError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Interrupted(signal) => write!(f, "interrupted by signal {signal}"),
            Self::Outdated => f.write_str("what is graded has changed"),
            Self::Machine(error) => write!(f, "this machine cannot run the checker: {error}"),
        }
    }
}

impl std::error::Error for RunError {}

/// Runs a plan and tells what happens, in order.
///
/// # Errors
/// If a signal ended the run or the machine cannot run it at all; not for anything that the submission does.
pub fn run(plan: &Plan, target: &Target, config: &Config, on_event: &mut dyn FnMut(RunEvent)) -> Result<(), RunError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(RunError::Machine)?;
    runtime.block_on(async {
        tokio::select! {
            biased;
            // Dropping the grading ends the server and all its descendants, and waits until they are gone.
            came = config.interruption.came() => Err(came),
            () = warm::grade(plan, target, config, on_event) => Ok(()),
        }
    })
}

/// One grading, with the program started in one way.
async fn grade(plan: &Plan, target: &Target, config: &Config, manner: &Manner, on_event: &mut dyn FnMut(RunEvent)) {
    let mut lane = lanes::Lane::enter(config.lanes.as_ref()).await;
    let began = Instant::now();
    on_event(RunEvent::Started(Box::new(started(target, manner))));
    {
        let mut checks = checks::Checks::new(plan, config, on_event);
        let opened = session::Session::open(plan, target, config, manner, checks.tell());
        let (opened, lost) = lane.through(opened).await;
        let problem = match opened {
            Err(problem) => Some(problem),
            Ok(mut session) => {
                session.ready_by += lost;
                let deadline = tokio::time::Instant::now() + plan.limits.run;
                let problem = checks.run(&mut session, deadline, &mut lane).await.err();
                session.stop(checks.tell()).await;
                problem
            }
        };
        checks.conclude(problem);
    }
    on_event(RunEvent::Finished { elapsed: began.elapsed() });
}

/// In which way a program is started.
#[derive(Debug)]
enum Manner {
    /// Its own process imports what it needs before it.
    Warm,
    /// As a copy of a process that has imported what it needs.
    Copied {
        /// Where to wish for one.
        mailbox: Mailbox,
        /// Whether its framework may start it once more.
        reloads: bool,
    },
    /// With the reason, where it was to be warm.
    Cold(Option<ColdBecause>),
}

impl Manner {
    const fn start(&self) -> Start {
        match self {
            Self::Warm | Self::Copied { .. } => Start::Warm,
            Self::Cold(_) => Start::Cold,
        }
    }
}

fn started(target: &Target, manner: &Manner) -> Started {
    let at = now();
    let start = manner.start();
    let cold_because = match manner {
        Manner::Warm | Manner::Copied { .. } => None,
        Manner::Cold(because) => because.clone(),
    };
    match target {
        Target::Submission { submission, launch } => Started {
            path: submission.shown.clone(),
            kind: Some(submission.kind.name()),
            digest: Some(submission.digest.clone()),
            command: launch.run.shown.clone(),
            start,
            cold_because,
            at,
        },
        Target::Unlaunched { path, submission, .. } => Started {
            path: path.clone(),
            kind: submission.as_ref().map(|submission| submission.kind.name()),
            digest: submission.as_ref().map(|submission| submission.digest.clone()),
            command: Vec::new(),
            start,
            cold_because: None,
            at,
        },
        Target::Running { url } => Started {
            path: url.clone(),
            kind: None,
            digest: None,
            command: Vec::new(),
            start: Start::External,
            cold_because: None,
            at,
        },
    }
}

/// The machine's clock.
fn now() -> Moment {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Moment(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}
