//! The formats in which programs write times, and the search for them in a text.

use super::pattern::{Fields, matched};
use super::{Day, TimeReading};

/// Longer texts, in bytes, are not searched: no usual format comes near, and a hostile one would cost time.
const LONGEST_TEXT: usize = 256;

/// Every format but bare epoch numbers: a stable id, and a pattern as `pattern.rs` reads them. Of several that match
/// at one place the longest counts; those of equal length are all readings.
const FORMATS: &[(&str, &str)] = &[
    // C, Python and Perl; Java and `date` put the zone before the year.
    ("asctime", "%a %b %d %X%z %Y"),
    ("asctime", "%b %d %X%z %Y"),
    ("js-date", "[%a ]%b %d %Y%j%X%z"),
    ("english-long", "[%a, ]%b %d%o, %Y%j%X%z"),
    ("english-long", "[%a, ][%a ]%d%o[ of] %b, %Y%j%X%z"),
    ("english-long", "[%a, ][%a ]%d%o of %b %Y%j%X%z"),
    // RFC 9110 (5.6.7), RFC 1123, RFC 2822; the same with the two-digit year of RFC 822.
    ("http-date", "[%a][,][ ]%d%o %b %Y%j%X%z"),
    ("http-date", "[%a][,][ ]%d %b %y%j%X%z"),
    ("rfc850", "[%a, ]%d-%b-%y%j%X%z"),
    ("rfc850", "[%a, ]%d-%b-%Y%j%X%z"),
    ("server-log", "%d/%b/%Y:%X%z"),
    ("iso8601", "%Y-%m-%dT%X%z"),
    ("ymd-dashes", "%Y-%m-%d%j%X%z"),
    ("ymd-dashes", "%y-%m-%d%j%X%z"),
    ("ymd-slashes", "%Y/%m/%d%j%X%z"),
    ("ymd-slashes", "%y/%m/%d%j%X%z"),
    ("ymd-dots", "%Y.%m.%d[.]%j%X%z"),
    ("ymd-colons", "%Y:%m:%d%j%X%z"),
    ("ymd-chinese", "%Y年%m月%d日[%j]%X%z"),
    ("ymd-chinese", "%Y年%m月%d日[%j]%z %X"),
    ("file-name", "%Y-%m-%d[%j][T]%H-%M-%S"),
    ("file-name", "%D[T][%j]%H-%M-%S"),
    ("compact", "%D[T][%j]%T%z"),
    ("compact", "%D[T][%j]%X%z"),
    ("dmy-dots", "%d.%m.%Y%j%X%z"),
    ("dmy-dots", "%d.%m.%y%j%X%z"),
    ("dmy-slashes", "%d/%m/%Y%j%X%z"),
    ("dmy-slashes", "%d/%m/%y%j%X%z"),
    ("mdy-slashes", "%m/%d/%Y%j%X%z"),
    ("mdy-slashes", "%m/%d/%y%j%X%z"),
    ("dmy-dashes", "%d-%m-%Y%j%X%z"),
    ("dmy-dashes", "%d-%m-%y%j%X%z"),
    ("mdy-dashes", "%m-%d-%Y%j%X%z"),
    // Points in the clock, which without a date beside it could be a version number.
    ("dotted-clock", "%Y-%m-%d%j%H.%M.%S"),
    ("dotted-clock", "%d.%m.%Y%j%H.%M.%S"),
    ("dotted-clock", "%d/%m/%Y%j%H.%M.%S"),
    ("dotted-clock", "%d/%m/%y%j%H.%M.%S"),
    // The clock before the date.
    ("clock-first", "%X%z%j%Y-%m-%d"),
    ("clock-first", "%X%z%j%Y/%m/%d"),
    ("clock-first", "%X%z%j%d.%m.%Y"),
    ("clock-first", "%X%z%j%d/%m/%Y"),
    ("clock-first", "%X%z%j%m/%d/%Y"),
    ("clock-first", "%X%z%j%d %b %Y"),
    ("clock-first", "%X%z%j%b %d[,] %Y"),
    // Bare fields, and what a value of a language's own type looks like when it is printed.
    ("fields", "%Y %m %d %H %M %S"),
    ("fields", "%Y, %m, %d, %H, %M, %S"),
    ("python-struct-time", "tm_year=%Y, tm_mon=%m, tm_mday=%d, tm_hour=%H, tm_min=%M, tm_sec=%S"),
    ("python-datetime", "datetime.datetime(%Y, %m, %d, %H, %M[, %S][, %u]"),
    ("rust-system-time", "tv_sec: %s, tv_nsec: %n"),
    // No year, no date.
    ("no-year", "%m-%d%j%X"),
    ("no-year", "%m/%d%j%X"),
    ("no-year", "%m月%d日[%j]%X"),
    ("no-year", "[%a][,][ ]%b %d%j%X"),
    ("no-date", "%X%z"),
];

