//! Everything that is said is said in every language.

use std::collections::BTreeSet;
use std::fs;

use crate::support::catalogue::catalogue;
use crate::support::root;

#[test]
fn every_catalogue_has_the_same_entries_with_the_same_places() {
    let (english, chinese) = (catalogue("en"), catalogue("zh"));
    let ids = |entries: &std::collections::BTreeMap<String, _>| entries.keys().cloned().collect::<BTreeSet<String>>();
    let (en, zh) = (ids(&english), ids(&chinese));
    let lacking: Vec<_> = en.symmetric_difference(&zh).collect();
    assert!(lacking.is_empty(), "in one language only: {lacking:?}");
    let differing: Vec<_> = en.iter().filter(|id| english[*id].places != chinese[*id].places).collect();
    assert!(differing.is_empty(), "other places: {differing:?}");
}

/// Every string of the source that has the form of a message id and one of the catalogues' prefixes.
fn ids_in_source() -> BTreeSet<String> {
    let pattern = regex::Regex::new(r#"(?:Message::new|label|usage|file|wrong)\(\s*"([a-z0-9-]+)""#).unwrap();
    let id = regex::Regex::new(r#""((?:advice|book|hint|level|merge|mutation|new|proof|similar|problem|mismatch|expected|actual|refused|failure|error|usage|summary|place|label|progress|verdict)-[a-z0-9-]+)""#).unwrap();
    let mut found = BTreeSet::new();
    let mut folders = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("tests") {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                let product = text.split("#[cfg(test)]").next().unwrap_or_default();
                for pattern in [&pattern, &id] {
                    found.extend(pattern.captures_iter(product).map(|found| found[1].to_owned()));
                }
            }
        }
    }
    // These two are not in the catalogues: they are the text itself.
    found.remove("literal");
    found.remove("authored");
    found
}

#[test]
fn everything_that_the_source_says_is_in_the_catalogues() {
    let english = catalogue("en");
    let lacking: Vec<_> = ids_in_source().into_iter().filter(|id| !english.contains_key(id)).collect();
    assert!(lacking.is_empty(), "no entry for {lacking:?}");
}

#[test]
fn the_catalogues_have_nothing_that_is_never_said() {
    let said = ids_in_source();
    let idle: Vec<_> = catalogue("en").into_keys().filter(|id| !said.contains(id)).collect();
    assert!(idle.is_empty(), "never said: {idle:?}");
}

#[test]
fn chinese_prose_has_chinese_punctuation() {
    // A comma or colon of ASCII directly behind a Chinese character is a slip.
    let slip = regex::Regex::new(r"[\u{4e00}-\u{9fff}][,:;?!]").unwrap();
    let mut wrong = Vec::new();
    for folder in ["src/locale/zh", "exercises"] {
        let mut folders = vec![root().join(folder)];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let text = fs::read_to_string(&path).unwrap();
                let lines = text.lines().filter(|line| !line.starts_with('#') && slip.is_match(line));
                wrong.extend(lines.map(|line| format!("{}: {line}", path.display())));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
