//! Where text goes: standard output, standard error, files.

use std::io::{self, Write as _};
use std::path::Path;

use anstream::{AutoStream, ColorChoice};

use super::error::Error;
use crate::message::Message;

/// Prints data. Colour sequences are kept or stripped by `color`; a reader that has gone away is no error.
pub(super) fn stdout(text: &str, color: ColorChoice) -> Result<(), Error> {
    // To look for sequences where there are none would cost more than to print.
    let written = if text.contains('\u{1b}') {
        let mut stream = AutoStream::new(io::stdout().lock(), color);
        stream.write_all(text.as_bytes()).and_then(|()| stream.flush())
    } else {
        let mut stream = io::stdout().lock();
        stream.write_all(text.as_bytes()).and_then(|()| stream.flush())
    };
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Error::Machine(Message::new("error-stdout").with("error", error.to_string())))
        }
        _ => Ok(()),
    }
}

/// Whether somebody may still read what is printed: a pipe whose reader has gone away says so.
#[cfg(unix)]
pub(super) fn is_read() -> bool {
    use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
    use std::os::fd::AsFd as _;
    let stdout = io::stdout();
    let mut asked = [PollFd::new(stdout.as_fd(), PollFlags::POLLOUT)];
    let told = poll(&mut asked, PollTimeout::ZERO);
    told.is_err() || !asked[0].revents().is_some_and(|events| events.contains(PollFlags::POLLERR))
}

/// Prints progress or an error. If even that cannot be printed, nobody is there to be told.
pub(super) fn stderr(text: &str, color: ColorChoice) {
    let _ = AutoStream::new(io::stderr().lock(), color).write_all(text.as_bytes());
}

/// Writes a file whole or not at all: beside its place first, then renamed into it.
pub(super) fn file(path: &Path, text: &str) -> Result<(), Error> {
    let write = || -> io::Result<()> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let mut temporary = tempfile::Builder::new()
            .prefix(".checker-")
            .permissions(permissions())
            .tempfile_in(folder.unwrap_or(Path::new(".")))?;
        temporary.write_all(text.as_bytes())?;
        temporary.as_file().sync_all()?;
        temporary.persist(path)?;
        Ok(())
    };
    // A device such as /dev/stdout or a pipe cannot be renamed into.
    let special = path.metadata().is_ok_and(|metadata| !metadata.is_file());
    let written = if special { std::fs::write(path, text) } else { write() };
    written.map_err(|error| Error::file("error-write", path, &error))
}

/// What a file that a program creates usually has; the umask takes away from it.
#[cfg(unix)]
fn permissions() -> std::fs::Permissions {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::Permissions::from_mode(0o666)
}
