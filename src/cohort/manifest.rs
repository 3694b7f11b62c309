//! The manifest: every submission of a cohort, sorted and frozen, with the name of its result.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::intake::{Cohort, Entrant};
use crate::submission;

/// What decides a result beside the submission: whoever changes one of these gets new results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conditions {
    /// `sha256:…` over the exercise file.
    pub exercise: String,
    /// The checks asked for; empty for all.
    pub checks: Vec<String>,
    /// Where random values come from.
    pub seed: SeedPolicy,
    /// Everything else that was asked for and can change a verdict: commands, port, limits.
    pub options: String,
}

/// Where a run's random values come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeedPolicy {
    /// Each run draws its own seed and names it.
    Own,
    /// All runs have this one.
    Fixed(u64),
}

impl fmt::Display for SeedPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Own => f.write_str("own"),
            Self::Fixed(seed) => write!(f, "{seed}"),
        }
    }
}

/// All submissions of a cohort, sorted by the entrants' keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// `sha256:…` over the entries: two shards with the same one know the same cohort under the same conditions.
    pub digest: String,
    /// In order.
    pub entries: Vec<Entry>,
    /// Who is on the roster and handed nothing in.
    #[serde(default)]
    pub missing: Vec<Who>,
    /// The exercise's id.
    pub exercise: String,
}

/// One submission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The entrant's key.
    pub key: String,
    /// The people's names.
    pub people: Vec<Who>,
    /// `sha256:…` over what was handed in.
    pub digest: String,
    /// The result's name: 64 hexadecimal digits over the key, the digest, the conditions and the checker's version.
    pub result: String,
    /// How often was handed in, and whether what counts was late.
    pub attempts: Vec<Handed>,
}

/// One handing-in, for the gradebook. The last one counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handed {
    /// Where it lies in the export.
    pub shown: String,
    /// When, as the export writes it; null if it does not say.
    pub at: Option<String>,
    /// Whether the export says that it is late.
    pub late: bool,
}

/// A person of the gradebook.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Who {
    /// The name.
    pub name: String,
    /// The platform's or the student's number; null if it is not known.
    pub id: Option<String>,
    /// The login; null if it is not known.
    pub login: Option<String>,
    /// The address; null if it is not known.
    pub email: Option<String>,
}

impl Manifest {
    /// The manifest of a cohort under these conditions; `missing` is who is on the roster only.
    #[must_use]
    pub fn new(cohort: &Cohort, exercise: &str, conditions: &Conditions, missing: Vec<Who>) -> Self {
        let entries: Vec<_> = cohort.entrants.iter().filter_map(|entrant| entry(entrant, conditions)).collect();
        let mut hash = Sha256::new();
        for entry in &entries {
            hash.update(format!("{}\n", entry.result));
        }
        Self { digest: format!("sha256:{}", hex(hash)), entries, missing, exercise: exercise.to_owned() }
    }

    /// The part that a shard grades. Neighbours go to different shards, since names often go with groups.
    pub fn slice(&self, shard: Shard) -> impl Iterator<Item = (usize, &Entry)> {
        self.entries.iter().enumerate().filter(move |(place, _)| place % shard.of == shard.number - 1)
    }
}

fn entry(entrant: &Entrant, conditions: &Conditions) -> Option<Entry> {
    let digest = submission::digest(&entrant.latest()?.path);
    let mut hash = Sha256::new();
    let Conditions { exercise, checks, seed, options } = conditions;
    let parts = [&entrant.key, &digest, exercise, &checks.join(","), &seed.to_string(), options];
    for part in parts.into_iter().map(String::as_str).chain([env!("CARGO_PKG_VERSION")]) {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    let people = entrant.people.iter().map(Who::from).collect();
    let attempts = entrant.attempts.iter().map(|attempt| Handed {
        shown: attempt.shown.clone(),
        at: attempt.at.clone(),
        late: attempt.timing == super::intake::Timing::Late,
    });
    Some(Entry { key: entrant.key.clone(), people, digest, result: hex(hash), attempts: attempts.collect() })
}

fn hex(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

impl From<&super::intake::Person> for Who {
    fn from(person: &super::intake::Person) -> Self {
        let super::intake::Person { name, id, login, email } = person.clone();
        Self { name, id, login, email }
    }
}

impl Entry {
    /// The names, as people write them.
    #[must_use]
    pub fn name(&self) -> String {
        let names: Vec<_> = self.people.iter().map(|who| who.name.as_str()).collect();
        names.join(", ")
    }

    /// Whether what counts was late.
    #[must_use]
    pub fn is_late(&self) -> bool {
        self.attempts.last().is_some_and(|handed| handed.late)
    }
}

/// One of several parts of a cohort.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shard {
    /// Which, counted from 1.
    pub number: usize,
    /// How many there are.
    pub of: usize,
}

impl Shard {
    /// All of the cohort.
    pub const WHOLE: Self = Self { number: 1, of: 1 };
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("expected K/N with K from 1 to N, such as 2/8, found `{text}`");
        let (number, of) = text.split_once('/').ok_or_else(wrong)?;
        let shard = Self { number: number.parse().map_err(|_| wrong())?, of: of.parse().map_err(|_| wrong())? };
        if (1..=shard.of).contains(&shard.number) { Ok(shard) } else { Err(wrong()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shard_is_counted_from_one() {
        assert_eq!("2/8".parse(), Ok(Shard { number: 2, of: 8 }));
        for wrong in ["0/8", "9/8", "1", "a/b", "1/0", "-1/2"] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn shards_are_disjoint_and_complete() {
        let entry = |key: usize| Entry {
            key: key.to_string(),
            people: Vec::new(),
            digest: String::new(),
            result: String::new(),
            attempts: Vec::new(),
        };
        let entries = (0..10).map(entry).collect();
        let manifest = Manifest { digest: String::new(), entries, missing: Vec::new(), exercise: String::new() };
        let mut all: Vec<_> = (1..=3)
            .flat_map(|number| manifest.slice(Shard { number, of: 3 }).map(|(place, _)| place).collect::<Vec<_>>())
            .collect();
        all.sort_unstable();
        assert_eq!(all, (0..10).collect::<Vec<_>>());
    }
}
