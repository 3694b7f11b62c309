//! The cookie's value is not the time of the visit: a constant, a word, or a time made too early.

use std::sync::LazyLock;

use regex::Regex;

use super::case::Case;
use super::sources::{self, Line};
use super::trace::compiled;
use crate::exchange::Exchange;
use crate::judge::{echo, time};
use crate::message::Message;

/// Numbers since 1970 that lie before this (2001-09-09) are no clock's: a stopwatch's, a counter's.
const FIRST_CLOCK_US: i64 = 1_000_000_000_000_000;

/// A value that is older than this, in microseconds, was not made in this run: a day.
const OLDER_THAN_RUN_US: i64 = 24 * 3600 * 1_000_000;

pub(super) fn hint(case: &Case) -> Option<Message> {
    let response = case.exchange.response().filter(|response| response.status < 400)?;
    let mut timed = case.scripted.expect.cookies.iter().filter(|(_, cookie)| cookie.time.is_some());
    let (name, raw) = timed.find_map(|(name, _)| Some((name.as_str(), response.cookie(name)?.raw_value.as_str())))?;
    let shown = raw.trim_matches('"');
    let (from, to) = (case.exchange.sent_at.0, case.exchange.received_at.0);
    let forms = echo::forms(raw);
    if forms.iter().any(|form| time::instant_within(form, from, to).is_some()) {
        return None;
    }
    let nearest = forms.iter().find_map(|form| time::nearest(form, from));
    let Some(placed) = nearest.filter(|placed| placed.instant >= FIRST_CLOCK_US || !is_number(shown)) else {
        return Some(not_called(shown).unwrap_or_else(|| not_a_time(name, shown)));
    };
    let age = from.saturating_sub(placed.instant);
    if !always_the_same(case, name, raw) {
        return None;
    }
    if age.abs() > OLDER_THAN_RUN_US || written_down(case, &forms) {
        return Some(Message::new("hint-constant-value").with("name", name).with("value", shown));
    }
    (age > 0).then(|| made_once(case, name, raw, &placed))
}

fn is_number(text: &str) -> bool {
    text.parse::<f64>().is_ok()
}

fn not_a_time(name: &str, value: &str) -> Message {
    Message::new("hint-not-a-time").with("name", name).with("value", value)
}

/// The value shows a function instead of what it returns.
fn not_called(value: &str) -> Option<Message> {
    static FUNCTION: LazyLock<Regex> = LazyLock::new(|| {
        compiled(r"<(?:built-in |bound )?(?:function|method) (?:[\w.<>]*\.)?(\w+)|function (\w+)\(\)|(\[native code)")
    });
    let decoded = echo::forms(value).into_iter().last()?;
    let parts = FUNCTION.captures(&decoded)?;
    let name = parts.get(1).or_else(|| parts.get(2)).map_or("now", |name| name.as_str());
    Some(Message::new("hint-function-not-called").with("function", name))
}

/// Whether every visit of the run was given this value.
fn always_the_same(case: &Case, name: &str, raw: &str) -> bool {
    let mut values = case.earlier().filter_map(|exchange| exchange.response()?.cookie(name));
    values.all(|cookie| cookie.raw_value == raw)
}

/// Whether the value stands in the program as it is.
fn written_down(case: &Case, forms: &[String]) -> bool {
    let mut code = sources::all_lines(case.program.sources);
    code.any(|line| forms.iter().any(|form| form.len() > 3 && line.code.contains(form.as_str())))
}

/// The value was made once in this run: before the first visit, or at it.
fn made_once(case: &Case, name: &str, raw: &str, placed: &time::Placed) -> Message {
    let sets = |exchange: &&Exchange| exchange.response().is_some_and(|response| response.cookie(name).is_some());
    let first = case.earlier().find(sets);
    let before_first = first.is_some_and(|exchange| placed.outlived_at() <= exchange.sent_at.0);
    if let Some(line) = made_outside_functions(case) {
        return Message::new("hint-made-at-import")
            .with("name", name)
            .with("file", line.file)
            .with("line", i64::from(line.number));
    }
    let kept = sources::mention(case.program.sources, &["global ", "nonlocal ", "setdefault(", "lru_cache", "@cache"]);
    if kept && !before_first {
        return Message::new("hint-made-at-first-visit").with("name", name);
    }
    Message::new("hint-value-never-changes").with("name", name).with("value", raw.trim_matches('"'))
}

/// The line that asks for the time while the program starts: at the left margin, or as a default argument.
fn made_outside_functions<'a>(case: &Case<'a>) -> Option<Line<'a>> {
    static CALL: LazyLock<Regex> = LazyLock::new(|| {
        compiled(
            r"\b(?:asctime|ctime|strftime|localtime|gmtime|time|time_ns|now|today|utcnow|isoformat)\(|new Date\(|Date\.now\(|time\.Now\(\)|\bdate\(",
        )
    });
    static ASSIGNED: LazyLock<Regex> = LazyLock::new(|| compiled(r"^(?:(?:const|let|var) )?[\w$]+\s*(?::=|=[^=])"));
    let early = |line: &Line| {
        let margin = line.indent == 0
            && ASSIGNED.is_match(line.code)
            && !line.code.contains("=>")
            && !line.code.contains("lambda");
        let default = line.code.starts_with("def ") && line.code.contains('=');
        (margin || default) && CALL.is_match(line.code)
    };
    sources::all_lines(case.sources()).find(early)
}
