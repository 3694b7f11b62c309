//! What a page's author notes about a listing: `<!-- checker: exercise=cookies fails=missing-cookie -->` above it.

use std::ops::Range;

use super::language::Language;
use super::page::Notes;
use crate::exercise::diagnostic::{At, Diagnostic};
use crate::exercise::suggest;

/// The keys, in the order of the documentation.
const KEYS: [&str; 4] = ["exercise", "fails", "language", "skip"];

/// A comment that is meant for the checker, by where its contents stand in the page.
pub(super) fn contents(html: &str, offset: usize) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = html[from..].find("<!--").map(|start| from + start + 4) {
        let end = html[start..].find("-->").map_or(html.len(), |end| start + end);
        let inside = &html[start..end];
        let name = start + (inside.len() - inside.trim_start().len());
        if html[name..end].starts_with("checker:") {
            found.push(offset + name + "checker:".len()..offset + end);
        }
        from = end;
    }
    found
}

/// Adds what a comment says to the notes for the listing below it.
pub(super) fn read(page: &str, contents: Range<usize>, notes: &mut Notes, wrong: &mut Vec<Diagnostic>) {
    let words = words(page, contents.clone());
    if words.is_empty() {
        wrong.push(Diagnostic::new("this comment says nothing", contents).help(format!("say one of {}", listed())));
    }
    for word in words {
        if let Err(diagnostic) = note(&page[word.clone()], word.start, notes) {
            wrong.push(diagnostic);
        }
    }
}

fn listed() -> String {
    KEYS.map(|key| format!("`{key}`")).join(", ")
}

/// Where the words are; a blank between double quotes parts none.
fn words(page: &str, contents: Range<usize>) -> Vec<Range<usize>> {
    let mut words: Vec<Range<usize>> = Vec::new();
    let (mut quoted, mut open) = (false, false);
    for (place, character) in page[contents.clone()].char_indices() {
        let place = contents.start + place;
        quoted ^= character == '"';
        let part = quoted || !character.is_whitespace();
        match (part, words.last_mut().filter(|_| open)) {
            (true, Some(word)) => word.end = place + character.len_utf8(),
            (true, None) => words.push(place..place + character.len_utf8()),
            (false, _) => {}
        }
        open = part;
    }
    words
}

fn note(word: &str, start: usize, notes: &mut Notes) -> Result<(), Diagnostic> {
    let (key, value) = word.split_once('=').map_or((word, None), |(key, value)| (key, Some(value)));
    let key_span = start..start + key.len();
    let value_start = start + key.len() + 1;
    let unquoted = value.map(|value| value.trim_matches('"'));
    let quotes = value.map_or(0, |value| value.len() - value.trim_start_matches('"').len());
    let given = || match unquoted.filter(|value| !value.is_empty()) {
        Some(value) => Ok((value, value_start + quotes)),
        None => Err(Diagnostic::new(format!("`{key}` wants a value"), key_span.clone())
            .help(format!("write `{key}=…`, without blanks round `=`"))),
    };
    let twice = || Err(Diagnostic::new(format!("`{key}` is said twice for this listing"), key_span.clone()));
    match key {
        "exercise" if notes.exercise.is_some() => return twice(),
        "language" if notes.language.is_some() => return twice(),
        "skip" if notes.skip.is_some() => return twice(),
        "exercise" => {
            let (value, at) = given()?;
            notes.exercise = Some(At { value: value.to_owned(), span: at..at + value.len() });
        }
        "fails" => {
            let (value, at) = given()?;
            notes.fails.extend(ids(value, at));
        }
        "language" => {
            let (value, at) = given()?;
            let known = Language::named(value);
            let unknown = || Diagnostic::new(format!("unknown language `{value}`"), at..at + value.len());
            notes.language = Some(known.ok_or_else(unknown)?);
        }
        "skip" => {
            let value = unquoted.unwrap_or_default().to_owned();
            notes.skip = Some(At { value, span: key_span });
        }
        _ => {
            let help = suggest::did_you_mean(key, KEYS);
            let help = help.unwrap_or_else(|| format!("there are {}", listed()));
            return Err(Diagnostic::new(format!("unknown key `{key}`"), key_span).help(help));
        }
    }
    Ok(())
}

/// The ids of a list with commas between them, each with its place.
fn ids(list: &str, start: usize) -> Vec<At<String>> {
    let mut at = start;
    let mut found = Vec::new();
    for id in list.split(',') {
        if !id.is_empty() {
            found.push(At { value: id.to_owned(), span: at..at + id.len() });
        }
        at += id.len() + 1;
    }
    found
}
