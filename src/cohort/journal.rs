//! The journal of attempts: a line before each run and a line after it, never changed.
//!
//! It is for the next start after a crash. A run that began and has no end was going on when its grader died. What was
//! so with nothing beside it may have brought the grader down; so may have, of what was so together, any one.

use std::collections::{HashMap, HashSet};
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use serde::{Deserialize, Serialize};

use super::grade::Overlap;
use super::store::Grader;

/// One line.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Line {
    what: What,
    /// When (RFC 3339, UTC).
    at: String,
    /// The result's name; empty for the death of a grader.
    result: String,
    grader: Grader,
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
    /// The grader died while the process that started it lived on: not the machine's end, nor that of both.
    Died,
}

/// What the journal says of a submission.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct History {
    /// Deaths of graders during its run, with nothing beside it.
    alone: usize,
    /// Deaths of graders during its run that the process saw that had started them.
    seen: usize,
    /// All deaths of graders during its run.
    deaths: usize,
}

impl History {
    /// Whether it will be tried no more: two deaths that were seen, and nobody else to blame for at least one of them.
    ///
    /// A death that nobody saw is the machine's own or somebody's `kill`; a submission can end grader and keeper at once
    /// only if it is not isolated. Then two such deaths count, and it was alone at both, as all are.
    pub(super) fn is_poison(self, overlap: Overlap) -> bool {
        (self.alone >= 1 && self.seen >= 2) || (self.alone >= 2 && overlap == Overlap::InTurn)
    }

    /// How often a grader died with it alone.
    pub(super) fn deaths_alone(self) -> usize {
        self.alone
    }

    /// Whether it was going on at a death. One that nobody saw proves nothing: it is graded late, and side by side.
    pub(super) fn was_there(self) -> bool {
        self.deaths > 0
    }

    /// Whether it has to be graded alone, so that it becomes clear.
    pub(super) fn is_suspect(self) -> bool {
        self.alone > 0 || self.seen > 0 || self.deaths > 1
    }
}

/// Notes that a grader died, as the process saw that had started it. Gives whether it had begun any run: if not, its
/// successor would die as well.
///
/// # Errors
/// If the journal cannot be read or written.
pub fn note_death(store: &Path, grader: &Grader) -> io::Result<bool> {
    let began = lines(store)?.any(|line| line.is_ok_and(|line| line.what == What::Start && line.grader == *grader));
    if began {
        let journal = Journal { grader: grader.clone(), ..Journal::open(store)? };
        journal.write(What::Died, "")?;
    }
    Ok(began)
}

/// A journal that is written to.
#[derive(Debug)]
pub(super) struct Journal {
    file: Mutex<File>,
    grader: Grader,
}

/// Where a store keeps it.
fn path(store: &Path) -> PathBuf {
    store.join("journal.jsonl")
}

/// The lines of a journal; none if there is no journal. Lines that are torn are passed over.
fn lines(store: &Path) -> io::Result<impl Iterator<Item = io::Result<Line>>> {
    let file = match File::open(path(store)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        opened => Some(opened?),
    };
    let lines = file.into_iter().flat_map(|file| BufReader::new(file).split(b'\n'));
    Ok(lines.filter_map(|line| match line {
        Ok(line) => serde_json::from_slice(&line).ok().map(Ok),
        Err(error) => Some(Err(error)),
    }))
}

impl Journal {
    pub(super) fn open(store: &Path) -> io::Result<Self> {
        let mut file = OpenOptions::new().create(true).append(true).read(true).open(path(store))?;
        // A line that was torn by a crash must not swallow the next one.
        file.write_all(b"\n")?;
        Ok(Self { file: Mutex::new(file), grader: Grader::own() })
    }

    /// What it says of every submission.
    pub(super) fn read(store: &Path) -> io::Result<HashMap<String, History>> {
        let mut open: HashMap<Grader, HashSet<String>> = HashMap::new();
        let mut seen = HashSet::new();
        for line in lines(store)? {
            let Line { what, result, grader, .. } = line?;
            match what {
                What::Start => {
                    open.entry(grader).or_default().insert(result);
                }
                // A run that ended ends all suspicion.
                What::End | What::SetAside => open.values_mut().for_each(|going_on| {
                    going_on.remove(&result);
                }),
                What::Interrupted => {
                    open.entry(grader).or_default().remove(&result);
                }
                What::Died => {
                    seen.insert(grader);
                }
            }
        }
        let mut history: HashMap<String, History> = HashMap::new();
        for (grader, going_on) in open.into_iter().filter(|(grader, _)| !grader.may_be_alive()) {
            let (alone, seen) = (going_on.len() == 1, seen.contains(&grader));
            for result in going_on {
                let history = history.entry(result).or_default();
                history.deaths += 1;
                history.alone += usize::from(alone);
                history.seen += usize::from(seen);
            }
        }
        Ok(history)
    }

