//! The floor that `checker run` is compared to: spawn a server, connect as soon as it listens, send the requests
//! of the exercise `cookies` one after another, kill the whole group, reap.
//!
//! It judges nothing, records nothing and isolates nothing. `cargo run --release --example floor -- PORT COMMAND…`

#![allow(clippy::disallowed_types, clippy::disallowed_methods, clippy::print_stderr, missing_docs)]

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// What the checker sends with each request, so that the server has the same to read.
const HEADERS: &str = "User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                       Chrome/154.0.0.0 Safari/537.36\r\n\
                       Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8\r\n\
                       Accept-Language: en-US,en;q=0.9\r\n";

/// The requests of one grading, without the one that waits for the clock: path and `Cookie` header.
const REQUESTS: [(&str, &str); 16] = [
    ("/get", ""),
    ("/", ""),
    ("/", ""),
    ("/", ""),
    ("/get", "time=abc"),
    ("/get", "time=Rc73kfde7k79"),
    ("/get", "time=\"Ls7a8SE84njE 13:00:09 Bi3Dj4m76qSa\""),
    ("/", ""),
    ("/", ""),
    ("/get", "time=Fh5wYeNqwHpF"),
    ("/get", "time=Mw6z586UGC3X"),
    ("/get", "time=Fh5wYeNqwHpF"),
    ("/get", ""),
    ("/", ""),
    ("/get", "time=abc"),
    ("/get", "Time=Er4W8e3V8Ms5; xtime=Nd5iLY59E3Zf; time2=Xp5BacDViSSa; not_exist=Qj7zujCmim2g"),
];

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(port) = arguments.next().and_then(|port| port.parse().ok()) else { return usage() };
    let Some(program) = arguments.next() else { return usage() };
    match grade(port, &program, arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("floor: {error}");
            ExitCode::FAILURE
        }
    }
}

fn usage() -> ExitCode {
    eprintln!("usage: floor PORT COMMAND…");
    ExitCode::from(2)
}

fn grade(port: u16, program: &str, arguments: impl Iterator<Item = String>) -> io::Result<()> {
    // SAFETY: sets an attribute of this process and touches no memory.
    unsafe { libc::prctl(libc::PR_SET_CHILD_SUBREAPER, 1) };
    let child = Command::new(program)
        .args(arguments)
        .env("PORT", port.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()?;
    let group = i32::try_from(child.id()).map_err(io::Error::other)?;
    let asked = REQUESTS.iter().try_for_each(|(path, cookies)| request(port, path, cookies));
    // SAFETY: the group is this program's own child, which has not been reaped.
    unsafe { libc::kill(-group, libc::SIGKILL) };
    // Until the last of the group is gone its port is taken. As subreaper, this process reaps them all.
    // SAFETY: a null status is allowed; the only children are this server's processes.
    while unsafe { libc::waitpid(-1, std::ptr::null_mut(), 0) } > 0 {}
    asked
}

/// One request on a connection of its own, read to the end of its body.
fn request(port: u16, path: &str, cookies: &str) -> io::Result<()> {
    let deadline = Instant::now() + Duration::from_secs(20);
    let mut stream = loop {
        match TcpStream::connect(("127.0.0.1", port)) {
            Err(_) if Instant::now() < deadline => sleep(Duration::from_millis(1)),
            other => break other?,
        }
    };
    let cookies = if cookies.is_empty() { String::new() } else { format!("Cookie: {cookies}\r\n") };
    let head = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{HEADERS}{cookies}\r\n");
    stream.write_all(head.as_bytes())?;
    let mut response = Vec::new();
    let mut buffer = [0; 4096];
    while !is_complete(&response) {
        match stream.read(&mut buffer)? {
            0 => break,
            count => response.extend_from_slice(&buffer[..count]),
        }
    }
    if response.starts_with(b"HTTP/1.") { Ok(()) } else { Err(io::Error::other("no HTTP response")) }
}

/// Whether as many bytes have come as `Content-Length` says; Werkzeug takes 10 ms to close behind them.
fn is_complete(response: &[u8]) -> bool {
    let text = String::from_utf8_lossy(response).to_ascii_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    length.and_then(|length| length.trim().parse().ok()).is_some_and(|length: usize| body.len() >= length)
}
