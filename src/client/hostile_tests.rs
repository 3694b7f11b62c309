//! What servers can do to a client, played as bytes over real sockets.

use std::io::Write as _;
use std::net::{Shutdown, TcpListener};
use std::sync::mpsc;
use std::time::Duration;

use tokio::time::Instant;

use super::raw_server::{LONG, RawServer, await_close, block_on, call, flood, read_request};
use super::{Call, Client, Jar};
use crate::exchange::{ClientName, Exchange, FailureCode, JarVerdict, Refusal, Response};

/// Short, for servers that would take forever.
const SHORT: Duration = Duration::from_millis(300);

const OK: &str = "HTTP/1.1 200 OK\r\n";

fn ask(server: &RawServer, jar: &mut Jar, call: &Call, limit: Duration) -> Exchange {
    let client = Client::for_address(server.address).unwrap();
    let name = ClientName::default();
    block_on(async { client.send(&name, jar, call, Instant::now() + limit).await })
}

fn get(server: &RawServer, limit: Duration) -> Exchange {
    ask(server, &mut Jar::new(), &call("GET", "/get"), limit)
}

/// The failure of a server that answers with these bytes and closes.
fn check_failure(reply: impl Into<Vec<u8>>, expected: FailureCode) {
    let reply = reply.into();
    let shown = String::from_utf8_lossy(&reply[..reply.len().min(80)]).into_owned();
    let exchange = get(&RawServer::answering(reply), LONG);
    let failure = exchange.result.expect_err(&shown);
    assert_eq!(failure.code, expected, "{shown}: {}", failure.detail);
    assert!(!failure.detail.is_empty(), "{shown}");
}

/// The response of a server that answers with these bytes and closes.
fn response(reply: impl Into<Vec<u8>>) -> Response {
    get(&RawServer::answering(reply), LONG).result.unwrap()
}

fn check_body(reply: impl Into<Vec<u8>>, expected: &str) {
    assert_eq!(response(reply).body.text, expected);
}

/// The failure of a server that writes `start`, then `again` until the client hangs up.
fn check_flood(start: &str, again: &[u8], limit: Duration, expected: FailureCode) {
    let (start, again) = (start.to_owned(), again.to_vec());
    let (send, hung_up) = mpsc::channel();
    let server = RawServer::start(move |_, mut stream| {
        read_request(&mut stream);
        let _ = stream.write_all(start.as_bytes());
        let _ = send.send(flood(&mut stream, &again, 1 << 30));
    });
    let failure = get(&server, limit).result.unwrap_err();
    assert_eq!(failure.code, expected, "{}", failure.detail);
    assert!(hung_up.recv_timeout(LONG).unwrap(), "the client takes a gigabyte");
}

#[test]
fn nobody_listening_is_refused() {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let client = Client::for_address(address).unwrap();
    let (name, mut jar) = (ClientName::default(), Jar::new());
    let sent = async { client.send(&name, &mut jar, &call("GET", "/"), Instant::now() + LONG).await };
    let exchange = block_on(sent);
    assert_eq!(exchange.result.unwrap_err().code, FailureCode::Refused);
}

#[test]
fn closing_without_a_word_is_closed_early() {
    check_failure("", FailureCode::ClosedEarly);
}

#[test]
fn closing_in_the_middle_is_closed_early() {
    for reply in ["H", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Le", OK] {
        check_failure(reply, FailureCode::ClosedEarly);
    }
    check_failure("HTTP/1.1 100 Continue\r\n\r\n", FailureCode::ClosedEarly);
}

#[test]
fn closing_with_the_request_unread_is_a_reset() {
    let server = RawServer::start(|_, stream| {
        let _ = stream.peek(&mut [0]);
    });
    assert_eq!(get(&server, LONG).result.unwrap_err().code, FailureCode::Reset);
}

