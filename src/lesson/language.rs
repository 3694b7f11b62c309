//! The language of a listing: what its fence says, else what it looks like.

/// A language that course pages have listings in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are the languages'")]
pub enum Language {
    Python,
    JavaScript,
    Go,
    Java,
    Php,
    Ruby,
    Perl,
    C,
    Rust,
    Shell,
    Html,
    Css,
    Json,
    Yaml,
    Toml,
    Sql,
    Http,
    /// None of these, as far as can be seen.
    Text,
}

use Language::{
    C, Css, Go, Html, Http, Java, JavaScript, Json, Perl, Php, Python, Ruby, Rust, Shell, Sql, Text, Toml, Yaml,
};

/// Each language, its name in reports first, with the other words that stand behind fences.
const NAMES: [(Language, &[&str]); 18] = [
    (Python, &["python", "py", "python3", "flask"]),
    (JavaScript, &["javascript", "js", "node", "mjs", "cjs"]),
    (Go, &["go", "golang"]),
    (Java, &["java"]),
    (Php, &["php"]),
    (Ruby, &["ruby", "rb"]),
    (Perl, &["perl", "pl"]),
    (C, &["c"]),
    (Rust, &["rust", "rs"]),
    (Shell, &["shell", "sh", "bash", "zsh", "console", "terminal", "shell-session", "powershell", "bat", "cmd"]),
    (Html, &["html", "xml", "jinja", "jinja2", "htm"]),
    (Css, &["css"]),
    (Json, &["json", "jsonc"]),
    (Yaml, &["yaml", "yml"]),
    (Toml, &["toml", "ini"]),
    (Sql, &["sql"]),
    (Http, &["http"]),
    (Text, &["text", "txt", "plain", "plaintext", "output", "log", "diff"]),
];

impl Language {
    /// The name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(language, _)| *language == self).map_or("text", |(_, names)| names[0])
    }

    /// The language that a word stands for.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        let word = word.to_lowercase();
        NAMES.iter().find(|(_, names)| names.contains(&word.as_str())).map(|(language, _)| *language)
    }

    /// The language of a listing. A fence that names one which is not known is of no language: it is no program here.
    #[must_use]
    pub fn of(info: &str, text: &str) -> Self {
        // `python title="app.py"`, `{.python}`, `py,linenos`: the word counts.
        let word = info.trim_start_matches(['{', '.', ' ']).split([' ', ',', '}', '{', ':', '=']).next();
        match word.filter(|word| !word.is_empty()) {
            Some(word) => Self::named(word).unwrap_or(Text),
            None => guess(text),
        }
    }

    /// The file that a program in this language is saved as; none if there are no programs in it.
    #[must_use]
    pub fn file(self, text: &str) -> Option<String> {
        let name = match self {
            Python => "app.py",
            JavaScript => "app.js",
            Go => "main.go",
            // Java wants the file to be named after its class.
            Java => return Some(format!("{}.java", word_after(text, "public class ").unwrap_or("Main"))),
            Php => "index.php",
            Ruby => "app.rb",
            Perl => "app.pl",
            C => "main.c",
            Rust => "main.rs",
            Shell | Html | Css | Json | Yaml | Toml | Sql | Http | Text => return None,
        };
        Some(name.to_owned())
    }

    /// Whether blank lines above a program change nothing.
    #[must_use]
    pub const fn takes_blank_lines_first(self) -> bool {
        // What stands before `<?php` is sent to the client.
        !matches!(self, Php)
    }
}

fn word_after<'t>(text: &'t str, before: &str) -> Option<&'t str> {
    let rest = &text[text.find(before)? + before.len()..];
    rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().filter(|word| !word.is_empty())
}

/// What a text looks like, by the lines that only one of the languages has.
fn guess(text: &str) -> Language {
    let begins =
        |starts: &[&str]| text.lines().any(|line| starts.iter().any(|start| line.trim_start().starts_with(start)));
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().trim_start();
    let looks: [(Language, bool); 13] = [
        (Php, first.starts_with("<?php")),
        (Html, first.starts_with('<')),
        (
            Shell,
            ["$ ", "#!/bin/", "#!/usr/bin/env bash", "#!/usr/bin/env sh"].iter().any(|start| first.starts_with(start)),
        ),
        (Http, first.starts_with("HTTP/") || first.ends_with(" HTTP/1.1")),
        (
            Json,
            matches!(first.chars().next(), Some('{' | '[')) && serde_json::from_str::<serde_json::Value>(text).is_ok(),
        ),
        (Go, begins(&["package "]) && begins(&["import ", "func "])),
        (Java, begins(&["public class ", "import java.", "class "]) && text.contains(';') && text.contains('{')),
        (C, begins(&["#include"])),
        (Rust, begins(&["fn main("])),
        (JavaScript, is_javascript(text)),
        (Python, begins(&["import ", "from ", "def ", "class ", "@app.", "print(", "app = ", "with ", "async def "])),
        (Ruby, begins(&["require '", "require \"", "get '/", "get \"/"])),
        (Shell, is_commands(text)),
    ];
    looks.iter().find(|(_, looks)| *looks).map_or(Text, |(language, _)| *language)
}

fn is_javascript(text: &str) -> bool {
    let line = |line: &str| {
        let line = line.trim_start();
        let declares =
            ["const ", "let ", "var ", "function ", "app.listen("].iter().any(|start| line.starts_with(start));
        declares
            || (line.starts_with("import ") && line.trim_end_matches(';').ends_with(['\'', '"']))
            || line.contains("=> {")
    };
    text.lines().any(line)
}

/// Whether every line begins with a command that people type.
fn is_commands(text: &str) -> bool {
    const COMMANDS: [&str; 18] = [
        "pip", "pip3", "python", "python3", "flask", "cd", "ls", "curl", "npm", "node", "sudo", "apt", "apt-get",
        "git", "mkdir", "touch", "export", "source",
    ];
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).peekable();
    lines.peek().is_some() && lines.all(|line| COMMANDS.contains(&line.split(' ').next().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fence_says_the_language_in_many_ways() {
        for (info, expected) in [
            ("python", Python),
            ("Py title=\"app.py\"", Python),
            ("{.python .numberLines}", Python),
            ("js,linenos", JavaScript),
            ("console", Shell),
            ("mermaid", Text),
        ] {
            assert_eq!(Language::of(info, "import time"), expected, "{info}");
        }
    }

    #[test]
    fn a_listing_without_a_name_is_taken_for_what_it_looks_like() {
        for (text, expected) in [
            ("from flask import Flask\napp = Flask(__name__)\n", Python),
            ("@app.route(\"/\")\ndef index():\n    return \"hi\"\n", Python),
            ("const express = require('express')\n", JavaScript),
            ("import express from 'express';\n", JavaScript),
            ("$ pip install flask\n", Shell),
            ("pip install flask\npython app.py\n", Shell),
            ("<form action=\"/\">\n</form>\n", Html),
            ("<?php\necho 1;\n", Php),
            ("{ \"a\": [1] }\n", Json),
            ("package main\n\nimport \"fmt\"\n\nfunc main() {}\n", Go),
            ("import java.util.*;\npublic class Web {\n}\n", Java),
            ("GET /get HTTP/1.1\nCookie: a=b\n", Http),
            ("Tue Nov 24 10:00:00 2026\n", Text),
            ("", Text),
        ] {
            assert_eq!(guess(text), expected, "{text}");
        }
    }

    #[test]
    fn every_language_is_found_by_its_name() {
        for (language, names) in NAMES {
            assert!(names.iter().all(|name| Language::named(name) == Some(language)), "{names:?}");
        }
    }
}
