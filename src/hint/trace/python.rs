//! Python's tracebacks, its syntax errors among them.

use std::sync::LazyLock;

use regex::Regex;

use super::{Found, Frame, Trace, compiled, number};

/// The last exception of the log. Of chained ones it is the last, which the program died of.
pub(super) fn last(log: &str) -> Found {
    let mut reader = Reader::default();
    let mut at = 0;
    for line in log.split_inclusive('\n') {
        reader.line(at, line.trim_end());
        at += line.len();
    }
    reader.found
}

/// What has been read so far of a log.
#[derive(Default)]
struct Reader {
    frames: Vec<Frame>,
    found: Found,
}

impl Reader {
    fn line(&mut self, at: usize, line: &str) {
        static FRAME: LazyLock<Regex> = LazyLock::new(|| compiled(r#"^\s+File "(.+?)", line (\d+)(?:, in (.+))?$"#));
        if line.starts_with("Traceback (most recent call last)") {
            self.frames.clear();
        } else if let Some(parts) = FRAME.captures(line) {
            let function = parts.get(3).map(|name| name.as_str().to_owned());
            self.frames.push(Frame { file: parts[1].to_owned(), line: number(&parts[2]), function });
        } else if line.starts_with(|c: char| c.is_alphabetic()) {
            self.error(at, line);
        }
    }

    /// An unindented line: the error itself if frames stand before it.
    fn error(&mut self, at: usize, line: &str) {
        static ERROR: LazyLock<Regex> = LazyLock::new(|| compiled(r"^([A-Za-z_][\w.]*)(?:: (.*))?$"));
        static NO_FRAME: LazyLock<Regex> = LazyLock::new(|| compiled(r"^SyntaxError: .* in file (.+?) on line (\d+)"));
        if let Some(parts) = NO_FRAME.captures(line) {
            let place = Frame { file: parts[1].to_owned(), line: number(&parts[2]), function: None };
            self.frames = vec![place];
        }
        // Werkzeug tells the key that is missing on a line of its own behind the exception's.
        let key = line.strip_prefix("KeyError: ").filter(|_| self.frames.is_empty());
        if let (Some(key), Some((_, trace))) = (key, &mut self.found)
            && trace.kind == "BadRequestKeyError"
        {
            "KeyError".clone_into(&mut trace.kind);
            key.clone_into(&mut trace.text);
            return;
        }
        let Some(parts) = ERROR.captures(line).filter(|_| !self.frames.is_empty()) else { return };
        let kind = parts[1].rsplit('.').next().unwrap_or_default().to_owned();
        let text = parts.get(2).map_or("", |text| text.as_str()).trim().to_owned();
        self.found = Some((at, Trace { kind, text, frames: std::mem::take(&mut self.frames) }));
    }
}
