//! The listings of a Markdown page.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};

use super::comment;
use super::front::front;
use super::language::Language;
use crate::exercise::diagnostic::{At, Diagnostic, sort};

/// What a page says.
#[derive(Clone, Debug)]
pub struct Page {
    /// `enable_checker` of its front matter.
    pub enabled: Option<bool>,
    /// `exercise` of its front matter: the exercise of every listing that does not name another.
    pub(crate) exercise: Option<At<String>>,
    /// Its fenced blocks of code, in order.
    pub listings: Vec<Listing>,
}

/// A fenced block of code.
#[derive(Clone, Debug)]
pub struct Listing {
    /// The line of its opening fence, from 1.
    pub line: usize,
    /// What stands behind the opening fence.
    pub info: String,
    /// The code, without the indent of the list that it may stand in.
    pub text: String,
    /// What its author notes about it.
    pub notes: Notes,
    /// Where it is, in bytes.
    pub(crate) span: Range<usize>,
}

/// What the comments above a listing say.
#[derive(Clone, Debug, Default)]
pub struct Notes {
    /// The exercise that it belongs to.
    pub(crate) exercise: Option<At<String>>,
    /// The checks that it is meant to fail.
    pub(crate) fails: Vec<At<String>>,
    /// The language that it is in.
    pub(crate) language: Option<Language>,
    /// That it is not to be graded, with the reason if there is one.
    pub(crate) skip: Option<At<String>>,
}

/// Reads a page.
///
/// # Errors
/// Everything that is wrong with its front matter and with what it says to the checker, in its order.
pub fn read(text: &str) -> Result<Page, Vec<Diagnostic>> {
    let front = front(text).map_err(|wrong| vec![wrong])?;
    let mut reader =
        Reader { text, listings: Vec::new(), notes: Notes::default(), noted: Vec::new(), wrong: Vec::new() };
    let body = &text[front.end..];
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES;
    for (event, span) in Parser::new_ext(body, options).into_offset_iter() {
        reader.event(event, front.end + span.start..front.end + span.end);
    }
    reader.idle();
    if reader.wrong.is_empty() {
        return Ok(Page { enabled: front.enabled, exercise: front.exercise, listings: reader.listings });
    }
    sort(&mut reader.wrong);
    Err(reader.wrong)
}

