//! Why a check ended as it did, in words that every form shares: each text safe to show, none of it styled.

use super::model::{Check, Exchange, Mismatch, Report, Verdict};
use super::safe;
use crate::judge;
use crate::locale::{self, Catalogue};
use crate::message::Message;

/// How many lines of what a check's program said are told.
const SAID: usize = 12;
/// How many characters of a quoted text are told.
const TEXT: usize = 300;

/// What explains a check that did not pass. Everything may be absent: where nothing was asked, or where the
/// reader is not to know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Why {
    /// The whole in a sentence.
    pub(super) reason: String,
    /// The request, such as `GET /get, no cookies`.
    pub(super) request: Option<String>,
    /// What was expected.
    pub(super) expected: Option<String>,
    /// What came.
    pub(super) actual: Option<String>,
    /// What else differs, a sentence each.
    pub(super) more: Vec<String>,
    /// The end of what the check's own program said.
    pub(super) said: Vec<String>,
    /// The server's own error with its place.
    pub(super) server_error: Option<String>,
    /// What to do next.
    pub(super) hints: Vec<String>,
    /// A command line that sends the request again.
    pub(super) curl: Option<String>,
}

impl Why {
    /// Of this check of this report.
    pub(super) fn of(report: &Report, check: &Check, catalogue: &Catalogue) -> Self {
        let exchange = decisive(check);
        let (expected, actual) = expected_and_actual(check, exchange, catalogue);
        let whole = report.problem.as_ref().filter(|_| check.mismatches.is_empty() && check.because.is_none());
        let hints = check.hints.iter().chain(whole.and_then(|problem| problem.hint.as_ref()));
        Self {
            reason: tell(&reason(report, check, catalogue)),
            request: exchange.map(|exchange| request(exchange, catalogue)),
            expected: expected.map(|text| tell(&text)),
            actual: actual.map(|text| tell(&text)),
            more: check.mismatches.iter().skip(1).map(|mismatch| tell(&mismatch.message)).collect(),
            said: said(check),
            server_error: server_error(check, catalogue).map(|text| tell(&text)),
            hints: hints.map(|hint| safe::line(hint).into_owned()).collect(),
            curl: exchange.map(|exchange| safe::line(&exchange.curl).into_owned()),
        }
    }

    /// Everything, a line each, with its labels.
    pub(super) fn lines(&self, catalogue: &Catalogue) -> Vec<String> {
        let labelled = |label: &str, text: &str| format!("{label}{}{text}", locale::space_after(label));
        let beside = |id, text: &Option<String>| text.as_ref().map(|text| labelled(&catalogue.label(id), text));
        let mut lines = Vec::new();
        if self.expected.is_none() && self.actual.is_none() {
            lines.push(self.reason.clone());
        }
        lines.extend(self.request.clone());
        lines.extend(beside("label-expected-colon", &self.expected));
        lines.extend(beside("label-actual-colon", &self.actual));
        lines.extend(self.more.iter().cloned());
        if !self.said.is_empty() {
            lines.push(catalogue.label("label-program-said"));
            lines.extend(self.said.iter().map(|line| format!("  {line}")));
        }
        lines.extend(self.server_error.clone());
        lines.extend(self.hints.iter().map(|hint| labelled(&catalogue.label("label-hint"), hint)));
        lines.extend(beside("label-try", &self.curl));
        lines
    }

    /// Everything as one text.
    pub(super) fn text(&self, catalogue: &Catalogue) -> String {
        self.lines(catalogue).join("\n")
    }
}

/// Why a check that did not pass did not, in a sentence.
fn reason(report: &Report, check: &Check, catalogue: &Catalogue) -> String {
    if let Some(because) = &check.because {
        return catalogue.say(&Message::new("skipped-because").with("check", because.clone()));
    }
    if let Some(mismatch) = check.mismatches.first() {
        return mismatch.message.clone();
    }
    match (&report.problem, check.verdict) {
        (Some(problem), _) => problem.message.clone(),
        (None, Verdict::Error) => catalogue.label("check-undecided"),
        (None, _) => catalogue.label("check-details-withheld"),
    }
}

/// Why nothing could be graded, in a sentence; of a report whose verdict is `error`.
pub(super) fn not_graded(report: &Report, catalogue: &Catalogue) -> String {
    let mut text = catalogue.label("verdict-error");
    let problem = report.problem.iter().flat_map(|problem| [Some(&problem.message), problem.hint.as_ref()]).flatten();
    let undecided = report.checks.iter().filter(|check| check.verdict == Verdict::Error);
    let programs = undecided.filter_map(|check| Some(&check.mismatches.first()?.message));
    for part in problem.chain(programs) {
        text.push('\n');
        text.push_str(&safe::line(part));
    }
    text
}

/// The whole in a line: verdict, points, how many checks ended how.
pub(super) fn verdict(report: &Report, catalogue: &Catalogue) -> String {
    let id = match report.verdict {
        Verdict::Passed => "verdict-passed",
        Verdict::Error => "verdict-error",
        Verdict::Failed | Verdict::Skipped => "verdict-failed",
    };
    let message = Message::new(id)
        .with("earned", i64::from(report.score.earned.unwrap_or(0)))
        .with("possible", i64::from(report.score.possible))
        .with("passed", i64::from(report.counts.passed))
        .with("failed", i64::from(report.counts.failed))
        .with("skipped", i64::from(report.counts.skipped));
    catalogue.say(&message)
}

