//! What stands in where Linux's means are missing: process groups instead of descendants, and a knock at the
//! usual ports instead of the kernel's list of listeners.
//!
//! Weaker on purpose and by nature: a process that leaves its group escapes, and a listener is taken for the
//! program's own if the port was silent before the program was started. The ports are also the last resort on a
//! Linux that refuses netlink.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

#[cfg(any(test, not(target_os = "linux")))]
use nix::{sys::signal::killpg, unistd::Pid};

/// The ports that teaching material uses: Flask, Django and FastAPI, Java and Go, Express.
const USUAL_PORTS: [u16; 4] = [5000, 8000, 8080, 3000];

/// Loopback answers or refuses at once; only a full queue of connections takes longer.
const PATIENCE: Duration = Duration::from_millis(20);

/// The ports at which a program's listener is looked for by connecting.
#[derive(Debug, Default)]
pub(super) struct Candidates {
    ports: Vec<u16>,
    foreign: Vec<SocketAddr>,
}

impl Candidates {
    /// Must be made before the program is started: whatever answers now is another's.
    pub(super) fn new(ports: &[u16]) -> Candidates {
        let mut candidates = Candidates::default();
        candidates.add(ports);
        candidates.add(&USUAL_PORTS);
        candidates
    }

    /// Looks at these ports too. What answers there already is another's.
    pub(super) fn add(&mut self, ports: &[u16]) {
        for &port in ports {
            if port != 0 && !self.ports.contains(&port) {
                self.foreign.extend(answering(&[port]));
                self.ports.push(port);
            }
        }
    }

    /// The addresses that answer now and did not before.
    pub(super) fn listening(&self) -> Vec<SocketAddr> {
        let mut found = answering(&self.ports);
        found.retain(|addr| !self.foreign.contains(addr));
        found
    }
}

fn answering(ports: &[u16]) -> Vec<SocketAddr> {
    const LOOPBACK: [IpAddr; 2] = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
    let addresses = ports.iter().flat_map(|&port| LOOPBACK.map(|ip| SocketAddr::new(ip, port)));
    addresses.filter(|addr| TcpStream::connect_timeout(addr, PATIENCE).is_ok()).collect()
}

/// Whether no process of the program's group is left. The group's number stays taken as long as it has a member,
/// so asking is safe until the answer is yes.
#[cfg(any(test, not(target_os = "linux")))]
pub(super) fn group_is_gone(program: Pid) -> bool {
    killpg(program, None).is_err()
}

#[cfg(test)]
#[expect(clippy::disallowed_types, reason = "processes to look at")]
mod tests {
    use std::io::Read;
    use std::net::TcpListener;
    use std::os::unix::process::CommandExt;
    use std::process::{Command, Stdio};

    use nix::sys::signal::Signal;

    use super::*;

    #[test]
    fn a_port_that_answered_before_the_start_is_never_the_programs() {
        let before = TcpListener::bind("127.0.0.1:0").unwrap();
        let later = TcpListener::bind("127.0.0.1:0").unwrap();
        let [taken, free] = [&before, &later].map(|listener| listener.local_addr().unwrap());
        drop(later);
        let candidates = Candidates::new(&[taken.port(), free.port()]);
        assert!(!candidates.listening().contains(&taken));
        let _later = TcpListener::bind(free).unwrap();
        let found = candidates.listening();
        assert!(found.contains(&free) && !found.contains(&taken), "{found:?}");
    }

    #[test]
    fn a_group_is_gone_when_its_last_process_was_waited_for() {
        let mut shell = Command::new("sh")
            .args(["-c", "echo; read x"])
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        shell.stdout.take().unwrap().read_exact(&mut [0]).unwrap();
        let program = Pid::from_raw(shell.id() as i32);
        assert!(!group_is_gone(program));
        killpg(program, Signal::SIGKILL).unwrap();
        shell.wait().unwrap();
        assert!(group_is_gone(program));
    }
}
