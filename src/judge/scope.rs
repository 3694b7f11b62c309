//! What the places of a template stand for at a moment of a check.

use std::collections::BTreeMap;

use crate::exercise::{Part, Template};

/// The values that a check's templates can name.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// The check's random values; `{{random}}` is the first.
    pub randoms: Vec<String>,
    /// What earlier steps saved.
    pub captures: BTreeMap<String, String>,
    /// The raw values of the cookies that the step's client holds or has just sent.
    pub cookies: BTreeMap<String, String>,
}

/// A template with its places filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// The text.
    pub text: String,
    /// Whether it travels as a cookie's value, so that its quoted and encoded forms are the same value.
    pub travels: Travels,
}

/// Whether a text is compared as it stands or as a value that went through a cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Travels {
    /// It is compared as it stands.
    AsText,
    /// Raw, without quotes or percent-decoded: any form will do.
    AsCookie,
}

impl Scope {
    /// The text with every place filled. A place that has no value yet becomes empty; exercises whose
    /// captures are used before they are saved do not load, so only a cookie can be missing.
    #[must_use]
    pub fn fill(&self, template: &Template) -> Filled {
        let mut travels = Travels::AsText;
        let mut text = String::new();
        for part in &template.0 {
            match part {
                Part::Literal(literal) => text.push_str(literal),
                Part::Random(number) => {
                    travels = Travels::AsCookie;
                    text.push_str(self.random(*number));
                }
                Part::Cookie(name) => {
                    travels = Travels::AsCookie;
                    text.push_str(self.cookies.get(name).map_or("", String::as_str));
                }
                Part::Capture(name) => {
                    text.push_str(self.captures.get(name).map_or("", String::as_str));
                }
            }
        }
        Filled { text, travels }
    }

    /// The first cookie that the template names and the client does not hold.
    #[must_use]
    pub fn missing_cookie<'t>(&self, template: &'t Template) -> Option<&'t str> {
        template.0.iter().find_map(|part| match part {
            Part::Cookie(name) if !self.cookies.contains_key(name) => Some(name.as_str()),
            _ => None,
        })
    }

    fn random(&self, number: u32) -> &str {
        let place = usize::try_from(number).unwrap_or(1).saturating_sub(1);
        self.randoms.get(place).map_or("", String::as_str)
    }
}
