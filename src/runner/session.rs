//! The server during a run: built, started, listened to, restarted, stopped.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::time::Instant;

use super::ground::{Errand, Ground};
use super::{Config, Manner, Target};
use crate::client::{Client, Gate};
use crate::event::{Exit, RunEvent, ServerStopped};
use crate::hint::{self, BuildFailure, Log};
use crate::message::Message;
use crate::outcome::{Blame, Problem, ProblemCode};
use crate::plan::Plan;
use crate::sandbox::{self, SpawnError};
use crate::server::{self, LogText, NotListening, Server};
use crate::source::SourceFile;
use crate::submission::{self, Program, Submission};

/// Where events go.
pub(super) type Tell<'t> = &'t mut dyn FnMut(RunEvent);

/// A server that can be asked, and how to start it again.
pub(super) struct Session<'r> {
    /// Sends requests to it.
    pub(super) client: Client,
    /// Until when the first response may take.
    pub(super) ready_by: Instant,
    /// What is launched; none where the server runs already.
    launched: Option<Launched<'r>>,
}

/// A submission's process and what it was started from.
struct Launched<'r> {
    ground: Ground<'r>,
    ready: Duration,
    server: Server,
    /// Where it listens, within its own network if it has one.
    address: SocketAddr,
    port: u16,
    /// Held while the server's ports are the machine's.
    _turn: Option<sandbox::Turn>,
}

impl<'r> Session<'r> {
    /// Builds and starts the target and waits until it listens.
    pub(super) async fn open(
        plan: &Plan,
        target: &'r Target,
        config: &'r Config,
        manner: &'r Manner,
        tell: Tell<'_>,
    ) -> Result<Self, Problem> {
        match target {
            Target::Unlaunched { problem, .. } => Err(problem.clone()),
            Target::Running { url } => Ok(Self {
                client: Client::new(url).map_err(|error| internal(&error.to_string()))?.altered(config.alterer.clone()),
                ready_by: Instant::now() + plan.limits.request,
                launched: None,
            }),
            Target::Submission { submission, launch } => {
                let ready = plan.limits.ready;
                let time = ready + plan.limits.run;
                let mut ground = Ground::new(submission, launch, config, manner, time)?;
                build(&mut ground, tell).await?;
                let port = sandbox::free_port().map_err(|error| internal(&error.to_string()))?;
                let mut turn = None;
                let started = start(&mut ground, &mut turn, ready, port, tell).await?;
                let client = client_for(&started, config)?;
                let Started { server, address, ready_by } = started;
                let launched = Launched { ground, ready, server, address, port, _turn: turn };
                Ok(Self { client, ready_by, launched: Some(launched) })
            }
        }
    }

    /// Stops the server and starts it again, with the same port in its environment.
    pub(super) async fn restart(&mut self, tell: Tell<'_>) -> Result<(), Problem> {
        let Some(launched) = &mut self.launched else {
            return Err(internal("a server that was running already cannot be restarted"));
        };
        stop(&mut launched.server, tell).await;
        let Launched { ground, ready, port, _turn, .. } = launched;
        let started = start(ground, _turn, *ready, *port, tell).await?;
        self.client = client_for(&started, ground.config)?;
        self.ready_by = started.ready_by;
        launched.server = started.server;
        launched.address = started.address;
        Ok(())
    }

    /// The address at which other programs of this machine reach the server, and what keeps the way open.
    pub(super) async fn address_for_programs(&self) -> std::io::Result<(String, Option<Gate>)> {
        let launched = self.launched.as_ref();
        let inside = launched.and_then(|launched| Some((launched.server.entrance()?, launched.address)));
        match inside {
            Some((entrance, address)) => {
                let gate = Gate::open(entrance, address).await?;
                Ok((format!("http://{}", gate.address()), Some(gate)))
            }
            None => Ok((self.client.base_url().to_owned(), None)),
        }
    }

    /// How the program has ended, if it has and nothing that it started is left.
    pub(super) fn exit(&self) -> Option<Exit> {
        self.launched.as_ref().and_then(|launched| launched.server.ended_now())
    }

    /// Resolves when the program has ended with all its descendants; never for a server that ran already.
    pub(super) async fn ended(&mut self) -> Exit {
        match &mut self.launched {
            Some(launched) => launched.server.ended().await,
            None => std::future::pending().await,
        }
    }

    /// Resolves when the program has ended, or after this time.
    pub(super) async fn ended_within(&mut self, time: Duration) -> Option<Exit> {
        tokio::time::timeout(time, self.ended()).await.ok()
    }

    /// The place in the log that has been reached now.
    pub(super) fn mark(&mut self) -> Option<server::Mark> {
        self.launched.as_mut().map(|launched| {
            launched.server.logs().drain_now();
            launched.server.logs().mark()
        })
    }

