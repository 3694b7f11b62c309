//! Durations as people write them: `500ms`, `15s`, `2m`.
//!
//! One form for exercise files and for the command line.

use std::fmt;
use std::time::Duration;

/// The form of a duration as a regular expression (ECMA 262, for JSON Schema).
pub const PATTERN: &str = "^[0-9]+(ms|s|m|h)$";

/// Why a text is not a duration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DurationError {
    /// Not a whole number followed by a unit. Holds the text.
    Form(String),
    /// Longer than can be counted. Holds the text.
    TooLong(String),
}

impl fmt::Display for DurationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form(text) => {
                write!(f, "`{text}` is no duration: a whole number and a unit is, such as `500ms`, `15s` or `2m`")
            }
            Self::TooLong(text) => write!(f, "`{text}` is longer than can be counted"),
        }
    }
}

impl std::error::Error for DurationError {}

/// Reads a whole number of milliseconds (`ms`), seconds (`s`), minutes (`m`) or hours (`h`).
///
/// There is no white space, sign or fraction in it. Zero is a duration; whoever needs more says so.
///
/// # Errors
/// If the text has another form, or is longer than can be counted in milliseconds.
pub fn parse(text: &str) -> Result<Duration, DurationError> {
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let milliseconds: u64 = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return Err(DurationError::Form(text.to_owned())),
    };
    if number.is_empty() {
        return Err(DurationError::Form(text.to_owned()));
    }
    let count = number.parse::<u64>().ok().and_then(|n| n.checked_mul(milliseconds));
    count.map(Duration::from_millis).ok_or_else(|| DurationError::TooLong(text.to_owned()))
}

/// Writes a duration in the largest unit that holds it whole, such as `90s` or `2m`. Less than a millisecond is lost.
#[must_use]
pub fn format(duration: Duration) -> String {
    let milliseconds = duration.as_millis();
    match milliseconds {
        ms if ms % 1_000 != 0 || ms == 0 => format!("{ms}ms"),
        ms if ms % 60_000 != 0 => format!("{}s", ms / 1_000),
        ms if ms % 3_600_000 != 0 => format!("{}m", ms / 60_000),
        ms => format!("{}h", ms / 3_600_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_unit_is_read_and_written_back() {
        for (text, milliseconds) in
            [("500ms", 500), ("15s", 15_000), ("2m", 120_000), ("1h", 3_600_000), ("90s", 90_000), ("0ms", 0)]
        {
            let duration = parse(text).unwrap();
            assert_eq!(duration, Duration::from_millis(milliseconds), "{text}");
            assert_eq!(format(duration), text);
        }
    }

    #[test]
    fn other_forms_are_refused() {
        for text in ["", "5", "s", "ms", "1.5s", "-1s", "+1s", " 1s", "1 s", "1s ", "1S", "1d", "五s", "1秒"] {
            assert_eq!(parse(text), Err(DurationError::Form(text.into())), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_counted_is_refused_and_does_not_overflow() {
        for text in ["18446744073709551616ms", "18446744073709551615h"] {
            assert_eq!(parse(text), Err(DurationError::TooLong(text.into())), "{text}");
        }
    }

    #[test]
    fn the_pattern_agrees_with_the_parser() {
        let pattern = regex::Regex::new(PATTERN).unwrap();
        for text in ["500ms", "15s", "2m", "1h", "0s", "", "5", "s", "1.5s", "-1s", " 1s", "1s ", "1d"] {
            assert_eq!(pattern.is_match(text), parse(text).is_ok(), "{text}");
        }
    }
}
