//! Reads a ledger without creating files beside it: copies it without locks, and reads the copy.
//!
//! SQLite keeps the locks of a database with a write-ahead log in a file beside it (`-shm`). A user who cannot create that file cannot take
//! locks. A user who can create it, but who may not write to the ledger, would leave a log that the owner of the ledger cannot write. Such
//! users read a copy of the ledger, which is used only if nobody wrote while it was made.

use std::fs::{File, Metadata};
use std::io::{self, ErrorKind, Read};
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use crate::atomic::{TemporaryFolder, create_private};
use crate::error::{Error, Result};
use crate::ledger::Ledger;
use crate::ledger::open::{WAIT, connect, open_immutable, prepare, with_suffix};

/// The files of a ledger, in the order in which they must be copied. The log is copied after the file: a page that moves from the log to
/// the file meanwhile is missing from the copied file, but the copied log still has it.
const FILES: [&str; 3] = ["", "-wal", "-journal"];
/// The length of the header of a write-ahead log. It changes whenever the log begins anew.
const LOG_HEADER: usize = 32;
/// The pause before another attempt.
const PAUSE: Duration = Duration::from_millis(25);

/// Copies the ledger at `path` into a temporary database that has no name, and opens the copy.
///
/// # Errors
/// Another program keeps writing to the ledger, its files cannot be read, or it is not a ledger.
pub(super) fn open_copy(path: &Path) -> Result<Ledger> {
    // The logs are beside the file itself, not beside a link to it.
    let file = std::fs::canonicalize(path).map_err(Error::io("read", path))?;
    let began = Instant::now();
    loop {
        let before = State::read(&file)?;
        if before.is_settled() {
            let copied = copy(&file, path, &before);
            // What was read while another program wrote may be half of a change, and so may the error be.
            if State::read(&file)? == before {
                return copied;
            }
        }
        if began.elapsed() > WAIT {
            return Err(Error::Busy { path: path.to_owned(), waited_s: WAIT.as_secs() });
        }
        std::thread::sleep(PAUSE);
    }
}

fn copy(file: &Path, named: &Path, state: &State) -> Result<Ledger> {
    let conn = match state {
        State::File { journal: None, .. } => prepare(open_immutable(file)?, named)?.copy()?,
        // SQLite applies the log or the journal to the copy. The folder is deleted as soon as that is copied once more.
        _ => {
            let folder = TemporaryFolder::new()?;
            let copy = folder.path().join("ledger.db");
            for end in FILES {
                copy_file(&with_suffix(file, end), &with_suffix(&copy, end))?;
            }
            connect(&copy)?.copy()?
        }
    };
    prepare(conn, named)
}

/// What changes in the files of a ledger when another program writes.
#[derive(Debug, PartialEq)]
enum State {
    /// There is a write-ahead log, with this header. The file and the log are a whole as long as the log does not begin anew.
    Log([u8; LOG_HEADER]),
    /// The file is written directly, perhaps with a rollback journal.
    File { file: Stamp, journal: Option<Stamp> },
}

impl State {
    fn read(path: &Path) -> Result<State> {
        let log = with_suffix(path, "-wal");
        if let Some(header) = unless_missing(log_header(&log)).map_err(Error::io("read", &log))?.flatten() {
            return Ok(State::Log(header));
        }
        let file = std::fs::metadata(path).map_err(Error::io("read", path))?;
        let journal = with_suffix(path, "-journal");
        let journal = unless_missing(std::fs::metadata(&journal)).map_err(Error::io("read", &journal))?;
        Ok(State::File { file: Stamp::of(&file), journal: journal.as_ref().map(Stamp::of) })
    }

    /// False if the files were written so recently that another write might not change their times.
    fn is_settled(&self) -> bool {
        match self {
            State::Log(_) => true,
            State::File { file, journal } => [Some(file), journal.as_ref()].into_iter().flatten().all(Stamp::is_settled),
        }
    }
}

/// The size and the time of the last write of a file.
#[derive(Debug, PartialEq)]
struct Stamp {
    size: u64,
    written: Option<SystemTime>,
}

impl Stamp {
    fn of(meta: &Metadata) -> Stamp {
        Stamp { size: meta.len(), written: meta.modified().ok() }
    }

    fn is_settled(&self) -> bool {
        let Some(age) = self.written.and_then(|written| SystemTime::now().duration_since(written).ok()) else { return true };
        // Some file systems store whole seconds, or even only every second one.
        let in_seconds = self.written.and_then(|w| w.duration_since(SystemTime::UNIX_EPOCH).ok()).is_some_and(|w| w.subsec_nanos() == 0);
        age > if in_seconds { Duration::from_secs(2) } else { Duration::from_millis(20) }
    }
}

/// The header of a write-ahead log; `None` if the log is empty.
fn log_header(log: &Path) -> io::Result<Option<[u8; LOG_HEADER]>> {
    let mut header = [0; LOG_HEADER];
    match File::open(log)?.read_exact(&mut header) {
        Ok(()) => Ok(Some(header)),
        Err(e) if e.kind() == ErrorKind::UnexpectedEof => Ok(None),
        Err(e) => Err(e),
    }
}

fn unless_missing<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
        Err(e) => Err(e),
    }
}

/// Copies a file if it exists. Its permissions are not copied.
fn copy_file(from: &Path, to: &Path) -> Result<()> {
    let Some(mut source) = unless_missing(File::open(from)).map_err(Error::io("read", from))? else { return Ok(()) };
    let mut target = create_private(to).map_err(Error::io("create", to))?;
    io::copy(&mut source, &mut target).map_err(Error::io("copy", from))?;
    Ok(())
}
