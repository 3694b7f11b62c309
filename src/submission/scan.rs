//! Python source as logical lines of tokens, so that comments, strings and docstrings deceive nobody.
//!
//! It is no parser: it knows enough of the language (reference manual, chapter 2, "Lexical analysis") to tell code
//! from text, and to join lines inside brackets. Whatever it does not know becomes a token of one character.

use std::iter::Peekable;
use std::str::Chars;

/// A piece of code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    /// A name, keyword or number.
    Name(String),
    /// A string, with what is between its quotes; escapes are left as they are.
    Str(String),
    /// Any other character that is not blank.
    Sign(char),
}

impl Token {
    /// The name, if it is one.
    pub(crate) fn name(&self) -> Option<&str> {
        match self {
            Self::Name(name) => Some(name),
            Self::Str(_) | Self::Sign(_) => None,
        }
    }

    /// Whether it is this name or keyword.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.name() == Some(name)
    }
}

/// One logical line: its tokens and how far its start is indented, in columns with a tab as 8.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Line {
    /// The width of the blanks before the first token.
    pub(crate) indent: usize,
    /// The tokens; at least one.
    pub(crate) tokens: Vec<Token>,
}

/// Reads Python source. It accepts anything; a text that is no Python gives tokens that match nothing.
pub(crate) fn scan(source: &str) -> Vec<Line> {
    let mut scanner =
        Scanner { rest: source.chars().peekable(), lines: Vec::new(), line: Line::default(), at_start: true, depth: 0 };
    scanner.run();
    scanner.lines
}

struct Scanner<'a> {
    rest: Peekable<Chars<'a>>,
    lines: Vec<Line>,
    line: Line,
    /// Whether blanks still count as indent.
    at_start: bool,
    /// How many brackets are open.
    depth: usize,
}

impl Scanner<'_> {
    fn run(&mut self) {
        while let Some(c) = self.rest.next() {
            match c {
                '\n' => self.end_of_line(),
                '#' => while self.rest.next_if(|&c| c != '\n').is_some() {},
                '\\' if self.rest.next_if_eq(&'\n').is_some() => {}
                ' ' if self.at_start => self.line.indent += 1,
                '\t' if self.at_start => self.line.indent = (self.line.indent / 8 + 1) * 8,
                '"' | '\'' => self.string(c),
                // A second statement on one line stands alone, as deep as the first.
                ';' if self.depth == 0 => {
                    let indent = self.line.indent;
                    self.finish();
                    self.line.indent = indent;
                    self.at_start = false;
                }
                _ if c.is_whitespace() => {}
                _ if c == '_' || c.is_alphanumeric() => self.word(c),
                _ => self.sign(c),
            }
        }
        self.finish();
    }

    fn sign(&mut self, c: char) {
        match c {
            '(' | '[' | '{' => self.depth += 1,
            ')' | ']' | '}' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        self.push(Token::Sign(c));
    }

    fn word(&mut self, first: char) {
        let mut word = String::from(first);
        while let Some(c) = self.rest.next_if(|&c| c == '_' || c.is_alphanumeric()) {
            word.push(c);
        }
        let is_prefix = word.len() <= 2 && word.chars().all(|c| "rRbBuUfFtT".contains(c));
        match self.rest.peek() {
            Some(&quote @ ('"' | '\'')) if is_prefix => {
                self.rest.next();
                self.string(quote);
            }
            _ => self.push(Token::Name(word)),
        }
    }

    /// The rest of a string after its first quote. One that is not closed ends with its line, so that a mistake
    /// in one line hides no other; a triple-quoted one ends with the text.
    fn string(&mut self, quote: char) {
        let mut text = String::new();
        let mut triple = false;
        if self.rest.next_if_eq(&quote).is_some() {
            triple = self.rest.next_if_eq(&quote).is_some();
            if !triple {
                return self.push(Token::Str(text));
            }
        }
        while let Some(c) = self.rest.next_if(|&c| triple || c != '\n') {
            text.push(c);
            if c == '\\' {
                text.extend(self.rest.next());
            } else if c == quote && (!triple || text.ends_with(&String::from(quote).repeat(3))) {
                text.truncate(text.len() - if triple { 3 } else { 1 });
                break;
            }
        }
        self.push(Token::Str(text));
    }

    fn end_of_line(&mut self) {
        if self.depth == 0 {
            self.finish();
        } else if self.next_line_starts_a_statement() {
            // A bracket that was never closed: better to lose this line than the rest of the file.
            self.depth = 0;
            self.finish();
        }
    }

    /// Whether an unindented keyword follows that cannot stand inside brackets.
    fn next_line_starts_a_statement(&self) -> bool {
        let ahead: String = self.rest.clone().take(7).collect();
        ["def ", "class ", "import ", "from ", "@"].iter().any(|start| ahead.starts_with(start))
    }

    fn push(&mut self, token: Token) {
        self.at_start = false;
        self.line.tokens.push(token);
    }

    fn finish(&mut self) {
        let line = std::mem::take(&mut self.line);
        self.at_start = true;
        if !line.tokens.is_empty() {
            self.lines.push(line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tokens as text, one line a line, strings as `'…'`.
    fn shown(source: &str) -> Vec<String> {
        let word = |token: &Token| match token {
            Token::Name(name) => name.clone(),
            Token::Str(text) => format!("'{text}'"),
            Token::Sign(c) => c.to_string(),
        };
        let line =
            |line: &Line| format!("{}:{}", line.indent, line.tokens.iter().map(word).collect::<Vec<_>>().join(" "));
        scan(source).iter().map(line).collect()
    }

    #[test]
    fn code_is_told_from_comments_and_strings() {
        let cases: [(&str, &[&str]); 11] = [
            ("a = 1 # app.run()", &["0:a = 1"]),
            ("# app.run()\n\n  b", &["2:b"]),
            ("'''app.run()\nmore'''\nx", &["0:'app.run()\nmore'", "0:x"]),
            ("x = rb'\\'' + f\"{y}\"", &["0:x = '\\'' + '{y}'"]),
            ("f(a,\n  b)\nc", &["0:f ( a , b )", "0:c"]),
            ("a \\\n  b\nc", &["0:a b", "0:c"]),
            ("if x:\n\tapp.run()", &["0:if x :", "8:app . run ( )"]),
            ("a; b", &["0:a", "0:b"]),
            ("s = 'it\nx", &["0:s = 'it'", "0:x"]),
            ("f(\ndef g(): pass", &["0:f (", "0:def g ( ) : pass"]),
            ("e = ''\n''''x'''", &["0:e = ''", "0:''x'"]),
        ];
        for (source, expected) in cases {
            assert_eq!(shown(source), expected, "{source}");
        }
    }

    #[test]
    fn names_may_be_chinese() {
        assert_eq!(shown("def 写入(): pass"), ["0:def 写入 ( ) : pass"]);
    }
}
