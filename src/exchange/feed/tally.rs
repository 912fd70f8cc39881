//! What became of the rows of a feed: counted by reason, and where they are bad, told by line.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result, RowError};

/// How many bad rows are kept to be told one by one; a file of rejects has all of them.
const TOLD: usize = 10;
/// The most of a bad value that is told.
const EXCERPT: usize = 200;

/// Why a row is left out, or what is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// It names no party on one side or on both.
    OneSided,
    /// A side is a region or a group that is no party.
    Region,
    /// A side is several parties.
    SeveralParties,
    /// Both sides are one party.
    Domestic,
    /// Its code is of no kind.
    NoKind,
    /// It tells of the past, of the future or of what might be.
    NotOfTheDay,
    /// It has not the columns of the feed.
    Columns,
    /// It has no identifier.
    Identifier,
    /// It names a party that the ledger does not know.
    UnknownParty,
    /// Its code is not in the code book.
    Code,
    /// Its code is that of an older code book, where it means another act.
    OldCodeBook,
    /// It has no date that can be.
    Date,
    /// A number is none.
    Number,
    /// There is a NUL in it.
    Nul,
    /// It is longer than a mebibyte.
    TooLong,
    /// It was taken, with bytes replaced that are no text.
    BrokenBytes,
    /// A file that cannot be read, or not to its end.
    File,
}

impl Reason {
    const ALL: [Reason; 17] = [
        Reason::OneSided,
        Reason::Region,
        Reason::SeveralParties,
        Reason::Domestic,
        Reason::NoKind,
        Reason::NotOfTheDay,
        Reason::Columns,
        Reason::Identifier,
        Reason::UnknownParty,
        Reason::Code,
        Reason::OldCodeBook,
        Reason::Date,
        Reason::Number,
        Reason::Nul,
        Reason::TooLong,
        Reason::BrokenBytes,
        Reason::File,
    ];

    /// The word for it in a file of rejects.
    pub fn as_str(self) -> &'static str {
        match self {
            Reason::OneSided => "one-sided",
            Reason::Region => "region",
            Reason::SeveralParties => "several-parties",
            Reason::Domestic => "domestic",
            Reason::NoKind => "no-kind",
            Reason::NotOfTheDay => "not-of-the-day",
            Reason::Columns => "columns",
            Reason::Identifier => "identifier",
            Reason::UnknownParty => "unknown-party",
            Reason::Code => "code",
            Reason::OldCodeBook => "old-code-book",
            Reason::Date => "date",
            Reason::Number => "number",
            Reason::Nul => "nul",
            Reason::TooLong => "too-long",
            Reason::BrokenBytes => "broken-bytes",
            Reason::File => "file",
        }
    }

    /// What it means, to follow a number of rows.
    pub fn meaning(self) -> &'static str {
        match self {
            Reason::OneSided => "name no party on one side or both",
            Reason::Region => "name a region or a group that is no party",
            Reason::SeveralParties => "name several parties on a side",
            Reason::Domestic => "are within one party",
            Reason::NoKind => "are of no kind",
            Reason::NotOfTheDay => "tell of the past, the future or what might be",
            Reason::Columns => "have not the columns of the feed",
            Reason::Identifier => "have no identifier",
            Reason::UnknownParty => "name a party that the ledger does not know",
            Reason::Code => "have a code that is in no code book",
            Reason::OldCodeBook => "have a code of an old code book, which means another act in the new",
            Reason::Date => "have no date that can be",
            Reason::Number => "have a number that is none",
            Reason::Nul => "hold a NUL",
            Reason::TooLong => "are longer than a mebibyte",
            Reason::BrokenBytes => "hold bytes that are no text: they were taken, with those replaced",
            Reason::File => "cannot be read to the end",
        }
    }

    /// True where the row is sound, and only not of the sort that is taken.
    pub fn is_left_out(self) -> bool {
        self <= Reason::NotOfTheDay
    }
}

/// What is wrong with a row: the reason, and the value at fault.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Flaw {
    pub reason: Reason,
    pub value: String,
}

impl Flaw {
    pub fn new(reason: Reason, value: impl Into<String>) -> Flaw {
        Flaw { reason, value: value.into() }
    }

