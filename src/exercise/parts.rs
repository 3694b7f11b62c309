//! The templates inside an exercise's parts, for whoever must look at all of them.

use super::{
    AttributeExpectation, CookieExpectation, Expectations, HtmlExpectation, JsonExpectation, JsonTemplate, Payload,
    Template, TextExpectation,
};

impl Payload {
    /// Every template in it.
    #[must_use]
    pub fn templates(&self) -> Vec<&Template> {
        match self {
            Self::None => Vec::new(),
            Self::Form(fields) => fields.iter().map(|(_, template)| template).collect(),
            Self::Json(json) => json.templates(),
            Self::Text(template) => vec![template],
        }
    }
}

impl JsonTemplate {
    /// Every template in it.
    #[must_use]
    pub fn templates(&self) -> Vec<&Template> {
        match self {
            Self::Scalar(_) => Vec::new(),
            Self::String(template) => vec![template],
            Self::Array(items) => items.iter().flat_map(Self::templates).collect(),
            Self::Object(fields) => fields.iter().flat_map(|(_, item)| item.templates()).collect(),
        }
    }
}

impl Expectations {
    /// Every template in it.
    #[must_use]
    pub fn templates(&self) -> Vec<&Template> {
        let named = self.headers.iter().chain(&self.captures).map(|(_, text)| text);
        let mut found: Vec<_> = named.chain(&self.body).flat_map(TextExpectation::templates).collect();
        found.extend(self.json.iter().flat_map(|(_, value)| value.templates()));
        found.extend(self.html.iter().flat_map(|(_, element)| element.templates()));
        found.extend(self.cookies.iter().flat_map(|(_, cookie)| cookie.templates()));
        found.extend(&self.redirected_to);
        found
    }
}

impl TextExpectation {
    /// Every template in it.
    #[must_use]
    pub fn templates(&self) -> Vec<&Template> {
        self.equals.iter().chain(&self.contains).chain(&self.not_contains).collect()
    }
}

impl JsonExpectation {
    /// Every template in it.
    #[must_use]
    pub fn templates(&self) -> Vec<&Template> {
        self.equals.iter().flat_map(JsonTemplate::templates).chain(self.text.templates()).collect()
    }
}

impl HtmlExpectation {
    /// Every template in it.
    #[must_use]
    pub fn templates(&self) -> Vec<&Template> {
        let values = self.attributes.iter().filter_map(|(_, attribute)| match attribute {
            AttributeExpectation::Value(text) => Some(text),
            AttributeExpectation::Presence(_) => None,
        });
        self.text.iter().chain(values).flat_map(TextExpectation::templates).collect()
    }
}

impl CookieExpectation {
    /// Every template in it.
    #[must_use]
    pub fn templates(&self) -> Vec<&Template> {
        let value = self.value.iter().flat_map(TextExpectation::templates);
        value.chain(&self.sent_to).chain(&self.path).collect()
    }
}
