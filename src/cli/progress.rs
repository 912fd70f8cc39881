//! A progress bar for long operations.

use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A progress bar on the terminal, shown when an operation takes longer than a second.
pub(crate) struct Progress {
    bar: ProgressBar,
    started: Instant,
}

impl Progress {
    pub(crate) fn new() -> Progress {
        Progress { bar: ProgressBar::hidden(), started: Instant::now() }
    }

    /// Updates the bar, with the number of rows and the rows per second.
    pub(crate) fn update_rows(&mut self, done: u64, total: Option<u64>, rows: u64) {
        let seconds = self.started.elapsed().as_secs_f64().max(0.001);
        self.bar.set_message(format!("{rows} rows, {:.0} per second", rows as f64 / seconds));
        self.update(done, total);
    }

    /// Updates the bar; `total` is `None` if it is unknown.
    pub(crate) fn update(&mut self, done: u64, total: Option<u64>) {
        if self.bar.is_hidden() && self.started.elapsed() > Duration::from_secs(1) && io::stderr().is_terminal() {
            self.bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(5));
            // The size of a pipe is unknown.
            let template = if total.is_some() { "{bar:40} {percent}%, {eta} left  {msg}" } else { "{msg}" };
            if let Ok(style) = ProgressStyle::with_template(template) {
                self.bar.set_style(style);
            }
        }
        self.bar.set_length(total.unwrap_or(0));
        self.bar.set_position(done);
    }

    /// Removes the bar.
    pub(crate) fn end(self) {
        self.bar.finish_and_clear();
    }
}
