//! The reference server as a client sees it, through its routes and over real connections.

use std::net::SocketAddr;
use std::pin::pin;
use std::task::{Context, Waker};
use std::time::Duration;

use axum::body::Body;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tower::ServiceExt;

use super::*;

/// A server on a port of its own, listening already.
async fn start(fault: Option<Fault>) -> (SocketAddr, JoinHandle<io::Result<()>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (address, tokio::spawn(serve(listener, Config { fault }, pending())))
}

/// A connection on which `GET path` has been sent.
async fn connect(address: SocketAddr, path: &str, headers: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{headers}\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

/// All bytes that come in answer to `GET path`, up to the end of the connection.
async fn ask(address: SocketAddr, path: &str, headers: &str) -> io::Result<String> {
    let mut stream = connect(address, path, headers).await;
    let mut bytes = Vec::new();
    within_deadline(stream.read_to_end(&mut bytes)).await?;
    Ok(String::from_utf8(bytes).unwrap())
}

/// A test that would wait for ever fails instead.
async fn within_deadline<T>(work: impl Future<Output = T>) -> T {
    let deadline = Duration::from_secs(20);
    tokio::time::timeout(deadline, work).await.expect("in time")
}

#[track_caller]
fn check_answer(answer: &str, status: &str, body: &str) {
    let status_line = format!("HTTP/1.1 {status}");
    assert!(answer.starts_with(&status_line), "{answer}");
    assert!(answer.ends_with(&format!("\r\n\r\n{body}")), "{answer}");
}

/// Whether the routes answer at once, as they do when nothing is waited for.
fn answers_at_once(fault: Option<Fault>, path: &str) -> bool {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let answer = pin!(app(Config { fault }).oneshot(request));
    answer.poll(&mut Context::from_waker(Waker::noop())).is_ready()
}

#[tokio::test]
async fn the_server_sets_the_cookie_and_reads_it_back() {
    let (address, _server) = start(None).await;
    let root = ask(address, "/", "").await.unwrap();
    check_answer(&root, "200 OK", "success");
    let set = root.split("set-cookie: ").nth(1).expect("a cookie");
    let value = set.strip_suffix("; Path=/").or(set.split("; Path=/").next());
    let cookie = format!("cookie: {}\r\n", value.unwrap());
    let get = ask(address, "/get", &cookie).await.unwrap();
    check_answer(&get, "200 OK", cookie.split('"').nth(1).unwrap());
    check_answer(&ask(address, "/get", "").await.unwrap(), "200 OK", "None");
    let two = "cookie: x=1\r\ncookie: time=k3x9\r\n";
    check_answer(&ask(address, "/get", two).await.unwrap(), "200 OK", "k3x9");
}

#[tokio::test]
async fn an_address_that_is_not_there_answers_404() {
    for (fault, path) in [
        (None, "/other"),
        (Some(Fault::RootMissing), "/"),
        (Some(Fault::GetMissing), "/get"),
        (Some(Fault::ClosesEarly), "/other"),
    ] {
        let (address, _server) = start(fault).await;
        let answer = ask(address, path, "").await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 404 Not Found"), "{answer}");
    }
}

#[tokio::test]
async fn get_of_an_address_for_post_answers_405() {
    let (address, _server) = start(Some(Fault::GetWrongMethod)).await;
    let answer = ask(address, "/get", "").await.unwrap();
    check_answer(&answer, "405 Method Not Allowed", "");
}

#[tokio::test]
async fn a_redirect_names_its_target() {
    let (address, _server) = start(Some(Fault::RedirectsAway)).await;
    let answer = ask(address, "/get", "").await.unwrap();
    check_answer(&answer, "302 Found", "");
    assert!(answer.contains("\r\nlocation: http://example.com/\r\n"), "{answer}");
}

#[test]
fn a_server_that_hangs_does_not_answer() {
    assert!(answers_at_once(None, "/get"));
    assert!(answers_at_once(Some(Fault::Hangs), "/"));
    assert!(!answers_at_once(Some(Fault::Hangs), "/get"));
    assert!(!answers_at_once(Some(Fault::NeverAnswers), "/"));
    assert!(!answers_at_once(Some(Fault::NeverAnswers), "/get"));
}

#[tokio::test]
async fn faults_of_a_connection_leave_the_root_right() {
    let faults = Fault::ALL.iter().filter(|fault| fault.layer() == Layer::Connection && **fault != Fault::NotHttp);
    for &fault in faults {
        let (address, _server) = start(Some(fault)).await;
        let root = ask(address, "/", "").await.unwrap();
        check_answer(&root, "200 OK", "success");
        assert!(root.contains("\r\nset-cookie: time=\""), "{fault}: {root}");
    }
}

#[tokio::test]
async fn a_connection_is_closed_without_an_answer() {
    let (address, _server) = start(Some(Fault::ClosesEarly)).await;
    assert_eq!(ask(address, "/get", "").await.unwrap(), "");
}

#[tokio::test]
async fn a_connection_is_reset_without_an_answer() {
    let (address, _server) = start(Some(Fault::Resets)).await;
    let failure = ask(address, "/get", "").await.unwrap_err();
    assert_eq!(failure.kind(), io::ErrorKind::ConnectionReset);
}

#[tokio::test]
async fn a_body_is_shorter_than_promised() {
    let (address, _server) = start(Some(Fault::TruncatedBody)).await;
    let answer = ask(address, "/get", "").await.unwrap();
    check_answer(&answer, "200 OK", "None");
    assert!(answer.contains("content-length: 1000\r\n"), "{answer}");
}

#[tokio::test]
async fn a_slow_body_starts_but_does_not_end() {
    let (address, _server) = start(Some(Fault::SlowDrip)).await;
    let mut stream = connect(address, "/get", "").await;
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\nN") {
        let read = within_deadline(stream.read_buf(&mut answer)).await.unwrap();
        assert_ne!(read, 0, "{}", String::from_utf8_lossy(&answer));
    }
    let answer = String::from_utf8(answer).unwrap();
    assert!(answer.contains("content-length: 3600\r\n"), "{answer}");
}

