//! The values at the ends of the tree: texts, templates, patterns, durations, statuses.

use std::time::Duration;

use toml::de::DeValue;

use super::reader::{Field, Reader, Trust, one_or_more};
use crate::exercise::diagnostic::{At, Span};
use crate::exercise::suggest::did_you_mean;
use crate::exercise::validate::{self, Place};
use crate::exercise::{
    JsonTemplate, Part, Pattern, StatusExpectation, StatusMatch, Template, TemplateError, Text, duration,
};

impl Reader<'_> {
    /// A text in one language or in several, none of them empty.
    pub(super) fn text(&mut self, field: &Field<'_>) -> Option<Text> {
        match field.value {
            DeValue::String(_) => self.words(field).map(Text::plain),
            DeValue::Table(_) => self.table(field, "a text", |reader, fields| {
                let given = [fields.get("en"), fields.get("zh")];
                if given.iter().all(Option::is_none) && !fields.is_meant_by_unknown(&["en", "zh"]) {
                    let help = Some("give `en`, `zh` or both".to_owned());
                    reader.wrong(format!("`{}` is in no language", field.key), field.span.clone(), help);
                }
                let [en, zh] = given.map(|text| text.and_then(|text| reader.words(&text)));
                Text { en, zh }
            }),
            _ => {
                self.wrong_type(field, "a string or a table of `en` and `zh`");
                None
            }
        }
    }

    /// A text that says something.
    fn words(&mut self, field: &Field<'_>) -> Option<String> {
        let text = self.string(field)?;
        if text.trim().is_empty() {
            self.wrong(format!("`{}` is empty", field.key), field.span.clone(), None);
            return None;
        }
        Some(text.to_owned())
    }

    /// A text that must be one of these.
    pub(super) fn one_of(&mut self, field: &Field<'_>, choices: &[&'static str]) -> Option<&'static str> {
        let text = self.string(field)?;
        let choice = choices.iter().copied().find(|choice| *choice == text);
        if choice.is_none() {
            let names: Vec<_> = choices.iter().map(|choice| format!("`{choice}`")).collect();
            let help = did_you_mean(text, choices.iter().copied());
            let one_of = if names.len() > 1 { "one of " } else { "" };
            let message = format!("`{}` must be {one_of}{}, not `{text}`", field.key, names.join(", "));
            self.wrong(message, field.span.clone(), help);
        }
        choice
    }

    /// A duration of more than nothing and at most an hour.
    pub(super) fn duration(&mut self, field: &Field<'_>) -> Option<Duration> {
        let text = self.string(field)?;
        match duration::parse(text) {
            Ok(duration) => self.accept(validate::span_of_time(duration), &field.span),
            Err(error) => {
                self.wrong(error.to_string(), field.span.clone(), None);
                None
            }
        }
    }

    /// A regular expression.
    pub(super) fn pattern(&mut self, field: &Field<'_>) -> Option<Pattern> {
        let text = self.string(field)?;
        match self.trust {
            Trust::Unknown => self.accept(validate::pattern(text), &field.span),
            Trust::Known => Some(Pattern::known(text)),
        }
    }

    /// A text with places. What they name is noted in [`Reader::places`].
    pub(super) fn template(&mut self, field: &Field<'_>) -> Option<Template> {
        let text = self.string(field)?;
        match Template::parse(text) {
            Ok(template) => {
                self.note_places(field, text);
                Some(template)
            }
            Err(TemplateError::Unclosed) => {
                self.wrong(TemplateError::Unclosed.to_string(), field.span.clone(), None);
                None
            }
            Err(TemplateError::Unknown(_)) => {
                self.report_unknown_places(field, text);
                None
            }
        }
    }

    fn note_places(&mut self, field: &Field<'_>, text: &str) {
        for (place, span) in self.spans_of_places(field, text) {
            match Template::parse(&place).map(|template| template.0).as_deref() {
                Ok([Part::Cookie(_)]) => self.places.push(At { value: Place::Cookie, span }),
                Ok([Part::Capture(name)]) => self.places.push(At { value: Place::Capture(name.clone()), span }),
                _ => {}
            }
        }
    }

    fn report_unknown_places(&mut self, field: &Field<'_>, text: &str) {
        for (place, span) in self.spans_of_places(field, text) {
            if let Err(error) = Template::parse(&place) {
                self.wrong(error.to_string(), span, Some(template_help(&error).to_owned()));
            }
        }
    }

    /// Each `{{…}}` of the text and where it stands: in the file as it is written there, unless escapes hide it.
    fn spans_of_places(&self, field: &Field<'_>, text: &str) -> Vec<(String, Span)> {
        let written = places_in(self.text_at(&field.span));
        let places = places_in(text);
        let same = written.len() == places.len();
        let spans = (0..places.len()).map(|i| match &written {
            written if same && written[i].0 == places[i].0 => {
                let Span { start, end } = &written[i].1;
                field.span.start + start..field.span.start + end
            }
            _ => field.span.clone(),
        });
        places.iter().map(|(place, _)| (*place).to_owned()).zip(spans).collect()
    }

    /// A status code, a class such as `2xx`, or a list of them.
    pub(super) fn status(&mut self, field: &Field<'_>) -> Option<StatusExpectation> {
        let elements = one_or_more(field);
        self.refuse_empty_list(field, &elements);
        let wanted: Vec<_> = elements.iter().filter_map(|element| self.status_match(element)).collect();
        (wanted.len() == elements.len()).then_some(StatusExpectation(wanted))
    }

    fn status_match(&mut self, field: &Field<'_>) -> Option<StatusMatch> {
        match field.value {
            DeValue::Integer(_) => {
                let code = self.integer(field)?;
                self.accept(validate::status_code(code), &field.span)
            }
            DeValue::String(text) => self.accept(validate::status_class(text), &field.span),
            _ => {
                self.wrong_type(field, "a status code, a class such as `\"2xx\"`, or a list of them");
                None
            }
        }
    }

    /// Notes that a list expects nothing.
    pub(super) fn refuse_empty_list(&mut self, field: &Field<'_>, elements: &[Field<'_>]) {
        if elements.is_empty() {
            self.wrong(format!("`{}` is an empty list", field.key), field.span.clone(), None);
        }
    }

    /// Any value as a JSON document whose strings may hold templates.
    pub(super) fn json(&mut self, field: &Field<'_>) -> Option<JsonTemplate> {
        match field.value {
            DeValue::String(_) => self.template(field).map(JsonTemplate::String),
            DeValue::Integer(_) => self.integer(field).map(|n| JsonTemplate::Scalar(n.into())),
            DeValue::Float(float) => {
                let number = float.as_str().parse().ok().and_then(serde_json::Number::from_f64);
                if number.is_none() {
                    self.wrong(format!("JSON has no number `{float}`"), field.span.clone(), None);
                }
                number.map(|n| JsonTemplate::Scalar(n.into()))
            }
            DeValue::Boolean(truth) => Some(JsonTemplate::Scalar((*truth).into())),
            // JSON has no dates; RFC 3339's form is what everybody sends instead.
            DeValue::Datetime(date) => Some(JsonTemplate::Scalar(date.to_string().into())),
            DeValue::Array(_) => {
                let elements = self.list(field)?;
                Some(JsonTemplate::Array(elements.iter().filter_map(|element| self.json(element)).collect()))
            }
            DeValue::Table(_) => {
                let entries = self.map(field);
                let members = entries.iter().filter_map(|entry| Some((entry.key.to_owned(), self.json(entry)?)));
                Some(JsonTemplate::Object(members.collect()))
            }
        }
    }
}

fn template_help(error: &TemplateError) -> &'static str {
    match error {
        TemplateError::Unknown(name) if name.starts_with("cookie") => {
            "`{{cookie.NAME}}` is the value of a cookie in the client's jar"
        }
        TemplateError::Unknown(name) if name.starts_with("random") => {
            "`{{random}}` is a random value, `{{random.2}}` to `{{random.99}}` are others"
        }
        _ => "templates are `{{random}}`, `{{random.2}}`, `{{cookie.NAME}}` and `{{NAME}}` for what was saved",
    }
}

/// Each `{{…}}` of a text, as it stands there and where.
fn places_in(text: &str) -> Vec<(&str, Span)> {
    let mut places = Vec::new();
    let mut from = 0;
    while let Some(start) = text[from..].find("{{").map(|at| from + at) {
        let Some(end) = text[start..].find("}}").map(|at| start + at + 2) else { break };
        places.push((&text[start..end], start..end));
        from = end;
    }
    places
}
