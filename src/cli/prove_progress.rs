//! Progress on standard error while an exercise is proven: a bar on a terminal, else a line for each part.

use std::io::IsTerminal as _;
use std::time::Duration;

use anstream::ColorChoice;
use indicatif::{ProgressBar, ProgressStyle};

use super::output;
use crate::locale::Catalogue;
use crate::message::Message;
use crate::proof::Event;
use crate::report::safe_line;

/// What has come so far, and how it is shown.
pub(super) struct Progress<'a> {
    catalogue: &'a Catalogue,
    color: ColorChoice,
    shown: Shown,
    verbose: bool,
    unexpected: usize,
}

/// Where it goes.
enum Shown {
    Nowhere,
    Lines,
    Bar(ProgressBar),
}

impl<'a> Progress<'a> {
    pub(super) fn new(quiet: bool, verbose: bool, color: ColorChoice, catalogue: &'a Catalogue) -> Self {
        let shown = match (quiet, std::io::stderr().is_terminal()) {
            (true, _) => Shown::Nowhere,
            (false, true) => Shown::Bar(ProgressBar::no_length()),
            (false, false) => Shown::Lines,
        };
        Self { catalogue, color, shown, verbose, unexpected: 0 }
    }

    pub(super) fn event(&mut self, event: &Event<'_>) {
        match event {
            Event::Runs(count) => self.begin(*count, &Message::new("proof-begin").with("runs", *count)),
            Event::Mutations(count, time) => {
                let seconds = usize::try_from(time.as_secs().max(1)).unwrap_or(usize::MAX);
                let message = Message::new("proof-begin-mutations").with("count", *count).with("seconds", seconds);
                self.begin(*count, &message);
                self.say_beside(&Message::new("proof-bar-mutations"));
            }
            Event::Ran { subject, as_expected } => {
                if !as_expected {
                    self.unexpected += 1;
                    self.say_beside(&Message::new("proof-bar").with("unexpected", self.unexpected));
                    if self.verbose {
                        self.line(&Message::new("proof-ran").with("name", subject.name.clone()));
                    }
                }
                self.moved();
            }
            Event::Mutated => self.moved(),
        }
    }

    /// Takes the bar away.
    pub(super) fn end(&self) {
        if let Shown::Bar(bar) = &self.shown {
            bar.finish_and_clear();
        }
    }

    fn begin(&self, count: usize, message: &Message) {
        if let Shown::Bar(bar) = &self.shown {
            bar.reset();
            bar.set_length(count as u64);
            let style = ProgressStyle::with_template("{bar:30} {pos}/{len}  {msg}  {eta}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar.enable_steady_tick(Duration::from_millis(500));
        }
        self.line(message);
    }

    fn say_beside(&self, message: &Message) {
        if let Shown::Bar(bar) = &self.shown {
            bar.set_message(self.catalogue.say(message));
        }
    }

    fn moved(&self) {
        if let Shown::Bar(bar) = &self.shown {
            bar.inc(1);
        }
    }

    fn line(&self, message: &Message) {
        let text = format!("{}\n", safe_line(&self.catalogue.say(message)));
        match &self.shown {
            Shown::Nowhere => {}
            Shown::Lines => output::stderr(&text, self.color),
            Shown::Bar(bar) => bar.suspend(|| output::stderr(&text, self.color)),
        }
    }
}
