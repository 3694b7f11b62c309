//! What is wrong with an exercise file, and where, for its author to read.
//!
//! Diagnostics speak English only: they are for authors, as a compiler's are for programmers.

use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet, normalize_untrusted_str};

/// A place in a source, in bytes.
pub type Span = Range<usize>;

/// A value and the place in the source where it was written.
#[derive(Clone, Debug)]
pub(crate) struct At<T> {
    /// The value.
    pub(crate) value: T,
    /// Where it stands.
    pub(crate) span: Span,
}

/// One thing that is wrong with an exercise file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What is wrong, in a short sentence without a final period.
    pub message: String,
    /// Where, in bytes of the source, on boundaries of characters.
    pub span: Span,
    /// Another place that the message is about, and what is there.
    pub related: Option<(Span, String)>,
    /// What to do about it, if that is known.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A diagnostic with a message and a place alone.
    pub(crate) fn new(message: impl Into<String>, span: Span) -> Self {
        Self { message: message.into(), span, related: None, help: None }
    }

    /// The same with what to do about it.
    pub(crate) fn help(mut self, help: impl Into<Option<String>>) -> Self {
        self.help = help.into();
        self
    }

    /// The same with another place that it is about.
    pub(crate) fn related(mut self, span: &Span, label: &str) -> Self {
        self.related = Some((span.clone(), label.to_owned()));
        self
    }
}

/// Puts diagnostics in the order of the file, each said once.
pub(crate) fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| (a.span.start, a.span.end, &a.message).cmp(&(b.span.start, b.span.end, &b.message)));
    diagnostics.dedup_by(|a, b| a.span == b.span && a.message == b.message);
}

/// The diagnostics as text in the manner of a compiler, with file, line, column and the line itself.
///
/// `source` is the text that they were found in, `origin` the path that people know it by. Columns
/// count characters from 1. A blank line stands between two diagnostics, a newline at the end; no diagnostics
/// are the empty text. Control characters of the source are shown as visible text.
#[must_use]
pub fn render(diagnostics: &[Diagnostic], source: &str, origin: &str, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() }.decor_style(DecorStyle::Ascii);
    let lines = Lines::new(source);
    let texts = diagnostics.iter().map(|diagnostic| one(&renderer, diagnostic, &lines, origin) + "\n");
    texts.collect::<Vec<_>>().join("\n")
}

fn one(renderer: &Renderer, diagnostic: &Diagnostic, lines: &Lines<'_>, origin: &str) -> String {
    let Excerpt { text, first_line, offset } = lines.around(diagnostic);
    let shifted = |span: &Span| shift(span, offset, text);
    let mut snippet = Snippet::source(text)
        .line_start(first_line)
        .path(origin)
        .annotation(AnnotationKind::Primary.span(shifted(&diagnostic.span)));
    if let Some((span, label)) = &diagnostic.related {
        snippet = snippet.annotation(AnnotationKind::Context.span(shifted(span)).label(label));
    }
    let mut report = Level::ERROR.primary_title(one_line(&diagnostic.message)).element(snippet);
    if let Some(help) = &diagnostic.help {
        report = report.element(Level::HELP.message(normalize_untrusted_str(&one_line(help))));
    }
    renderer.render(&[report])
}

/// A message quotes what the file says, which may go over several lines.
fn one_line(text: &str) -> String {
    text.replace('\r', "\\r").replace('\n', "\\n")
}

/// A source and where its lines begin.
struct Lines<'s> {
    source: &'s str,
    starts: Vec<usize>,
}

/// Whole lines of a source.
struct Excerpt<'s> {
    text: &'s str,
    /// The number of the first line, from 1.
    first_line: usize,
    /// Where the lines begin in the source.
    offset: usize,
}

impl<'s> Lines<'s> {
    fn new(source: &'s str) -> Self {
        let after_newlines = source.match_indices('\n').map(|(newline, _)| newline + 1);
        Self { source, starts: std::iter::once(0).chain(after_newlines).collect() }
    }

    /// The lines from the first place of the diagnostic to the last: the renderer reads all it is given,
    /// so that a long file with many mistakes would otherwise be read once for each.
    fn around(&self, diagnostic: &Diagnostic) -> Excerpt<'s> {
        let spans = || std::iter::once(&diagnostic.span).chain(diagnostic.related.iter().map(|(span, _)| span));
        let first = spans().map(|span| span.start).min().unwrap_or_default().min(self.source.len());
        let last = spans().map(|span| span.end).max().unwrap_or_default();
        // The first line begins at 0, so there is always one that begins no later.
        let first_line = self.starts.partition_point(|start| *start <= first);
        let after = self.starts.partition_point(|start| *start <= last);
        let offset = self.starts[first_line - 1];
        let end = self.starts.get(after).map_or(self.source.len(), |start| start - 1);
        // A line ends before its `\r\n`; what is left of one would show as a character.
        Excerpt { text: self.source[offset..end].trim_end_matches('\r'), first_line, offset }
    }
}

