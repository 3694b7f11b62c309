//! What is listed, what is changed, what counts.

use std::time::Duration;

use super::*;
use crate::exchange::{Body, ClientName, Exchange, JarVerdict, Moment, ReceivedCookie, Request, Response};
use crate::exercise::CheckId;

const LATE: Duration = Duration::from_secs(15);

fn request(target: &str, cookie: Option<&str>) -> Request {
    let headers = cookie.map(|cookie| ("cookie".to_owned(), cookie.to_owned())).into_iter().collect();
    Request { method: "GET".into(), url: format!("http://x{target}"), target: target.into(), headers, body: None }
}

fn cookie(name: &str, value: &str) -> ReceivedCookie {
    ReceivedCookie {
        name: name.into(),
        raw_value: value.into(),
        path: Some("/".into()),
        domain: None,
        expires: None,
        max_age: None,
        same_site: None,
        secure: false,
        http_only: true,
        effective_path: "/".into(),
        jar: JarVerdict::Kept,
    }
}

/// An exchange of `client` that was answered with this status, cookies and body.
fn exchange(client: &str, request: Request, status: u16, cookies: Vec<ReceivedCookie>, body: &str) -> Exchange {
    let headers = [("content-type", "text/plain"), ("server", "x"), ("date", "now"), ("content-length", "1")];
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    let body = Body { text: body.into(), bytes: body.len(), lossy: false };
    let response = Response { status, version: "HTTP/1.1".into(), headers, body, cookies };
    let (elapsed, moment) = (Duration::ZERO, Moment(0));
    let client = ClientName(client.into());
    Exchange { client, request, result: Ok(response), elapsed, sent_at: moment, received_at: moment }
}

fn listed(exchanges: &[Exchange]) -> Vec<String> {
    mutations(exchanges, &[], LATE).mutations.iter().map(ToString::to_string).collect()
}

#[test]
fn everything_that_an_answer_has_can_be_changed_but_what_is_the_connections() {
    let visit = exchange("default", request("/", None), 200, vec![cookie("time", "now")], "success");
    let expected = [
        "Status { from: 200, to: 201 }",
        "Status { from: 200, to: 204 }",
        "Status { from: 200, to: 302 }",
        "Status { from: 200, to: 404 }",
        "Status { from: 200, to: 500 }",
        r#"HeaderDropped("content-type")"#,
        r#"HeaderChanged("content-type")"#,
        r#"CookieDropped("time")"#,
        r#"CookieRenamed("time")"#,
        r#"CookieChanged("time")"#,
        r#"CookieEmptied("time")"#,
        r#"AttributeDropped { cookie: "time", attribute: "httponly" }"#,
        r#"AttributeChanged { cookie: "time", attribute: "path" }"#,
        "BodyEmptied",
        "BodyCut",
        "BodyChanged",
        "Delayed(15s)",
    ];
    assert_eq!(listed(std::slice::from_ref(&visit)), expected.map(|text| format!("GET /: {text}")));
    let left_out = mutations(&[visit], &[], LATE).left_out;
    let headers = ["content-length", "date", "server"].map(|name| LeftOut::Header(name.into()));
    assert_eq!(left_out, [&headers[..], &[LeftOut::Path("time".into())]].concat());
}

#[test]
fn a_path_that_matters_can_be_dropped() {
    let visit = exchange("default", request("/a/b?c", None), 200, vec![cookie("time", "now")], "");
    assert!(
        listed(&[visit]).iter().any(|text| text.contains("AttributeDropped { cookie: \"time\", attribute: \"path\" }"))
    );
}

#[test]
fn clients_are_swapped_and_answers_frozen_only_where_they_differ() {
    let visit = |client: &str, body: &str| exchange(client, request("/get", Some("time=1")), 200, Vec::new(), body);
    let several = |exchanges: &[Exchange]| {
        let all = listed(exchanges);
        ["Swapped", "Frozen"].map(|name| all.iter().any(|text| text.ends_with(name)))
    };
    assert_eq!(several(&[visit("ann", "a"), visit("bob", "b")]), [true, true]);
    assert_eq!(several(&[visit("ann", "a"), visit("ann", "b")]), [false, true]);
    assert_eq!(several(&[visit("ann", "a"), visit("bob", "a")]), [false, false]);
    let other = exchange("ann", request("/get", None), 200, Vec::new(), "None");
    assert_eq!(several(&[visit("ann", "a"), other]), [false, true], "a page is kept whatever cookies ask for it");
    let same = mutations(&[visit("ann", "a"), visit("bob", "a")], &[], LATE).left_out;
    assert!(matches!(same[..], [.., LeftOut::Frozen(_), LeftOut::Swapped(_)]), "{same:?}");
}