/// All that `text` may mean as a time, whole or with words round it.
pub(super) fn readings(text: &str) -> Vec<TimeReading> {
    if text.len() > LONGEST_TEXT {
        return Vec::new();
    }
    let plain: String = text.chars().map(plain).collect();
    let mut found = epoch(plain.trim());
    found.extend(search(&plain));
    if found.is_empty() && plain.contains(['+', '_']) {
        // Form encoding and students' own hands put these where blanks were, as a cookie holds none unquoted.
        found = search(&plain.replace(['+', '_'], " "));
    }
    found
}

/// Programs write blanks of many widths, and Chinese a colon of its own.
fn plain(symbol: char) -> char {
    match symbol {
        '\u{ff1a}' => ':',
        blank if blank.is_whitespace() => ' ',
        other => other,
    }
}

/// The text as nothing but a number since 1970, in the unit that its size suggests.
fn epoch(text: &str) -> Vec<TimeReading> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    // Nine digits of seconds are the year 1973, twenty of nanoseconds the year 5138.
    if !(9..=20).contains(&whole.len()) || !digits(whole) || !digits(decimals) {
        return Vec::new();
    }
    let Some(value) = whole.parse::<i128>().ok().filter(|value| *value > 0) else { return Vec::new() };
    let (format, unit_ns) = match value.ilog10() {
        ..11 => ("epoch-s", 1_000_000_000),
        11..14 => ("epoch-ms", 1_000_000),
        14..17 => ("epoch-us", 1000),
        17.. => ("epoch-ns", 1),
    };
    let mut nanos = value * unit_ns;
    let mut tick_ns = unit_ns;
    let written = if text.contains('.') { decimals } else { "" };
    for digit in written.bytes() {
        tick_ns /= 10;
        nanos += i128::from(digit - b'0') * tick_ns;
    }
    let Ok(micros) = i64::try_from(nanos / 1000) else { return Vec::new() };
    let resolution_us = i64::try_from(tick_ns / 1000).unwrap_or(1).max(1);
    vec![TimeReading::since_1970(micros, resolution_us, format)]
}

fn search(text: &str) -> Vec<TimeReading> {
    let mut found: Vec<TimeReading> = Vec::new();
    let mut next = 0;
    for (start, _) in text.char_indices() {
        if start < next || !may_start(text, start) {
            continue;
        }
        let (end, readings) = longest(text, start);
        next = end.max(next);
        for reading in readings {
            let known = found.iter().any(|one| one.same_time(&reading));
            if !known && stands_alone(&reading, &text[..start], &text[end..]) {
                found.push(reading);
            }
        }
    }
    found
}

/// The longest match that begins at `start`: its end, and what it may mean; no readings when nothing matches.
fn longest(text: &str, start: usize) -> (usize, Vec<TimeReading>) {
    let mut best = (start, Vec::new());
    for (id, pattern) in FORMATS {
        let Some((fields, rest)) = matched(pattern, &text[start..]) else { continue };
        let end = text.len() - rest.len();
        if end < best.0 || !may_end(rest) {
            continue;
        }
        let Some(reading) = Fields::reading(&fields, id) else { continue };
        if end > best.0 {
            best = (end, Vec::new());
        }
        best.1.push(reading);
    }
    best
}

/// Whether a time may begin here: not in the middle of a word, a number, or a number with points or dashes.
fn may_start(text: &str, start: usize) -> bool {
    let mut before = text[..start].chars().rev();
    match before.next() {
        None => true,
        Some(last) if last.is_ascii_alphanumeric() => !text[start..].starts_with(|c: char| c.is_ascii_alphanumeric()),
        Some('-' | '.' | ':' | '/' | '+' | ',') => !before.next().is_some_and(|c| c.is_ascii_digit()),
        Some(_) => true,
    }
}

/// Whether a time may end before `rest`, by the same measure.
fn may_end(rest: &str) -> bool {
    let mut after = rest.chars();
    match after.next() {
        None => true,
        Some(first) if first.is_ascii_alphanumeric() => false,
        Some('-' | '.' | ':' | '/' | '+' | ',') => !after.next().is_some_and(|c| c.is_ascii_digit()),
        Some(_) => true,
    }
}

/// Without a full date a reading is weak: digits round it would be the rest of a format that is not known here, or of
/// a date that does not exist, and so it must be the only number in its text.
fn stands_alone(reading: &TimeReading, before: &str, after: &str) -> bool {
    let digits = |text: &str| text.contains(|c: char| c.is_ascii_digit());
    matches!(reading.day, Day::On(_)) || !(digits(before) || digits(after))
}

#[cfg(test)]
mod tests {
    use super::FORMATS;

    #[test]
    fn the_table_uses_fields_that_exist_and_closes_its_brackets() {
        for (id, pattern) in FORMATS {
            let fields: Vec<char> = pattern.split('%').skip(1).filter_map(|field| field.chars().next()).collect();
            assert!(fields.iter().all(|field| "abYymdHMSXDTjozsun".contains(*field)), "{id}: {pattern}");
            let depths = pattern.chars().filter(|c| matches!(c, '[' | ']')).collect::<String>();
            assert!(depths.replace("[]", "").is_empty(), "{id}: {pattern}");
        }
    }
}
