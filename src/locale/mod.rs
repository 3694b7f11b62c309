//! Everything that is said to people, in every language: one Fluent catalogue a language.
//!
//! It turns a [`Message`] into a sentence; it does not decide
//! what is said. Tests hold that every catalogue has the same entries with the same places, and that every
//! message id in the source is an entry.

use std::cell::OnceCell;
use std::collections::HashMap;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};

use crate::exercise::Lang;
use crate::message::{Arg, Message};

/// The catalogues' texts: what `en.ftl` and `zh.ftl` hold, in several files by subject.
fn sources(lang: Lang) -> &'static [&'static str] {
    match lang {
        Lang::En => &[
            include_str!("en/report.ftl"),
            include_str!("en/format.ftl"),
            include_str!("en/judge.ftl"),
            include_str!("en/hint.ftl"),
            include_str!("en/submission.ftl"),
            include_str!("en/cohort.ftl"),
            include_str!("en/isolation.ftl"),
            include_str!("en/lesson.ftl"),
            include_str!("en/proof.ftl"),
            include_str!("en/watch.ftl"),
        ],
        Lang::Zh => &[
            include_str!("zh/report.ftl"),
            include_str!("zh/format.ftl"),
            include_str!("zh/judge.ftl"),
            include_str!("zh/hint.ftl"),
            include_str!("zh/submission.ftl"),
            include_str!("zh/cohort.ftl"),
            include_str!("zh/isolation.ftl"),
            include_str!("zh/lesson.ftl"),
            include_str!("zh/proof.ftl"),
            include_str!("zh/watch.ftl"),
        ],
    }
}

/// All that can be said, in one language. A file is parsed when something in it is first said.
pub struct Catalogue {
    lang: Lang,
    parts: Vec<Part>,
    /// In which part an entry is.
    places: HashMap<&'static str, usize>,
}

/// One file of a catalogue.
struct Part {
    source: &'static str,
    bundle: OnceCell<FluentBundle<FluentResource>>,
}

impl Part {
    fn bundle(&self, lang: Lang) -> &FluentBundle<FluentResource> {
        self.bundle.get_or_init(|| {
            // The language decides plural forms alone.
            let language = lang.code().parse().expect("its code is a language tag");
            let mut bundle = FluentBundle::new(vec![language]);
            // The marks that isolate directions would stand in every report and in what people copy from it.
            bundle.set_use_isolating(false);
            // Entries that do not parse are left out; a test proves that there are none.
            let resource = match FluentResource::try_new(self.source.to_owned()) {
                Ok(resource) | Err((resource, _)) => resource,
            };
            bundle.add_resource_overriding(resource);
            bundle
        })
    }
}

/// The ids of a file's entries: what stands before ` =` at the beginning of a line.
fn ids(source: &'static str) -> impl Iterator<Item = &'static str> {
    let entries = source.lines().filter(|line| line.starts_with(|first: char| first.is_ascii_alphabetic()));
    entries.filter_map(|line| line.split_once('=')).map(|(id, _)| id.trim_end())
}

impl Catalogue {
    /// The catalogue of a language.
    #[must_use]
    pub fn new(lang: Lang) -> Self {
        let sources = sources(lang);
        let parts = sources.iter().map(|&source| Part { source, bundle: OnceCell::new() }).collect();
        let places = sources.iter().enumerate().flat_map(|(part, source)| ids(source).map(move |id| (id, part)));
        Self { lang, parts, places: places.collect() }
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
        let bundle = self.places.get(message.id).map(|&part| self.parts[part].bundle(self.lang));
        let entry = bundle.and_then(|bundle| Some((bundle, bundle.get_message(message.id)?.value()?)));
        let Some((bundle, pattern)) = entry else { return message.id.to_owned() };
        let mut args = FluentArgs::new();
        for (name, value) in &message.args {
            args.set(*name, self.value(value));
        }
        let mut errors = Vec::new();
        bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned()
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
