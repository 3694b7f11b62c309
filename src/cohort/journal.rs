//! The journal of attempts: a line before each run and a line after it, never changed.
//!
//! It is for the next start after a crash. A run that began and has no end was going on when the grader died. What was
//! so twice with nothing beside it brought the grader down; what was so among others may have been.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use serde::{Deserialize, Serialize};

use super::store::Grader;

/// One line.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Line {
    what: What,
    /// When (RFC 3339, UTC).
    at: String,
    /// The result's name.
    result: String,
    grader: Grader,
    /// How many runs were going on, this one included.
    beside: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum What {
    /// A run begins.
    Start,
    /// It came to an end.
    End,
    /// It was ended by Ctrl-C or its like, and is no reason for suspicion.
    Interrupted,
    /// It will be tried no more.
    SetAside,
}

/// What the journal says of a submission.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct History {
    /// Runs without an end that had nobody beside them.
    alone: usize,
    /// All runs without an end.
    unended: usize,
}

impl History {
    /// Whether it will be tried no more: the grader died twice with nothing beside it.
    pub(super) fn is_poison(self) -> bool {
        self.alone >= 2
    }

    /// How often the grader died with it alone.
    pub(super) fn deaths_alone(self) -> usize {
        self.alone
    }

    /// Whether it was going on at a death, among others. That proves nothing: it is graded late, and side by side.
    pub(super) fn was_there(self) -> bool {
        self.unended > 0
    }

    /// Whether it has to be graded alone, so that it becomes clear.
    pub(super) fn is_suspect(self) -> bool {
        self.alone > 0 || self.unended > 1
    }
}

/// A journal that is written to.
#[derive(Debug)]
pub(super) struct Journal {
    file: Mutex<File>,
    grader: Grader,
}

impl Journal {
    /// Where a store keeps it.
    fn path(store: &Path) -> PathBuf {
        store.join("journal.jsonl")
    }

    pub(super) fn open(store: &Path) -> io::Result<Self> {
        let mut file = OpenOptions::new().create(true).append(true).read(true).open(Self::path(store))?;
        // A line that was torn by a crash must not swallow the next one.
        file.write_all(b"\n")?;
        Ok(Self { file: Mutex::new(file), grader: Grader::own() })
    }

    /// What it says of every submission. Lines that are torn are passed over.
    pub(super) fn read(store: &Path) -> io::Result<HashMap<String, History>> {
        let file = match File::open(Self::path(store)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(HashMap::new()),
            opened => opened?,
        };
        // By submission and grader: whether the start before was alone.
        let mut open: HashMap<String, Vec<(Grader, usize)>> = HashMap::new();
        for line in BufReader::new(file).split(b'\n') {
            let Ok(line) = serde_json::from_slice::<Line>(&line?) else { continue };
            let starts = open.entry(line.result).or_default();
            match line.what {
                What::Start => starts.push((line.grader, line.beside)),
                What::SetAside => starts.clear(),
                // An end takes its own start away; a run that ended well ends all suspicion.
                What::End => starts.clear(),
                What::Interrupted => {
                    if let Some(place) = starts.iter().rposition(|(grader, _)| *grader == line.grader) {
                        starts.remove(place);
                    }
                }
            }
        }
        let history = open.into_iter().map(|(result, starts)| {
            let dead = || starts.iter().filter(|(grader, _)| !grader.may_be_alive());
            let alone = dead().filter(|(_, beside)| *beside == 1).count();
            (result, History { alone, unended: dead().count() })
        });
        Ok(history.collect())
    }

    pub(super) fn start(&self, result: &str, beside: usize) -> io::Result<()> {
        self.write(What::Start, result, beside)
    }

    pub(super) fn end(&self, result: &str) -> io::Result<()> {
        self.write(What::End, result, 0)
    }

    pub(super) fn interrupted(&self, result: &str) -> io::Result<()> {
        self.write(What::Interrupted, result, 0)
    }

    pub(super) fn set_aside(&self, result: &str) -> io::Result<()> {
        self.write(What::SetAside, result, 0)
    }

    fn write(&self, what: What, result: &str, beside: usize) -> io::Result<()> {
        let at = jiff::Timestamp::now();
        let line =
            Line { what, at: format!("{at:.3}"), result: result.to_owned(), grader: self.grader.clone(), beside };
        let mut text = serde_json::to_vec(&line).map_err(io::Error::from)?;
        text.push(b'\n');
        let mut file = self.file.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        // One write, so that lines of two graders do not mix.
        file.write_all(&text)?;
        if what == What::Start { file.sync_data() } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A journal as a process wrote it that is no more.
    fn journal_of_the_dead(lines: &[(What, &str, usize)]) -> HashMap<String, History> {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = Journal::open(folder.path()).unwrap();
        let mut text = serde_json::to_value(Grader::own()).unwrap();
        text["started"] = 1.into();
        journal.grader = serde_json::from_value(text).unwrap();
        for (what, result, beside) in lines {
            journal.write(*what, result, *beside).unwrap();
        }
        Journal::read(folder.path()).unwrap()
    }

    #[test]
    fn two_deaths_alone_are_poison_and_two_in_company_are_not() {
        let history = journal_of_the_dead(&[
            (What::Start, "a", 1),
            (What::Start, "b", 2),
            (What::Start, "a", 1),
            (What::Start, "b", 3),
            (What::Start, "c", 1),
            (What::End, "c", 0),
            (What::Start, "d", 9),
            (What::Start, "e", 9),
            (What::Start, "e", 2),
            (What::Start, "e", 1),
        ]);
        assert!(history["a"].is_poison());
        assert!(!history["b"].is_poison() && history["b"].is_suspect());
        assert!(!history["c"].was_there());
        assert!(history["d"].was_there() && !history["d"].is_suspect());
        assert!(history["e"].is_suspect() && !history["e"].is_poison(), "alone at one death only");
    }

    #[test]
    fn ctrl_c_is_no_death_and_setting_aside_begins_anew() {
        let history = journal_of_the_dead(&[
            (What::Start, "a", 1),
            (What::Interrupted, "a", 0),
            (What::Start, "b", 1),
            (What::Start, "b", 1),
            (What::SetAside, "b", 0),
        ]);
        assert!(!history["a"].was_there() && !history["b"].was_there());
    }

    #[test]
    fn what_is_going_on_in_another_process_is_no_death() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(folder.path()).unwrap();
        journal.start("a", 1).unwrap();
        assert!(!Journal::read(folder.path()).unwrap()["a"].was_there());
    }

    #[test]
    fn a_torn_line_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(Journal::path(folder.path()), b"{\"what\":\"start\",\"resu").unwrap();
        Journal::open(folder.path()).unwrap().start("a", 1).unwrap();
        assert_eq!(Journal::read(folder.path()).unwrap().len(), 1);
    }
}
