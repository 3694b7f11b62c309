//! What each fault in an answer looks like to a client.

use std::time::UNIX_EPOCH;

use super::*;
use crate::fault::Layer;

/// Tue Nov 24 03:20:31 2026.
fn visit() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_795_490_431)
}

fn site(fault: Fault) -> Site {
    Site::new(Some(fault), visit() - Duration::from_secs(60))
}

fn later(seconds: u64) -> SystemTime {
    visit() + Duration::from_secs(seconds)
}

#[track_caller]
fn check_cookie(fault: Fault, expect: &str) {
    let set = site(fault).root(visit()).header.expect("a header").1;
    assert_eq!(set, expect);
}

#[track_caller]
fn check_get(fault: Fault, cookies: &str, expect: &str) {
    let answer = site(fault).get(cookies, later(5));
    assert_eq!((answer.status.as_u16(), &answer.body[..]), (200, expect));
}

#[track_caller]
fn check_missing(fault: Fault, status: u16, body: &str) {
    let answer = site(fault).get("", visit());
    assert_eq!((answer.status.as_u16(), &answer.body[..]), (status, body));
}

/// All that a thorough client sees of a site, in an order that gives every fault its chance.
fn transcript(fault: Option<Fault>) -> Vec<Answer> {
    let site = Site::new(fault, visit() - Duration::from_secs(60));
    let mut seen = vec![site.get("", visit()), site.root(visit()), site.root(later(3))];
    let cookies = [
        "time=\"Tue Nov 24 03:20:31 2026\"",
        "time=k3x9-never-issued",
        "",
        "Time=a; xtime=b",
        "time2=c; not_exist=d",
        "visit_time=e",
    ];
    seen.extend(cookies.map(|sent| site.get(sent, later(5))));
    seen
}

#[test]
fn the_server_without_a_fault_does_what_the_lesson_asks() {
    let site = Site::new(None, visit());
    let root = site.root(later(0));
    assert_eq!(root.status, StatusCode::OK);
    assert_eq!(root.body, "success");
    let set = root.header.expect("a cookie");
    assert_eq!(set.0, SET_COOKIE);
    assert_eq!(set.1, "time=\"Tue Nov 24 03:20:31 2026\"; Path=/");
    let get = |sent| site.get(sent, later(9)).body;
    assert_eq!(get("time=\"Tue Nov 24 03:20:31 2026\""), "Tue Nov 24 03:20:31 2026");
    assert_eq!(get("x=1; time=k3x9"), "k3x9");
    assert_eq!(get(""), "None");
    assert_eq!(get("Time=1; xtime=2; time2=3; not_exist=4"), "None");
}

#[test]
fn every_fault_of_the_site_can_be_seen_and_told_from_every_other() {
    let mut seen = vec![("no fault".to_owned(), transcript(None))];
    for &fault in Fault::ALL.iter().filter(|fault| fault.layer() == Layer::Site) {
        let transcript = transcript(Some(fault));
        let twin = seen.iter().find(|(_, other)| *other == transcript);
        assert_eq!(twin.map(|(name, _)| name), None, "looks like {fault}");
        seen.push((fault.to_string(), transcript));
    }
}

#[test]
fn faults_of_other_layers_leave_the_site_right() {
    for &fault in Fault::ALL.iter().filter(|fault| fault.layer() != Layer::Site) {
        assert_eq!(transcript(Some(fault)), transcript(None), "{fault}");
    }
}

#[test]
fn the_cookie_is_set_wrongly() {
    check_cookie(Fault::WrongName, "visit_time=\"Tue Nov 24 03:20:31 2026\"; Path=/");
    check_cookie(Fault::EmptyCookie, "time=; Path=/");
    check_cookie(Fault::DomainElsewhere, "time=\"Tue Nov 24 03:20:31 2026\"; Domain=example.com; Path=/");
    check_cookie(Fault::MaxAgeZero, "time=\"Tue Nov 24 03:20:31 2026\"; Max-Age=0; Path=/");
    check_cookie(Fault::PathElsewhere, "time=\"Tue Nov 24 03:20:31 2026\"; Path=/other");
    assert_eq!(site(Fault::NoCookie).root(visit()).header, None);
    assert_eq!(site(Fault::CookieOnGet).root(visit()).header, None);
}

