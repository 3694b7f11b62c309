//! The checks of a run: which is next, how far each has come, how each ends.
//!
//! Checks share one server and go one after another: side by side, requests gain nothing against a Python
//! program and would make its log ambiguous. A check that must wait steps aside, and others go on meanwhile.

use std::time::Duration;

use tokio::time::Instant;

use super::Config;
use super::first::{First, first_exchange};
use super::lanes::Lane;
use super::program::{self, Answer, Circumstances};
use super::session::{Session, Tell, internal, view};
use super::step::{self, Jars};
use crate::event::{CheckFinished, ProgramRun, RunEvent, StepExchange};
use crate::exchange::{Exchange, FailureCode, Moment};
use crate::exercise::{CheckId, ProgramStep, RequestStep, Step, Turn};
use crate::hint::{self, Explanation};
use crate::judge::{self, Decision, Scope};
use crate::message::Message;
use crate::outcome::{Aspect, Blame, Mismatch, Problem, ProblemCode, Verdict};
use crate::plan::{Plan, PlannedCheck};
use crate::source::SourceFile;

/// All checks of a run.
pub(super) struct Checks<'r> {
    tell: Tell<'r>,
    states: Vec<State<'r>>,
    history: Vec<StepExchange>,
    /// Read when the first check fails.
    sources: Option<Vec<SourceFile>>,
    /// Whether the server has been asked since its last start.
    asked: bool,
    request: Duration,
    circumstances: Circumstances<'r>,
}

/// How far one check has come.
struct State<'r> {
    planned: &'r PlannedCheck,
    jars: Jars,
    scope: Scope,
    /// The step to be done, counted from 0.
    next: usize,
    /// Not before this moment.
    due: Option<Instant>,
    announced: bool,
    failure: Option<Failure>,
    /// What its own program said.
    program: Option<ProgramRun>,
    verdict: Option<Verdict>,
    elapsed: Duration,
}

/// Why a check did not pass.
struct Failure {
    /// Whose doing it is: the checks' own programs may fail too.
    blame: Blame,
    mismatches: Vec<Mismatch>,
    explanation: Explanation,
}

/// What a step leads to.
enum After {
    /// The next step.
    Go,
    /// Nothing more for now: the check is decided, or waits.
    Leave,
}

/// How long a program that failed to answer may take to end, if that is what it does: an interpreter on a busy machine
/// takes its time. Where it is likely to live on, a short look is enough.
const fn time_to_end(failure: FailureCode) -> Duration {
    match failure {
        // Nobody listens any more.
        FailureCode::Refused => Duration::from_secs(2),
        FailureCode::Reset => Duration::from_secs(1),
        FailureCode::ClosedEarly => Duration::from_millis(300),
        _ => Duration::from_millis(20),
    }
}

impl<'r> Checks<'r> {
    pub(super) fn new(plan: &'r Plan, config: &'r Config, tell: Tell<'r>) -> Self {
        let states = plan.checks.iter().map(State::new).collect();
        let request = plan.limits.request;
        let circumstances = Circumstances { config, folder: plan.exercise.folder.as_deref(), seed: plan.seed };
        Self { tell, states, history: Vec::new(), sources: None, asked: false, request, circumstances }
    }

