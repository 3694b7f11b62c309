//! How much of a response is taken. A server that sends more is not read on.

/// The longest body, in bytes.
pub(super) const BODY_BYTES: usize = 1024 * 1024;

/// The most headers that a response may have.
pub(super) const HEADERS: usize = 100;

/// The most bytes that the names and values of a response's headers may have together.
pub(super) const HEADER_BYTES: usize = 64 * 1024;

/// The most cookies that a jar keeps, as many as RFC 6265 §6.1 asks of a browser.
pub(super) const COOKIES: usize = 50;

/// The most bytes that the name and value of a cookie may have together (RFC 6265bis §5.6).
pub(super) const COOKIE_BYTES: usize = 4096;

/// The most redirects that are followed in a row.
pub(super) const REDIRECTS: usize = 10;
