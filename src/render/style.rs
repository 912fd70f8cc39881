//! Colours and line width of terminal output.

use std::fmt::Display;

use anstyle::Style as Ansi;

/// How text is formatted for the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// True if the output is coloured.
    pub color: bool,
    /// The width of a line, in columns.
    pub width: u16,
    /// True if no line may be wider, as on a terminal. Otherwise only texts are wrapped, and tables keep all their columns.
    pub strict: bool,
}

impl Style {
    /// Formats a heading.
    pub fn bold(self, text: impl Display) -> String {
        self.paint(Ansi::new().bold(), text)
    }

    /// Formats less important text.
    pub fn dim(self, text: impl Display) -> String {
        self.paint(Ansi::new().dimmed(), text)
    }

    fn paint(self, ansi: Ansi, text: impl Display) -> String {
        if self.color { format!("{ansi}{text}{ansi:#}") } else { text.to_string() }
    }
}