struct Reader<'t> {
    text: &'t str,
    listings: Vec<Listing>,
    /// What was noted since the last listing, and where.
    notes: Notes,
    noted: Vec<Range<usize>>,
    wrong: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn event(&mut self, event: Event, span: Range<usize>) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => self.begin(info.to_string(), span),
            // Whatever else is shown, notes above it are for nothing.
            Event::Start(Tag::HtmlBlock) | Event::End(_) => {}
            Event::Html(_) | Event::InlineHtml(_) => self.html(span),
            Event::Text(code) if self.inside(&span) => {
                if let Some(listing) = self.listings.last_mut() {
                    listing.text.push_str(&code);
                }
            }
            Event::Start(Tag::Paragraph | Tag::Item | Tag::List(_) | Tag::BlockQuote(_)) | Event::SoftBreak => {}
            Event::Text(text) if text.trim().is_empty() => {}
            _ => self.idle(),
        }
    }

    fn begin(&mut self, info: String, span: Range<usize>) {
        let line = self.text[..span.start].matches('\n').count() + 1;
        self.noted.clear();
        let notes = std::mem::take(&mut self.notes);
        if let (Some(skip), true) = (&notes.skip, notes.exercise.is_some() || !notes.fails.is_empty()) {
            let message = "a listing that is skipped belongs to no exercise and fails no check";
            self.wrong.push(Diagnostic::new(message, skip.span.clone()));
        }
        self.listings.push(Listing { line, info, text: String::new(), notes, span });
    }

    /// Whether this is part of the last listing.
    fn inside(&self, span: &Range<usize>) -> bool {
        self.listings.last().is_some_and(|listing| listing.span.start <= span.start && span.end <= listing.span.end)
    }

    /// A line of HTML. A comment over several lines comes in pieces; it is read whole, with its first.
    fn html(&mut self, span: Range<usize>) {
        let end = match self.text[span.clone()].contains("<!--") {
            true => self.text[span.start..].find("-->").map_or(span.end, |end| (span.start + end + 3).max(span.end)),
            false => span.end,
        };
        for contents in comment::contents(&self.text[span.start..end], span.start) {
            self.noted.push(contents.clone());
            comment::read(self.text, contents, &mut self.notes, &mut self.wrong);
        }
    }

    /// No listing follows what was noted.
    fn idle(&mut self) {
        let message = "no listing follows this comment";
        let help = "it belongs directly above the fence of the listing that it is about".to_owned();
        let idle = self.noted.drain(..).map(|span| Diagnostic::new(message, span).help(help.clone()));
        self.wrong.extend(idle);
        self.notes = Notes::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exercise::diagnostic::render;

    fn lines(text: &str) -> Vec<(usize, String)> {
        read(text).unwrap().listings.into_iter().map(|listing| (listing.line, listing.text)).collect()
    }

    fn wrong(text: &str) -> String {
        render(&read(text).unwrap_err(), text, "page.md", false)
    }

    #[test]
    fn listings_are_found_with_their_lines_wherever_they_stand() {
        let text = "---\nversion: 1\n---\n\n# 标题\n\n```\na\n```\n\n- 列表\n\n  ~~~python\n  b\n    c\n  ~~~\n\n> ```js\n> d\n> ```\n";
        let expected = [(7, "a\n".to_owned()), (13, "b\n  c\n".to_owned()), (18, "d\n".to_owned())];
        assert_eq!(lines(text), expected);
    }

    #[test]
    fn a_comment_is_for_the_listing_below_it() {
        let text =
            "<!-- checker: exercise=cookies-set\n     fails=a,b -->\n\n```\nx\n```\n\n<!-- by hand -->\n```\ny\n```\n";
        let page = read(text).unwrap();
        let notes = &page.listings[0].notes;
        assert_eq!(notes.exercise.as_ref().unwrap().value, "cookies-set");
        assert_eq!(notes.fails.iter().map(|id| &text[id.span.clone()]).collect::<Vec<_>>(), ["a", "b"]);
        assert!(page.listings[1].notes.exercise.is_none());
        let skipped =
            read("- 项目\n  <!-- checker: skip=\"only an idea\" language=js -->\n  ```\n  x\n  ```\n").unwrap();
        let notes = &skipped.listings[0].notes;
        assert_eq!(notes.skip.as_ref().unwrap().value, "only an idea");
        assert_eq!(notes.language, Some(Language::JavaScript));
    }

    #[test]
    fn what_is_wrong_is_shown_with_line_and_column() {
        insta::assert_snapshot!(wrong(
            "# 页面\n\n<!-- checker: exersise=cookies fails= -->\n```\nx\n```\n\n<!-- checker: skip -->\n\nText.\n\n\
             <!-- checker: skip fails=a -->\n```\nx\n```\n<!-- checker: language=klingon colour=red -->\n```\n```\n\
             <!-- checker: -->\n"
        ));
    }

    #[test]
    fn windows_line_ends_change_nothing() {
        let text = "---\nversion: 1\n---\n\n<!-- checker: fails=a -->\n```python\na\n  b\n```\n";
        let page = read(&text.replace('\n', "\r\n")).unwrap();
        let listing = &page.listings[0];
        assert_eq!((listing.line, listing.text.as_str(), listing.notes.fails.len()), (6, "a\n  b\n", 1));
    }

    #[test]
    fn no_text_brings_the_reader_down() {
        const PIECES: [&str; 22] = [
            "---\n",
            "```",
            "~~~\n",
            "<!--",
            "-->",
            " checker:",
            " fails=",
            "\"",
            "é",
            "写",
            "\n",
            "\r\n",
            "\t",
            "- ",
            "> ",
            "exercise: ",
            "skip",
            ",",
            "=",
            "&amp;",
            "\u{feff}",
            "<div>",
        ];
        let mut random = fastrand::Rng::with_seed(7);
        for _ in 0..5_000 {
            let text: String = (0..random.usize(0..30)).map(|_| PIECES[random.usize(0..PIECES.len())]).collect();
            if let Err(wrong) = read(&text) {
                let shown = render(&wrong, &text, "page.md", false);
                assert!(shown.contains("page.md:"), "{text:?}");
            }
        }
    }
}
