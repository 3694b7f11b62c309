//! A `Set-Cookie` header taken apart, as a browser does it.

/// The longest attribute that is looked at, in bytes (RFC 6265bis §5.6).
const ATTRIBUTE_BYTES: usize = 1024;

/// What a `Set-Cookie` header says, before anybody judges it (RFC 6265bis §5.6).
///
/// Header bytes need not be UTF-8, and a browser sends back the bytes that it got. So every text
/// in here has one `char` from U+0000 to U+00FF for each byte; [`readable`] makes it text for
/// people and [`bytes`] makes it the bytes again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct SetCookie {
    /// Empty if the header has no `=` in its first part.
    pub(super) name: String,
    pub(super) value: String,
    pub(super) path: Option<String>,
    pub(super) domain: Option<String>,
    pub(super) expires: Option<String>,
    pub(super) max_age: Option<String>,
    pub(super) same_site: Option<String>,
    pub(super) secure: bool,
    pub(super) http_only: bool,
}

impl SetCookie {
    /// Takes a header's value apart. Of an attribute that comes twice the last one counts.
    pub(super) fn parse(header: &[u8]) -> Self {
        let header = one_char_a_byte(header);
        let mut parts = header.split(';');
        let pair = parts.next().unwrap_or_default();
        let (name, value) = pair.split_once('=').unwrap_or(("", pair));
        let mut cookie = Self { name: trimmed(name), value: trimmed(value), ..Self::default() };
        for attribute in parts {
            cookie.take(attribute);
        }
        cookie
    }

    fn take(&mut self, attribute: &str) {
        let (name, value) = attribute.split_once('=').unwrap_or((attribute, ""));
        let value = trimmed(value);
        if value.len() > ATTRIBUTE_BYTES {
            return;
        }
        match trimmed(name).to_ascii_lowercase().as_str() {
            "path" => self.path = Some(value),
            "domain" => self.domain = Some(value),
            "expires" => self.expires = Some(value),
            "max-age" => self.max_age = Some(value),
            "samesite" => self.same_site = Some(value),
            "secure" => self.secure = true,
            "httponly" => self.http_only = true,
            _ => {}
        }
    }

    /// How many bytes name and value have together.
    pub(super) fn size(&self) -> usize {
        self.name.chars().count() + self.value.chars().count()
    }

    /// Whether it holds a control character, for which a browser drops the whole header.
    pub(super) fn has_control_character(&self) -> bool {
        let attributes = [&self.path, &self.domain, &self.expires, &self.max_age, &self.same_site];
        let texts = attributes.into_iter().flatten().chain([&self.name, &self.value]);
        texts.flat_map(|text| text.chars()).any(|c| c != '\t' && c.is_ascii_control())
    }
}

/// A text of one `char` a byte.
pub(super) fn one_char_a_byte(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

/// The bytes that a text of one `char` a byte stands for.
pub(super) fn bytes(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(c).unwrap_or(b'?')).collect()
}

/// A text of one `char` a byte as people read it: UTF-8, and U+FFFD for what is not.
pub(super) fn readable(text: &str) -> String {
    String::from_utf8_lossy(&bytes(text)).into_owned()
}

fn trimmed(text: &str) -> String {
    text.trim_matches([' ', '\t']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_value_and_attributes_are_found() {
        let cookie = SetCookie::parse(
            b"time=\"Mon Nov 23\"; Path=/get ;max-AGE=5; Domain = a.b; Secure=x; HttpOnly; \
              SameSite=None; Expires=Sun, 06 Nov 1994 08:49:37 GMT; Priority=High",
        );
        assert_eq!((cookie.name.as_str(), cookie.value.as_str()), ("time", "\"Mon Nov 23\""));
        assert_eq!(cookie.path.as_deref(), Some("/get"));
        assert_eq!(cookie.max_age.as_deref(), Some("5"));
        assert_eq!(cookie.domain.as_deref(), Some("a.b"));
        assert_eq!(cookie.same_site.as_deref(), Some("None"));
        assert_eq!(cookie.expires.as_deref(), Some("Sun, 06 Nov 1994 08:49:37 GMT"));
        assert!(cookie.secure && cookie.http_only);
    }

    #[test]
    fn a_cookie_without_an_equals_sign_has_a_value_only() {
        let cookie = SetCookie::parse(b" hello ; Path=/");
        assert_eq!((cookie.name.as_str(), cookie.value.as_str()), ("", "hello"));
    }

    #[test]
    fn the_last_of_two_attributes_counts() {
        assert_eq!(SetCookie::parse(b"a=b; Path=/x; Path=/y").path.as_deref(), Some("/y"));
    }

    #[test]
    fn the_value_goes_on_after_its_first_equals_sign() {
        assert_eq!(SetCookie::parse(b"a=b=c").value, "b=c");
    }

    #[test]
    fn bytes_that_are_not_utf_8_are_kept() {
        let cookie = SetCookie::parse(b"a=\xca\xb1");
        assert_eq!(bytes(&cookie.value), b"\xca\xb1");
        assert_eq!(cookie.size(), 3);
        assert_eq!(readable(&SetCookie::parse("a=时".as_bytes()).value), "时");
    }
}
