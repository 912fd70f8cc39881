//! What is wrong with the rows of files: every one is kept, told in the order of the files, or counted.

use crate::error::{Error, ROWS_TOLD, Result, RowError};

/// Where in the files something was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// Which of the files.
    pub file: u16,
    /// Which line of it, from 1.
    pub line: u32,
}

/// What is wrong with a row.
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

/// The files that are read, and what is wrong with their rows.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    files: Vec<String>,
    told: Vec<(Place, RowError)>,
    more: usize,
    /// The first, as it was reported.
    first: Option<Error>,
}

impl Problems {
    /// Gives a file its number. The same name has the same number.
    pub fn file(&mut self, name: &str) -> u16 {
        let known = self.files.iter().position(|f| f == name).unwrap_or_else(|| {
            self.files.push(name.to_owned());
            self.files.len() - 1
        });
        u16::try_from(known).unwrap_or(u16::MAX)
    }

    /// Notes what is wrong with a row.
    pub fn add(&mut self, at: Place, column: Option<&str>, wrong: impl Into<Wrong>) {
        let (message, error) = match wrong.into() {
            Wrong::Message(message) => (message, None),
            Wrong::Error(error) => (error.to_string(), Some(error)),
        };
        if self.first.is_none() {
            let what = column.unwrap_or("this").to_owned();
            self.first = Some(error.unwrap_or_else(|| Error::refused(what, message.clone(), "correct it and try again")));
        }
        if self.told.len() >= ROWS_TOLD {
            self.more += 1;
            return;
        }
        let file = self.files.get(usize::from(at.file)).cloned().unwrap_or_default();
        let row = RowError { file, line: at.line.into(), column: column.map(str::to_owned), message };
        self.told.push((at, row));
    }

    /// True where nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.told.is_empty()
    }

    /// An error of everything that is wrong, if anything is.
    pub fn tell(&mut self) -> Result<()> {
        if self.is_empty() {
            return Ok(());
        }
        let mut told = std::mem::take(&mut self.told);
        told.sort_by_key(|(at, _)| *at);
        let mut files: Vec<&str> = told.iter().map(|(_, row)| row.file.as_str()).collect();
        files.dedup();
        Err(Error::Rows { file: files.join(", "), bad: told.into_iter().map(|(_, row)| row).collect(), more: self.more })
    }

    /// The first thing that is wrong as an error of its own, where there is no file.
    pub(crate) fn tell_first(self) -> Result<()> {
        match self.first {
            None => Ok(()),
            Some(error) => Err(error),
        }
    }

    /// How a place is said: `cases.csv:7`.
    pub fn said(&self, at: Place) -> String {
        format!("{}:{}", self.files.get(usize::from(at.file)).map_or("", String::as_str), at.line)
    }
}
