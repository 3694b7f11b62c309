//! Times as programs write them: what a text says about when it was made, and whether that was during a visit.
//!
//! Pure: the moments to compare with are parameters, in microseconds since 1970-01-01T00:00:00 UTC. A text without an
//! offset shows the clock face of some zone, so it may mean any moment that an offset in use allows; offsets in use are
//! the multiples of 15 minutes from -12:00 to +14:00. A written offset is taken at its word. A date without a clock is
//! no time here: it could tell a visit from the program's start only after midnight. Weekdays are read and not compared.
//!
//! `pattern.rs` holds the language of the formats, `formats.rs` their table and the search for them.

mod formats;
mod pattern;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

const SECOND_US: i64 = 1_000_000;
const MINUTE_US: i64 = 60 * SECOND_US;
const DAY_US: i64 = 24 * 60 * MINUTE_US;

/// How far a value's clock may stray from ours, in microseconds: C's `time()`, and with it `asctime`, reads Linux's
/// coarse clock, which is up to one kernel tick (10 ms at 100 Hz) behind the exact one.
pub const SKEW_US: i64 = 10_000;

/// One meaning of a text as a time: a day, a clock face and the zone it is of, as precise as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeReading {
    /// The day that the text names.
    pub day: Day,
    /// The clock face as written, in microseconds since that day's midnight.
    pub clock_us: i64,
    /// The offset as written.
    pub offset: Offset,
    /// One tick of the clock as written: a minute, a second, or what the decimals say; at least 1 µs.
    pub resolution_us: i64,
    /// The stable id of the format, such as `asctime`.
    pub format: &'static str,
}

/// The day of a reading, as much of it as is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Day {
    /// A full date, in days since 1970-01-01.
    On(i64),
    /// Month and day (both from 1) of a year that is not written.
    EachYear {
        /// 1 to 12.
        month: i64,
        /// 1 to 31.
        day: i64,
    },
    /// A clock without any date.
    EachDay,
}

/// How far a clock face is ahead of UTC, if the text says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offset {
    /// The written offset, in seconds.
    Known(i64),
    /// The clock face of some zone; abbreviations such as `CST`, which several zones share, are this too.
    Unknown,
}

impl Offset {
    /// The offsets in use, in seconds, all of them multiples of [`Self::STEP_SECONDS`].
    pub const USUAL_SECONDS: std::ops::RangeInclusive<i64> = -12 * 3600..=14 * 3600;
    /// What divides every offset in use, in seconds.
    pub const STEP_SECONDS: i64 = 15 * 60;
}

/// A reading at the one moment, among those it may mean, that lies nearest to the moment asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The start of the reading's tick, in microseconds since 1970 UTC.
    pub instant: i64,
    /// The length of the tick in microseconds.
    pub resolution_us: i64,
    /// The offset as written: when it is `Unknown`, `instant` is right only up to multiples of 15 minutes.
    pub offset: Offset,
    /// The stable id of the format, such as `asctime`.
    pub format: &'static str,
}

impl Placed {
    /// The earliest start of a visit that can no longer have made this value, in microseconds since 1970 UTC.
    /// Whoever visits again from then on and gets the same text knows that it was not made at that visit.
    pub fn outlived_at(&self) -> i64 {
        self.instant.saturating_add(self.resolution_us).saturating_add(SKEW_US)
    }

    /// Whether a value made from `from` to `to` may have been written like this: cut down to the tick, or rounded to
    /// it, which puts the tick's start up to half a tick after the moment; with [`SKEW_US`] on either side.
    fn fits(&self, from: i64, to: i64) -> bool {
        let latest = to.saturating_add(self.resolution_us / 2).saturating_add(SKEW_US);
        from < self.outlived_at() && self.instant <= latest
    }

    fn distance(&self, at: i64) -> u64 {
        self.instant.abs_diff(at)
    }
}

/// All plausible meanings of a text as a time, in the order in which they stand in it; empty when it holds none.
///
/// A full date with a clock may stand between words. Without the year or date it must be the only number of the text,
/// and a number since 1970 the whole text. Quotes and percent-encoding are the caller's to remove.
pub fn readings(text: &str) -> Vec<TimeReading> {
    formats::readings(text)
}

