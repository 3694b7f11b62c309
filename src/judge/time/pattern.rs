//! The small pattern language of the table of formats, and what a match yields.
//!
//! A pattern is read from left to right. Letters match in any case, a blank matches one blank or more, `[…]` may be
//! missing (no nesting), and `%` starts one of these fields:
//!
//! | field | matches |
//! |---|---|
//! | `%a`, `%b` | the name of a weekday (short, long or Chinese), of a month (short or long) |
//! | `%Y`, `%y` | a year of four digits, of two |
//! | `%m`, `%d`, `%H`, `%M`, `%S` | one or two digits, blanks before them allowed |
//! | `%X` | a clock: `3:20:31.5 AM`, `上午3:20`, `03时20分31秒` |
//! | `%D`, `%T` | `YYYYMMDD`; `HHMM`, `HHMMSS` or that with the digits of a fraction |
//! | `%j` | what joins date and clock: blanks, commas, dashes, a weekday, `at` |
//! | `%o` | the ending of an ordinal, `st` to `th`, which may be missing |
//! | `%z` | a zone or offset, which may be missing |
//! | `%s`, `%u`, `%n` | whole seconds since 1970; microseconds, nanoseconds of the second |

use super::{Day, MINUTE_US, Offset, SECOND_US, TimeReading, days_since_1970};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const BEFORE_NOON: [&str; 5] = ["上午", "午前", "오전", "AM", "a.m."];
const AFTER_NOON: [&str; 5] = ["下午", "午後", "오후", "PM", "p.m."];

/// The parts of a time as a text writes them, before anyone asked whether they make sense together.
#[derive(Clone, Copy)]
pub(super) struct Fields {
    year: Option<i64>,
    month_and_day: (Option<i64>, Option<i64>),
    clock: Clock,
    offset: Offset,
    epoch_seconds: Option<i64>,
}

/// A clock face as written: the hour may still be one of twelve.
#[derive(Clone, Copy)]
struct Clock {
    hour: i64,
    minute: i64,
    second: i64,
    micros: i64,
    half: Half,
    resolution_us: i64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    Unwritten,
    BeforeNoon,
    AfterNoon,
}

/// Matches the pattern at the very start of `text`; the fields found and what follows them.
pub(super) fn matched<'t>(pattern: &str, text: &'t str) -> Option<(Fields, &'t str)> {
    let clock = Clock { hour: 0, minute: 0, second: 0, micros: 0, half: Half::Unwritten, resolution_us: MINUTE_US };
    let fields =
        Fields { year: None, month_and_day: (None, None), clock, offset: Offset::Unknown, epoch_seconds: None };
    resumed(pattern, text, fields)
}

fn resumed<'t>(pattern: &str, text: &'t str, mut fields: Fields) -> Option<(Fields, &'t str)> {
    let mut symbols = pattern.chars();
    let Some(symbol) = symbols.next() else { return Some((fields, text)) };
    match symbol {
        '[' => {
            let (optional, after) = symbols.as_str().split_once(']')?;
            resumed(&format!("{optional}{after}"), text, fields).or_else(|| resumed(after, text, fields))
        }
        '%' => {
            let rest = fields.take(symbols.next()?, text)?;
            resumed(symbols.as_str(), rest, fields)
        }
        ' ' => {
            let rest = text.trim_start_matches(' ');
            if rest.len() == text.len() { None } else { resumed(symbols.as_str(), rest, fields) }
        }
        literal => {
            let first = text.chars().next().filter(|c| c.eq_ignore_ascii_case(&literal))?;
            resumed(symbols.as_str(), &text[first.len_utf8()..], fields)
        }
    }
}

