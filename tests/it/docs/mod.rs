//! The guide: every example in it is run, so that it cannot say what is not so.
//!
//! In a page, a `console` block is a session: lines that begin with `$ ` are commands, run one after another by a shell in
//! a folder of the page's own, and what stands below each is what it prints; a line `...` stands for any lines, `[..]` for
//! any text in a line. A `toml` block is an exercise or a part of one, and must hold. Comments set the folder up:
//!
//! - `<!-- files: student=fixtures/submissions/lesson/listing2 -->` copies a file or folder of the repository there;
//! - `<!-- save: exercise.toml -->` saves the next block there;
//! - `<!-- edit: student/app.py=fixtures/… -->` is what somebody does while the next `checker watch` is watching.
//!
//! `UPDATE_DOCS=1` writes what the commands print into the page, where nothing was left out.

mod page;
mod reference;
mod session;

use std::fs;

use crate::support::{names_of, root};

/// Runs one page.
fn page(name: &str) {
    page::Page::read(name).check();
}

#[test]
fn the_readme_is_so() {
    page("README.md");
}

#[test]
fn the_students_page_is_so() {
    page("docs/students.md");
}

#[test]
fn the_students_page_is_so_in_chinese() {
    page("docs/zh/students.md");
}

#[test]
fn the_instructors_page_is_so() {
    page("docs/instructors.md");
}

#[test]
fn the_page_on_exercise_files_is_so() {
    page("docs/exercise-files.md");
}

#[test]
fn every_page_is_run_or_has_nothing_to_run() {
    let run = ["README.md", "docs/students.md", "docs/zh/students.md", "docs/instructors.md", "docs/exercise-files.md"];
    let below = |folder: &str| {
        let names = names_of(&root().join(folder)).into_iter().filter(|name| name.ends_with(".md"));
        names.map(|name| format!("{folder}/{name}")).collect::<Vec<_>>()
    };
    for name in [below("docs"), below("docs/zh")].concat() {
        let text = fs::read_to_string(root().join(&name)).unwrap();
        let has_examples = ["```console", "```toml"].iter().any(|fence| text.contains(fence));
        assert!(run.contains(&name.as_str()) || !has_examples, "nobody runs the examples of {name}");
    }
}

#[test]
fn links_between_pages_lead_somewhere() {
    let link = regex::Regex::new(r"\]\(([^)#:]+)(#[^)]*)?\)").unwrap();
    let mut wrong = Vec::new();
    let more = names_of(&root().join("docs")).into_iter().filter(|name| name.ends_with(".md"));
    let more = more.map(|name| format!("docs/{name}"));
    let pages = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "docs/zh/students.md"].map(str::to_owned);
    for name in pages.into_iter().chain(more) {
        let file = root().join(&name);
        let text = fs::read_to_string(&file).unwrap();
        for found in link.captures_iter(&text) {
            if !file.parent().unwrap().join(&found[1]).exists() {
                wrong.push(format!("{name}: {}", &found[1]));
            }
        }
    }
    assert!(wrong.is_empty(), "links to nothing: {wrong:#?}");
}
