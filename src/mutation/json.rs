//! A JSON body with one value missing or another one.

use serde_json::Value;

/// How many values of a body are tried one by one.
const MOST: usize = 16;

/// The pointers of the values that a body has: those of its own object, and of the first element of lists.
pub(super) fn pointers(body: &str) -> Vec<String> {
    let mut found = Vec::new();
    if let Ok(document) = serde_json::from_str(body) {
        gather(&document, String::new(), &mut found);
    }
    found.truncate(MOST);
    found
}

fn gather(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                let pointer = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
                found.push(pointer.clone());
                gather(field, pointer, found);
            }
        }
        Value::Array(items) => {
            if let Some(first) = items.first() {
                let pointer = format!("{at}/0");
                found.push(pointer.clone());
                gather(first, pointer, found);
            }
        }
        _ => {}
    }
}

/// The body without the value; none if it has none there.
pub(super) fn without(body: &[u8], pointer: &str) -> Option<Vec<u8>> {
    let mut document: Value = serde_json::from_slice(body).ok()?;
    let (parent, key) = pointer.rsplit_once('/')?;
    match document.pointer_mut(parent)? {
        Value::Object(fields) => fields.shift_remove(&key.replace("~1", "/").replace("~0", "~")).map(drop)?,
        Value::Array(items) => {
            let place = key.parse().ok().filter(|place| *place < items.len())?;
            items.remove(place);
        }
        _ => return None,
    }
    Some(document.to_string().into_bytes())
}

/// The body with another value of the same type.
pub(super) fn changed(body: &[u8], pointer: &str) -> Option<Vec<u8>> {
    let mut document: Value = serde_json::from_slice(body).ok()?;
    let value = document.pointer_mut(pointer)?;
    *value = match &*value {
        Value::Null => Value::Bool(true),
        Value::Bool(value) => Value::Bool(!value),
        Value::Number(number) => number.as_i64().map_or_else(|| 0.into(), |number| number.wrapping_add(1).into()),
        Value::String(text) => Value::String(format!("{text}?")),
        Value::Array(_) => Value::Array(Vec::new()),
        Value::Object(_) => Value::Object(serde_json::Map::new()),
    };
    Some(document.to_string().into_bytes())
}
