//! The private folder of one run: what the program may see of it, and what it may not.

use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use super::TempFolder;
use crate::sandbox::Layer;

/// The part that holds all layers.
const LAYERS: &str = "layers";

/// A folder that is gone with this value, whatever a submission has made of it.
#[derive(Debug)]
pub struct Scratch {
    /// None where nothing is started that could need it.
    folder: Option<TempFolder>,
}

impl Scratch {
    /// Makes the folder below the system's folder for temporary files.
    ///
    /// # Errors
    /// If nothing can be made there.
    pub fn new() -> io::Result<Scratch> {
        let scratch = Scratch { folder: Some(TempFolder::new()?) };
        scratch.made("run")?;
        Ok(scratch)
    }

    /// None at all, for a run that starts nothing: to make folders and to remove them takes a tenth of such a run.
    #[must_use]
    pub fn none() -> Scratch {
        Scratch { folder: None }
    }

    fn path(&self) -> &Path {
        self.folder.as_ref().map_or(Path::new("/nonexistent"), TempFolder::path)
    }

    fn part(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    /// A part that only this user can enter, made when it is first asked for: most runs need few.
    fn made(&self, name: &str) -> io::Result<PathBuf> {
        let folder = self.part(name);
        fs::DirBuilder::new().mode(0o700).recursive(true).create(&folder)?;
        Ok(folder)
    }

    /// What the submission's programs see: build outputs, their home, their temporary files.
    #[must_use]
    pub fn run(&self) -> PathBuf {
        self.part("run")
    }

    /// Gives what the submission's programs see to the user that they run as.
    ///
    /// # Errors
    /// If this process may not.
    pub fn give_to(&self, user: u32) -> io::Result<()> {
        // The parts are entered by that user where no file system of its own hides the way to them.
        fs::set_permissions(self.path(), fs::Permissions::from_mode(0o711))?;
        give(&self.run(), user)
    }

    /// Where changes to a folder that is not to be changed are kept, by a name of the caller's. It need not be there.
    pub(crate) fn layer(&self, name: &str) -> Layer {
        Layer(self.part(LAYERS).join(name))
    }

    /// The same for somebody who will change the folder.
    pub(crate) fn layer_to_fill(&self, name: &str) -> Layer {
        // Where it cannot be made, whoever would write to it says so.
        let _ = self.made(LAYERS);
        self.layer(name)
    }

    /// A folder for the temporary files of the checks' own programs; no submission sees it.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn programs(&self) -> io::Result<PathBuf> {
        self.made("programs")
    }

    /// Where the checker's own sockets are; no submission sees it.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn door(&self) -> io::Result<PathBuf> {
        self.made("door")
    }
}

/// Gives a folder and all that is in it to a user. Links are given themselves, not what they lead to.
fn give(path: &Path, user: u32) -> io::Result<()> {
    std::os::unix::fs::lchown(path, Some(user), Some(user))?;
    if path.symlink_metadata()?.is_dir() {
        for entry in fs::read_dir(path)? {
            give(&entry?.path(), user)?;
        }
    }
    Ok(())
}
