//! The line in which an answer is typed, edited with the keys of a shell.

use std::ops::Range;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use unicode_segmentation::UnicodeSegmentation;

/// A line of text with a cursor.
#[derive(Debug, Default)]
pub(super) struct Line {
    text: String,
    /// The position in `text` before which the next character goes.
    cursor: usize,
    /// What was cut last, and Ctrl-Y inserts.
    cut: String,
    /// True if the last key cut text: what the next one cuts is added to it.
    cutting: bool,
}

/// How far a key moves or deletes.
#[derive(Debug, Clone, Copy)]
enum Unit {
    /// What is read as one character, such as a letter with its accents.
    Character,
    Word,
    /// Everything between two spaces.
    Blanks,
    Line,
}

impl Line {
    /// A line that holds this text, with the cursor behind it.
    pub(super) fn new(text: &str) -> Line {
        Line { text: text.to_owned(), cursor: text.len(), ..Line::default() }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The text before the cursor.
    pub(super) fn before(&self) -> &str {
        &self.text[..self.cursor]
    }

    /// Inserts a text at the cursor. Line breaks, which a pasted text may contain, become spaces.
    pub(super) fn insert(&mut self, text: &str) {
        let text: String = text.trim_end_matches(['\r', '\n']).replace("\r\n", " ").replace(['\r', '\n', '\t'], " ");
        self.text.insert_str(self.cursor, &text);
        self.cursor += text.len();
        self.cutting = false;
    }

    /// Carries out a key. Returns false if it changes nothing here, not even the position of the cursor.
    pub(super) fn press(&mut self, key: KeyEvent) -> bool {
        use KeyCode::{Backspace, Char, Delete, End, Home, Left, Right};
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        let alt = key.modifiers.contains(KeyModifiers::ALT);
        let by_word = if control || alt { Unit::Word } else { Unit::Character };
        match (key.code, control, alt) {
            (Left, ..) => self.go(self.back(by_word)),
            (Right, ..) => self.go(self.forward(by_word)),
            (Home, ..) | (Char('a'), true, false) => self.go(0),
            (End, ..) | (Char('e'), true, false) => self.go(self.text.len()),
            (Char('b'), true, false) => self.go(self.back(Unit::Character)),
            (Char('f'), true, false) => self.go(self.forward(Unit::Character)),
            (Char('b'), false, true) => self.go(self.back(Unit::Word)),
            (Char('f'), false, true) => self.go(self.forward(Unit::Word)),
            (Backspace, false, false) | (Char('h'), true, false) => self.delete(self.back(Unit::Character)..self.cursor),
            (Delete, false, false) | (Char('d'), true, false) => self.delete(self.cursor..self.forward(Unit::Character)),
            (Backspace, ..) => self.cut(self.back(Unit::Word)..self.cursor),
            (Delete, ..) | (Char('d'), false, true) => self.cut(self.cursor..self.forward(Unit::Word)),
            (Char('w'), true, false) => self.cut(self.back(Unit::Blanks)..self.cursor),
            (Char('u'), true, false) => self.cut(self.back(Unit::Line)..self.cursor),
            (Char('k'), true, false) => self.cut(self.cursor..self.forward(Unit::Line)),
            (Char('y'), true, false) => {
                let cut = self.cut.clone();
                self.insert(&cut);
                !cut.is_empty()
            }
            // Some keyboards send Ctrl and Alt for the third character of a key, such as @.
            (Char(c), control, alt) if control == alt => {
                self.insert(c.encode_utf8(&mut [0; 4]));
                true
            }
            _ => false,
        }
    }

    /// The position one unit before the cursor.
    fn back(&self, unit: Unit) -> usize {
        let before = self.before();
        match unit {
            Unit::Character => before.grapheme_indices(true).next_back().map_or(0, |(at, _)| at),
            Unit::Word => words(&self.text).rfind(|word| word.start < self.cursor).map_or(0, |word| word.start),
            Unit::Blanks => before.trim_end().trim_end_matches(|c: char| !c.is_whitespace()).len(),
            Unit::Line => 0,
        }
    }

    /// The position one unit behind the cursor.
    fn forward(&self, unit: Unit) -> usize {
        let end = self.text.len();
        match unit {
            Unit::Character => self.text[self.cursor..].graphemes(true).next().map_or(end, |next| self.cursor + next.len()),
            Unit::Word | Unit::Blanks => words(&self.text).find(|word| word.end > self.cursor).map_or(end, |word| word.end),
            Unit::Line => end,
        }
    }

    fn go(&mut self, to: usize) -> bool {
        self.cutting = false;
        std::mem::replace(&mut self.cursor, to) != to
    }

    fn delete(&mut self, range: Range<usize>) -> bool {
        self.cutting = false;
        self.cursor = range.start;
        self.text.drain(range).count() > 0
    }

    /// Deletes text, and keeps it for Ctrl-Y.
    fn cut(&mut self, range: Range<usize>) -> bool {
        let cut = self.text[range.clone()].to_owned();
        if cut.is_empty() {
            return false;
        }
        let kept = if self.cutting { std::mem::take(&mut self.cut) } else { String::new() };
        self.cut = if range.start < self.cursor { cut + &kept } else { kept + &cut };
        self.delete(range);
        self.cutting = true;
        true
    }
}

/// The words of a text, without the spaces and punctuation between them.
fn words(text: &str) -> impl DoubleEndedIterator<Item = Range<usize>> {
    text.unicode_word_indices().map(|(at, word)| at..at + word.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: KeyModifiers = KeyModifiers::NONE;
    const CTRL: KeyModifiers = KeyModifiers::CONTROL;
    const ALT: KeyModifiers = KeyModifiers::ALT;

    /// The line `before|behind` after these keys, written the same way.
    fn after(line: &str, keys: &[(KeyCode, KeyModifiers)]) -> String {
        let (before, behind) = line.split_once('|').unwrap();
        let mut line = Line { text: format!("{before}{behind}"), cursor: before.len(), ..Line::default() };
        for (code, modifiers) in keys {
            line.press(KeyEvent::new(*code, *modifiers));
        }
        format!("{}|{}", line.before(), &line.text[line.cursor..])
    }

    #[test]
    fn keys_edit_the_line_as_in_a_shell() {
        use KeyCode::{Backspace, Char, Delete, End, Home, Left, Right};
        for (line, key, expected) in [
            ("United| States", (Char('a'), CTRL), "|United States"),
            ("United| States", (Home, NONE), "|United States"),
            ("United| States", (Char('e'), CTRL), "United States|"),
            ("United| States", (End, NONE), "United States|"),
            ("United| States", (Char('u'), CTRL), "| States"),
            ("United| States", (Char('k'), CTRL), "United|"),
            ("in United |States", (Char('w'), CTRL), "in |States"),
            ("on 2017-07-28|", (Char('w'), CTRL), "on |"),
            ("on 2017-07-28|", (Backspace, ALT), "on 2017-07-|"),
            ("on 2017-07-28|", (Backspace, CTRL), "on 2017-07-|"),
            ("Côte d'Ivoire|", (Char('b'), ALT), "Côte |d'Ivoire"),
            ("Côte d'Ivoire|", (Left, CTRL), "Côte |d'Ivoire"),
            ("|Côte d'Ivoire", (Char('f'), ALT), "Côte| d'Ivoire"),
            ("Côte| d'Ivoire", (Right, CTRL), "Côte d'Ivoire|"),
            ("|Côte d'Ivoire", (Char('d'), ALT), "| d'Ivoire"),
            ("|Côte d'Ivoire", (Delete, CTRL), "| d'Ivoire"),
            ("Espa|ña", (Delete, NONE), "Espa|a"),
            ("Espa|ña", (Char('d'), CTRL), "Espa|a"),
            ("Españ|a", (Backspace, NONE), "Espa|a"),
            ("Espan\u{303}|a", (Backspace, NONE), "Espa|a"),
            ("Españ|a", (Char('h'), CTRL), "Espa|a"),
            ("中国|", (Left, NONE), "中|国"),
            ("العربية |السعودية", (Char('w'), CTRL), "|السعودية"),
            ("العربية |السعودية", (Char('b'), CTRL), "العربية| السعودية"),
            ("Espa|a", (Char('ñ'), NONE), "Españ|a"),
            ("a|", (Char('@'), CTRL | ALT), "a@|"),
            ("|", (Backspace, NONE), "|"),
            ("|", (Char('w'), CTRL), "|"),
            ("a|", (Char('x'), CTRL), "a|"),
            ("a|", (Char('x'), ALT), "a|"),
        ] {
            assert_eq!(after(line, &[key]), expected, "{line} {key:?}");
        }
    }

    #[test]
    fn what_was_cut_in_one_go_is_inserted_again() {
        let [w, u, k, y, a] = ['w', 'u', 'k', 'y', 'a'].map(|c| (KeyCode::Char(c), CTRL));
        assert_eq!(after("the United States|", &[w, w, a, y]), "United States|the ");
        assert_eq!(after("the |United States", &[k, u, y]), "the United States|");
        assert_eq!(after("the |United States", &[k, a, k, y, y]), "the the |");
        assert_eq!(after("a|", &[y]), "a|");
    }

    #[test]
    fn pasted_line_breaks_become_spaces() {
        let mut line = Line::new("");
        line.insert("two\r\nlines\tof text\n");
        assert_eq!(line.text(), "two lines of text");
    }
}
