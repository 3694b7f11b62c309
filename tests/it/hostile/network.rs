//! Ways out over the network: the server's own, and those that it would have the checker take.

use std::io::ErrorKind;
use std::net::TcpListener;
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::net::{SocketAddr, UnixListener};

use super::attack::{Attack, at_every_level};
use crate::support::root;

/// A service of the test's machine, reachable for everybody on it.
fn service() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap().to_string();
    (listener, address)
}

/// Whether nobody has connected, accepted or not.
fn is_untouched(listener: &TcpListener) -> bool {
    listener.accept().is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
}

#[test]
fn no_service_of_the_machine_can_be_reached() {
    at_every_level(|level| {
        let attack = Attack::new(level, "connects-out");
        let (listener, address) = service();
        let path = attack.beside("answers/socket");
        let by_path = UnixListener::bind(&path).unwrap();
        by_path.set_nonblocking(true).unwrap();
        let name = SocketAddr::from_abstract_name(attack.marker()).unwrap();
        let by_name = UnixListener::bind_addr(&name).unwrap();
        by_name.set_nonblocking(true).unwrap();
        attack.tell("targets.txt", format!("{address}\n{}\n@{}\n", path.display(), attack.marker()));
        let graded = attack.graded_by(attack.command_in_the_tests_network(&[]));
        assert_eq!(graded.verdict(), "passed", "{}", graded.report["problem"]);
        let untouched = [is_untouched(&listener), by_path.accept().is_err(), by_name.accept().is_err()];
        match graded.level() {
            "full" => assert_eq!(untouched, [true; 3], "{}", graded.said()),
            "none" => assert_eq!(untouched, [false; 3], "the probe can connect: {}", graded.said()),
            _ => {}
        }
    });
}

#[test]
fn redirects_elsewhere_are_not_followed() {
    let exercise = tempfile::Builder::new().suffix(".toml").tempfile().unwrap();
    let follows = "id = \"follows\"\nversion = \"1.0.0\"\ntitle = { en = \"Follows\", zh = \"跟随\" }\n\
        [[checks]]\nid = \"missing-cookie\"\ntitle = { en = \"Follows\", zh = \"跟随\" }\n\
        steps = [{ get = \"/get\" }, { get = \"/\", redirects = true, expect = { status = 200 } }]\n";
    std::fs::write(exercise.path(), follows).unwrap();
    at_every_level(|level| {
        let (listener, address) = service();
        let file = format!("file://{}", root().join("Cargo.toml").display());
        let elsewhere =
            [&format!("http://{address}/"), "http://192.0.2.1/", &format!("//{address}/"), &file, "gopher://x/"];
        for location in elsewhere {
            let attack = Attack::new(level, "redirects-out");
            attack.tell("location.txt", location);
            let mut command = attack.command_in_the_tests_network(&[]);
            command.arg("-e").arg(exercise.path());
            let graded = attack.graded_by(command);
            assert_eq!((graded.verdict(), graded.failures()), ("failed", vec!["blocked"]), "{location}");
            assert!(!graded.stdout.contains("[package]"), "{location} was read");
        }
        assert!(is_untouched(&listener), "the checker went where the server sent it");
    });
}
