//! Connections of `reqwest` that begin in a network of the server's own.
//!
//! A socket belongs to the network in which it was made, wherever it is used. So only the steps of connecting are done over
//! there: whatever host they are for, they lead into that network.

use std::error::Error;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tower_layer::Layer;
use tower_service::Service;

use crate::sandbox::Passage;

/// Has a connector connect in another network.
#[derive(Clone, Debug)]
pub(super) struct Inside(pub(super) Arc<Passage>);

impl<S> Layer<S> for Inside {
    type Service = Connector<S>;

    fn layer(&self, connector: S) -> Connector<S> {
        Connector { connector, passage: self.0.clone() }
    }
}

/// A connector that makes its sockets in another network.
#[derive(Clone, Debug)]
pub(super) struct Connector<S> {
    connector: S,
    passage: Arc<Passage>,
}

impl<S, Address> Service<Address> for Connector<S>
where
    S: Service<Address, Error = Box<dyn Error + Send + Sync>>,
    S::Future: Unpin,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Connecting<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.connector.poll_ready(context)
    }

    fn call(&mut self, address: Address) -> Self::Future {
        Connecting { connecting: self.connector.call(address), passage: self.passage.clone() }
    }
}

/// A connection that is being made.
pub(super) struct Connecting<F> {
    connecting: F,
    passage: Arc<Passage>,
}

impl<F, T> Future for Connecting<F>
where
    F: Future<Output = Result<T, Box<dyn Error + Send + Sync>>> + Unpin,
{
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let Connecting { connecting, passage } = &mut *self;
        match passage.through(|| Pin::new(connecting).poll(context)) {
            Ok(polled) => polled,
            Err(error) => Poll::Ready(Err(error.into())),
        }
    }
}
