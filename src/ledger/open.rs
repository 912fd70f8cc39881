//! Opening a ledger, and making one.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};

use crate::error::{Error, Result};
use crate::ledger::{Author, Ledger, guard, mount};
use crate::model::Clock;

/// The schema: tables, rules and views.
pub const SCHEMA: &str = include_str!("../../schema.sql");
/// Says in the file's header that it is a ledger: "rcip".
pub const APPLICATION_ID: i32 = 0x7263_6970;
/// The version of the schema that this release reads and writes.
pub const SCHEMA_VERSION: i32 = 1;
/// How long a writer waits for another.
pub(super) const WAIT: Duration = Duration::from_secs(10);

/// Makes a connection wait its turn, [`WAIT`] at most. SQLite's own waiting asks ever more rarely, so that in a crowd
/// whoever came last is served first; here whoever has waited longest asks most often.
pub(super) fn take_turns(conn: &mut Connection) -> Result<()> {
    let mut began = Instant::now();
    let wait = move |asked| {
        if asked == 0 {
            began = Instant::now();
        }
        let waited = began.elapsed();
        let pause = match waited.as_millis() {
            0..500 => 20,
            500..2000 => 5,
            _ => 1,
        };
        std::thread::sleep(Duration::from_millis(pause));
        waited < WAIT
    };
    Ok(conn.busy_handler(Some(wait))?)
}

impl Ledger {
    /// Opens the ledger at `path` for reading and writing.
    ///
    /// # Errors
    /// The file is missing, unreadable, no ledger, damaged, of a newer version, or holds code that is not recip's.
    pub fn open(path: &Path) -> Result<Ledger> {
        let mut ledger = open_any(path)?;
        guard::refuse_foreign(&ledger.conn, path)?;
        keep_a_log(&mut ledger.conn, path)?;
        Ok(ledger)
    }

    /// Opens the ledger at `path` for reading; one that cannot be written, or lies in a folder that cannot, will do.
    ///
    /// # Errors
    /// As [`Ledger::open`].
    pub fn open_to_read(path: &Path) -> Result<Ledger> {
        let ledger = open_any_to_read(path)?;
        guard::refuse_foreign(&ledger.conn, path)?;
        Ok(ledger)
    }

    /// Opens the ledger at `path` to see what is wrong with it: whatever its schema holds, which nothing here runs.
    ///
    /// # Errors
    /// The file is missing, unreadable, no ledger, or of a newer version.
    pub fn open_to_check(path: &Path) -> Result<Ledger> {
        open_any_to_read(path)
    }
}

impl Ledger {
    pub(super) fn of(conn: Connection, path: Option<PathBuf>) -> Result<Ledger> {
        let conn = configure(conn)?;
        Ok(Ledger { conn, path, clock: Clock::system(), rehearsal: false, author: Author::here(), known: None, read_at: None })
    }
}

/// True where the file at `path` begins as an SQLite database does.
pub fn is_sqlite(path: &Path) -> bool {
    let mut head = [0; 16];
    std::fs::File::open(path).and_then(|mut f| f.read_exact(&mut head)).is_ok() && &head == b"SQLite format 3\0"
}

pub(super) fn open_any(path: &Path) -> Result<Ledger> {
    check_readable(path)?;
    connect(path)
}

/// Opens a file that is known to be a ledger. Unlike [`open_any`] it may be open in this program already: to close a
/// file that was read beside SQLite would let go of SQLite's own locks.
pub(super) fn connect(path: &Path) -> Result<Ledger> {
    let opened = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX);
    opened.map_err(Error::from).and_then(|conn| prepare(conn, path)).map_err(|e| e.named_busy(path, WAIT))
}

fn open_any_to_read(path: &Path) -> Result<Ledger> {
    check_readable(path)?;
    connect_to_read(path)
}

/// The same as [`connect`], for reading.
pub(super) fn connect_to_read(path: &Path) -> Result<Ledger> {
    match connect(path) {
        Err(Error::Sqlite(e)) if cannot_lock(&e) && !beside(path, "-wal").exists() => prepare(open_as_it_lies(path)?, path),
        other => other,
    }
}

/// Opens a file that nobody can be writing, because nobody can or because nobody knows of it yet, without locks.
pub(super) fn open_as_it_lies(path: &Path) -> Result<Connection> {
    let uri = format!("file:{}?immutable=1", percent_encoded(path));
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Ok(Connection::open_with_flags(uri, flags)?)
}

/// Goes back to a log beside the file, with which readers never wait, where a first import was killed that had put a
/// journal in its place. On a network such a log does not work, and whoever chose a journal there keeps it.
fn keep_a_log(conn: &mut Connection, path: &Path) -> Result<()> {
    let mode: String = conn.pragma_query_value(None, "journal_mode", |r| r.get(0))?;
    if mode == "delete" && mount::shared(path).is_none() {
        // Not now, if somebody is at work in it.
        conn.busy_timeout(Duration::ZERO)?;
        let _ = conn.pragma_update(None, "journal_mode", "WAL");
        take_turns(conn)?;
    }
    Ok(())
}

/// Says what the operating system says, which SQLite would not.
fn check_readable(path: &Path) -> Result<()> {
    match std::fs::metadata(path) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Err(Error::Missing { path: path.to_owned() }),
        Err(e) => Err(Error::io("read", path)(e)),
        Ok(meta) if meta.is_dir() => Err(foreign(path, "this is a folder")),
        Ok(_) => {
            std::fs::File::open(path).map_err(Error::io("read", path))?;
            if is_sqlite(path) { Ok(()) } else { Err(foreign(path, "this is not an SQLite file")) }
        }
    }
}

pub(super) fn prepare(mut conn: Connection, path: &Path) -> Result<Ledger> {
    take_turns(&mut conn)?;
    guard::shield(&conn)?;
    let application_id: i32 = conn.pragma_query_value(None, "application_id", |r| r.get(0))?;
    let version: i32 = conn.pragma_query_value(None, "user_version", |r| r.get(0))?;
    if application_id != APPLICATION_ID {
        return Err(foreign(path, "this is another program's SQLite file"));
    }
    if version > SCHEMA_VERSION {
        return Err(Error::File {
            file: path.display().to_string(),
            why: format!("a newer recip made this ledger: its version is {version}, this recip knows {SCHEMA_VERSION}"),
            way_out: "use the newer recip; the file was not touched".to_owned(),
        });
    }
    if version < SCHEMA_VERSION {
        return Err(foreign(path, &format!("its version is {version}, which no release had")));
    }
    Ledger::of(conn, Some(path.to_owned()))
}

fn configure(conn: Connection) -> Result<Connection> {
    // A cache of 64 MiB: the rows of a pair lie all over a large file, and reports read them several times.
    conn.execute_batch("PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536")?;
    conn.set_prepared_statement_cache_capacity(64);
    Ok(conn)
}

fn cannot_lock(e: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{CannotOpen, ReadOnly};
    matches!(e.sqlite_error_code(), Some(CannotOpen | ReadOnly))
}

fn foreign(path: &Path, why: &str) -> Error {
    Error::File {
        file: path.display().to_string(),
        why: format!("{why}, not a ledger"),
        way_out: "name a ledger made by recip, or a CSV, JSON Lines file or package that it exported".to_owned(),
    }
}

pub(super) fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

fn percent_encoded(path: &Path) -> String {
    path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23")
}
