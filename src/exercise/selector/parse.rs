//! The reader of selectors. It says where the first mistake is.

use super::{Among, AttributeTest, Case, Combinator, Complex, Compound, End, Nth, Operator, Simple};

/// How deep `:not` and `:is` may stand in each other.
const DEPTH: usize = 16;

/// The pseudo-classes that take nothing.
const PLAIN: [&str; 8] =
    ["first-child", "last-child", "only-child", "first-of-type", "last-of-type", "only-of-type", "empty", "root"];

/// Why a text is not a selector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectorError {
    /// The byte of the text at which it stops being one.
    pub at: usize,
    /// What is wrong there, in a short sentence.
    pub message: String,
}

type Read<T> = Result<T, SelectorError>;

/// A whole text as a list of selectors.
pub(super) fn list(text: &str) -> Read<Vec<Complex>> {
    let mut cursor = Cursor { text, at: 0, depth: 0 };
    let alternatives = cursor.list()?;
    match cursor.peek() {
        None => Ok(alternatives),
        Some(found) => cursor.wrong(format!("`{found}` cannot stand here")),
    }
}

struct Cursor<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
}

impl Cursor<'_> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn wrong<T>(&self, message: impl Into<String>) -> Read<T> {
        Err(SelectorError { at: self.at, message: message.into() })
    }

    /// Goes on behind this text, if it stands here.
    fn take(&mut self, text: &str) -> bool {
        let is_here = self.text[self.at..].starts_with(text);
        if is_here {
            self.at += text.len();
        }
        is_here
    }

    /// Says whether there was white space.
    fn space(&mut self) -> bool {
        let rest = &self.text[self.at..];
        let count = rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r', '\u{c}']).len();
        self.at += count;
        count > 0
    }

    fn list(&mut self) -> Read<Vec<Complex>> {
        let mut all = Vec::new();
        loop {
            self.space();
            all.push(self.complex()?);
            self.space();
            if !self.take(",") {
                return Ok(all);
            }
        }
    }

    fn complex(&mut self) -> Read<Complex> {
        let first = self.compound()?;
        let mut rest = Vec::new();
        loop {
            let apart = self.space();
            let combinator = match self.peek() {
                None | Some(',' | ')') => return Ok(Complex { first, rest }),
                Some('>') => Combinator::Child,
                Some('+') => Combinator::Next,
                Some('~') => Combinator::Later,
                Some(_) if apart => Combinator::Descendant,
                Some(found) => return self.wrong(format!("`{found}` cannot stand here")),
            };
            if combinator != Combinator::Descendant {
                self.at += 1;
                self.space();
            }
            rest.push((combinator, self.compound()?));
        }
    }

    fn compound(&mut self) -> Read<Compound> {
        let mut all = Vec::new();
        match self.peek() {
            Some('*') => {
                self.at += 1;
                all.push(Simple::Any);
            }
            Some(c) if starts_name(c) => all.push(Simple::Type(self.name()?.to_ascii_lowercase())),
            _ => {}
        }
        loop {
            match self.peek() {
                Some('#') => {
                    self.at += 1;
                    all.push(Simple::Id(self.name()?));
                }
                Some('.') => {
                    self.at += 1;
                    all.push(Simple::Class(self.name()?));
                }
                Some('[') => all.push(self.attribute()?),
                Some(':') => self.pseudo(&mut all)?,
                None if all.is_empty() => return self.wrong("a selector is missing here"),
                Some(found) if all.is_empty() => return self.wrong(format!("`{found}` cannot stand here")),
                _ => return Ok(Compound(all)),
            }
        }
    }

    /// A name, in which a backslash takes any character.
    fn name(&mut self) -> Read<String> {
        let mut name = String::new();
        while let Some(c) = self.peek() {
            if c == '\\' {
                self.at += 1;
                let Some(escaped) = self.peek() else { return self.wrong("a character is missing after `\\`") };
                name.push(escaped);
                self.at += escaped.len_utf8();
            } else if starts_name(c) || c.is_ascii_digit() {
                name.push(c);
                self.at += c.len_utf8();
            } else {
                break;
            }
        }
        if name.is_empty() { self.wrong("a name is missing here") } else { Ok(name) }
    }

    fn attribute(&mut self) -> Read<Simple> {
        self.at += 1;
        self.space();
        let name = self.name()?.to_ascii_lowercase();
        self.space();
        let operators = [
            ("=", Operator::Equals),
            ("~=", Operator::Word),
            ("|=", Operator::Dash),
            ("^=", Operator::Starts),
            ("$=", Operator::Ends),
            ("*=", Operator::Contains),
        ];
        let operator = operators.into_iter().find(|(text, _)| self.take(text));
        let mut test = None;
        if let Some((_, operator)) = operator {
            self.space();
            let value = self.value()?;
            let apart = self.space();
            let case = if apart && (self.take("i") || self.take("I")) { Case::Insensitive } else { Case::Sensitive };
            self.space();
            test = Some(AttributeTest { operator, value, case });
        }
        if self.take("]") { Ok(Simple::Attribute { name, test }) } else { self.wrong("a `]` is missing here") }
    }

    /// A name or a text in quotes.
    fn value(&mut self) -> Read<String> {
        let Some(quote @ ('"' | '\'')) = self.peek() else { return self.name() };
        let start = self.at;
        self.at += 1;
        let mut value = String::new();
        while let Some(c) = self.peek() {
            self.at += c.len_utf8();
            match c {
                c if c == quote => return Ok(value),
                '\\' => {
                    let Some(escaped) = self.peek() else { break };
                    self.at += escaped.len_utf8();
                    value.push(escaped);
                }
                c => value.push(c),
            }
        }
        Err(SelectorError { at: start, message: format!("the `{quote}` that ends this text is missing") })
    }

    fn pseudo(&mut self, all: &mut Vec<Simple>) -> Read<()> {
        let start = self.at;
        let wrong = |message: String| Err(SelectorError { at: start, message });
        self.at += 1;
        if self.peek() == Some(':') {
            return wrong("pseudo-elements are no part of a page's text".to_owned());
        }
        let name = self.name()?.to_ascii_lowercase();
        if self.take("(") {
            all.push(match name.as_str() {
                "not" => Simple::Not(self.inner()?),
                "is" | "where" => Simple::Is(self.inner()?),
                "nth-child" => self.nth(Among::All, End::First)?,
                "nth-last-child" => self.nth(Among::All, End::Last)?,
                "nth-of-type" => self.nth(Among::SameType, End::First)?,
                "nth-last-of-type" => self.nth(Among::SameType, End::Last)?,
                _ => return wrong(format!("`:{name}()` is not known here")),
            });
            self.space();
            return if self.take(")") { Ok(()) } else { self.wrong("a `)` is missing here") };
        }
        let place = |among, end| Simple::Nth(Nth { among, end, step: 0, offset: 1 });
        match name.as_str() {
            "first-child" => all.push(place(Among::All, End::First)),
            "last-child" => all.push(place(Among::All, End::Last)),
            "only-child" => all.extend([place(Among::All, End::First), place(Among::All, End::Last)]),
            "first-of-type" => all.push(place(Among::SameType, End::First)),
            "last-of-type" => all.push(place(Among::SameType, End::Last)),
            "only-of-type" => all.extend([place(Among::SameType, End::First), place(Among::SameType, End::Last)]),
            "empty" => all.push(Simple::Empty),
            "root" => all.push(Simple::Root),
            _ => {
                let nearest = crate::exercise::suggest::did_you_mean(&name, PLAIN);
                let more = nearest.map(|meant| format!(", {meant}")).unwrap_or_default();
                return wrong(format!("`:{name}` is not known here{more}"));
            }
        }
        Ok(())
    }

    fn inner(&mut self) -> Read<Vec<Complex>> {
        self.depth += 1;
        if self.depth > DEPTH {
            return self.wrong("too many selectors in each other");
        }
        let list = self.list()?;
        self.depth -= 1;
        Ok(list)
    }

    /// `odd`, `even`, `3`, `2n+1`, `-n + 3`.
    fn nth(&mut self, among: Among, end: End) -> Read<Simple> {
        let start = self.at;
        let rest = &self.text[start..];
        let inside = &rest[..rest.find(')').unwrap_or(rest.len())];
        let compact: String = inside.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
        let number = |text: &str| text.strip_prefix('+').unwrap_or(text).parse::<i32>().ok();
        let steps = match (compact.as_str(), compact.split_once('n')) {
            ("odd", _) => Some((2, 1)),
            ("even", _) => Some((2, 0)),
            (_, Some((step, offset))) => {
                let step = match step {
                    "" | "+" => Some(1),
                    "-" => Some(-1),
                    step => number(step),
                };
                step.zip(if offset.is_empty() { Some(0) } else { number(offset) })
            }
            (plain, None) => number(plain).map(|offset| (0, offset)),
        };
        let Some((step, offset)) = steps else {
            return self.wrong(format!("`{}` is no place, such as `2`, `odd` or `2n+1`", inside.trim()));
        };
        self.at = start + inside.len();
        Ok(Simple::Nth(Nth { among, end, step, offset }))
    }
}

