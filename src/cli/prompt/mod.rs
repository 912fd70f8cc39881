//! Questions on a terminal: one for a text, with a list of names that may be meant, and one for a choice from a list. They are drawn on
//! standard error.

mod line;
mod screen;

use std::collections::BTreeSet;
use std::fmt::Display;
use std::io;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use recip::model::name::fold;
use recip::render::text::{visible, wrapped};
use recip::{Error, Result};

use self::line::Line;
use self::screen::{ANSWER, MARK, Picture, Screen, lay_out};
pub(crate) use self::screen::{Input, Keys};
use super::session::{color_is_wanted, message};

/// Maximum number of names that are shown at a time.
const PAGE: usize = 7;

/// Why the questions ended early.
pub(crate) enum Interruption {
    /// Esc: back to the previous question.
    Back,
    /// Ctrl-C.
    Cancelled,
    Failed(Error),
}

impl From<io::Error> for Interruption {
    fn from(e: io::Error) -> Interruption {
        Interruption::Failed(Error::Output(e))
    }
}

impl From<Error> for Interruption {
    fn from(e: Error) -> Interruption {
        Interruption::Failed(e)
    }
}

pub(crate) type Answered<T> = std::result::Result<T, Interruption>;

/// Asks a yes-or-no question. Cancelling means no.
pub(crate) fn confirm(question: &str) -> Result<bool> {
    let read = |text: &str| match fold(text).as_str() {
        "" | "n" | "no" => Ok(false),
        "y" | "yes" => Ok(true),
        _ => Err("answer y for yes, or n for no"),
    };
    match Question::new(&format!("{question} (y/N)")).ask_until(read) {
        Ok(yes) => Ok(yes),
        Err(Interruption::Back | Interruption::Cancelled) => Ok(false),
        Err(Interruption::Failed(e)) => Err(e),
    }
}

/// A question whose answer is a text.
#[derive(Clone, Copy)]
pub(crate) struct Question<'a> {
    question: &'a str,
    given: &'a str,
    default: &'a str,
    names: &'a [String],
}

