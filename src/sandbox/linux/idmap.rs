//! Folders whose files seem to belong to the program's own user, whoever owns them: mounts with mapped owners
//! (mount_setattr(2), Linux 5.12). Only root can make them, so they are made before the namespaces are entered.

use std::ffi::CString;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use super::super::confinement::{Confinement, Form};
use super::namespaces::{owned, users_for_a_mount};
use super::{Done, Step};

/// A place, by its number, and its tree.
pub(in super::super) type Trees = Vec<(usize, OwnedFd)>;

/// The trees of all places that are seen with changes. One that cannot be made is left out; a copy serves instead.
pub(in super::super) fn trees(confinement: &Confinement) -> Trees {
    let Some(user) = confinement.user else { return Vec::new() };
    let mut users: Vec<((u32, u32), OwnedFd)> = Vec::new();
    let mut trees = Vec::new();
    for (number, place) in confinement.places.iter().enumerate() {
        if !matches!(place.form, Form::Throwaway { .. } | Form::Layered { .. }) {
            continue;
        }
        let Ok(about) = place.path.metadata() else { continue };
        let owner = (about.uid(), about.gid());
        if owner.0 == user {
            // Its own already; a plain mount shows it as it is.
            continue;
        }
        if !users.iter().any(|(known, _)| *known == owner) {
            let Ok(namespace) = users_for_a_mount(owner, user) else { return trees };
            users.push((owner, namespace));
        }
        let namespace = users.iter().find(|(known, _)| *known == owner);
        if let Some(tree) = namespace.and_then(|(_, namespace)| tree(&place.path, namespace).ok()) {
            trees.push((number, tree));
        }
    }
    trees
}

/// A copy of the mount at a path, attached nowhere yet, with owners mapped.
fn tree(path: &Path, users: &OwnedFd) -> Done<OwnedFd> {
    let name =
        CString::new(path.as_os_str().as_bytes()).map_err(std::io::Error::from).step(|| "name a folder".into())?;
    let flags = libc::OPEN_TREE_CLONE | libc::OPEN_TREE_CLOEXEC;
    // SAFETY: `name` ends with NUL and lives as long as the call.
    let tree = owned(unsafe { libc::syscall(libc::SYS_open_tree, libc::AT_FDCWD, name.as_ptr(), flags) })
        .step(|| format!("open_tree {}", path.display()))?;
    let attributes = libc::mount_attr {
        attr_set: libc::MOUNT_ATTR_IDMAP | libc::MOUNT_ATTR_RDONLY | libc::MOUNT_ATTR_NOSUID | libc::MOUNT_ATTR_NODEV,
        attr_clr: 0,
        propagation: 0,
        userns_fd: users.as_raw_fd() as u64,
    };
    // SAFETY: the path is empty and ends with NUL, `attributes` is whole, and both live as long as the call.
    let done = unsafe {
        libc::syscall(
            libc::SYS_mount_setattr,
            tree.as_raw_fd(),
            c"".as_ptr(),
            libc::AT_EMPTY_PATH,
            &raw const attributes,
            size_of::<libc::mount_attr>(),
        )
    };
    nix::errno::Errno::result(done).step(|| format!("map the owners of {}", path.display()))?;
    Ok(tree)
}
