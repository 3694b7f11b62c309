//! `checker report`: a saved JSON report in another form.

use std::io::Read as _;
use std::path::Path;

use super::Ending;
use super::args::{Arguments, Report};
use super::error::Error;
use crate::exercise::Lang;
use crate::locale::Catalogue;
use crate::message::Message;
use crate::report::{self, ReadError};

/// The longest file that is taken for a report: the largest that the checker writes is far smaller.
const LONGEST: u64 = 64 * 1024 * 1024;

/// Reads the report and writes it in the forms that are wanted.
pub(super) fn report(wanted: &Report, arguments: &Arguments, catalogue: &Catalogue) -> Result<Ending, Error> {
    wanted.reports.writable()?;
    let text = text(&wanted.file)?;
    let report = report::read(&text).map_err(|error| refusal(&wanted.file, error))?;
    // Its sentences are in its own language; labels in another would make a mixture.
    let own = Lang::ALL.into_iter().find(|lang| Some(lang.code()) == report.lang.as_deref());
    let own = own.filter(|own| arguments.lang.is_none() && *own != catalogue.lang()).map(Catalogue::new);
    wanted.reports.write(&report, arguments.color.into(), own.as_ref().unwrap_or(catalogue))?;
    Ok(Ending::Fine)
}

/// The file's text, or standard input's if its name is `-`.
fn text(file: &Path) -> Result<String, Error> {
    let mut bytes = Vec::new();
    let read = if file == Path::new("-") {
        std::io::stdin().lock().take(LONGEST).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(file).and_then(|opened| opened.take(LONGEST).read_to_end(&mut bytes))
    };
    let name = file.display().to_string();
    match read {
        Ok(_) => {
            String::from_utf8(bytes).map_err(|_| Error::usage(Message::new("error-report-not-utf8").with("file", name)))
        }
        Err(error) => Err(Error::usage(Message::new("error-read").with("file", name).with("error", error.to_string()))),
    }
}

fn refusal(file: &Path, error: ReadError) -> Error {
    let about = |id| Message::new(id).with("file", file.display().to_string());
    let hint = Some(Message::new("hint-report-file"));
    match error {
        ReadError::NotJson(error) => Error::Usage(about("error-report-not-json").with("error", error), hint),
        ReadError::NotAReport => Error::Usage(about("error-report-none"), hint),
        ReadError::Broken(error) => Error::Usage(about("error-report-broken").with("error", error), hint),
        ReadError::OtherMajor { found, known } => {
            let message = about("error-report-major").with("found", found).with("known", known);
            Error::Usage(message, Some(Message::new("hint-report-major")))
        }
    }
}
