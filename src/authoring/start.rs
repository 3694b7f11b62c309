//! A small exercise that holds, with a solution and two mistakes.

use crate::exercise::file;

/// The name of the schema's file beside an exercise.
pub const SCHEMA: &str = "exercise.schema.json";

/// Its files: each path within the exercise's folder, and its text.
#[must_use]
pub fn start(id: &str) -> Vec<(&'static str, String)> {
    let files = [
        ("exercise.toml", include_str!("start/exercise.toml")),
        ("solutions/greeter/app.py", include_str!("start/solutions/greeter/app.py")),
        ("mistakes/forgets-the-name/app.py", include_str!("start/mistakes/forgets-the-name/app.py")),
        ("mistakes/forgets-the-name/expect.toml", include_str!("start/mistakes/forgets-the-name/expect.toml")),
        ("mistakes/no-front-page.py", include_str!("start/mistakes/no-front-page.py")),
        ("mistakes/no-front-page.expect.toml", include_str!("start/mistakes/no-front-page.expect.toml")),
    ];
    let mut files: Vec<_> = files.map(|(path, text)| (path, text.replace("{{id}}", id))).into();
    files.push((SCHEMA, format!("{:#}\n", file::json_schema())));
    files
}