    /// Where events go.
    pub(super) fn tell(&mut self) -> Tell<'_> {
        self.tell
    }

    /// Runs every check until all are decided.
    ///
    /// # Errors
    /// The problem because of which the rest cannot be decided, if there is one.
    pub(super) async fn run(
        &mut self,
        session: &mut Session<'_>,
        mut deadline: Instant,
        lane: &mut Lane,
    ) -> Result<(), Problem> {
        for place in 0..self.states.len() {
            let (asked, lost) = lane.through(self.fresh_steps(place, session, deadline)).await;
            deadline += lost;
            asked?;
        }
        loop {
            self.skip();
            if Instant::now() >= deadline {
                return Err(run_timeout());
            }
            let ready = (0..self.states.len()).find(|place| self.is_ready(*place));
            match (ready, self.next_due()) {
                (Some(place), _) => {
                    let (advanced, lost) = lane.through(self.advance(place, session, deadline)).await;
                    deadline += lost;
                    advanced?;
                }
                (None, Some(due)) => deadline += lane.aside(tokio::time::sleep_until(due.min(deadline))).await,
                (None, None) => return Ok(()),
            }
        }
    }

    /// Decides what is undecided: after a problem nothing more can be asked.
    pub(super) fn conclude(&mut self, problem: Option<Problem>) {
        let Some(problem) = problem else { return };
        let blame = problem.blame;
        (self.tell)(RunEvent::ProblemFound(problem));
        for place in 0..self.states.len() {
            if self.states[place].verdict.is_some() {
                continue;
            }
            let verdict = match (blame, self.unmet(place)) {
                (Blame::Environment, _) => Verdict::Error,
                (Blame::Submission, Some(because)) => Verdict::Skipped { because },
                (Blame::Submission, None) => Verdict::Failed,
            };
            self.decide(place, verdict);
        }
    }

    /// The steps of a check that must be asked before anything else, as far as they go well.
    async fn fresh_steps(&mut self, place: usize, session: &mut Session<'_>, deadline: Instant) -> Result<(), Problem> {
        while let Some(Step::Request(step)) = self.states[place].step()
            && step.turn == Turn::Fresh
            && self.states[place].failure.is_none()
        {
            if let After::Leave = self.request(place, step, session, deadline).await? {
                break;
            }
        }
        Ok(())
    }

    /// Does a check's steps until it is decided or must wait.
    async fn advance(&mut self, place: usize, session: &mut Session<'_>, deadline: Instant) -> Result<(), Problem> {
        self.announce(place);
        self.states[place].due = None;
        while self.states[place].failure.is_none() {
            let Some(step) = self.states[place].step() else { break };
            let after = match step {
                Step::Request(step) => self.request(place, step, session, deadline).await?,
                Step::Program(step) => self.program(place, step, session, deadline).await?,
                Step::Restart => self.restart(place, session).await,
                Step::Wait(time) => {
                    let state = &mut self.states[place];
                    state.due = Some(Instant::now() + *time);
                    state.next += 1;
                    After::Leave
                }
            };
            if let After::Leave = after {
                break;
            }
        }
        let state = &self.states[place];
        if let Some(failure) = &state.failure {
            let verdict = match failure.blame {
                Blame::Submission => Verdict::Failed,
                Blame::Environment => Verdict::Error,
            };
            self.decide(place, verdict);
        } else if state.step().is_none() && state.due.is_none() {
            self.decide(place, Verdict::Passed);
        }
        Ok(())
    }

    async fn restart(&mut self, place: usize, session: &mut Session<'_>) -> After {
        let restarted = session.restart(self.tell).await;
        let state = &mut self.states[place];
        self.asked = false;
        state.next += 1;
        match restarted {
            Ok(()) => After::Go,
            Err(problem) => {
                let message = Message::new("mismatch-server-down");
                let mismatch = Mismatch {
                    step: state.next,
                    what: Aspect::Transport,
                    expected: Message::new("expected-response"),
                    actual: problem.message,
                    message,
                };
                let hints = problem.hint.into_iter().collect();
                state.failure = Some(Failure {
                    blame: Blame::Submission,
                    mismatches: vec![mismatch],
                    explanation: Explanation { server_error: None, hints },
                });
                After::Leave
            }
        }
    }

    /// Lets a check's own program decide.
    async fn program(
        &mut self,
        place: usize,
        step: &ProgramStep,
        session: &mut Session<'_>,
        deadline: Instant,
    ) -> Result<After, Problem> {
        // Whether it asked the server at all, it alone knows: the first request after it still waits for the answer.
        let is_first = !self.asked;
        let mark = session.mark();
        let Answer { decision, run } = program::ask(step, &self.circumstances, session, deadline).await?;
        let (blame, mismatches) = match decision {
            Decision::Passed => (Blame::Submission, Vec::new()),
            Decision::Failed(mismatches) => (Blame::Submission, mismatches),
            Decision::Undecided(mismatch) => (Blame::Environment, vec![mismatch]),
        };
        if !mismatches.is_empty() {
            // A server that has ended before it had answered anything is what there is to say.
            let ended = session.ended_within(time_to_end(FailureCode::Timeout)).await;
            if let Some(exit) = ended.filter(|_| is_first && blame == Blame::Submission) {
                return Err(session.exited_early(exit));
            }
            let explanation = self.explain_program(place, &run, session, mark);
            self.states[place].failure = Some(Failure { blame, mismatches, explanation });
        }
        let state = &mut self.states[place];
        state.next += 1;
        state.elapsed += run.elapsed;
        state.program = Some(run);
        Ok(After::Go)
    }

    fn explain_program(
        &mut self,
        place: usize,
        run: &ProgramRun,
        session: &mut Session<'_>,
        mark: Option<crate::server::Mark>,
    ) -> Explanation {
        let log = session.log_since(mark);
        let sources = self.sources.get_or_insert_with(|| session.sources());
        let check = &self.states[place].planned.check;
        hint::explain_program(check, session.program(sources), run, view(&log))
    }

    /// Asks a step and judges it.
    async fn request(
        &mut self,
        place: usize,
        scripted: &'r RequestStep,
        session: &mut Session<'_>,
        deadline: Instant,
    ) -> Result<After, Problem> {
        let number = self.states[place].next + 1;
        let mark = session.mark();
        let First { exchanges, problem } = self.ask(place, scripted, session, deadline).await;
        let state = &mut self.states[place];
        state.elapsed += exchanges.iter().map(|exchange| exchange.elapsed).sum::<Duration>();
        let expected = judge::summary(&scripted.expect, &state.scope);
        let after = match (problem, exchanges.last()) {
            (Some(problem), _) => Err(problem),
            (None, None) => Err(internal("a request gave no exchange")),
            (None, Some(exchange)) => Ok(self.judge(place, scripted, exchange, session, mark).await),
        };
        self.record(place, number, exchanges, &expected);
        after
    }

    /// Judges a step's exchange: the check goes on, waits until the exchange can be told from an older one, or fails.
    async fn judge(
        &mut self,
        place: usize,
        scripted: &RequestStep,
        exchange: &Exchange,
        session: &mut Session<'_>,
        mark: Option<crate::server::Mark>,
    ) -> After {
        let state = &mut self.states[place];
        let number = state.next + 1;
        // What a step saves is known to its own expectations; what it could not save matters if all else is well.
        let response = exchange.response();
        let unsaved = response.map(|response| step::save(number, scripted, response, &mut state.scope));
        let mut mismatches = judge::judge(number, &scripted.expect, exchange, &state.scope);
        if mismatches.is_empty() {
            mismatches = unsaved.unwrap_or_default();
        }
        if !mismatches.is_empty() {
            let explanation = self.explain(place, scripted, exchange, &mismatches, session, mark).await;
            self.states[place].failure = Some(Failure { blame: Blame::Submission, mismatches, explanation });
            return After::Leave;
        }
        let since = made_before(&self.history, exchange);
        if let Some(until) = judge::undecided_until(&scripted.expect, exchange, since) {
            state.due = Some(at(until));
            return After::Leave;
        }
        state.next += 1;
        After::Go
    }

    /// Sends the step's request, the first one of a start with patience.
    async fn ask(
        &mut self,
        place: usize,
        scripted: &RequestStep,
        session: &mut Session<'_>,
        deadline: Instant,
    ) -> First {
        let state = &mut self.states[place];
        let jar = state.jars.entry(scripted.client.clone()).or_default();
        step::cookies_into_scope(&mut state.scope, scripted, session, jar);
        let call = step::call(scripted, &state.scope);
        if !self.asked {
            self.asked = true;
            return first_exchange(session, scripted, jar, &call, self.request).await;
        }
        let deadline = deadline.min(Instant::now() + self.request);
        let exchanges = step::send(&session.client, scripted, jar, &call, deadline).await;
        First { exchanges, problem: None }
    }

    fn record(&mut self, place: usize, step: usize, exchanges: Vec<Exchange>, expected: &[Message]) {
        let check = self.states[place].id();
        let mut redirecting = None;
        for exchange in exchanges {
            // An address that the server chose and nobody visited is not offered to be visited.
            let blocked = exchange.result.as_ref().is_err_and(|failure| failure.code == FailureCode::Blocked);
            let own = step::curl(&exchange);
            let curl = if blocked { redirecting.take().unwrap_or(own) } else { own };
            redirecting = Some(curl.clone());
            let told = StepExchange { check: check.clone(), step, exchange, expected: expected.to_vec(), curl };
            self.history.push(told.clone());
            (self.tell)(RunEvent::ExchangeFinished(Box::new(told)));
        }
    }

    async fn explain(
        &mut self,
        place: usize,
        scripted: &RequestStep,
        exchange: &Exchange,
        mismatches: &[Mismatch],
        session: &mut Session<'_>,
        mark: Option<crate::server::Mark>,
    ) -> Explanation {
        // A program that hung up may be about to end; how it ends belongs to the explanation.
        let exit = match &exchange.result {
            Err(failure) => session.ended_within(time_to_end(failure.code)).await,
            Ok(_) => session.exit(),
        };
        let (log, whole_log) = (session.log_since(mark), session.log_since(None));
        let sources = self.sources.get_or_insert_with(|| session.sources());
        let state = &self.states[place];
        hint::explain(&hint::Evidence {
            program: session.program(sources),
            check: &state.planned.check,
            step: state.next + 1,
            scripted,
            scope: &state.scope,
            exchange,
            mismatches,
            history: &self.history,
            log: view(&log),
            whole_log: view(&whole_log),
            exit,
        })
    }

    /// Decides the checks whose required checks cannot pass any more.
    fn skip(&mut self) {
        for place in 0..self.states.len() {
            let undecided = self.states[place].verdict.is_none();
            if let (true, Some(because)) = (undecided, self.unpassed(place)) {
                self.decide(place, Verdict::Skipped { because });
            }
        }
    }

    fn decide(&mut self, place: usize, verdict: Verdict) {
        self.announce(place);
        let state = &mut self.states[place];
        let failure = match verdict {
            Verdict::Failed | Verdict::Error => state.failure.take(),
            Verdict::Passed | Verdict::Skipped { .. } => None,
        };
        let (mismatches, explanation) = failure.map(|failure| (failure.mismatches, failure.explanation)).unzip();
        let explanation = explanation.unwrap_or_default();
        state.verdict = Some(verdict.clone());
        let finished = CheckFinished {
            check: state.planned.check.id.clone(),
            verdict,
            mismatches: mismatches.unwrap_or_default(),
            hints: explanation.hints,
            server_error: explanation.server_error,
            program: state.program.take(),
            elapsed: state.elapsed,
        };
        (self.tell)(RunEvent::CheckFinished(Box::new(finished)));
    }

    fn announce(&mut self, place: usize) {
        let state = &mut self.states[place];
        if !state.announced {
            state.announced = true;
            let check = state.planned.check.id.clone();
            (self.tell)(RunEvent::CheckStarted { check });
        }
    }

    fn is_ready(&self, place: usize) -> bool {
        let state = &self.states[place];
        let due = state.due.is_none_or(|due| due <= Instant::now());
        state.verdict.is_none() && due && self.unmet(place).is_none()
    }

    fn next_due(&self) -> Option<Instant> {
        let waiting = self.states.iter().filter(|state| state.verdict.is_none());
        waiting.filter_map(|state| state.due).min()
    }

    /// The first required check that has not passed, decided or not.
    fn unmet(&self, place: usize) -> Option<CheckId> {
        self.required(place).find(|state| state.verdict != Some(Verdict::Passed)).map(State::id)
    }

    /// The first required check that is decided and has not passed.
    fn unpassed(&self, place: usize) -> Option<CheckId> {
        let decided = |state: &&State| state.verdict.as_ref().is_some_and(|v| *v != Verdict::Passed);
        self.required(place).find(decided).map(State::id)
    }

    fn required(&self, place: usize) -> impl Iterator<Item = &State<'r>> {
        let requires = &self.states[place].planned.check.requires;
        self.states.iter().filter(move |state| requires.contains(&state.planned.check.id))
    }
}

