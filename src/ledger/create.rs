//! Creating a ledger file atomically.

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::Backup;

use crate::atomic::AtomicFile;
use crate::error::{Error, Result};
use crate::ledger::open::{create_file, refuse_dangling_link};
use crate::ledger::{Ledger, SCHEMA, guard, seed};

impl Ledger {
    /// Creates a ledger at `path` with the built-in parties, kinds and scales. The file appears only when it is complete.
    ///
    /// # Errors
    /// The file exists already, the path is a dangling symbolic link, or the folder cannot be written to.
    pub fn create(path: &Path) -> Result<Ledger> {
        refuse_dangling_link(path, &format!("cannot create a ledger at {}", path.display()))?;
        if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(Error::io("create the folder", folder))?;
        }
        let unfinished = AtomicFile::private(path)?;
        let conn = create_file(unfinished.path())?;
        guard::shield(&conn)?;
        lay_out(&conn)?;
        // Switched last, when the file is complete: with a write-ahead log readers never wait for a writer.
        conn.pragma_update(None, "journal_mode", "WAL")?;
        conn.close().map_err(|(_, e)| e)?;
        unfinished.publish(path, false)?;
        Ledger::open(path)
    }

    /// Creates a ledger in memory, which is lost when the program ends.
    ///
    /// # Errors
    /// There is not enough memory.
    pub fn in_memory() -> Result<Ledger> {
        let mut conn = Connection::open_in_memory()?;
        copy_new(&mut conn)?;
        guard::shield(&conn)?;
        Ledger::of(conn, None)
    }

    /// Deletes a ledger that was created for a first change, if that change failed or changed nothing and nobody else uses the ledger.
    /// Returns true if the file was deleted.
    pub fn discard_if_unused(self) -> bool {
        let Some(path) = &self.path else { return false };
        lock_if_unused(&self.conn).unwrap_or(false) && std::fs::remove_file(path).is_ok()
    }
}

/// Locks a ledger against everybody else. Returns false if it contains a change or another program has it open. The journal mode of a
/// ledger with a write-ahead log can be changed only by the one program that has it open. [`Ledger::open`] notices if a program opened the
/// file but had not read it yet.
fn lock_if_unused(conn: &Connection) -> Result<bool> {
    let is_unused = || conn.query_row("SELECT NOT EXISTS (SELECT 1 FROM change)", [], |r| r.get(0));
    if !is_unused()? {
        return Ok(false);
    }
    conn.busy_timeout(Duration::ZERO)?;
    let mode = |pragma: &str| conn.query_row(pragma, [], |r| r.get::<_, String>(0));
    if mode("PRAGMA journal_mode")? != "wal" || mode("PRAGMA journal_mode = DELETE")? != "delete" {
        return Ok(false);
    }
    conn.execute_batch("BEGIN EXCLUSIVE")?;
    Ok(is_unused()?)
}

/// Fills an empty connection with a copy of a new ledger, and gives it an identity of its own. The program fills a ledger only once: a copy
/// takes a tenth of the time.
fn copy_new(conn: &mut Connection) -> Result<()> {
    static FILLED: Mutex<Option<Connection>> = Mutex::new(None);
    let mut filled = FILLED.lock().unwrap_or_else(PoisonError::into_inner);
    let filled = match &mut *filled {
        Some(filled) => filled,
        empty => {
            let first = Connection::open_in_memory()?;
            lay_out(&first)?;
            empty.insert(first)
        }
    };
    Backup::new(filled, conn)?.run_to_completion(i32::MAX, Duration::ZERO, None)?;
    guard::without_triggers(conn, || Ok(conn.execute_batch("DELETE FROM ledger; INSERT INTO ledger (id) VALUES (1)")?))
}

/// Fills an empty file with the schema and the built-in catalogue.
pub(super) fn lay_out(conn: &Connection) -> Result<()> {
    conn.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; BEGIN")?;
    conn.execute_batch(SCHEMA)?;
    // The history does not record the built-in catalogue, and a test holds it to the rules.
    guard::without_triggers(conn, || seed::plant(conn))?;
    Ok(conn.execute_batch("COMMIT; PRAGMA ignore_check_constraints = OFF; PRAGMA foreign_keys = ON")?)
}
