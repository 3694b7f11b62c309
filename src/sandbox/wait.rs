//! What a supervisor waits for: the end of a child, a word of the checker, a call that waits for an answer.

use std::os::fd::BorrowedFd;
use std::time::Duration;

use nix::sys::signal::{SigSet, Signal};
use nix::sys::time::{TimeSpec, TimeValLike as _};

/// What is there after a [`wait`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Ready {
    /// A word on the control socket, or its end.
    pub(super) word: bool,
    /// A call that waits.
    pub(super) call: bool,
    /// There will be no more calls.
    pub(super) no_more_calls: bool,
}

/// What a [`wait`] is for, beside the end of a child.
#[derive(Clone, Copy, Debug)]
pub(super) enum Wake<'w> {
    /// Only that.
    Child,
    /// A word on the control socket, which is the standard input; and a call on this listener, if there is one.
    Word(Option<BorrowedFd<'w>>),
}

/// Waits for the end of a child, for what is wanted beside, or for the time to pass. `SIGCHLD` is blocked at all other
/// times, so that none is lost between looking and waiting.
pub(super) fn wait(wake: Wake<'_>, at_most: Option<Duration>) -> Ready {
    let timeout = at_most.map(|time| TimeSpec::nanoseconds(time.as_nanos() as i64));
    let mut mask = SigSet::all();
    mask.remove(Signal::SIGCHLD);
    wait_with(wake, timeout, mask)
}

#[cfg(target_os = "linux")]
fn wait_with(wake: Wake<'_>, timeout: Option<TimeSpec>, mask: SigSet) -> Ready {
    use std::os::fd::AsFd as _;

    use nix::poll::{PollFd, PollFlags, ppoll};

    let stdin = std::io::stdin();
    let wanted = |descriptor| PollFd::new(descriptor, PollFlags::POLLIN);
    let mut all = match wake {
        Wake::Child => Vec::new(),
        Wake::Word(calls) => [stdin.as_fd()].into_iter().chain(calls).map(wanted).collect(),
    };
    // An error is a signal, which is an answer too: nothing is ready, and the caller looks at its children.
    if ppoll(&mut all, timeout, Some(mask)).is_err() {
        return Ready::default();
    }
    let came = |number: usize| all.get(number).and_then(PollFd::revents).unwrap_or(PollFlags::empty());
    Ready {
        word: !came(0).is_empty(),
        call: came(1).contains(PollFlags::POLLIN),
        no_more_calls: came(1).intersects(PollFlags::POLLHUP | PollFlags::POLLERR),
    }
}

#[cfg(not(target_os = "linux"))]
fn wait_with(wake: Wake<'_>, timeout: Option<TimeSpec>, mask: SigSet) -> Ready {
    use std::os::fd::AsFd as _;

    use nix::sys::select::{FdSet, pselect};

    let stdin = std::io::stdin();
    let mut control = FdSet::new();
    if matches!(wake, Wake::Word(_)) {
        control.insert(stdin.as_fd());
    }
    let ready = pselect(1, &mut control, None, None, timeout.as_ref(), &mask);
    Ready { word: ready.is_ok_and(|count| count > 0), ..Ready::default() }
}
