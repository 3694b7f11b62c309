//! A report is a fold over a run's events.

use super::model;
use crate::event::{self, CheckFinished, RunEvent, ServerStopped, Started, StepExchange};
use crate::exchange;
use crate::locale::Catalogue;
use crate::message::Message;
use crate::outcome::{self, Blame};
use crate::plan::Plan;

/// How many bytes of a body a report holds.
const BODY: usize = 4096;
/// How many bytes of a header's value or a message a report holds: a hundred headers must not make it huge.
const LINE: usize = 1024;

/// The signal that ends what cannot be asked to end (signal(7)).
const KILLED: i32 = 9;

/// Folds events into a report. It can give a report at any moment, of what was seen until then.
pub struct Folder<'a> {
    catalogue: &'a Catalogue,
    report: model::Report,
}

impl<'a> Folder<'a> {
    /// A fold over a run of this plan. Until it is decided, a check counts as one that could not run.
    #[must_use]
    pub fn new(plan: &Plan, catalogue: &'a Catalogue) -> Self {
        let report = model::Report {
            schema_version: model::SCHEMA_VERSION.to_owned(),
            checker: model::Checker { name: "checker".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
            exercise: model::Exercise {
                id: plan.exercise.id.clone(),
                version: plan.exercise.version.clone(),
                title: plan.exercise.title.in_lang(catalogue.lang()).to_owned(),
                digest: plan.exercise.digest.clone(),
            },
            submission: model::Submission { path: String::new(), kind: None, digest: None },
            verdict: model::Verdict::Error,
            score: model::Score { earned: None, possible: 0 },
            counts: model::Counts::default(),
            problem: None,
            checks: plan.checks.iter().map(|planned| undecided(&planned.check, catalogue)).collect(),
            server: None,
            isolation: nothing(),
            seed: plan.seed,
            started_at: String::new(),
            duration_ms: 0.0,
            lang: Some(catalogue.lang().code().to_owned()),
        };
        Self { catalogue, report }
    }

    /// Takes in what happened.
    pub fn event(&mut self, event: &RunEvent) {
        match event {
            RunEvent::Started(started) => self.started(started),
            RunEvent::Building { .. } | RunEvent::CheckStarted { .. } => {}
            RunEvent::Isolated(held) => self.report.isolation = isolation(held),
            RunEvent::ServerReady { address, after } => {
                if let Some(server) = &mut self.report.server {
                    server.address = Some(address.to_string());
                    server.ready_ms.get_or_insert(milliseconds(*after));
                }
            }
            RunEvent::ExchangeFinished(exchange) => self.exchange(exchange),
            RunEvent::CheckFinished(finished) => self.check(finished),
            RunEvent::ProblemFound(problem) => self.report.problem = Some(self.problem(problem)),
            RunEvent::ServerStopped(stopped) => self.stopped(stopped),
            RunEvent::Finished { elapsed } => self.report.duration_ms = milliseconds(*elapsed),
        }
    }

    /// The report of what was seen.
    #[must_use]
    pub fn report(mut self) -> model::Report {
        let environment = self.report.problem.as_ref().is_some_and(|p| p.blame == Blame::Environment.name());
        let mut counts = model::Counts::default();
        for check in &self.report.checks {
            match check.verdict {
                model::Verdict::Passed => counts.passed += 1,
                model::Verdict::Failed => counts.failed += 1,
                model::Verdict::Skipped => counts.skipped += 1,
                model::Verdict::Error => counts.error += 1,
            }
        }
        let points = self.report.checks.iter().map(|check| check.points);
        let possible = points.clone().map(|points| points.possible).sum();
        let earned = points.filter_map(|points| points.earned).sum();
        let undecided = environment || counts.error > 0;
        self.report.counts = counts;
        self.report.score = model::Score { earned: (!undecided).then_some(earned), possible };
        self.report.verdict = if undecided {
            model::Verdict::Error
        } else if counts.failed + counts.skipped > 0 || self.report.problem.is_some() {
            model::Verdict::Failed
        } else {
            model::Verdict::Passed
        };
        self.report
    }

    fn started(&mut self, started: &Started) {
        self.report.submission = model::Submission {
            path: started.path.clone(),
            kind: started.kind.map(str::to_owned),
            digest: started.digest.clone(),
        };
        self.report.started_at = timestamp(started.at);
        let launched = started.start == event::Start::External || !started.command.is_empty();
        self.report.server = launched.then(|| model::Server {
            command: started.command.clone(),
            start: started.start.name().to_owned(),
            address: None,
            ready_ms: None,
            exit: None,
            stdout: String::new(),
            stderr: String::new(),
            survivors: 0,
            cold_because: started.cold_because.as_ref().map(|because| model::ColdBecause {
                code: because.code().to_owned(),
                message: self.say(&because.message()),
            }),
        });
    }

    fn stopped(&mut self, stopped: &ServerStopped) {
        let Some(server) = &mut self.report.server else { return };
        server.exit = stopped.exit.map(exit);
        // After a restart the logs of all starts stand one after another.
        server.stdout.push_str(&stopped.stdout);
        server.stderr.push_str(&stopped.stderr);
        server.survivors += stopped.survivors;
    }

    fn problem(&self, problem: &outcome::Problem) -> model::Problem {
        model::Problem {
            code: problem.code.name().to_owned(),
            message: self.say(&problem.message),
            hint: problem.hint.as_ref().map(|hint| self.say(hint)),
            blame: problem.blame.name().to_owned(),
        }
    }

    fn exchange(&mut self, told: &StepExchange) {
        let exchange = self.told_exchange(told);
        if let Some(check) = self.report.checks.iter_mut().find(|check| check.id == told.check.0) {
            check.exchanges.push(exchange);
        }
    }

    fn told_exchange(&self, told: &StepExchange) -> model::Exchange {
        let exchange = &told.exchange;
        let expected: Vec<_> = told.expected.iter().map(|message| self.say(message)).collect();
        model::Exchange {
            step: told.step,
            client: exchange.client.0.clone(),
            elapsed_ms: milliseconds(exchange.elapsed),
            request: model::Request {
                method: exchange.request.method.clone(),
                url: exchange.request.url.clone(),
                headers: exchange.request.headers.clone(),
                body: exchange.request.body.clone(),
            },
            response: exchange.response().map(response),
            failure: exchange.result.as_ref().err().map(|failure| model::Failure {
                code: failure.code.name().to_owned(),
                message: self.say(&crate::judge::failure_message(failure)),
            }),
            expected: (!expected.is_empty()).then(|| expected.join(&self.catalogue.label("list-comma"))),
            curl: told.curl.clone(),
        }
    }

    fn check(&mut self, finished: &CheckFinished) {
        let mismatches = finished.mismatches.iter().map(|mismatch| self.mismatch(mismatch)).collect();
        let hints = finished.hints.iter().map(|hint| self.say(hint)).collect();
        let Some(check) = self.report.checks.iter_mut().find(|check| check.id == finished.check.0) else {
            return;
        };
        let (verdict, because) = match &finished.verdict {
            outcome::Verdict::Passed => (model::Verdict::Passed, None),
            outcome::Verdict::Failed => (model::Verdict::Failed, None),
            outcome::Verdict::Skipped { because } => (model::Verdict::Skipped, Some(because.0.clone())),
            outcome::Verdict::Error => (model::Verdict::Error, None),
        };
        check.points.earned = match verdict {
            model::Verdict::Passed => Some(check.points.possible),
            model::Verdict::Failed | model::Verdict::Skipped => Some(0),
            model::Verdict::Error => None,
        };
        check.verdict = verdict;
        check.because = because;
        check.duration_ms = milliseconds(finished.elapsed);
        check.mismatches = mismatches;
        check.hints = hints;
        check.server_error = finished.server_error.as_ref().map(|error| model::ServerError {
            file: error.file.clone(),
            line: error.line,
            function: error.function.clone(),
            message: cut(&error.message, LINE),
        });
        check.program = finished.program.as_ref().map(|run| model::Program {
            command: run.command.clone(),
            exit: run.exit.map(exit),
            stdout: run.stdout.clone(),
            stderr: run.stderr.clone(),
        });
    }

    fn mismatch(&self, mismatch: &outcome::Mismatch) -> model::Mismatch {
        model::Mismatch {
            step: mismatch.step,
            what: mismatch.what.name(),
            expected: self.say(&mismatch.expected),
            actual: self.say(&mismatch.actual),
            message: self.say(&mismatch.message),
        }
    }

    fn say(&self, message: &Message) -> String {
        cut(&self.catalogue.say(message), LINE)
    }
}

/// A check that nothing is known of yet.
fn undecided(check: &crate::exercise::Check, catalogue: &Catalogue) -> model::Check {
    model::Check {
        id: check.id.0.clone(),
        title: check.title.in_lang(catalogue.lang()).to_owned(),
        verdict: model::Verdict::Error,
        points: model::Points { earned: None, possible: check.points },
        requires: check.requires.iter().map(|id| id.0.clone()).collect(),
        because: None,
        duration_ms: 0.0,
        mismatches: Vec::new(),
        hints: Vec::new(),
        server_error: None,
        exchanges: Vec::new(),
        hidden: check.hidden,
        visibility: match check.visibility {
            crate::exercise::Visibility::Full => model::Visibility::Full,
            crate::exercise::Visibility::Actual => model::Visibility::Actual,
            crate::exercise::Visibility::None => model::Visibility::None,
        },
        program: None,
    }
}

fn exit(exit: event::Exit) -> model::Exit {
    match exit {
        event::Exit::Code(code) => model::Exit { code: Some(code), signal: None },
        event::Exit::Signal(signal) => model::Exit { code: None, signal: Some(signal) },
        event::Exit::Memory { .. } => model::Exit { code: None, signal: Some(KILLED) },
    }
}

/// What holds where nothing was started: everything is still to be had, and nothing is.
fn nothing() -> model::Isolation {
    model::Isolation { level: "none".to_owned(), features: Vec::new(), missing: Vec::new() }
}

fn isolation(isolation: &event::Isolation) -> model::Isolation {
    model::Isolation {
        level: isolation.level.to_owned(),
        features: isolation.features.iter().map(|feature| (*feature).to_owned()).collect(),
        missing: missing(isolation),
    }
}

/// What does not hold, each with the step that the machine refused.
#[must_use]
pub fn missing(isolation: &event::Isolation) -> Vec<String> {
    let said = |missing: &event::Missing| match &missing.reason {
        Some(reason) => format!("{}: {reason}", missing.feature),
        None => missing.feature.to_owned(),
    };
    isolation.missing.iter().map(said).collect()
}

fn response(response: &exchange::Response) -> model::Response {
    let text = cut_bytes(&response.body.text, BODY);
    model::Response {
        status: response.status,
        version: response.version.clone(),
        headers: response.headers.iter().map(|(name, value)| (name.clone(), cut(value, LINE))).collect(),
        body: model::Body {
            truncated: text.len() < response.body.text.len(),
            text: text.to_owned(),
            bytes: response.body.bytes,
            lossy: response.body.lossy,
        },
    }
}

/// At most so many bytes, cut between characters.
fn cut_bytes(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    &text[..end.unwrap_or(0)]
}

/// At most so many bytes, and a mark where something was cut off.
fn cut(text: &str, most: usize) -> String {
    let kept = cut_bytes(text, most);
    if kept.len() == text.len() { kept.to_owned() } else { format!("{kept}…") }
}

/// Milliseconds to a tenth.
fn milliseconds(duration: std::time::Duration) -> f64 {
    (duration.as_secs_f64() * 10_000.0).round() / 10.0
}

/// RFC 3339 in UTC, to the millisecond.
fn timestamp(at: exchange::Moment) -> String {
    let Ok(timestamp) = jiff::Timestamp::from_millisecond(at.0 / 1000) else { return String::new() };
    format!("{timestamp:.3}")
}
