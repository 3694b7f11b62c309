//! A fixed number of workers over a list of work.
//!
//! Work is handed out in order, one piece at a time, so a piece that hangs keeps one worker busy and nobody else. What
//! comes out is told on the calling thread, in the order in which it is done.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;

/// Whether workers take more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// They do.
    Go,
    /// What has begun is brought to its end, and nothing more is begun.
    Stop,
}

/// Does the work on every item and tells of each as it is done. `done` decides whether it goes on.
pub(crate) fn run<T: Sync, R: Send>(
    items: &[T],
    workers: usize,
    work: impl Fn(&T) -> R + Sync,
    mut done: impl FnMut(&T, R) -> Next,
) {
    let next = AtomicUsize::new(0);
    let stopped = AtomicBool::new(false);
    let (tell, told) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..workers.clamp(1, items.len().max(1)) {
            let (tell, next, stopped, work) = (tell.clone(), &next, &stopped, &work);
            scope.spawn(move || {
                while !stopped.load(Ordering::SeqCst) {
                    let place = next.fetch_add(1, Ordering::SeqCst);
                    let Some(item) = items.get(place) else { return };
                    // Nobody listens any more only if the caller panicked.
                    if tell.send((place, work(item))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(tell);
        for (place, result) in told {
            if done(&items[place], result) == Next::Stop {
                stopped.store(true, Ordering::SeqCst);
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Barrier, Condvar, Mutex};

    #[test]
    fn every_item_is_done_once() {
        let items: Vec<usize> = (0..100).collect();
        let mut seen = Vec::new();
        run(
            &items,
            7,
            |item| item * 2,
            |item, double| {
                seen.push((*item, double));
                Next::Go
            },
        );
        seen.sort_unstable();
        assert_eq!(seen, (0..100).map(|item| (item, item * 2)).collect::<Vec<_>>());
    }

    #[test]
    fn as_many_at_once_as_there_are_workers() {
        let barrier = Barrier::new(4);
        let mut count = 0;
        run(
            &[(); 4],
            4,
            |()| barrier.wait(),
            |(), _| {
                count += 1;
                Next::Go
            },
        );
        assert_eq!(count, 4);
    }

    #[test]
    fn one_that_hangs_does_not_hold_up_the_others() {
        let (finished, all) = (Mutex::new(0), Condvar::new());
        let work = |item: &usize| {
            let mut finished = finished.lock().unwrap();
            if *item == 0 {
                // Ends only when all the others are done.
                while *finished < 9 {
                    finished = all.wait(finished).unwrap();
                }
            } else {
                *finished += 1;
                all.notify_all();
            }
            *item
        };
        let items: Vec<usize> = (0..10).collect();
        let mut order = Vec::new();
        run(&items, 2, work, |_, item| {
            order.push(item);
            Next::Go
        });
        // The last but one may be told after it.
        assert!(order.len() == 10 && order[8..].contains(&0), "{order:?}");
    }

    #[test]
    fn nothing_is_begun_after_a_stop() {
        let (told, more) = (Mutex::new(0), Condvar::new());
        // Each waits until the one before has been told of.
        let work = |item: &usize| {
            let told = told.lock().unwrap();
            drop(more.wait_while(told, |told| *told < *item).unwrap());
        };
        let items: Vec<usize> = (0..1000).collect();
        run(&items, 1, work, |_, ()| {
            *told.lock().unwrap() += 1;
            more.notify_all();
            Next::Stop
        });
        let told = *told.lock().unwrap();
        assert!(told <= 3, "two may have begun while the first was told of: {told}");
    }
}
