//! CSS selectors: what they are and how they are read. What they select is [`crate::judge`]'s business.
//!
//! The selectors of Selectors Level 4 that make sense for a page that nobody is looking at: types, ids, classes,
//! attributes, the four combinators, lists, `:not`, `:is`, `:where`, and the positions among siblings. The libraries
//! for it all rest on crates under a licence that is not permissive, and say of a wrong selector only that it is.

mod parse;

use std::fmt;

pub use parse::SelectorError;

/// A CSS selector, known to be one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    source: String,
    /// Any of these selects. Never empty.
    pub alternatives: Vec<Complex>,
}

impl Selector {
    /// Reads a selector.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn parse(text: &str) -> Result<Self, SelectorError> {
        Ok(Self { source: text.trim().to_owned(), alternatives: parse::list(text)? })
    }
}

/// As its author wrote it.
impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)
    }
}

/// Compounds one after another, such as `ul.menu > li a`. The last one is what is selected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complex {
    /// The first of them.
    pub first: Compound,
    /// The others, each with how it stands to the one before.
    pub rest: Vec<(Combinator, Compound)>,
}

/// How an element stands to another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Combinator {
    /// Anywhere inside it: white space.
    Descendant,
    /// Directly inside it: `>`.
    Child,
    /// The next element beside it: `+`.
    Next,
    /// Any later element beside it: `~`.
    Later,
}

/// What must hold of one element: all of it. Never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compound(pub Vec<Simple>);

/// One thing that holds of an element or does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Simple {
    /// `*`
    Any,
    /// An element of this name, in lower case: `li`.
    Type(String),
    /// `#main`
    Id(String),
    /// `.menu`
    Class(String),
    /// `[href]`, `[type=submit]`
    Attribute {
        /// The attribute's name in lower case.
        name: String,
        /// What its value must be; none if it must only be there.
        test: Option<AttributeTest>,
    },
    /// None of these: `:not(.done, .old)`.
    Not(Vec<Complex>),
    /// Any of these: `:is(h1, h2)`, `:where(h1, h2)`.
    Is(Vec<Complex>),
    /// A place among the siblings: `:first-child`, `:nth-of-type(2n+1)`.
    Nth(Nth),
    /// No element and no text inside: `:empty`.
    Empty,
    /// The outermost element: `:root`.
    Root,
}

/// What the value of an attribute must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeTest {
    /// How the two are compared.
    pub operator: Operator,
    /// What it is compared to.
    pub value: String,
    /// Whether capitals and small letters are the same: `[type=a i]`.
    pub case: Case,
}

/// Whether capitals and small letters are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// They are not.
    Sensitive,
    /// ASCII's are.
    Insensitive,
}

/// How the value of an attribute is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `=`
    Equals,
    /// `~=`: it is one of its words.
    Word,
    /// `|=`: it is the value, or its beginning before a hyphen.
    Dash,
    /// `^=`
    Starts,
    /// `$=`
    Ends,
    /// `*=`
    Contains,
}

/// Places among siblings: those whose number is `step * n + offset` for some n from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nth {
    /// Which siblings count.
    pub among: Among,
    /// From which end they are counted.
    pub end: End,
    /// The distance of two places.
    pub step: i32,
    /// The first of them.
    pub offset: i32,
}

/// Which siblings count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Among {
    /// All of them.
    All,
    /// Those of the same name.
    SameType,
}

/// From which end siblings are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// From the first.
    First,
    /// From the last.
    Last,
}
