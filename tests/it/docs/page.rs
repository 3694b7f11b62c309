//! A page of the guide: its blocks, and whether they hold.

use std::fs;
use std::path::Path;

use checker::exercise::{diagnostic, file};

use super::session::Session;
use crate::support::root;

/// A page and what is to be done with it, in order.
pub(super) struct Page {
    name: String,
    text: String,
    parts: Vec<Part>,
}

enum Part {
    Files(Vec<(String, String)>),
    Edits(Vec<(String, String)>),
    Block(Block),
}

/// A block of code.
struct Block {
    language: String,
    /// Where it begins in the page's lines, from 0: its first line of code.
    line: usize,
    text: String,
    /// The file that it is saved as.
    save: Option<String>,
}

impl Page {
    pub(super) fn read(name: &str) -> Self {
        let text = fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut parts = Vec::new();
        let mut save = None;
        let mut lines = text.lines().enumerate();
        while let Some((number, line)) = lines.next() {
            if let Some(comment) = line.strip_prefix("<!-- ").and_then(|rest| rest.strip_suffix(" -->")) {
                match comment.split_once(": ") {
                    Some(("files", files)) => parts.push(Part::Files(pairs(files))),
                    Some(("edit", files)) => parts.push(Part::Edits(pairs(files))),
                    Some(("save", file)) => save = Some(file.to_owned()),
                    _ => panic!("{name}:{}: no such comment", number + 1),
                }
            } else if line.starts_with("```") {
                let fence: String = line.chars().take_while(|c| *c == '`').collect();
                let inside: Vec<_> = lines.by_ref().take_while(|(_, line)| *line != fence).collect();
                let text = inside.iter().map(|(_, line)| format!("{line}\n")).collect();
                let language = line[fence.len()..].to_owned();
                parts.push(Part::Block(Block { language, line: number + 1, text, save: save.take() }));
            }
        }
        Self { name: name.to_owned(), text, parts }
    }

    /// Does what the page says, and panics where something else comes.
    pub(super) fn check(&self) {
        let folder = tempfile::tempdir().unwrap();
        let mut session = Session::new(folder.path(), self.name.contains("/zh/"));
        let (mut wrong, mut printed) = (Vec::new(), Vec::new());
        for part in &self.parts {
            match part {
                Part::Files(pairs) => {
                    pairs.iter().for_each(|(to, from)| copy(&root().join(from), &folder.path().join(to)))
                }
                Part::Edits(pairs) => session.edits.clone_from(pairs),
                Part::Block(block) => {
                    if let Some(name) = &block.save {
                        save(&folder.path().join(name), &block.text);
                    }
                    if let Err(error) = block.check(&mut session, &mut printed) {
                        wrong.push(format!("{}:{}: {error}", self.name, block.line));
                    }
                }
            }
        }
        if std::env::var_os("UPDATE_DOCS").is_some() {
            self.update(printed);
        } else {
            assert!(wrong.is_empty(), "UPDATE_DOCS=1 writes what is printed into the page.\n{}", wrong.join("\n"));
        }
    }

    /// Puts what was printed into the page. The last blocks come first, so that lines keep their numbers.
    fn update(&self, mut printed: Vec<(usize, usize, String)>) {
        let mut lines: Vec<_> = self.text.lines().map(str::to_owned).collect();
        printed.sort_by_key(|(line, ..)| std::cmp::Reverse(*line));
        for (line, count, text) in printed {
            lines.splice(line..line + count, text.lines().map(str::to_owned));
        }
        fs::write(root().join(&self.name), lines.join("\n") + "\n").unwrap();
    }
}

impl Block {
    fn check(&self, session: &mut Session, printed: &mut Vec<(usize, usize, String)>) -> Result<(), String> {
        match self.language.as_str() {
            "console" => {
                let ran = session.run(&self.text);
                let left_out = self.text.lines().any(|line| line == "..." || line.contains("[..]"));
                if ran.wrong.is_some() && !left_out {
                    printed.push((self.line, self.text.lines().count(), ran.text.clone()));
                }
                ran.wrong.map_or(Ok(()), Err)
            }
            "toml" => holds(&self.text),
            "" => Err("a block without a language".to_owned()),
            _ => Ok(()),
        }
    }
}

/// Whether an exercise holds, or a part of one with the rest put round it.
fn holds(text: &str) -> Result<(), String> {
    let head = "id = \"part\"\nversion = \"1.0.0\"\ntitle = \"part\"\n";
    let check = "[[checks]]\nid = \"part\"\ntitle = \"part\"\n";
    let first = text.lines().find(|line| !line.trim().is_empty() && !line.starts_with('#')).unwrap_or_default();
    let whole = if first.starts_with("id = ") && text.contains("[[checks]]") {
        text.to_owned()
    } else if first.starts_with('{') {
        format!("{head}{check}steps = [\n{text}]\n")
    } else if first.starts_with("[[checks.hints]]") {
        format!("{head}{check}steps = [{{ get = \"/\" }}]\n{text}")
    } else if first.starts_with("[limits]") {
        format!("{head}{text}{check}steps = [{{ get = \"/\" }}]\n")
    } else {
        format!("{head}{text}")
    };
    match file::parse(&whole) {
        Ok(_) => Ok(()),
        Err(wrong) => Err(format!("does not hold:\n{}", diagnostic::render(&wrong, &whole, "block", false))),
    }
}

fn pairs(text: &str) -> Vec<(String, String)> {
    let pair = |word: &str| word.split_once('=').map(|(to, from)| (to.to_owned(), from.to_owned()));
    text.split_whitespace().map(|word| pair(word).unwrap_or_else(|| panic!("`{word}` is not NAME=FIXTURE"))).collect()
}

/// Copies a file, or a folder with all that is in it.
pub(super) fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        for entry in fs::read_dir(from).unwrap() {
            let name = entry.unwrap().file_name();
            copy(&from.join(&name), &to.join(&name));
        }
    } else {
        save(to, &fs::read_to_string(from).unwrap_or_else(|error| panic!("{}: {error}", from.display())));
    }
}

fn save(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}
