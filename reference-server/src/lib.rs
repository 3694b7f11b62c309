//! The reference server: a known-good answer to the exercise `cookies`, bundled with the checker.
//!
//! `GET /` answers `success` and sets the cookie `time` to the time of the visit; `GET /get`
//! answers the value of that cookie, or `None`. With a [`Fault`] the server makes one known
//! mistake of students and is right in all else, so that each check can be shown to fail.
//!
//! In reading order: [`fault`](Fault) lists the mistakes, `site` answers the two pages, `cookie`
//! and `clock` say how a value is written, `raw` plays what is below HTTP, `command` is the
//! program. This crate does not launch or grade anything.

mod clock;
mod command;
mod cookie;
mod fault;
mod raw;
mod site;

use std::future::{Future, pending};
use std::io;
use std::sync::Arc;
use std::time::SystemTime;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tokio::sync::Notify;

pub use command::main_with;
use fault::Layer;
pub use fault::{Fault, UnknownFault};
use site::{Answer, Site};

/// How a reference server behaves; the default is without a fault.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// The one mistake that the server makes, if any.
    pub fault: Option<Fault>,
}

/// What the handlers share.
#[derive(Clone)]
struct Shared {
    site: Arc<Site>,
    /// Told when the server has to end by itself.
    end: Arc<Notify>,
}

/// The routes of the reference server, to be served by whoever asks for them.
///
/// Faults of a connection or of the process as a whole (`closes-early`, `resets`,
/// `truncated-body`, `slow-drip`, `huge-body`, `not-http`, `dies-after-first-visit`) are played
/// by [`serve`] only; here they change nothing.
pub fn app(config: Config) -> Router {
    routes(&Shared::new(&config))
}

/// Serves the reference server on this listener until `shutdown` is done or a fault ends it.
///
/// Returns as soon as `shutdown` is done: connections that are open then end with the runtime.
/// With `dies-after-first-visit` it returns after the first answer of `/` has been sent.
///
/// # Errors
/// When the listener cannot accept connections any more.
pub async fn serve(listener: TcpListener, config: Config, shutdown: impl Future<Output = ()>) -> io::Result<()> {
    let shared = Shared::new(&config);
    let serving = async {
        match shared.site.fault() {
            Some(fault) if fault.layer() == Layer::Connection => raw::serve(listener, shared.site, fault).await,
            _ => {
                let routes = routes(&shared);
                let ended = async move { shared.end.notified().await };
                axum::serve(listener, routes).with_graceful_shutdown(ended).await
            }
        }
    };
    tokio::select! {
        ended = serving => ended,
        () = shutdown => Ok(()),
    }
}

fn routes(shared: &Shared) -> Router {
    let root = get(root);
    let routes = match shared.site.fault() {
        Some(Fault::NeverAnswers) => Router::new().fallback(never),
        Some(Fault::RootMissing) => Router::new().route("/get", get(get_cookie)),
        Some(Fault::GetMissing) => Router::new().route("/", root),
        Some(Fault::GetWrongMethod) => Router::new().route("/", root).route("/get", post(get_cookie)),
        Some(Fault::Hangs) => Router::new().route("/", root).route("/get", get(never)),
        _ => Router::new().route("/", root).route("/get", get(get_cookie)),
    };
    routes.with_state(shared.clone())
}

async fn root(State(shared): State<Shared>) -> Answer {
    if shared.site.fault() == Some(Fault::DiesAfterFirstVisit) {
        // The answer still goes out: the server ends once its open exchanges are over.
        shared.end.notify_one();
    }
    shared.site.root(SystemTime::now())
}

async fn get_cookie(State(shared): State<Shared>, headers: HeaderMap) -> Answer {
    let sent: Vec<_> = headers.get_all(COOKIE).iter().map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
    shared.site.get(&sent.join(";"), SystemTime::now())
}

/// Keeps the request, and with it the connection, without an answer.
async fn never(_request: Request) -> Answer {
    pending().await
}

impl Shared {
    fn new(config: &Config) -> Self {
        Self { site: Arc::new(Site::new(config.fault, SystemTime::now())), end: Arc::new(Notify::new()) }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        match self.header {
            Some(header) => (self.status, [header], self.body).into_response(),
            None => (self.status, self.body).into_response(),
        }
    }
}

#[cfg(test)]
mod tests;
