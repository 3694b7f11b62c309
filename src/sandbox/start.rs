//! The start of a program, by the process that supervises it: confined as it was asked for, then executed.

#![expect(clippy::disallowed_types, reason = "programs are started here and nowhere else")]

use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

use nix::libc;
use nix::sys::signal::SigSet;
use nix::unistd::{Pid, setsid};

use super::confinement::Confinement;
use super::isolation::{Held, Refusal};
use super::kill::World;
#[cfg(target_os = "linux")]
use super::protocol::Manner;
use super::protocol::{Stage, Start};

/// Why a program was not started.
#[derive(Debug)]
pub(super) enum Failure {
    /// A stage of the start failed, with this error number.
    Stage(Stage, i32),
    /// This machine refuses to confine it so.
    Refused(Refusal),
    /// It was to be a copy, and is none.
    #[cfg(target_os = "linux")]
    NotCopied(Refusal),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Failure {
        Failure::Refused(refusal)
    }
}

/// What became of a start that did not fail.
pub(super) enum Running {
    /// The program runs below this process.
    Here(Begun),
    /// It runs, or is about to, below this child, which now is the supervisor and tells the rest.
    #[cfg(target_os = "linux")]
    Inside(Pid, Option<super::linux::cgroup::Group>),
}

/// A program that was started.
pub(super) struct Begun {
    /// Its pid, as this process sees it.
    pub(super) program: Pid,
    /// In which world its descendants live.
    pub(super) world: World,
    /// What holds.
    pub(super) held: Held,
    /// Where its calls of `listen` wait.
    pub(super) calls: Option<OwnedFd>,
    /// Lists the listeners of its own network.
    pub(super) lister: Option<OwnedFd>,
}

/// Starts the program. A mailbox that came along with the wish stays open until it runs.
#[cfg(target_os = "linux")]
pub(super) fn start(start: &Start, mailbox: Option<OwnedFd>) -> Result<Running, Failure> {
    use super::confinement::{Level, Network};
    use super::diag::Diag;
    use super::linux::namespaces::{Side, enter};
    use super::linux::{idmap, root};

    let mut held = Held::default();
    let Some(confinement) = start.confinement.as_ref().filter(|confinement| confinement.level == Level::Full) else {
        // The one to whom orphans below fall.
        nix::sys::prctl::set_child_subreaper(true).map_err(|errno| Failure::Stage(Stage::Supervisor, errno as i32))?;
        return run(start, World::Tree, held).map(Running::Here);
    };
    let trees = idmap::trees(confinement);
    match enter(confinement, &mut held)? {
        Side::Outside(child, group) => Ok(Running::Inside(child, group)),
        Side::Inside(groups) => {
            root::build(confinement, &trees, &mut held)?;
            drop(trees);
            let lister = (confinement.network == Network::Own).then(|| Diag::open().map(OwnedFd::from));
            let mut begun = match (start.manner, mailbox) {
                (Manner::Copied, Some(mailbox)) => super::copy::copy(start, confinement, mailbox, &groups, held)?,
                _ => run(start, World::Namespace, held)?,
            };
            begun.lister = lister.and_then(Result::ok);
            Ok(Running::Here(begun))
        }
    }
}

/// Starts the program.
#[cfg(not(target_os = "linux"))]
pub(super) fn start(start: &Start, mailbox: Option<OwnedFd>) -> Result<Running, Failure> {
    run(start, World::Tree, Held::default()).map(Running::Here)
}

fn run(start: &Start, world: World, held: Held) -> Result<Begun, Failure> {
    // The program, of the same user perhaps, shall not read or trace its supervisor.
    #[cfg(target_os = "linux")]
    nix::sys::prctl::set_dumpable(false).map_err(|errno| Failure::Stage(Stage::Supervisor, errno as i32))?;
    let program = start.argv.first().ok_or(Failure::Stage(Stage::Program, libc::ENOENT))?;
    let errno = |error: io::Error| error.raw_os_error().unwrap_or(libc::EINVAL);
    std::env::set_current_dir(&start.cwd).map_err(|error| Failure::Stage(Stage::Directory, errno(error)))?;
    let mut command = Command::new(program);
    command.args(&start.argv[1..]).env_clear().envs(start.env.iter().map(|(name, value)| (name, value)));
    command.stdin(Stdio::null());
    let mut confiner = Confiner::new(start.confinement.clone(), held)?;
    let inside = confiner.inside()?;
    // SAFETY: this process has no other thread, so that whatever it does between fork and exec finds no lock taken.
    unsafe {
        command.pre_exec(move || {
            setsid()?;
            SigSet::empty().thread_set_mask()?;
            inside.confine()
        });
    }
    let spawned = command.spawn();
    drop(command);
    let (held, calls) = confiner.outcome()?;
    let child = spawned.map_err(|error| Failure::Stage(Stage::Program, errno(error)))?;
    Ok(Begun { program: Pid::from_raw(child.id() as i32), world, held, calls, lister: None })
}

