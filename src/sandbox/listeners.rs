//! Which of a machine's listening TCP sockets belong to one process tree, and who holds a port.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};

#[cfg(target_os = "linux")]
use std::collections::HashMap;
#[cfg(target_os = "linux")]
use std::os::fd::OwnedFd;

#[cfg(target_os = "linux")]
use super::descendants;
#[cfg(target_os = "linux")]
use super::diag::{Diag, Listening};
use super::fallback::Candidates;

/// A TCP socket on which a process of our own tree waits for connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listener {
    /// Where it listens, as the program asked for it; may be unspecified (`0.0.0.0`).
    pub addr: SocketAddr,
    /// A process that held it when it was first seen; `None` where the system does not tell.
    pub pid: Option<i32>,
    /// Its place in the order in which the tree's listeners were seen, from 0.
    pub order: usize,
}

/// The process that listens on a port, for messages to people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// `None` when it belongs to somebody whose processes this one may not look at.
    pub pid: Option<i32>,
    /// Its command line, arguments joined by spaces; empty when the pid is unknown.
    pub command: String,
}

/// The eyes that a process tree has for its own listeners.
#[derive(Debug)]
pub(super) struct Watch {
    #[cfg(target_os = "linux")]
    exact: Option<Exact>,
    #[cfg(target_os = "linux")]
    inside: Option<Diag>,
    candidates: Candidates,
    seen: Vec<SocketAddr>,
}

impl Watch {
    /// Must be made before the program is started: sockets that listen now are others'. `ports` are those where
    /// the program may be expected, should the kernel not tell.
    pub(super) fn new(ports: &[u16]) -> Watch {
        #[cfg(target_os = "linux")]
        if let Ok(exact) = Exact::open() {
            return Watch { exact: Some(exact), inside: None, candidates: Candidates::default(), seen: Vec::new() };
        }
        Watch {
            #[cfg(target_os = "linux")]
            exact: None,
            #[cfg(target_os = "linux")]
            inside: None,
            candidates: Candidates::new(ports),
            seen: Vec::new(),
        }
    }

    /// For a program in a network of its own, through a socket of that network: whatever listens there is its own.
    #[cfg(target_os = "linux")]
    pub(super) fn inside(lister: OwnedFd) -> Watch {
        Watch { exact: None, inside: Some(lister.into()), candidates: Candidates::default(), seen: Vec::new() }
    }

    /// For a program of which this is not asked.
    pub(super) fn blind() -> Watch {
        Watch {
            #[cfg(target_os = "linux")]
            exact: None,
            #[cfg(target_os = "linux")]
            inside: None,
            candidates: Candidates::default(),
            seen: Vec::new(),
        }
    }

    /// Looks at these ports too, where looking at ports is all there is.
    pub(super) fn expect_ports(&mut self, ports: &[u16]) {
        #[cfg(target_os = "linux")]
        if self.exact.is_some() || self.inside.is_some() {
            return;
        }
        self.candidates.add(ports);
    }

    /// The listeners of `root`'s descendants at this moment, in the order in which they were first seen.
    pub(super) fn poll(&mut self, root: i32) -> Vec<Listener> {
        #[cfg(target_os = "linux")]
        if let Some(exact) = &mut self.exact {
            return exact.poll(root);
        }
        let _ = root;
        let listening = self.listening();
        self.seen.extend(listening.iter().filter(|addr| !self.seen.contains(addr)).copied().collect::<Vec<_>>());
        let seen = self.seen.iter().enumerate().filter(|(_, addr)| listening.contains(addr));
        seen.map(|(order, &addr)| Listener { addr, pid: None, order }).collect()
    }
}

impl Watch {
    /// What is the program's own, however that is known.
    fn listening(&mut self) -> Vec<SocketAddr> {
        #[cfg(target_os = "linux")]
        if let Some(inside) = &mut self.inside {
            return inside.listening().unwrap_or_default().into_iter().map(|one| one.addr).collect();
        }
        self.candidates.listening()
    }
}

/// The kernel's list, and what is known of each socket on it.
#[cfg(target_os = "linux")]
#[derive(Debug)]
struct Exact {
    diag: Diag,
    known: HashMap<u32, Owner>,
    next: usize,
}

#[cfg(target_os = "linux")]
#[derive(Clone, Copy, Debug)]
enum Owner {
    /// It listened before the program was started.
    Foreign,
    /// Looked for among the tree's descriptors and not found, in so many polls.
    Unknown {
        polls: u32,
    },
    Ours {
        pid: i32,
        order: usize,
    },
}

#[cfg(target_os = "linux")]
impl Exact {
    fn open() -> io::Result<Exact> {
        let mut diag = Diag::open()?;
        let known = diag.listening()?.into_iter().map(|one| (one.inode, Owner::Foreign)).collect();
        Ok(Exact { diag, known, next: 0 })
    }

