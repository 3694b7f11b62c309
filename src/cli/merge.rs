//! `checker merge`: the results of shards, joined.

use std::path::Path;

use super::args::Arguments;
use super::cohort_args::Merge;
use super::error::Error;
use super::{Ending, gradebook};
use crate::cohort::gradebook::Gradebook;
use crate::cohort::{self, Merged};
use crate::locale::Catalogue;

/// Writes one gradebook of several folders of results. What has no result yet is listed, and is not fine.
pub(super) fn merge(wanted: &Merge, arguments: &Arguments, catalogue: &Catalogue) -> Result<Ending, Error> {
    gradebook::check(&wanted.book, catalogue)?;
    let Merged { manifest, stores } = cohort::merge(&wanted.folders).map_err(Error::usage)?;
    let book = Gradebook::new(&manifest, &stores);
    let folders: Vec<&Path> = stores.iter().map(cohort::Store::folder).collect();
    let detail = gradebook::detail(wanted.quiet, wanted.verbose);
    gradebook::write(&book, &wanted.book, &folders, detail, arguments, catalogue)?;
    let tally = book.tally();
    Ok(if tally.not_graded + tally.waiting > 0 { Ending::NotGraded } else { Ending::Fine })
}
