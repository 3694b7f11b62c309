//! The way of a request into a server's own network.
//!
//! `reqwest` connects to a Unix socket of ours; what it says there is carried over a TCP connection whose socket was
//! made in that network. The server sees a browser's connection, and what happens to it (refused, reset) is told as if
//! it were `reqwest`'s own.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::os::fd::AsRawFd as _;
use std::path::{Path, PathBuf};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpStream, UnixListener, UnixStream};

use super::failure;
use crate::exchange::TransportFailure;
use crate::sandbox::Entrance;

/// Carries one connection at a time.
#[derive(Debug)]
pub(super) struct Relay {
    entrance: Entrance,
    address: SocketAddr,
    listener: UnixListener,
    /// A path of the socket that is short enough for one (unix(7): 108 bytes), wherever the folder is.
    path: PathBuf,
    /// Keeps `path` true.
    _folder: fs::File,
}

const NAME: &str = "server";

/// As much as a socket takes at once.
const CHUNK: usize = 32 * 1024;

impl Relay {
    /// Opens a relay to a listener. `door` is a folder that nobody else can enter.
    pub(super) fn open(entrance: Entrance, address: SocketAddr, door: &Path) -> io::Result<Relay> {
        let socket = door.join(NAME);
        match fs::remove_file(&socket) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let folder = fs::File::open(door)?;
        let path = if cfg!(target_os = "linux") {
            PathBuf::from(format!("/proc/self/fd/{}/{NAME}", folder.as_raw_fd()))
        } else {
            socket
        };
        Ok(Relay { entrance, address, listener: UnixListener::bind(&path)?, path, _folder: folder })
    }

    /// Where `reqwest` connects.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Does a request whose connection goes through here.
    pub(super) async fn carry<T>(
        &self,
        request: impl Future<Output = Result<T, TransportFailure>>,
    ) -> Result<T, TransportFailure> {
        let server = self.entrance.connect(self.address).await.map_err(|error| failure::of_connection(&error))?;
        tokio::pin!(request);
        let carried = async {
            let (client, _) = self.listener.accept().await?;
            pump(client, server).await
        };
        tokio::select! {
            biased;
            done = &mut request => done,
            carried = carried => {
                // The end of the connection is the request's end soon; how it ended, only the carrier knows.
                let done = request.await;
                match (done, carried) {
                    (Err(_), Err(error)) => Err(failure::of_connection(&error)),
                    (done, _) => done,
                }
            }
        }
    }
}

/// Carries bytes both ways until the server has said all, or its connection breaks, or nobody listens any more.
async fn pump(mut client: UnixStream, mut server: TcpStream) -> io::Result<()> {
    let (mut from_client, mut to_client) = client.split();
    let (mut from_server, mut to_server) = server.split();
    let up = async {
        let mut buffer = vec![0; CHUNK];
        loop {
            match from_client.read(&mut buffer).await {
                // It has what it wanted, or has given up.
                Ok(0) | Err(_) => return,
                Ok(count) => {
                    if to_server.write_all(&buffer[..count]).await.is_err() {
                        // The server takes no more; it may still have said something.
                        return std::future::pending().await;
                    }
                }
            }
        }
    };
    let down = async {
        let mut buffer = vec![0; CHUNK];
        loop {
            let count = from_server.read(&mut buffer).await?;
            if count == 0 {
                let _ = to_client.shutdown().await;
                return Ok(());
            }
            if to_client.write_all(&buffer[..count]).await.is_err() {
                return Ok(());
            }
        }
    };
    tokio::select! {
        () = up => Ok(()),
        ended = down => ended,
    }
}
