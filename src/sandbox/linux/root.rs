//! A file system of one's own: the system's programs and libraries, the places that were named, nothing else.

use std::fs;
use std::os::fd::AsFd as _;
use std::os::unix::fs::{MetadataExt as _, symlink};
use std::path::{Path, PathBuf};

use nix::mount::{MsFlags, mount};
use nix::unistd::pivot_root;

use super::super::confinement::{Confinement, Form, Layer, Limits, Place};
use super::super::isolation::{Feature, Held, Refusal};
use super::idmap::Trees;
use super::mounts::{
    attach, bind, bind_fixed, copy_file, copy_folder, detach, fresh, give, make_folder, make_parent, memory, overlay,
    same_link,
};
use super::{Done, Step, etc};

/// Where the machine's own file system is while the new one is built.
pub(super) const OLD_ROOT: &str = "/.old";

/// Where the folders that are laid over each other wait for that.
const STAGE: &str = "/.stage";

/// The system's programs and libraries. Nothing of a user's is there.
const SYSTEM: [&str; 8] = ["usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32", "nix"];

/// Devices that hold nothing.
const DEVICES: [&str; 5] = ["null", "zero", "full", "random", "urandom"];

/// Builds the file system and moves into it, to the root. The process must have a mount namespace of its own.
pub(in super::super) fn build(confinement: &Confinement, trees: &Trees, held: &mut Held) -> Done {
    move_into_memory()?;
    let old = Path::new(OLD_ROOT);
    system(old)?;
    etc::fill(old, confinement)?;
    devices(old)?;
    processes(held)?;
    let limits = &confinement.limits;
    for folder in ["/tmp", "/var/tmp", "/dev/shm"] {
        make_folder(Path::new(folder))?;
        memory(Path::new(folder), limits.disk, limits.files, 0o1777)?;
    }
    // In memory of its own, so that it can be taken away as a whole, with all that is mounted there.
    make_folder(Path::new(STAGE))?;
    memory(Path::new(STAGE), 64 << 10, 4096, 0o700)?;
    let mut overlaid = Ok(());
    for (number, place) in in_order(&confinement.places) {
        let tree = trees.iter().find(|(tree, _)| *tree == number).map(|(_, tree)| tree);
        let builder = Builder { old, confinement, stage: Path::new(STAGE).join(number.to_string()), place };
        overlaid = overlaid.and(builder.show(tree.map(|tree| tree.as_fd()))?);
    }
    // A copy is thrown away as well; only the means is another.
    held.note(Feature::Overlay, overlaid);
    for folder in [old, Path::new(STAGE)] {
        detach(folder)?;
        fs::remove_dir(folder).step(|| format!("remove {}", folder.display()))?;
    }
    let fixed = MsFlags::MS_REMOUNT | MsFlags::MS_BIND | MsFlags::MS_RDONLY | MsFlags::MS_NOSUID | MsFlags::MS_NODEV;
    mount(None::<&str>, "/", None::<&str>, fixed, None::<&str>).step(|| "make the root unchangeable".into())
}

/// Makes a folder in memory the root, with the old root below it.
fn move_into_memory() -> Done {
    let private = MsFlags::MS_REC | MsFlags::MS_PRIVATE;
    mount(None::<&str>, "/", None::<&str>, private, None::<&str>).step(|| "keep mounts to oneself".into())?;
    // Any folder will do: it is uncovered again by the move.
    let start = Path::new("/tmp");
    memory(start, 4 << 20, 4096, 0o755)?;
    let old = start.join(OLD_ROOT.trim_start_matches('/'));
    fs::create_dir(&old).step(|| "make a place for the old root".into())?;
    pivot_root(start, &old).step(|| "pivot_root".into())?;
    std::env::set_current_dir("/").step(|| "enter the new root".into())
}

