//! A run that was asked to be warm: tried so, and decided by a cold start unless everything passed.

use super::{Config, Manner, Starting, Target, Wanted};
use crate::event::{ColdBecause, RunEvent};
use crate::message::{Arg, Message};
use crate::outcome::{ProblemCode, Verdict};
use crate::plan::Plan;
use crate::submission::{Framework, Launch};
use crate::{server, submission};

/// Grades, and tells of the grading that counts alone: a warm one only if it grants everything.
pub(super) async fn grade(plan: &Plan, target: &Target, config: &Config, on_event: &mut dyn FnMut(RunEvent)) {
    if let Starting::Cold(because) = &config.starting {
        return super::grade(plan, target, config, &Manner::Cold(because.clone()), on_event).await;
    }
    let because = match manner(target, config).await {
        Ok(manner) => {
            let mut events = Vec::new();
            super::grade(plan, target, config, &manner, &mut |event| events.push(event)).await;
            if has_passed(&events) {
                return events.into_iter().for_each(on_event);
            }
            clear_up(&manner, config, &events);
            because(&events)
        }
        Err(because) => because,
    };
    super::grade(plan, target, config, &Manner::Cold(Some(because)), on_event).await;
}

/// Which warm start is to be had, or why a cold one is the only one.
async fn manner(target: &Target, config: &Config) -> Result<Manner, ColdBecause> {
    let Target::Submission { submission, launch } = target else { return Err(ColdBecause::NotFlask) };
    if config.setup.is_some() {
        return Err(ColdBecause::Setup);
    }
    let framework = submission::framework(submission, launch)?;
    let reloads = framework == Framework::Flask && submission::may_reload(submission);
    let Starting::Copied(servers) = &config.starting else { return alone(launch, config, reloads) };
    if config.isolation == Wanted::None {
        return Err(ColdBecause::Isolation);
    }
    let run = &launch.run;
    // The port is each run's own, and no matter here.
    let environment = server::environment(&config.scratch.run(), 0, &run.env);
    let mailbox = servers.mailbox(run, &environment, framework).await?;
    Ok(Manner::Copied { mailbox, reloads })
}

/// The warm start of one run: a script's own process imports Flask for both.
fn alone(launch: &Launch, config: &Config, reloads: bool) -> Result<Manner, ColdBecause> {
    match launch.run.argv.len() {
        2 if reloads && config.isolation == Wanted::None => Err(ColdBecause::Isolation),
        2 if reloads => Ok(Manner::Warm),
        _ => Err(ColdBecause::NoReloader),
    }
}

/// What a warm start that did not pass leaves behind.
fn clear_up(manner: &Manner, config: &Config, events: &[RunEvent]) {
    match (manner, &config.starting) {
        (Manner::Copied { mailbox, .. }, Starting::Copied(servers)) if fault(events).is_some() => {
            servers.failed(mailbox)
        }
        // It is of no use to a cold start, and would be seen by it. If it stays, that is all.
        (Manner::Warm, _) => drop(server::remove_warm(&config.scratch.run())),
        _ => {}
    }
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
    told.or_else(|| fault(events)).unwrap_or(ColdBecause::NotPassed)
}

/// The fault that kept the program from being started at all, if it was one.
fn fault(events: &[RunEvent]) -> Option<ColdBecause> {
    let was_started = events.iter().any(|event| matches!(event, RunEvent::Isolated(_)));
    events.iter().find_map(|event| match event {
        RunEvent::ProblemFound(problem) if problem.code == ProblemCode::Internal && !was_started => {
            Some(ColdBecause::Fault(detail(&problem.message)))
        }
        _ => None,
    })
}

/// What a message says of itself that is the same in every language.
fn detail(message: &Message) -> String {
    let texts = message.args.iter().filter_map(|(_, arg)| match arg {
        Arg::Text(text) => Some(text.as_str()),
        _ => None,
    });
    texts.collect::<Vec<_>>().join(" ")
}
