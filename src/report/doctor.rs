//! What a machine can do: the findings of `checker doctor`, for people and for programs.

use std::fmt::Write as _;

use serde::Serialize;
use unicode_width::UnicodeWidthStr as _;

use super::human::style;
use crate::locale::Catalogue;
use crate::message::Message;

/// All findings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Doctor {
    /// The levels of isolation, best first; each was tried.
    pub isolation: Vec<Level>,
    /// The runtimes of submissions.
    pub runtimes: Vec<Runtime>,
}

/// One level of isolation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Level {
    /// `full` or `partial`.
    pub level: String,
    /// Whether a program was started at it.
    pub offered: bool,
    /// What holds at it.
    pub features: Vec<String>,
    /// What does not, with the step that the machine refused.
    pub missing: Vec<String>,
    /// Why it is not offered: the step that failed and the system's error; else null.
    pub reason: Option<String>,
    /// What to do about it, in the language of the reader; null if nothing is wrong or nothing is known.
    pub remedy: Option<String>,
}

/// One runtime.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Runtime {
    /// The name that it is looked for by.
    pub name: String,
    /// The kinds of submissions that need it.
    pub needed_for: Vec<String>,
    /// Where it is; null if it is not here.
    pub path: Option<String>,
    /// Its version; null if it did not tell.
    pub version: Option<String>,
    /// The command that installs it.
    pub install: String,
}

impl Doctor {
    /// The findings as one JSON object.
    #[must_use]
    pub fn json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("findings hold nothing that JSON cannot");
        text.push('\n');
        text
    }

    /// The findings as lines for a person.
    #[must_use]
    pub fn human(&self, catalogue: &Catalogue) -> String {
        let mut text = heading(catalogue.label("doctor-isolation"));
        for level in &self.isolation {
            level.tell(&mut text, catalogue);
        }
        text.push('\n');
        text.push_str(&heading(catalogue.label("doctor-runtimes")));
        let widest = self.runtimes.iter().map(|runtime| runtime.name.width()).max().unwrap_or(0);
        for runtime in &self.runtimes {
            runtime.tell(&mut text, catalogue, widest);
        }
        text
    }
}

fn heading(title: String) -> String {
    format!("{title}\n", title = format_args!("{0}{title}{0:#}", style::TITLE))
}

impl Level {
    fn tell(&self, text: &mut String, catalogue: &Catalogue) {
        let (mark, colour) = if self.offered { ("✔", style::GOOD) } else { ("✘", style::BAD) };
        let what = match (&self.reason, self.level.as_str()) {
            (Some(reason), _) => Message::new("doctor-level-refused").with("reason", reason.clone()),
            (None, "full") => Message::new("doctor-level-full"),
            (None, _) => Message::new("doctor-level-partial"),
        };
        let _ = writeln!(text, "{colour}{mark}{colour:#} {:<8} {}", self.level, catalogue.say(&what));
        if !self.features.is_empty() {
            let _ = writeln!(text, "  {0}{1}{0:#}", style::QUIET, self.features.join(" "));
        }
        for missing in &self.missing {
            let message = Message::new("doctor-without").with("feature", missing.clone());
            let _ = writeln!(text, "  {}", catalogue.say(&message));
        }
        if let Some(remedy) = &self.remedy {
            let label = catalogue.label("label-hint");
            let _ = writeln!(text, "  {0}{label}{0:#}{1}{remedy}", style::HINT, crate::locale::space_after(&label));
        }
    }
}

impl Runtime {
    fn tell(&self, text: &mut String, catalogue: &Catalogue, widest: usize) {
        let pad = " ".repeat(widest - self.name.width());
        let (mark, colour) = if self.path.is_some() { ("✔", style::GOOD) } else { ("-", style::SKIPPED) };
        let _ = write!(text, "{colour}{mark}{colour:#} {}{pad}  ", self.name);
        let Some(path) = &self.path else {
            let message = Message::new("doctor-install")
                .with("kinds", self.needed_for.join(", "))
                .with("command", self.install.clone());
            let _ = writeln!(text, "{}", catalogue.say(&message));
            return;
        };
        let version = self.version.as_deref().unwrap_or("?");
        let _ = writeln!(text, "{version:<10} {0}{path}{0:#}", style::QUIET);
    }
}