fn system(old: &Path) -> Done {
    for name in SYSTEM {
        let (from, at) = (old.join(name), Path::new("/").join(name));
        match from.symlink_metadata() {
            Ok(about) if about.is_symlink() => same_link(&from, &at)?,
            Ok(about) if about.is_dir() => bind_fixed(&from, &at)?,
            _ => {}
        }
    }
    Ok(())
}

fn devices(old: &Path) -> Done {
    let folder = Path::new("/dev");
    make_folder(folder)?;
    fresh("tmpfs", folder, MsFlags::MS_NOSUID | MsFlags::MS_NOEXEC, "size=64k,nr_inodes=64,mode=755")?;
    for name in DEVICES {
        bind(&old.join("dev").join(name), &folder.join(name))?;
    }
    let links = [("fd", ""), ("stdin", "/0"), ("stdout", "/1"), ("stderr", "/2")];
    for (name, descriptor) in links {
        symlink(format!("/proc/self/fd{descriptor}"), folder.join(name)).step(|| format!("link /dev/{name}"))?;
    }
    Ok(())
}

fn processes(held: &mut Held) -> Done {
    let at = Path::new("/proc");
    make_folder(at)?;
    fresh("proc", at, MsFlags::MS_NOSUID | MsFlags::MS_NODEV | MsFlags::MS_NOEXEC, "")?;
    held.hold(Feature::Proc);
    Ok(())
}

/// Places with those above before those below, so that none covers another; each with its number.
fn in_order(places: &[Place]) -> Vec<(usize, &Place)> {
    let mut ordered: Vec<_> = places.iter().enumerate().collect();
    ordered.sort_by_key(|(_, place)| place.path.components().count());
    ordered
}

/// One place, being made.
struct Builder<'b> {
    old: &'b Path,
    confinement: &'b Confinement,
    /// A folder for what is laid over each other.
    stage: PathBuf,
    place: &'b Place,
}

