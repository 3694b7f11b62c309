use super::*;

/// 2026-11-24T03:20:31.123456Z, a Tuesday: the visit of these tests.
const VISIT: i64 = 1_795_490_431_123_456;
const HOUR_US: i64 = 3600 * SECOND_US;

/// The id of the format that places the text at the visit, which took 20 ms.
fn format_at_visit(text: &str) -> Option<&'static str> {
    instant_within(text, VISIT - 10_000, VISIT + 10_000).map(|placed| placed.format)
}

fn noon(text: &str) -> Option<Placed> {
    // 2026-11-24T12:00:00Z.
    let noon = 1_795_521_600 * SECOND_US;
    instant_within(text, noon, noon)
}

#[test]
fn times_of_the_visit_are_recognised() {
    let times = [
        ("Tue Nov 24 03:20:31 2026", "asctime"),
        ("TUE NOV 24 03:20:31 2026", "asctime"),
        ("Tue Nov 24 11:20:31 2026", "asctime"),
        ("Tue Nov 24 03:20:31 UTC 2026", "asctime"),
        ("Tue Nov 24 11:20:31 CST 2026", "asctime"),
        ("Tue Nov 24 03:20:31 AM UTC 2026", "asctime"),
        ("Mon Nov 23 15:20:31 2026", "asctime"),
        ("Nov 24 03:20:31 2026", "asctime"),
        ("Tue+Nov+24+03:20:31+2026", "asctime"),
        ("Tue_Nov_24_03:20:31_2026", "asctime"),
        ("Tue Nov 24 2026 03:20:31 GMT+0000 (Coordinated Universal Time)", "js-date"),
        ("Tue Nov 24 2026 11:20:31 GMT+0800 (中国标准时间)", "js-date"),
        ("Nov 24, 2026, 3:20:31 AM", "english-long"),
        ("November 24, 2026 at 11:20:31 AM GMT+8", "english-long"),
        ("Tuesday, November 24, 2026 3:20:31 a.m.", "english-long"),
        ("Tue, 24 Nov 2026 03:20:31 GMT", "http-date"),
        ("Tue, 24 Nov 2026 11:20:31 +0800", "http-date"),
        ("Mon, 23 Nov 2026 22:20:31 -0500", "http-date"),
        ("24 Nov 26 03:20 UT", "http-date"),
        ("Tue 24 Nov 2026 03:20:31 AM UTC", "http-date"),
        ("Tuesday, 24-Nov-26 03:20:31 GMT", "rfc850"),
        ("Tuesday, 24-Nov-2026 03:20:31 UTC", "rfc850"),
        ("24/Nov/2026:11:20:31 +0800", "server-log"),
        ("2026-11-24T03:20:31", "iso8601"),
        ("2026-11-24T03:20:31Z", "iso8601"),
        ("2026-11-24T03:20:31.123Z", "iso8601"),
        ("2026-11-24T03:20:31,123", "iso8601"),
        ("2026-11-24T03:20:31.123456+00:00", "iso8601"),
        ("2026-11-24T11:20:31+0800", "iso8601"),
        ("2026-11-24T09:05:31+05:45", "iso8601"),
        ("2026-11-24T11:20:31.123456789+08:00[Asia/Shanghai]", "iso8601"),
        ("2026-11-24T03:20", "iso8601"),
        ("2026-11-24 03:20:31", "ymd-dashes"),
        ("2026-11-24 03:20:31.123456", "ymd-dashes"),
        ("2026-11-24+03:20:31", "ymd-dashes"),
        ("2026-11-24_03:20:31", "ymd-dashes"),
        ("2026-11-24 03:20:31 +0000", "ymd-dashes"),
        ("2026-11-24 03:20:31.123456789 +0000 UTC m=+0.001", "ymd-dashes"),
        ("2026-11-24 11:20:31.123456 +0800 CST m=+12.5", "ymd-dashes"),
        ("2026-11-24 03:20", "ymd-dashes"),
        ("2026-11-24 03：20：31", "ymd-dashes"),
        ("2026-11-24 星期二 03:20:31", "ymd-dashes"),
        ("2026-11-24, Tuesday 03:20:31", "ymd-dashes"),
        ("26-11-24 03:20:31", "ymd-dashes"),
        ("2026/11/24 03:20:31", "ymd-slashes"),
        ("2026/11/24 上午3:20:31", "ymd-slashes"),
        ("2026/11/24 下午3:20:31", "ymd-slashes"),
        ("2026/11/24\u{2009}上午11:20:31", "ymd-slashes"),
        ("2026. 11. 24. 오전 3:20:31", "ymd-dots"),
        ("2026年11月24日 03:20:31", "ymd-chinese"),
        ("2026年11月24日03时20分31秒", "ymd-chinese"),
        ("2026年11月24日 3时20分31秒", "ymd-chinese"),
        ("2026年 11月 24日 星期二 03:20:31 UTC", "ymd-chinese"),
        ("2026年11月24日星期二 上午3:20:31", "ymd-chinese"),
        ("现在是2026年11月24日11点20分", "ymd-chinese"),
        ("2026-11-24-03-20-31", "file-name"),
        ("2026-11-24_03-20-31", "file-name"),
        ("20261124032031", "compact"),
        ("20261124032031123456", "compact"),
        ("202611240320", "compact"),
        ("20261124T032031Z", "compact"),
        ("20261124_032031", "compact"),
        ("20261124 03:20:31", "compact"),
        ("24.11.2026 03:20:31", "dmy-dots"),
        ("24.11.2026, 03:20:31", "dmy-dots"),
        ("24/11/2026, 03:20:31", "dmy-slashes"),
        ("24/11/26 03:20:31", "dmy-slashes"),
        ("11/24/2026, 3:20:31 AM", "mdy-slashes"),
        ("11/24/2026, 3:20:31\u{202f}AM", "mdy-slashes"),
        ("11/24/26 03:20:31", "mdy-slashes"),
        ("24-11-2026 03:20:31", "dmy-dashes"),
        ("11-24-2026 03:20:31", "mdy-dashes"),
        ("03:20:31 24/11/2026", "clock-first"),
        ("03:20:31 2026-11-24", "clock-first"),
        ("03:20:31 on 24/11/2026", "clock-first"),
        ("2026-11-24|03:20:31", "ymd-dashes"),
        ("Date: 2026-11-24, Time: 03:20:31", "ymd-dashes"),
        ("2026/11/24(Tue) 03:20:31", "ymd-slashes"),
        ("2026:11:24 03:20:31", "ymd-colons"),
        ("2026年11月24日星期二 GMT+8 11:20:31", "ymd-chinese"),
        ("24/11/26 03.20.31", "dotted-clock"),
        ("Tuesday 24th of November 2026 03:20:31 AM", "english-long"),
        ("(2026, 11, 24, 3, 20, 31)", "fields"),
        (
            "time.struct_time(tm_year=2026, tm_mon=11, tm_mday=24, tm_hour=3, tm_min=20, tm_sec=31, tm_wday=1, tm_yday=328, tm_isdst=0)",
            "python-struct-time",
        ),
        ("datetime.datetime(2026, 11, 24, 3, 20, 31, 123456)", "python-datetime"),
        ("SystemTime { tv_sec: 1795490431, tv_nsec: 123456789 }", "rust-system-time"),
        ("11-24 03:20:31", "no-year"),
        ("11月24日 03:20:31", "no-year"),
        ("Nov 24 03:20:31", "no-year"),
        ("03:20:31", "no-date"),
        ("3:20:31 AM", "no-date"),
        ("11:20:31.123", "no-date"),
        ("03:20", "no-date"),
        ("上午3:20:31", "no-date"),
        ("3时20分31秒", "no-date"),
        ("03:20:31 GMT+0000 (Coordinated Universal Time)", "no-date"),
        ("1795490431", "epoch-s"),
        ("1795490431.1234567", "epoch-s"),
        ("1795490431.1", "epoch-s"),
        ("1795490431123", "epoch-ms"),
        ("1795490431123.456", "epoch-ms"),
        ("1795490431123456", "epoch-us"),
        ("1795490431123456789", "epoch-ns"),
        ("visit at 2026-11-24 03:20:31", "ymd-dashes"),
        ("visit 7 at 2026-11-24 03:20:31, welcome", "ymd-dashes"),
        ("\"Tue Nov 24 03:20:31 2026\"", "asctime"),
        ("访问时间:03:20:31", "no-date"),
    ];
    let read: Vec<_> = times.iter().map(|(text, _)| (*text, format_at_visit(text))).collect();
    let expected: Vec<_> = times.iter().map(|(text, format)| (*text, Some(*format))).collect();
    let wrong: Vec<_> = read.iter().zip(&expected).filter(|(read, expected)| read != expected).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn other_times_are_read_and_not_placed_at_the_visit() {
    let others = [
        "Tue Nov 24 03:20:29 2026",
        "Tue Nov 24 03:20:33 2026",
        "Tue Nov 24 03:27:31 2026",
        "Wed Nov 25 03:20:31 2026",
        "Tue Nov 24 03:20:31 2025",
        "2026-11-24 03:19",
        "2026-11-24 03:20:31.05",
        "2026-11-24T03:20:31.153999Z",
        // A written offset is taken at its word.
        "2026-11-24T11:20:31Z",
        "Tue, 24 Nov 2026 11:20:31 GMT",
        "2026-11-24T03:20:31+08:00",
        "12/24/2026 03:20:31",
        "03:20:45",
        "11-23 03:20:28",
        "1795490432.5",
        "1795490401",
        "1795519231",
        "1795490431900",
        "0001-01-01 00:00:00",
        "Thu Jan  1 00:00:00 1970",
    ];
    let wrong: Vec<_> = others
        .iter()
        .filter(|text| nearest(text, VISIT).is_none() || format_at_visit(text).is_some())
        .map(|text| (text, nearest(text, VISIT)))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn texts_that_are_no_time_have_no_reading() {
    let texts = [
        "",
        "None",
        "success",
        "hello world",
        "42",
        "12345678",
        "-1795490431",
        "1795490431s",
        "visit 1795490431",
        "1795490431.",
        "17954904311234567890123",
        "127.0.0.1:5000",
        "2026-11-24",
        "2026年11月24日",
        "Tue Nov 24 2026",
        "2026-02-30 03:20:31",
        "2027-02-29T03:20:31",
        "2026-13-45 03:20:31",
        "2026-11-24 25:20:31",
        "2026-11-24 03:60:31",
        "2026-11-24 03:20:61",
        "2026-11-24T03:20:31-99:00",
        "2026-11-24T03:20:31-08:07",
        "3:2",
        "03:20 of 4",
        "the 24th, Nov of 2026, 03:20:31",
        "2026-W48-2 03:20:31",
        "1.2.3",
        "03.20.31",
        "1999/99/99 03:20:31",
        "Tux Nov 24 03:20:31 2026x",
        "<function time at 0x7f2a>",
        "a3f9c2e1b0d84756",
        "3e7:20:31",
        "💥7:20:31s",
        "上午",
        "年月日 时分秒",
    ];
    let wrong: Vec<_> =
        texts.iter().map(|text| (*text, readings(text))).filter(|(_, found)| !found.is_empty()).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_day_and_a_month_that_can_change_places_give_two_readings() {
    let formats: Vec<_> = readings("03/04/2026 05:06:07").into_iter().map(|reading| reading.format).collect();
    assert_eq!(formats, ["dmy-slashes", "mdy-slashes"]);
    assert_eq!(readings("04/04/2026 05:06:07").len(), 1);
}

#[test]
fn a_text_with_two_times_has_both_readings() {
    assert_eq!(readings("2026-11-24 03:20:31 until 2026-11-24 03:20:32").len(), 2);
}

#[test]
fn the_resolution_is_what_was_written() {
    let resolution = |text| readings(text)[0].resolution_us;
    assert_eq!(resolution("2026-11-24 03:20"), MINUTE_US);
    assert_eq!(resolution("2026-11-24 03:20:31"), SECOND_US);
    assert_eq!(resolution("2026-11-24 03:20:31.1"), 100_000);
    assert_eq!(resolution("2026-11-24 03:20:31.123"), 1000);
    assert_eq!(resolution("2026-11-24 03:20:31.123456789"), 1);
    assert_eq!(resolution("1795490431"), SECOND_US);
    assert_eq!(resolution("1795490431.12"), 10_000);
    assert_eq!(resolution("1795490431123"), 1000);
    assert_eq!(resolution("1795490431123456789"), 1);
}

#[test]
fn the_instant_is_in_utc_at_the_start_of_the_tick() {
    let second = VISIT / SECOND_US * SECOND_US;
    for (text, instant) in [
        ("Tue Nov 24 11:20:31 2026", second),
        ("2026-11-24T11:20:31+08:00", second),
        ("03:20", second - 31 * SECOND_US),
        ("1795490431123", VISIT / 1000 * 1000),
    ] {
        let placed = instant_within(text, VISIT, VISIT).expect(text);
        assert_eq!(placed.instant, instant, "{text}");
    }
}

#[test]
fn a_clock_that_is_rounded_instead_of_cut_counts_up_to_half_a_tick() {
    let half_past = VISIT / SECOND_US * SECOND_US + SECOND_US / 2;
    let rounded_up = "Tue Nov 24 03:20:32 2026";
    assert!(instant_within(rounded_up, half_past, half_past).is_some());
    assert!(instant_within(rounded_up, half_past - 20_000, half_past - 20_000).is_none());
}

#[test]
fn a_coarse_clock_may_lag_by_the_skew_and_no_more() {
    let second = VISIT / SECOND_US * SECOND_US;
    let before = "Tue Nov 24 03:20:30 2026";
    assert!(instant_within(before, second + SKEW_US - 1, second + SKEW_US).is_some());
    assert!(instant_within(before, second + SKEW_US, second + SKEW_US).is_none());
}

#[test]
fn a_value_is_outlived_by_the_first_visit_that_cannot_have_made_it() {
    for text in ["Tue Nov 24 03:20:31 2026", "2026-11-24 03:20", "1795490431123", "03:20:31"] {
        let outlived_at = instant_within(text, VISIT, VISIT).expect(text).outlived_at();
        assert!(instant_within(text, outlived_at - 1, outlived_at).is_some(), "{text}");
        assert!(instant_within(text, outlived_at, outlived_at + 50_000).is_none(), "{text}");
    }
}

#[test]
fn every_offset_in_use_is_tried_and_no_other() {
    for (face, counts) in [
        ("2026-11-24 00:00:00", true),
        ("2026-11-23 23:45:00", false),
        ("2026-11-25 02:00:00", true),
        ("2026-11-25 02:15:00", false),
        ("2026-11-24 17:45:00", true),
        ("2026-11-24 12:05:00", false),
    ] {
        assert_eq!(noon(face).is_some(), counts, "{face}");
    }
}

#[test]
fn midnight_leap_days_and_the_turn_of_the_year_are_right() {
    // Moments in seconds since 1970 UTC, from Python's calendar.timegm.
    for (text, moment) in [
        ("Sun Mar  1 00:00:00 2026", 1_772_323_200),
        ("Tue Feb 29 23:59:59 2028", 1_835_481_599),
        ("2000-02-29 00:00:00", 951_782_400),
        ("11/24/2026, 12:00:00 AM", 1_795_478_400),
        ("11/24/2026, 12:00:00 PM", 1_795_521_600),
        ("11/24/2026, 24:00:00", 1_795_478_400),
        ("2026-11-24 15:00:00 PM", 1_795_532_400),
        ("2026-12-31T23:59:60Z", 1_798_761_600),
        ("Fri Jan  1 00:00:00 2027", 1_798_761_600),
        ("2027-01-01T07:59:59+08:00", 1_798_761_599),
    ] {
        let placed = nearest(text, moment * SECOND_US).expect(text);
        assert_eq!(placed.instant, moment * SECOND_US, "{text}");
    }
}

#[test]
fn twelve_is_the_first_hour_of_either_half_of_the_day() {
    for (text, hour) in
        [("12:30:00 AM", 0), ("12:30:00 PM", 12), ("1:30:00 pm", 13), ("下午12:30:00", 12), ("11:30 AM", 11)]
    {
        assert_eq!(readings(text)[0].clock_us, hour * HOUR_US + 30 * MINUTE_US, "{text}");
    }
}

#[test]
fn the_hour_that_daylight_saving_skips_or_repeats_is_a_clock_face_like_any_other() {
    // New York, 2026-11-01T01:30:00: first at -04:00, then at -05:00.
    for moment in [1_793_511_000, 1_793_514_600] {
        let moment = moment * SECOND_US;
        assert!(instant_within("2026-11-01 01:30:00", moment, moment).is_some());
    }
    assert!(!readings("2026-03-08 02:30:00").is_empty());
}

#[test]
fn a_missing_year_or_date_is_filled_from_the_moment_asked_for() {
    let new_year = 1_798_761_600 * SECOND_US;
    for text in ["12-31 23:59:59", "01-01 07:59:59", "23:59:59", "07:59:59", "23:59:59Z"] {
        let placed = nearest(text, new_year).expect(text);
        assert_eq!(placed.instant, new_year - SECOND_US, "{text}");
    }
}

#[test]
fn the_nearest_reading_says_how_far_off_a_value_is() {
    let off = |text| nearest(text, VISIT).map(|placed| (placed.instant - VISIT).div_euclid(SECOND_US) + 1);
    assert_eq!(off("Tue Nov 24 03:18:31 2026"), Some(-120));
    assert_eq!(off("2026-11-24T11:20:31Z"), Some(8 * 3600));
    assert_eq!(off("1795490000"), Some(-431));
    assert_eq!(off("no time"), None);
}

#[test]
fn a_day_at_the_edge_of_the_calendar_does_not_break_the_arithmetic() {
    for text in ["9999-12-31 23:59:59", "0001-01-01 00:00:00", "99999999999999999999", "02-29 00:00:00", "00:00"] {
        for at in [i64::MIN, -1, 0, VISIT, i64::MAX] {
            let _ = nearest(text, at);
            let _ = instant_within(text, at, at);
        }
    }
}

#[test]
fn a_long_text_is_not_searched() {
    let text = format!("{}2026-11-24 03:20:31", "x ".repeat(600));
    assert!(readings(&text).is_empty());
}

#[test]
fn hostile_text_breaks_nothing() {
    let pieces = ["2026", "-", "年", "11:", "\u{202f}", "é", "24 ", "AM", "+", "Tue ", ".", "\0"];
    for first in pieces {
        for second in pieces {
            for third in pieces {
                let text = format!("{first}{second}{third}{first}{third}{second}");
                assert!(readings(&text).len() < 10, "{text:?}");
            }
        }
    }
}

#[test]
fn an_unwritten_offset_is_told_from_a_written_one() {
    let offset = |text| nearest(text, VISIT).map(|placed| placed.offset);
    assert_eq!(offset("2026-11-24 03:20:31"), Some(Offset::Unknown));
    assert_eq!(offset("2026-11-24 03:20:31 CST"), Some(Offset::Unknown));
    assert_eq!(offset("2026-11-24 03:20:31 -0330"), Some(Offset::Known(-HOUR_US / SECOND_US * 7 / 2)));
    assert_eq!(offset("2026-11-24 03:20:31 GMT+8"), Some(Offset::Known(28_800)));
    assert_eq!(offset("1795490431"), Some(Offset::Known(0)));
}
