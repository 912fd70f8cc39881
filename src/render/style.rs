//! Colour, where it is wanted.

use std::fmt::Display;

use anstyle::Style as Ansi;

/// Whether and how wide to draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// True where colours are wanted.
    pub color: bool,
    /// Columns a line may take.
    pub width: u16,
}

impl Style {
    /// A heading.
    pub fn bold(self, text: impl Display) -> String {
        self.paint(Ansi::new().bold(), text)
    }

    /// What matters less.
    pub fn dim(self, text: impl Display) -> String {
        self.paint(Ansi::new().dimmed(), text)
    }

    fn paint(self, ansi: Ansi, text: impl Display) -> String {
        if self.color { format!("{ansi}{text}{ansi:#}") } else { text.to_string() }
    }
}
