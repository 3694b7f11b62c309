//! Texts with places that are filled while an exercise runs.

use std::fmt;

/// A text with places: `{{random}}`, `{{random.2}}`, `{{cookie.NAME}}`, `{{NAME}}` for a capture.
///
/// `{{random}}` is one value for a check, `{{random.2}}` a second one; both come from the run's seed.
/// `{{cookie.NAME}}` is the raw value that the step's client holds in its jar. There is no escape: a
/// literal `{{` cannot be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template(pub Vec<Part>);

/// A piece of a [`Template`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Text as it is.
    Literal(String),
    /// The check's random value of this number; `{{random}}` is number 1.
    Random(u32),
    /// The raw value of a cookie in the client's jar.
    Cookie(String),
    /// A text that an earlier step of the check saved.
    Capture(String),
}

/// Why a text is not a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TemplateError {
    /// `{{` without `}}`.
    Unclosed,
    /// `{{…}}` with something inside that names nothing.
    Unknown(String),
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unclosed => write!(f, "`{{{{` without `}}}}`"),
            Self::Unknown(inside) => write!(f, "unknown template `{{{{{inside}}}}}`"),
        }
    }
}

impl std::error::Error for TemplateError {}

impl Template {
    /// Reads a text with places.
    ///
    /// # Errors
    /// If a place is not closed, or what stands in it is no name.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(start) = rest.find("{{") {
            if start > 0 {
                parts.push(Part::Literal(rest[..start].to_owned()));
            }
            let inside = &rest[start + 2..];
            let end = inside.find("}}").ok_or(TemplateError::Unclosed)?;
            parts.push(place(inside[..end].trim())?);
            rest = &inside[end + 2..];
        }
        if !rest.is_empty() {
            parts.push(Part::Literal(rest.to_owned()));
        }
        Ok(Self(parts))
    }

    /// The text, if it has no places.
    #[must_use]
    pub fn as_literal(&self) -> Option<&str> {
        match self.0.as_slice() {
            [] => Some(""),
            [Part::Literal(text)] => Some(text),
            _ => None,
        }
    }
}

fn place(name: &str) -> Result<Part, TemplateError> {
    let unknown = || TemplateError::Unknown(name.to_owned());
    if name == "random" {
        return Ok(Part::Random(1));
    }
    if let Some(number) = name.strip_prefix("random.") {
        return match number.parse() {
            Ok(n @ 1..=99) => Ok(Part::Random(n)),
            _ => Err(unknown()),
        };
    }
    if let Some(cookie) = name.strip_prefix("cookie.") {
        return if cookie.is_empty() { Err(unknown()) } else { Ok(Part::Cookie(cookie.to_owned())) };
    }
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if is_name { Ok(Part::Capture(name.to_owned())) } else { Err(unknown()) }
}

/// The text as its author wrote it, places and all.
impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in &self.0 {
            match part {
                Part::Literal(text) => f.write_str(text)?,
                Part::Random(1) => f.write_str("{{random}}")?,
                Part::Random(n) => write!(f, "{{{{random.{n}}}}}")?,
                Part::Cookie(name) => write!(f, "{{{{cookie.{name}}}}}")?,
                Part::Capture(name) => write!(f, "{{{{{name}}}}}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_place_is_read_and_written_back() {
        let text = "a {{random}} b {{random.2}} {{cookie.time}}{{token}}";
        let template = Template::parse(text).unwrap();
        assert_eq!(template.to_string(), text);
        assert_eq!(template.0[1], Part::Random(1));
        assert_eq!(template.0[3], Part::Random(2));
        assert_eq!(template.0[5], Part::Cookie("time".into()));
        assert_eq!(template.0[6], Part::Capture("token".into()));
    }

    #[test]
    fn white_space_inside_a_place_does_not_matter() {
        assert_eq!(Template::parse("{{ random }}").unwrap().0, [Part::Random(1)]);
    }

    #[test]
    fn places_that_name_nothing_are_refused() {
        for text in ["{{}}", "{{random.0}}", "{{random.x}}", "{{cookie.}}", "{{a b}}", "{{1}}"] {
            assert!(matches!(Template::parse(text), Err(TemplateError::Unknown(_))), "{text}");
        }
        assert_eq!(Template::parse("a {{random"), Err(TemplateError::Unclosed));
    }
}
