//! The date of a cookie's `Expires`, read as leniently as browsers do.

/// Seconds from 1970-01-01T00:00:00Z to the date that an `Expires` attribute names.
///
/// The algorithm of RFC 6265 §5.1.1, which takes dates in any order and with any separators.
/// `None` if it finds no date, and then a browser ignores the attribute.
pub(super) fn seconds_since_epoch(text: &str) -> Option<i64> {
    let mut date = Parts::default();
    for token in text.split(is_delimiter).filter(|token| !token.is_empty()) {
        date.take(token);
    }
    date.seconds()
}

/// The separators of RFC 6265 §5.1.1. A colon is none, and neither is anything beyond ASCII.
const fn is_delimiter(c: char) -> bool {
    matches!(c, '\t' | ' '..='/' | ';'..='@' | '['..='`' | '{'..='~')
}

/// What was found of a date so far.
#[derive(Default)]
struct Parts {
    time: Option<(i8, i8, i8)>,
    day: Option<i8>,
    month: Option<i8>,
    year: Option<i16>,
}

impl Parts {
    /// Takes a token as the first part that is still missing and that it can be.
    fn take(&mut self, token: &str) {
        if self.time.is_none()
            && let Some(time) = time_of_day(token)
        {
            self.time = Some(time);
        } else if self.day.is_none()
            && let Some(day) = digits(token, 1, 2)
        {
            self.day = i8::try_from(day).ok();
        } else if self.month.is_none()
            && let Some(month) = month(token)
        {
            self.month = Some(month);
        } else if self.year.is_none()
            && let Some(year) = digits(token, 2, 4)
        {
            self.year = Some(year);
        }
    }

    fn seconds(&self) -> Option<i64> {
        let year = match self.year? {
            year @ 0..=69 => 2000 + year,
            year @ 70..=99 => 1900 + year,
            year => year,
        };
        if year < 1601 {
            return None;
        }
        let (hour, minute, second) = self.time?;
        let date = jiff::civil::DateTime::new(year, self.month?, self.day?, hour, minute, second, 0);
        let moment = jiff::tz::Offset::UTC.to_timestamp(date.ok()?).ok()?;
        Some(moment.as_second())
    }
}

/// The number at the start of a token, if it has that many digits and no more.
fn digits(token: &str, least: usize, most: usize) -> Option<i16> {
    let end = token.find(|c: char| !c.is_ascii_digit()).unwrap_or(token.len());
    if !(least..=most).contains(&end) {
        return None;
    }
    token[..end].parse().ok()
}

fn time_of_day(token: &str) -> Option<(i8, i8, i8)> {
    let mut fields = token.splitn(3, ':');
    let mut field = |whole: bool| {
        let text = fields.next()?;
        let number = digits(text, 1, 2)?;
        let only_digits = text.bytes().all(|byte| byte.is_ascii_digit());
        i8::try_from(number).ok().filter(|_| only_digits || !whole)
    };
    Some((field(true)?, field(true)?, field(false)?))
}

fn month(token: &str) -> Option<i8> {
    const NAMES: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let start = token.get(..3)?.to_ascii_lowercase();
    let at = NAMES.iter().position(|name| *name == start)?;
    i8::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<i64>) {
        assert_eq!(seconds_since_epoch(text), expected, "{text}");
    }

    #[test]
    fn the_usual_formats_are_read() {
        let expected = Some(784_111_777);
        check("Sun, 06 Nov 1994 08:49:37 GMT", expected);
        check("Sunday, 06-Nov-94 08:49:37 GMT", expected);
        check("Sun Nov  6 08:49:37 1994", expected);
        check("06 november 1994 8:49:37", expected);
        check("Thu, 01-Jan-1970 00:00:00 GMT", Some(0));
    }

    #[test]
    fn years_of_two_digits_have_a_century() {
        check("1 Jan 69 00:00:00", Some(3_124_224_000));
        check("1 Jan 70 00:00:00", Some(0));
    }

    #[test]
    fn what_is_no_date_is_ignored() {
        for text in ["", "0", "-1", "tomorrow", "Sun, 06 Nov 1994", "31 Feb 2020 00:00:00"] {
            check(text, None);
        }
        for text in ["1 Jan 1600 00:00:00", "1 Jan 2020 24:00:00", "1 Jan 2020 00:60:00"] {
            check(text, None);
        }
        check("1 时间 2020 00:00:00", None);
    }
}
