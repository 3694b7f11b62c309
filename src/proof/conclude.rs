//! The record of all that was seen, and what is wrong with the exercise.

use super::model::{self, Conclusion, Finding, Mutation, Outcome, Proof};
use super::mutants::{Mutants, Mutated};
use super::prove::{Order, Proved, Runs};
use super::subject::{Role, Subject};
use super::verdict::{Difference, disagreeing, failed};
use crate::exercise::Exercise;
use crate::locale::Catalogue;
use crate::message::Message;
use crate::mutation::{Alteration, LeftOut, Score, Tried};
use crate::report::{Report, Verdict};

/// A report that shows a finding, and the name of the file that it belongs in.
#[derive(Debug)]
pub struct Kept {
    /// The file's name.
    pub file: String,
    /// The report.
    pub report: Report,
}

/// What counts as a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Survivors {
    /// What no check notices is told.
    AreNotes,
    /// What no check notices is a finding.
    AreFindings,
}

/// Makes the record. The reports that show a finding belong into the folder that `place` names.
#[must_use]
pub fn conclude(
    exercise: &Exercise,
    proved: &Proved,
    order: Order,
    survivors: Survivors,
    place: &str,
    catalogue: &Catalogue,
) -> (Proof, Vec<Kept>) {
    let mut court = Court { catalogue, place, findings: Vec::new(), kept: Vec::new() };
    let mutations = proved.mutants.as_ref().map(|mutants| court.mutations(mutants));
    court.subjects(&proved.runs);
    let checks = court.checks(exercise, &proved.runs);
    if let (Some(mutations), Survivors::AreFindings) = (&mutations, survivors) {
        court.survivors(mutations);
    }
    let conclusion = court.conclusion(mutations.as_ref());
    let proof = Proof {
        schema_version: model::SCHEMA_VERSION.to_owned(),
        checker: crate::report::Checker { name: "checker".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
        exercise: crate::report::Exercise {
            id: exercise.id.clone(),
            version: exercise.version.clone(),
            title: exercise.title.in_lang(catalogue.lang()).to_owned(),
            digest: exercise.digest.clone(),
        },
        conclusion,
        findings: court.findings,
        checks,
        subjects: proved.runs.iter().map(subject).collect(),
        mutations,
        repeats: order.repeats,
        seed: order.seed,
        duration_ms: (proved.elapsed.as_secs_f64() * 10_000.0).round() / 10.0,
        lang: catalogue.lang().code().to_owned(),
    };
    (proof, court.kept)
}

const NOT_GRADED: &str = "not_graded";

struct Court<'a> {
    catalogue: &'a Catalogue,
    place: &'a str,
    findings: Vec<Finding>,
    kept: Vec<Kept>,
}

