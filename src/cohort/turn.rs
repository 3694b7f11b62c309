//! Taking turns where runs are not isolated from each other.
//!
//! Two submissions that both want port 5000 cannot run at once in one network. Where each run has a network of its
//! own nothing of this matters.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::time::Duration;

use crate::runner::Interruption;

/// How often another process is asked whether it is done.
const PAUSE: Duration = Duration::from_millis(10);

/// Whether runs may go on side by side: each has a network of its own.
#[must_use]
pub fn runs_may_overlap() -> bool {
    false
}

/// The right to be the only run in this network, until it is dropped.
///
/// It holds between processes too: shards on one machine take turns.
#[derive(Debug)]
pub(super) struct Turn {
    _lock: Option<File>,
}

impl Turn {
    /// Waits for the turn; none where runs may overlap. Gives nothing if a signal comes first.
    pub(super) fn take(interruption: &Interruption) -> io::Result<Option<Self>> {
        if runs_may_overlap() {
            return Ok(Some(Self { _lock: None }));
        }
        // The kernel's name for the network, and a file that no other user can have made.
        let network = std::fs::metadata("/proc/self/ns/net").map(|about| about.ino()).unwrap_or_default();
        let name = format!("checker-turn-{}-{network}", nix::unistd::geteuid());
        let path = std::env::temp_dir().join(name);
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .custom_flags(libc::O_NOFOLLOW)
            .open(path)?;
        loop {
            match file.try_lock() {
                _ if interruption.signal().is_some() => return Ok(None),
                Ok(()) => return Ok(Some(Self { _lock: Some(file) })),
                // The kernel would wait through every signal.
                Err(TryLockError::WouldBlock) => std::thread::park_timeout(PAUSE),
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
    }
}
