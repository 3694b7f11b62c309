//! The submission's own text, read as far as hints need it: Python's functions, routes, single lines.
//!
//! Nothing here understands a language whole. What it finds is evidence beside what was seen over HTTP.

use std::sync::LazyLock;

use regex::Regex;

use super::trace::compiled;
use crate::source::SourceFile;

/// One line of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line<'a> {
    /// Its file's path.
    pub(super) file: &'a str,
    /// Its number, counted from 1.
    pub(super) number: u32,
    /// How far it is indented, a tab counting as eight.
    pub(super) indent: usize,
    /// The text without indentation and comment. Empty for blank lines.
    pub(super) code: &'a str,
}

/// A function of a Python program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Function<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// The line of its `def`.
    pub(super) def: Line<'a>,
    /// Its body without blank lines.
    pub(super) body: Vec<Line<'a>>,
}

/// The lines of one file.
pub(super) fn lines(file: &SourceFile) -> impl Iterator<Item = Line<'_>> {
    let marker = if file.path.ends_with(".py") { " #" } else { " //" };
    (1..).zip(file.text.lines()).map(move |(number, text)| {
        let trimmed = text.trim();
        let whole_comment = trimmed.starts_with('#') || trimmed.starts_with("//");
        let code = if whole_comment { "" } else { trimmed.split(marker).next().unwrap_or_default().trim_end() };
        let blanks = text.chars().take_while(|c| c.is_whitespace());
        let indent = blanks.map(|c| if c == '\t' { 8 } else { 1 }).sum();
        Line { file: &file.path, number, indent, code }
    })
}

/// Every line of every file that holds code.
pub(super) fn all_lines(files: &[SourceFile]) -> impl Iterator<Item = Line<'_>> {
    files.iter().filter(|file| !is_declaration(&file.path)).flat_map(lines).filter(|line| !line.code.is_empty())
}

/// Files that declare what a program needs and are no program themselves.
pub(super) fn is_declaration(path: &str) -> bool {
    [".txt", ".toml", ".json", ".lock", ".mod", ".sum", ".md", ".html"].iter().any(|end| path.ends_with(end))
}

/// The first line whose code matches.
pub(super) fn find<'a>(files: &'a [SourceFile], pattern: &Regex) -> Option<Line<'a>> {
    all_lines(files).find(|line| pattern.is_match(line.code))
}

/// Whether some line of code holds one of these.
pub(super) fn mention(files: &[SourceFile], words: &[&str]) -> bool {
    all_lines(files).any(|line| words.iter().any(|word| line.code.contains(word)))
}

/// Python's functions, in the order of the files.
pub(super) fn functions(files: &[SourceFile]) -> Vec<Function<'_>> {
    static DEF: LazyLock<Regex> = LazyLock::new(|| compiled(r"^(?:async )?def (\w+)"));
    let mut found = Vec::new();
    for file in files.iter().filter(|file| file.path.ends_with(".py")) {
        let all: Vec<_> = lines(file).filter(|line| !line.code.is_empty()).collect();
        for (place, def) in all.iter().enumerate() {
            let Some(name) = DEF.captures(def.code).and_then(|parts| parts.get(1)) else { continue };
            let body = all[place + 1..].iter().take_while(|line| line.indent > def.indent);
            found.push(Function { name: name.as_str(), def: *def, body: body.copied().collect() });
        }
    }
    found
}

/// The Python function that answers this path, by the decorator above it.
pub(super) fn view<'a>(files: &'a [SourceFile], path: &str) -> Option<Function<'a>> {
    functions(files).into_iter().find(|function| {
        let file = files.iter().find(|file| file.path == function.def.file);
        let before = file.into_iter().flat_map(lines).take_while(|line| line.number < function.def.number);
        let code: Vec<_> = before.filter(|line| !line.code.is_empty()).collect();
        let decorators = code.iter().rev().take_while(|line| line.code.starts_with('@'));
        decorators.into_iter().any(|line| routes_in(line.code).any(|route| route == path))
    })
}

/// The paths that a line routes or compares with.
pub(super) fn routes_in(code: &str) -> impl Iterator<Item = &str> {
    static ROUTE: LazyLock<Regex> = LazyLock::new(|| {
        compiled(concat!(
            r#"(?:(?:^|[@.\s])(?:route|get|post|put|delete|all|add_url_rule|HandleFunc|Handle|createContext|add_get|add_post)\(\s*"#,
            r#"|^(?:get|post) |(?i:path|url|uri|path_info|target)\w*['"\])]*\s*={2,3}\s*|^\(?r?(?:path)?\(?\s*|case )["'`](/[^"'`\s]*)["'`]"#,
        ))
    });
    ROUTE.captures_iter(code).filter_map(|parts| parts.get(1)).map(|path| path.as_str())
}

/// Every path that the program routes or compares with, in the order in which they stand there.
pub(super) fn routes(files: &[SourceFile]) -> Vec<&str> {
    let mut found = Vec::new();
    for route in all_lines(files).flat_map(|line| routes_in(line.code)) {
        if !found.contains(&route) && found.len() < 8 {
            found.push(route);
        }
    }
    found
}

impl<'a> Function<'a> {
    /// What its `return` lines return, with the line; an empty text for a bare `return`.
    pub(super) fn returns(&self) -> Vec<(Line<'a>, &'a str)> {
        let returned = |line: &Line<'a>| line.code.strip_prefix("return").map(|rest| (*line, rest.trim()));
        let is_word = |rest: &str| rest.is_empty() || rest.starts_with([' ', '(', '"', '\'', '[', '{']);
        let lines = self.body.iter().filter(|line| line.code.strip_prefix("return").is_some_and(is_word));
        lines.filter_map(returned).collect()
    }

    /// What was last assigned to this name, if the function assigns it.
    pub(super) fn assigned(&self, name: &str) -> Option<&'a str> {
        let value = |line: &Line<'a>| {
            let (left, right) = line.code.split_once('=')?;
            (left.trim() == name && !right.starts_with('=')).then(|| right.trim())
        };
        self.body.iter().rev().find_map(value)
    }

    /// Whether a line of its body holds one of these.
    pub(super) fn mentions(&self, words: &[&str]) -> bool {
        self.body.iter().any(|line| words.iter().any(|word| line.code.contains(word)))
    }
}