#[tokio::test]
async fn a_huge_body_is_sent_whole() {
    let (address, _server) = start(Some(Fault::HugeBody)).await;
    let answer = ask(address, "/get", "").await.unwrap();
    let body = answer.split("\r\n\r\n").nth(1).unwrap();
    assert_eq!(body.len(), 64 * 1024 * 1024);
}

#[tokio::test]
async fn plain_text_without_a_head_is_all_that_comes() {
    let (address, _server) = start(Some(Fault::NotHttp)).await;
    assert_eq!(ask(address, "/", "").await.unwrap(), "success\n");
    assert_eq!(ask(address, "/get", "").await.unwrap(), "success\n");
}

#[tokio::test]
async fn a_server_dies_after_its_first_visit_was_answered() {
    let (address, server) = start(Some(Fault::DiesAfterFirstVisit)).await;
    check_answer(&ask(address, "/get", "").await.unwrap(), "200 OK", "None");
    check_answer(&ask(address, "/", "").await.unwrap(), "200 OK", "success");
    within_deadline(server).await.unwrap().unwrap();
    let refused = TcpStream::connect(address).await.unwrap_err();
    assert_eq!(refused.kind(), io::ErrorKind::ConnectionRefused);
}

#[tokio::test]
async fn shutdown_does_not_wait_for_a_request_that_hangs() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let fault = Some(Fault::Hangs);
    let server = tokio::spawn(serve(listener, Config { fault }, async {
        let _ = stopped.await;
    }));
    check_answer(&ask(address, "/", "").await.unwrap(), "200 OK", "success");
    let _waiting = connect(address, "/get", "").await;
    stop.send(()).unwrap();
    within_deadline(server).await.unwrap().unwrap();
}
