//! The roster: a CSV file of who should have handed in, and who of them has not.

use std::path::Path;

use super::{Cohort, Entrant, Person};
use crate::message::Message;
use crate::submission;

/// Who should have handed in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roster {
    /// In the order of the file.
    pub people: Vec<Person>,
}

/// What columns are called, in lower case and without spaces, `_` and `-`.
const COLUMNS: [(&[&str], Column); 4] = [
    (&["name", "student", "studentname", "fullname", "姓名", "学生", "学生姓名"], Column::Name),
    (&["id", "sid", "studentid", "userid", "sisuserid", "sisid", "idnumber", "identifier", "学号", "编号"], Column::Id),
    (&["login", "username", "sisloginid", "loginid", "githubusername", "用户名", "账号"], Column::Login),
    (&["email", "emailaddress", "mail", "邮箱", "电子邮件"], Column::Email),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Name,
    Id,
    Login,
    Email,
}

impl Roster {
    /// Reads a CSV file. Its encoding is known by its mark, else it is UTF-8, else GBK, which spreadsheets write in
    /// China.
    ///
    /// # Errors
    /// As [`Self::read`], and if the file cannot be read.
    pub fn open(path: &Path) -> Result<Self, Message> {
        let file = path.display().to_string();
        let bytes = std::fs::read(path)
            .map_err(|error| Message::new("error-read").with("file", file).with("error", error.to_string()))?;
        Self::read(&submission::decode(&bytes))
    }

    /// Reads the text of a CSV file with a heading that names at least one of the columns; others are left alone.
    ///
    /// # Errors
    /// A message if it is no CSV file or none of its columns is known.
    pub fn read(text: &str) -> Result<Self, Message> {
        let mut reader =
            csv::ReaderBuilder::new().flexible(true).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let wrong = |error: csv::Error| Message::new("roster-wrong").with("detail", error.to_string());
        let columns: Vec<_> = reader.headers().map_err(wrong)?.iter().map(column).collect();
        let first_and_last = first_and_last(reader.headers().map_err(wrong)?);
        if columns.iter().all(Option::is_none) && first_and_last.is_none() {
            return Err(Message::new("roster-columns"));
        }
        let mut roster = Self::default();
        for record in reader.records() {
            let record = record.map_err(wrong)?;
            let mut person = Person::default();
            for (value, column) in record.iter().zip(&columns) {
                let value = value.trim().to_owned();
                match column {
                    Some(Column::Name) => person.name = value,
                    Some(Column::Id) => person.id = person.id.or(Some(value)).filter(|id| !id.is_empty()),
                    Some(Column::Login) => person.login = Some(value).filter(|login| !login.is_empty()),
                    Some(Column::Email) => person.email = Some(value).filter(|email| !email.is_empty()),
                    None => {}
                }
            }
            if let (true, Some((first, last))) = (person.name.is_empty(), first_and_last) {
                let both = [first, last].map(|at| record.get(at).unwrap_or_default().trim());
                person.name = both.join(" ").trim().to_owned();
            }
            // Canvas's gradebook has a second heading with the points possible.
            if person.name != "Points Possible" && person != Person::default() {
                roster.people.push(person);
            }
        }
        Ok(roster)
    }
}

fn column(heading: &str) -> Option<Column> {
    let plain = plain(heading);
    COLUMNS.iter().find(|(names, _)| names.contains(&plain.as_str())).map(|(_, column)| *column)
}

/// Where the two halves of a name stand, if the roster has halves.
fn first_and_last(headings: &csv::StringRecord) -> Option<(usize, usize)> {
    let at = |name: &str| headings.iter().position(|heading| plain(heading) == name);
    Some((at("firstname")?, at("lastname").or_else(|| at("surname"))?))
}

fn plain(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, ' ' | '_' | '-')).flat_map(char::to_lowercase).collect()
}

/// Who is on the roster and handed nothing in, in the roster's order; and the entrants' names are completed from it.
///
/// A person is found by number, login or address, and by name only if nobody else has that name.
pub fn missing(cohort: &mut Cohort, roster: &Roster) -> Vec<Person> {
    let mut missing = Vec::new();
    for wanted in &roster.people {
        match find(&cohort.entrants, wanted, roster) {
            Some((entrant, person)) => complete(&mut cohort.entrants[entrant].people[person], wanted),
            None => missing.push(wanted.clone()),
        }
    }
    missing
}

fn find(entrants: &[Entrant], wanted: &Person, roster: &Roster) -> Option<(usize, usize)> {
    let people = || {
        let of = |(at, entrant): (usize, &Entrant)| {
            let key = entrant.key.clone();
            entrant
                .people
                .iter()
                .cloned()
                .enumerate()
                .map(move |(place, person)| (at, place, person, key.clone()))
                .collect::<Vec<_>>()
        };
        entrants.iter().enumerate().flat_map(of)
    };
    let theirs: Vec<String> =
        [&wanted.id, &wanted.login, &wanted.email].into_iter().flatten().map(|text| plain_id(text)).collect();
    let by_id = people().find(|(_, _, person, key)| {
        let ids = [&person.id, &person.login, &person.email].into_iter().flatten();
        ids.chain([key, &person.name]).any(|id| theirs.contains(&plain_id(id)))
    });
    let by_name = || {
        let name = plain_name(&wanted.name);
        let alone =
            !name.is_empty() && roster.people.iter().filter(|other| plain_name(&other.name) == name).count() == 1;
        let mut same = people().filter(|(_, _, person, _)| plain_name(&person.name) == name);
        let first = same.next().filter(|_| alone)?;
        same.next().is_none().then_some(first)
    };
    by_id.or_else(by_name).map(|(entrant, person, ..)| (entrant, person))
}

fn plain_id(text: &str) -> String {
    text.trim().to_lowercase()
}

/// A name without spaces and punctuation, which platforms leave out, its words sorted since some put the last first.
fn plain_name(name: &str) -> String {
    let mut words: Vec<String> =
        name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    words.sort();
    words.concat()
}

/// What the roster knows and the export does not.
fn complete(person: &mut Person, wanted: &Person) {
    if !wanted.name.is_empty() {
        person.name.clone_from(&wanted.name);
    }
    person.id = person.id.take().or_else(|| wanted.id.clone());
    person.login = person.login.take().or_else(|| wanted.login.clone());
    person.email = person.email.take().or_else(|| wanted.email.clone());
}
