//! A `Set-Cookie` header's value, changed in one part and kept in all others.

/// The cookie's name, as written.
pub(super) fn name(line: &[u8]) -> String {
    let text = String::from_utf8_lossy(line);
    let pair = text.split(';').next().unwrap_or_default();
    pair.split_once('=').map_or("", |(name, _)| name).trim().to_owned()
}

/// The line with the cookie under another name.
pub(super) fn rename(line: &[u8], name: &str) -> Vec<u8> {
    with_pair(line, |_, value| format!("{name}={value}"))
}

/// The line with another value.
pub(super) fn set_value(line: &[u8], change: impl FnOnce(&str) -> String) -> Vec<u8> {
    with_pair(line, |name, value| format!("{name}={}", change(value)))
}

/// The line without an attribute.
pub(super) fn drop_attribute(line: &[u8], attribute: &str) -> Vec<u8> {
    with_attributes(line, |name, written| (name != attribute).then(|| written.to_owned()))
}

/// The line with another value of an attribute.
pub(super) fn change_attribute(line: &[u8], attribute: &str, value: &str) -> Vec<u8> {
    with_attributes(line, |name, written| {
        let own = written.split('=').next().unwrap_or_default().trim();
        Some(if name == attribute { format!(" {own}={value}") } else { written.to_owned() })
    })
}

/// What an attribute is changed to; none for one that has no value.
pub(super) fn other_value(attribute: &str) -> Option<&'static str> {
    match attribute {
        "path" => Some("/elsewhere"),
        "domain" => Some("elsewhere.example"),
        "expires" => Some("Thu, 01 Jan 1970 00:00:00 GMT"),
        "max-age" => Some("0"),
        "samesite" => Some("None"),
        _ => None,
    }
}

fn with_pair(line: &[u8], change: impl FnOnce(&str, &str) -> String) -> Vec<u8> {
    let text = String::from_utf8_lossy(line);
    let (pair, rest) = text.split_once(';').map_or((&*text, None), |(pair, rest)| (pair, Some(rest)));
    let (name, value) = pair.split_once('=').unwrap_or(("", pair));
    let pair = change(name, value);
    rest.map_or_else(|| pair.clone(), |rest| format!("{pair};{rest}")).into_bytes()
}

/// Each attribute by its name in lower case and as it is written.
fn with_attributes(line: &[u8], keep: impl Fn(&str, &str) -> Option<String>) -> Vec<u8> {
    let text = String::from_utf8_lossy(line);
    let mut parts = text.split(';');
    let pair = parts.next().unwrap_or_default().to_owned();
    let kept = parts.filter_map(|written| {
        let name = written.split('=').next().unwrap_or_default().trim().to_ascii_lowercase();
        keep(&name, written)
    });
    std::iter::once(pair).chain(kept).collect::<Vec<_>>().join(";").into_bytes()
}
