//! Creating a ledger file atomically.

use std::path::Path;

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use crate::error::{Error, Result};
use crate::ledger::atomic_file::AtomicFile;
use crate::ledger::{Ledger, SCHEMA, guard, seed};

impl Ledger {
    /// Creates a ledger at `path` with the built-in parties, kinds and scales. The file appears only when it is complete.
    ///
    /// # Errors
    /// The file exists already, the name is a link that leads nowhere, or the folder cannot be written to.
    pub fn create(path: &Path) -> Result<Ledger> {
        if path.is_symlink() && !path.exists() {
            let what = format!("cannot create a ledger at {}", path.display());
            return Err(Error::refused(
                what,
                "it is a symbolic link to a file that does not exist",
                "remove the link, or name the file itself",
            ));
        }
        if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(Error::io("create the folder", folder))?;
        }
        let unfinished = AtomicFile::create(path)?;
        let conn = Connection::open(unfinished.path())?;
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
        let conn = Connection::open_in_memory()?;
        guard::shield(&conn)?;
        lay_out(&conn)?;
        Ledger::of(conn, None)
    }

    /// Deletes a ledger that was created for a first change, if that change failed or changed nothing and nobody has used the ledger since.
    /// Returns true if the file was deleted.
    pub fn discard_if_unused(self) -> bool {
        let unused = self.conn.query_row("SELECT NOT EXISTS (SELECT 1 FROM change)", [], |r| r.get(0)).unwrap_or(false);
        drop(self.conn);
        match (unused, self.path) {
            (true, Some(path)) => std::fs::remove_file(path).is_ok(),
            _ => false,
        }
    }
}

/// Fills an empty file with the schema and the built-in catalogue.
pub(super) fn lay_out(conn: &Connection) -> Result<()> {
    conn.execute_batch("PRAGMA foreign_keys = ON; BEGIN")?;
    conn.execute_batch(SCHEMA)?;
    // Triggers are off so that the history does not record the built-in catalogue.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    seed::plant(conn)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, true)?;
    conn.execute_batch("COMMIT")?;
    Ok(())
}