#[cfg(target_os = "linux")]
use linux::Confiner;
#[cfg(not(target_os = "linux"))]
use other::Confiner;

/// What a process does to itself between `fork` and `exec`, and how the supervisor learns of it.
#[cfg(target_os = "linux")]
mod linux {
    use std::os::fd::{AsFd as _, FromRawFd as _};
    use std::os::unix::net::UnixStream;

    use nix::sys::socket::MsgFlags;

    use super::super::isolation::Feature;
    use super::super::linux::Done;
    use super::super::linux::calls::make_all;
    use super::super::linux::confine::{Becoming, Confining, confining};
    use super::super::pass;
    use super::{Confinement, Failure, Held, OwnedFd, Refusal, Stage, io};

    /// The supervisor's side.
    pub(super) struct Confiner {
        confinement: Option<Confinement>,
        held: Held,
        line: UnixStream,
        theirs: Option<UnixStream>,
    }

    /// The new process' side.
    pub(super) struct Inside {
        confining: Option<Confining>,
        held: Held,
        line: UnixStream,
    }

    impl Confiner {
        pub(super) fn new(confinement: Option<Confinement>, held: Held) -> Result<Confiner, Failure> {
            let failed =
                |error: io::Error| Failure::Stage(Stage::Supervisor, error.raw_os_error().unwrap_or(libc::EINVAL));
            let (line, theirs) = UnixStream::pair().map_err(failed)?;
            Ok(Confiner { confinement, held, line, theirs: Some(theirs) })
        }

        pub(super) fn inside(&mut self) -> Result<Inside, Failure> {
            let line = self.theirs.take().ok_or(Failure::Stage(Stage::Supervisor, libc::EINVAL))?;
            let mut held = self.held.clone();
            let list = |confinement| confining(confinement, Becoming::Executing, &mut held);
            let confining = self.confinement.as_ref().map(list).transpose()?;
            Ok(Inside { confining, held, line })
        }

        /// What holds, and where calls of `listen` wait; asked when the program runs or has failed to.
        pub(super) fn outcome(self) -> Result<(Held, Option<OwnedFd>), Failure> {
            let mut text = Vec::new();
            let mut calls = None;
            let mut buffer = [0; 16 * 1024];
            while let Ok((count @ 1.., descriptors)) = pass::receive(self.line.as_fd(), &mut buffer, MsgFlags::empty())
            {
                text.extend_from_slice(&buffer[..count]);
                calls = calls.or(descriptors.into_iter().next());
            }
            match serde_json::from_slice::<Result<Held, Refusal>>(&text) {
                Ok(Ok(held)) => Ok((held, calls)),
                Ok(Err(refusal)) => Err(refusal.into()),
                // It had nothing to say: it was not confined, or did not come so far.
                Err(_) => Ok((self.held, calls)),
            }
        }
    }

    impl Inside {
        /// Confines this process, and tells the supervisor what holds.
        pub(super) fn confine(&self) -> io::Result<()> {
            let Some(confining) = &self.confining else { return Ok(()) };
            let (said, calls, result) = match self.steps(confining) {
                Ok((held, calls)) => (Ok(held), calls, Ok(())),
                Err(refusal) => {
                    let error = io::Error::from_raw_os_error(refusal.errno);
                    (Err(refusal), None, Err(error))
                }
            };
            let said: Result<Held, Refusal> = said;
            let bytes = serde_json::to_vec(&said).map_err(io::Error::other)?;
            pass::send(self.line.as_fd(), &bytes, calls.as_ref().map(|calls| calls.as_fd()).as_slice())?;
            result
        }

        fn steps(&self, confining: &Confining) -> Done<(Held, Option<OwnedFd>)> {
            let mut held = self.held.clone();
            let last = make_all(&confining.calls, &confining.descriptors, &mut held)?;
            let listener = last.filter(|_| held.features.contains(&Feature::Notify));
            // SAFETY: the last call has just made it, and nobody else knows it.
            Ok((held, listener.map(|listener| unsafe { OwnedFd::from_raw_fd(listener as i32) })))
        }
    }
}

/// Where nothing can be confined.
#[cfg(not(target_os = "linux"))]
mod other {
    use super::{Confinement, Failure, Held, OwnedFd, Refusal, io};

    pub(super) struct Confiner {
        held: Held,
        wanted: bool,
    }

    pub(super) struct Inside;

    impl Confiner {
        pub(super) fn new(confinement: Option<Confinement>, held: Held) -> Result<Confiner, Failure> {
            Ok(Confiner { held, wanted: confinement.is_some() })
        }

        pub(super) fn inside(&mut self) -> Result<Inside, Failure> {
            if self.wanted {
                return Err(Refusal { step: "confine a program on this system".into(), errno: 0 }.into());
            }
            Ok(Inside)
        }

        pub(super) fn outcome(self) -> Result<(Held, Option<OwnedFd>), Failure> {
            Ok((self.held, None))
        }
    }

    impl Inside {
        pub(super) fn confine(&self) -> io::Result<()> {
            Ok(())
        }
    }
}
