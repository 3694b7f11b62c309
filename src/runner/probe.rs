//! What this machine offers, found by starting a program for real at each level of isolation.

use std::ffi::OsString;
use std::path::Path;

use crate::event::{Isolation, Missing};
use crate::message::Message;
use crate::sandbox::{
    self, Confinement, Feature, Form, Held, Level, Limits, Network, Place, ProcessTree, Spawn, SpawnError,
};

use super::ground::remedy;

/// What became of one level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Probed {
    /// It is to be had, with these features.
    Offered(Isolation),
    /// It is refused: at which step and how, and what would mend it if that is known.
    Refused {
        /// `full` or `partial`.
        level: &'static str,
        /// The step and the system's error.
        reason: String,
        /// What to do.
        remedy: Option<Message>,
    },
}

/// Starts the checker's own program `exe` once at each level, best first.
///
/// # Errors
/// If the machine cannot run anything at all.
pub fn probe(exe: &Path) -> std::io::Result<Vec<Probed>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let levels = [(Level::Full, "full"), (Level::Partial, "partial")];
    Ok(levels.map(|(level, name)| runtime.block_on(probe_level(exe, level, name))).into())
}

async fn probe_level(exe: &Path, level: Level, name: &'static str) -> Probed {
    match ProcessTree::spawn(&program(exe, level)).await {
        Ok(mut tree) => {
            let held = tree.held().clone();
            tree.stop().await;
            Probed::Offered(offered(name, level, &held))
        }
        Err(SpawnError::Refused(refusal)) => {
            Probed::Refused { level: name, reason: refusal.to_string(), remedy: remedy(&refusal) }
        }
        Err(error) => Probed::Refused { level: name, reason: error.to_string(), remedy: None },
    }
}

fn program(exe: &Path, level: Level) -> Spawn {
    let user = sandbox::user_of_ones_own().filter(|_| level == Level::Full || crate::server::is_open_to_all(exe));
    let confinement = Confinement {
        level,
        places: vec![Place::new(exe, Form::Fixed)],
        network: Network::Own,
        limits: Limits::of_a_server(10),
        user,
    };
    let argv = vec![exe.into(), OsString::from("--version")];
    Spawn { argv, env: Vec::new(), cwd: "/".into(), confinement: Some(confinement) }
}

fn offered(name: &'static str, level: Level, held: &Held) -> Isolation {
    let wanted = |feature: &Feature| {
        let is_about_a_submission = *feature == Feature::Overlay;
        let is_of_this_level = level == Level::Full || !feature.needs_namespaces();
        let is_of_this_user = *feature != Feature::Uid || nix::unistd::geteuid().is_root();
        !is_about_a_submission && is_of_this_level && is_of_this_user && !held.features.contains(feature)
    };
    let missing = Feature::ALL.into_iter().filter(wanted).map(|feature| {
        let refusal = held.refused.iter().find(|(refused, _)| *refused == feature).map(|(_, refusal)| refusal);
        Missing { feature: feature.name(), reason: refusal.map(ToString::to_string), remedy: refusal.and_then(remedy) }
    });
    Isolation {
        level: name,
        features: held.features.iter().map(|feature| feature.name()).collect(),
        missing: missing.collect(),
        asked_for_none: false,
    }
}
