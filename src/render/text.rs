//! Text that a terminal prints and does not obey.

use std::borrow::Cow;
use std::io::{self, Write};

/// The text with every control and direction character shown by its number instead of sent: a summary that holds
/// an escape sequence must not move the cursor of whoever reads it.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => shown.push(' '),
            c if is_unsafe(c) => shown.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
            c => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

/// True for a character that moves a cursor or turns the direction of writing.
pub fn is_unsafe(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A writer to a terminal: what a file may hold raw, such as CSV, passes with its control characters shown.
#[derive(Debug)]
pub struct Terminal<W> {
    to: W,
    /// The first bytes of a character whose rest has not come yet.
    held: Vec<u8>,
}

impl<W: Write> Terminal<W> {
    /// Writes to `to`.
    pub fn new(to: W) -> Terminal<W> {
        Terminal { to, held: Vec::new() }
    }

    fn show(&mut self, text: &str) -> io::Result<()> {
        for line in text.split_inclusive('\n') {
            let (line, end) = line.strip_suffix('\n').map_or((line, ""), |l| (l, "\n"));
            write!(self.to, "{}{end}", visible(line))?;
        }
        Ok(())
    }
}

impl<W: Write> Write for Terminal<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.held.extend_from_slice(bytes);
        let whole = match std::str::from_utf8(&self.held) {
            Ok(_) => self.held.len(),
            Err(e) => e.valid_up_to(),
        };
        let ready: Vec<u8> = self.held.drain(..whole).collect();
        self.show(&String::from_utf8_lossy(&ready))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// The text in lines that fit, the later ones set in under the first.
pub fn wrapped(text: &str, width: u16, indent: usize) -> String {
    let room = usize::from(width).saturating_sub(indent).max(20);
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let last = lines.last().map_or(0, |l| l.chars().count());
        if last > 0 && last + 1 + word.chars().count() > room {
            lines.push(word.to_owned());
        } else if let Some(line) = lines.last_mut() {
            if last > 0 {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines.join(&format!("\n{}", " ".repeat(indent)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_shown_not_sent() {
        assert_eq!(visible("plain, même"), "plain, même");
        assert_eq!(visible("a\u{1b}[31mb\u{7}\u{9b}c\nd\u{202e}"), "a\\u{1b}[31mb\\u{7}\\u{9b}c d\\u{202e}");
    }

    #[test]
    fn a_terminal_writer_keeps_lines_and_split_characters() {
        let mut out = Vec::new();
        let mut terminal = Terminal::new(&mut out);
        let text = "é\u{1b}[2J,x\ny\n".as_bytes();
        terminal.write_all(&text[..1]).unwrap();
        terminal.write_all(&text[1..]).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "é\\u{1b}[2J,x\ny\n");
    }
}
