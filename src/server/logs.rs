//! What a program writes to standard output and standard error.
//!
//! Both pipes are emptied all the time, so that a talkative program never waits for a reader. The first and the
//! last 64 KiB of each are kept; what fell between is counted, and the text says so where it is missing.

use std::collections::VecDeque;
use std::io;
use std::os::fd::OwnedFd;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use nix::errno::Errno;
use nix::unistd::read;
use tokio::net::unix::pipe::Receiver;
use tokio::task::JoinHandle;

/// How much of the beginning of each stream is kept, and as much of its end.
const KEPT: usize = 64 * 1024;

/// One look at a pipe takes at most this: as much as a pipe can hold (pipe(7): an unprivileged process can raise
/// it to 1 MiB), so that a flood cannot keep the reader at it for ever.
const LOOK: usize = 1024 * 1024;

/// What is read in one go; the size that a pipe has by default.
const CHUNK: usize = 64 * 1024;

/// The output of a running program, growing.
///
/// The reading goes on in tasks of the tokio runtime in which this was made, until the streams end or this is
/// dropped.
#[derive(Debug)]
pub struct Logs {
    stdout: Stream,
    stderr: Stream,
}

/// A point in a program's output: everything before it is history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    stdout: u64,
    stderr: u64,
}

/// Both streams as text. What was not UTF-8 reads as U+FFFD.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogText {
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Logs {
    /// Begins to read both streams, given as the reading ends of pipes.
    pub fn new(stdout: OwnedFd, stderr: OwnedFd) -> io::Result<Logs> {
        Ok(Logs { stdout: Stream::open(stdout)?, stderr: Stream::open(stderr)? })
    }

    /// Reads all that is there at this moment, without waiting: what a program wrote before it answered a request
    /// is certainly there afterwards.
    pub fn drain_now(&mut self) {
        self.stdout.pipe.take_now();
        self.stderr.pipe.take_now();
    }

    /// The present end of both streams.
    pub fn mark(&mut self) -> Mark {
        self.drain_now();
        Mark { stdout: self.stdout.pipe.kept().total, stderr: self.stderr.pipe.kept().total }
    }

    /// What was written since a mark, up to this moment.
    pub fn since(&mut self, mark: Mark) -> LogText {
        self.drain_now();
        LogText {
            stdout: self.stdout.pipe.kept().text_from(mark.stdout),
            stderr: self.stderr.pipe.kept().text_from(mark.stderr),
        }
    }

    /// All that was written up to this moment.
    pub fn text(&mut self) -> LogText {
        self.since(Mark { stdout: 0, stderr: 0 })
    }

    /// Standard output, as far as it has been read.
    #[must_use]
    pub fn stdout(&self) -> String {
        self.stdout.pipe.kept().text_from(0)
    }

    /// Standard error, as far as it has been read.
    #[must_use]
    pub fn stderr(&self) -> String {
        self.stderr.pipe.kept().text_from(0)
    }
}

/// A pipe and the task that empties it.
#[derive(Debug)]
struct Stream {
    pipe: Arc<Pipe>,
    task: JoinHandle<()>,
}

