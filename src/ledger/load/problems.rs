//! Problems with the rows of files: they are collected, and reported together in the order of the files.

use crate::error::{Error, MAX_ROWS_LISTED, Result, RowError};

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

/// The files that are read, and the problems with their rows.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    files: Vec<String>,
    listed: Vec<(Place, RowError)>,
    /// How many problems there are beyond those listed.
    more: usize,
    /// The first problem, as an error of its own.
    first: Option<Error>,
    /// What is to be said of the files besides.
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

    /// Adds what is no problem but is to be said.
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
        let mut listed = std::mem::take(&mut self.listed);
        listed.sort_by_key(|(at, _)| *at);
        let mut files: Vec<&str> = listed.iter().map(|(_, row)| row.file.as_str()).collect();
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

    /// A position as text: `cases.csv:7`.
    pub fn position(&self, at: Place) -> String {
        format!("{}:{}", self.files.get(usize::from(at.file)).map_or("", String::as_str), at.line)
    }
}
