//! Ledgers of older versions: a table that is other today is filled anew, views and triggers are made anew.
//!
//! The upgrade is one transaction in the file itself, made while nobody else can write: whoever kills it leaves the
//! ledger of the older version. Before it a verified copy is put beside the file, and stays there.
//!
//! What there is to upgrade from: version 1, the first. Its sources had no author, no day of access and no archived
//! copy.

use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, TransactionBehavior};

use crate::error::{Error, Result};
use crate::ledger::backup::{copy, free_name, named, settle};
use crate::ledger::create::{create_beside, remove};
use crate::ledger::open::connect;
use crate::ledger::{Ledger, SCHEMA_VERSION, guard};

/// The schema of version 1: each object with the SHA-256 of its statement.
const VERSION_1: &str = include_str!("../data/version-1.csv");

/// What was done to a ledger of an older version when it was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Upgraded {
    /// The file was upgraded.
    InPlace {
        /// The ledger as it was.
        kept: PathBuf,
    },
    /// The file cannot be written: this is a copy of it, upgraded in memory, for reading.
    Copied,
}

/// The objects of an older version's schema: what sort, its name, and the digest of its statement.
pub(super) fn objects_of(version: i32) -> Result<Vec<(&'static str, &'static str, &'static str)>> {
    let listed = match version {
        1 => VERSION_1,
        _ => return Err(Error::refused("open the ledger", format!("no release had version {version}"), "restore a backup")),
    };
    Ok(listed
        .lines()
        .skip(1)
        .filter_map(|line| {
            let (sort, rest) = line.split_once(',')?;
            let (name, digest) = rest.split_once(',')?;
            Some((sort, name, digest))
        })
        .collect())
}

/// Upgrades the ledger in its file. Where another program was quicker there is nothing to do.
///
/// # Errors
/// Its schema is not its version's, it cannot be copied or written, or another program is writing to it.
pub(super) fn in_place(mut ledger: Ledger, path: &Path) -> Result<Ledger> {
    loosen(&ledger.conn)?;
    let transaction = ledger.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version: i32 = transaction.pragma_query_value(None, "user_version", |r| r.get(0))?;
    if version < SCHEMA_VERSION {
        guard::refuse_foreign(&transaction, path, version)?;
        let kept = keep_aside(path, &format!(".version-{version}"))?;
        let made = renew(&transaction, path, version).and_then(|()| Ok(transaction.commit()?));
        if let Err(e) = made {
            // The ledger is what it was, and needs no copy.
            let _ = std::fs::remove_file(kept);
            return Err(e);
        }
        ledger.upgraded = Some(Upgraded::InPlace { kept });
    } else {
        transaction.rollback()?;
    }
    tighten(&ledger.conn)?;
    Ok(ledger)
}

/// A copy of a ledger of an older version, in memory and upgraded, for reading. The file is left as it is.
///
/// # Errors
/// Its schema is not its version's, or it cannot be read.
pub(super) fn copied(ledger: &Ledger) -> Result<Ledger> {
    let path = ledger.path.clone().unwrap_or_default();
    let mut conn = ledger.copy()?;
    guard::shield(&conn)?;
    loosen(&conn)?;
    let transaction = conn.transaction()?;
    let version: i32 = transaction.pragma_query_value(None, "user_version", |r| r.get(0))?;
    if version < SCHEMA_VERSION {
        guard::refuse_foreign(&transaction, &path, version)?;
        renew(&transaction, &path, version)?;
    }
    transaction.commit()?;
    tighten(&conn)?;
    let mut copy = Ledger::of(conn, ledger.path.clone())?;
    copy.clock = ledger.clock;
    copy.upgraded = Some(Upgraded::Copied);
    Ok(copy)
}

