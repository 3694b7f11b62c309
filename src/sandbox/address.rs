//! From where a server listens to where it can be asked.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// The address at which this machine reaches a listener: itself, or the loopback address when the listener takes
/// whatever comes in (`0.0.0.0`, `::`). An IPv4 address in IPv6 clothes (`::ffff:127.0.0.1`) is given as IPv4.
#[must_use]
pub fn reachable(listening: SocketAddr) -> SocketAddr {
    let ip = match listening.ip().to_canonical() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listening.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(listening: &str, expect: &str) {
        let listening: SocketAddr = listening.parse().unwrap();
        assert_eq!(reachable(listening).to_string(), expect);
    }

    #[test]
    fn every_interface_is_reached_by_loopback() {
        check("0.0.0.0:80", "127.0.0.1:80");
        check("[::]:80", "[::1]:80");
        check("[::ffff:0.0.0.0]:80", "127.0.0.1:80");
    }

    #[test]
    fn a_given_interface_stays_as_it_is() {
        check("127.0.0.1:80", "127.0.0.1:80");
        check("192.168.3.4:80", "192.168.3.4:80");
        check("[fe80::1]:80", "[fe80::1]:80");
    }
}
