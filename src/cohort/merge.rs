//! Joining the results of shards.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::manifest::Manifest;
use super::store::Store;
use crate::message::Message;

/// What shards have graded together.
#[derive(Debug)]
pub struct Merged {
    /// The manifest that all of them had.
    pub manifest: Manifest,
    /// Their results, in the order of the folders.
    pub stores: Vec<Store>,
}

/// Opens the folders of shards, if they are parts of the same whole.
///
/// # Errors
/// If a folder holds no results, or they are mixed: of different cohorts, exercises or conditions, or cut differently.
pub fn merge(folders: &[PathBuf]) -> Result<Merged, Message> {
    let mut whole: Option<(Manifest, &PathBuf)> = None;
    let mut stores = Vec::new();
    for folder in folders {
        let named = |id: &'static str| Message::new(id).with("folder", folder.display().to_string());
        let manifest =
            Store::manifest(folder).map_err(|error| named("merge-no-results").with("error", error.to_string()))?;
        match &whole {
            None => whole = Some((manifest, folder)),
            Some((first, other)) if first.digest != manifest.digest => {
                return Err(named("merge-mixed").with("other", other.display().to_string()));
            }
            Some(_) => {}
        }
        stores.push(Store::at(folder));
    }
    let Some((manifest, _)) = whole else { return Err(Message::new("merge-nothing")) };
    let cuts = cuts(&manifest, &stores);
    if cuts.len() > 1 {
        let cuts: Vec<_> = cuts.iter().map(usize::to_string).collect();
        return Err(Message::new("merge-cut").with("cuts", cuts.join(", ")));
    }
    Ok(Merged { manifest, stores })
}

/// Into how many shards the cohort was cut. What was graded before it was this cohort is whole and belongs to any cut.
fn cuts(manifest: &Manifest, stores: &[Store]) -> BTreeSet<usize> {
    let results = stores.iter().flat_map(|store| manifest.entries.iter().filter_map(|entry| store.get(entry)));
    results.filter(|graded| graded.cohort.manifest == manifest.digest).map(|graded| graded.cohort.shard.of).collect()
}
