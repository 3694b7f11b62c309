//! Programs of other projects that read what the checker writes.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::{root, runtimes};

/// What a script of `tests/readers/` says of a text, as JSON.
pub(crate) fn read(script: &str, text: &str) -> Value {
    let file = saved(text);
    let script = root().join("tests/readers").join(script);
    let mut command = if script.extension().is_some_and(|ending| ending == "py") {
        Command::new(runtimes::python())
    } else {
        let mut node = Command::new("node");
        node.env("NODE_PATH", runtimes::node_modules());
        if script.ends_with("browser.mjs") {
            node.env("CHROMIUM", runtimes::need("chromium", "chromium"));
        }
        node
    };
    let output = command.arg(script).arg(file.path()).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cannot be read: {stderr}\n{text}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Asserts that files hold to a JSON schema.
pub(crate) fn holds(schema: &Path, files: &[&Path]) {
    check("--schemafile", schema.as_ref(), files);
}

/// Asserts that files hold to a schema that `check-jsonschema` brings along, such as `vendor.github-actions`.
pub(crate) fn holds_to_known(schema: &str, files: &[&Path]) {
    check("--builtin-schema", schema.as_ref(), files);
}

fn check(option: &str, schema: &OsStr, files: &[&Path]) {
    let mut command = Command::new(runtimes::python());
    let output = command.args(["-m", "check_jsonschema", option]).arg(schema).args(files).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
}

/// The text in a file that goes when it is dropped.
pub(crate) fn saved(text: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}
