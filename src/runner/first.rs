//! The first exchange of a start: the only proof that a server which listens also answers.
//!
//! Werkzeug's reloader binds its port before the program is imported a second time, and other servers listen
//! before they are done. So the first request of the plan itself waits for the answer under the start-up
//! deadline. No other request is made to find out: it could change what the program remembers.

use std::time::Duration;

use tokio::time::Instant;

use super::session::Session;
use crate::client::{Call, Jar};
use crate::event::Exit;
use crate::exchange::{ClientName, Exchange, FailureCode};
use crate::outcome::Problem;

/// How long a refused or reset connection may turn out to be the end of the program.
const ENDING: Duration = Duration::from_millis(20);
/// The longest pause between two attempts.
const PAUSE: Duration = Duration::from_millis(100);

/// Sends the first request of a start, again while the connection is refused or reset, until the start-up
/// deadline. Gives every attempt; the last one counts.
///
/// # Errors
/// If the program ends first, or what it says is not HTTP.
pub(super) async fn first_exchange(
    session: &mut Session<'_>,
    name: &ClientName,
    jar: &mut Jar,
    call: &Call,
    limit: Duration,
) -> Result<Vec<Exchange>, Problem> {
    let mut attempts = Vec::new();
    let mut pause = Duration::from_millis(2);
    loop {
        let deadline = session.ready_by.max(Instant::now() + limit);
        let (exchange, exit) = send_until_ended(session, name, jar, call, deadline).await;
        let failure = exchange.as_ref().and_then(|exchange| exchange.result.as_ref().err());
        let failure = failure.map(|failure| failure.code);
        let read_by_program = matches!(failure, None | Some(FailureCode::ClosedEarly));
        match (exchange, exit) {
            // The program took the request and ended over it: that is the check's business.
            (Some(exchange), Some(_)) if read_by_program => attempts.push(exchange),
            (_, Some(exit)) => return Err(session.exited_early(exit)),
            (Some(exchange), None) => attempts.push(exchange),
            (None, None) => {}
        }
        match failure {
            Some(FailureCode::InvalidHttp) => return Err(session.not_http()),
            Some(FailureCode::Refused | FailureCode::Reset) => {}
            _ => return Ok(attempts),
        }
        if let Some(exit) = session.ended_within(pause.max(ENDING)).await {
            return Err(session.exited_early(exit));
        }
        if Instant::now() >= session.ready_by {
            return Ok(attempts);
        }
        pause = (pause * 2).min(PAUSE);
    }
}

/// Sends the request; if the program ends meanwhile, says so, and what had become of the request by then.
async fn send_until_ended(
    session: &mut Session<'_>,
    name: &ClientName,
    jar: &mut Jar,
    call: &Call,
    deadline: Instant,
) -> (Option<Exchange>, Option<Exit>) {
    let client = session.client.clone();
    let mut sending = std::pin::pin!(client.send(name, jar, call, deadline));
    tokio::select! {
        exchange = &mut sending => (Some(exchange), None),
        exit = session.ended() => {
            let exchange = tokio::time::timeout(PAUSE, sending).await.ok();
            (exchange, Some(exit))
        }
    }
}
