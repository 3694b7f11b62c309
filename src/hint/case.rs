//! One failed step with what every family of hints asks about it.

use std::borrow::Cow;
use std::ops::Deref;

use super::trace::{self, Trace};
use super::{Evidence, Program, server_error, sources};
use crate::exchange::Exchange;
use crate::exercise::{Part, Template, TextExpectation};
use crate::judge::echo;
use crate::outcome::Aspect;
use crate::source::SourceFile;

/// The evidence of a failed step, with the error in its log and the texts of its body.
pub(super) struct Case<'a> {
    evidence: &'a Evidence<'a>,
    /// The program's own error, if its log or its answer shows one.
    pub(super) error: Option<Trace>,
    /// The body with its HTML entities undone.
    pub(super) shown: Cow<'a, str>,
}

impl<'a> Deref for Case<'a> {
    type Target = Evidence<'a>;

    fn deref(&self) -> &Self::Target {
        self.evidence
    }
}

impl<'a> Case<'a> {
    pub(super) fn new(evidence: &'a Evidence<'a>) -> Self {
        let body = evidence.exchange.response().map_or("", |response| response.body.text.as_str());
        Self { evidence, error: error(evidence, body), shown: html_escape::decode_html_entities(body) }
    }

    /// The submission's files.
    pub(super) fn sources(&self) -> &'a [SourceFile] {
        self.evidence.program.sources
    }

    /// The status, if a response came.
    pub(super) fn status(&self) -> Option<u16> {
        self.exchange.response().map(|response| response.status)
    }

    /// The path that was asked, without its query.
    pub(super) fn path(&self) -> &'a str {
        path_of(self.evidence.exchange)
    }

    /// Whether the status is as expected and the body is not.
    pub(super) fn body_differs(&self) -> bool {
        self.mismatches.iter().any(|mismatch| mismatch.what == Aspect::Body)
    }

    /// Whether the program is of one of these kinds, by name.
    pub(super) fn kind_is(&self, kinds: &[&str]) -> bool {
        self.program.kind.is_some_and(|kind| kinds.contains(&kind))
    }

    /// Whether the submission's text speaks of Flask.
    pub(super) fn uses_flask(&self) -> bool {
        sources::mention(self.program.sources, &["import Flask", "import flask", "flask.Flask"])
    }

    /// The cookie values that the body must show and does not; cookies that the client does not hold left out.
    pub(super) fn unmet_values(&self) -> Vec<String> {
        let values = self.wanted(|template| self.is_cookies_value(template)).into_iter();
        values.filter(|value| self.is_unmet(value)).collect()
    }

    /// The values that the body must show and does not, and that came to the program in another way than by a cookie.
    pub(super) fn unmet_texts(&self) -> Vec<String> {
        let values = self.wanted(|template| is_value(template) && !self.is_cookies_value(template)).into_iter();
        values.filter(|value| self.is_unmet(value)).collect()
    }

    fn is_unmet(&self, value: &str) -> bool {
        !value.trim_matches('"').is_empty() && !echo::contains(&self.shown, value)
    }

    /// Whether a template stands for the value of a cookie that was sent.
    fn is_cookies_value(&self, template: &Template) -> bool {
        let names_one = template.0.iter().any(|part| matches!(part, Part::Cookie(_)));
        let text = self.scope.fill(template).text;
        names_one || (is_value(template) && self.exchange.request.cookies().iter().any(|(_, sent)| *sent == text))
    }

    /// Whether the body must show this word.
    pub(super) fn wants_word(&self, word: &str) -> bool {
        self.wanted(|template| !is_value(template)).iter().any(|text| text == word)
    }

    fn wanted(&self, which: impl Fn(&Template) -> bool) -> Vec<String> {
        let templates = self.scripted.expect.body.iter().flat_map(positive).filter(|template| which(template));
        templates.map(|template| self.scope.fill(template).text).collect()
    }

    /// The name of the cookie that the step is about: the one that it sends or expects, else `time`'s like of the
    /// whole check.
    pub(super) fn cookie_name(&self) -> Option<&'a str> {
        let scripted = self.evidence.scripted;
        let expected = scripted.expect.cookies.iter().map(|(name, _)| name.as_str());
        let sent = scripted.cookies.iter().map(|(name, _)| name.as_str());
        let kept = self.evidence.exchange.request.cookies().into_iter().map(|(name, _)| name);
        expected.chain(sent).chain(kept).next()
    }

    /// The exchanges that were over before this one began, oldest first.
    pub(super) fn earlier(&self) -> impl DoubleEndedIterator<Item = &'a Exchange> {
        let now = self.exchange.sent_at;
        self.evidence.history.iter().map(|step| &step.exchange).filter(move |exchange| exchange.sent_at < now)
    }

    /// Earlier exchanges of other clients than this one's.
    pub(super) fn others(&self) -> impl Iterator<Item = &'a Exchange> {
        let (check, client) = (&self.evidence.check.id, &self.evidence.exchange.client);
        let now = self.exchange.sent_at;
        let earlier = self.evidence.history.iter().filter(move |step| step.exchange.sent_at < now);
        earlier.filter(move |step| step.check != *check || step.exchange.client != *client).map(|step| &step.exchange)
    }

    /// Whether the program wrote this to its standard output during the step.
    pub(super) fn printed(&self, value: &str) -> bool {
        !value.is_empty() && echo::contains(self.log.stdout, value)
    }

    /// The Python function that answers the path.
    pub(super) fn view(&self) -> Option<sources::Function<'a>> {
        let files = self.evidence.program.sources;
        let by_error = self.error.as_ref().and_then(server_error::view_without_response);
        match by_error {
            Some(name) => sources::functions(files).into_iter().find(|function| function.name == name),
            None => sources::view(files, self.path()),
        }
    }

    /// The submission's own line that the error names.
    pub(super) fn error_line(&self) -> Option<sources::Line<'a>> {
        own_line(self.error.as_ref()?, self.evidence.program)
    }
}

/// The innermost line of the submission that an error names.
pub(super) fn own_line<'a>(error: &Trace, program: Program<'a>) -> Option<sources::Line<'a>> {
    let place = server_error::of(error, program);
    let (file, number) = (place.file?, place.line?);
    let file = program.sources.iter().find(|source| source.path == file)?;
    sources::lines(file).find(|line| line.number == number)
}

/// The path of an exchange without its query.
pub(super) fn path_of(exchange: &Exchange) -> &str {
    exchange.request.target.split(['?', '#']).next().unwrap_or_default()
}

/// Whether a template stands for a value that travels in a cookie.
fn is_value(template: &Template) -> bool {
    template.0.iter().any(|part| matches!(part, Part::Random(_) | Part::Cookie(_)))
}

/// What the body must hold.
fn positive(body: &TextExpectation) -> impl Iterator<Item = &Template> {
    body.contains.iter().chain(&body.equals)
}

/// The error of this step; of a program that has ended, the last one of its whole log.
fn error(evidence: &Evidence, body: &str) -> Option<Trace> {
    let step = [evidence.log.stderr, evidence.log.stdout];
    let whole = [evidence.whole_log.stderr, evidence.whole_log.stdout];
    let failed = evidence.exchange.response().is_none_or(|response| response.status >= 500);
    let found = step.into_iter().find_map(trace::last);
    let found = found.or_else(|| if failed { trace::in_page(body) } else { None });
    found.or_else(|| if evidence.exit.is_some() { whole.into_iter().find_map(trace::last) } else { None })
}