    /// What the program has written since a place in its log; all of it for none.
    pub(super) fn log_since(&mut self, mark: Option<server::Mark>) -> LogText {
        let Some(launched) = &mut self.launched else { return LogText::default() };
        let logs = launched.server.logs();
        logs.drain_now();
        match mark {
            Some(mark) => logs.since(mark),
            None => whole(logs),
        }
    }

    /// The submission's source files, read now.
    pub(super) fn sources(&self) -> Vec<SourceFile> {
        self.launched.as_ref().map_or_else(Vec::new, |launched| submission::sources(launched.ground.submission()))
    }

    /// What hints need to know of the program.
    pub(super) fn program<'s>(&'s self, sources: &'s [SourceFile]) -> hint::Program<'s> {
        match &self.launched {
            Some(launched) => program(launched.ground.submission(), sources),
            None => hint::Program { kind: None, root: "", sources },
        }
    }

    /// The problem of a program that ended before it had answered.
    pub(super) fn exited_early(&mut self, exit: Exit) -> Problem {
        match &mut self.launched {
            Some(launched) => exited_early(launched.ground.submission(), exit, &whole(launched.server.logs())),
            None => internal("no server was launched"),
        }
    }

    /// The problem of a program that does not speak HTTP.
    pub(super) fn not_http(&mut self) -> Problem {
        let sources = self.sources();
        let log = self.log_since(None);
        hint::not_http(self.program(&sources), view(&log), self.client.base_url())
    }

    /// Ends the server and everything that it started.
    pub(super) async fn stop(&mut self, tell: Tell<'_>) {
        if let Some(launched) = &mut self.launched {
            stop(&mut launched.server, tell).await;
        }
    }
}

/// A server that listens.
struct Started {
    server: Server,
    address: SocketAddr,
    /// Until when its first response may take.
    ready_by: Instant,
}

fn client_for(started: &Started, config: &Config) -> Result<Client, Problem> {
    let client = match started.server.entrance() {
        Some(entrance) => Client::through(entrance, started.address, || config.scratch.door()),
        None => Client::for_address(started.address),
    };
    let client = client.map_err(|error| internal(&error.to_string()))?;
    Ok(client.altered(config.alterer.clone()))
}

/// Runs the setup command and the build steps, each with its own deadline.
async fn build(ground: &mut Ground<'_>, tell: Tell<'_>) -> Result<(), Problem> {
    let mut done = 0;
    while let Some((errand, step)) = ground.steps().into_iter().nth(done) {
        tell(RunEvent::Building { command: step.shown.clone() });
        let environment = server::build_environment(&ground.config.scratch.run(), &step.env);
        let limit = ground.config.build;
        let ended = server::run_to_end(&ground.spawn(&step, environment, errand), Instant::now() + limit).await;
        let (failure, log) = match ended {
            Ok(finished) if finished.exit.success() => {
                done += 1;
                continue;
            }
            Ok(finished) => (BuildFailure::Ended(finished.exit), finished.log),
            Err(server::RunError::Timeout { log }) => (BuildFailure::TimedOut(limit.as_secs()), log),
            Err(server::RunError::Spawn(SpawnError::Refused(refusal))) => {
                // The same step again, on other ground.
                ground.lower(refusal)?;
                continue;
            }
            Err(server::RunError::Spawn(error)) => return Err(not_started(&step, &error)),
        };
        let sources = submission::sources(ground.submission());
        let command = step.shown.join(" ");
        let problem = hint::build_failed(program(ground.submission(), &sources), &command, failure, view(&log));
        // No server was started; what the compiler wrote stands where its log would.
        let exit = match failure {
            BuildFailure::Ended(exit) => Some(exit),
            BuildFailure::TimedOut(_) => None,
        };
        tell(RunEvent::ServerStopped(ServerStopped { exit, stdout: log.stdout, stderr: log.stderr, survivors: 0 }));
        return Err(problem);
    }
    Ok(())
}

/// Starts the program on the best ground that the machine offers. A server whose ports are the machine's takes turns
/// with others.
async fn launch(
    ground: &mut Ground<'_>,
    turn: &mut Option<sandbox::Turn>,
    port: u16,
) -> Result<(Server, Instant), Problem> {
    loop {
        if ground.shares_ports() && turn.is_none() {
            *turn = Some(sandbox::Turn::take().await);
        }
        let began = Instant::now();
        let run = &ground.launch().run;
        let environment = ground.environment(port);
        let server_config = server::Config {
            spawn: ground.spawn(run, environment, Errand::Serve),
            port: ground.config.port,
            preferred: vec![port, 5000],
        };
        let started = match ground.mailbox() {
            Some(mailbox) => Server::copy(server_config, mailbox).await,
            None => Server::start(server_config).await,
        };
        match started {
            Ok(server) => return Ok((server, began)),
            Err(SpawnError::Refused(refusal)) => ground.lower(refusal)?,
            Err(error) => return Err(not_started(run, &error)),
        }
    }
}

