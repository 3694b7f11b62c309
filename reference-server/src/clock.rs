//! The time of a visit, in words.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

const DAY: u64 = 24 * 60 * 60;
const WEEKDAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A moment in the form of C's `asctime` (C17, 7.27.3.1), in UTC: `Tue Nov  4 03:20:31 2026`.
///
/// The day is padded with a space and there is no newline at the end, as in Python's
/// `time.asctime()`. Fractions of a second are dropped; a moment before 1970 counts as 1970.
/// UTC is taken since a time zone would need a database that an isolated process may not see.
pub(crate) fn asctime(moment: SystemTime) -> String {
    let seconds = moment.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs();
    let (days, second) = (seconds / DAY, seconds % DAY);
    let (year, month, day) = date(days);
    let weekday = WEEKDAYS[(days % 7) as usize];
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{weekday} {} {day:2} {hour:02}:{minute:02}:{second:02} {year}", MONTHS[month])
}

/// Year, month from 0 and day from 1 of a day counted from 1 January 1970.
fn date(mut days: u64) -> (u64, usize, u64) {
    let mut year = 1970;
    while days >= days_of_year(year) {
        days -= days_of_year(year);
        year += 1;
    }
    let mut month = 0;
    while days >= days_of_month(year, month) {
        days -= days_of_month(year, month);
        month += 1;
    }
    (year, month, days + 1)
}

fn days_of_year(year: u64) -> u64 {
    if is_leap(year) { 366 } else { 365 }
}

fn days_of_month(year: u64, month: usize) -> u64 {
    match month {
        1 if is_leap(year) => 29,
        1 => 28,
        3 | 5 | 8 | 10 => 30,
        _ => 31,
    }
}

fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(seconds: u64, expect: &str) {
        assert_eq!(asctime(UNIX_EPOCH + Duration::from_secs(seconds)), expect);
    }

    #[test]
    fn a_moment_reads_as_in_python() {
        check(0, "Thu Jan  1 00:00:00 1970");
        check(1_795_490_431, "Tue Nov 24 03:20:31 2026");
        check(1_793_750_400, "Wed Nov  4 00:00:00 2026");
    }

    #[test]
    fn leap_years_are_known() {
        check(951_782_400, "Tue Feb 29 00:00:00 2000");
        check(951_868_799, "Tue Feb 29 23:59:59 2000");
        check(951_868_800, "Wed Mar  1 00:00:00 2000");
        check(4_107_542_399, "Sun Feb 28 23:59:59 2100");
        check(4_107_542_400, "Mon Mar  1 00:00:00 2100");
    }

    #[test]
    fn the_last_second_of_a_year_is_still_in_it() {
        check(1_798_761_599, "Thu Dec 31 23:59:59 2026");
        check(1_798_761_600, "Fri Jan  1 00:00:00 2027");
    }

    #[test]
    fn a_moment_before_1970_counts_as_1970() {
        let before = UNIX_EPOCH - Duration::from_secs(1);
        assert_eq!(asctime(before), "Thu Jan  1 00:00:00 1970");
    }
}
