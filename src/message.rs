//! What is said to people, as data: an id of the catalogue and its arguments.
//!
//! Judging and hints are pure and speak no language. They give a [`Message`]; the
//! report is folded with a catalogue ([`crate::locale`]) that turns it into English or Chinese.

use std::fmt;

/// A sentence to be said to people, before it is in any language.
///
/// `id` names an entry that every catalogue has (a test holds this); `args` fill its places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The entry's id in the catalogues, such as `hint-none-returned`.
    pub id: &'static str,
    /// Names and values for the entry's places, in the order they were given.
    pub args: Vec<(&'static str, Arg)>,
}

/// A value for a place in a [`Message`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arg {
    /// Text, shown as it is.
    Text(String),
    /// A whole number, which may choose a plural form.
    Number(i64),
    /// A sentence inside the sentence.
    Message(Box<Message>),
    /// A text that the author of an exercise wrote in several languages.
    Authored(crate::exercise::Text),
}

impl Message {
    /// A message without arguments.
    #[must_use]
    pub const fn new(id: &'static str) -> Self {
        Self { id, args: Vec::new() }
    }

    /// The same message with one argument more.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Arg>) -> Self {
        self.args.push((name, value.into()));
        self
    }

    /// A message that is the same in every language, such as a number, a path or a quoted body.
    #[must_use]
    pub fn literal(text: impl Into<String>) -> Self {
        Self::new("literal").with("text", text.into())
    }

    /// A message that says exactly what an exercise's author wrote.
    #[must_use]
    pub fn authored(text: crate::exercise::Text) -> Self {
        Self::new("authored").with("text", Arg::Authored(text))
    }
}

/// Shows the id and the arguments; for logs and test failures, not for students.
impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.id)?;
        for (name, value) in &self.args {
            write!(f, " {name}={value:?}")?;
        }
        Ok(())
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<i64> for Arg {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<u16> for Arg {
    fn from(number: u16) -> Self {
        Self::Number(number.into())
    }
}

impl From<usize> for Arg {
    fn from(number: usize) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<Message> for Arg {
    fn from(message: Message) -> Self {
        Self::Message(Box::new(message))
    }
}
