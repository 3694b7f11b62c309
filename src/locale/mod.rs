//! Everything that is said to people, in every language: one Fluent catalogue a language.
//!
//! It turns a [`Message`] into a sentence; it does not decide
//! what is said. Tests hold that every catalogue has the same entries with the same places, and that every
//! message id in the source is an entry.

use std::cell::RefCell;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};

use crate::exercise::Lang;
use crate::message::{Arg, Message};

/// Each entry's id and its text, sorted by id: all that is in a language's folder beside this file.
type Entries = &'static [(&'static str, &'static str)];

static EN: Entries = include!(concat!(env!("OUT_DIR"), "/catalogue_en.rs"));
static ZH: Entries = include!(concat!(env!("OUT_DIR"), "/catalogue_zh.rs"));

/// All that can be said, in one language. An entry is parsed when it is first said.
pub struct Catalogue {
    lang: Lang,
    entries: Entries,
    /// What was said so far.
    bundle: RefCell<FluentBundle<FluentResource>>,
}

impl Catalogue {
    /// The catalogue of a language.
    #[must_use]
    pub fn new(lang: Lang) -> Self {
        let entries = match lang {
            Lang::En => EN,
            Lang::Zh => ZH,
        };
        // The language decides plural forms alone.
        let language = lang.code().parse().expect("its code is a language tag");
        let mut bundle = FluentBundle::new(vec![language]);
        // The marks that isolate directions would stand in every report and in what people copy from it.
        bundle.set_use_isolating(false);
        Self { lang, entries, bundle: RefCell::new(bundle) }
    }

    /// The catalogue's language.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// The message as a sentence. An id that the catalogue lacks is said as it is.
    #[must_use]
    pub fn say(&self, message: &Message) -> String {
        if let ("literal" | "authored", [(_, text)]) = (message.id, message.args.as_slice()) {
            return self.text(text);
        }
        let mut args = FluentArgs::new();
        for (name, value) in &message.args {
            args.set(*name, self.value(value));
        }
        self.learn(message.id);
        let bundle = self.bundle.borrow();
        let pattern = bundle.get_message(message.id).and_then(|entry| entry.value());
        let Some(pattern) = pattern else { return message.id.to_owned() };
        let mut errors = Vec::new();
        bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned()
    }

    /// Parses an entry, if that was not done before and if there is one.
    fn learn(&self, id: &str) {
        if self.bundle.borrow().has_message(id) {
            return;
        }
        let Ok(place) = self.entries.binary_search_by_key(&id, |(id, _)| id) else { return };
        // An entry that does not parse is left out; a test proves that there is none.
        if let Ok(resource) = FluentResource::try_new(self.entries[place].1.to_owned()) {
            self.bundle.borrow_mut().add_resource_overriding(resource);
        }
    }

    /// An entry without places, such as a label.
    #[must_use]
    pub fn label(&self, id: &'static str) -> String {
        self.say(&Message::new(id))
    }

    fn value<'v>(&self, value: &'v Arg) -> FluentValue<'v> {
        match value {
            Arg::Text(text) => FluentValue::from(text.as_str()),
            Arg::Number(number) => FluentValue::from(*number),
            Arg::Message(_) | Arg::Authored(_) => FluentValue::from(self.text(value)),
        }
    }

    fn text(&self, value: &Arg) -> String {
        match value {
            Arg::Text(text) => text.clone(),
            Arg::Number(number) => number.to_string(),
            Arg::Message(message) => self.say(message),
            Arg::Authored(text) => text.in_lang(self.lang).to_owned(),
        }
    }
}

/// What stands between a label and what it labels: Chinese punctuation brings its own space.
#[must_use]
pub fn space_after(label: &str) -> &'static str {
    if label.ends_with('：') { "" } else { " " }
}

#[cfg(test)]
mod tests;
