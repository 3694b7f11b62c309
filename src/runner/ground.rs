//! Where a submission's programs run: at which level of isolation, and what that level asks for.
//!
//! The best level that was asked for is tried by the first program itself. A machine that refuses it says so by a step
//! and an error number; then the next level is tried, and the report tells what was lost.

use std::ffi::OsString;
use std::sync::OnceLock;
use std::time::Duration;

use super::{Config, Manner};
use crate::event::{Isolation, Missing, Start};
use crate::message::Message;
use crate::outcome::{Blame, Problem, ProblemCode};
use crate::sandbox::{self, Confinement, Feature, Held, Level, Limits, Mailbox, Network, Place, Refusal, Spawn};
use crate::server::{self, Purpose};
use crate::submission::{self, Launch, Program, Submission};

/// How much isolation is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wanted {
    /// All that the machine offers.
    #[default]
    Auto,
    /// All there is, or no run at all.
    Strict,
    /// None: the program runs as the user who runs the checker.
    None,
}

/// A submission on the ground that it runs on.
pub(super) struct Ground<'r> {
    pub(super) config: &'r Config,
    submission: &'r Submission,
    launch: &'r Launch,
    /// Both again, in a copy, where the original could not be kept from changes otherwise.
    moved: Option<(Submission, Launch)>,
    /// None where programs run unconfined.
    level: Option<Level>,
    refused: Option<Refusal>,
    user: Option<u32>,
    /// How the server is started.
    manner: &'r Manner,
    /// The longest that the server may have to run.
    time: Duration,
}

/// What a program is started for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Errand {
    /// A command of the user's that prepares the submission; it may fetch packages.
    Setup,
    /// A build step.
    Build,
    /// The server.
    Serve,
}

/// What this machine refused once it will refuse again: a cohort need not ask for each submission.
static REFUSED: OnceLock<Refusal> = OnceLock::new();