impl Court<'_> {
    fn conclusion(&self, mutations: Option<&model::Mutations>) -> Conclusion {
        let undecided = mutations.is_some_and(|mutations| mutations.undecided > 0);
        if undecided || self.findings.iter().any(|finding| finding.code == NOT_GRADED) {
            Conclusion::Error
        } else if self.findings.is_empty() {
            Conclusion::Proven
        } else {
            Conclusion::Findings
        }
    }

    fn find(&mut self, code: &str, about: Option<&Subject>, message: &Message, reports: &[&Report]) {
        let reports = reports.iter().map(|report| self.keep(report)).collect();
        let subject = about.map(|subject| subject.name.clone());
        let message = self.catalogue.say(message);
        self.findings.push(Finding { code: code.to_owned(), subject, check: None, message, reports });
    }

    /// Keeps a report, and says where it will be.
    fn keep(&mut self, report: &Report) -> String {
        let plain = |c: char| if c.is_alphanumeric() || "._-".contains(c) { c } else { '-' };
        let name: String = report.submission.path.chars().map(plain).collect();
        let file = format!("{name}-{}.json", report.seed);
        let path = format!("{}/{file}", self.place);
        if self.kept.iter().all(|kept| kept.file != file) {
            self.kept.push(Kept { file, report: report.clone() });
        }
        path
    }

    fn subjects(&mut self, all: &[Runs]) {
        if all.iter().all(|runs| runs.subject.role != Role::Solution) {
            self.find("no_solution", None, &Message::new("proof-no-solution"), &[]);
        }
        for runs in all {
            if let Some(report) = runs.reports.iter().find(|report| report.verdict == Verdict::Error) {
                let why = why_not_graded(report);
                let message = Message::new("proof-not-graded").with("name", runs.subject.name.clone());
                self.find(NOT_GRADED, Some(&runs.subject), &message.with("why", why), &[report]);
            } else if let Some((one, other)) = disagreeing(&runs.reports) {
                let checks = differing(one, other).join(", ");
                let message =
                    Message::new("proof-flaky").with("name", runs.subject.name.clone()).with("checks", checks);
                self.find("flaky", Some(&runs.subject), &message, &[one, other]);
            } else if let Some(report) = runs.reports.first() {
                self.judge(&runs.subject, report);
            }
        }
    }

    /// A subject whose runs all ended in the same way.
    fn judge(&mut self, subject: &Subject, report: &Report) {
        let difference = Difference::of(&subject.role, report);
        if difference.is_none() {
            return;
        }
        let Difference { unexpected, missing, problem, no_problem } = difference;
        let name = |id| Message::new(id).with("name", subject.name.clone());
        let list = |ids: Vec<String>| ids.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ");
        let why = report.problem.as_ref().map(|problem| problem.message.clone()).unwrap_or_default();
        let (code, message) = match (&subject.role, problem, no_problem) {
            (Role::Solution, Some(_), _) => ("solution_fails", name("proof-solution-problem").with("why", why)),
            (Role::Solution, None, _) => {
                ("solution_fails", name("proof-solution-fails").with("checks", list(unexpected)))
            }
            (Role::Mistake(_), Some(met), _) => {
                ("mistake_differs", name("proof-mistake-problem").with("problem", met).with("why", why))
            }
            (Role::Mistake(_), None, Some(wanted)) => {
                ("mistake_differs", name("proof-mistake-no-problem").with("problem", wanted))
            }
            (Role::Mistake(_), None, None) if failed(report).is_empty() => {
                ("mistake_passes", name("proof-mistake-passes").with("checks", list(missing)))
            }
            (Role::Mistake(_), None, None) if missing.is_empty() => {
                ("mistake_differs", name("proof-mistake-unexpected").with("checks", list(unexpected)))
            }
            (Role::Mistake(_), None, None) if unexpected.is_empty() => {
                ("mistake_differs", name("proof-mistake-missing").with("checks", list(missing)))
            }
            (Role::Mistake(_), None, None) => {
                let both = name("proof-mistake-both").with("missing", list(missing));
                ("mistake_differs", both.with("unexpected", list(unexpected)))
            }
        };
        self.find(code, Some(subject), &message, &[report]);
    }

    fn checks(&mut self, exercise: &Exercise, all: &[Runs]) -> Vec<model::Check> {
        let mistakes = || all.iter().filter(|runs| matches!(runs.subject.role, Role::Mistake(_)));
        let mut checks = Vec::new();
        for check in &exercise.checks {
            let id = check.id.0.as_str();
            // One that cannot be graded as a whole fails whatever is asked, so it says nothing of a check.
            let fails = |report: &Report| report.problem.is_none() && failed(report).contains(&id);
            let fails = |runs: &&Runs| !runs.reports.is_empty() && runs.reports.iter().all(fails);
            let caught: Vec<_> = mistakes().filter(fails).map(|runs| runs.subject.name.clone()).collect();
            if caught.is_empty() {
                let message = self.catalogue.say(&Message::new("proof-blind-check").with("check", id));
                let (code, check) = ("blind_check".to_owned(), Some(id.to_owned()));
                self.findings.push(Finding { code, subject: None, check, message, reports: Vec::new() });
            }
            let title = check.title.in_lang(self.catalogue.lang()).to_owned();
            checks.push(model::Check { id: id.to_owned(), title, caught });
        }
        checks
    }

    fn survivors(&mut self, mutations: &model::Mutations) {
        for mutation in mutations.tried.iter().filter(|mutation| mutation.outcome == Outcome::Survived) {
            let message = Message::new("proof-survivor").with("what", mutation.what.clone());
            self.find("survivor", None, &message.with("request", mutation.request.clone()), &[]);
        }
    }

    fn mutations(&self, mutants: &Mutants) -> model::Mutations {
        let score = Score::of(mutants.tried.iter().map(|mutated| &mutated.tried));
        model::Mutations {
            solution: mutants.solution.clone(),
            seed: mutants.seed,
            possible: mutants.possible,
            noticed: score.noticed,
            survived: score.survived,
            idle: score.idle,
            undecided: score.undecided,
            percent: score.percent(),
            tried: mutants.tried.iter().map(|mutated| self.mutation(mutated)).collect(),
            left_out: mutants.left_out.iter().map(|left| self.catalogue.say(&left_out(left))).collect(),
        }
    }

    fn mutation(&self, Mutated { mutation, tried }: &Mutated) -> Mutation {
        let (outcome, noticed_by) = match tried {
            Tried::Noticed(ids) => (Outcome::Noticed, ids.iter().map(|id| id.0.clone()).collect()),
            Tried::Survived => (Outcome::Survived, Vec::new()),
            Tried::Idle => (Outcome::Idle, Vec::new()),
            Tried::Undecided => (Outcome::Undecided, Vec::new()),
        };
        Mutation {
            request: mutation.situation.to_string(),
            code: mutation.alteration.code().to_owned(),
            what: self.catalogue.say(&what(&mutation.alteration)),
            outcome,
            noticed_by,
        }
    }
}