/// Starts the program and waits until it listens.
async fn start(
    ground: &mut Ground<'_>,
    turn: &mut Option<sandbox::Turn>,
    ready: Duration,
    port: u16,
    tell: Tell<'_>,
) -> Result<Started, Problem> {
    let (mut server, began) = launch(ground, turn, port).await?;
    tell(RunEvent::Isolated(ground.isolation(server.held())));
    let ready_by = began + ready;
    let submission = ground.submission();
    let problem = match server.listening(ready_by).await {
        Ok(address) => {
            tell(RunEvent::ServerReady { address, after: began.elapsed() });
            return Ok(Started { server, address, ready_by });
        }
        Err(NotListening::Ended(exit)) => exited_early(submission, exit, &whole(server.logs())),
        Err(NotListening::Deadline) => {
            let sources = submission::sources(submission);
            let log = whole(server.logs());
            hint::never_listened(program(submission, &sources), view(&log), ready.as_secs())
        }
        Err(NotListening::ListensElsewhere(addresses)) => elsewhere(ground.config.port, &addresses),
    };
    stop(&mut server, tell).await;
    Err(problem)
}

async fn stop(server: &mut Server, tell: Tell<'_>) {
    let teardown = server.stop().await;
    let log = whole(server.logs());
    tell(RunEvent::ServerStopped(ServerStopped {
        exit: teardown.exit,
        stdout: log.stdout,
        stderr: log.stderr,
        survivors: teardown.survivors,
    }));
}

fn exited_early(submission: &Submission, exit: Exit, log: &LogText) -> Problem {
    let sources = submission::sources(submission);
    // Every process of the machine is looked at for this.
    let holders = if hint::tells_of_a_taken_port(&view(log)) { holders() } else { Vec::new() };
    hint::exited_early(program(submission, &sources), exit, view(log), &holders)
}

/// Who listens on this machine, by port, as a person would call them: the command, else that nobody may know.
fn holders() -> Vec<(u16, String)> {
    let mut ports: Vec<_> = sandbox::all_listeners().iter().map(SocketAddr::port).collect();
    ports.sort_unstable();
    ports.dedup();
    let named = ports.into_iter().filter_map(|port| sandbox::holder_of(port).map(|holder| (port, holder)));
    named
        .map(|(port, holder)| match holder.pid {
            Some(pid) => (port, format!("{} (pid {pid})", in_a_line(&holder.command))),
            None => (port, String::new()),
        })
        .collect()
}

/// The beginning of a command line, for a message.
fn in_a_line(command: &str) -> String {
    let words: Vec<_> = command.split_whitespace().collect();
    let mut line: String = words.join(" ").chars().take(60).collect();
    if line.len() < command.len() {
        line.push('…');
    }
    line
}

fn elsewhere(wanted: Option<u16>, addresses: &[SocketAddr]) -> Problem {
    let found: Vec<_> = addresses.iter().map(|address| format!("`{address}`")).collect();
    Problem {
        code: ProblemCode::NeverListened,
        blame: Blame::Submission,
        message: Message::new("problem-listens-elsewhere")
            .with("port", wanted.unwrap_or_default())
            .with("addresses", found.join(", ")),
        hint: Some(Message::new("hint-listens-elsewhere")),
    }
}

/// The program could not be started at all: it is missing or the machine refused.
fn not_started(program: &Program, error: &SpawnError) -> Problem {
    let name = program.shown.first().cloned().unwrap_or_default();
    match error {
        SpawnError::Program { .. } => Problem {
            code: ProblemCode::ExitedEarly,
            blame: Blame::Submission,
            message: Message::new("problem-cannot-execute").with("program", name).with("error", error.to_string()),
            hint: Some(Message::new("hint-cannot-execute")),
        },
        SpawnError::Directory { .. }
        | SpawnError::Machine { .. }
        | SpawnError::Refused(_)
        | SpawnError::NotCopied(_) => internal(&error.to_string()),
    }
}

/// A fault of the checker or of the machine below it.
pub(super) fn internal(detail: &str) -> Problem {
    Problem {
        code: ProblemCode::Internal,
        blame: Blame::Environment,
        message: Message::new("problem-internal").with("detail", detail),
        hint: None,
    }
}

fn program<'s>(submission: &'s Submission, sources: &'s [SourceFile]) -> hint::Program<'s> {
    hint::Program { kind: Some(submission.kind.name()), root: submission.root.to_str().unwrap_or_default(), sources }
}

fn whole(logs: &mut server::Logs) -> LogText {
    logs.drain_now();
    LogText { stdout: logs.stdout(), stderr: logs.stderr() }
}

/// A log as hints read it.
pub(super) fn view(log: &LogText) -> Log<'_> {
    Log { stdout: &log.stdout, stderr: &log.stderr }
}
