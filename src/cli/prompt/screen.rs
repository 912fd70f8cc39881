//! The part of the terminal on which a question is drawn, and the keys that are pressed meanwhile.

use std::io::{self, Write, stderr};

use anstyle::{AnsiColor, Style};
use crossterm::cursor::{MoveToColumn, MoveUp};
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste, Event, KeyEvent, KeyEventKind, read};
use crossterm::terminal::{Clear, ClearType, disable_raw_mode, enable_raw_mode, size};
use crossterm::{execute, queue};
use recip::render::text::{visible, wrapped};
use textwrap::core::display_width;

/// The colour of the mark before a question.
pub(super) const MARK: AnsiColor = AnsiColor::BrightGreen;
/// The colour of answers and of what may become one.
pub(super) const ANSWER: AnsiColor = AnsiColor::BrightCyan;

/// The indentation of the second and further rows of a question, below its mark.
const INDENT: usize = 2;

/// What the user did.
pub(crate) enum Input {
    Key(KeyEvent),
    Paste(String),
    Resize,
}

/// A terminal that hands over every key as it is pressed, until this is dropped.
pub(crate) struct Keys(());

impl Keys {
    pub(crate) fn new() -> io::Result<Keys> {
        enable_raw_mode()?;
        let keys = Keys(());
        execute!(stderr(), EnableBracketedPaste)?;
        Ok(keys)
    }

    /// Waits for the next key.
    pub(crate) fn next(&self) -> io::Result<Input> {
        loop {
            match read()? {
                Event::Key(key) if key.kind != KeyEventKind::Release => return Ok(Input::Key(key)),
                Event::Paste(text) => return Ok(Input::Paste(text)),
                Event::Resize(..) => return Ok(Input::Resize),
                _ => (),
            }
        }
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        let _ = execute!(stderr(), DisableBracketedPaste);
        let _ = disable_raw_mode();
    }
}

/// What is drawn: rows of at most the width of the terminal, and the row and column of the cursor.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Picture {
    pub(super) rows: Vec<String>,
    pub(super) cursor: (usize, usize),
}

/// The rows of the terminal that belong to a question.
pub(super) struct Screen {
    /// What is drawn there now.
    drawn: Picture,
    color: bool,
}

impl Screen {
    pub(super) fn new(color: bool) -> Screen {
        Screen { drawn: Picture::default(), color }
    }

    /// The number of columns and of rows of the terminal.
    pub(super) fn size(&self) -> (u16, usize) {
        match size() {
            Ok((columns @ 1.., rows @ 1..)) => (columns, rows.into()),
            _ => (80, 24),
        }
    }