    /// The value as it stands in the row.
    pub fn bytes(reason: Reason, value: &[u8]) -> Flaw {
        let most = &value[..value.len().min(EXCERPT)];
        Flaw { reason, value: String::from_utf8_lossy(most).into_owned() }
    }
}

impl From<Reason> for Flaw {
    fn from(reason: Reason) -> Flaw {
        Flaw { reason, value: String::new() }
    }
}

/// The totals by reason, and the bad rows.
pub(super) struct Tally {
    counts: [u64; Reason::ALL.len()],
    /// The first bad rows.
    pub told: Vec<RowError>,
    rejects: Option<(PathBuf, csv::Writer<BufWriter<File>>)>,
    strict: bool,
}

impl Tally {
    /// Bad rows go to `rejects`, if there is such a file; with `strict` the first is an error.
    pub fn new(rejects: Option<&Path>, strict: bool) -> Result<Tally> {
        let rejects = match rejects {
            None => None,
            Some(path) => {
                let file = File::create(path).map_err(Error::io("write", path))?;
                let mut writer = csv::Writer::from_writer(BufWriter::new(file));
                writer.write_record(["file", "line", "reason", "value"]).map_err(|e| written(path, e))?;
                Some((path.to_owned(), writer))
            }
        };
        Ok(Tally { counts: [0; Reason::ALL.len()], told: Vec::new(), rejects, strict })
    }

    /// Notes what became of a row.
    pub fn note(&mut self, file: &str, line: u64, flaw: &Flaw) -> Result<()> {
        self.counts[flaw.reason as usize] += 1;
        if flaw.reason.is_left_out() {
            return Ok(());
        }
        let value: String = flaw.value.chars().take(EXCERPT).collect();
        if let Some((path, writer)) = &mut self.rejects {
            // A spreadsheet would run what begins so.
            let value = if value.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{value}") } else { value.clone() };
            writer.write_record([file, &line.to_string(), flaw.reason.as_str(), &value]).map_err(|e| written(path, e))?;
        }
        let row = || RowError { file: file.to_owned(), line, column: None, message: said(flaw.reason, &value) };
        if self.strict && flaw.reason != Reason::BrokenBytes {
            return Err(Error::Rows { file: file.to_owned(), bad: vec![row()], more: 0 });
        }
        if self.told.len() < TOLD {
            self.told.push(row());
        }
        Ok(())
    }

    /// How many rows there were for each reason that there were any for.
    pub fn totals(&self) -> Vec<(Reason, u64)> {
        Reason::ALL.into_iter().zip(self.counts).filter(|(_, n)| *n > 0).collect()
    }

    /// Finishes the file of rejects.
    pub fn end(&mut self) -> Result<()> {
        match &mut self.rejects {
            Some((path, writer)) => writer.flush().map_err(Error::io("write", path)),
            None => Ok(()),
        }
    }
}

fn written(path: &Path, e: csv::Error) -> Error {
    let why = e.to_string();
    match e.into_kind() {
        csv::ErrorKind::Io(source) => Error::io("write", path)(source),
        _ => Error::io("write", path)(std::io::Error::other(why)),
    }
}

/// What is wrong with one row, in words.
fn said(reason: Reason, value: &str) -> String {
    let value = if value.is_empty() { String::new() } else { format!(": '{value}'") };
    let what = match reason {
        Reason::Columns => "it has not the columns of the feed",
        Reason::Identifier => "it has no identifier",
        Reason::UnknownParty => "it names a party that the ledger does not know",
        Reason::Code => "its code is in no code book",
        Reason::OldCodeBook => "its code is of an old code book, and means another act in the new; --map says what it means here",
        Reason::Date => "it has no date that can be",
        Reason::Number => "a number is none",
        Reason::Nul => "there is a NUL in it",
        Reason::TooLong => "it is longer than a mebibyte",
        Reason::BrokenBytes => "bytes in it are no text: it was taken, with those replaced",
        Reason::File => "the file cannot be read to its end",
        other => other.meaning(),
    };
    format!("{what}{value}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_counted_under_their_own_place() {
        for (place, reason) in Reason::ALL.into_iter().enumerate() {
            assert_eq!(place, reason as usize, "{reason:?}");
        }
    }
}
