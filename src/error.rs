//! Errors as people read them: what failed, why, and the way out.

use crate::model::counted;
use std::path::{Path, PathBuf};

/// The result of an operation that can fail with an [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error. `Display` writes the whole message: the failure on the first line, and the way out on a second line that begins with `help:`.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The ledger has no party, kind, action or dispute with this name.
    #[error("there is no {what} '{given}'{}\nhelp: {way_out}", did_you_mean(.nearest))]
    Unknown {
        /// What was looked for: "party".
        what: &'static str,
        /// The name as given.
        given: String,
        /// The most similar names, best first.
        nearest: Vec<String>,
        /// How to list the names, or how to add a new one.
        way_out: String,
    },

    /// A value that is not valid, such as a date, a count or a link.
    #[error("{field} '{given}': {why}\nhelp: {way_out}")]
    Invalid {
        /// The field: "date".
        field: &'static str,
        /// The value as given.
        given: String,
        /// What is wrong with it.
        why: String,
        /// What would be valid.
        way_out: String,
    },

    /// A request that the ledger refuses: it breaks a rule of the arithmetic, or a name is already in use.
    #[error("{what}: {why}\nhelp: {way_out}")]
    Refused {
        /// The request.
        what: String,
        /// The rule, with the figures.
        why: String,
        /// What would be accepted instead.
        way_out: String,
    },

    /// Rows of a file that are not valid. Nothing was imported from the file.
    #[error("{}", row_errors(.file, .bad, *.more))]
    Rows {
        /// The file as the user named it; if there are several, all of them.
        file: String,
        /// What is wrong, row by row, in the order of the file.
        bad: Vec<RowError>,
        /// The number of further errors that are not listed.
        more: usize,
    },

    /// A file that cannot be read, because it does not have the expected format.
    #[error("{file}: {why}\nhelp: {way_out}")]
    File {
        /// The file as the user named it.
        file: String,
        /// What is wrong with its format.
        why: String,
        /// What would be valid.
        way_out: String,
    },

    /// There is no ledger at this path.
    #[error(
        "there is no ledger at {}\nhelp: create one with 'recip log' or 'recip import', or name another with -f FILE or RECIP_LEDGER",
        .path.display()
    )]
    Missing {
        /// The path.
        path: PathBuf,
    },

    /// Another program has locked the ledger.
    #[error(
        "the ledger {} is in use: another program has been using it for {waited_s} s\nhelp: nothing was changed; try again, or keep the ledger on a local disk: some network shares do not support locks",
        .path.display()
    )]
    Busy {
        /// The ledger.
        path: PathBuf,
        /// How long recip waited, in seconds.
        waited_s: u64,
    },

    /// An engine over a lake cannot be reached, or does not give what was asked for.
    #[error("{engine}: {why}\nhelp: {way_out}")]
    Engine {
        /// The engine, or the profile that leads to it.
        engine: String,
        /// What the engine or its driver says.
        why: String,
        /// What would help.
        way_out: String,
    },

    /// The user interrupted the program.
    #[error("interrupted")]
    Interrupted,

    /// The operating system refused to read or write.
    #[error("cannot {doing} {}: {}", .path.display(), system_message(.source))]
    Io {
        /// What recip was doing: "read", "write", "create".
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The error of the operating system.
        source: std::io::Error,
    },

    /// The output could not be written.
    #[error("cannot write the output: {}", system_message(.0))]
    Output(#[from] std::io::Error),

    /// Any other error of SQLite.
    #[error("{}", sqlite_message(.0))]
    Sqlite(#[from] rusqlite::Error),
}

/// A row of a file that is not valid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowError {
    /// The file as the user named it.
    pub file: String,
    /// The line on which the row begins, from 1.
    pub line: u64,
    /// The name of the column, if the error is in one column.
    pub column: Option<String>,
    /// What is wrong, and the way out.
    pub message: String,
}

/// The end of the name of a review whose rows are named by the numbers in its column `row`.
pub(crate) const ROW_OF_REVIEW: &str = ", row";

