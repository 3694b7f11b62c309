//! The first exchange of a start: the only proof that a server which listens also answers.
//!
//! Werkzeug's reloader binds its port before the program is imported a second time, and other servers listen
//! before they are done. So the first request of the plan itself waits for the answer under the start-up
//! deadline. No other request is made to find out: it could change what the program remembers.

use std::time::Duration;

use tokio::time::Instant;

use super::session::Session;
use super::step;
use crate::client::{Call, Jar};
use crate::event::Exit;
use crate::exchange::{Exchange, FailureCode};
use crate::exercise::RequestStep;
use crate::outcome::Problem;

/// How long a refused or reset connection may turn out to be the end of the program.
const ENDING: Duration = Duration::from_millis(20);
/// The longest pause between two attempts.
const PAUSE: Duration = Duration::from_millis(100);

/// What became of the first request of a start.
pub(super) struct First {
    /// Every exchange, oldest first; the last one counts.
    pub(super) exchanges: Vec<Exchange>,
    /// Why nothing more can be asked: the program ended first, or what it says is not HTTP.
    pub(super) problem: Option<Problem>,
}

/// Sends the first request of a start, again while the connection is refused or reset, until the start-up deadline.
pub(super) async fn first_exchange(
    session: &mut Session<'_>,
    scripted: &RequestStep,
    jar: &mut Jar,
    call: &Call,
    limit: Duration,
) -> First {
    let mut exchanges = Vec::new();
    let mut pause = Duration::from_millis(2);
    let problem = loop {
        let deadline = session.ready_by.max(Instant::now() + limit);
        let (attempt, exit) = send_until_ended(session, scripted, jar, call, deadline).await;
        let failure = attempt.first().and_then(|exchange| exchange.result.as_ref().err());
        let failure = failure.map(|failure| failure.code);
        let answered_or_read = !attempt.is_empty() && matches!(failure, None | Some(FailureCode::ClosedEarly));
        exchanges.extend(attempt);
        match exit {
            // The program took the request and ended over it: that is the check's business.
            Some(_) if answered_or_read => break None,
            Some(exit) => break Some(session.exited_early(exit)),
            None => {}
        }
        match failure {
            Some(FailureCode::InvalidHttp) => break Some(session.not_http()),
            Some(FailureCode::Refused | FailureCode::Reset) => {}
            _ => break None,
        }
        if let Some(exit) = session.ended_within(pause.max(ENDING)).await {
            break Some(session.exited_early(exit));
        }
        if Instant::now() >= session.ready_by {
            break None;
        }
        pause = (pause * 2).min(PAUSE);
    };
    First { exchanges, problem }
}

/// Sends the request; if the program ends meanwhile, says so, and what had become of the request by then.
async fn send_until_ended(
    session: &mut Session<'_>,
    scripted: &RequestStep,
    jar: &mut Jar,
    call: &Call,
    deadline: Instant,
) -> (Vec<Exchange>, Option<Exit>) {
    let client = session.client.clone();
    let mut sending = std::pin::pin!(step::send(&client, scripted, jar, call, deadline));
    tokio::select! {
        exchanges = &mut sending => (exchanges, None),
        exit = session.ended() => {
            let exchanges = tokio::time::timeout(PAUSE, sending).await;
            (exchanges.unwrap_or_default(), Some(exit))
        }
    }
}
