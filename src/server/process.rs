//! A server from its start to its end.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::Logs;
use crate::sandbox::{Entrance, Exit, Held, Listener, Mailbox, ProcessTree, Spawn, SpawnError, Teardown, reachable};

/// How a server is started and recognised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The program.
    pub spawn: Spawn,
    /// The port on which it must listen, if that was said; else any port of its own will do.
    pub port: Option<u16>,
    /// When several of its ports are open, the first of these that is among them counts, else the one that was open
    /// first.
    pub preferred: Vec<u16>,
}

/// Why a server was not started.
pub type StartError = SpawnError;

/// A submission's program, running or not any more, with its output.
///
/// Dropping it kills the program and all its descendants.
#[derive(Debug)]
pub struct Server {
    tree: ProcessTree,
    logs: Logs,
    port: Option<u16>,
    preferred: Vec<u16>,
}

/// Why there is nothing to send requests to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotListening {
    /// The program and all its descendants ended.
    Ended(Exit),
    /// The time ran out, and nothing of the program listens.
    Deadline,
    /// The time ran out, and it listens, but not on the port that it was said to use.
    ListensElsewhere(Vec<SocketAddr>),
}

/// A compiled server is there at once. Where nobody tells when it listens it is looked for so often, for so long: a look
/// takes 30 µs.
const BRISK: Duration = Duration::from_millis(3);
const BRISK_PAUSE: Duration = Duration::from_micros(250);

/// The pause between two looks after that: 1 ms at first, and up to 4 ms for a server that takes its time.
const FIRST_PAUSE: Duration = Duration::from_millis(1);
const LONGEST_PAUSE: Duration = Duration::from_millis(4);

/// Where the kernel tells, looking is for the case that it did not.
const UNHEARD_PAUSE: Duration = Duration::from_millis(100);

impl Server {
    /// Starts the program; it runs when this returns, and need not listen yet.
    pub async fn start(config: Config) -> Result<Server, StartError> {
        let tree = ProcessTree::spawn(&config.spawn).await?;
        Server::of(tree, config)
    }

    /// Starts the program as a copy of the one that waits, loaded, at the other end of a mailbox.
    pub async fn copy(config: Config, mailbox: &Mailbox) -> Result<Server, StartError> {
        let tree = ProcessTree::copy(&config.spawn, mailbox).await?;
        Server::of(tree, config)
    }

    /// The same with another binary as supervisor.
    pub async fn start_with(supervisor: &Path, config: Config) -> Result<Server, StartError> {
        let tree = ProcessTree::spawn_with(supervisor, &config.spawn).await?;
        Server::of(tree, config)
    }

    fn of(mut tree: ProcessTree, config: Config) -> Result<Server, StartError> {
        let Config { port, preferred, .. } = config;
        tree.expect_ports(port.as_slice());
        tree.expect_ports(&preferred);
        let (stdout, stderr) = tree.take_output().expect("nobody took the output of a new tree");
        let logs = Logs::new(stdout, stderr)
            .map_err(|error| SpawnError::Machine { what: "read a program's output", error })?;
        Ok(Server { tree, logs, port, preferred })
    }

    /// Waits until the program listens, and says where it can be asked. A listener is not yet a server that
    /// answers: Flask's reloader listens before it has imported the app. Safe to cancel and to call again.
    pub async fn listening(&mut self, deadline: Instant) -> Result<SocketAddr, NotListening> {
        let mut pause = FIRST_PAUSE;
        let brisk = if self.tree.tells_when_it_listens() { Duration::ZERO } else { BRISK };
        let brisk_until = Instant::now() + brisk;
        loop {
            let listeners = self.tree.listeners();
            if let Some(addr) = self.choose(&listeners) {
                return Ok(reachable(addr));
            }
            if Instant::now() < brisk_until.min(deadline) && !self.tree.blocks_for(BRISK_PAUSE) {
                continue;
            }
            let until = deadline.min(Instant::now() + pause);
            match timeout_at(until, self.ended_or_heard()).await {
                Ok(Some(exit)) => return Err(NotListening::Ended(exit)),
                // Where the kernel goes on with the call itself, it listens in a moment.
                Ok(None) => pause = FIRST_PAUSE,
                Err(_) if until == deadline => return Err(not_in_time(&listeners)),
                Err(_) if self.tree.tells_when_it_listens() => pause = (pause * 4).min(UNHEARD_PAUSE),
                Err(_) => pause = (pause * 5 / 4).min(LONGEST_PAUSE),
            }
        }
    }

    /// Resolves with the program's end, or with none when it is heard to listen.
    async fn ended_or_heard(&mut self) -> Option<Exit> {
        tokio::select! {
            biased;
            () = self.tree.heard_to_listen() => None,
            exit = self.tree.over() => Some(exit),
        }
    }

    /// What holds of the isolation that was asked for.
    #[must_use]
    pub fn held(&self) -> &Held {
        self.tree.held()
    }

    /// The way into its own network, if it has one.
    #[must_use]
    pub fn entrance(&self) -> Option<Entrance> {
        self.tree.entrance()
    }

    fn choose(&self, listeners: &[Listener]) -> Option<SocketAddr> {
        let on = |port: u16| listeners.iter().find(|listener| listener.addr.port() == port);
        let chosen = match self.port {
            Some(port) => on(port),
            None => self.preferred.iter().find_map(|&port| on(port)).or(listeners.first()),
        };
        chosen.map(|listener| listener.addr)
    }

    /// Every address on which the program listens at this moment, in the order in which they were first seen.
    pub fn addresses(&self) -> Vec<SocketAddr> {
        self.tree.listeners().iter().map(|listener| listener.addr).collect()
    }

    /// How the program itself ended, as far as is known at this moment; descendants of it may live on and serve.
    pub fn main_exit(&self) -> Option<Exit> {
        self.tree.main_exit()
    }

    /// How the program ended, if it and all its descendants are gone at this moment.
    pub fn ended_now(&self) -> Option<Exit> {
        self.tree.ended_now()
    }

    /// Resolves when the program and all its descendants are gone. Safe to cancel.
    pub async fn ended(&mut self) -> Exit {
        self.tree.ended().await
    }

    /// What it writes.
    pub fn logs(&mut self) -> &mut Logs {
        &mut self.logs
    }

    /// Kills the program and all its descendants. The logs are whole afterwards.
    pub async fn stop(&mut self) -> Teardown {
        let teardown = self.tree.stop().await;
        self.logs.drain_now();
        teardown
    }
}

fn not_in_time(listeners: &[Listener]) -> NotListening {
    if listeners.is_empty() {
        return NotListening::Deadline;
    }
    NotListening::ListensElsewhere(listeners.iter().map(|listener| listener.addr).collect())
}
