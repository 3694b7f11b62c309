//! Ctrl-C and its like, heard in one place and obeyed in every run; and changes that make a run pointless.

use std::io;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag;
use signal_hook::low_level::pipe;
use tokio::sync::watch;

use super::RunError;

/// Tells every run that has it when to end, and why.
#[derive(Clone, Debug)]
pub struct Interruption {
    signals: Signals,
    /// How often something changed; not read since the runs that have this began.
    changes: Option<watch::Receiver<u64>>,
}

/// What the handlers of signals leave behind.
#[derive(Clone, Debug)]
struct Signals {
    /// The number of one that has come; 0 if none has.
    came: Arc<AtomicUsize>,
    /// From then on there is something to read here, which nobody does, so that all who wait are woken.
    bell: Arc<UnixStream>,
}

/// Says that what is graded has changed, to everybody who asked to be interrupted by that.
#[derive(Clone, Debug, Default)]
pub struct Changes(watch::Sender<u64>);

impl Changes {
    /// Something has changed.
    pub fn tell(&self) {
        self.0.send_modify(|times| *times += 1);
    }
}

impl Interruption {
    /// Listens for signals from now on: interrupt, terminate, hangup.
    ///
    /// # Errors
    /// If the machine refuses.
    pub fn by_signals() -> io::Result<Self> {
        let (bell, rung) = UnixStream::pair()?;
        bell.set_nonblocking(true)?;
        let came = Arc::new(AtomicUsize::new(0));
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            // In the order in which they are done.
            flag::register_usize(signal, Arc::clone(&came), signal as usize)?;
            pipe::register(signal, rung.try_clone()?)?;
        }
        Ok(Self { signals: Signals { came, bell: Arc::new(bell) }, changes: None })
    }

    /// The same, and ended also by what changes from now on.
    #[must_use]
    pub fn or_changed(&self, changes: &Changes) -> Self {
        Self { changes: Some(changes.0.subscribe()), ..self.clone() }
    }

    /// The signal, if one has come.
    #[must_use]
    pub fn signal(&self) -> Option<i32> {
        self.signals.number()
    }

    /// Waits, outside of any run, and gives what came.
    ///
    /// # Errors
    /// If the machine refuses.
    pub fn wait(&self) -> io::Result<RunError> {
        Ok(tokio::runtime::Builder::new_current_thread().enable_io().build()?.block_on(self.came()))
    }

    /// Resolves when a signal comes or something changes; a signal counts first.
    pub(super) async fn came(&self) -> RunError {
        let mut changes = self.changes.clone();
        let change = async {
            let changed = match &mut changes {
                Some(changes) => changes.changed().await.is_ok(),
                None => false,
            };
            if !changed {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            biased;
            signal = self.signals.come() => signal.map_or_else(RunError::Machine, RunError::Interrupted),
            () = change => RunError::Outdated,
        }
    }
}

impl Signals {
    fn number(&self) -> Option<i32> {
        match self.came.load(Ordering::SeqCst) {
            0 => None,
            number => Some(number as i32),
        }
    }

    /// Resolves when one has come.
    async fn come(&self) -> io::Result<i32> {
        let bell = tokio::net::UnixStream::from_std(self.bell.try_clone()?)?;
        bell.readable().await?;
        Ok(self.number().unwrap_or_default())
    }
}
