//! A control group of one's own, where the machine lets this user make one: it counts what single processes do not
//! show, such as memory in files and of many children at once (cgroups(7), version 2).
//!
//! Version 1 is left alone: to put a process into a group of it was seen to take 14 ms, more than twice as long as all
//! other isolation together.

use std::fs;
use std::io::{self, Read as _};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use nix::unistd::Pid;

use super::super::confinement::Limits;
use super::super::isolation::Refusal;
use super::{Done, Step};

/// Folders of one control group, one in each hierarchy that limits something. Removed when this is dropped, which must
/// be after the last process in it has ended.
#[derive(Debug)]
pub(in super::super) struct Group {
    folders: Vec<PathBuf>,
}

/// How the names of our groups begin; the pid of whoever made one comes after it.
const NAME: &str = "checker-";

/// What is limited: the controller, and its file with the value.
struct Limit {
    controller: &'static str,
    file: &'static str,
    most: u64,
}

fn limits(limits: &Limits) -> [Limit; 2] {
    // The watch over the memory is to speak first: it can say why.
    let memory = limits.memory + limits.memory / 4 + 3 * limits.disk;
    [
        Limit { controller: "memory", file: "memory.max", most: memory },
        Limit { controller: "pids", file: "pids.max", most: limits.processes },
    ]
}

impl Group {
    /// Makes a group with these limits.
    pub(in super::super) fn make(wanted: &Limits) -> Done<Group> {
        let own = read("/proc/self/cgroup").step(|| "read /proc/self/cgroup".into())?;
        let mounts = read("/proc/self/mountinfo").step(|| "read /proc/self/mountinfo".into())?;
        let mut group = Group { folders: Vec::new() };
        for limit in limits(wanted) {
            group.add(&limit, &own, &mounts).step(|| format!("make a control group for {}", limit.controller))?;
        }
        if group.folders.is_empty() {
            return Err(Self::refused());
        }
        Ok(group)
    }

    fn add(&mut self, limit: &Limit, own: &str, mounts: &str) -> io::Result<()> {
        let name = format!("{NAME}{}", std::process::id());
        let parent = unified(own, mounts).ok_or(io::ErrorKind::NotFound)?;
        let offered = fs::read_to_string(parent.join("cgroup.controllers"))?;
        if !offered.split_whitespace().any(|controller| controller == limit.controller) {
            return Err(io::ErrorKind::NotFound.into());
        }
        // Refused where the parent has processes of its own; then it may be granted already.
        let _ = fs::write(parent.join("cgroup.subtree_control"), format!("+{}", limit.controller));
        let folder = self.folder(&parent.join(name))?;
        fs::write(folder.join(limit.file), limit.most.to_string())
    }

    /// Makes a folder, once.
    fn folder(&mut self, path: &Path) -> io::Result<PathBuf> {
        if !self.folders.iter().any(|folder| folder == path) {
            sweep(path.parent().unwrap_or(path));
            fs::create_dir(path)?;
            self.folders.push(path.to_owned());
        }
        Ok(path.to_owned())
    }

    /// Puts a process into the group, with all that it will start.
    pub(in super::super) fn take(&self, process: Pid) -> Done {
        for folder in &self.folders {
            fs::write(folder.join("cgroup.procs"), process.to_string())
                .step(|| "put the program into its control group".into())?;
        }
        Ok(())
    }

    /// Descriptors through which a process that is born elsewhere can put itself into the group, by writing `0`.
    pub(in super::super) fn ways_in(&self) -> io::Result<Vec<OwnedFd>> {
        let open = |folder: &PathBuf| fs::OpenOptions::new().write(true).open(folder.join("cgroup.procs"));
        self.folders.iter().map(|folder| open(folder).map(Into::into)).collect()
    }

    /// The refusal that names no step of the machine's, for a list of what is missing.
    pub(in super::super) fn refused() -> Refusal {
        Refusal { step: "no control group is delegated to this user".into(), errno: 0 }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        for folder in &self.folders {
            // The kernel may take a moment to see that the last process is gone.
            let _ = (0..50).any(|_| {
                let removed = fs::remove_dir(folder).is_ok();
                if !removed {
                    std::thread::yield_now();
                }
                removed
            });
        }
    }
}

/// Removes the groups of those who were killed before they could. One with processes in it stays.
fn sweep(parent: &Path) {
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let maker = name.to_str().and_then(|name| name.strip_prefix(NAME)?.parse::<u32>().ok());
        if maker.is_some_and(|maker| !Path::new(&format!("/proc/{maker}")).exists()) {
            let _ = fs::remove_dir(entry.path());
        }
    }
}

/// Reads a file of the kernel's, whose length nobody knows before, in as few pieces as it takes.
fn read(path: &str) -> io::Result<String> {
    let mut text = String::with_capacity(16 << 10);
    fs::File::open(path)?.read_to_string(&mut text)?;
    Ok(text)
}

/// The folder of this process' own group in the hierarchy of version 2.
fn unified(own: &str, mounts: &str) -> Option<PathBuf> {
    let group = own.lines().find_map(|line| line.strip_prefix("0::"))?;
    below(mounts.lines().find(|line| line.contains(" - cgroup2 "))?, group)
}

/// Where a group is seen, given the line of its hierarchy's mount (proc(5)): the mount may show a part alone.
fn below(mount: &str, group: &str) -> Option<PathBuf> {
    let mut words = mount.split(' ').skip(3);
    let (root, at) = (words.next()?, words.next()?);
    let inside = Path::new(group).strip_prefix(root).ok()?;
    Some(Path::new(at).join(inside))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "30 25 0:26 / /sys/fs/cgroup/memory rw,nosuid - cgroup cgroup rw,memory\n\
        31 25 0:27 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n\
        32 25 0:28 /user.slice /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n";

    #[test]
    fn the_group_of_this_process_is_found() {
        assert_eq!(unified("0::/user.slice/me\n", MOUNTS), Some("/sys/fs/cgroup/unified/me".into()));
        assert_eq!(unified("0::/other\n", MOUNTS), None, "the mount does not show it");
    }
}
