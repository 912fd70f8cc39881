//! What can go wrong, told to people: what failed, why, and the way out.

use std::path::{Path, PathBuf};

/// The result of anything that can fail here.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What failed. `Display` gives the whole message: the failure on the first line, the way out on the next.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A name that means nothing here: a party, a kind, an action, a dispute.
    #[error("there is no {what} '{given}'{}\nhelp: {way_out}", or_near(.nearest))]
    Unknown {
        /// What was looked for: "party".
        what: &'static str,
        /// The name as given.
        given: String,
        /// The nearest names there are, best first.
        nearest: Vec<String>,
        /// Where the names can be seen, or how a new one is added.
        way_out: String,
    },

    /// A value that cannot be read: a date, a count, a link.
    #[error("{field} '{given}': {why}\nhelp: {way_out}")]
    Invalid {
        /// The field: "date".
        field: &'static str,
        /// The value as given.
        given: String,
        /// What is wrong with it.
        why: String,
        /// What would do.
        way_out: String,
    },

    /// Something the ledger will not do: a rule of the arithmetic, a name already taken.
    #[error("{what}: {why}\nhelp: {way_out}")]
    Refused {
        /// What was asked.
        what: String,
        /// The rule, with the figures.
        why: String,
        /// What would be accepted.
        way_out: String,
    },

    /// Rows of a file that cannot be taken. Nothing of the file was.
    #[error("{}", rows(.file, .bad, *.more))]
    Rows {
        /// The file, as named; where there are several, all of them.
        file: String,
        /// What is wrong, row by row, in the order of the file.
        bad: Vec<RowError>,
        /// How many more there are beyond those kept.
        more: usize,
    },

    /// A file whose form cannot be read at all.
    #[error("{file}: {why}\nhelp: {way_out}")]
    File {
        /// The file, as named.
        file: String,
        /// What it is instead.
        why: String,
        /// What would do.
        way_out: String,
    },

    /// There is no ledger where one was looked for.
    #[error("there is no ledger at {}\nhelp: 'recip log' or 'recip import' make one; -f FILE or RECIP_LEDGER name another", .path.display())]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },

    /// Another program holds the ledger.
    #[error("the ledger {} is in use: another program has been writing to it for {waited_s} s\nhelp: try again; nothing was changed", .path.display())]
    Busy {
        /// The ledger.
        path: PathBuf,
        /// How long was waited, in seconds.
        waited_s: u64,
    },

    /// The operating system refused to read or write.
    #[error("cannot {doing} {}: {source}", .path.display())]
    Io {
        /// "read", "write", "create".
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },

    /// Writing the output failed, for another reason than that nobody reads it any more.
    #[error("cannot write the output: {0}")]
    Output(#[from] std::io::Error),

    /// SQLite failed in a way that has no better name.
    #[error("{}", sqlite(.0))]
    Sqlite(#[from] rusqlite::Error),
}

/// One row of a file that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowError {
    /// The file it is in, as named.
    pub file: String,
    /// The line of the file the row begins on, from 1.
    pub line: u64,
    /// The column's name, where one column is at fault.
    pub column: Option<String>,
    /// What is wrong, and the way out.
    pub message: String,
}

/// How many bad rows are told one by one; the rest are counted.
pub const ROWS_TOLD: usize = 1_000;

impl Error {
    /// The exit code of the command line: 2 usage, 3 bad data, 4 busy, 5 input or output.
    pub fn exit_code(&self) -> u8 {
        match self {
            Error::Unknown { .. } | Error::Invalid { .. } => 2,
            Error::Refused { .. } | Error::Rows { .. } | Error::File { .. } => 3,
            Error::Busy { .. } => 4,
            Error::Missing { .. } | Error::Io { .. } | Error::Output(_) => 5,
            Error::Sqlite(e) => match e.sqlite_error_code() {
                Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => 4,
                Some(
                    rusqlite::ErrorCode::ConstraintViolation
                    | rusqlite::ErrorCode::DatabaseCorrupt
                    | rusqlite::ErrorCode::NotADatabase
                    | rusqlite::ErrorCode::TooBig,
                ) => 3,
                _ => 5,
            },
        }
    }