impl Fields {
    /// Takes one field off the start of `text` and gives what is left.
    fn take<'t>(&mut self, field: char, text: &'t str) -> Option<&'t str> {
        match field {
            'a' => return weekday(text),
            'j' => return join(text),
            'o' => return Some(["st", "nd", "rd", "th"].iter().find_map(|end| text.strip_prefix(end)).unwrap_or(text)),
            'b' => {
                let (month, rest) = named(&MONTHS, text)?;
                self.month_and_day.0 = Some(month);
                return Some(rest);
            }
            'X' => return self.take_clock(text),
            'D' => return self.take_run_of_date(text),
            'T' => return self.take_run_of_clock(text),
            'z' => {
                if let Some((offset, rest)) = zone(text) {
                    self.offset = offset;
                    return Some(rest);
                }
                return Some(text);
            }
            _ => {}
        }
        let (fewest, most) = match field {
            'Y' => (4, 4),
            'y' => (2, 2),
            's' => (1, 11),
            'u' => (1, 6),
            'n' => (1, 9),
            _ => (1, 2),
        };
        let (value, rest) = number(text.trim_start_matches(' '), fewest, most)?;
        self.put(field, value);
        Some(rest)
    }

    fn put(&mut self, field: char, value: i64) {
        let clock = &mut self.clock;
        match field {
            'Y' => self.year = Some(value),
            // POSIX strptime: 69 to 99 are of the last century.
            'y' => self.year = Some(if value < 69 { 2000 + value } else { 1900 + value }),
            'm' => self.month_and_day.0 = Some(value),
            'd' => self.month_and_day.1 = Some(value),
            'H' => clock.hour = value,
            'M' => clock.minute = value,
            'S' => (clock.second, clock.resolution_us) = (value, SECOND_US),
            's' => (self.epoch_seconds, clock.resolution_us) = (Some(value), SECOND_US),
            'u' => (clock.micros, clock.resolution_us) = (value, 1),
            'n' => (clock.micros, clock.resolution_us) = (value / 1000, 1),
            _ => unreachable!("the table of formats uses the fields of this module's table only"),
        }
    }

    /// `3:20`, `03:20:31`, `03:20:31.123`, `3:20:31 AM`, `上午3:20:31`, `3时20分31秒`, `03点20分`.
    fn take_clock<'t>(&mut self, text: &'t str) -> Option<&'t str> {
        let text = self.take_half(text);
        let (hour, rest) = number(text.trim_start_matches(' '), 1, 2)?;
        self.clock.hour = hour;
        if let Some(rest) = rest.strip_prefix(['时', '時', '点', '點']) {
            return self.take_worded_minutes(rest);
        }
        let minutes = rest.strip_prefix(':')?;
        let (minute, rest) = number(minutes, 1, 2)?;
        self.clock.minute = minute;
        let rest = match rest.strip_prefix(':').and_then(|seconds| number(seconds, 1, 2)) {
            Some((second, rest)) => {
                self.put('S', second);
                self.take_fraction(rest)
            }
            // `1:5` may be a ratio or a score: without seconds the minutes have two digits.
            None => rest,
        };
        let minutes_only = self.clock.resolution_us == MINUTE_US;
        if minutes_only && minutes.len() - rest.len() != 2 { None } else { Some(self.take_half(rest)) }
    }

    fn take_worded_minutes<'t>(&mut self, text: &'t str) -> Option<&'t str> {
        let (minute, rest) = number(text.trim_start_matches(' '), 1, 2)?;
        self.clock.minute = minute;
        let rest = rest.strip_prefix('分')?;
        let Some((second, after)) = number(rest.trim_start_matches(' '), 1, 2) else { return Some(rest) };
        self.put('S', second);
        self.take_fraction(after).strip_prefix('秒')
    }

    /// The digits of a fraction of a second after a point or comma, if there are any; those beyond microseconds are dropped.
    fn take_fraction<'t>(&mut self, text: &'t str) -> &'t str {
        let Some(decimals) = text.strip_prefix(['.', ',']) else { return text };
        if decimals.starts_with(|c: char| c.is_ascii_digit()) { self.take_decimals(decimals) } else { text }
    }

    fn take_decimals<'t>(&mut self, text: &'t str) -> &'t str {
        let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
        for digit in text[..text.len() - rest.len()].bytes().take(6) {
            self.clock.resolution_us /= 10;
            self.clock.micros += i64::from(digit - b'0') * self.clock.resolution_us;
        }
        rest
    }

    /// The mark of one half of the day, before or after the clock, if there is one.
    fn take_half<'t>(&mut self, text: &'t str) -> &'t str {
        let start = text.trim_start_matches(' ');
        for (half, marks) in [(Half::BeforeNoon, BEFORE_NOON), (Half::AfterNoon, AFTER_NOON)] {
            for mark in marks {
                if let Some(rest) = without_prefix(start, mark).filter(|rest| !starts_with_letter(rest)) {
                    self.clock.half = half;
                    return rest;
                }
            }
        }
        text
    }

    fn take_run_of_date<'t>(&mut self, text: &'t str) -> Option<&'t str> {
        let (year, rest) = number(text, 4, 4)?;
        let (month, rest) = number(rest, 2, 2)?;
        let (day, rest) = number(rest, 2, 2)?;
        (self.year, self.month_and_day) = (Some(year), (Some(month), Some(day)));
        Some(rest)
    }

    fn take_run_of_clock<'t>(&mut self, text: &'t str) -> Option<&'t str> {
        let (hour, rest) = number(text, 2, 2)?;
        let (minute, rest) = number(rest, 2, 2)?;
        (self.clock.hour, self.clock.minute) = (hour, minute);
        let Some((second, rest)) = number(rest, 2, 2) else { return Some(rest) };
        self.put('S', second);
        let glued = self.take_decimals(rest);
        Some(if glued.len() < rest.len() { glued } else { self.take_fraction(rest) })
    }

    /// The time that the fields make, or `None` when there is no such day or no such clock face.
    pub(super) fn reading(&self, format: &'static str) -> Option<TimeReading> {
        if let Some(seconds) = self.epoch_seconds {
            let since_1970_us = seconds * SECOND_US + self.clock.micros;
            return Some(TimeReading::since_1970(since_1970_us, self.clock.resolution_us, format));
        }
        let day = match (self.year, self.month_and_day) {
            (Some(year), (Some(month), Some(day))) => Day::On(days_since_1970(year, month, day)?),
            (None, (Some(month), Some(day))) => {
                // A leap year: it has every day that some year has.
                days_since_1970(2000, month, day)?;
                Day::EachYear { month, day }
            }
            _ => Day::EachDay,
        };
        let (clock_us, resolution_us) = (self.clock.since_midnight_us()?, self.clock.resolution_us);
        Some(TimeReading { day, clock_us, offset: self.offset, resolution_us, format })
    }
}

