//! A server that plays bytes, for tests.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use super::Call;

/// More time than any exchange of the tests needs on any machine.
pub(super) const LONG: Duration = Duration::from_secs(30);

/// How long a server waits for a client that does nothing, so that no test hangs.
const PATIENCE: Duration = Duration::from_secs(20);

/// A server on a port of the system's choice that treats every connection, one after another,
/// as the test says. It ends when it is dropped.
pub(super) struct RawServer {
    pub(super) address: SocketAddr,
    ended: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl RawServer {
    /// Starts a server that does this with each connection, numbered from 0.
    pub(super) fn start(mut treat: impl FnMut(usize, TcpStream) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let ended = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&ended);
        let thread = std::thread::spawn(move || {
            for (number, stream) in listener.incoming().enumerate() {
                if flag.load(Ordering::SeqCst) {
                    break;
                }
                let stream = stream.unwrap();
                stream.set_read_timeout(Some(PATIENCE)).unwrap();
                stream.set_write_timeout(Some(PATIENCE)).unwrap();
                treat(number, stream);
            }
        });
        Self { address, ended, thread: Some(thread) }
    }

    /// Starts a server that reads each request and answers with these bytes.
    pub(super) fn answering(reply: impl Into<Vec<u8>>) -> Self {
        let reply = reply.into();
        Self::start(move |_, mut stream| {
            read_request(&mut stream);
            let _ = stream.write_all(&reply);
        })
    }
}

impl Drop for RawServer {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
            && !std::thread::panicking()
        {
            panic!("the raw server panicked");
        }
    }
}

/// Reads a request to the end of its headers.
pub(super) fn read_request(stream: &mut TcpStream) -> String {
    let mut request = Vec::new();
    let mut buffer = [0; 1024];
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => break,
            Ok(count) => request.extend_from_slice(&buffer[..count]),
        }
    }
    String::from_utf8(request).unwrap()
}

/// Writes the same bytes again until the client hangs up or `most` bytes went. Whether it hung up.
pub(super) fn flood(stream: &mut TcpStream, bytes: &[u8], most: usize) -> bool {
    let mut written = 0;
    while written < most {
        if stream.write_all(bytes).is_err() {
            return true;
        }
        written += bytes.len();
    }
    false
}

/// Waits until the client closes its side.
pub(super) fn await_close(stream: &mut TcpStream) {
    let mut buffer = [0; 1024];
    while stream.read(&mut buffer).is_ok_and(|count| count > 0) {}
}

/// A call with nothing but method and target.
pub(super) fn call(method: &str, target: &str) -> Call {
    Call { method: method.to_owned(), target: target.to_owned(), ..Call::default() }
}

/// Runs a future to its end.
pub(super) fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(future)
}