#[test]
fn values_of_json_are_changed_one_by_one() {
    let mut visit = exchange("default", request("/", None), 200, Vec::new(), r#"{"a":{"b/c":1},"d":[{"e":"x"}]}"#);
    visit.client = ClientName::default();
    let all = listed(&[visit]);
    let dropped: Vec<_> = all.iter().filter_map(|text| text.strip_prefix("GET /: JsonDropped")).collect();
    assert_eq!(dropped, [r#"("/a")"#, r#"("/a/b~1c")"#, r#"("/d")"#, r#"("/d/0")"#, r#"("/d/0/e")"#]);
}

#[test]
fn values_make_no_new_situation_and_names_and_statuses_do() {
    let randoms = ["Qa2".to_owned(), "Rb3".to_owned()];
    let of = |target: &str, cookie: &str, status: u16| Situation::of(&request(target, Some(cookie)), status, &randoms);
    let user = of("/user/Qa2?x=1", "time=1", 200);
    assert_eq!(user, of("/user/Rb3?x=2", "time=2", 200));
    assert_ne!(user, of("/user/Qa2?x=1&y=1", "time=1", 200));
    assert_ne!(user, of("/user/Qa2?x=1", "Time=1", 200));
    assert_ne!(user, of("/user/Qa2?x=1", "time=1", 404));
    assert_eq!(of("/book/7/page", "b=1; a=2", 404).to_string(), "GET /book/{number}/page [a; b] → 404");
    let posted = |body: &str| {
        let request = Request { method: "POST".into(), body: Some(body.into()), ..request("/", None) };
        Situation::of(&request, 201, &randoms).to_string()
    };
    assert_eq!(posted("name=ann&message=Qa2"), "POST / {message, name} → 201");
    assert_eq!(posted(r#"{"title":"x","pages":1}"#), "POST / {pages, title} → 201");
    assert_eq!(posted("plain"), "POST / {} → 201");
}

/// What arrives of an answer to `GET /` with a mutation.
fn arrives(alteration: Alteration, answer: &Answer) -> Answer {
    let mutation = Mutation { situation: Situation::of(&request("/", None), 200, &[]), alteration };
    let mut mutator = Mutator::new(mutation, Vec::new());
    let (other, _) = mutator.pass("default", &request("/other", None), answer.clone());
    assert_eq!(other, *answer, "other requests are answered as ever");
    let (arrived, _) = mutator.pass("default", &request("/", None), answer.clone());
    assert_eq!(mutator.changed(), usize::from(arrived != *answer));
    arrived
}

fn answer(body: &str) -> Answer {
    let headers = [
        ("content-type", "application/json"),
        ("set-cookie", "a=1; Path=/; HttpOnly"),
        ("set-cookie", "time=\"1 2\"; Path=/; Max-Age=60"),
        ("content-length", "7"),
    ];
    let headers = headers.map(|(name, value)| (name.to_owned(), value.as_bytes().to_vec())).to_vec();
    Answer { status: 200, headers, body: body.into() }
}

fn header(answer: &Answer, place: usize) -> String {
    String::from_utf8(answer.headers[place].1.clone()).unwrap()
}

#[test]
fn a_cookie_is_changed_in_one_part() {
    let time = || "time".to_owned();
    let attribute = |name: &str| (time(), name.to_owned());
    let line = |alteration| header(&arrives(alteration, &answer("x")), 2);
    assert_eq!(line(Alteration::CookieRenamed(time())), "time2=\"1 2\"; Path=/; Max-Age=60");
    assert_eq!(line(Alteration::CookieChanged(time())), "time=\"another value\"; Path=/; Max-Age=60");
    assert_eq!(line(Alteration::CookieEmptied(time())), "time=; Path=/; Max-Age=60");
    let (cookie, path) = attribute("path");
    assert_eq!(line(Alteration::AttributeDropped { cookie, attribute: path }), "time=\"1 2\"; Max-Age=60");
    let (cookie, age) = attribute("max-age");
    assert_eq!(line(Alteration::AttributeChanged { cookie, attribute: age }), "time=\"1 2\"; Path=/; Max-Age=0");
    assert_eq!(arrives(Alteration::CookieDropped(time()), &answer("x")).headers.len(), 3);
}

#[test]
fn a_body_is_changed_with_its_length() {
    let after = |alteration| {
        let arrived = arrives(alteration, &answer(r#"{"a":1,"b":"x"}"#));
        assert_eq!(header(&arrived, 3), arrived.body.len().to_string());
        String::from_utf8(arrived.body).unwrap()
    };
    assert_eq!(after(Alteration::BodyEmptied), "");
    assert_eq!(after(Alteration::BodyCut), r#"{"a":1,"#);
    assert_eq!(after(Alteration::BodyChanged), r#"{"something":"else"}"#);
    assert_eq!(after(Alteration::JsonDropped("/a".into())), r#"{"b":"x"}"#);
    assert_eq!(after(Alteration::JsonChanged("/a".into())), r#"{"a":2,"b":"x"}"#);
    assert_eq!(after(Alteration::JsonChanged("/b".into())), r#"{"a":1,"b":"x?"}"#);
}

#[test]
fn what_is_not_there_is_not_changed() {
    for alteration in [
        Alteration::Status { from: 404, to: 200 },
        Alteration::HeaderDropped("x-own".into()),
        Alteration::CookieDropped("other".into()),
        Alteration::JsonDropped("/a".into()),
    ] {
        assert_eq!(arrives(alteration, &answer("x")), answer("x"));
    }
}

#[test]
fn a_client_gets_what_another_one_got_before() {
    let situation = Situation::of(&request("/", None), 200, &[]);
    let mut mutator = Mutator::new(Mutation { situation, alteration: Alteration::Swapped }, Vec::new());
    let mut got = |client: &str, body: &str| {
        let (arrived, _) = mutator.pass(client, &request("/", None), answer(body));
        String::from_utf8(arrived.body).unwrap()
    };
    assert_eq!([got("ann", "a"), got("bob", "b"), got("ann", "c"), got("bob", "d")], ["a", "a", "b", "c"]);
}

#[test]
fn a_frozen_answer_is_the_first_one_and_the_date_makes_no_difference() {
    let situation = Situation::of(&request("/", None), 200, &[]).page();
    let mut mutator = Mutator::new(Mutation { situation, alteration: Alteration::Frozen }, Vec::new());
    let mut dated = answer("a");
    dated.headers.push(("date".into(), b"later".to_vec()));
    for given in [answer("a"), dated] {
        mutator.pass("default", &request("/", None), given);
        assert_eq!(mutator.changed(), 0);
    }
    let (arrived, _) = mutator.pass("default", &request("/", None), answer("b"));
    assert_eq!((arrived.body, mutator.changed()), (b"a".to_vec(), 1));
}

#[test]
fn what_made_no_difference_does_not_count() {
    let noticed = Tried::Noticed(vec![CheckId("a".into())]);
    let score = Score::of(&[noticed.clone(), noticed, Tried::Survived, Tried::Idle, Tried::Undecided]);
    assert_eq!(score, Score { noticed: 2, survived: 1, idle: 1, undecided: 1 });
    assert_eq!(score.percent(), Some(66));
    assert_eq!(Score::of(&[Tried::Idle]).percent(), None);
}

#[test]
fn fewer_mutations_are_taken_from_everywhere() {
    let visits: Vec<_> = ["/a", "/b", "/c"].map(|path| exchange("x", request(path, None), 404, Vec::new(), "")).into();
    let all = mutations(&visits, &[], LATE).mutations;
    let some = spread(&all, 3);
    assert_eq!(all[0].situation.to_string(), "GET /a → 404");
    assert_eq!(some.iter().map(|mutation| mutation.situation.path.as_str()).collect::<Vec<_>>(), ["/a", "/b", "/c"]);
    assert_eq!(spread(&all, 1000), all);
}
