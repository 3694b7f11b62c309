//! A way for other programs of this machine into a server's own network: a port on loopback, and everything that
//! connects there carried to the server.
//!
//! The other way, to run such a program in the server's network, would put it within reach of whom it judges, and
//! away from whatever else it needs.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::{JoinHandle, JoinSet};

use crate::sandbox::Entrance;

/// How many connections are carried at once; more of them wait.
const AT_ONCE: usize = 128;

/// An open port. Dropping it closes the port and every connection through it.
#[derive(Debug)]
pub struct Gate {
    address: SocketAddr,
    carrier: JoinHandle<()>,
}

impl Gate {
    /// Opens a port that leads to a listener behind an entrance. Use within a tokio runtime.
    ///
    /// # Errors
    /// If this machine has no port to give.
    pub async fn open(entrance: Entrance, to: SocketAddr) -> io::Result<Gate> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        Ok(Gate { address, carrier: tokio::spawn(carry(listener, entrance, to)) })
    }

    /// Where to connect.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.carrier.abort();
    }
}

/// Carries connections until it is dropped, and they with it.
async fn carry(listener: TcpListener, entrance: Entrance, to: SocketAddr) {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let mut connections = JoinSet::new();
    loop {
        let Ok(place) = places.clone().acquire_owned().await else { return };
        // What fails here is the connection's own end.
        let Ok((client, _)) = listener.accept().await else { continue };
        let entrance = entrance.clone();
        connections.spawn(async move {
            let _ = through(client, &entrance, to).await;
            drop(place);
        });
        while connections.try_join_next().is_some() {}
    }
}

/// Carries both ways; each side may end its own half first.
async fn through(mut client: TcpStream, entrance: &Entrance, to: SocketAddr) -> io::Result<()> {
    let mut server = entrance.connect(to).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    copy_bidirectional(&mut client, &mut server).await?;
    Ok(())
}