/// The moment at which a text places itself within `from..=to`, at any offset in use; `None` when no reading does.
///
/// Both are in microseconds since 1970 UTC. A value counts to its own resolution, see [`Placed`] and [`SKEW_US`].
pub fn instant_within(text: &str, from: i64, to: i64) -> Option<Placed> {
    let middle = from.midpoint(to);
    // The moments that fit reach from a tick before to half a tick after: the nearest to their middle fits if any does.
    let placed = |reading: TimeReading| reading.nearest(middle.saturating_sub(reading.resolution_us / 4));
    let fitting = readings(text).into_iter().filter_map(placed).filter(|placed| placed.fits(from, to));
    fitting.min_by_key(|placed| placed.distance(middle))
}

/// The reading and moment nearest to `at` (microseconds since 1970 UTC), for messages; `None` when the text is no time.
pub fn nearest(text: &str, at: i64) -> Option<Placed> {
    readings(text).into_iter().filter_map(|reading| reading.nearest(at)).min_by_key(|placed| placed.distance(at))
}

impl TimeReading {
    /// A moment counted from 1970 UTC, in microseconds.
    fn since_1970(micros: i64, resolution_us: i64, format: &'static str) -> Self {
        let (day, clock_us) = (Day::On(micros.div_euclid(DAY_US)), micros.rem_euclid(DAY_US));
        Self { day, clock_us, offset: Offset::Known(0), resolution_us, format }
    }

    /// Whether two readings differ in nothing but the format.
    fn same_time(&self, other: &Self) -> bool {
        Self { format: other.format, ..*self } == *other
    }

    /// Of all moments that the reading may mean, the nearest to `at`; `None` when a year would have to be guessed at
    /// the edge of the calendar.
    fn nearest(&self, at: i64) -> Option<Placed> {
        let moments = self.days_near(at).into_iter().map(|day| self.moment_on(day, at));
        let instant = moments.min_by_key(|moment| moment.abs_diff(at))?;
        Some(Placed { instant, resolution_us: self.resolution_us, offset: self.offset, format: self.format })
    }

    /// The days that the reading may be of, as far as they can matter near `at`.
    fn days_near(&self, at: i64) -> Vec<i64> {
        match self.day {
            Day::On(day) => vec![day],
            Day::EachYear { month, day } => {
                let Ok(now) = Timestamp::from_microsecond(at) else { return Vec::new() };
                let year = i64::from(TimeZone::UTC.to_datetime(now).year());
                // Offsets move a clock over the turn of a year, and 29 February comes every four to eight years.
                (year - 8..=year + 8).filter_map(|year| days_since_1970(year, month, day)).collect()
            }
            Day::EachDay => {
                let today = at.div_euclid(DAY_US);
                (today - 1..=today + 1).collect()
            }
        }
    }

    /// When the clock of that day shows the reading, at the offset, if it is free, that brings it nearest to `at`.
    fn moment_on(&self, day: i64, at: i64) -> i64 {
        let face = day.saturating_mul(DAY_US).saturating_add(self.clock_us);
        let step = Offset::STEP_SECONDS * SECOND_US;
        let ahead = match self.offset {
            Offset::Known(seconds) => seconds * SECOND_US,
            Offset::Unknown => {
                let steps = face.saturating_sub(at).saturating_add(step / 2).div_euclid(step);
                let (least, most) = (Offset::USUAL_SECONDS.start(), Offset::USUAL_SECONDS.end());
                steps.clamp(least / Offset::STEP_SECONDS, most / Offset::STEP_SECONDS) * step
            }
        };
        face.saturating_sub(ahead)
    }
}

/// Days from 1970-01-01 to a date of the Gregorian calendar; `None` when there is no such date.
fn days_since_1970(year: i64, month: i64, day: i64) -> Option<i64> {
    let date = Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()?;
    Some(date.duration_since(Date::constant(1970, 1, 1)).as_hours() / 24)
}