impl Clock {
    fn since_midnight_us(&self) -> Option<i64> {
        // Old browsers write the hour after midnight as 24, and asctime knows leap seconds.
        if self.hour > 24 || self.minute > 59 || self.second > 60 {
            return None;
        }
        let hour = match self.half {
            Half::BeforeNoon if self.hour <= 12 => self.hour % 12,
            Half::AfterNoon if self.hour <= 12 => self.hour % 12 + 12,
            // `15:20 PM` is an hour of 24 with a needless mark.
            _ => self.hour % 24,
        };
        Some(((hour * 60 + self.minute) * 60 + self.second) * SECOND_US + self.micros)
    }
}

/// A zone after blanks or none: `Z`, `UTC`, `GMT+0800`, `+08:00`, `-5:30`; letters such as `CST` name several zones, so they are `Unknown`.
fn zone(text: &str) -> Option<(Offset, &str)> {
    let start = text.trim_start_matches(' ');
    let utc = ["GMT", "UTC", "UT", "Z"].iter().find_map(|name| start.strip_prefix(name));
    if let Some(rest) = utc.filter(|rest| !starts_with_letter(rest)) {
        return Some(offset(rest).unwrap_or((Offset::Known(0), rest)));
    }
    offset(start).or_else(|| {
        let rest = start.trim_start_matches(|c: char| c.is_ascii_uppercase());
        let letters = start.len() - rest.len();
        if (3..=5).contains(&letters) && !starts_with_letter(rest) { Some((Offset::Unknown, rest)) } else { None }
    })
}

fn offset(text: &str) -> Option<(Offset, &str)> {
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let (hours, rest) = number(text.strip_prefix(['+', '-'])?, 1, 2)?;
    let (minutes, rest) = number(rest.strip_prefix(':').unwrap_or(rest), 2, 2).unwrap_or((0, rest));
    let seconds = sign * (hours * 3600 + minutes * 60);
    let sound = minutes < 60 && Offset::USUAL_SECONDS.contains(&seconds) && seconds % Offset::STEP_SECONDS == 0;
    let whole = !rest.starts_with(|c: char| c.is_ascii_digit());
    if sound && whole { Some((Offset::Known(seconds), rest)) } else { None }
}

fn join(text: &str) -> Option<&str> {
    let after_separators = |text| str::trim_start_matches(text, [' ', ',', ';', '|', '-', '_', '\u{ff0c}']);
    let mut rest = after_separators(text);
    if let Some(after) = weekday(rest.strip_prefix('(').unwrap_or(rest)) {
        rest = after_separators(after.strip_prefix(')').unwrap_or(after));
    }
    for word in ["at", "on", "um", "time:"] {
        if let Some(after) = without_prefix(rest, word).filter(|after| !starts_with_letter(after)) {
            rest = after_separators(after);
        }
    }
    if rest.len() < text.len() { Some(rest) } else { None }
}

fn weekday(text: &str) -> Option<&str> {
    let chinese = ["星期", "周", "週"].iter().find_map(|prefix| text.strip_prefix(prefix));
    match chinese {
        Some(rest) => rest.strip_prefix(['一', '二', '三', '四', '五', '六', '日', '天']),
        None => named(&WEEKDAYS, text).map(|(_, rest)| rest),
    }
}

/// The first of the names, whole or cut to three or four letters, that `text` starts with, counted from 1.
fn named<'t>(names: &[&str], text: &'t str) -> Option<(i64, &'t str)> {
    for (number, name) in (1..).zip(names) {
        for form in [name, &name[..name.len().min(4)], &name[..3]] {
            if let Some(rest) = without_prefix(text, form).filter(|rest| !starts_with_letter(rest)) {
                return Some((number, rest));
            }
        }
    }
    None
}

/// `text` after a prefix whose ASCII letters may be of any case.
fn without_prefix<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    if start.eq_ignore_ascii_case(prefix) { Some(rest) } else { None }
}

fn starts_with_letter(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// A number of `fewest` to `most` digits at the start of `text`, as many as are there.
fn number(text: &str, fewest: usize, most: usize) -> Option<(i64, &str)> {
    let digits = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    if digits < fewest {
        return None;
    }
    let (digits, rest) = text.split_at(digits);
    digits.parse().ok().map(|value| (value, rest))
}
