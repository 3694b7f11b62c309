//! Gradebooks on their way out: to standard output and to files.

use std::path::{Component, Path, PathBuf};

use super::args::Arguments;
use super::cohort_args::{Book, BookFormat, BookOptions, Printed};
use super::error::Error;
use super::format::writable;
use super::output;
use crate::cohort::gradebook::{self, Gradebook};
use crate::locale::Catalogue;
use crate::message::Message;
use crate::report::Detail;

/// Whether every gradebook could be written, asked before anything is graded.
pub(super) fn check(wanted: &BookOptions, catalogue: &Catalogue) -> Result<(), Error> {
    for book in &wanted.output {
        writable(&book.file)?;
        if book.format == BookFormat::Moodle {
            let manifest = crate::cohort::Manifest {
                digest: String::new(),
                entries: Vec::new(),
                missing: Vec::new(),
                exercise: String::new(),
            };
            let nobody = Gradebook::with(&manifest, |_| None);
            gradebook::moodle(&nobody, &worksheet(&book.file)?, catalogue).map_err(Error::usage)?;
        }
    }
    Ok(())
}

/// How much is told.
pub(super) fn detail(quiet: bool, verbose: bool) -> Detail {
    match (quiet, verbose) {
        (true, _) => Detail::Quiet,
        (_, true) => Detail::Verbose,
        _ => Detail::Normal,
    }
}

/// Writes every gradebook that was asked for, then prints the one for standard output.
pub(super) fn write(
    book: &Gradebook,
    wanted: &BookOptions,
    results: &[&Path],
    detail: Detail,
    arguments: &Arguments,
    catalogue: &Catalogue,
) -> Result<(), Error> {
    for output in &wanted.output {
        to_file(book, output, wanted, results, arguments, catalogue)?;
    }
    let text = match wanted.format {
        Printed::Human => gradebook::human(book, catalogue, detail),
        Printed::Csv => gradebook::csv(book),
        Printed::Json => gradebook::json(book),
        Printed::Markdown => gradebook::markdown(book, catalogue),
    };
    output::stdout(&text, arguments.color.into())
}

fn to_file(
    book: &Gradebook,
    wanted: &Book,
    options: &BookOptions,
    results: &[&Path],
    arguments: &Arguments,
    catalogue: &Catalogue,
) -> Result<(), Error> {
    let file = &wanted.file;
    let text = match wanted.format {
        BookFormat::Csv => gradebook::csv(book),
        BookFormat::Json => gradebook::json(book),
        BookFormat::Markdown => gradebook::markdown(book, catalogue),
        BookFormat::Canvas => gradebook::canvas(book, options.assignment.as_deref().unwrap_or(&book.title)),
        BookFormat::Moodle => {
            let filled = gradebook::moodle(book, &worksheet(file)?, catalogue).map_err(Error::usage)?;
            if filled.absent > 0 {
                let said = catalogue.say(&Message::new("moodle-absent").with("count", filled.absent));
                output::stderr(&format!("{said}\n"), arguments.color.into());
            }
            filled.text
        }
        BookFormat::Html => return pages(book, file, results, catalogue),
    };
    output::file(file, &text)
}

fn pages(book: &Gradebook, file: &Path, results: &[&Path], catalogue: &Catalogue) -> Result<(), Error> {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let folder = file.parent().unwrap_or(Path::new(""));
    let way = |results: &&Path| between(folder, results).unwrap_or_else(|| results.to_path_buf());
    let ways: Vec<_> = results.iter().map(|results| way(results).to_string_lossy().into_owned()).collect();
    for page in gradebook::html(book, catalogue, &stem, &ways) {
        let name = match page.suffix.as_str() {
            "" => file.to_owned(),
            suffix => folder.join(format!("{stem}{suffix}.html")),
        };
        output::file(&name, &page.text)?;
    }
    Ok(())
}

/// The relative path from one folder to another, where both are there.
fn between(from: &Path, to: &Path) -> Option<PathBuf> {
    let here = Path::new(".");
    let real = |path: &Path| if path.as_os_str().is_empty() { here } else { path }.canonicalize().ok();
    let (from, to) = (real(from)?, real(to)?);
    let common = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    let up = from.components().skip(common).map(|_| Component::ParentDir);
    let way: PathBuf = up.chain(to.components().skip(common)).collect();
    Some(if way.as_os_str().is_empty() { here.to_owned() } else { way })
}

fn worksheet(file: &Path) -> Result<String, Error> {
    std::fs::read_to_string(file).map_err(|error| {
        let message = Message::new("error-read").with("file", file.display().to_string());
        Error::Usage(message.with("error", error.to_string()), Some(Message::new("hint-moodle")))
    })
}
