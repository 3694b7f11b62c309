//! Taking turns: where servers share the machine's ports, one runs at a time.

use std::time::Duration;

/// The right to run a server on the machine's own ports, until it is dropped.
#[derive(Debug)]
pub struct Turn {
    #[cfg(target_os = "linux")]
    _name: Option<std::os::unix::net::UnixListener>,
}

/// How often to ask again.
const PAUSE: Duration = Duration::from_millis(10);

/// How long to wait for others: longer than a run may take by default. Whoever holds the turn then is no run of ours.
const PATIENCE: Duration = Duration::from_secs(180);

impl Turn {
    /// Waits until no other checker of this user runs a server in the same network.
    ///
    /// The right is a name that only one process of a network can have (unix(7), abstract sockets), and that the kernel
    /// takes back however that process ends.
    #[cfg(target_os = "linux")]
    pub async fn take() -> Turn {
        use std::os::linux::net::SocketAddrExt as _;
        use std::os::unix::net::{SocketAddr, UnixListener};

        let name = format!("checker-turn-{}", nix::unistd::geteuid());
        let end = tokio::time::Instant::now() + PATIENCE;
        loop {
            let taken = SocketAddr::from_abstract_name(&name).and_then(|name| UnixListener::bind_addr(&name));
            match taken {
                Ok(listener) => return Turn { _name: Some(listener) },
                Err(error) if error.kind() == std::io::ErrorKind::AddrInUse && tokio::time::Instant::now() < end => {
                    tokio::time::sleep(PAUSE).await;
                }
                // Without turns two servers may want one port; the second then says so.
                Err(_) => return Turn { _name: None },
            }
        }
    }

    /// Other systems have no such name; a port that is taken is reported as such.
    #[cfg(not(target_os = "linux"))]
    pub async fn take() -> Turn {
        let _ = (PAUSE, PATIENCE);
        Turn {}
    }
}
