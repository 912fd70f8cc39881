//! The bar of work that takes its time.

use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar on a terminal, for work that takes longer than a second.
pub(crate) struct Progress {
    bar: ProgressBar,
    began: Instant,
}

impl Progress {
    pub(crate) fn new() -> Progress {
        Progress { bar: ProgressBar::hidden(), began: Instant::now() }
    }

    /// The same with how many rows that were, and how many a second.
    pub(crate) fn tell_rows(&mut self, done: u64, of: Option<u64>, rows: u64) {
        let seconds = self.began.elapsed().as_secs_f64().max(0.001);
        self.bar.set_message(format!("{rows} rows, {:.0} a second", rows as f64 / seconds));
        self.tell(done, of);
    }

    pub(crate) fn tell(&mut self, done: u64, of: Option<u64>) {
        if self.bar.is_hidden() && self.began.elapsed() > Duration::from_secs(1) && io::stderr().is_terminal() {
            self.bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(5));
            // Of a pipe nobody knows how much is to come.
            let template = if of.is_some() { "{bar:40} {percent}%, {eta} left  {msg}" } else { "{msg}" };
            if let Ok(style) = ProgressStyle::with_template(template) {
                self.bar.set_style(style);
            }
        }
        self.bar.set_length(of.unwrap_or(0));
        self.bar.set_position(done);
    }

    /// Takes the bar away.
    pub(crate) fn end(self) {
        self.bar.finish_and_clear();
    }
}