    pub(super) fn paint(&self, color: AnsiColor, text: &str) -> String {
        let style = Style::new().fg_color(Some(color.into()));
        if self.color { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    /// Draws this in place of what is there. If it does not fit, the rows around the cursor are drawn.
    pub(super) fn draw(&mut self, mut picture: Picture) -> io::Result<()> {
        let (columns, height) = self.size();
        let above = (picture.cursor.0 + 1).saturating_sub(height);
        picture.rows.drain(..above);
        picture.rows.truncate(height);
        picture.cursor.0 -= above;
        let mut bytes = self.erased(columns)?;
        write!(bytes, "{}", picture.rows.join("\r\n"))?;
        let (row, column) = picture.cursor;
        up(&mut bytes, picture.rows.len().saturating_sub(row + 1))?;
        queue!(bytes, MoveToColumn(u16::try_from(column).unwrap_or(u16::MAX)))?;
        self.drawn = picture;
        send(&bytes)
    }

    /// Puts the question and its answer in place of what is drawn.
    pub(super) fn leave(self, mark: &str, question: &str, answer: &str) -> io::Result<()> {
        let (columns, _) = self.size();
        let (mark, answer) = (self.paint(MARK, mark), self.paint(ANSWER, &visible(answer)));
        let rows = wrapped(&format!("{mark} {question} {answer}"), columns, INDENT).replace('\n', "\r\n");
        let mut bytes = self.erased(columns)?;
        write!(bytes, "{rows}\r\n")?;
        send(&bytes)
    }

    /// The bytes that erase what is drawn and put the cursor where it began. A terminal that has become narrower since has broken the rows.
    fn erased(&self, columns: u16) -> io::Result<Vec<u8>> {
        let ((row, column), columns) = (self.drawn.cursor, usize::from(columns));
        let rows_above = self.drawn.rows.iter().take(row).map(|row| display_width(row).max(1).div_ceil(columns));
        let mut bytes = Vec::new();
        up(&mut bytes, rows_above.sum::<usize>() + column / columns)?;
        write!(bytes, "\r")?;
        queue!(bytes, Clear(ClearType::FromCursorDown))?;
        Ok(bytes)
    }
}

/// Moves the cursor up. The sequence for it has no zero: it would move by one row.
fn up(bytes: &mut Vec<u8>, rows: usize) -> io::Result<()> {
    match u16::try_from(rows) {
        Ok(rows @ 1..) => queue!(bytes, MoveUp(rows)),
        _ => Ok(()),
    }
}

fn send(bytes: &[u8]) -> io::Result<()> {
    let mut terminal = stderr().lock();
    terminal.write_all(bytes)?;
    terminal.flush()
}

/// Lays out a question and a text behind it. The question is broken between words, the text anywhere. `at` is the length of the text before
/// the cursor.
pub(super) fn lay_out(question: &str, text: &str, at: usize, columns: u16) -> Picture {
    let mut rows: Vec<String> = wrapped(question, columns, INDENT).lines().map(str::to_owned).collect();
    let mut row = rows.pop().unwrap_or_default() + " ";
    let mut column = display_width(&row);
    let mut cursor = None;
    for (place, c) in text.char_indices() {
        let width = display_width(c.encode_utf8(&mut [0; 4]));
        if column + width > usize::from(columns) {
            rows.push(std::mem::take(&mut row));
            column = 0;
        }
        if place == at {
            cursor = Some((rows.len(), column));
        }
        row.push(c);
        column += width;
    }
    if cursor.is_none() && column >= usize::from(columns) {
        rows.push(std::mem::take(&mut row));
        column = 0;
    }
    let cursor = cursor.unwrap_or((rows.len(), column));
    rows.push(row);
    Picture { rows, cursor }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// On a terminal of 24 columns.
    fn laid_out(question: &str, text: &str, at: usize) -> (Vec<String>, (usize, usize)) {
        let picture = lay_out(question, text, at, 24);
        (picture.rows, picture.cursor)
    }

    #[test]
    fn questions_break_between_words_and_answers_anywhere() {
        let rows = |rows: &[&str]| rows.iter().map(|row| row.to_string()).collect::<Vec<_>>();
        assert_eq!(laid_out("? When?", "", 0), (rows(&["? When? "]), (0, 8)));
        assert_eq!(laid_out("? What happened?", "early", 2), (rows(&["? What happened? early"]), (0, 19)));
        assert_eq!(laid_out("? What happened?", "earlier", 2), (rows(&["? What happened? earlier"]), (0, 19)));
        // The cursor stands behind the last column, that is, in the next row.
        assert_eq!(laid_out("? What happened?", "earlier", 7), (rows(&["? What happened? earlier", ""]), (1, 0)));
        assert_eq!(laid_out("? What happened?", "earlier on", 10), (rows(&["? What happened? earlier", " on"]), (1, 3)));
        assert_eq!(laid_out("? What happened, in one line?", "a", 1), (rows(&["? What happened, in", "  one line? a"]), (1, 13)));
        // A wide character does not fit into the last column.
        assert_eq!(laid_out("? Who did it earlier?", "中国", 0), (rows(&["? Who did it earlier? 中", "国"]), (0, 22)));
        assert_eq!(laid_out("? Who did it earliest?", "中国", 0), (rows(&["? Who did it earliest? ", "中国"]), (1, 0)));
    }
}
