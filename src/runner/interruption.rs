//! Ctrl-C and its like, heard in one place and obeyed in every run; and changes that make a run pointless.

use std::io;

use tokio::sync::watch;

use super::RunError;

/// Tells every run that has it when to end, and why.
#[derive(Clone, Debug)]
pub struct Interruption {
    /// The signal, once one has come.
    signals: watch::Receiver<Option<i32>>,
    /// How often something changed; not read since the runs that have this began.
    changes: Option<watch::Receiver<u64>>,
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
    #[cfg(unix)]
    pub fn by_signals() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
        let inside = runtime.enter();
        let [mut interrupt, mut terminate, mut hangup] =
            [signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?, signal(SignalKind::hangup())?];
        drop(inside);
        let (tell, told) = watch::channel(None);
        // It ends with the process; the first signal is the last that matters.
        std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
            runtime.block_on(async {
                let kind = tokio::select! {
                    _ = interrupt.recv() => SignalKind::interrupt(),
                    _ = terminate.recv() => SignalKind::terminate(),
                    _ = hangup.recv() => SignalKind::hangup(),
                };
                tell.send_replace(Some(kind.as_raw_value()));
                std::future::pending::<()>().await;
            });
        })?;
        Ok(Self { signals: told, changes: None })
    }

    /// The same, and ended also by what changes from now on.
    #[must_use]
    pub fn or_changed(&self, changes: &Changes) -> Self {
        Self { changes: Some(changes.0.subscribe()), ..self.clone() }
    }

    /// The signal, if one has come.
    #[must_use]
    pub fn signal(&self) -> Option<i32> {
        *self.signals.borrow()
    }

    /// Waits, outside of any run, and gives what came.
    ///
    /// # Errors
    /// If the machine refuses.
    pub fn wait(&self) -> io::Result<RunError> {
        Ok(tokio::runtime::Builder::new_current_thread().build()?.block_on(self.came()))
    }

    /// Resolves when a signal comes or something changes; a signal counts first.
    pub(super) async fn came(&self) -> RunError {
        let (mut signals, mut changes) = (self.signals.clone(), self.changes.clone());
        let signal = async {
            match signals.wait_for(Option::is_some).await {
                Ok(signal) => signal.unwrap_or_default(),
                // Nobody is left to say anything.
                Err(_) => std::future::pending().await,
            }
        };
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
            signal = signal => RunError::Interrupted(signal),
            () = change => RunError::Outdated,
        }
    }
}
