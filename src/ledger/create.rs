//! Making a ledger, whole or not at all.

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use crate::error::{Error, Result};
use crate::ledger::open::beside;
use crate::ledger::{Ledger, SCHEMA, guard, seed};

impl Ledger {
    /// Makes a new ledger at `path`, with the parties, kinds and scales that every ledger starts with. It appears
    /// whole or not at all.
    ///
    /// # Errors
    /// Something is there already, or the folder cannot be written.
    pub fn create(path: &Path) -> Result<Ledger> {
        if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(Error::io("create the folder", folder))?;
        }
        let unfinished = create_beside(path)?;
        let made = (|| {
            let conn = Connection::open(&unfinished)?;
            guard::shield(&conn)?;
            lay_out(&conn)?;
            // Last, when all of it is in the file: a log beside it, so that readers never wait for a writer.
            conn.pragma_update(None, "journal_mode", "WAL")?;
            conn.close().map_err(|(_, e)| e)?;
            // Unlike a rename, a link does not take the place of what another process made meanwhile.
            std::fs::hard_link(&unfinished, path).map_err(Error::io("create", path))
        })();
        remove(&unfinished);
        made?;
        Ledger::open(path)
    }

    /// A new ledger in memory, gone with the program.
    ///
    /// # Errors
    /// None but want of memory.
    pub fn in_memory() -> Result<Ledger> {
        let conn = Connection::open_in_memory()?;
        guard::shield(&conn)?;
        lay_out(&conn)?;
        Ledger::of(conn, None)
    }

    /// Takes away a ledger that was made for a first change which then failed or was none, unless somebody has used it
    /// since; true where it is gone.
    pub fn discard_if_unused(self) -> bool {
        let unused = self.conn.query_row("SELECT NOT EXISTS (SELECT 1 FROM change)", [], |r| r.get(0)).unwrap_or(false);
        drop(self.conn);
        match (unused, self.path) {
            (true, Some(path)) => std::fs::remove_file(path).is_ok(),
            _ => false,
        }
    }
}

/// Creates an empty file beside `path`, for its owner only, under a name that nothing has.
pub(super) fn create_beside(path: &Path) -> Result<PathBuf> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    for n in 0.. {
        // Killed at work, another process of the same number may have left one.
        let unfinished = beside(path, &format!(".new-{}-{n}", std::process::id()));
        match options.open(&unfinished) {
            Ok(_) => return Ok(unfinished),
            Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists && n < 1000 => (),
            Err(e) => return Err(Error::io("create", path)(e)),
        }
    }
    Err(Error::io("create", path)(std::io::ErrorKind::AlreadyExists.into()))
}

/// Takes away a file that was not finished, or was linked to its name, with what SQLite put beside it.
pub(super) fn remove(unfinished: &Path) {
    for end in ["", "-wal", "-shm", "-journal"] {
        let _ = std::fs::remove_file(beside(unfinished, end));
    }
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
