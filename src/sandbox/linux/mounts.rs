//! Single mounts, and the names of what failed.

use std::ffi::CString;
use std::fs;
use std::os::fd::{AsRawFd, BorrowedFd};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::Path;

use nix::errno::Errno;
use nix::mount::{MntFlags, MsFlags, mount, umount2};

use super::{Done, Step};

/// No programs that gain rights, no devices.
const HARMLESS: MsFlags = MsFlags::MS_NOSUID.union(MsFlags::MS_NODEV);

/// Mounts a file system of this type.
pub(super) fn fresh(kind: &str, at: &Path, flags: MsFlags, options: &str) -> Done {
    mount(Some(kind), at, Some(kind), flags, Some(options)).step(|| format!("mount {kind} on {}", at.display()))
}

/// Mounts a folder in memory with room for so many bytes and files.
pub(super) fn memory(at: &Path, bytes: u64, files: u64, mode: u32) -> Done {
    fresh("tmpfs", at, HARMLESS, &format!("size={bytes},nr_inodes={files},mode={mode:o}"))
}

/// Shows a file or folder at another place, with all that is mounted below it.
pub(super) fn bind(from: &Path, at: &Path) -> Done {
    make_target(from, at)?;
    mount(Some(from), at, None::<&str>, MsFlags::MS_BIND | MsFlags::MS_REC, None::<&str>)
        .step(|| format!("bind {}", at.display()))
}

/// The same, not to be changed through it.
pub(super) fn bind_fixed(from: &Path, at: &Path) -> Done {
    bind(from, at)?;
    fix(at)
}

/// Attaches a tree that is attached nowhere.
pub(super) fn attach(tree: BorrowedFd<'_>, at: &Path) -> Done {
    let name = CString::new(at.as_os_str().as_bytes()).map_err(std::io::Error::from).step(|| "name a folder".into())?;
    // SAFETY: both paths end with NUL and live as long as the call; the first is empty, as the flag wants it.
    let done = unsafe {
        libc::syscall(
            libc::SYS_move_mount,
            tree.as_raw_fd(),
            c"".as_ptr(),
            libc::AT_FDCWD,
            name.as_ptr(),
            libc::MOVE_MOUNT_F_EMPTY_PATH,
        )
    };
    Errno::result(done).step(|| format!("attach {}", at.display()))?;
    Ok(())
}

/// Makes a mount and all below it unchangeable, without touching flags that a namespace may not change
/// (mount_setattr(2), Linux 5.12).
fn fix(at: &Path) -> Done {
    let name = CString::new(at.as_os_str().as_bytes()).map_err(std::io::Error::from).step(|| "name a folder".into())?;
    let attributes = libc::mount_attr {
        attr_set: libc::MOUNT_ATTR_RDONLY | libc::MOUNT_ATTR_NOSUID | libc::MOUNT_ATTR_NODEV,
        attr_clr: 0,
        propagation: 0,
        userns_fd: 0,
    };
    // SAFETY: `name` ends with NUL, `attributes` is whole, and both live as long as the call.
    let done = unsafe {
        libc::syscall(
            libc::SYS_mount_setattr,
            libc::AT_FDCWD,
            name.as_ptr(),
            libc::AT_RECURSIVE,
            &raw const attributes,
            size_of::<libc::mount_attr>(),
        )
    };
    Errno::result(done).step(|| format!("make {} unchangeable", at.display()))?;
    Ok(())
}

/// Shows a folder with changes that go elsewhere. The uppermost of the lower folders comes first.
pub(super) fn overlay(at: &Path, lower: &[&Path], upper: &Path, work: &Path) -> Done {
    let lower: Vec<_> = lower.iter().map(|path| escaped(path)).collect();
    let options =
        format!("lowerdir={},upperdir={},workdir={},userxattr", lower.join(":"), escaped(upper), escaped(work));
    fresh("overlay", at, HARMLESS, &options)
}

/// A path as overlayfs reads it; the places it is given are the checker's own and need none of this, but for what
/// the user calls a temporary folder.
fn escaped(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "\\\\").replace(':', "\\:").replace(',', "\\,")
}

/// Takes a mount away; what is still open in it stays until it is closed.
pub(super) fn detach(at: &Path) -> Done {
    umount2(at, MntFlags::MNT_DETACH).step(|| format!("unmount {}", at.display()))
}

/// Something at `at` that a mount of `from` can cover.
fn make_target(from: &Path, at: &Path) -> Done {
    let about = fs::metadata(from).step(|| format!("look at {}", at.display()))?;
    if about.is_dir() {
        return make_folder(at);
    }
    make_parent(at)?;
    if at.symlink_metadata().is_err() {
        fs::File::create(at).step(|| format!("make {}", at.display()))?;
    }
    Ok(())
}

/// A folder, with those above it.
pub(super) fn make_folder(at: &Path) -> Done {
    // Asked first: where the system's own folders are, nothing can be made.
    if at.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(at).step(|| format!("make {}", at.display()))
}

/// The folder above a path.
pub(super) fn make_parent(at: &Path) -> Done {
    at.parent().map_or(Ok(()), make_folder)
}

/// Makes a link that says the same as another.
pub(super) fn same_link(from: &Path, at: &Path) -> Done {
    make_parent(at)?;
    let target = fs::read_link(from).step(|| format!("read the link {}", at.display()))?;
    match symlink(target, at) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        other => other.step(|| format!("link {}", at.display())),
    }
}

/// Copies one file with its mode and time, and gives it to a user if one is named.
pub(super) fn copy_file(from: &Path, to: &Path, owner: Option<u32>) -> Done {
    let name = || format!("copy {}", to.display());
    let about = fs::symlink_metadata(from).step(name)?;
    fs::copy(from, to).step(name)?;
    let modified = about.modified().step(name)?;
    fs::File::open(to).and_then(|file| file.set_modified(modified)).step(name)?;
    give(to, owner)
}

/// Copies what is in a folder: files, folders and links; nothing else is taken.
pub(super) fn copy_folder(from: &Path, to: &Path, owner: Option<u32>) -> Done {
    for entry in fs::read_dir(from).step(|| format!("read {}", from.display()))?.flatten() {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        let Ok(about) = entry.metadata() else { continue };
        if about.is_symlink() {
            same_link(&from, &to)?;
        } else if about.is_dir() {
            fs::create_dir(&to).step(|| format!("make {}", to.display()))?;
            copy_folder(&from, &to, owner)?;
            fs::set_permissions(&to, fs::Permissions::from_mode(about.mode() & 0o777 | 0o700))
                .step(|| format!("open {}", to.display()))?;
            give(&to, owner)?;
        } else if about.is_file() {
            copy_file(&from, &to, owner)?;
        }
    }
    Ok(())
}

/// Gives a file or folder to a user.
pub(super) fn give(path: &Path, owner: Option<u32>) -> Done {
    match owner {
        Some(user) => {
            std::os::unix::fs::lchown(path, Some(user), Some(user)).step(|| format!("own {}", path.display()))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_overlayfs_takes_for_a_sign_is_escaped() {
        assert_eq!(escaped(Path::new("/a:b,c\\d")), "/a\\:b\\,c\\\\d");
    }
}
