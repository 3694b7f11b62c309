//! The thread that looks after the files and says when somebody saved.

use std::io;
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use notify::{RecommendedWatcher, RecursiveMode};
use notify_debouncer_mini::{DebounceEventResult, Debouncer, new_debouncer};

use super::files::{Files, State, changed, is_source};
use crate::runner::{Changes, Interruption};

/// How long a file must be left alone after a change: editors write, delete and rename in a row.
const QUIET: Duration = Duration::from_millis(100);

/// How often is looked where nothing was told: network file systems and shared folders tell nothing.
const LOOK: Duration = Duration::from_secs(2);

/// After so many runs in a row with saves during each, all in the submission's own folder, the next run's are not heard:
/// the program may be what writes there.
const RESTLESS: usize = 3;

/// Watches the files until the process ends.
pub(super) struct Eye {
    seen: Arc<Mutex<Seen>>,
    changes: Changes,
}

/// What of a change in the submission's folder is somebody's save.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Going {
    /// Everything: nothing runs, or what runs cannot write there.
    Apart,
    /// Sources alone: the program runs in that folder, and keeps its data there.
    InPlace,
    /// Nothing until the run is over: the program seems to write its own sources.
    Unheard,
}

struct Seen {
    files: Files,
    state: State,
    going: Going,
    /// Whether somebody saved during this run, in the submission's own folder.
    disturbed: bool,
    /// How many runs in a row were.
    restless: usize,
    /// What was saved since this was last asked.
    saved: Vec<PathBuf>,
}

impl Eye {
    /// Begins to watch.
    ///
    /// # Errors
    /// If there can be no more threads.
    pub(super) fn open(files: Files) -> io::Result<Self> {
        let (tell, told) = mpsc::channel();
        // Without one (each user may have so many), looking now and then is all there is.
        let mut debouncer = new_debouncer(QUIET, tell.clone()).ok();
        watch(&mut debouncer, &[], &files.folders());
        let state = files.state();
        let seen = Arc::new(Mutex::new(Seen {
            files,
            state,
            going: Going::Apart,
            disturbed: false,
            restless: 0,
            saved: Vec::new(),
        }));
        let eye = Self { seen, changes: Changes::default() };
        let (seen, changes) = (Arc::clone(&eye.seen), eye.changes.clone());
        std::thread::Builder::new().name("watch".to_owned()).spawn(move || {
            // Kept, so that the channel stays open where nobody tells anything.
            let _tell = tell;
            look(debouncer, &told, &seen, &changes);
        })?;
        Ok(eye)
    }

    /// What was saved since this was last asked, and what will end a run that begins now.
    pub(super) fn next(&self, signals: &Interruption) -> (Vec<String>, Interruption) {
        let mut seen = lock(&self.seen);
        let mut saved = std::mem::take(&mut seen.saved);
        saved.sort();
        saved.dedup();
        let names = saved.iter().map(|path| seen.files.name(path)).collect();
        // Under the lock, so that no save is told twice or never.
        (names, signals.or_changed(&self.changes))
    }

    /// Watches these files of the exercise, too; as they are now they are no news.
    pub(super) fn also(&self, authored: Vec<PathBuf>) {
        let mut seen = lock(&self.seen);
        let new: Vec<_> = authored.into_iter().filter(|file| !seen.files.authored.contains(file)).collect();
        if new.is_empty() {
            return;
        }
        seen.files.authored.extend(new.iter().cloned());
        let now = seen.files.state();
        seen.state.extend(now.into_iter().filter(|(path, _)| new.contains(path)));
    }

    /// The program runs in the folder that is watched.
    pub(super) fn in_place(&self) {
        let mut seen = lock(&self.seen);
        seen.going = if seen.restless < RESTLESS { Going::InPlace } else { Going::Unheard };
    }

    /// The run is over. What it left in its folder is nobody's save.
    pub(super) fn over(&self) {
        let mut seen = lock(&self.seen);
        seen.look(&self.changes);
        seen.restless = if std::mem::take(&mut seen.disturbed) { seen.restless + 1 } else { 0 };
        seen.going = Going::Apart;
        seen.state = seen.files.state();
    }
}

impl Seen {
    /// Tells if somebody saved since the last look.
    fn look(&mut self, changes: &Changes) {
        let now = self.files.state();
        let going = self.going;
        let (files, mut saved) = (&self.files, changed(&self.state, &now));
        saved.retain(|path| match going {
            Going::Apart => true,
            Going::InPlace => is_source(path) || files.is_named(path),
            Going::Unheard => false,
        });
        if !saved.is_empty() {
            self.state = now;
            self.disturbed |= going == Going::InPlace;
            self.saved.append(&mut saved);
            changes.tell();
        }
    }
}

fn look(
    mut debouncer: Option<Debouncer<RecommendedWatcher>>,
    told: &Receiver<DebounceEventResult>,
    seen: &Mutex<Seen>,
    changes: &Changes,
) {
    let mut watched = lock(seen).files.folders();
    while !matches!(told.recv_timeout(LOOK), Err(RecvTimeoutError::Disconnected)) {
        // Folders come and go, and one that was made anew under the same name is another: all are watched again,
        // before anything is looked at, so that nothing is missed in between.
        let folders = lock(seen).files.folders();
        watch(&mut debouncer, &watched, &folders);
        watched = folders;
        lock(seen).look(changes);
    }
}

/// Watches these folders instead of those. One that cannot be watched is looked at now and then all the same.
fn watch(debouncer: &mut Option<Debouncer<RecommendedWatcher>>, before: &[PathBuf], now: &[PathBuf]) {
    let Some(debouncer) = debouncer else { return };
    for folder in before {
        let _ = debouncer.watcher().unwatch(folder);
    }
    for folder in now {
        let _ = debouncer.watcher().watch(folder, RecursiveMode::NonRecursive);
    }
}

fn lock(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}
