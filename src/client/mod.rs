//! Requests out, exchanges back.
//!
//! A [`Client`] asks one server. Each [`Call`] goes over a connection of its own and becomes an
//! [`Exchange`](crate::exchange::Exchange), whatever happens: a server that answers nonsense,
//! too much or not at all is a [`TransportFailure`](crate::exchange::TransportFailure), never an
//! `Err` and never a panic. A [`Jar`] keeps cookies as a browser would.
//!
//! No other module uses `reqwest`, and in here only `cookies.rs` uses `cookie_store`. Nothing is
//! sent that is not recorded: no redirect is followed, no cookie added and nothing tried again
//! behind the back of whoever reads the exchanges.

mod altered;
mod body;
mod cookie_date;
mod cookies;
mod curl;
mod failure;
mod gate;
mod http;
mod inside;
mod limits;
mod redirect;
mod relay;
mod request;
mod set_cookie;

#[cfg(test)]
mod hostile_tests;
#[cfg(test)]
mod raw_server;

pub use altered::Alterer;
pub use cookies::Jar;
pub use curl::curl;
pub use gate::Gate;
pub use http::{BaseUrlError, Client};
pub use request::{Call, STANDING_HEADERS};
