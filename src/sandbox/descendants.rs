//! The living processes below another one, as `/proc` shows them.
//!
//! `/proc/PID/task/TID/children` gives them at the cost of a read a thread. The kernel promises a whole list only
//! while nothing below starts or ends (proc(5)), so whoever must be certain repeats it and asks `wait` at the end.
//! Where the kernel was built without that file, one pass over every process' `stat` serves.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::Path;

/// A process, as `/proc/PID/stat` shows it at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Process {
    pub(super) pid: i32,
    pub(super) parent: i32,
    pub(super) group: i32,
    pub(super) session: i32,
    /// Dead, but not yet waited for: nothing of it runs.
    pub(super) zombie: bool,
}

/// Every descendant of a process, itself not among them; zombies are. Ascending by generation, then as found.
pub(super) fn of(root: i32) -> Vec<Process> {
    if Path::new(&format!("/proc/{root}/task/{root}/children")).exists() { by_children(root) } else { by_scan(root) }
}

fn by_children(root: i32) -> Vec<Process> {
    let mut seen = HashSet::from([root]);
    let mut found = Vec::new();
    let mut generation = vec![root];
    while !generation.is_empty() {
        let born: Vec<i32> = generation.iter().flat_map(|&pid| children(pid)).filter(|&pid| seen.insert(pid)).collect();
        found.extend(born.iter().filter_map(|&pid| process(pid)));
        generation = born;
    }
    found
}

/// The children of all threads of a process: whichever thread forked has the child in its list.
fn children(pid: i32) -> Vec<i32> {
    let Ok(threads) = fs::read_dir(format!("/proc/{pid}/task")) else { return Vec::new() };
    let lists = threads.flatten().filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok());
    lists.flat_map(|list| list.split_whitespace().filter_map(|pid| pid.parse().ok()).collect::<Vec<i32>>()).collect()
}

fn by_scan(root: i32) -> Vec<Process> {
    let mut below: HashMap<i32, Vec<Process>> = HashMap::new();
    for process in pids().into_iter().filter_map(process) {
        below.entry(process.parent).or_default().push(process);
    }
    let mut found = below.remove(&root).unwrap_or_default();
    let mut next = 0;
    while next < found.len() {
        let more = below.remove(&found[next].pid).unwrap_or_default();
        found.extend(more);
        next += 1;
    }
    found
}

/// Every process of a session.
pub(super) fn in_session(session: i32) -> Vec<Process> {
    pids().into_iter().filter_map(process).filter(|process| process.session == session).collect()
}

/// The pids of all processes that this one can see.
pub(super) fn pids() -> Vec<i32> {
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}

/// A process by its pid, if there is one.
pub(super) fn process(pid: i32) -> Option<Process> {
    parse_stat(&fs::read(format!("/proc/{pid}/stat")).ok()?)
}

/// proc(5): `pid (name) state ppid pgrp session …`. The name may hold spaces and parentheses, so the last
/// parenthesis is the one that closes it.
fn parse_stat(stat: &[u8]) -> Option<Process> {
    let open = stat.iter().position(|&byte| byte == b'(')?;
    let close = stat.iter().rposition(|&byte| byte == b')')?;
    let pid = str::from_utf8(&stat[..open]).ok()?.trim().parse().ok()?;
    let mut fields = str::from_utf8(&stat[close + 1..]).ok()?.split_ascii_whitespace();
    let zombie = matches!(fields.next()?, "Z" | "X");
    let mut number = || fields.next()?.parse().ok();
    Some(Process { pid, zombie, parent: number()?, group: number()?, session: number()? })
}

/// The sockets that a process holds, by inode; empty when they may not be looked at.
pub(super) fn sockets(pid: i32) -> Vec<u32> {
    let Ok(entries) = fs::read_dir(format!("/proc/{pid}/fd")) else { return Vec::new() };
    let links = entries.flatten().filter_map(|entry| fs::read_link(entry.path()).ok());
    links.filter_map(|link| link.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?.parse().ok()).collect()
}

/// The command line of a process, its arguments joined by spaces; its short name when it has none, empty when it
/// is gone.
pub(super) fn command(pid: i32) -> String {
    let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let words: Vec<_> =
        line.split(|&byte| byte == 0).filter(|word| !word.is_empty()).map(String::from_utf8_lossy).collect();
    if words.is_empty() {
        return fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default().trim_end().to_owned();
    }
    words.join(" ")
}

#[cfg(test)]
#[expect(clippy::disallowed_types, reason = "processes to look at")]
mod tests {
    use std::io::Read;
    use std::net::TcpListener;
    use std::os::fd::AsRawFd;
    use std::process::{Command, Stdio};

    use super::*;

    #[test]
    fn a_name_with_parentheses_does_not_shift_the_fields() {
        let process = parse_stat(b"42 (a) Z 1 (b) S 7 8 9 0 -1").unwrap();
        assert_eq!(process, Process { pid: 42, parent: 7, group: 8, session: 9, zombie: false });
        assert!(parse_stat(b"42 (x) Z 7 8 9").unwrap().zombie);
        assert_eq!(parse_stat(b"42 x Z 7 8 9"), None);
    }

    #[test]
    fn both_ways_find_child_and_grandchild() {
        let mut child = Command::new("sh")
            .args(["-c", "sh -c 'echo; read x' <&0; true"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdout.take().unwrap().read_exact(&mut [0]).unwrap();
        let me = std::process::id() as i32;
        let pid = child.id() as i32;
        let grandchild = *children(pid).first().unwrap();
        for found in [by_children(me), by_scan(me)] {
            let pids: Vec<i32> = found.iter().map(|process| process.pid).collect();
            assert!(pids.contains(&pid) && pids.contains(&grandchild), "{pids:?}");
        }
        assert_eq!(command(grandchild), "sh -c echo; read x");
        drop(child.stdin.take());
        child.wait().unwrap();
    }

    #[test]
    fn own_sockets_are_found_by_inode() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let link = fs::read_link(format!("/proc/self/fd/{}", listener.as_raw_fd())).unwrap();
        let inodes = sockets(std::process::id() as i32);
        assert!(inodes.iter().any(|inode| link.to_str().unwrap() == format!("socket:[{inode}]")));
    }
}