impl Stream {
    fn open(fd: OwnedFd) -> io::Result<Stream> {
        let pipe = Arc::new(Pipe { receiver: Receiver::from_owned_fd(fd)?, kept: Mutex::default() });
        let task = tokio::spawn(empty(pipe.clone()));
        Ok(Stream { pipe, task })
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Empties a pipe until it ends. Gives way after each chunk, so that a flood starves nobody.
async fn empty(pipe: Arc<Pipe>) {
    let mut buffer = vec![0; CHUNK];
    while pipe.receiver.readable().await.is_ok() {
        match pipe.receiver.try_read(&mut buffer) {
            Ok(0) => return,
            Ok(count) => pipe.kept().push(&buffer[..count]),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(_) => return,
        }
        tokio::task::yield_now().await;
    }
}

#[derive(Debug)]
struct Pipe {
    receiver: Receiver,
    kept: Mutex<Kept>,
}

impl Pipe {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks the pipe itself until it has nothing more: tokio learns of news only when it next waits.
    fn take_now(&self) {
        let mut buffer = vec![0; CHUNK];
        let mut taken = 0;
        while taken < LOOK {
            match read(&self.receiver, &mut buffer) {
                Ok(0) => return,
                Ok(count) => {
                    self.kept().push(&buffer[..count]);
                    taken += count;
                }
                Err(Errno::EINTR) => {}
                Err(_) => return,
            }
        }
    }
}

/// The head and the tail of a stream.
#[derive(Debug, Default)]
struct Kept {
    head: Vec<u8>,
    tail: VecDeque<u8>,
    /// Bytes seen so far, kept or not.
    total: u64,
}

impl Kept {
    fn push(&mut self, bytes: &[u8]) {
        self.total += bytes.len() as u64;
        let (head, rest) = bytes.split_at(bytes.len().min(KEPT - self.head.len()));
        self.head.extend_from_slice(head);
        let rest = &rest[rest.len().saturating_sub(KEPT)..];
        let surplus = (self.tail.len() + rest.len()).saturating_sub(KEPT);
        self.tail.drain(..surplus);
        self.tail.extend(rest);
    }

    /// The text from a position on, with a line in the place of what was not kept.
    fn text_from(&self, from: u64) -> String {
        let tail_begins = self.total - self.tail.len() as u64;
        let head = self.head.get(from as usize..).unwrap_or_default();
        let lost_from = from.max(self.head.len() as u64);
        let mut tail = self.tail.iter().skip(from.saturating_sub(tail_begins) as usize).copied().collect::<Vec<u8>>();
        let lost = tail_begins.saturating_sub(lost_from);
        if lost == 0 {
            return String::from_utf8_lossy(&[head, &tail].concat()).into_owned();
        }
        // A character cut in two at either edge belongs to what is missing.
        let head = whole_characters(head);
        tail.drain(..tail.iter().take(3).take_while(|&&byte| byte & 0xC0 == 0x80).count());
        let (head, tail) = (String::from_utf8_lossy(head), String::from_utf8_lossy(&tail));
        format!("{head}\n[… {lost} bytes not kept …]\n{tail}")
    }
}

/// Without a UTF-8 character at the end that has begun and is not complete.
fn whole_characters(bytes: &[u8]) -> &[u8] {
    let cut = bytes.utf8_chunks().last().map_or(&[][..], |chunk| chunk.invalid());
    let needed = match cut.first() {
        Some(0xC2..=0xDF) => 2,
        Some(0xE0..=0xEF) => 3,
        Some(0xF0..=0xF4) => 4,
        _ => 0,
    };
    if cut.len() < needed { &bytes[..bytes.len() - cut.len()] } else { bytes }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn kept(parts: &[&[u8]]) -> Kept {
        let mut kept = Kept::default();
        for part in parts {
            kept.push(part);
        }
        kept
    }

    #[test]
    fn a_short_stream_is_kept_whole_from_every_position() {
        let kept = kept(&[b"one\n", b"two\n"]);
        assert_eq!(kept.text_from(0), "one\ntwo\n");
        assert_eq!(kept.text_from(4), "two\n");
        assert_eq!(kept.text_from(8), "");
    }

    #[test]
    fn a_stream_up_to_both_caps_is_kept_whole() {
        let all: Vec<u8> = (0..2 * KEPT).map(|at| b'a' + (at % 26) as u8).collect();
        for chunk in [7, 1000, 2 * KEPT] {
            let kept = kept(&all.chunks(chunk).collect::<Vec<_>>());
            assert_eq!(kept.text_from(0).as_bytes(), all);
            assert_eq!(kept.text_from(KEPT as u64 + 5).as_bytes(), &all[KEPT + 5..]);
        }
    }

    #[test]
    fn a_flood_keeps_head_and_tail_and_counts_the_rest() {
        let mut kept = kept(&[b"first"]);
        for _ in 0..100 {
            kept.push(&[b'x'; 10_000]);
        }
        kept.push(b"last");
        let text = kept.text_from(0);
        let lost = 5 + 1_000_000 + 4 - 2 * KEPT;
        assert!(text.starts_with("firstx") && text.ends_with("xlast"));
        assert!(text.contains(&format!("\n[… {lost} bytes not kept …]\n")));
        assert!(kept.head.len() + kept.tail.len() == 2 * KEPT && kept.tail.capacity() <= 4 * KEPT);
        assert_eq!(kept.text_from(kept.total - 2), "st");
        assert!(kept.text_from(KEPT as u64 + 10).starts_with(&format!("\n[… {} bytes", lost - 10)));
    }

    #[test]
    fn a_character_cut_by_the_cap_is_left_out_not_mangled() {
        let mut kept = kept(&[&[b'x'; KEPT - 1]]);
        kept.push("é".repeat(2 * KEPT).as_bytes());
        let text = kept.text_from(0);
        assert!(!text.contains('\u{FFFD}'), "{}", &text[KEPT - 20..KEPT + 60]);
    }

    #[test]
    fn bytes_that_are_no_text_are_marked() {
        assert_eq!(kept(&[b"a\xFFb"]).text_from(0), "a\u{FFFD}b");
        assert_eq!(whole_characters(b"a\xFF"), b"a\xFF");
        assert_eq!(whole_characters(b"a\xE4\xBD"), b"a");
    }

    #[tokio::test]
    async fn what_was_written_is_there_at_once_and_counts_from_the_mark() {
        let (out, mut to_out) = io::pipe().unwrap();
        let (err, mut to_err) = io::pipe().unwrap();
        let mut logs = Logs::new(out.into(), err.into()).unwrap();
        to_out.write_all(b"before\n").unwrap();
        let mark = logs.mark();
        to_out.write_all(b"after\n").unwrap();
        to_err.write_all(b"oops\n").unwrap();
        assert_eq!(logs.since(mark), LogText { stdout: "after\n".into(), stderr: "oops\n".into() });
        assert_eq!(logs.text(), LogText { stdout: "before\nafter\n".into(), stderr: "oops\n".into() });
    }

    #[tokio::test]
    async fn the_task_alone_reads_to_the_end_of_the_stream() {
        let (out, mut to_out) = io::pipe().unwrap();
        let (err, to_err) = io::pipe().unwrap();
        let mut logs = Logs::new(out.into(), err.into()).unwrap();
        let writer = std::thread::spawn(move || to_out.write_all(&vec![b'x'; 3 * LOOK]));
        drop(to_err);
        (&mut logs.stdout.task).await.unwrap();
        writer.join().unwrap().unwrap();
        assert_eq!(logs.stdout.pipe.kept().total, 3 * LOOK as u64);
    }
}