/// The span within an excerpt. It ends with its first line: a table of many lines needs no frame around it.
fn shift(span: &Span, offset: usize, text: &str) -> Span {
    let start = floor(text, span.start.saturating_sub(offset));
    let end = floor(text, span.end.saturating_sub(offset)).max(start);
    let line = text[start..end].find(['\r', '\n']).unwrap_or(end - start);
    start..start + line
}

/// The nearest boundary of a character at or before this byte.
fn floor(text: &str, byte: usize) -> usize {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    byte
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(source: &str, needle: &str) -> Diagnostic {
        let start = source.find(needle).unwrap();
        Diagnostic::new("wrong", start..start + needle.len())
    }

    fn rendered(source: &str, needle: &str) -> String {
        render(&[at(source, needle)], source, "exercise.toml", false)
    }

    #[test]
    fn a_diagnostic_looks_like_a_compilers() {
        let source = "a = 1\nb = 2\nc = 3\n";
        let diagnostic = at(source, "c").related(&(0..1), "first here").help("say `d`".to_owned());
        let expected = "\
error: wrong
 --> exercise.toml:3:1
  |
1 | a = 1
  | - first here
2 | b = 2
3 | c = 3
  | ^
  |
  = help: say `d`
";
        assert_eq!(render(&[diagnostic], source, "exercise.toml", false), expected);
    }

    #[test]
    fn columns_count_characters_and_carets_stand_below_wide_ones() {
        let text = rendered("a = \"写入\", b = 1\n", "b");
        assert!(text.contains("exercise.toml:1:11\n"), "{text}");
        assert!(text.contains("1 | a = \"写入\", b = 1\n  |             ^\n"), "{text}");
    }

    #[test]
    fn a_tab_is_one_column() {
        let text = rendered("\tb = 1\n", "b");
        assert!(text.contains("exercise.toml:1:2\n"), "{text}");
        assert!(text.contains("1 |     b = 1\n  |     ^\n"), "{text}");
    }

    #[test]
    fn windows_line_endings_count_once_and_do_not_show() {
        let text = rendered("a = 1\r\nb = 2\r\nc = 3\r\n", "b = 2");
        assert!(text.contains("exercise.toml:2:1\n"), "{text}");
        assert!(text.contains("2 | b = 2\n  | ^^^^^\n"), "{text}");
        assert!(!text.contains('\r'), "{text:?}");
    }

    #[test]
    fn a_table_of_many_lines_is_marked_on_its_first() {
        let text = rendered("a = {\r\n  b = 1,\r\n}\r\nc = 1\r\n", "{\r\n  b = 1,\r\n}");
        assert!(text.contains("1 | a = {\n  |     ^\n"), "{text}");
    }

    #[test]
    fn the_end_of_a_file_and_an_empty_file_can_be_pointed_at() {
        assert!(render(&[Diagnostic::new("wrong", 0..0)], "", "x", false).contains("x:1:1"));
        let text = render(&[Diagnostic::new("wrong", 5..5)], "a = 1", "x", false);
        assert!(text.contains("x:1:6"), "{text}");
        let beyond = render(&[Diagnostic::new("wrong", 50..60)], "a = 写", "x", false);
        assert!(beyond.contains("x:1:6"), "{beyond}");
    }

    #[test]
    fn escapes_of_the_terminal_are_not_passed_on() {
        let source = "a = \"\u{1b}[2J\u{202e}\"\n";
        let mut diagnostic = at(source, "a");
        diagnostic.message = "wrong \u{1b}[2J".into();
        diagnostic.help = Some("help \u{1b}[2J".into());
        let text = render(&[diagnostic], source, "x", false);
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text:?}");
    }

    #[test]
    fn a_message_that_quotes_several_lines_stays_on_one() {
        let mut diagnostic = at("a = 1\n", "a");
        diagnostic.message = "`1\r\n2` is no version".into();
        let text = render(&[diagnostic], "a = 1\n", "x", false);
        assert!(text.starts_with("error: `1\\r\\n2` is no version\n"), "{text}");
    }

    #[test]
    fn colour_comes_only_when_asked_for() {
        let source = "a = 1\n";
        assert!(render(&[at(source, "a")], source, "x", true).contains("\u{1b}["));
        assert!(!rendered(source, "a").contains('\u{1b}'));
    }

    #[test]
    fn diagnostics_are_sorted_and_said_once() {
        let mut all = vec![Diagnostic::new("b", 5..6), Diagnostic::new("a", 1..2), Diagnostic::new("b", 5..6)];
        sort(&mut all);
        assert_eq!(all, [Diagnostic::new("a", 1..2), Diagnostic::new("b", 5..6)]);
    }
}
