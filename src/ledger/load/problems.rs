//! Problems with the rows of files: they are collected, and reported together in the order of the files.

use std::collections::HashMap;

use crate::error::{Error, MAX_ROWS_LISTED, ROW_OF_REVIEW, Result, RowError, position};

/// A position in the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// The number of the file.
    pub file: u16,
    /// The line in the file, from 1.
    pub line: u32,
}

/// A problem with a row.
pub(crate) enum Wrong {
    Message(String),
    Error(Error),
}

impl From<String> for Wrong {
    fn from(message: String) -> Wrong {
        Wrong::Message(message)
    }
}

impl From<&str> for Wrong {
    fn from(message: &str) -> Wrong {
        Wrong::Message(message.to_owned())
    }
}

impl From<Error> for Wrong {
    fn from(error: Error) -> Wrong {
        Wrong::Error(error)
    }
}

/// The maximum number of rows that are listed after the first one with an unknown name.
const MAX_POSITIONS: usize = 10;

/// A name with a problem.
#[derive(Debug)]
struct RepeatedName {
    /// The index of the problem in the list.
    listed: usize,
    why: String,
    /// The rows that have it.
    rows: Vec<Place>,
}

/// The files that are read, and the problems with their rows.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    files: Vec<String>,
    listed: Vec<(Place, RowError)>,
    /// How many problems there are beyond those listed.
    more: usize,
    /// The names among them.
    names: HashMap<String, RepeatedName>,
    /// The first problem, as an error of its own.
    first: Option<Error>,
    /// Further notes on the files.
    notes: Vec<String>,
}

impl Problems {
    /// The number of a file. A new name gets the next number.
    pub fn file(&mut self, name: &str) -> u16 {
        let known = self.files.iter().position(|f| f == name).unwrap_or_else(|| {
            self.files.push(name.to_owned());
            self.files.len() - 1
        });
        u16::try_from(known).unwrap_or(u16::MAX)
    }

    /// Adds a problem with a row.
    pub fn add(&mut self, at: Place, column: Option<&str>, wrong: impl Into<Wrong>) {
        let (message, error) = match wrong.into() {
            Wrong::Message(message) => (message, None),
            Wrong::Error(error) => (error.to_string(), Some(error)),
        };
        if self.first.is_none() {
            let what = column.unwrap_or("this").to_owned();
            self.first = Some(error.unwrap_or_else(|| Error::refused(what, message.clone(), "correct it and try again")));
        }
        if self.listed.len() >= MAX_ROWS_LISTED {
            self.more += 1;
            return;
        }
        let file = self.files.get(usize::from(at.file)).cloned().unwrap_or_default();
        let row = RowError { file, line: at.line.into(), column: column.map(str::to_owned), message };
        self.listed.push((at, row));
    }

    /// Adds a problem with a name. It is listed once, with the other rows that have the name and the same problem.
    pub fn add_name(&mut self, at: Place, column: &str, name: &str, why: String) {
        if let Some(known) = self.names.get_mut(name).filter(|known| known.why == why) {
            if known.rows.last() != Some(&at) {
                known.rows.push(at);
            }
            return;
        }
        let listed = self.listed.len();
        self.add(at, Some(column), why.clone());
        if self.listed.len() > listed {
            self.names.insert(name.to_owned(), RepeatedName { listed, why, rows: vec![at] });
        }
    }

    /// Adds a note, which is not a problem.
    pub fn note(&mut self, note: String) {
        if self.notes.len() < MAX_ROWS_LISTED {
            self.notes.push(note);
        }
    }

    /// The notes.
    pub fn take_notes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notes)
    }

    /// True if there are no problems.
    pub fn is_empty(&self) -> bool {
        self.listed.is_empty()
    }

    /// Fails with all problems, if there are any.
    pub fn result(&mut self) -> Result<()> {
        if self.is_empty() {
            return Ok(());
        }
        for name in self.names.values().filter(|name| name.rows.len() > 1) {
            let others = self.positions(&name.rows);
            self.listed[name.listed].1.message.push_str(&format!(" (the same in {others})"));
        }
        let mut listed = std::mem::take(&mut self.listed);
        listed.sort_by_key(|(at, _)| *at);
        let name = |row: &RowError| row.file.strip_suffix(ROW_OF_REVIEW).unwrap_or(&row.file).to_owned();
        let mut files: Vec<String> = listed.iter().map(|(_, row)| name(row)).collect();
        files.dedup();
        Err(Error::Rows { file: files.join(", "), bad: listed.into_iter().map(|(_, row)| row).collect(), more: self.more })
    }

    /// Fails with the first problem alone, for an entry that was not read from a file.
    pub(crate) fn into_first_error(self) -> Result<()> {
        match self.first {
            None => Ok(()),
            Some(error) => Err(error),
        }
    }

    /// The rows after the first as text: `lines 7, 9 and 12`.
    fn positions(&self, rows: &[Place]) -> String {
        let others = &rows[1..];
        let mut words: Vec<String> = others
            .iter()
            .take(MAX_POSITIONS)
            .map(|at| match rows[0].file == at.file {
                true => at.line.to_string(),
                false => self.position(*at),
            })
            .collect();
        if let more @ 1.. = others.len().saturating_sub(MAX_POSITIONS) {
            words.push(format!("{more} more"));
        }
        let last = words.pop().unwrap_or_default();
        let lines = if others.len() == 1 { "line" } else { "lines" };
        if words.is_empty() { format!("{lines} {last}") } else { format!("{lines} {} and {last}", words.join(", ")) }
    }

    /// A position as text: `cases.csv:7`.
    pub fn position(&self, at: Place) -> String {
        position(self.files.get(usize::from(at.file)).map_or("", String::as_str), at.line)
    }
}