    pub(super) fn start(&self, result: &str) -> io::Result<()> {
        self.write(What::Start, result)
    }

    pub(super) fn end(&self, result: &str) -> io::Result<()> {
        self.write(What::End, result)
    }

    pub(super) fn interrupted(&self, result: &str) -> io::Result<()> {
        self.write(What::Interrupted, result)
    }

    pub(super) fn set_aside(&self, result: &str) -> io::Result<()> {
        self.write(What::SetAside, result)
    }

    fn write(&self, what: What, result: &str) -> io::Result<()> {
        let at = jiff::Timestamp::now();
        let line = Line { what, at: format!("{at:.3}"), result: result.to_owned(), grader: self.grader.clone() };
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

    /// What is said of submissions whose runs began in graders that are no more: a line a grader, `!` before those
    /// whose death was seen.
    fn after(deaths: &[&[&str]]) -> HashMap<String, History> {
        let folder = tempfile::tempdir().unwrap();
        for (number, results) in deaths.iter().enumerate() {
            let mut journal = Journal::open(folder.path()).unwrap();
            journal.grader = Grader::gone(number);
            let (seen, results) = match results {
                ["!", results @ ..] => (true, results),
                results => (false, *results),
            };
            for result in results {
                match result.split_once(' ') {
                    None => journal.start(result).unwrap(),
                    Some(("end", result)) => journal.end(result).unwrap(),
                    Some(("interrupted", result)) => journal.interrupted(result).unwrap(),
                    Some((_, result)) => journal.set_aside(result).unwrap(),
                }
            }
            if seen {
                assert!(note_death(folder.path(), &journal.grader).unwrap());
            }
        }
        Journal::read(folder.path()).unwrap()
    }

    fn check(deaths: &[&[&str]], suspects: &[&str], poison: &[&str]) {
        let history = after(deaths);
        let those = |is: fn(History) -> bool| {
            let mut names: Vec<_> = history.iter().filter(|(_, past)| is(**past)).map(|(name, _)| &**name).collect();
            names.sort_unstable();
            names
        };
        assert_eq!(those(History::is_suspect), suspects, "{history:?}");
        assert_eq!(those(|past| past.is_poison(Overlap::InTurn)), poison, "{history:?}");
    }

    #[test]
    fn a_death_that_was_seen_makes_suspects_and_a_second_one_alone_proves_it() {
        check(&[&["!", "a", "b", "c", "end c"]], &["a", "b"], &[]);
        check(&[&["!", "a", "b"], &["!", "c", "end c", "a"]], &["a", "b"], &["a"]);
        check(&[&["!", "a", "b"], &["!", "a", "c"]], &["a", "b", "c"], &[]);
    }

    #[test]
    fn a_death_that_nobody_saw_counts_without_isolation_when_it_came_twice_and_alone() {
        check(&[&["a", "b"]], &[], &[]);
        check(&[&["a", "b"], &["a"]], &["a"], &[]);
        check(&[&["a", "b"], &["a", "c"], &["a", "b"]], &["a", "b"], &[]);
        check(&[&["b", "a", "end b"], &["a"]], &["a"], &["a"]);
    }

    #[test]
    fn an_isolated_submission_is_not_blamed_for_deaths_that_nobody_saw() {
        let poison = |deaths: &[&[&str]]| after(deaths)["a"].is_poison(Overlap::SideBySide);
        assert!(!poison(&[&["a"], &["a"], &["a"]]));
        assert!(poison(&[&["!", "a"], &["!", "a"]]));
    }

    #[test]
    fn an_end_ctrl_c_and_setting_aside_leave_nothing_behind() {
        check(&[&["!", "a", "interrupted a"]], &[], &[]);
        check(&[&["!", "a"], &["!", "a"], &["aside a"]], &[], &[]);
        check(&[&["!", "a"], &["!", "a"], &["a", "end a"]], &[], &[]);
    }

    #[test]
    fn a_grader_that_died_before_it_began_has_nothing_noted() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!note_death(folder.path(), &Grader::gone(1)).unwrap());
        assert!(!path(folder.path()).exists());
    }

    #[test]
    fn what_is_going_on_in_another_process_is_no_death() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(folder.path()).unwrap();
        journal.start("a").unwrap();
        assert!(Journal::read(folder.path()).unwrap().is_empty());
    }

    #[test]
    fn a_torn_line_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(path(folder.path()), b"{\"what\":\"start\",\"resu").unwrap();
        let mut journal = Journal::open(folder.path()).unwrap();
        journal.grader = Grader::gone(1);
        journal.start("a").unwrap();
        assert_eq!(Journal::read(folder.path()).unwrap().len(), 1);
    }
}
