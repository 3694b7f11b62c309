//! Which kind of failure an error of the network layer is.

use std::error::Error;
use std::io;

use crate::exchange::{FailureCode, TransportFailure};

/// The failure that an error of `reqwest` stands for.
///
/// The kind comes from the types in the error's chain of sources. The deepest one that says
/// something decides, because the layers above only say in which phase it happened.
pub(super) fn of(error: &reqwest::Error) -> TransportFailure {
    if was_answered_unasked(error) {
        return failure(FailureCode::InvalidHttp, "the server answered before it was asked");
    }
    let otherwise = if error.is_connect() { FailureCode::Refused } else { FailureCode::InvalidHttp };
    let code = chain(error).filter_map(code_of).last().unwrap_or(otherwise);
    let detail = chain(error).last().map(ToString::to_string).unwrap_or_default();
    TransportFailure { code, detail }
}

/// The failure that an error of a connection stands for.
pub(super) fn of_connection(error: &io::Error) -> TransportFailure {
    TransportFailure { code: io_code(error.kind()).unwrap_or(FailureCode::Refused), detail: error.to_string() }
}

/// The deadline passed.
pub(super) fn timeout() -> TransportFailure {
    failure(FailureCode::Timeout, "no complete response before the deadline")
}

/// The response is larger than one of the limits.
pub(super) fn too_large(detail: impl Into<String>) -> TransportFailure {
    failure(FailureCode::TooLarge, detail)
}

/// The request was not sent.
pub(super) fn blocked(detail: impl Into<String>) -> TransportFailure {
    failure(FailureCode::Blocked, detail)
}

/// The request was not sent, because too many redirects led to it.
pub(super) fn redirect_loop(limit: usize) -> TransportFailure {
    failure(FailureCode::RedirectLoop, format!("more than {limit} redirects in a row"))
}

fn failure(code: FailureCode, detail: impl Into<String>) -> TransportFailure {
    TransportFailure { code, detail: detail.into() }
}

/// An error and all that it was caused by, outermost first.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    let mut next = Some(error);
    std::iter::from_fn(move || {
        let error = next?;
        next = error.source();
        Some(error)
    })
}

/// Whether bytes came before anything of the request was sent.
///
/// Hyper has no question for this kind of its errors; it is the one that is left when all others
/// are asked for, of those that nothing else caused.
fn was_answered_unasked(error: &reqwest::Error) -> bool {
    let errors = chain(error).filter_map(|error| error.downcast_ref::<hyper::Error>());
    errors.last().is_some_and(|error| error.source().is_none() && !error.is_user() && hyper_code(error).is_none())
}

fn code_of(error: &(dyn Error + 'static)) -> Option<FailureCode> {
    if let Some(error) = error.downcast_ref::<hyper::Error>() {
        return hyper_code(error);
    }
    error.downcast_ref::<io::Error>().and_then(|error| io_code(error.kind()))
}

fn hyper_code(error: &hyper::Error) -> Option<FailureCode> {
    if error.is_parse_too_large() {
        Some(FailureCode::TooLarge)
    } else if error.is_parse() {
        Some(FailureCode::InvalidHttp)
    } else if error.is_timeout() {
        Some(FailureCode::Timeout)
    } else if error.is_canceled() || error.is_closed() || error.is_incomplete_message() {
        Some(FailureCode::ClosedEarly)
    } else {
        None
    }
}

const fn io_code(kind: io::ErrorKind) -> Option<FailureCode> {
    use io::ErrorKind as Kind;
    match kind {
        Kind::ConnectionRefused => Some(FailureCode::Refused),
        Kind::ConnectionReset | Kind::ConnectionAborted | Kind::BrokenPipe => Some(FailureCode::Reset),
        Kind::UnexpectedEof | Kind::NotConnected => Some(FailureCode::ClosedEarly),
        Kind::TimedOut => Some(FailureCode::Timeout),
        // Hyper's decoder of chunked bodies speaks through these two.
        Kind::InvalidData | Kind::InvalidInput => Some(FailureCode::InvalidHttp),
        _ => None,
    }
}