#[test]
fn the_value_says_another_time() {
    check_cookie(Fault::ConstantValue, "time=\"Tue Jan 24 13:00:00 2023\"; Path=/");
    check_cookie(Fault::MadeAtStart, "time=\"Tue Nov 24 03:19:31 2026\"; Path=/");
    check_cookie(Fault::WrongClock, "time=\"Tue Nov 24 03:13:31 2026\"; Path=/");
    check_cookie(Fault::NotATime, "time=\"visit 1\"; Path=/");
}

#[test]
fn a_value_made_at_the_first_visit_stays() {
    let site = site(Fault::MadeAtFirstVisit);
    assert_eq!(site.root(visit()), site.root(later(60)));
}

#[test]
fn a_global_variable_gives_a_client_the_value_of_another() {
    let site = site(Fault::GlobalVariable);
    assert_eq!(site.get("", visit()).body, "None");
    site.root(visit());
    site.root(later(1));
    let first = site.get("time=\"Tue Nov 24 03:20:31 2026\"", later(2));
    assert_eq!(first.body, "Tue Nov 24 03:20:32 2026");
}

#[test]
fn the_last_client_speaks_for_one_without_a_cookie() {
    let site = site(Fault::LastClient);
    assert_eq!(site.get("", visit()).body, "None");
    assert_eq!(site.get("time=a", visit()).body, "a");
    assert_eq!(site.get("", visit()).body, "a");
    assert_eq!(site.get("time=b", visit()).body, "b");
}

#[test]
fn a_value_never_issued_is_not_known() {
    let site = site(Fault::OnlyKnownValues);
    site.root(visit());
    assert_eq!(site.get("time=k3x9", visit()).body, "None");
    let own = site.get("time=\"Tue Nov 24 03:20:31 2026\"", visit());
    assert_eq!(own.body, "Tue Nov 24 03:20:31 2026");
}

#[test]
fn the_value_suffers_on_its_way() {
    check_get(Fault::UpperCased, "time=abc", "ABC");
    check_get(Fault::Cut, "time=abcdef", "abc");
    check_get(Fault::PercentEncoded, "time=\"a b:é\"", "a%20b%3A%C3%A9");
    check_get(Fault::GetEmpty, "time=abc", "");
    check_get(Fault::EchoCurrentTime, "time=abc", "Tue Nov 24 03:20:36 2026");
}

#[test]
fn none_is_said_otherwise() {
    check_missing(Fault::NoneAs500, 500, "Internal Server Error");
    check_missing(Fault::NoneAs404, 404, "Not Found");
    check_missing(Fault::NoneAsNull, 200, "null");
    check_missing(Fault::NoneAsUndefined, 200, "undefined");
    check_missing(Fault::NoneAsEmpty, 200, "");
    check_missing(Fault::NoneAsText, 200, "no cookie");
    check_missing(Fault::ShowsAllCookies, 200, "ImmutableMultiDict([])");
}

#[test]
fn a_cookie_of_another_name_counts() {
    check_get(Fault::OtherCookieCounts, "Time=a", "a");
    check_get(Fault::OtherCookieCounts, "time2=a", "None");
    check_get(Fault::PrefixMatch, "x=1; xtime=a", "a");
    check_get(Fault::PrefixMatch, "time2=a", "a");
    check_get(Fault::PrefixMatch, "Time=a", "None");
    check_get(Fault::FirstCookieCounts, "x=1; time=a", "1");
    check_get(Fault::WrongName, "visit_time=a", "a");
    check_get(Fault::ReadsOtherName, "time=a", "None");
}