/// The last lines of what a check's program said, its standard error behind its output, each safe to show. TAP is left
/// out: the mismatches tell it test by test.
pub(super) fn said(check: &Check) -> Vec<String> {
    let Some(program) = check.program.as_ref().filter(|_| check.verdict != Verdict::Passed) else { return Vec::new() };
    let stdout = if judge::is_tap(&program.stdout) { "" } else { program.stdout.trim_end() };
    let lines = safe::log_lines(stdout).chain(safe::log_lines(program.stderr.trim_end()));
    let lines: Vec<_> = lines.map(|line| cut(&line, TEXT)).collect();
    lines[lines.len().saturating_sub(SAID)..].to_vec()
}

/// The exchange that decided a failed check: the last of the step of its first mismatch.
pub(super) fn decisive(check: &Check) -> Option<&Exchange> {
    let step = check.mismatches.first().map(|mismatch| mismatch.step);
    check.exchanges.iter().rev().find(|exchange| Some(exchange.step) == step)
}

/// The first check before this one that failed and is explained in the same words, so that once is enough.
pub(super) fn explained_before<'r>(report: &'r Report, check: &Check) -> Option<&'r Check> {
    let before = report.checks.iter().take_while(|earlier| earlier.id != check.id);
    let mut failed = before.filter(|earlier| earlier.verdict == Verdict::Failed && !earlier.hints.is_empty());
    failed.find(|earlier| earlier.hints == check.hints && earlier.server_error == check.server_error)
}

/// Such as `GET /get, cookies time=abc`.
pub(super) fn request(exchange: &Exchange, catalogue: &Catalogue) -> String {
    let target = exchange.request.url.splitn(4, '/').nth(3).unwrap_or_default();
    let cookies = exchange.request.headers.iter().find(|(name, _)| name == "cookie");
    let cookies = match cookies {
        None => catalogue.label("request-no-cookies"),
        Some((_, value)) => catalogue.say(&Message::new("request-cookies").with("cookies", cut(value, 100))),
    };
    // Where a redirect would have led away from the server, the whole address says so.
    let blocked = exchange.failure.as_ref().is_some_and(|failure| failure.code == "blocked");
    let target = if blocked { exchange.request.url.clone() } else { format!("/{target}") };
    let line = format!("{} {target}{}{cookies}", exchange.request.method, catalogue.label("list-comma"));
    safe::line(&line).into_owned()
}

/// What the first mismatch expected and what came, as far as the report tells.
pub(super) fn expected_and_actual(
    check: &Check,
    exchange: Option<&Exchange>,
    catalogue: &Catalogue,
) -> (Option<String>, Option<String>) {
    let Some(first) = check.mismatches.first() else { return (None, None) };
    let told = exchange.and_then(|exchange| exchange.expected.clone());
    let whole = matches!(first.what.as_str(), "status" | "transport");
    let actual = match exchange.and_then(|exchange| exchange.response.as_ref()) {
        Some(response) if first.what == "status" => status_line(response.status),
        _ => first.actual.clone(),
    };
    let expected = if whole { told.unwrap_or_else(|| first.expected.clone()) } else { placed(first, catalogue) };
    let given = |text: String| Some(text).filter(|text| !text.is_empty());
    (given(expected), given(actual))
}

/// What a mismatch expected, and where: one header, value or element of many.
fn placed(mismatch: &Mismatch, catalogue: &Catalogue) -> String {
    let text = mismatch.expected.clone();
    let place = mismatch.what.split_once(':').filter(|_| !text.is_empty());
    let message = match place {
        Some(("header", name)) => Message::new("expected-of-header").with("name", name),
        Some(("json", path)) => Message::new("expected-at").with("place", path),
        Some(("html", element)) => match element.rsplit_once('@') {
            // An at sign that belongs to the selector stands in quotes, before their end.
            Some((selector, name)) if !name.contains(['"', '\'', ']']) => {
                Message::new("expected-of-attribute").with("name", name).with("selector", selector)
            }
            _ => Message::new("expected-at").with("place", element),
        },
        _ => return text,
    };
    catalogue.say(&message.with("text", text))
}

/// The server's own error with its place, such as `app.py:16 in get_cookie: TypeError: …`.
pub(super) fn server_error(check: &Check, catalogue: &Catalogue) -> Option<String> {
    let error = check.server_error.as_ref()?;
    let place = match (&error.file, error.line) {
        (Some(file), Some(line)) => format!("{file}:{line}"),
        (Some(file), None) => file.clone(),
        (None, _) => String::new(),
    };
    let function = error.function.as_ref().filter(|name| !name.starts_with('<'));
    let function =
        function.map(|function| catalogue.say(&Message::new("in-function").with("function", function.clone())));
    let place = [place, function.unwrap_or_default()].join(" ");
    let place = if place.trim().is_empty() { String::new() } else { format!("{}: ", place.trim()) };
    Some(safe::line(&format!("{place}{}", error.message)).into_owned())
}

/// Such as `500 INTERNAL SERVER ERROR`, as Flask's own log writes it.
pub(super) fn status_line(status: u16) -> String {
    let known = http::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    format!("{status} {}", known.unwrap_or_default().to_uppercase()).trim_end().to_owned()
}

/// At most so many characters, and a mark where something was left out.
pub(super) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

fn tell(text: &str) -> String {
    cut(&safe::line(text), TEXT)
}
