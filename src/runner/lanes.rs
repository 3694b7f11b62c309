//! The processor shared by runs side by side: a few in their lanes, any number waiting.
//!
//! A run that only waits for the clock, or whose server keeps it waiting, needs no processor time. It leaves its lane
//! to another run and comes back when there is something to do; the time until a lane is free again is not held
//! against the submission. None of this is seen in a report.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

/// How long a server may keep its run waiting before another run takes the lane.
///
/// Longer than an interpreter needs to load a framework with a processor to itself, much shorter than the limits of
/// requests.
const PATIENCE: Duration = Duration::from_millis(500);

/// So many runs may use the processor at once.
#[derive(Clone, Debug)]
pub struct Lanes(Arc<Semaphore>);

impl Lanes {
    /// This many, at least one.
    #[must_use]
    pub fn new(count: usize) -> Self {
        Self(Arc::new(Semaphore::new(count.max(1))))
    }

    async fn enter(&self) -> Option<OwnedSemaphorePermit> {
        // It fails for a closed semaphore alone, and nobody closes this one.
        Arc::clone(&self.0).acquire_owned().await.ok()
    }
}

/// A run's place: in a lane or beside it.
pub(super) struct Lane {
    lanes: Option<Lanes>,
    place: Option<OwnedSemaphorePermit>,
}

impl Lane {
    /// In a lane, as soon as one is free; a run that shares the machine with no other needs none.
    pub(super) async fn enter(lanes: Option<&Lanes>) -> Self {
        let place = match lanes {
            Some(lanes) => lanes.enter().await,
            None => None,
        };
        Self { lanes: lanes.cloned(), place }
    }

    /// Waits beside the lane. Gives how long it took to come back.
    pub(super) async fn aside(&mut self, waiting: impl Future<Output = ()>) -> Duration {
        self.place = None;
        waiting.await;
        self.come_back().await
    }

    /// Does something in the lane, and goes on beside it if that takes long. Gives how long it took to come back.
    pub(super) async fn through<T>(&mut self, work: impl Future<Output = T>) -> (T, Duration) {
        let mut work = std::pin::pin!(work);
        let done = match tokio::time::timeout(PATIENCE, &mut work).await {
            Ok(done) => return (done, Duration::ZERO),
            Err(_) => {
                self.place = None;
                work.await
            }
        };
        (done, self.come_back().await)
    }

    async fn come_back(&mut self) -> Duration {
        let Some(lanes) = &self.lanes else { return Duration::ZERO };
        let began = Instant::now();
        self.place = lanes.enter().await;
        began.elapsed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// Runs this many side by side in one lane and counts how many were in it at once, and how many in all.
    async fn most(runs: usize, lanes: &Lanes, work: impl AsyncFn(&mut Lane)) -> usize {
        let (inside, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let one = async || {
            let mut lane = Lane::enter(Some(lanes)).await;
            most.fetch_max(inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            work(&mut lane).await;
            inside.fetch_sub(1, Ordering::SeqCst);
        };
        let mut all: Vec<_> = (0..runs).map(|_| Box::pin(one())).collect();
        std::future::poll_fn(|context| {
            all.retain_mut(|run| run.as_mut().poll(context).is_pending());
            if all.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
        })
        .await;
        most.load(Ordering::SeqCst)
    }

    #[tokio::test(start_paused = true)]
    async fn runs_that_work_take_turns() {
        let most = most(5, &Lanes::new(1), async |_| tokio::time::sleep(Duration::from_millis(10)).await).await;
        assert_eq!(most, 1);
    }

    #[tokio::test(start_paused = true)]
    async fn runs_that_wait_for_the_clock_wait_together() {
        let began = Instant::now();
        let wait = async |lane: &mut Lane| {
            lane.aside(tokio::time::sleep(Duration::from_secs(10))).await;
        };
        assert_eq!(most(5, &Lanes::new(1), wait).await, 5);
        assert_eq!(began.elapsed().as_secs(), 10);
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_never_answers_gives_its_lane_away() {
        let began = Instant::now();
        let hang = async |lane: &mut Lane| {
            lane.through(tokio::time::sleep(Duration::from_secs(10))).await;
        };
        most(5, &Lanes::new(1), hang).await;
        assert_eq!(
            began.elapsed().as_secs(),
            12,
            "each holds the lane for half a second, and all hang at the same time"
        );
    }
}