impl<'r> Ground<'r> {
    pub(super) fn new(
        submission: &'r Submission,
        launch: &'r Launch,
        config: &'r Config,
        manner: &'r Manner,
        time: Duration,
    ) -> Result<Ground<'r>, Problem> {
        let mut ground =
            Ground { config, submission, launch, moved: None, level: None, refused: None, user: None, manner, time };
        if config.isolation != Wanted::None {
            ground.level = Some(Level::Full);
            ground.user = sandbox::user_of_ones_own();
            if let Some(refusal) = REFUSED.get() {
                ground.lower(refusal.clone())?;
            }
        }
        ground.give_scratch()?;
        Ok(ground)
    }

    /// The submission as its programs find it.
    pub(super) fn submission(&self) -> &Submission {
        self.moved.as_ref().map_or(self.submission, |(submission, _)| submission)
    }

    /// The commands that build and start it there.
    pub(super) fn launch(&self) -> &Launch {
        self.moved.as_ref().map_or(self.launch, |(_, launch)| launch)
    }

    /// The setup command, if there is one, and the build steps.
    pub(super) fn steps(&self) -> Vec<(Errand, Program)> {
        let setup = self.config.setup.iter().map(|setup| (Errand::Setup, self.here(setup)));
        setup.chain(self.launch().build.iter().map(|step| (Errand::Build, step.clone()))).collect()
    }

    /// A command of the original's, where the submission is now.
    fn here(&self, program: &Program) -> Program {
        match &self.moved {
            Some((moved, _)) => submission::moved_program(program, &self.submission.top, &moved.top),
            None => program.clone(),
        }
    }

    /// The environment of the server, which may use this port.
    pub(super) fn environment(&self, port: u16) -> Vec<(OsString, OsString)> {
        let mut environment = server::environment(&self.config.scratch.run(), port, &self.launch().run.env);
        if self.level.is_some() {
            // What it writes beside itself is gone with it, so Python may keep what it has compiled.
            environment.retain(|(name, _)| name != "PYTHONDONTWRITEBYTECODE");
        }
        match self.manner {
            Manner::Warm => environment.push(server::warm_variable(&self.config.scratch.run())),
            Manner::Copied { reloads: true, .. } => environment.push(server::warm_reloads()),
            Manner::Copied { reloads: false, .. } | Manner::Cold(_) => {}
        }
        environment
    }

    /// What starts a program here.
    pub(super) fn spawn(&self, program: &Program, mut environment: Vec<(OsString, OsString)>, errand: Errand) -> Spawn {
        if errand == Errand::Build && self.level.is_some() {
            // There is no network: what is not here is said at once, and what was fetched before is enough.
            environment.extend([("CARGO_NET_OFFLINE".into(), "true".into()), ("GOPROXY".into(), "off".into())]);
        }
        let confinement = self.level.map(|level| Confinement {
            level,
            user: self.user,
            places: self.places(level, program, &environment, errand),
            network: if errand == Errand::Setup { Network::Machine } else { Network::Own },
            limits: match errand {
                Errand::Serve => Limits::of_a_server(self.time.as_secs() + 1),
                Errand::Setup | Errand::Build => Limits::of_a_build(self.config.build.as_secs() + 1),
            },
        });
        Spawn { argv: program.argv.clone(), env: environment, cwd: program.cwd.clone(), confinement }
    }

    fn places(
        &self,
        level: Level,
        program: &Program,
        environment: &[(OsString, OsString)],
        errand: Errand,
    ) -> Vec<Place> {
        let purpose = if errand == Errand::Serve { Purpose::Serve } else { Purpose::Build };
        let places = server::places(self.submission(), &self.config.scratch, program, environment, purpose);
        match level {
            Level::Full => places,
            Level::Partial => server::places_in_sight(places, &self.config.scratch),
        }
    }

    /// Where to wish for a copy, if the server is to be one.
    pub(super) const fn mailbox(&self) -> Option<&Mailbox> {
        match self.manner {
            Manner::Copied { mailbox, .. } => Some(mailbox),
            Manner::Warm | Manner::Cold(_) => None,
        }
    }

    /// Whether the server shares its ports with the whole machine.
    pub(super) fn shares_ports(&self) -> bool {
        self.level != Some(Level::Full)
    }

    /// Goes on at the next level, for the machine refuses this one.
    pub(super) fn lower(&mut self, refusal: Refusal) -> Result<(), Problem> {
        let _ = REFUSED.set(refusal.clone());
        // What a warm start leaves behind must be gone before a cold one, which only this level sees to.
        if self.config.isolation == Wanted::Strict || self.manner.start() == Start::Warm {
            return Err(unavailable(&refusal));
        }
        match self.level {
            Some(Level::Full) if cfg!(target_os = "linux") => {
                self.level = Some(Level::Partial);
                self.refused = Some(refusal);
                self.user = self.user.filter(|_| self.may_be_anybodys());
                self.move_away()
            }
            _ => {
                self.level = None;
                self.user = None;
                self.refused.get_or_insert(refusal);
                Ok(())
            }
        }
    }

    /// Whether a user who owns nothing could run the commands. Without a file system of its own the way to them must be
    /// open to everybody, as it is not where an interpreter lies in somebody's home.
    fn may_be_anybodys(&self) -> bool {
        let own = [self.config.scratch.run(), self.submission.top.clone()];
        let programs = self.steps().into_iter().map(|(_, step)| step).chain([self.launch.run.clone()]);
        let mut paths = programs.filter_map(|program| Some(program.cwd.join(program.argv.first()?)));
        paths.all(|path| own.iter().any(|own| path.starts_with(own)) || server::is_open_to_all(&path))
    }

    /// Copies the submission, so that what its programs write is not written to the original.
    fn move_away(&mut self) -> Result<(), Problem> {
        let to = self.config.scratch.run().join("submission");
        let moved = submission::moved(self.submission, self.launch, &to);
        self.moved = moved.map_err(|error| super::session::internal(&error.to_string()))?;
        self.give_scratch()
    }

    /// What the run's own folder holds belongs to whoever runs there.
    fn give_scratch(&self) -> Result<(), Problem> {
        let failed = |error: std::io::Error| super::session::internal(&error.to_string());
        server::make_private_folders(&self.config.scratch.run()).map_err(failed)?;
        if matches!(self.manner, Manner::Warm) {
            server::prepare_warm(&self.config.scratch.run()).map_err(failed)?;
        }
        match (self.user, self.level) {
            (Some(user), _) => self.config.scratch.give_to(user).map_err(failed),
            // It may have been another's on better ground.
            (None, Some(Level::Partial)) if nix::unistd::geteuid().is_root() => {
                self.config.scratch.give_to(0).map_err(failed)
            }
            _ => Ok(()),
        }
    }

    /// What holds, for the report.
    pub(super) fn isolation(&self, held: &Held) -> Isolation {
        let level = match self.level {
            Some(Level::Full) => "full",
            Some(Level::Partial) => "partial",
            None => "none",
        };
        let mut features = vec!["supervisor", "environment"];
        features.extend(held.features.iter().map(|feature| feature.name()));
        Isolation {
            level,
            features,
            missing: self.missing(held),
            asked_for_none: self.config.isolation == Wanted::None,
        }
    }

    fn missing(&self, held: &Held) -> Vec<Missing> {
        let reason = |feature: Feature| {
            let own = held.refused.iter().find(|(refused, _)| *refused == feature).map(|(_, refusal)| refusal);
            own.or(self.refused.as_ref().filter(|_| feature.needs_namespaces()))
        };
        let absent = Feature::ALL.into_iter().filter(|feature| !held.features.contains(feature));
        let expected = absent.filter(|feature| *feature != Feature::Uid || nix::unistd::geteuid().is_root());
        expected
            .map(|feature| Missing {
                feature: feature.name(),
                reason: reason(feature).map(ToString::to_string),
                remedy: reason(feature).and_then(remedy),
            })
            .collect()
    }
}

/// The isolation that was demanded is not to be had.
fn unavailable(refusal: &Refusal) -> Problem {
    Problem {
        code: ProblemCode::IsolationUnavailable,
        blame: Blame::Environment,
        message: Message::new("problem-isolation").with("reason", refusal.to_string()),
        hint: Some(remedy(refusal).unwrap_or_else(|| Message::new("remedy-isolation-unknown"))),
    }
}

/// What makes a machine grant what it refused.
pub(super) fn remedy(refusal: &Refusal) -> Option<Message> {
    use nix::libc::{EACCES, EINVAL, ENOSPC, ENOSYS, EPERM, EUSERS};
    let is_clone = refusal.step.starts_with("clone");
    let is_map = refusal.step.starts_with("write ");
    let is_mount = ["mount", "bind", "pivot_root", "make"].iter().any(|start| refusal.step.starts_with(start));
    match refusal.errno {
        ENOSPC | EUSERS if is_clone => Some(Message::new("remedy-isolation-count")),
        EINVAL | ENOSYS if is_clone => Some(Message::new("remedy-isolation-kernel")),
        EPERM | EACCES if refusal.step.starts_with("mount proc") => Some(Message::new("remedy-isolation-proc")),
        EPERM if is_clone => Some(Message::new("remedy-isolation-clone")),
        EPERM | EACCES if is_map || is_mount => Some(Message::new("remedy-isolation-apparmor")),
        _ => None,
    }
}
