//! The processes that have imported a framework and are copied for each submission: one for each command.
//!
//! They live in a thread of their own, for they outlive the runs that wish for copies. None of them ever runs a
//! submission's code: that is done by their copies, each in its run's sandbox.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use super::{FOLDER, prepare, refusal, variable};
use crate::event::ColdBecause;
use crate::sandbox::{Mailbox, ProcessTree, Spawn};
use crate::server::{Logs, TempFolder};
use crate::submission::{Framework, Program};

/// How many commands are served: 25 to 50 MB of memory each.
const MOST: usize = 8;

/// How often a server of copies is started again for one command.
const TRIES: usize = 3;

/// How long a framework may take to be imported.
const PATIENCE: Duration = Duration::from_secs(30);

/// What differs from run to run and is given to each copy. The rest of its environment is read when Python starts.
const OF_A_RUN: [&str; 4] = ["HOME", "TMPDIR", "PORT", "PYTHONDONTWRITEBYTECODE"];

/// Makes the file beside it serve; the framework's name.
const SERVE: &str = "CHECKER_FORK_SERVER";

const PROGRAM: &str = include_str!("fork_server.py");

/// All servers of copies of one cohort. They end with the last clone of this.
#[derive(Clone, Debug)]
pub struct ForkServers(Arc<Thread>);

#[derive(Debug)]
struct Thread {
    wishes: Option<mpsc::UnboundedSender<Wish>>,
    handle: Option<JoinHandle<()>>,
}

/// What runs say to the thread.
enum Wish {
    /// To have a mailbox for copies of this command.
    Mailbox(Command, oneshot::Sender<Result<Mailbox, ColdBecause>>),
    /// That this one has given no copy.
    Failed(Mailbox),
}

/// What decides how a Python interpreter starts, and what it imports first.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Command {
    argv: Vec<OsString>,
    env: Vec<(OsString, OsString)>,
    framework: Framework,
}

impl ForkServers {
    /// None are started yet.
    ///
    /// # Errors
    /// If the machine refuses a thread or a folder.
    pub fn new() -> io::Result<ForkServers> {
        let folder = TempFolder::new()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (wishes, received) = mpsc::unbounded_channel();
        let all = All { folder, servers: Vec::new() };
        let work = move || runtime.block_on(all.serve(received));
        let handle = std::thread::Builder::new().name("fork-servers".into()).spawn(work)?;
        Ok(ForkServers(Arc::new(Thread { wishes: Some(wishes), handle: Some(handle) })))
    }

    /// Where to wish for a copy of this program, as it is to be started with this environment.
    ///
    /// # Errors
    /// If there is none, with the reason.
    pub async fn mailbox(
        &self,
        program: &Program,
        env: &[(OsString, OsString)],
        framework: Framework,
    ) -> Result<Mailbox, ColdBecause> {
        let of_a_run = |name: &OsString| OF_A_RUN.iter().any(|own| name == OsStr::new(own));
        let env = env.iter().filter(|(name, _)| !of_a_run(name)).cloned().collect();
        let (reply, answer) = oneshot::channel();
        self.say(Wish::Mailbox(Command { argv: program.argv.clone(), env, framework }, reply));
        answer.await.unwrap_or_else(|_| Err(ColdBecause::Fault("there is no fork server".to_owned())))
    }

    /// Tells that a mailbox has given no copy: what serves it is started again, a few times.
    pub fn failed(&self, mailbox: &Mailbox) {
        self.say(Wish::Failed(mailbox.clone()));
    }

    fn say(&self, wish: Wish) {
        // If the thread is gone, the answer's channel tells.
        let _ = self.0.wishes.as_ref().map(|wishes| wishes.send(wish));
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        self.wishes = None;
        let _ = self.handle.take().map(JoinHandle::join);
    }
}

/// The thread's own.
struct All {
    folder: TempFolder,
    servers: Vec<ForkServer>,
}

/// What serves copies of one command, or why nothing does.
struct ForkServer {
    command: Command,
    running: Result<Running, ColdBecause>,
    tries: usize,
}