/// Why a run could not be graded: the problem of the whole, or of the first check that could not be decided.
fn why_not_graded(report: &Report) -> String {
    let problem = report.problem.as_ref().map(|problem| problem.message.clone());
    let mut undecided = report.checks.iter().filter(|check| check.verdict == Verdict::Error);
    let mismatch = || undecided.find_map(|check| check.mismatches.first()).map(|mismatch| mismatch.message.clone());
    problem.or_else(mismatch).unwrap_or_default()
}

/// The checks that ended in different ways, or the problem.
fn differing(one: &Report, other: &Report) -> Vec<String> {
    let pairs = one.checks.iter().zip(&other.checks);
    let differing = pairs.filter(|(a, b)| a.verdict != b.verdict).map(|(check, _)| format!("`{}`", check.id));
    let code = |report: &Report| report.problem.as_ref().map(|problem| problem.code.clone());
    let problem = (code(one) != code(other)).then(|| code(one).or(code(other))).flatten();
    differing.chain(problem).collect()
}

fn subject(runs: &Runs) -> model::Subject {
    let Runs { subject, reports, retried } = runs;
    let (role, fails, problem) = match &subject.role {
        Role::Solution => (model::Role::Solution, Vec::new(), None),
        Role::Mistake(known) => {
            let fails = known.fails.iter().map(|id| id.0.clone()).collect();
            (model::Role::Mistake, fails, known.problem.map(|code| code.name().to_owned()))
        }
    };
    let run = |report: &Report| model::Run {
        seed: report.seed,
        verdict: report.verdict,
        problem: report.problem.as_ref().map(|problem| problem.code.clone()),
        checks: report.checks.iter().map(|check| check.verdict).collect(),
        duration_ms: report.duration_ms,
    };
    model::Subject {
        name: subject.name.clone(),
        role,
        fails,
        problem,
        as_expected: reports.iter().all(|report| Difference::of(&subject.role, report).is_none()),
        flaky: disagreeing(reports).is_some(),
        retried: *retried,
        runs: reports.iter().map(run).collect(),
    }
}

/// What a mutation does, in words.
fn what(alteration: &Alteration) -> Message {
    let name = |id: &'static str, name: &str| Message::new(id).with("name", name);
    let attribute = |id, cookie: &str, attribute: &str| name(id, cookie).with("attribute", attribute);
    match alteration {
        Alteration::Status { from, to } => {
            Message::new("mutation-status").with("from", from.to_string()).with("to", to.to_string())
        }
        Alteration::HeaderDropped(header) => name("mutation-header-dropped", header),
        Alteration::HeaderChanged(header) => name("mutation-header-changed", header),
        Alteration::CookieDropped(cookie) => name("mutation-cookie-dropped", cookie),
        Alteration::CookieRenamed(cookie) => name("mutation-cookie-renamed", cookie),
        Alteration::CookieChanged(cookie) => name("mutation-cookie-changed", cookie),
        Alteration::CookieEmptied(cookie) => name("mutation-cookie-emptied", cookie),
        Alteration::AttributeDropped { cookie, attribute: own } => attribute("mutation-attribute-dropped", cookie, own),
        Alteration::AttributeChanged { cookie, attribute: own } => attribute("mutation-attribute-changed", cookie, own),
        Alteration::BodyEmptied => Message::new("mutation-body-emptied"),
        Alteration::BodyCut => Message::new("mutation-body-cut"),
        Alteration::BodyChanged => Message::new("mutation-body-changed"),
        Alteration::JsonDropped(pointer) => name("mutation-json-dropped", pointer),
        Alteration::JsonChanged(pointer) => name("mutation-json-changed", pointer),
        Alteration::Swapped => Message::new("mutation-swapped"),
        Alteration::Frozen => Message::new("mutation-frozen"),
        Alteration::Delayed(_) => Message::new("mutation-delayed"),
    }
}

fn left_out(left: &LeftOut) -> Message {
    match left {
        LeftOut::Header(name) => Message::new("mutation-left-header").with("name", name.clone()),
        LeftOut::Frozen(situation) => Message::new("mutation-left-frozen").with("request", situation.to_string()),
        LeftOut::Path(name) => Message::new("mutation-left-path").with("name", name.clone()),
        LeftOut::Swapped(situation) => Message::new("mutation-left-swapped").with("request", situation.to_string()),
    }
}