/// Copies the ledger at `path`, which this program has open and keeps others from writing, to a file beside it that
/// is not there yet, and verifies the copy, which is to be read only: it stays what it was. Gives its name.
fn keep_aside(path: &Path, end: &str) -> Result<PathBuf> {
    let kept = free_name(path, end);
    let unfinished = create_beside(&kept)?;
    let copied = connect(path).and_then(|present| copy(present.connection(), &unfinished, &mut |_, _| ()).map_err(named(path)));
    let made = copied.and_then(|_| {
        // Whoever reads a file that keeps a log needs one beside it, and here could not take it away again.
        let conn = Connection::open(&unfinished)?;
        conn.pragma_update(None, "journal_mode", "delete")?;
        conn.close().map_err(|(_, e)| e)?;
        let mut only_read = std::fs::metadata(&unfinished).map_err(Error::io("read", &unfinished))?.permissions();
        only_read.set_readonly(true);
        std::fs::set_permissions(&unfinished, only_read).map_err(Error::io("write", &unfinished))?;
        settle(&unfinished, &kept, false)
    });
    remove(&unfinished);
    made.map(|()| kept)
}

/// Rows are moved as they are: no rule is tried, no trigger runs, and a table that is renamed keeps who refers to it.
fn loosen(conn: &Connection) -> Result<()> {
    set(conn, false)
}

fn tighten(conn: &Connection) -> Result<()> {
    set(conn, true)
}

fn set(conn: &Connection, rules: bool) -> Result<()> {
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, rules)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_LEGACY_ALTER_TABLE, !rules)?;
    conn.pragma_update(None, "foreign_keys", rules)?;
    conn.pragma_update(None, "ignore_check_constraints", !rules)?;
    Ok(())
}

/// Makes the schema that of this release, object by object.
fn renew(conn: &Connection, path: &Path, from: i32) -> Result<()> {
    let there = objects_of(from)?;
    for (sort, name, _) in there.iter().filter(|(sort, ..)| matches!(*sort, "trigger" | "view")) {
        // With a view go the triggers on it.
        conn.execute_batch(&format!("DROP {sort} IF EXISTS {name}"))?;
    }
    for (_, name, _) in there.iter().filter(|(sort, ..)| *sort == "index") {
        if !as_today(conn, name)? {
            conn.execute_batch(&format!("DROP INDEX {name}"))?;
        }
    }
    for (_, name, _) in there.iter().filter(|(sort, ..)| *sort == "table") {
        if !as_today(conn, name)? {
            fill_anew(conn, name)?;
        }
    }
    for (_, name, sql) in guard::objects() {
        let there = "SELECT EXISTS (SELECT 1 FROM main.sqlite_schema WHERE name = ?)";
        if !conn.query_row(there, [name], |r| r.get::<_, bool>(0))? {
            conn.execute_batch(sql)?;
        }
    }
    conn.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    // A table of somebody's own may have a name that this release needs.
    guard::refuse_foreign(conn, path, SCHEMA_VERSION)
}

/// True where the file has an object with the very statement of `schema.sql`.
fn as_today(conn: &Connection, name: &str) -> Result<bool> {
    let Some((sort, _, sql)) = guard::objects().find(|(_, called, _)| *called == name) else { return Ok(false) };
    let same = "SELECT EXISTS (SELECT 1 FROM main.sqlite_schema WHERE type = ? AND name = ? AND sql = ?)";
    Ok(conn.query_row(same, [sort, name, sql], |r| r.get(0))?)
}

/// Makes a table as `schema.sql` has it, and moves the rows into it, column by column of the same name. The ids that
/// were given are remembered: none is given twice.
fn fill_anew(conn: &Connection, table: &str) -> Result<()> {
    let Some((_, _, sql)) = guard::objects().find(|(_, name, _)| *name == table) else { return Ok(()) };
    let old = format!("{table}_of_older_version");
    conn.execute_batch(&format!("ALTER TABLE {table} RENAME TO {old}; {sql}"))?;
    // Those that are reckoned from others are not among them.
    let mut shared = conn.prepare(
        "SELECT '\"' || o.name || '\"' FROM pragma_table_info(?1) o JOIN pragma_table_info(?2) n ON n.name = o.name ORDER BY o.cid",
    )?;
    let shared: Vec<String> = shared.query_map([&old, table], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
    let columns = shared.join(", ");
    conn.execute_batch(&format!("INSERT INTO {table} ({columns}) SELECT {columns} FROM {old}"))?;
    if sql.contains("AUTOINCREMENT") {
        conn.execute("DELETE FROM sqlite_sequence WHERE name = ?", [table])?;
        conn.execute("UPDATE sqlite_sequence SET name = ? WHERE name = ?", [table, &old])?;
    }
    Ok(conn.execute_batch(&format!("DROP TABLE {old}"))?)
}
