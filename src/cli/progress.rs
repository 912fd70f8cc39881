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

    pub(crate) fn tell(&mut self, done: u64, of: Option<u64>) {
        if self.bar.is_hidden() && self.began.elapsed() > Duration::from_secs(1) && io::stderr().is_terminal() {
            self.bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(5));
            if let Ok(style) = ProgressStyle::with_template("{bar:40} {percent}%, {eta} left") {
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
