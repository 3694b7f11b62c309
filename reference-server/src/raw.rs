//! The faults of a connection: bytes that no HTTP library would write.
//!
//! Each connection carries one request. All but the faulty answer is right, and made by hand.

use std::io;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::http::StatusCode;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::fault::Fault;
use crate::site::{Answer, Site};

/// The longest request head that is read, in bytes.
const HEAD_LIMIT: usize = 64 * 1024;
/// How many seconds `slow-drip` takes, at one byte each.
const DRIPS: usize = 3600;
/// The body of `huge-body`: that many chunks of 64 KiB.
const HUGE_CHUNKS: usize = 1024;

/// Serves connections with this fault until the listener fails.
pub(crate) async fn serve(listener: TcpListener, site: Arc<Site>, fault: Fault) -> io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        let site = Arc::clone(&site);
        tokio::spawn(async move {
            // A client that goes away ends its connection, and that is all.
            let _ = converse(stream, &site, fault).await;
        });
    }
}

async fn converse(mut stream: TcpStream, site: &Site, fault: Fault) -> io::Result<()> {
    let head = read_head(&mut stream).await?;
    let target = target_of(&head);
    let path = target.split('?').next().unwrap_or_default();
    if fault == Fault::NotHttp {
        return stream.write_all(b"success\n").await;
    }
    match path {
        "/get" => misbehave(stream, fault).await,
        "/" => stream.write_all(&encode(&site.root(SystemTime::now()))).await,
        _ => {
            let answer = Answer::new(StatusCode::NOT_FOUND, "Not Found");
            stream.write_all(&encode(&answer)).await
        }
    }
}

/// Plays the fault on a connection whose request has been read.
async fn misbehave(mut stream: TcpStream, fault: Fault) -> io::Result<()> {
    match fault {
        Fault::Resets => stream.set_zero_linger(),
        Fault::TruncatedBody => {
            stream.write_all(&head_for(1000)).await?;
            stream.write_all(b"None").await
        }
        Fault::SlowDrip => {
            stream.write_all(&head_for(DRIPS)).await?;
            for _ in 0..DRIPS {
                stream.write_all(b"N").await?;
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            Ok(())
        }
        Fault::HugeBody => {
            let chunk = vec![b'N'; 64 * 1024];
            stream.write_all(&head_for(HUGE_CHUNKS * chunk.len())).await?;
            for _ in 0..HUGE_CHUNKS {
                stream.write_all(&chunk).await?;
            }
            Ok(())
        }
        // `closes-early`: the stream is dropped without a word.
        _ => Ok(()),
    }
}

/// Reads up to the empty line that ends the head, the limit, or the end of the stream.
async fn read_head(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    while !head.windows(4).any(|four| four == b"\r\n\r\n") && head.len() < HEAD_LIMIT {
        if stream.read_buf(&mut head).await? == 0 {
            break;
        }
    }
    Ok(head)
}

/// The second word of the request line (RFC 9112, section 3), or nothing.
fn target_of(head: &[u8]) -> String {
    let line = head.split(|&byte| byte == b'\r').next().unwrap_or_default();
    let target = line.split(|&byte| byte == b' ').nth(1).unwrap_or_default();
    String::from_utf8_lossy(target).into_owned()
}

/// The answer in the form of HTTP/1.1, for a connection that closes after it.
fn encode(answer: &Answer) -> Vec<u8> {
    let header = match &answer.header {
        Some((name, value)) => format!("{name}: {value}\r\n"),
        None => String::new(),
    };
    format!(
        "HTTP/1.1 {}\r\ncontent-type: text/plain; charset=utf-8\r\n{header}\
         content-length: {}\r\nconnection: close\r\n\r\n{}",
        answer.status,
        answer.body.len(),
        answer.body
    )
    .into_bytes()
}

/// The head of an answer that promises a body of so many bytes.
fn head_for(length: usize) -> Vec<u8> {
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/plain; charset=utf-8\r\n\
         content-length: {length}\r\nconnection: close\r\n\r\n"
    )
    .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_target(head: &str, expect: &str) {
        assert_eq!(target_of(head.as_bytes()), expect);
    }

    #[test]
    fn the_target_is_the_second_word_of_the_first_line() {
        check_target("GET /get HTTP/1.1\r\nhost: x\r\n\r\n", "/get");
        check_target("GET /\r\n\r\n", "/");
        check_target("GET\r\na b\r\n\r\n", "");
        check_target("", "");
    }

    #[test]
    fn an_answer_made_by_hand_is_whole() {
        let answer = Site::new(None, SystemTime::UNIX_EPOCH).root(SystemTime::UNIX_EPOCH);
        let text = String::from_utf8(encode(&answer)).unwrap();
        assert_eq!(
            text,
            "HTTP/1.1 200 OK\r\ncontent-type: text/plain; charset=utf-8\r\n\
             set-cookie: time=\"Thu Jan  1 00:00:00 1970\"; Path=/\r\n\
             content-length: 7\r\nconnection: close\r\n\r\nsuccess"
        );
    }
}