    fn poll(&mut self, root: i32) -> Vec<Listener> {
        // The kernel answers or is out of memory: then there is nothing new at this poll.
        let Ok(listening) = self.diag.listening() else { return Vec::new() };
        self.known.retain(|inode, _| listening.iter().any(|one| one.inode == *inode));
        if self.wants_a_search(&listening) {
            self.search(root, &listening);
        }
        let mut ours: Vec<Listener> = listening.iter().filter_map(|one| self.listener(one)).collect();
        ours.sort_by_key(|listener| listener.order);
        ours
    }

    /// Searching the tree's descriptors costs some 100 µs, so it happens for news only. A search can miss a process
    /// that is born at that moment, so it is done again in the next polls, ever more rarely: a stranger's new
    /// listener must not cost a search each time.
    fn wants_a_search(&mut self, listening: &[Listening]) -> bool {
        let mut wanted = false;
        for one in listening {
            if let Owner::Unknown { polls } = self.known.entry(one.inode).or_insert(Owner::Unknown { polls: 0 }) {
                *polls += 1;
                wanted |= *polls <= 4 || polls.is_power_of_two();
            }
        }
        wanted
    }

    fn search(&mut self, root: i32, listening: &[Listening]) {
        let mut holders = HashMap::new();
        for process in descendants::of(root) {
            for inode in descendants::sockets(process.pid) {
                holders.entry(inode).or_insert(process.pid);
            }
        }
        for one in listening {
            let owner = self.known.get_mut(&one.inode);
            if let (Some(owner @ Owner::Unknown { .. }), Some(&pid)) = (owner, holders.get(&one.inode)) {
                *owner = Owner::Ours { pid, order: self.next };
                self.next += 1;
            }
        }
    }

    fn listener(&self, one: &Listening) -> Option<Listener> {
        match self.known.get(&one.inode)? {
            Owner::Ours { pid, order } => Some(Listener { addr: one.addr, pid: Some(*pid), order: *order }),
            Owner::Foreign | Owner::Unknown { .. } => None,
        }
    }
}

/// Every address on which anything of this machine listens; empty where the system does not tell.
#[must_use]
pub fn all_listeners() -> Vec<SocketAddr> {
    #[cfg(target_os = "linux")]
    {
        let listening = Diag::open().and_then(|mut diag| diag.listening()).unwrap_or_default();
        listening.into_iter().map(|one| one.addr).collect()
    }
    #[cfg(not(target_os = "linux"))]
    Vec::new()
}

/// Who listens on a port, on whatever address; `None` when nobody does or the system does not tell.
///
/// Looks at every process of the machine: for the message when something went wrong, not for every run.
#[must_use]
pub fn holder_of(port: u16) -> Option<Holder> {
    #[cfg(target_os = "linux")]
    {
        let listening = Diag::open().and_then(|mut diag| diag.listening()).ok()?;
        let inodes: Vec<u32> = listening.iter().filter(|one| one.addr.port() == port).map(|one| one.inode).collect();
        if inodes.is_empty() {
            return None;
        }
        let holds = |&pid: &i32| descendants::sockets(pid).iter().any(|inode| inodes.contains(inode));
        let pid = descendants::pids().into_iter().find(holds);
        Some(Holder { pid, command: pid.map(descendants::command).unwrap_or_default() })
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = port;
        None
    }
}

/// A port on which nothing listens at this moment, on loopback of either family. Nothing keeps it free: another
/// process may take it before it is used.
pub fn free_port() -> io::Result<u16> {
    loop {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let six = TcpListener::bind((Ipv6Addr::LOCALHOST, port));
        // Any other error means that there is no IPv6 here.
        if !six.is_err_and(|error| error.kind() == io::ErrorKind::AddrInUse) {
            return Ok(port);
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn the_holder_of_a_port_is_this_process() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let holder = holder_of(port).unwrap();
        assert_eq!(holder.pid, Some(std::process::id() as i32));
        assert!(!holder.command.is_empty());
        assert!(all_listeners().iter().any(|addr| addr.port() == port));
        drop(listener);
        assert_eq!(holder_of(port), None);
    }

    #[test]
    fn a_listener_outside_of_the_tree_is_never_ours() {
        let before = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut exact = Exact::open().unwrap();
        let after = TcpListener::bind("127.0.0.1:0").unwrap();
        // A root without descendants: this process' listeners are outside of its tree.
        for _ in 0..20 {
            assert_eq!(exact.poll(i32::MAX), []);
        }
        drop((before, after));
    }

    #[test]
    fn a_strangers_listener_is_searched_for_ever_more_rarely() {
        let mut exact = Exact::open().unwrap();
        let listening = [Listening { addr: "127.0.0.1:1".parse().unwrap(), inode: u32::MAX }];
        let searches = (0..1000).filter(|_| exact.wants_a_search(&listening)).count();
        assert_eq!(searches, 4 + 7);
    }

    #[test]
    fn a_free_port_can_be_bound() {
        let port = free_port().unwrap();
        TcpListener::bind(("127.0.0.1", port)).unwrap();
    }
}
