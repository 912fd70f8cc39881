//! Opening a ledger, and making one.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::error::{Error, Result};
use crate::ledger::{Author, Ledger, seed};
use crate::model::Clock;

/// The schema: tables, rules and views.
pub const SCHEMA: &str = include_str!("../../schema.sql");
/// Says in the file's header that it is a ledger: "rcip".
pub const APPLICATION_ID: i32 = 0x7263_6970;
/// The version of the schema that this release reads and writes.
pub const SCHEMA_VERSION: i32 = 1;
/// How long a writer waits for another.
pub(super) const WAIT: Duration = Duration::from_secs(10);

impl Ledger {
    /// Opens the ledger at `path` for reading and writing.
    ///
    /// # Errors
    /// The file is missing, unreadable, no ledger, damaged, or of a newer version.
    pub fn open(path: &Path) -> Result<Ledger> {
        check_readable(path)?;
        let conn = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        prepare(conn, path)
    }

    /// Opens the ledger at `path` for reading; one that cannot be written, or lies in a folder that cannot, will do.
    ///
    /// # Errors
    /// As [`Ledger::open`].
    pub fn open_to_read(path: &Path) -> Result<Ledger> {
        match Ledger::open(path) {
            Err(Error::Sqlite(e)) if cannot_lock(&e) && !beside(path, "-wal").exists() => {
                // Nobody can be writing where nothing can be written: the file is read as it lies.
                let uri = format!("file:{}?immutable=1", percent_encoded(path));
                let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
                prepare(Connection::open_with_flags(uri, flags)?, path)
            }
            other => other,
        }
    }

    /// Makes a new ledger at `path`, with the parties, kinds and scales that every ledger starts with. It appears
    /// whole or not at all.
    ///
    /// # Errors
    /// Something is there already, or the folder cannot be written.
    pub fn create(path: &Path) -> Result<Ledger> {
        if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(Error::io("create the folder", folder))?;
        }
        let unfinished = beside(path, &format!(".new-{}", std::process::id()));
        let made = (|| {
            std::fs::File::create_new(&unfinished).map_err(Error::io("create", path))?;
            let conn = Connection::open(&unfinished)?;
            // The journal is a log beside the file, so that readers never wait for a writer.
            conn.pragma_update(None, "journal_mode", "WAL")?;
            lay_out(&conn)?;
            conn.close().map_err(|(_, e)| e)?;
            // Unlike a rename, a link does not take the place of what another process made meanwhile.
            std::fs::hard_link(&unfinished, path).map_err(Error::io("create", path))
        })();
        for end in ["", "-wal", "-shm", "-journal"] {
            let _ = std::fs::remove_file(beside(&unfinished, end));
        }
        made?;
        Ledger::open(path)
    }

    /// A new ledger in memory, gone with the program.
    ///
    /// # Errors
    /// None but want of memory.
    pub fn in_memory() -> Result<Ledger> {
        let conn = Connection::open_in_memory()?;
        lay_out(&conn)?;
        Ok(Ledger { conn: settle_down(conn)?, path: None, clock: Clock::system(), rehearsal: false, author: Author::here(), known: None })
    }
}

impl Ledger {
    /// Takes away a ledger that was made for a first change which then failed, unless somebody has used it since.
    pub fn discard_if_unused(self) {
        let unused = self.conn.query_row("SELECT NOT EXISTS (SELECT 1 FROM action)", [], |r| r.get(0)).unwrap_or(false);
        drop(self.conn);
        if let (true, Some(path)) = (unused, self.path) {
            let _ = std::fs::remove_file(path);
        }
    }
}

/// True where the file at `path` begins as an SQLite database does.
pub fn is_sqlite(path: &Path) -> bool {
    let mut head = [0; 16];
    std::fs::File::open(path).and_then(|mut f| f.read_exact(&mut head)).is_ok() && &head == b"SQLite format 3\0"
}

fn lay_out(conn: &Connection) -> Result<()> {
    conn.execute_batch("PRAGMA foreign_keys = ON; BEGIN")?;
    conn.execute_batch(SCHEMA)?;
    // The history begins after what every ledger starts with.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    seed::plant(conn)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, true)?;
    conn.execute_batch("COMMIT")?;
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

fn prepare(conn: Connection, path: &Path) -> Result<Ledger> {
    conn.busy_timeout(WAIT)?;
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
    Ok(Ledger {
        conn: settle_down(conn)?,
        path: Some(path.to_owned()),
        clock: Clock::system(),
        rehearsal: false,
        author: Author::here(),
        known: None,
    })
}

fn settle_down(conn: Connection) -> Result<Connection> {
    conn.execute_batch("PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY")?;
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

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

fn percent_encoded(path: &Path) -> String {
    path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23")
}
