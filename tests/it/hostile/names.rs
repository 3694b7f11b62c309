//! Names and kinds of files that are rarely thought of.

use std::ffi::{CString, OsStr, OsString};
use std::fmt;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::Path;

use nix::sys::stat::Mode;
use nix::unistd::mkfifo;

use super::attack::{Attack, Level, at_every_level, levels, page};
use crate::support::{fixture, for_each};

/// Names that are legal and unkind: to terminals, tables, shells, and whoever takes names for text.
fn names() -> Vec<OsString> {
    let texts: [&[u8]; 17] = [
        b"two\nlines",
        b"tab\tand\rreturn",
        b"\x1b]52;c;aGVsbG8=\x07\x1b[2J",
        b"bell\x07\x08\x7f",
        b"\xff\xfe not UTF-8",
        b"half \xe4\xbd",
        "turned \u{202e}yp.exe".as_bytes(),
        b"=1+1",
        b"-rf",
        b"--help",
        b"..folder",
        b"...",
        b"$(touch x) `id` ; # & | < >",
        b"quote ' \" \\",
        b"%s %n {0} ::error::x",
        b"a:b,c=d\\:e",
        b" ",
    ];
    let long = "x".repeat(250);
    texts.iter().map(|text| OsStr::from_bytes(text).to_owned()).chain([long.into()]).collect()
}

fn correct() -> std::path::PathBuf {
    fixture("submissions/good/python-socket")
}

/// A name at a level.
struct Case(&'static Level, OsString);

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} at level {}", self.1, self.0.name)
    }
}

#[test]
fn a_submission_may_be_called_anything() {
    let cases: Vec<_> =
        levels().iter().flat_map(|level| names().into_iter().map(move |name| Case(level, name))).collect();
    for_each(&cases, |Case(level, name)| {
        let attack = Attack::of(level, &correct(), name);
        let graded = attack.graded(&[]);
        if graded.verdict() != "passed" {
            return Err(graded.report["problem"].to_string());
        }
        let ran = page(level, &attack.submission, &["-v", "--check", "missing-cookie"]);
        let wild: Vec<_> = ran.stdout.chars().filter(|c| c.is_control() && *c != '\n').collect();
        if !wild.is_empty() || ran.stdout.contains('\u{202e}') {
            return Err(format!("{wild:?} or a turned text in {}", ran.stdout));
        }
        if ran.code == Some(0) { Ok(()) } else { Err(ran.page()) }
    });
}

#[test]
fn files_may_be_called_anything() {
    at_every_level(|level| {
        let attack = Attack::of(level, &correct(), OsStr::new("submission"));
        for name in names() {
            fs::write(attack.submission.join(&name), "print(1)\n").unwrap();
            let name = [name.as_bytes(), b".py"].concat();
            fs::write(attack.submission.join(OsStr::from_bytes(&name)), "def broken(:\n").unwrap();
        }
        let graded = attack.graded(&[]);
        assert_eq!(graded.verdict(), "passed", "{}", graded.report["problem"]);
        let ran = page(level, &attack.submission, &["-v", "--check", "missing-cookie"]);
        assert!(!ran.stdout.contains('\u{1b}') && !ran.stderr.contains('\u{1b}'), "{}", ran.page());
    });
}

#[test]
fn a_program_with_an_unkind_name_is_run_or_refused_calmly() {
    let cases: Vec<_> =
        levels().iter().flat_map(|level| names().into_iter().map(move |name| Case(level, name))).collect();
    for_each(&cases, |Case(level, name)| {
        let attack = Attack::of(level, &correct(), OsStr::new("submission"));
        let name = [name.as_bytes(), b".py"].concat();
        fs::rename(attack.submission.join("main.py"), attack.submission.join(OsStr::from_bytes(&name))).unwrap();
        let graded = attack.graded(&[]);
        match (graded.verdict(), graded.problem()) {
            ("passed", None) => Ok(()),
            ("failed", Some(_)) if graded.report["problem"]["blame"] == "submission" => Ok(()),
            other => Err(format!("{other:?}: {}", graded.report["problem"])),
        }
    });
}

/// Makes a device that is nothing worse than `/dev/zero`; needs rights that not everybody has.
fn make_device(path: &Path) -> bool {
    let path = CString::new(path.as_os_str().as_bytes()).unwrap();
    // SAFETY: `path` ends with NUL and lives as long as the call.
    unsafe { libc::mknod(path.as_ptr(), libc::S_IFCHR | 0o600, libc::makedev(1, 5)) == 0 }
}

#[test]
fn fifos_sockets_and_devices_are_never_opened() {
    at_every_level(|level| {
        let attack = Attack::of(level, &correct(), OsStr::new("submission"));
        let at = |name: &str| attack.submission.join(name);
        for name in ["aaa.py", "Procfile", "requirements.txt", "package.json", "templates.html"] {
            mkfifo(&at(name), Mode::S_IRWXU).unwrap();
        }
        let _socket = UnixListener::bind(at("server.py")).unwrap();
        make_device(&at("main.py"));
        symlink("/dev/zero", at("hello.py")).unwrap();
        symlink("loop.py", at("loop.py")).unwrap();
        symlink(".", at("self")).unwrap();
        symlink("..", at("up")).unwrap();
        let graded = attack.graded(&[]);
        assert_eq!(graded.verdict(), "passed", "{}", graded.report["problem"]);
    });
}

#[test]
fn what_is_no_file_and_no_folder_is_no_submission() {
    at_every_level(|level| {
        let place = tempfile::tempdir().unwrap();
        let at = |name: &str| place.path().join(name);
        mkfifo(&at("fifo"), Mode::S_IRWXU).unwrap();
        mkfifo(&at("fifo.py"), Mode::S_IRWXU).unwrap();
        let _socket = UnixListener::bind(at("socket.py")).unwrap();
        symlink("/dev/zero", at("zero.py")).unwrap();
        symlink("loop.py", at("loop.py")).unwrap();
        let paths = ["fifo", "fifo.py", "socket.py", "zero.py", "loop.py"].map(at);
        for path in paths.iter().map(AsRef::as_ref).chain([Path::new("/dev/zero"), Path::new("/dev/null")]) {
            let ran = page(level, path, &["-f", "json"]);
            assert!(matches!(ran.code, Some(1 | 2)), "{}: {}", path.display(), ran.page());
        }
    });
}

#[test]
fn folders_in_folders_come_to_an_end() {
    at_every_level(|level| {
        let attack = Attack::of(level, &correct(), OsStr::new("submission"));
        let mut deep = attack.submission.clone();
        for _ in 0..200 {
            deep.push("deeper-x");
        }
        fs::create_dir_all(&deep).unwrap();
        fs::write(deep.join("app.py"), "raise SystemExit(1)\n").unwrap();
        let graded = attack.graded(&[]);
        assert_eq!(graded.verdict(), "passed", "{}", graded.report["problem"]);
    });
}
