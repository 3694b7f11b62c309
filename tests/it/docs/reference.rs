//! `docs/reference.md`: made of the program's own help and of the schemas, so that it is never behind them.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use serde_json::Value;

use crate::support::checker::checker;
use crate::support::{names_of, root};

const HEAD: &str = "\
# Reference

Made of the program's own help and of the JSON schemas; `UPDATE_DOCS=1 cargo test the_reference` makes it anew.
`checker man COMMAND` has the commands as manual pages.

| exit code | means |
|---|---|
| 0 | every check passed; of `grade` and `merge`: every submission was graded, whatever the verdicts; of `lesson`: every listing did what the page says |
| 1 | graded, and at least one check did not pass; a submission that does not start, or cannot be recognised, is this too |
| 2 | wrong usage, or an exercise file or a page that does not hold; nothing was graded |
| 3 | could not grade, and the submission is not to blame |
| 130 | interrupted by Ctrl-C; the server and everything that it started are gone |
";

/// The schemas: file, heading, and what the fields are of.
const SCHEMAS: [(&str, &str, &str); 4] = [
    (
        "report",
        "The report",
        "One JSON object a run, as `-f json` prints it and `-o json=FILE` writes it. Fields may be added, and the minor number of `schema_version` raised; none changes its meaning.",
    ),
    ("lesson", "The record of `checker lesson`", "One JSON object, as `checker lesson -f json` prints it."),
    ("proof", "The record of `checker validate`", "One JSON object, as `checker validate -f json` prints it."),
    (
        "exercise",
        "Exercise files",
        "TOML. `checker exercises schema` prints the schema for editors; [instructors.md](instructors.md) shows the keys at work.",
    ),
];

#[test]
fn the_reference_is_not_stale() {
    let mut page = HEAD.to_owned();
    page.push_str("\n## Commands\n");
    for command in commands() {
        let help = checker([command.as_str(), "-h"]).stdout;
        let _ = writeln!(page, "\n### `checker {command}`\n\n```text\n{}\n```", trimmed(&help));
    }
    for (name, heading, about) in SCHEMAS {
        let file = format!("schemas/{name}.schema.json");
        let schema: Value = serde_json::from_str(&fs::read_to_string(root().join(&file)).unwrap()).unwrap();
        let _ = writeln!(page, "\n## {heading}\n\n{about} Schema: [`{file}`](../{file}).");
        Tables { schema: &schema, prefix: name }.write(&mut page);
    }
    let schemas = names_of(&root().join("schemas"));
    assert_eq!(schemas.len(), SCHEMAS.len(), "a schema that the reference does not know: {schemas:?}");
    let file = root().join("docs/reference.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&file, &page).unwrap();
    }
    let found = fs::read_to_string(&file).unwrap_or_default();
    assert!(found == page, "docs/reference.md is stale: run UPDATE_DOCS=1 cargo test the_reference");
}

/// The names of the commands, in the order of the help.
fn commands() -> Vec<String> {
    let help = checker(["-h"]).stdout;
    let inside = help.split("Commands:\n").nth(1).and_then(|rest| rest.split("\n\n").next()).unwrap();
    let named = inside.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names = named.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help");
    names.map(str::to_owned).collect()
}

fn trimmed(help: &str) -> String {
    help.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim_end().to_owned()
}

/// The tables of a schema.
struct Tables<'s> {
    schema: &'s Value,
    /// What stands before each heading, so that every heading is there once.
    prefix: &'s str,
}

impl Tables<'_> {
    /// A table for the object itself and for each that its fields are made of, in the order in which they are met.
    fn write(&self, page: &mut String) {
        let mut waiting = vec![(String::new(), self.schema.clone())];
        let mut seen = BTreeSet::new();
        while let Some((name, object)) = waiting.pop() {
            let Some(properties) = object["properties"].as_object() else { continue };
            if !name.is_empty() {
                let _ = writeln!(page, "\n### {}.{name}", self.prefix);
            }
            if let Some(about) = object["description"].as_str().filter(|_| !name.is_empty()) {
                let _ = writeln!(page, "\n{}", flat(about));
            }
            let required: Vec<_> =
                object["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            let _ = writeln!(page, "\n| key | type | means |\n|---|---|---|");
            for (key, field) in properties {
                // What may be null is there all the same.
                let kind = self.kind(field);
                let is_there = required.contains(&key.as_str()) || kind.ends_with(" or null");
                let must = if is_there { "" } else { ", optional" };
                let about = flat(field["description"].as_str().unwrap_or_default());
                let _ = writeln!(page, "| `{key}` | {kind}{must} | {} |", about.replace('|', "\\|"));
            }
            let mut inner: Vec<_> = properties.values().flat_map(|field| self.objects(field)).collect();
            inner.retain(|(name, _)| seen.insert(name.clone()));
            waiting.extend(inner.into_iter().rev());
        }
    }

    fn definition(&self, value: &Value) -> Option<(String, &Value)> {
        let name = value["$ref"].as_str()?.strip_prefix("#/$defs/")?;
        Some((name.to_owned(), &self.schema["$defs"][name]))
    }

    /// What a field's value is made of that has fields of its own, however deep it lies.
    fn objects(&self, field: &Value) -> Vec<(String, Value)> {
        if let Some((name, found)) = self.definition(field) {
            return match found["properties"].is_object() {
                true => vec![(name, found.clone())],
                false => self.objects(found),
            };
        }
        let choices = ["anyOf", "oneOf"].iter().filter_map(|key| field[*key].as_array()).flatten();
        let inner = [&field["items"], &field["additionalProperties"]];
        choices
            .chain(inner.into_iter().filter(|inner| inner.is_object()))
            .flat_map(|inner| self.objects(inner))
            .collect()
    }

    /// The type of a field, in a few words.
    fn kind(&self, field: &Value) -> String {
        if let Some((name, found)) = self.definition(field) {
            return if found["properties"].is_object() {
                format!("[{name}](#{}{})", self.prefix, name.to_lowercase())
            } else {
                self.kind(found)
            };
        }
        if let Some(words) = field["enum"].as_array() {
            return words
                .iter()
                .map(|word| format!("`{}`", word.as_str().unwrap_or("?")))
                .collect::<Vec<_>>()
                .join(" or ");
        }
        for key in ["anyOf", "oneOf"] {
            if let Some(choices) = field[key].as_array() {
                let mut kinds: Vec<_> = choices.iter().map(|choice| self.kind(choice)).collect();
                kinds.dedup();
                return kinds.join(" or ");
            }
        }
        if let Some(word) = field["const"].as_str() {
            return format!("`{word}`");
        }
        let one = |name: &str| match name {
            "array" if field["items"].is_object() => format!("list of {}", self.kind(&field["items"])),
            "array" => "list".to_owned(),
            "object" if field["additionalProperties"].is_object() => {
                format!("table of {}", self.kind(&field["additionalProperties"]))
            }
            "object" => "table".to_owned(),
            "string" => "text".to_owned(),
            "integer" => "whole number".to_owned(),
            "boolean" => "true or false".to_owned(),
            other => other.to_owned(),
        };
        match &field["type"] {
            Value::String(name) => one(name),
            Value::Array(names) => names.iter().filter_map(Value::as_str).map(one).collect::<Vec<_>>().join(" or "),
            _ => "anything".to_owned(),
        }
    }
}

fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
