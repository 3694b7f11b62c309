//! What is said to people when a submission is less isolated than it could be.

use super::error::Error;
use super::output;
use crate::cohort::{self, Overlap};
use crate::event::{Isolation, Missing};
use crate::locale::{Catalogue, space_after};
use crate::message::Message;
use crate::runner::{self, Probed, RunError, Wanted};

/// A warning, once, with what is lost and what would mend it; none if nothing is lost or nothing was wanted.
pub(super) fn reduced(isolation: &Isolation, catalogue: &Catalogue) -> Option<String> {
    if isolation.asked_for_none || isolation.level == "full" {
        return None;
    }
    let because = isolation.missing.iter().find(|missing| missing.reason.is_some());
    let reason = because.and_then(|missing| missing.reason.clone()).unwrap_or_default();
    let lost = match isolation.level {
        "partial" => Message::new("isolation-reduced-partial"),
        _ => Message::new("isolation-reduced-none"),
    };
    let remedy = because.and_then(|missing| missing.remedy.clone());
    let remedy = remedy.unwrap_or_else(|| Message::new("remedy-isolation-unknown"));
    let yellow = anstyle::AnsiColor::Yellow.on_default().bold();
    let line = |label: String, message: &Message| {
        format!("{yellow}{label}{yellow:#}{}{}\n", space_after(&label), catalogue.say(message))
    };
    let reduced = Message::new("isolation-reduced").with("level", isolation.level).with("reason", reason);
    let lines = [
        line(catalogue.label("warning-label"), &reduced),
        line(catalogue.label("warning-label"), &lost),
        line(catalogue.label("label-hint"), &remedy),
    ];
    Some(lines.concat())
}

/// The same before many runs, of what was probed: the best level that is offered, and why not a better one.
pub(super) fn reduced_for_all(probed: &[Probed], catalogue: &Catalogue) -> Option<String> {
    let mut best = probed.iter().find_map(|level| match level {
        Probed::Offered(isolation) => Some(isolation.clone()),
        Probed::Refused { .. } => None,
    });
    let refused = probed.iter().find_map(|level| match level {
        Probed::Refused { reason, remedy, .. } => {
            Some(Missing { feature: "user", reason: Some(reason.clone()), remedy: remedy.clone() })
        }
        Probed::Offered(_) => None,
    });
    if let Some(isolation) = &mut best {
        isolation.missing.splice(0..0, refused);
    }
    reduced(&best?, catalogue)
}

/// Whether runs may go on side by side. What isolation this machine refuses is told once.
pub(super) fn overlap(wanted: Wanted, color: anstream::ColorChoice, catalogue: &Catalogue) -> Result<Overlap, Error> {
    if wanted == Wanted::None {
        return Ok(Overlap::InTurn);
    }
    let exe = std::env::current_exe().map_err(RunError::Machine)?;
    let probed = runner::probe(&exe).map_err(RunError::Machine)?;
    if let Some(warning) = reduced_for_all(&probed, catalogue) {
        output::stderr(&warning, color);
    }
    Ok(cohort::runs_may_overlap(&probed, wanted))
}
