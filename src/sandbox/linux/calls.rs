//! System calls that a process makes on itself, as data: so that a process that is executed and one that is copied are
//! confined by the same list.

use std::os::fd::{AsRawFd as _, OwnedFd};

use nix::errno::Errno;
use serde::{Serialize, Serializer};

use super::super::isolation::{Feature, Held, Refusal};
use super::{Done, Step};

/// A system call. What it is given is only read by the kernel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(in super::super) struct Call {
    /// What it does, for a refusal.
    pub(in super::super) step: String,
    /// The system's number for it.
    number: i64,
    arguments: Vec<Argument>,
    /// What holds once it has succeeded.
    #[serde(skip)]
    pub(in super::super) holds: &'static [Feature],
    /// Whether a program may run without it.
    #[serde(skip)]
    pub(in super::super) need: Need,
}

/// Whether a program may run without what a call gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Need {
    /// It may not.
    Must,
    /// It may, and the report says so.
    May,
}

/// An argument of a system call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(in super::super) enum Argument {
    /// A number, a null pointer included.
    Number(i64),
    /// The address of these bytes.
    Bytes(#[serde(serialize_with = "in_hex")] Vec<u8>),
    /// The address of a `sock_fprog` with these instructions.
    Program(#[serde(serialize_with = "in_hex")] Vec<u8>),
    /// The number of a descriptor, by its place among those that go with the list.
    Descriptor(usize),
}

/// Writes bytes as two digits each: Python reads that ten times as fast as a list of numbers.
pub(in super::super) fn in_hex<S: Serializer>(bytes: impl AsRef<[u8]>, serializer: S) -> Result<S::Ok, S::Error> {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = |byte: &u8| [byte >> 4, byte & 15].map(|digit| char::from(DIGITS[usize::from(digit)]));
    serializer.serialize_str(&bytes.as_ref().iter().flat_map(digits).collect::<String>())
}

impl Call {
    pub(super) fn new(step: impl Into<String>, number: libc::c_long, arguments: Vec<Argument>) -> Call {
        Call { step: step.into(), number, arguments, holds: &[], need: Need::Must }
    }

    pub(super) fn holding(self, holds: &'static [Feature]) -> Call {
        Call { holds, ..self }
    }

    pub(super) fn if_it_can_be(self) -> Call {
        Call { need: Need::May, ..self }
    }

    /// Makes the call, and gives its result.
    pub(in super::super) fn make(&self, descriptors: &[OwnedFd]) -> Done<libc::c_long> {
        let mut programs = Vec::with_capacity(self.arguments.len());
        let mut words = [0 as libc::c_long; 5];
        for (word, argument) in words.iter_mut().zip(&self.arguments) {
            *word = match argument {
                Argument::Number(number) => *number as libc::c_long,
                Argument::Bytes(bytes) => bytes.as_ptr() as libc::c_long,
                Argument::Program(filters) => {
                    let filter = filters.as_ptr().cast_mut().cast();
                    let len = (filters.len() / size_of::<libc::sock_filter>()) as u16;
                    programs.push(libc::sock_fprog { len, filter });
                    (&raw const programs[programs.len() - 1]) as libc::c_long
                }
                Argument::Descriptor(place) => descriptors
                    .get(*place)
                    .map(|descriptor| descriptor.as_raw_fd().into())
                    .ok_or(Errno::EBADF)
                    .step(|| self.step.clone())?,
            };
        }
        let [one, two, three, four, five] = words;
        // SAFETY: every address is of memory that lives as long as the call and is not moved (`programs` has its room
        // from the start), and the calls that are made here only read what they are given.
        let result = unsafe { libc::syscall(self.number as libc::c_long, one, two, three, four, five) };
        Errno::result(result).step(|| self.step.clone())
    }
}

/// Makes all calls, and notes what holds. Gives the result of the last one, if it succeeded.
pub(in super::super) fn make_all(
    calls: &[Call],
    descriptors: &[OwnedFd],
    held: &mut Held,
) -> Done<Option<libc::c_long>> {
    let mut last = None;
    for call in calls {
        let made = call.make(descriptors);
        last = made.as_ref().ok().copied();
        match (made, call.need) {
            (Ok(_), _) => call.holds.iter().for_each(|feature| held.hold(*feature)),
            (Err(refusal), Need::Must) => return Err(refusal),
            (Err(refusal), Need::May) => note(call, &refusal, held),
        }
    }
    Ok(last)
}

fn note(call: &Call, refusal: &Refusal, held: &mut Held) {
    for feature in call.holds {
        held.note(*feature, Err(refusal.clone()));
    }
}

/// The bytes of a list of instructions.
pub(super) fn instructions(filters: &[libc::sock_filter]) -> Vec<u8> {
    filters
        .iter()
        .flat_map(|filter| {
            let code = filter.code.to_ne_bytes();
            let k = filter.k.to_ne_bytes();
            [code[0], code[1], filter.jt, filter.jf, k[0], k[1], k[2], k[3]]
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_says_which_step_failed() {
        let closes = |place| Call::new("close it", libc::SYS_close, vec![Argument::Descriptor(place)]);
        assert_eq!(closes(3).make(&[]), Err(Refusal { step: "close it".into(), errno: libc::EBADF }));
        let kills = Call::new("kill", libc::SYS_kill, vec![Argument::Number(0), Argument::Number(-1)]);
        assert_eq!(kills.make(&[]).unwrap_err().errno, libc::EINVAL);
    }

    #[test]
    fn what_may_fail_is_noted_and_what_must_not_ends_the_list() {
        let fails = Call::new("fail", libc::SYS_close, vec![Argument::Number(-1)]).holding(&[Feature::Landlock]);
        let works = Call::new("work", libc::SYS_getpid, Vec::new()).holding(&[Feature::Limits]);
        let mut held = Held::default();
        let last = make_all(&[fails.clone().if_it_can_be(), works.clone()], &[], &mut held);
        assert_eq!(last, Ok(Some(std::process::id().into())));
        assert_eq!((held.features, held.refused.len()), (vec![Feature::Limits], 1));
        assert!(make_all(&[fails, works], &[], &mut Held::default()).is_err());
    }
}