fn starts_name(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_' || c == '-' || c == '\\' || !c.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where and how a selector is refused.
    fn refused(text: &str) -> (usize, String) {
        let error = list(text).expect_err(text);
        (error.at, error.message)
    }

    #[test]
    fn a_selector_has_its_parts() {
        let selector = list("ul#menu.a > li:nth-child(2n + 1) a[href^=\"/x\" i], h1").unwrap();
        let [list, heading] = selector.as_slice() else { panic!("{selector:?}") };
        let parts = [Simple::Type("ul".into()), Simple::Id("menu".into()), Simple::Class("a".into())];
        assert_eq!(list.first.0, parts);
        let (child, item) = &list.rest[0];
        let nth = Nth { among: Among::All, end: End::First, step: 2, offset: 1 };
        assert_eq!((child, &item.0[1]), (&Combinator::Child, &Simple::Nth(nth)));
        let (descendant, link) = &list.rest[1];
        let test = AttributeTest { operator: Operator::Starts, value: "/x".into(), case: Case::Insensitive };
        assert_eq!(descendant, &Combinator::Descendant);
        assert_eq!(link.0[1], Simple::Attribute { name: "href".into(), test: Some(test) });
        assert_eq!(heading.first.0, [Simple::Type("h1".into())]);
    }

    #[test]
    fn names_may_be_chinese_or_escaped() {
        assert_eq!(list(".标题").unwrap()[0].first.0, [Simple::Class("标题".into())]);
        assert_eq!(list(r"#a\:b").unwrap()[0].first.0, [Simple::Id("a:b".into())]);
        assert_eq!(list("LI").unwrap()[0].first.0, [Simple::Type("li".into())]);
    }

    #[test]
    fn places_have_every_usual_form() {
        let forms =
            [("odd", 2, 1), ("even", 2, 0), ("3", 0, 3), ("n", 1, 0), ("-n+3", -1, 3), ("2n-1", 2, -1), (" +4 ", 0, 4)];
        for (text, step, offset) in forms {
            let read = list(&format!(":nth-last-of-type({text})")).unwrap();
            let nth = Nth { among: Among::SameType, end: End::Last, step, offset };
            assert_eq!(read[0].first.0, [Simple::Nth(nth)], "{text}");
        }
    }

    #[test]
    fn the_first_mistake_is_named_with_its_place() {
        for (text, at) in [
            ("", 0),
            ("ul >", 4),
            ("ul > > li", 5),
            ("a[href", 6),
            ("a[=x]", 2),
            ("a[href='x]", 7),
            ("a,", 2),
            ("a)", 1),
            (".1a:", 4),
            ("li:hover", 2),
            ("p::before", 1),
            ("a:nth-child(x)", 12),
            (":not(a", 6),
            ("标 |b", 4),
            ("a\\", 2),
        ] {
            assert_eq!(refused(text).0, at, "{text}: {}", refused(text).1);
        }
        assert_eq!(refused("li:first-chld").1, "`:first-chld` is not known here, did you mean `first-child`?");
    }

    #[test]
    fn depth_is_bounded() {
        assert!(list(&format!("{}a{}", ":not(".repeat(20), ")".repeat(20))).is_err());
        assert!(list(&":not(".repeat(100_000)).is_err());
    }
}