struct Running {
    tree: ProcessTree,
    mailbox: Mailbox,
    /// Nothing is expected there; it must not fill up.
    _logs: Logs,
}

impl All {
    async fn serve(mut self, mut wishes: mpsc::UnboundedReceiver<Wish>) {
        while let Some(wish) = wishes.recv().await {
            match wish {
                Wish::Mailbox(command, reply) => {
                    let mailbox = self.mailbox(command).await;
                    // Whoever asked may have been interrupted.
                    let _ = reply.send(mailbox);
                }
                Wish::Failed(mailbox) => self.failed(&mailbox).await,
            }
        }
    }

    async fn mailbox(&mut self, command: Command) -> Result<Mailbox, ColdBecause> {
        let folder = self.folder.path();
        let place = match self.servers.iter().position(|server| server.command == command) {
            Some(place) => place,
            None if self.servers.len() >= MOST => return Err(ColdBecause::Fault(format!("more than {MOST} commands"))),
            None => {
                self.servers.push(ForkServer { running: start(&command, folder).await, command, tries: 1 });
                self.servers.len() - 1
            }
        };
        let server = &mut self.servers[place];
        let ended = server.running.as_ref().is_ok_and(|running| running.tree.ended_now().is_some());
        if ended && server.may_try_again() {
            server.running = start(&server.command, folder).await;
        }
        server.running.as_ref().map(|running| running.mailbox.clone()).map_err(Clone::clone)
    }

    /// Ends what serves a mailbox; it is started when it is wanted.
    async fn failed(&mut self, mailbox: &Mailbox) {
        for running in self.servers.iter_mut().filter_map(|server| server.running.as_mut().ok()) {
            if running.mailbox.is(mailbox) {
                running.tree.stop().await;
            }
        }
    }
}

impl ForkServer {
    /// Counts one try more; after too many, there is no server.
    fn may_try_again(&mut self) -> bool {
        self.tries += 1;
        if self.tries > TRIES {
            self.running = Err(ColdBecause::Fault("the fork server has ended too often".to_owned()));
        }
        self.tries <= TRIES
    }
}

/// Starts what serves copies of a command, and waits until the framework is imported.
async fn start(command: &Command, folder: &Path) -> Result<Running, ColdBecause> {
    let fault = |error: &dyn std::fmt::Display| ColdBecause::Fault(error.to_string());
    prepare(folder).map_err(|error| fault(&error))?;
    std::fs::write(folder.join(FOLDER).join("fork_server.py"), PROGRAM).map_err(|error| fault(&error))?;
    let mut env = command.env.clone();
    env.extend([
        variable(folder),
        (SERVE.into(), command.framework.module().into()),
        ("HOME".into(), folder.join("home").into()),
    ]);
    let spawn = Spawn { argv: command.argv.clone(), env, cwd: folder.to_owned(), confinement: None };
    let (mut tree, mailbox) = ProcessTree::serve(&spawn).await.map_err(|error| fault(&error))?;
    let (stdout, stderr) = tree.take_output().expect("nobody took the output of a new tree");
    let mut logs = Logs::new(stdout, stderr).map_err(|error| fault(&error))?;
    let ready = tokio::time::timeout(PATIENCE, mailbox.ready()).await;
    logs.drain_now();
    let said = logs.text();
    match ready {
        Ok(Ok(())) if said.stdout.is_empty() && said.stderr.is_empty() => Ok(Running { tree, mailbox, _logs: logs }),
        // What that says would not be in the program's own output.
        Ok(Ok(())) => Err(fault(&"importing the framework writes something")),
        Ok(Err(_)) => Err(why_it_ended(tree, logs).await),
        Err(_) => Err(fault(&"importing the framework takes too long")),
    }
}

async fn why_it_ended(mut tree: ProcessTree, mut logs: Logs) -> ColdBecause {
    let exit = tokio::time::timeout(PATIENCE, tree.ended()).await.ok();
    tree.stop().await;
    let stderr = logs.text().stderr;
    refusal(exit, &stderr).unwrap_or_else(|| ColdBecause::Fault("the fork server ended".to_owned()))
}