impl<'r> State<'r> {
    fn new(planned: &'r PlannedCheck) -> Self {
        Self {
            planned,
            jars: Jars::default(),
            scope: Scope { randoms: planned.randoms.clone(), ..Scope::default() },
            next: 0,
            due: None,
            announced: false,
            failure: None,
            program: None,
            verdict: None,
            elapsed: Duration::ZERO,
        }
    }

    fn step(&self) -> Option<&'r Step> {
        self.planned.check.steps.get(self.next)
    }

    fn id(&self) -> CheckId {
        self.planned.check.id.clone()
    }
}

/// The last moment at which a value could have been made that is not this exchange's own: the end of the run's
/// first response, by which the program had started, or of the first one to the same request, which may have
/// made a value that is kept.
fn made_before(history: &[StepExchange], exchange: &Exchange) -> Moment {
    let answered = || history.iter().map(|told| &told.exchange).filter(|earlier| earlier.result.is_ok());
    let first = answered().next();
    let same = answered().find(|earlier| {
        earlier.request.method == exchange.request.method && earlier.request.target == exchange.request.target
    });
    let ends = [first, same].into_iter().flatten().map(|earlier| earlier.received_at);
    ends.max().unwrap_or(exchange.received_at)
}

/// A moment of the machine's clock as a deadline, a little later so that the clock has surely passed it.
fn at(moment: Moment) -> Instant {
    let wait = u64::try_from(moment.0 - super::now().0).unwrap_or(0);
    Instant::now() + Duration::from_micros(wait) + Duration::from_millis(2)
}

fn run_timeout() -> Problem {
    Problem {
        code: ProblemCode::RunTimeout,
        blame: Blame::Submission,
        message: Message::new("problem-run-timeout"),
        hint: Some(Message::new("hint-run-timeout")),
    }
}