/// A position in a file as people read it: `cases.csv:7`, or `cases.review.xlsx, row 7`.
pub(crate) fn position(file: &str, line: impl std::fmt::Display) -> String {
    let between = if file.ends_with(ROW_OF_REVIEW) { ' ' } else { ':' };
    format!("{file}{between}{line}")
}

/// The maximum number of invalid rows that are listed; the others are only counted.
pub const MAX_ROWS_LISTED: usize = 1_000;

impl Error {
    /// The exit code of the command line: 2 usage, 3 invalid data, 4 ledger in use, 5 input or output, 130
    /// interrupted.
    pub fn exit_code(&self) -> u8 {
        match self {
            Error::Unknown { .. } | Error::Invalid { .. } => 2,
            Error::Refused { .. } | Error::Rows { .. } | Error::File { .. } => 3,
            Error::Busy { .. } => 4,
            Error::Missing { .. } | Error::Engine { .. } | Error::Io { .. } | Error::Output(_) => 5,
            Error::Interrupted => 130,
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

    /// True if the reader of the output has closed it, as in `recip list | head`. That is not an error to report.
    pub fn is_closed_pipe(&self) -> bool {
        matches!(self, Error::Output(e) if e.kind() == std::io::ErrorKind::BrokenPipe)
    }

    /// Adds to an error of the operating system what recip was doing with which file.
    pub fn io(doing: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Error {
        move |source| Error::Io { doing, path: path.to_owned(), source }
    }

    /// Turns an SQLite error that says that the ledger at `path` is in use into [`Error::Busy`]. Other errors stay as they are.
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

    /// Returns an [`Error::Invalid`].
    pub fn invalid(field: &'static str, given: &str, why: impl Into<String>, way_out: impl Into<String>) -> Error {
        Error::Invalid { field, given: given.to_owned(), why: why.into(), way_out: way_out.into() }
    }

    /// Returns an [`Error::Refused`].
    pub fn refused(what: impl Into<String>, why: impl Into<String>, way_out: impl Into<String>) -> Error {
        Error::Refused { what: what.into(), why: why.into(), way_out: way_out.into() }
    }
}

/// True if the system refused a lock, rather than reading or writing.
fn is_lock_failure(e: &rusqlite::Error) -> bool {
    use rusqlite::ffi::{
        SQLITE_IOERR_CHECKRESERVEDLOCK, SQLITE_IOERR_LOCK, SQLITE_IOERR_RDLOCK, SQLITE_IOERR_SHMLOCK, SQLITE_IOERR_UNLOCK, SQLITE_PROTOCOL,
    };
    let code = e.sqlite_error().map(|e| e.extended_code);
    matches!(
        code,
        Some(
            SQLITE_IOERR_CHECKRESERVEDLOCK
                | SQLITE_IOERR_LOCK
                | SQLITE_IOERR_RDLOCK
                | SQLITE_IOERR_SHMLOCK
                | SQLITE_IOERR_UNLOCK
                | SQLITE_PROTOCOL
        )
    )
}

/// Why a row breaks a rule of the schema. The triggers say it in words; SQLite names only tables and columns.
fn broken_rule(e: &rusqlite::ffi::Error, why: &str) -> String {
    use rusqlite::ffi::{SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_TRIGGER, SQLITE_CONSTRAINT_UNIQUE};
    let place = why.rsplit(": ").next().unwrap_or(why);
    match e.extended_code {
        SQLITE_CONSTRAINT_TRIGGER => why.to_owned(),
        SQLITE_CONSTRAINT_UNIQUE | SQLITE_CONSTRAINT_PRIMARYKEY => format!("it has a row with this {place} already"),
        _ => format!("the value does not keep a rule of the schema ({place})"),
    }
}

fn did_you_mean(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => format!("; did you mean {one}?"),
        [most @ .., last] => format!("; did you mean {} or {last}?", most.join(", ")),
    }
}

fn row_errors(file: &str, bad: &[RowError], more: usize) -> String {
    let mut text = String::new();
    for row in bad {
        let column = row.column.as_ref().map_or(String::new(), |c| format!(", column {c}"));
        let message = row.message.replace("?\n", "? ").replace('\n', "; ");
        text.push_str(&format!("{}{column}: {message}\n", position(&row.file, row.line)));
    }
    let all = bad.len() + more;
    if more > 0 {
        text.push_str(&format!("... and {more} more\n"));
    }
    let errors = counted(all, "errors");
    format!("{text}{file}: {errors}; nothing was changed\nhelp: correct the file and import it again")
}

/// What the system says, and the way out; an error without a code of the system names its cause itself.
fn system_message(e: &std::io::Error) -> String {
    use std::io::ErrorKind::*;
    let way_out = match e.kind() {
        NotFound => "check the name; the folder must exist",
        PermissionDenied => "this user may not do that; change the permissions of the file or of its folder, or name another",
        IsADirectory => "this is a folder; name a file in it",
        NotADirectory => "part of the name before the last '/' is a file, not a folder; check the name",
        AlreadyExists => "name a file that does not exist yet",
        StorageFull | QuotaExceeded | FileTooLarge => "free some disk space and try again, or name a file on another disk",
        ReadOnlyFilesystem => "the disk is read-only; name a file on another disk",
        InvalidFilename | InvalidInput => "the system does not allow this name; use a shorter or simpler one",
        Other => return e.to_string(),
        _ => "check that the disk or the device works, and try again",
    };
    let what = e.to_string();
    let what = what.split_once(" (os error").map_or(what.as_str(), |(what, _)| what);
    format!("{what}\nhelp: {way_out}")
}

fn sqlite_message(e: &rusqlite::Error) -> String {
    use rusqlite::ErrorCode::*;
    match (e.sqlite_error_code(), e) {
        (Some(DiskFull), _) => "the disk is full; nothing was changed\nhelp: free some disk space and try again".to_owned(),
        (Some(DatabaseBusy | DatabaseLocked), _) => {
            "the ledger is in use by another program; nothing was changed\nhelp: try again".to_owned()
        }
        (Some(SystemIoFailure | FileLockingProtocolFailed), _) if is_lock_failure(e) => "the system cannot lock the ledger; nothing was changed\n\
             help: a folder shared over a network may not support locks; keep the ledger on a local disk"
            .to_owned(),
        (Some(CannotOpen), _) => "this user may not open the ledger, or may not create its log in the same folder; nothing was changed\n\
             help: make the file and its folder writable, or work on a copy made with 'recip backup'"
            .to_owned(),
        (Some(SystemIoFailure), _) => {
            format!(
                "the system refused to read or write the ledger ({e}); nothing was changed\n\
                 help: check that the disk has free space and works, and try again"
            )
        }
        (Some(TooBig), _) => format!(
            "a text or a row of the ledger is longer than {} million bytes, which is the maximum\n\
             help: nothing was changed; restore a backup with 'recip restore BACKUP'",
            crate::model::MAX_LENGTH / 1_000_000
        ),
        (Some(ReadOnly), _) => {
            "the ledger is read-only; nothing was changed\nhelp: make the file and its folder writable, or work on a copy of it".to_owned()
        }
        (Some(DatabaseCorrupt), _) => "the ledger file is damaged\n\
             help: restore a backup with 'recip restore BACKUP', or write everything that can be read to a new ledger with 'recip check --repair NEW_FILE'"
            .to_owned(),
        (Some(NotADatabase), _) => {
            "this is not a ledger: the file is not an SQLite database\nhelp: name a ledger that recip made, or a CSV file".to_owned()
        }
        (Some(ConstraintViolation), rusqlite::Error::SqliteFailure(code, Some(why))) => {
            let why = broken_rule(code, why);
            format!("the ledger refuses this: {why}\nhelp: nothing was changed; 'recip show ID' shows an action with its links and amounts")
        }
        _ => format!("SQLite failed: {e}\nhelp: nothing was changed; 'recip check' verifies the ledger"),
    }
}
