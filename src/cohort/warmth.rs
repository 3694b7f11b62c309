//! Whether warm starts are trusted: one in twenty of what passes warm is started cold as well, and must come to the same.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::atomic::{AtomicBool, Ordering};

use super::grading::{self, Settings};
use super::intake::Attempt;
use super::manifest::{Entry, SeedPolicy};
use crate::event::ColdBecause;
use crate::report::Report;
use crate::runner::{Lanes, RunError, Starting};

/// One in so many is looked at twice.
const SAMPLE: u64 = 20;

/// The trust in warm starts during one grading of a cohort.
#[derive(Debug)]
pub(super) struct Warmth {
    seed: u64,
    lost: AtomicBool,
}

/// Whether a warm start and a cold one of the same submission come to the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Agreement {
    /// Nothing speaks against it.
    Supposed,
    /// They do not.
    Refuted,
}

impl Warmth {
    /// With the cohort's seed, or one that nobody can know who hands in.
    pub(super) fn new(seed: SeedPolicy) -> Warmth {
        let seed = match seed {
            SeedPolicy::Fixed(seed) => seed,
            SeedPolicy::Own => fastrand::u64(..),
        };
        Warmth { seed, lost: AtomicBool::new(false) }
    }

    /// From here on, nothing is started warm.
    pub(super) fn distrust(&self) {
        self.lost.store(true, Ordering::SeqCst);
    }

    /// Grades what was handed in, as it is to be started; a sample twice.
    pub(super) fn grade(
        &self,
        entry: &Entry,
        attempt: &Attempt,
        settings: &Settings,
        lanes: Option<&Lanes>,
    ) -> Result<(Report, Agreement), RunError> {
        let cold = |because| Settings { starting: Starting::Cold(Some(because)), ..settings.clone() };
        let would_be_warm = !matches!(settings.starting, Starting::Cold(_));
        if would_be_warm && self.lost.load(Ordering::SeqCst) {
            let report = grading::grade(attempt, &cold(ColdBecause::Distrusted), lanes)?;
            return Ok((report, Agreement::Supposed));
        }
        let report = grading::grade(attempt, settings, lanes)?;
        if !grading::was_warm(&report) || !self.is_sampled(entry) {
            return Ok((report, Agreement::Supposed));
        }
        let cold = grading::grade(attempt, &cold(ColdBecause::Disagreed), lanes)?;
        Ok(match grading::agree(&report, &cold) {
            true => (report, Agreement::Supposed),
            false => (cold, Agreement::Refuted),
        })
    }

    fn is_sampled(&self, entry: &Entry) -> bool {
        let mut hasher = DefaultHasher::new();
        (self.seed, &entry.result).hash(&mut hasher);
        hasher.finish().is_multiple_of(SAMPLE)
    }
}
