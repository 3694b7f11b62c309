//! A solution that is right but for one thing: what no check notices.

use std::collections::BTreeSet;
use std::time::Duration;

use super::prove::{Event, Limit, Order, Room, seeded};
use super::subject::Subject;
use crate::client::Alterer;
use crate::cohort::grading::{self, Once, Settings};
use crate::event::{RunEvent, StepExchange};
use crate::exercise::CheckId;
use crate::mutation::{self, Alteration, LeftOut, Mutation, Mutator, Tried};
use crate::report::{Report, Verdict};
use crate::runner::RunError;

/// What became of every mutation of a solution's answers.
#[derive(Debug)]
pub struct Mutants {
    /// The solution.
    pub solution: String,
    /// The seed of each of its runs.
    pub seed: u64,
    /// How many mutations there are.
    pub possible: usize,
    /// What was tried, in the order of situations.
    pub tried: Vec<Mutated>,
    /// What would make no difference.
    pub left_out: Vec<LeftOut>,
}

/// A mutation and what became of it.
#[derive(Debug)]
pub struct Mutated {
    /// The mutation.
    pub mutation: Mutation,
    /// What became of it.
    pub tried: Tried,
}

/// What a run without any mutation asked.
struct Record {
    exchanges: Vec<StepExchange>,
    randoms: Vec<String>,
}

/// Tries the mutations of this solution's answers, each in a run of its own.
pub(super) fn try_all(
    room: &Room<'_>,
    subject: &Subject,
    order: Order,
    time: f64,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<Mutants, RunError> {
    let settings = seeded(room.settings, order.seed, 0);
    let record = record(subject, &settings)?;
    // Later than any limit lets an answer come.
    let limits = settings.limits;
    let late = limits.ready.max(limits.request) + Duration::from_secs(1);
    let exchanges: Vec<_> = record.exchanges.iter().map(|told| told.exchange.clone()).collect();
    let listed = mutation::mutations(&exchanges, &record.randoms, late);
    let wanted = match order.mutations {
        Limit::All => listed.mutations.clone(),
        Limit::AtMost(most) => mutation::spread(&listed.mutations, most),
    };
    let all = time * wanted.len() as f64 / room.workers.min(order.jobs.max(1)) as f64;
    tell(Event::Mutations(wanted.len(), Duration::from_secs_f64(all / 1000.0)));
    let trial = Trial { subject, settings: &settings, record: &record };
    let mut tried: Vec<Option<Mutated>> = wanted.iter().map(|_| None).collect();
    let mut keep = |place: usize, outcome: Tried| {
        tell(Event::Mutated);
        tried[place] = Some(Mutated { mutation: wanted[place].clone(), tried: outcome });
    };
    let mut again = Vec::new();
    let run = |lanes, place: usize| trial.run(Once { shown: &subject.name, lanes, alterer: None }, &wanted[place]);
    let places: Vec<_> = (0..wanted.len()).collect();
    let beside = |place: &usize| run(room.lanes.as_ref(), *place);
    room.pool(&places, room.workers, beside, |place, (outcome, may_be_load)| {
        if may_be_load && room.workers > 1 { again.push(*place) } else { keep(*place, outcome) }
    })?;
    room.pool(&again, 1, |place| run(None, *place), |place, (outcome, _)| keep(*place, outcome))?;
    Ok(Mutants {
        solution: subject.name.clone(),
        seed: order.seed,
        possible: listed.mutations.len(),
        tried: tried.into_iter().flatten().collect(),
        left_out: listed.left_out,
    })
}

/// Runs the solution as it is, and keeps what was asked and answered.
fn record(subject: &Subject, settings: &Settings) -> Result<Record, RunError> {
    let mut exchanges = Vec::new();
    let once = Once { shown: &subject.name, lanes: None, alterer: None };
    grading::grade_found(once, settings, |scratch| subject.target(settings, scratch), &mut |event| {
        if let RunEvent::ExchangeFinished(told) = event {
            exchanges.push((**told).clone());
        }
    })?;
    let plan = settings.plan().map_err(|unknown| RunError::Machine(std::io::Error::other(unknown.wanted)))?;
    Ok(Record { exchanges, randoms: plan.checks.into_iter().flat_map(|planned| planned.randoms).collect() })
}

/// What every trial is made of.
struct Trial<'a> {
    subject: &'a Subject,
    settings: &'a Settings,
    record: &'a Record,
}

impl Trial<'_> {
    /// Runs the checks that ask for it, with the mutation. Says also whether load could be why it was noticed.
    fn run(&self, once: Once<'_>, mutation: &Mutation) -> Result<(Tried, bool), RunError> {
        let settings = Settings { checks: self.asking(mutation), ..self.settings.clone() };
        let alterer = Alterer::new(Mutator::new(mutation.clone(), self.record.randoms.clone()));
        let once = Once { alterer: Some(alterer.clone()), ..once };
        let report =
            grading::grade_found(once, &settings, |scratch| self.subject.target(&settings, scratch), &mut |_| ())?;
        let is_late = matches!(mutation.alteration, Alteration::Delayed(_));
        let tried = outcome(&report, alterer.changed());
        let noticed = matches!(tried, Tried::Noticed(_));
        Ok((tried, noticed && !is_late && grading::may_be_load(&report)))
    }

    /// The checks that ask the server this; no other one can notice.
    fn asking(&self, mutation: &Mutation) -> Vec<String> {
        let Record { exchanges, randoms } = self.record;
        let asking = exchanges.iter().filter(|told| {
            let exchange = &told.exchange;
            exchange.response().is_some_and(|response| mutation.concerns(&exchange.request, response.status, randoms))
        });
        let ids: BTreeSet<_> = asking.map(|told| told.check.0.clone()).collect();
        ids.into_iter().collect()
    }
}

/// What a run with a mutation says of it.
fn outcome(report: &Report, changed: usize) -> Tried {
    let failed = report.checks.iter().filter(|check| check.verdict == Verdict::Failed);
    match report.verdict {
        Verdict::Error => Tried::Undecided,
        // Whatever it failed, the mutation is not why.
        _ if changed == 0 => Tried::Idle,
        Verdict::Passed => Tried::Survived,
        Verdict::Failed | Verdict::Skipped => Tried::Noticed(failed.map(|check| CheckId(check.id.clone())).collect()),
    }
}
