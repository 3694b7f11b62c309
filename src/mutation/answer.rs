//! An answer as the server gave it, before anything is made of it.

/// Headers that say nothing of what a page answers: who served it, when, and how the bytes were sent.
///
/// To change one makes no difference that a check could or should see; the length follows the body.
pub(super) const INERT: [&str; 8] =
    ["connection", "content-length", "date", "host", "keep-alive", "server", "transfer-encoding", "x-powered-by"];

/// Status, headers and body, as bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// All headers in order, names in lower case.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// Whether a check could tell the two apart.
    pub(super) fn differs_from(&self, other: &Self) -> bool {
        self.status != other.status || self.body != other.body || !self.telling().eq(other.telling())
    }

    fn telling(&self) -> impl Iterator<Item = &(String, Vec<u8>)> {
        self.headers.iter().filter(|(name, _)| !INERT.contains(&name.as_str()))
    }

    /// Puts another body in place of this one, and its length in place of the old one.
    pub(super) fn set_body(&mut self, body: Vec<u8>) {
        for (name, value) in &mut self.headers {
            if name == "content-length" {
                *value = body.len().to_string().into_bytes();
            }
        }
        self.body = body;
    }
}
