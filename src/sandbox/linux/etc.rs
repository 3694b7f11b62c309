//! The `/etc` that a confined program sees: what libraries look for, nothing of this machine's people.

use std::fs;
use std::path::Path;

use nix::unistd::{getegid, geteuid};

use super::super::confinement::{Confinement, Network};
use super::mounts::{bind_fixed, make_parent};
use super::{Done, Step};

/// Files and folders that languages and libraries read to know themselves, none of which holds a secret.
const SHOWN: [&str; 28] = [
    "ld.so.cache",
    "ld.so.conf",
    "ld.so.conf.d",
    "alternatives",
    "ssl/certs",
    "ssl/openssl.cnf",
    "pki/tls/certs",
    "pki/ca-trust/extracted",
    "pki/java",
    "ca-certificates",
    "crypto-policies",
    "localtime",
    "timezone",
    "mime.types",
    "magic",
    "nsswitch.conf",
    "protocols",
    "services",
    "os-release",
    "debian_version",
    "java",
    "java-11-openjdk",
    "java-17-openjdk",
    "java-21-openjdk",
    "java-25-openjdk",
    "php",
    "php.ini",
    "perl",
];

/// What is needed to fetch packages from elsewhere.
const SHOWN_TO_FETCH: [&str; 4] = ["resolv.conf", "hosts", "pip.conf", "npmrc"];

/// Fills `/etc`. The machine's own is below `old`.
pub(super) fn fill(old: &Path, confinement: &Confinement) -> Done {
    let fetches = confinement.network == Network::Machine;
    let more = if fetches { &SHOWN_TO_FETCH[..] } else { &[] };
    for name in SHOWN.iter().chain(more) {
        show(&old.join("etc").join(name), &Path::new("/etc").join(name))?;
    }
    let user = confinement.user.unwrap_or(geteuid().as_raw());
    let group = confinement.user.unwrap_or(getegid().as_raw());
    let written = [
        ("passwd", format!("root:x:0:0:root:/:/bin/sh\nstudent:x:{user}:{group}:student:/tmp:/bin/sh\n")),
        ("group", format!("root:x:0:\nstudent:x:{group}:\n")),
        ("hostname", "sandbox\n".to_owned()),
        ("hosts", "127.0.0.1 localhost sandbox\n::1 localhost sandbox\n".to_owned()),
        ("resolv.conf", String::new()),
    ];
    for (name, text) in written {
        let path = Path::new("/etc").join(name);
        if path.symlink_metadata().is_err() {
            make_parent(&path)?;
            fs::write(&path, text).step(|| format!("write {}", path.display()))?;
        }
    }
    Ok(())
}

/// Small files are copied, which is cheaper than a mount each. A link that leads elsewhere is followed.
fn show(from: &Path, at: &Path) -> Done {
    let Ok(real) = within(from) else { return Ok(()) };
    let Ok(about) = fs::metadata(&real) else { return Ok(()) };
    if about.is_dir() {
        return bind_fixed(&real, at);
    }
    if !about.is_file() {
        return Ok(());
    }
    make_parent(at)?;
    // What may not be read would not be of use either.
    let Ok(bytes) = fs::read(&real) else { return Ok(()) };
    fs::write(at, bytes).step(|| format!("write {}", at.display()))
}

/// Where a path below the old root leads: an absolute link is meant from the old root too.
fn within(path: &Path) -> std::io::Result<std::path::PathBuf> {
    let Ok(target) = fs::read_link(path) else { return Ok(path.to_owned()) };
    let Ok(inner) = target.strip_prefix("/") else { return path.canonicalize() };
    Ok(super::root::OLD_ROOT.as_ref() as &Path).map(|old| old.join(inner))
}