#[test]
fn a_half_closed_connection_ends_the_message() {
    let (done, wait) = mpsc::channel::<()>();
    let server = RawServer::start(move |_, mut stream| {
        read_request(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
        let _ = stream.shutdown(Shutdown::Write);
        let _ = wait.recv_timeout(LONG);
    });
    let exchange = get(&server, LONG);
    drop(done);
    assert_eq!(exchange.result.unwrap_err().code, FailureCode::ClosedEarly);
}

#[test]
fn what_is_not_http_is_invalid() {
    for reply in [
        "hello\r\n\r\n",
        "<html>HTTP/0.9</html>\r\n\r\n",
        "HTTP/0.9 200 OK\r\n\r\n",
        "HTTP/2 200\r\n\r\n",
        "HTTP/1.2 200 OK\r\n\r\n",
        "HTTP/1.1 two OK\r\n\r\n",
        "HTTP/1.1 20 OK\r\n\r\n",
        "HTTP/1.1 2000 OK\r\n\r\n",
        "HTTP/1.1 000 OK\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "\0\0\u{12}\u{4}\0\0\0\0\0\0\u{3}\0\0\0",
        "\u{15}\u{3}\u{1}\0\u{2}\u{2}\u{16}",
        "ICY 200 OK\r\n\r\n",
    ] {
        check_failure(reply, FailureCode::InvalidHttp);
    }
}

#[test]
fn a_nul_or_a_lone_carriage_return_in_a_header_is_invalid() {
    for header in ["X-A: a\0b", "X\0A: b", "X-A: a\rb"] {
        check_failure(format!("{OK}{header}\r\n\r\n"), FailureCode::InvalidHttp);
    }
}

#[test]
fn lengths_that_contradict_are_invalid() {
    for lengths in [
        "Content-Length: 2\r\nContent-Length: 3",
        "Content-Length: 2, 3",
        "Content-Length: -1",
        "Content-Length: two",
        "Content-Length: 99999999999999999999999",
    ] {
        check_failure(format!("{OK}{lengths}\r\n\r\nok"), FailureCode::InvalidHttp);
    }
}

#[test]
fn a_body_shorter_than_its_length_is_closed_early() {
    check_failure(format!("{OK}Content-Length: 9\r\n\r\nshort"), FailureCode::ClosedEarly);
    let chunked = format!("{OK}Transfer-Encoding: chunked\r\n\r\n");
    for rest in ["", "5", "5\r\n", "5\r\nab", "2\r\nab\r\n", "2\r\nab\r\n0\r\n"] {
        check_failure(format!("{chunked}{rest}"), FailureCode::ClosedEarly);
    }
}

#[test]
fn wrong_chunks_are_invalid() {
    let chunked = format!("{OK}Transfer-Encoding: chunked\r\n\r\n");
    for rest in [
        "zz\r\nab\r\n0\r\n\r\n",
        "-2\r\nab\r\n0\r\n\r\n",
        "1\r\nab\r\n0\r\n\r\n",
        "ffffffffffffffff1\r\nab\r\n0\r\n\r\n",
        "not chunked at all",
    ] {
        check_failure(format!("{chunked}{rest}"), FailureCode::InvalidHttp);
    }
    check_flood(&format!("{chunked}2;"), &[b'x'; 4096], LONG, FailureCode::InvalidHttp);
}

#[test]
fn what_browsers_tolerate_is_tolerated() {
    check_body(format!("{OK}Content-Length: 2\r\n\r\nok, and more"), "ok");
    check_body(format!("{OK}Content-Length: 2\r\nContent-Length: 2\r\n\r\nok"), "ok");
    check_body(format!("{OK}\r\nuntil it closes"), "until it closes");
    check_body("HTTP/1.0 200\r\n\r\nok", "ok");
    check_body("HTTP/1.1 200 OK\nContent-Length: 2\n\nok", "ok");
    check_body("\r\n\r\nHTTP/1.1 200 OK\r\n\r\nok", "ok");
    check_body("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 \r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\n\r\nok", "ok");
    check_body("HTTP/1.1 200 \u{e9}\r\n\r\nok", "ok");
    check_body(format!("{OK}Transfer-Encoding: chunked\r\n\r\n2 ;x=y\r\nok\r\n0\r\nT: 1\r\n\r\n"), "ok");
    check_body(format!("{OK}Transfer-Encoding: chunked\r\nContent-Length: 7\r\n\r\n2\r\nok\r\n0\r\n\r\n"), "ok");
    check_body(format!("{OK}Connection: keep-alive\r\nContent-Length: 0\r\n\r\n"), "");
}

#[test]
fn odd_header_lines_are_read_as_browsers_read_them() {
    let response =
        response(format!("{OK}X-Folded: a\r\n  b\r\nX-Space : c\r\nno header\r\nX-Raw: \u{e9}\r\nX-Raw: 2\r\n\r\nok"));
    let folded: Vec<&str> = response.header("x-folded").unwrap().split_whitespace().collect();
    assert_eq!(folded, ["a", "b"]);
    assert_eq!(response.header("x-space"), Some("c"));
    assert_eq!(response.headers.iter().filter(|(name, _)| name == "x-raw").count(), 2);
    assert_eq!(response.body.text, "ok");
}

#[test]
fn headers_that_are_not_utf_8_are_lossy() {
    let reply = [OK.as_bytes(), b"X-A: \xff!\r\n\r\n"].concat();
    assert_eq!(response(reply).header("x-a"), Some("\u{fffd}!"));
}

#[test]
fn status_and_version_are_as_they_came() {
    let response = response("HTTP/1.0 299 Hm\r\n\r\n");
    assert_eq!((response.status, response.version.as_str()), (299, "HTTP/1.0"));
    assert_eq!(self::response("HTTP/1.1 999 Hm\r\n\r\n").status, 999);
    assert_eq!(self::response("HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\nxyz").status, 101);
}

#[test]
fn responses_without_a_body_end_with_their_headers() {
    for status in ["204 No Content", "304 Not Modified"] {
        check_body(format!("HTTP/1.1 {status}\r\nContent-Length: 9\r\n\r\n"), "");
    }
    let server = RawServer::answering(format!("{OK}Content-Length: 99999999\r\n\r\n"));
    let exchange = ask(&server, &mut Jar::new(), &call("HEAD", "/"), LONG);
    assert_eq!(exchange.response().unwrap().body.bytes, 0);
}

#[test]
fn a_hundred_headers_are_taken_and_one_more_is_not() {
    let headers = |count: usize| "A: b\r\n".repeat(count);
    assert_eq!(response(format!("{OK}{}\r\n", headers(100))).headers.len(), 100);
    check_failure(format!("{OK}{}\r\n", headers(101)), FailureCode::TooLarge);
}

#[test]
fn header_bombs_are_too_large() {
    let header = format!("A: {}\r\n", "x".repeat(8190));
    assert_eq!(response(format!("{OK}{}\r\n", header.repeat(8))).headers.len(), 8);
    check_failure(format!("{OK}{}\r\n", header.repeat(9)), FailureCode::TooLarge);
    check_flood(&format!("{OK}A: "), &[b'x'; 4096], LONG, FailureCode::TooLarge);
    check_flood(OK, b"A: b\r\n", LONG, FailureCode::TooLarge);
    check_flood("HTTP/1.1 200 ", &[b'x'; 4096], LONG, FailureCode::TooLarge);
}

#[test]
fn five_thousand_cookies_are_too_large() {
    let cookies: String = (0..5000).map(|n| format!("Set-Cookie: n{n}=1\r\n")).collect();
    check_failure(format!("{OK}{cookies}\r\n"), FailureCode::TooLarge);
}

#[test]
fn a_jar_takes_fifty_cookies_of_a_response() {
    let cookies: String = (0..60).map(|n| format!("Set-Cookie: n{n}=1\r\n")).collect();
    let response = response(format!("{OK}{cookies}\r\n"));
    let kept = response.cookies.iter().filter(|cookie| cookie.jar == JarVerdict::Kept);
    assert_eq!((kept.count(), response.cookies.len()), (50, 60));
    assert_eq!(response.cookies[59].jar, JarVerdict::Refused(Refusal::Full));
}

#[test]
fn a_body_of_one_mebibyte_is_taken_and_one_byte_more_is_not() {
    let body = "x".repeat(1 << 20);
    assert_eq!(response(format!("{OK}\r\n{body}")).body.bytes, 1 << 20);
    check_failure(format!("{OK}\r\n{body}x"), FailureCode::TooLarge);
}

#[test]
fn endless_bodies_are_too_large() {
    let start = format!("{OK}Content-Length: 200000000\r\n\r\n");
    check_flood(&start, &[b'x'; 65536], LONG, FailureCode::TooLarge);
    check_flood(&format!("{OK}\r\n"), &[b'x'; 65536], LONG, FailureCode::TooLarge);
    let start = format!("{OK}Transfer-Encoding: chunked\r\n\r\n");
    check_flood(&start, b"1\r\nx\r\n", LONG, FailureCode::TooLarge);
}

#[test]
fn compression_is_not_undone() {
    let bomb = [OK.as_bytes(), b"Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08\0"].concat();
    let response = response(bomb);
    assert_eq!(response.body.bytes, 4);
}

#[test]
fn a_server_that_never_answers_is_cut_off() {
    let (done, wait) = mpsc::channel::<()>();
    let server = RawServer::start(move |_, mut stream| {
        read_request(&mut stream);
        let _ = wait.recv_timeout(LONG);
    });
    let exchange = get(&server, SHORT);
    drop(done);
    assert_eq!(exchange.result.unwrap_err().code, FailureCode::Timeout);
    assert!(exchange.elapsed >= SHORT);
}

#[test]
fn a_dripping_server_is_cut_off() {
    for start in ["HTTP/1.1 200 ", OK, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"] {
        let server = RawServer::start(move |_, mut stream| {
            read_request(&mut stream);
            let _ = stream.write_all(start.as_bytes());
            // The pause is the drip itself; the server ends when the client hangs up.
            let (_open, pause) = mpsc::channel::<()>();
            while stream.write_all(b"H").is_ok() {
                let _ = pause.recv_timeout(Duration::from_millis(20));
            }
        });
        assert_eq!(get(&server, SHORT).result.unwrap_err().code, FailureCode::Timeout, "{start}");
    }
}

#[test]
fn endless_informational_responses_are_cut_off() {
    let again = "HTTP/1.1 100 Continue\r\n\r\n".repeat(100);
    check_flood("", again.as_bytes(), SHORT, FailureCode::Timeout);
}

#[test]
fn a_deadline_that_has_passed_is_a_timeout() {
    let (done, wait) = mpsc::channel::<()>();
    let server = RawServer::start(move |_, _stream| {
        let _ = wait.recv_timeout(LONG);
    });
    assert_eq!(get(&server, Duration::ZERO).result.unwrap_err().code, FailureCode::Timeout);
    drop(done);
}

#[test]
fn every_request_has_a_connection_of_its_own() {
    let server = RawServer::start(|number, mut stream| {
        read_request(&mut stream);
        let _ = write!(stream, "{OK}Content-Length: 1\r\n\r\n{number}");
        // One connection at a time: the next is taken when the client closes this one.
        await_close(&mut stream);
    });
    let client = Client::for_address(server.address).unwrap();
    let (name, mut jar) = (ClientName::default(), Jar::new());
    block_on(async {
        for number in 0..3 {
            let exchange = client.send(&name, &mut jar, &call("GET", "/"), Instant::now() + LONG).await;
            assert_eq!(exchange.response().unwrap().body.text, number.to_string());
        }
    });
}

#[test]
fn an_answer_before_the_request_is_a_response_or_a_typed_failure() {
    let server = RawServer::start(|_, mut stream| {
        let _ = write!(stream, "{OK}Content-Length: 2\r\n\r\nok");
        let _ = stream.shutdown(Shutdown::Write);
        await_close(&mut stream);
    });
    for _ in 0..20 {
        // Which of the two it is depends on who is faster.
        match get(&server, LONG).result {
            Ok(response) => assert_eq!(response.body.text, "ok"),
            Err(failure) => {
                assert_eq!(failure.code, FailureCode::InvalidHttp, "{}", failure.detail);
                assert_eq!(failure.detail, "the server answered before it was asked");
            }
        }
    }
}

#[test]
fn a_connection_that_was_given_up_is_closed_at_once() {
    let endless_body = format!("{OK}\r\n{}", "x".repeat(2 << 20));
    for start in ["", OK, &format!("{OK}\r\nbody"), &endless_body] {
        let start = start.to_owned();
        let server = RawServer::start(move |number, mut stream| {
            read_request(&mut stream);
            let reply = if number == 0 { &start } else { "HTTP/1.1 204 OK\r\n\r\n" };
            let _ = stream.write_all(reply.as_bytes());
            // One connection at a time: the second is served when the client closes the first.
            await_close(&mut stream);
        });
        let client = Client::for_address(server.address).unwrap();
        let (name, mut jar) = (ClientName::default(), Jar::new());
        block_on(async {
            let first = client.send(&name, &mut jar, &call("GET", "/"), Instant::now() + SHORT).await;
            assert!(first.result.is_err());
            let second = client.send(&name, &mut jar, &call("GET", "/"), Instant::now() + LONG).await;
            assert_eq!(second.response().unwrap().status, 204);
        });
    }
}
