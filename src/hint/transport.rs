//! No answer came: the server died, hangs or closes the connection.

use std::sync::LazyLock;

use regex::Regex;

use super::case::Case;
use super::trace::compiled;
use super::{errors, sources};
use crate::event::Exit;
use crate::exchange::FailureCode;
use crate::message::Message;

/// The hint's id, for the caller that adds why it died.
pub(super) const SERVER_DIED: &str = "hint-server-died";

pub(super) fn hint(case: &Case) -> Option<Message> {
    let failure = case.exchange.result.as_ref().err()?;
    serves_one_request(case).or_else(|| headers_already_sent(case)).or_else(|| server_died(case)).or_else(|| {
        match failure.code {
            FailureCode::Timeout => response_not_ended(case).or_else(|| Some(no_answer_in_time(case))),
            FailureCode::Reset | FailureCode::ClosedEarly => {
                errors::hint(case).or_else(|| exit_in_view(case)).or_else(|| Some(closed_early(case)))
            }
            FailureCode::InvalidHttp => Some(Message::new("hint-invalid-answer").with("path", case.path())),
            FailureCode::TooLarge => Some(Message::new("hint-answer-too-large").with("path", case.path())),
            FailureCode::RedirectLoop => Some(Message::new("hint-redirect-loop").with("path", case.path())),
            FailureCode::Refused | FailureCode::Blocked => None,
        }
    })
}

/// `http.server` answers one request with `handle_request()` and then comes to its end.
fn serves_one_request(case: &Case) -> Option<Message> {
    static ONE: LazyLock<Regex> = LazyLock::new(|| compiled(r"^\w+(?:\.\w+)*\.handle_request\(\)"));
    let line = sources::find(case.program.sources, &ONE).filter(|line| line.indent == 0)?;
    (case.exit == Some(Exit::Code(0)))
        .then(|| Message::new("hint-serves-one-request").with("file", line.file).with("line", i64::from(line.number)))
}

fn headers_already_sent(case: &Case) -> Option<Message> {
    case.error.as_ref().filter(|error| errors::is_headers_sent(error))?;
    errors::hint(case)
}

fn server_died(case: &Case) -> Option<Message> {
    let exit = super::startup::exit_message(case.exit?);
    Some(Message::new(SERVER_DIED).with("exit", exit))
}

/// `exit()` in a view ends the thread that answers; the connection closes and nothing is logged.
fn exit_in_view(case: &Case) -> Option<Message> {
    static EXIT: LazyLock<Regex> = LazyLock::new(|| compiled(r"\b(?:sys\.exit|os\._exit|exit|quit)\("));
    let view = case.view()?;
    let line = view.body.iter().find(|line| EXIT.is_match(line.code))?;
    Some(Message::new("hint-exit-in-view").with("file", line.file).with("line", i64::from(line.number)))
}

fn closed_early(case: &Case) -> Message {
    Message::new("hint-closed-early").with("path", case.path())
}

/// In Node nothing is sent for good before `end()`: the part of the program that answers the path lacks it.
fn response_not_ended(case: &Case) -> Option<Message> {
    const ENDS: [&str; 7] = [".end(", ".send(", ".json(", ".redirect(", ".render(", ".sendFile(", ".pipe("];
    if !case.kind_is(&["node", "express"]) {
        return None;
    }
    let code: Vec<_> = sources::all_lines(case.program.sources).collect();
    let routed = |line: &sources::Line| sources::routes_in(line.code).any(|route| route == case.path());
    let start = code.iter().position(routed)?;
    let rest = code[start + 1..].iter().take_while(|line| line.indent > code[start].indent);
    let mut part = rest.chain([&code[start]]);
    let ended = part.any(|line| ENDS.iter().any(|end| line.code.contains(end)));
    (!ended).then(|| Message::new("hint-response-not-ended").with("path", case.path()))
}

fn no_answer_in_time(case: &Case) -> Message {
    let seconds = i64::try_from(case.exchange.elapsed.as_secs()).unwrap_or(i64::MAX);
    Message::new("hint-no-answer-in-time").with("path", case.path()).with("seconds", seconds.max(1))
}
