//! The start of a program that is waiting, loaded, in a process outside: a copy of that process comes into the
//! namespaces of this one, confines itself as a program that is executed would, and goes on.
//!
//! What waits at the other end of the mailbox takes one [`Wish`] at a time. It forks; the copy enters the namespaces and
//! forks twice more, so that the last one is born here and falls to process 1, its supervisor, when its parent ends.
//! All that it does to itself is listed here, by the same code as for a program that is executed.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt as _;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::socket::{AddressFamily, MsgFlags, SockFlag, SockType, socketpair};
use nix::unistd::Pid;
use serde::{Deserialize, Serialize};

use super::confinement::Confinement;
use super::isolation::{Feature, Held, Refusal};
use super::kill::World;
use super::linux::calls::{Call, in_hex};
use super::linux::confine::{Becoming, Confining, confining};
use super::linux::{Done, Step, namespaces};
use super::pass;
use super::protocol::{Stage, Start};
use super::start::{Begun, Failure};

/// How long a copy may take to be ready: a few milliseconds where there is a processor for it.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is asked of whoever has the program loaded. These descriptors come along: the line for answers, the three
/// standard ones, the control groups to join, then what the calls name by their places.
#[derive(Serialize)]
struct Wish<'w> {
    cwd: Text<'w>,
    env: Vec<[Text<'w>; 2]>,
    /// How many control groups there are.
    groups: usize,
    /// The calls that lead into the namespaces.
    enter: &'w [Call],
    /// The calls by which the copy confines itself; the last one gives a descriptor, which is to be sent here.
    confine: &'w [Call],
}

/// A text of the system's, which need not be UTF-8.
#[derive(Serialize)]
struct Text<'w>(#[serde(serialize_with = "in_hex")] &'w [u8]);

impl<'w> From<&'w OsString> for Text<'w> {
    fn from(text: &'w OsString) -> Text<'w> {
        Text(text.as_bytes())
    }
}

/// What comes over the line.
#[derive(Debug, PartialEq, Deserialize)]
enum Answer {
    /// The copy belongs to this process now.
    Adopted,
    /// It has confined itself, and waits for a word to go on. This is its number here; where its calls of `listen`
    /// wait comes along.
    Confined { pid: i32 },
    /// A step failed, and it has ended.
    Refused { step: String, errno: i32 },
}

/// Starts the program as a copy.
pub(super) fn copy(
    start: &Start,
    confinement: &Confinement,
    mailbox: OwnedFd,
    groups: &[OwnedFd],
    mut held: Held,
) -> Result<Begun, Failure> {
    nix::sys::prctl::set_dumpable(false).map_err(|errno| Failure::Stage(Stage::Supervisor, errno as i32))?;
    let list = confining(confinement, Becoming::Copied, &mut held)?;
    if let Some((_, refusal)) = held.refused.iter().find(|(feature, _)| *feature == Feature::Landlock) {
        // The program's own executable is a file of the world outside; only Landlock keeps it from being written to.
        return Err(Failure::NotCopied(refusal.clone()));
    }
    let (program, calls) = made(start, &list, mailbox, groups).map_err(Failure::NotCopied)?;
    list.calls.iter().flat_map(|call| call.holds).for_each(|feature| held.hold(*feature));
    Ok(Begun { program, world: World::Namespace, held, calls: Some(calls), lister: None })
}

/// Wishes for a copy, and lets it go on once it is confined and this process' own. Gives its number, and where its calls
/// of `listen` wait.
fn made(start: &Start, list: &Confining, mailbox: OwnedFd, groups: &[OwnedFd]) -> Done<(Pid, OwnedFd)> {
    let (ours, theirs) = line()?;
    let null = File::open("/dev/null").step(|| "open /dev/null".into())?;
    // SAFETY: a supervisor has these from its start, and gives them up only when the program runs.
    let [stdout, stderr] = [libc::STDOUT_FILENO, libc::STDERR_FILENO].map(|one| unsafe { BorrowedFd::borrow_raw(one) });
    let worlds = namespaces::own()?;
    let first = list.descriptors.len();
    let enter: Vec<Call> =
        worlds.iter().zip(first..).map(|((_, kind), place)| namespaces::entering(*kind, place)).collect();
    let env = start.env.iter().map(|(name, value)| [name.into(), value.into()]).collect();
    let wish = Wish { cwd: (&start.cwd).into(), env, groups: groups.len(), enter: &enter, confine: &list.calls };
    let mut along = vec![theirs.as_fd(), null.as_fd(), stdout, stderr];
    along.extend(groups.iter().chain(&list.descriptors).map(AsFd::as_fd));
    along.extend(worlds.iter().map(|(world, _)| world.as_fd()));
    ask(&mailbox, &wish, &along)?;
    drop((mailbox, theirs));
    let copy = hear(&ours)?;
    pass::send(ours.as_fd(), b"go", &[]).step(|| "let the copy go on".into())?;
    Ok(copy)
}

/// A line with an end that keeps messages apart, for two processes write to the other one.
fn line() -> Done<(OwnedFd, OwnedFd)> {
    socketpair(AddressFamily::Unix, SockType::SeqPacket, None, SockFlag::SOCK_CLOEXEC)
        .step(|| "make a line to the copy".into())
}

fn ask(mailbox: &OwnedFd, wish: &Wish, along: &[BorrowedFd]) -> Done {
    let text = serde_json::to_vec(wish).map_err(io::Error::other).step(|| "write down the wish".into())?;
    pass::send(mailbox.as_fd(), &text, along).step(|| "ask for a copy".into())?;
    Ok(())
}

/// Waits until the copy is this process' own and confined. Gives its number, and where its calls of `listen` wait.
fn hear(line: &OwnedFd) -> Done<(Pid, OwnedFd)> {
    let deadline = Instant::now() + PATIENCE;
    let (mut adopted, mut confined) = (false, None);
    loop {
        if let (true, Some(copy)) = (adopted, confined.take_if(|_| adopted)) {
            return Ok(copy);
        }
        match next(line, deadline)? {
            (Answer::Adopted, _) => adopted = true,
            (Answer::Confined { pid }, Some(calls)) => confined = Some((Pid::from_raw(pid), calls)),
            (Answer::Confined { .. }, None) => return Err(lost(Errno::EBADMSG)),
            (Answer::Refused { step, errno }, _) => return Err(Refusal { step, errno }),
        }
    }
}

fn next(line: &OwnedFd, deadline: Instant) -> Done<(Answer, Option<OwnedFd>)> {
    let mut buffer = [0; 4096];
    loop {
        let left = PollTimeout::try_from(deadline.saturating_duration_since(Instant::now()));
        match poll(&mut [PollFd::new(line.as_fd(), PollFlags::POLLIN)], left.unwrap_or(PollTimeout::MAX)) {
            Ok(0) => return Err(lost(Errno::ETIMEDOUT)),
            Err(Errno::EINTR) => {}
            _ => break,
        }
    }
    let (count, descriptors) =
        pass::receive(line.as_fd(), &mut buffer, MsgFlags::empty()).step(|| "hear from the copy".into())?;
    let answer = serde_json::from_slice(&buffer[..count]).map_err(|_| lost(Errno::EPIPE))?;
    Ok((answer, descriptors.into_iter().next()))
}

fn lost(errno: Errno) -> Refusal {
    Refusal { step: "wait for the copy".into(), errno: errno as i32 }
}