impl<'a> Question<'a> {
    pub(crate) fn new(question: &'a str) -> Question<'a> {
        Question { question, given: "", default: "", names: &[] }
    }

    /// The text that is in the line at first.
    pub(crate) fn given(self, given: &'a str) -> Question<'a> {
        Question { given, ..self }
    }

    /// The answer if the line is left empty.
    pub(crate) fn default(self, default: &'a str) -> Question<'a> {
        Question { default, ..self }
    }

    /// The names that are offered, in this order.
    pub(crate) fn names(self, names: &'a [String]) -> Question<'a> {
        Question { names, ..self }
    }

    pub(crate) fn ask(self) -> Answered<String> {
        let mut dialogue = Dialogue::new(self.question, self.names, Sort::Text);
        dialogue.line = Line::new(self.given);
        dialogue.default = self.default;
        dialogue.find();
        dialogue.run()?;
        Ok(dialogue.answer())
    }

    /// Asks until the answer can be read, and returns it as a value.
    pub(crate) fn ask_until<T, E: Display>(self, read: impl Fn(&str) -> Result<T, E>) -> Answered<T> {
        loop {
            match read(&self.ask()?) {
                Ok(value) => return Ok(value),
                Err(e) => message(&e.to_string()),
            }
        }
    }

    /// Asks until the answer can be read, and returns it as text and as a value; `None` if it is empty.
    pub(crate) fn ask_optional<T, E: Display>(self, read: impl Fn(&str) -> Result<T, E>) -> Answered<Option<(String, T)>> {
        self.ask_until(|text| if text.trim().is_empty() { Ok(None) } else { read(text).map(|value| Some((text.to_owned(), value))) })
    }
}

/// Asks for one of the names, and returns its place. `at` is the place of the one that is highlighted at first.
pub(crate) fn choose(question: &str, names: &[String], at: usize) -> Answered<usize> {
    let mut dialogue = Dialogue::new(question, names, Sort::One);
    dialogue.at = Some(at);
    dialogue.run()?;
    Ok(dialogue.highlighted().unwrap_or(at))
}

/// Asks for any number of the names, and returns their places. `chosen` are the places of the names that are chosen at first.
pub(crate) fn choose_several(question: &str, names: &[String], chosen: BTreeSet<usize>) -> Answered<BTreeSet<usize>> {
    let mut dialogue = Dialogue::new(question, names, Sort::Several);
    dialogue.chosen = chosen;
    dialogue.run()?;
    Ok(dialogue.chosen)
}

/// What the answer to a question is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    /// A text; the names are suggestions.
    Text,
    /// One of the names.
    One,
    /// Any number of the names.
    Several,
}

/// A question while it is answered: a line to type in, and below it the names that contain what was typed.
struct Dialogue<'a> {
    question: &'a str,
    sort: Sort,
    line: Line,
    /// The answer if the line is left empty.
    default: &'a str,
    names: &'a [String],
    /// The places of the names that contain what was typed.
    found: Vec<usize>,
    /// The highlighted one of `found`. `None`: the line itself.
    at: Option<usize>,
    /// The places of the names that were chosen.
    chosen: BTreeSet<usize>,
}

impl<'a> Dialogue<'a> {
    fn new(question: &'a str, names: &'a [String], sort: Sort) -> Dialogue<'a> {
        let (line, found, chosen) = Default::default();
        let mut dialogue = Dialogue { question, sort, line, default: "", names, found, at: None, chosen };
        dialogue.find();
        dialogue
    }

    /// Finds the names that begin with the typed text, then those that contain it, each in their order.
    fn find(&mut self) {
        let typed = fold(self.line.text());
        let found = |(place, name): (usize, &String)| fold(name).find(&typed).map(|at| (at > 0, place));
        let mut found: Vec<(bool, usize)> = self.names.iter().enumerate().filter_map(found).collect();
        found.sort_unstable();
        self.found = found.into_iter().map(|(_, place)| place).collect();
        self.at = (self.sort != Sort::Text && !self.found.is_empty()).then_some(0);
    }

    /// The place of the highlighted name.
    fn highlighted(&self) -> Option<usize> {
        self.at.and_then(|at| self.found.get(at)).copied()
    }

    /// Lets the user answer.
    fn run(&mut self) -> Answered<()> {
        let keys = Keys::new()?;
        let mut screen = Screen::new(color_is_wanted());
        let end = loop {
            screen.draw(self.picture(&screen))?;
            match keys.next()? {
                Input::Key(key) => {
                    if let Some(end) = self.press(key) {
                        break end;
                    }
                }
                Input::Paste(text) => {
                    self.line.insert(&text);
                    self.find();
                }
                Input::Resize => (),
            }
        };
        match &end {
            Ok(()) => screen.leave(">", self.question, &self.answer())?,
            Err(_) => screen.leave("?", self.question, "<cancelled>")?,
        }
        end
    }

    /// Carries out a key. Returns the end of the question, if the key ends it.
    fn press(&mut self, key: KeyEvent) -> Option<Answered<()>> {
        let control = key.modifiers == KeyModifiers::CONTROL;
        match key.code {
            KeyCode::Enter => return self.is_answered().then_some(Ok(())),
            KeyCode::Char('j') if control => return self.is_answered().then_some(Ok(())),
            KeyCode::Esc => return Some(Err(Interruption::Back)),
            KeyCode::Char('g') if control => return Some(Err(Interruption::Back)),
            KeyCode::Char('d') if control && self.line.text().is_empty() => return Some(Err(Interruption::Back)),
            KeyCode::Char('c') if control => return Some(Err(Interruption::Cancelled)),
            KeyCode::Up => self.highlight(-1),
            KeyCode::Char('p') if control => self.highlight(-1),
            KeyCode::Down => self.highlight(1),
            KeyCode::Char('n') if control => self.highlight(1),
            KeyCode::Tab if self.sort == Sort::Text => self.complete(),
            KeyCode::Char(' ') if self.sort == Sort::Several => self.toggle(),
            _ => self.edit(key),
        }
        None
    }

    /// Carries out a key that edits the line, or else moves through the list.
    fn edit(&mut self, key: KeyEvent) {
        let before = self.line.text().to_owned();
        if self.line.press(key) {
            if self.line.text() != before {
                self.find();
            }
            return;
        }
        let last = self.found.len().saturating_sub(1);
        match key.code {
            KeyCode::PageUp => self.at = self.at.map(|at| at.saturating_sub(PAGE)),
            KeyCode::PageDown if !self.found.is_empty() => self.at = Some(self.at.map_or(PAGE - 1, |at| at + PAGE).min(last)),
            KeyCode::Home if self.sort != Sort::Text => self.at = self.at.map(|_| 0),
            KeyCode::End if self.sort != Sort::Text => self.at = self.at.map(|_| last),
            KeyCode::Right if self.sort == Sort::Several => self.chosen = self.found.iter().copied().collect(),
            KeyCode::Left if self.sort == Sort::Several => self.chosen.clear(),
            _ => (),
        }
    }

    /// Moves the highlight by one, from the last name to the first and back. If the answer is a text, the line lies between these two.
    fn highlight(&mut self, by: isize) {
        let line = usize::from(self.sort == Sort::Text);
        let places = self.found.len() + line;
        let now = self.at.map_or(0, |at| at + line);
        let next = now.saturating_add(places).saturating_add_signed(by).checked_rem(places).unwrap_or(0);
        self.at = next.checked_sub(line).filter(|at| *at < self.found.len());
    }

    /// Puts the highlighted name into the line, or else the first.
    fn complete(&mut self) {
        if let Some(name) = self.highlighted().or_else(|| self.found.first().copied()).and_then(|place| self.names.get(place)) {
            self.line = Line::new(name);
            self.find();
        }
    }

    fn toggle(&mut self) {
        if let Some(place) = self.highlighted()
            && !self.chosen.remove(&place)
        {
            self.chosen.insert(place);
        }
    }

    /// True if Enter ends the question: one name must be highlighted if one is asked for.
    fn is_answered(&self) -> bool {
        self.sort != Sort::One || self.highlighted().is_some()
    }

    /// The answer, as it also stays on the terminal.
    fn answer(&self) -> String {
        match (self.sort, self.highlighted().and_then(|place| self.names.get(place))) {
            (Sort::Several, _) => self.chosen.iter().filter_map(|place| self.names.get(*place)).cloned().collect::<Vec<_>>().join(", "),
            (_, Some(name)) => name.clone(),
            (_, None) if self.line.text().is_empty() => self.default.to_owned(),
            (_, None) => self.line.text().to_owned(),
        }
    }

    /// The question, the line, and the part of the list that fits.
    fn picture(&self, screen: &Screen) -> Picture {
        let (columns, height) = screen.size();
        let (text, before) = (visible(self.line.text()), visible(self.line.before()));
        let default = if self.default.is_empty() { String::new() } else { format!(" ({})", self.default) };
        let mut picture = lay_out(&format!("? {}{default}", self.question), &text, before.len(), columns);
        if let Some(first) = picture.rows.first_mut() {
            first.replace_range(..1, &screen.paint(MARK, "?"));
        }
        if !self.found.is_empty() {
            let help = wrapped(self.help(), columns, 0);
            let help = help.lines().map(|row| screen.paint(ANSWER, row));
            let room = height.saturating_sub(picture.rows.len() + help.clone().count());
            let pages = (1..=PAGE).rev().map(|most| self.page(most, columns, screen));
            picture.rows.extend(pages.filter(|page| page.len() <= room).take(1).flatten());
            picture.rows.extend(help);
        }
        picture
    }

    fn help(&self) -> &'static str {
        match self.sort {
            Sort::Text => "[Up and Down choose, Tab completes, Enter goes on]",
            Sort::One => "[Up and Down choose, Enter goes on, Esc goes back]",
            Sort::Several => "[Space selects, Enter goes on, Esc goes back]",
        }
    }

    /// The rows of the names around the highlighted one, as many as fit. Names before and behind them are marked with ^ and v.
    fn page(&self, most: usize, columns: u16, screen: &Screen) -> Vec<String> {
        let shown = most.min(self.found.len());
        let first = self.at.unwrap_or(0).saturating_sub(shown / 2).min(self.found.len() - shown);
        let mut rows = Vec::new();
        for (at, place) in self.found.iter().enumerate().skip(first).take(shown) {
            let highlighted = self.at == Some(at);
            let mark = match () {
                _ if highlighted => '>',
                _ if at == first && first > 0 => '^',
                _ if at + 1 == first + shown && at + 1 < self.found.len() => 'v',
                _ => ' ',
            };
            let (chosen, indent) = match (self.sort, self.chosen.contains(place)) {
                (Sort::Several, true) => ("[x] ", 6),
                (Sort::Several, false) => ("[ ] ", 6),
                _ => ("", 2),
            };
            let name = wrapped(&visible(&self.names[*place]), columns, indent);
            let row = format!("{mark} {chosen}{name}");
            rows.extend(row.lines().map(|row| if highlighted { screen.paint(ANSWER, row) } else { row.to_owned() }));
        }
        rows
    }
}
