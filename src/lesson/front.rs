//! The front matter of a page: YAML between two lines of dashes at its very start.
//!
//! Two of its keys are the checker's; the others belong to whatever shows the page and are not looked at.

use std::ops::Range;

use serde::Deserialize;
use serde_saphyr::{Location, Spanned};

use crate::exercise::diagnostic::{At, Diagnostic};

/// What the front matter says.
#[derive(Debug, Default)]
pub(super) struct Front {
    /// `enable_checker`.
    pub(super) enabled: Option<bool>,
    /// `exercise`.
    pub(super) exercise: Option<At<String>>,
    /// Where the page itself begins, in bytes.
    pub(super) end: usize,
}

#[derive(Deserialize)]
struct Keys {
    #[serde(default)]
    enable_checker: Option<bool>,
    #[serde(default)]
    exercise: Option<Spanned<String>>,
}

/// Reads the front matter; a page without one says nothing.
pub(super) fn front(text: &str) -> Result<Front, Diagnostic> {
    let Some(inside) = inside(text) else { return Ok(Front::default()) };
    let end = text[inside.end..].find('\n').map_or(text.len(), |newline| inside.end + newline + 1);
    let yaml = &text[inside.clone()];
    if yaml.trim().is_empty() {
        return Ok(Front { end, ..Front::default() });
    }
    let keys: Keys = serde_saphyr::from_str(yaml).map_err(|error| {
        let at = error.location().map_or(inside.start..inside.start, |at| place(yaml, inside.start, at));
        // The first line says it; the others draw the source, which is done here as everywhere.
        let said = error.to_string();
        let said = said.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
        Diagnostic::new(format!("the front matter does not hold: {said}"), at)
            .help("of `checker`: `enable_checker` is true or false, `exercise` is a name or a file".to_owned())
    })?;
    let exercise = keys.exercise.map(|name| At { span: place(yaml, inside.start, name.referenced), value: name.value });
    Ok(Front { enabled: keys.enable_checker, exercise, end })
}

/// Where the YAML is: from the second line to the next line of three dashes or dots.
fn inside(text: &str) -> Option<Range<usize>> {
    let unmarked = text.strip_prefix('\u{feff}').unwrap_or(text);
    let first = unmarked.lines().next().filter(|line| line.trim_end() == "---")?;
    let start = text.len() - unmarked.len() + first.len();
    let start = start + text[start..].find('\n')? + 1;
    let mut line_start = start;
    for line in text[start..].split_inclusive('\n') {
        if matches!(line.trim_end(), "---" | "...") {
            return Some(start..line_start);
        }
        line_start += line.len();
    }
    None
}

/// The word at a place of the YAML, in bytes of the page.
fn place(yaml: &str, offset: usize, at: Location) -> Range<usize> {
    let number = |number: u64| usize::try_from(number).unwrap_or(1).max(1) - 1;
    let before: usize = yaml.split_inclusive('\n').take(number(at.line())).map(str::len).sum();
    let line = yaml[before..].lines().next().unwrap_or_default();
    let column = line.char_indices().nth(number(at.column())).map_or(line.len(), |(byte, _)| byte);
    let length = line[column..].trim_end().len();
    offset + before + column..offset + before + column + length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checkers_keys_are_read_and_the_platforms_own_are_left_alone() {
        let text = "---\nshow: step\nversion: 1.0\nenable_checker: true\nexercise: cookies\n---\n# Page\n";
        let front = front(text).unwrap();
        assert_eq!(front.enabled, Some(true));
        let exercise = front.exercise.unwrap();
        assert_eq!((exercise.value.as_str(), &text[exercise.span]), ("cookies", "cookies"));
        assert_eq!(&text[front.end..], "# Page\n");
    }

    #[test]
    fn a_page_without_front_matter_says_nothing() {
        for text in ["# Page\n", "", "---\nno end\n", "text\n---\nenable_checker: false\n---\n", "---\n---\n"] {
            let front = front(text).unwrap();
            assert!(front.enabled.is_none() && front.exercise.is_none(), "{text}");
        }
    }

    #[test]
    fn a_value_of_another_type_is_shown_in_its_place() {
        let text = "\u{feff}---\r\ntitle: 写入\r\nenable_checker: maybe\r\n---\r\n";
        let wrong = front(text).unwrap_err();
        assert_eq!(&text[wrong.span], "maybe", "{}", wrong.message);
        let list = "---\nexercise: [a, b]\n---\n";
        assert!(list[front(list).unwrap_err().span].contains("a, b"));
    }
}
