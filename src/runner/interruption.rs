//! Ctrl-C and its like, heard in one place and obeyed in every run.

use std::io;

use tokio::sync::watch;

/// Tells every run that has it when to end, and by which signal.
#[derive(Clone, Debug)]
pub struct Interruption(watch::Receiver<Option<i32>>);

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
        Ok(Self(told))
    }

    /// The signal, if one has come.
    #[must_use]
    pub fn signal(&self) -> Option<i32> {
        *self.0.borrow()
    }

    /// Resolves when a signal comes.
    pub(super) async fn signalled(&self) -> i32 {
        let mut told = self.0.clone();
        match told.wait_for(Option::is_some).await {
            Ok(signal) => signal.unwrap_or_default(),
            // Nobody is left to say anything.
            Err(_) => std::future::pending().await,
        }
    }
}