    /// True where the reader of the output has gone, as in `recip list | head`: no error to a person.
    pub fn is_closed_pipe(&self) -> bool {
        matches!(self, Error::Output(e) if e.kind() == std::io::ErrorKind::BrokenPipe)
    }

    /// Wraps an error of the operating system with what was being done to which file.
    pub fn io(doing: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Error {
        move |source| Error::Io { doing, path: path.to_owned(), source }
    }

    /// The same; where it says that the ledger at `path` is in use, with its name and how long was waited.
    pub(crate) fn named_busy(self, path: &Path, waited: std::time::Duration) -> Error {
        match &self {
            Error::Sqlite(e)
                if matches!(e.sqlite_error_code(), Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked)) =>
            {
                Error::Busy { path: path.to_owned(), waited_s: waited.as_secs() }
            }
            _ => self,
        }
    }

    /// A value that cannot be read.
    pub fn invalid(field: &'static str, given: &str, why: impl Into<String>, way_out: impl Into<String>) -> Error {
        Error::Invalid { field, given: given.to_owned(), why: why.into(), way_out: way_out.into() }
    }

    /// Something the ledger will not do.
    pub fn refused(what: impl Into<String>, why: impl Into<String>, way_out: impl Into<String>) -> Error {
        Error::Refused { what: what.into(), why: why.into(), way_out: way_out.into() }
    }
}

fn or_near(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => format!("; did you mean {one}?"),
        [most @ .., last] => format!("; did you mean {} or {last}?", most.join(", ")),
    }
}

fn rows(file: &str, bad: &[RowError], more: usize) -> String {
    let mut text = String::new();
    for row in bad {
        let column = row.column.as_ref().map_or(String::new(), |c| format!(", column {c}"));
        text.push_str(&format!("{}:{}{column}: {}\n", row.file, row.line, row.message.replace("?\n", "? ").replace('\n', "; ")));
    }
    let all = bad.len() + more;
    if more > 0 {
        text.push_str(&format!("... and {more} more\n"));
    }
    let rows = if all == 1 { "1 error".to_owned() } else { format!("{all} errors") };
    format!("{text}{file}: {rows}; nothing was changed\nhelp: mend the file and import it again")
}

fn sqlite(e: &rusqlite::Error) -> String {
    use rusqlite::ErrorCode::*;
    match (e.sqlite_error_code(), e) {
        (Some(DiskFull), _) => "the disk is full; nothing was changed\nhelp: make room and try again".to_owned(),
        (Some(DatabaseBusy | DatabaseLocked), _) => {
            "the ledger is in use by another program; nothing was changed\nhelp: try again".to_owned()
        }
        (Some(SystemIoFailure), _) => {
            format!(
                "the system refused to read or write the ledger ({e}); nothing was changed\nhelp: see that the disk has room and is sound, and try again"
            )
        }
        (Some(TooBig), _) => format!(
            "a text or a row of the ledger is longer than {} million bytes, which no ledger needs\nhelp: nothing was changed; 'recip check' looks closer",
            crate::ledger::LONGEST / 1_000_000
        ),
        (Some(ReadOnly), _) => {
            "the ledger is read-only; nothing was changed\nhelp: make the file and its folder writable, or copy it".to_owned()
        }
        (Some(DatabaseCorrupt), _) => {
            "the ledger file is damaged\nhelp: go back to a copy of it; 'sqlite3 FILE .recover' may save what is readable".to_owned()
        }
        (Some(NotADatabase), _) => {
            "this is not a ledger: SQLite does not know the file\nhelp: name a ledger made by recip, or a CSV".to_owned()
        }
        (Some(ConstraintViolation), rusqlite::Error::SqliteFailure(_, Some(why))) => {
            format!("the ledger refuses this: {why}\nhelp: nothing was changed; 'recip show' tells what is open")
        }
        _ => format!("SQLite failed: {e}\nhelp: nothing was changed"),
    }
}
