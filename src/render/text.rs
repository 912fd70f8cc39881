//! Text that is safe to print on a terminal, wrapped lines, and dates in sentences.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::model::Date;

/// Replaces every control and direction character with its code point in text: an escape sequence in a summary must not
/// move the reader's cursor.
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

/// The age in days of an act with this date: `45`; if the date is a month or a year, `≤ 45`, because it is counted from the first day.
pub(super) fn age(date: &str, days: i64) -> String {
    if date.len() < "2017-01-01".len() { format!("≤ {days}") } else { days.to_string() }
}

/// True for a character that moves the cursor or changes the writing direction.
pub fn is_unsafe(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A writer to a terminal that makes control characters visible, even in formats such as CSV, which a file keeps unchanged.
#[derive(Debug)]
pub struct Terminal<W> {
    to: W,
    /// The first bytes of a character that has not arrived completely.
    incomplete: Vec<u8>,
}

impl<W: Write> Terminal<W> {
    /// Writes to `to`.
    pub fn new(to: W) -> Terminal<W> {
        Terminal { to, incomplete: Vec::new() }
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
        self.incomplete.extend_from_slice(bytes);
        let whole = match std::str::from_utf8(&self.incomplete) {
            Ok(_) => self.incomplete.len(),
            Err(e) => e.valid_up_to(),
        };
        let ready: Vec<u8> = self.incomplete.drain(..whole).collect();
        self.show(&String::from_utf8_lossy(&ready))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// Wraps the text to `width` columns of the terminal and indents the lines after the first.
pub fn wrapped(text: &str, width: u16, indent: usize) -> String {
    let room = usize::from(width).saturating_sub(indent).max(20);
    let options = textwrap::Options::new(room).break_words(false).word_splitter(textwrap::WordSplitter::NoHyphenation);
    textwrap::wrap(text, options).join(&format!("\n{}", " ".repeat(indent)))
}

/// A writer that wraps the lines that are wider than a terminal between words. The lines after the first are indented as the first is, and
/// two columns more.
pub struct Wrapping<W: Write> {
    out: W,
    width: u16,
    line: Vec<u8>,
}

impl<W: Write> Wrapping<W> {
    /// A writer of lines of at most `width` columns.
    pub fn new(out: W, width: u16) -> Wrapping<W> {
        Wrapping { out, width, line: Vec::new() }
    }
}

impl<W: Write> Write for Wrapping<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for piece in bytes.split_inclusive(|b| *b == b'\n') {
            self.line.extend_from_slice(piece);
            if !piece.ends_with(b"\n") {
                continue;
            }
            let line = std::mem::take(&mut self.line);
            match std::str::from_utf8(&line) {
                Ok(text) if textwrap::core::display_width(text.trim_end()) > usize::from(self.width) => {
                    let indent = text.len() - text.trim_start_matches(' ').len();
                    let rest = text[indent..].trim_end();
                    writeln!(self.out, "{}{}", " ".repeat(indent), wrapped(rest, self.width, indent + 2))?;
                }
                _ => self.out.write_all(&line)?,
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.write_all(&std::mem::take(&mut self.line))?;
        self.out.flush()
    }
}

/// The sentence with a capital letter at its beginning.
pub fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// A date as a sentence writes it: `2018-03-26` becomes "26 March 2018", `2018-03` becomes "March 2018". Any other text is
/// returned unchanged.
pub fn long_date(text: &str) -> String {
    let form = match text.len() {
        10 => "%-d %B %Y",
        7 => "%B %Y",
        _ => return text.to_owned(),
    };
    let day = text.parse::<Date>().ok().and_then(|date| date.earliest().calendar());
    day.map_or_else(|| text.to_owned(), |day| day.format(form).to_string())
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
    fn dates_in_sentences_are_written_out() {
        assert_eq!(long_date("2018-03-26"), "26 March 2018");
        assert_eq!(long_date("2017-06"), "June 2017");
        assert_eq!(long_date("2016"), "2016");
        assert_eq!(long_date("unknown"), "unknown");
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
