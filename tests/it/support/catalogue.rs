//! The message catalogues, read with Fluent's own parser.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

use super::root;

/// The entries of a language: id, places, and a regular expression that any filling of it matches.
pub(crate) fn catalogue(lang: &str) -> BTreeMap<String, Said> {
    let mut entries = BTreeMap::new();
    for file in fs::read_dir(root().join("src/locale").join(lang)).unwrap() {
        let path = file.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let resource = fluent_syntax::parser::parse(text.as_str())
            .unwrap_or_else(|(_, errors)| panic!("{}: {errors:?}", path.display()));
        for entry in resource.body {
            let Entry::Message(message) = entry else { continue };
            let mut said = Said { places: BTreeSet::new(), pattern: String::new() };
            said.add(message.value.as_ref().unwrap_or_else(|| panic!("{} says nothing", message.id.name)));
            let before = entries.insert(message.id.name.to_owned(), said);
            assert!(before.is_none(), "{} is there twice", message.id.name);
        }
    }
    entries
}

/// What an entry says.
pub(crate) struct Said {
    pub(crate) places: BTreeSet<String>,
    pattern: String,
}

impl Said {
    /// Whether a text is this entry with its places filled.
    pub(crate) fn matches(&self, text: &str) -> bool {
        regex::Regex::new(&format!("(?s)^{}$", self.pattern)).unwrap().is_match(text)
    }

    fn add(&mut self, pattern: &Pattern<&str>) {
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => self.pattern.push_str(&regex::escape(value)),
                PatternElement::Placeable { expression } => self.expression(expression),
            }
        }
    }

    fn expression(&mut self, expression: &Expression<&str>) {
        match expression {
            Expression::Inline(InlineExpression::StringLiteral { value }) => {
                self.pattern.push_str(&regex::escape(value));
            }
            Expression::Inline(inline) => self.place(inline),
            Expression::Select { selector, variants } => {
                self.place(selector);
                // Whatever the variants say: the places inside them count.
                let length = self.pattern.len();
                variants.iter().for_each(|variant| self.add(&variant.value));
                self.pattern.truncate(length);
            }
        }
    }

    fn place(&mut self, inline: &InlineExpression<&str>) {
        if let InlineExpression::VariableReference { id } = inline {
            self.places.insert(id.name.to_owned());
        }
        self.pattern.push_str(".*");
    }
}
