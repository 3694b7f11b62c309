//! A run that was asked to be warm: tried so, and decided by a cold start unless everything passed.

use super::{Config, Manner, Target, Wanted};
use crate::event::{ColdBecause, RunEvent, Start};
use crate::outcome::{ProblemCode, Verdict};
use crate::plan::Plan;
use crate::{server, submission};

/// Grades, and tells of the grading that counts alone: a warm one only if it grants everything.
pub(super) async fn grade(plan: &Plan, target: &Target, config: &Config, on_event: &mut dyn FnMut(RunEvent)) {
    if config.start != Start::Warm {
        return super::grade(plan, target, config, Manner::Cold(None), on_event).await;
    }
    let because = match refused_before(target, config) {
        Some(because) => because,
        None => {
            let mut events = Vec::new();
            super::grade(plan, target, config, Manner::Warm, &mut |event| events.push(event)).await;
            if has_passed(&events) {
                return events.into_iter().for_each(on_event);
            }
            // It is of no use to a cold start, and would be seen by it. If it stays, that is all.
            let _ = server::remove_warm(&config.scratch.run());
            because(&events)
        }
    };
    super::grade(plan, target, config, Manner::Cold(Some(because)), on_event).await;
}

/// Why a warm start need not be tried.
fn refused_before(target: &Target, config: &Config) -> Option<ColdBecause> {
    let Target::Submission { submission, launch } = target else { return Some(ColdBecause::NotFlask) };
    if config.setup.is_some() {
        return Some(ColdBecause::Setup);
    }
    submission::cannot_be_warm(submission, launch)
        .or_else(|| (config.isolation == Wanted::None).then_some(ColdBecause::Isolation))
}

fn has_passed(events: &[RunEvent]) -> bool {
    events.iter().all(|event| match event {
        RunEvent::CheckFinished(finished) => finished.verdict == Verdict::Passed,
        RunEvent::ProblemFound(_) => false,
        _ => true,
    })
}

/// Why a warm start that did not pass was none, or that it was one.
fn because(events: &[RunEvent]) -> ColdBecause {
    let told = events.iter().find_map(|event| match event {
        RunEvent::ProblemFound(problem) if problem.code == ProblemCode::IsolationUnavailable => {
            Some(ColdBecause::Isolation)
        }
        RunEvent::ServerStopped(stopped) => server::warm_refusal(stopped.exit, &stopped.stderr),
        _ => None,
    });
    told.unwrap_or(ColdBecause::NotPassed)
}