impl Builder<'_> {
    /// Makes the place. The inner result says whether it could be an overlay, where it should.
    fn show(&self, tree: Option<std::os::fd::BorrowedFd<'_>>) -> Done<Result<(), Refusal>> {
        let (from, at) = (self.from(), self.place.path.as_path());
        match &self.place.form {
            Form::Fixed => self.fixed(&from, at)?,
            Form::Shared => bind(&from, at)?,
            Form::Empty => self.empty(at)?,
            Form::Begun { layer, keeps: true } => self.begin(at, layer)?,
            Form::Begun { layer, keeps: false } => return self.begun(at, layer),
            Form::Copied => {
                make_parent(at)?;
                // An earlier command may have changed it.
                if at.symlink_metadata().is_err() {
                    copy_file(&from, at, self.owner())?;
                }
            }
            Form::Throwaway { layer } => return self.throwaway(&from, at, layer.as_ref(), tree),
            Form::Layered { layer } => self.layered(&from, at, layer, tree)?,
        }
        Ok(Ok(()))
    }

    fn from(&self) -> PathBuf {
        self.below_old(&self.place.path)
    }

    fn below_old(&self, path: &Path) -> PathBuf {
        self.old.join(path.strip_prefix("/").unwrap_or(path))
    }

    fn owner(&self) -> Option<u32> {
        self.confinement.user
    }

    fn limits(&self) -> &Limits {
        &self.confinement.limits
    }

    fn fixed(&self, from: &Path, at: &Path) -> Done {
        match from.symlink_metadata() {
            Ok(about) if about.is_symlink() => same_link(from, at),
            Ok(about) if about.is_dir() || about.is_file() => bind_fixed(from, at),
            _ => Ok(()),
        }
    }

    fn empty(&self, at: &Path) -> Done {
        make_folder(at)?;
        memory(at, self.limits().disk, self.limits().files, 0o755)?;
        give(at, self.owner())
    }

    /// The original, where it can be seen under the program's own user.
    fn lower(&self, from: &Path, tree: Option<std::os::fd::BorrowedFd<'_>>) -> Done<PathBuf> {
        let lower = self.stage.join("lower");
        make_folder(&lower)?;
        match (tree, self.owner()) {
            (Some(tree), _) => attach(tree, &lower)?,
            (None, None) => bind_fixed(from, &lower)?,
            (None, Some(user)) if from.metadata().is_ok_and(|about| about.uid() == user) => bind_fixed(from, &lower)?,
            (None, Some(_)) => {
                return Err(Refusal { step: "show files as another user's".into(), errno: libc::EOPNOTSUPP });
            }
        }
        Ok(lower)
    }

    fn throwaway(
        &self,
        from: &Path,
        at: &Path,
        layer: Option<&Layer>,
        tree: Option<std::os::fd::BorrowedFd<'_>>,
    ) -> Done<Result<(), Refusal>> {
        let changes = layer.map(|layer| self.below_old(&layer.changes())).filter(|changes| changes.is_dir());
        let lower = self.lower(from, tree);
        let overlaid = self.over_memory(at, lower.map(|lower| changes.iter().cloned().chain([lower]).collect()))?;
        if overlaid.is_err() {
            // Later changes come second; copying over what is there replaces it.
            self.copied(&[Some(from), changes.as_deref()], at)?;
        }
        Ok(overlaid)
    }

    fn begin(&self, at: &Path, layer: &Layer) -> Done {
        let changes = self.below_old(&layer.changes());
        make_folder(&changes)?;
        give(&changes, self.owner())?;
        bind(&changes, at)
    }

    fn begun(&self, at: &Path, layer: &Layer) -> Done<Result<(), Refusal>> {
        let changes = self.below_old(&layer.changes());
        if !changes.is_dir() {
            return self.empty(at).map(Ok);
        }
        let overlaid = self.over_memory(at, Ok(vec![changes.clone()]))?;
        if overlaid.is_err() {
            self.copied(&[Some(&changes)], at)?;
        }
        Ok(overlaid)
    }

    /// Shows folders over each other, the uppermost first; changes are kept in memory.
    fn over_memory(&self, at: &Path, lower: Done<Vec<PathBuf>>) -> Done<Result<(), Refusal>> {
        let memory_at = self.stage.join("memory");
        make_folder(&memory_at)?;
        memory(&memory_at, self.limits().disk, self.limits().files, 0o755)?;
        let (upper, work) = (memory_at.join("upper"), memory_at.join("work"));
        for folder in [&upper, &work] {
            make_folder(folder)?;
        }
        give(&upper, self.owner())?;
        make_folder(at)?;
        Ok(lower.and_then(|lower| {
            let lower: Vec<&Path> = lower.iter().map(PathBuf::as_path).collect();
            overlay(at, &lower, &upper, &work)
        }))
    }

    /// What an overlay would show, copied, the lowest first. Room for what is there and for what may be written.
    fn copied(&self, folders: &[Option<&Path>], at: &Path) -> Done {
        memory(at, self.limits().disk * 8, self.limits().files * 8, 0o755)?;
        give(at, self.owner())?;
        folders.iter().flatten().try_for_each(|folder| copy_folder(folder, at, self.owner()))
    }

    fn layered(&self, from: &Path, at: &Path, layer: &Layer, tree: Option<std::os::fd::BorrowedFd<'_>>) -> Done {
        let (upper, work) = (self.below_old(&layer.changes()), self.below_old(&layer.work()));
        for folder in [&upper, &work] {
            make_folder(folder)?;
            give(folder, self.owner())?;
        }
        make_folder(at)?;
        overlay(at, &[&self.lower(from, tree)?], &upper, &work)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_above_comes_first_and_keeps_its_number() {
        let places = ["/a/b/c", "/a", "/x/y"].map(|path| Place::new(path, Form::Fixed));
        let order: Vec<usize> = in_order(&places).into_iter().map(|(number, _)| number).collect();
        assert_eq!(order, [1, 2, 0]);
    }
}
