//! Progress on standard error while a cohort is graded: a bar on a terminal, a line now and then in a log.

use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

use anstream::ColorChoice;
use indicatif::{ProgressBar, ProgressStyle};

use super::output;
use crate::cohort::Event;
use crate::locale::Catalogue;
use crate::message::Message;
use crate::report::{Verdict, safe_line};

/// How often a log gets a line.
const PAUSE: Duration = Duration::from_secs(30);

/// What has come so far, and how it is shown.
pub(super) struct Progress<'a> {
    catalogue: &'a Catalogue,
    color: ColorChoice,
    shown: Shown,
    names: Names,
    total: usize,
    passed: usize,
    failed: usize,
    error: usize,
    began: Instant,
    told: Instant,
}

/// Where it goes.
enum Shown {
    Nowhere,
    Lines,
    Bar(ProgressBar),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Names {
    Told,
    Untold,
}

impl<'a> Progress<'a> {
    pub(super) fn new(quiet: bool, verbose: bool, color: ColorChoice, catalogue: &'a Catalogue) -> Self {
        let shown = match (quiet, std::io::stderr().is_terminal()) {
            (true, _) => Shown::Nowhere,
            (false, true) => Shown::Bar(ProgressBar::no_length()),
            (false, false) => Shown::Lines,
        };
        let names = if verbose { Names::Told } else { Names::Untold };
        let now = Instant::now();
        Self { catalogue, color, shown, names, total: 0, passed: 0, failed: 0, error: 0, began: now, told: now }
    }

    pub(super) fn event(&mut self, event: &Event) {
        match event {
            Event::Started { total, kept } => {
                self.total = *total;
                let began = Message::new("progress-begin").with("total", *total).with("kept", *kept);
                if let Shown::Bar(bar) = &self.shown {
                    bar.set_length(*total as u64);
                    let style = ProgressStyle::with_template("{bar:30} {pos}/{len}  {msg}  {per_sec}  {eta}");
                    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
                    bar.enable_steady_tick(Duration::from_millis(500));
                } else {
                    self.line(&began);
                }
            }
            Event::Graded { entry, graded } => {
                let word = match graded.report.verdict {
                    Verdict::Passed => {
                        self.passed += 1;
                        "verdict-word-passed"
                    }
                    Verdict::Error => {
                        self.error += 1;
                        "verdict-word-error"
                    }
                    Verdict::Failed | Verdict::Skipped => {
                        self.failed += 1;
                        "verdict-word-failed"
                    }
                };
                if self.names == Names::Told {
                    let name = entry.name();
                    let name = if name == entry.key { name } else { format!("{name} ({})", entry.key) };
                    self.line(&Message::new("progress-one").with("name", name).with("verdict", Message::new(word)));
                }
                self.moved();
            }
            // Whoever asked for no progress is told this all the same: results may be wrong.
            Event::Disagreed { entry } => self.warning(&Message::new("progress-disagreed").with("name", entry.name())),
            Event::Again { entry } => {
                if self.names == Names::Told {
                    self.line(&Message::new("progress-again").with("name", entry.name()));
                }
            }
        }
    }

    /// Takes the bar away.
    pub(super) fn end(&self) {
        if let Shown::Bar(bar) = &self.shown {
            bar.finish_and_clear();
        }
    }

    fn done(&self) -> usize {
        self.passed + self.failed + self.error
    }

    fn moved(&mut self) {
        match &self.shown {
            Shown::Nowhere => {}
            Shown::Bar(bar) => {
                let words = Message::new("progress-bar-words").with("passed", self.passed).with("failed", self.failed);
                bar.set_message(self.catalogue.say(&words.with("error", self.error)));
                bar.set_position(self.done() as u64);
            }
            Shown::Lines if self.told.elapsed() >= PAUSE => {
                self.told = Instant::now();
                self.line(&self.counts());
            }
            Shown::Lines => {}
        }
    }

    fn counts(&self) -> Message {
        let seconds = self.began.elapsed().as_secs_f64().max(0.001);
        let done = self.done().max(1) as f64;
        let left = (self.total.saturating_sub(self.done())) as f64 * seconds / done;
        Message::new("progress-count")
            .with("done", self.done())
            .with("total", self.total)
            .with("passed", self.passed)
            .with("failed", self.failed)
            .with("error", self.error)
            .with("rate", format!("{:.0}", done * 60.0 / seconds))
            .with("left", format!("{}:{:02}", left as u64 / 60, left as u64 % 60))
    }

    fn line(&self, message: &Message) {
        if !matches!(self.shown, Shown::Nowhere) {
            self.warning(message);
        }
    }

    fn warning(&self, message: &Message) {
        let text = format!("{}\n", safe_line(&self.catalogue.say(message)));
        match &self.shown {
            Shown::Nowhere | Shown::Lines => output::stderr(&text, self.color),
            Shown::Bar(bar) => bar.suspend(|| output::stderr(&text, self.color)),
        }
    }
}
