//! The ledger file: opening it, creating it and changing it. Nothing outside this module writes to a ledger.

pub mod action;
mod as_known;
mod author;
pub mod backup;
pub mod candidate;
pub mod catalogue;
mod change;
mod change_times;
pub mod check;
mod create;
pub(crate) mod doubt;
pub mod edit;
pub mod entry;
pub(crate) mod facts;
mod feed_fold;
pub(crate) mod feed_intake;
mod feed_undo;
mod group_entry;
pub(crate) mod guard;
pub mod history;
mod history_table;
mod kept_views;
pub mod link;
pub(crate) mod load;
pub mod merge;
mod mount;
mod open;
mod private_copy;
pub(crate) mod quantity;
mod query_guard;
mod raw_file;
mod refusal;
pub mod repair;
mod row_change;
mod salvage;
mod seal;
mod seed;
mod settlement;
mod stop;
mod undo;
mod undo_refusal;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use crate::error::{Error, Result};
use crate::model::Clock;
use crate::record::ReadColumn;
use kept_views::KeptViews;

pub use action::{Action, ActionKey};
pub use as_known::Moment;
pub use author::Author;
pub use candidate::{Candidate, Confirmation, Reported};
pub use doubt::Doubt;
pub use edit::{Correction, Edited};
pub use entry::{Entry, Link, Logged};
pub(crate) use guard::{objects, objects_in};
pub(crate) use kept_views::LensViews;
pub use link::{Settled, Settlement, Shift};
pub use load::{KeptLink, Loaded, Resembling};
pub use open::{APPLICATION_ID, SCHEMA, SCHEMA_VERSION, check_disk, is_sqlite};
pub use query_guard::QueryGuard;
pub use stop::Stop;
pub use undo::Undone;

/// The identity of a ledger, which it and its copies keep for ever.
///
/// # Errors
/// The ledger cannot be read, or another program has deleted its identity.
pub(crate) fn uuid(conn: &Connection) -> Result<String> {
    let uuid = conn.query_row("SELECT uuid FROM main.ledger", [], |r| r.read(0)).optional()?;
    uuid.ok_or_else(|| {
        let why = "its table 'ledger' is empty: another program has deleted the only row";
        let way_out = "restore a backup (recip restore BACKUP), or write everything to a new ledger, which gets a new identity: recip check --repair NEW_FILE";
        Error::refused("the ledger has lost its identity", why, way_out)
    })
}

/// An open ledger.
#[derive(Debug)]
pub struct Ledger {
    conn: Connection,
    path: Option<PathBuf>,
    clock: Clock,
    dry_run: bool,
    author: Author,
    known: Option<Moment>,
    read_at: Option<String>,
    /// Which file was opened for reading, and the version of its schema, which was found to be recip's.
    checked: Option<(open::Identity, i64)>,
    changed: Arc<AtomicI64>,
    kept_views: KeptViews,
}

impl Ledger {
    /// The connection, for reports to read from.
    pub fn connection(&self) -> &Connection {
        self.remove_kept_views();
        &self.conn
    }

    /// The file; `None` for a ledger in memory.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// The clock of this ledger.
    pub fn clock(&self) -> Clock {
        self.clock
    }

    /// Replaces the clock.
    pub fn set_clock(&mut self, clock: Clock) {
        self.clock = clock;
    }

    /// Sets the author of the changes that follow, and their command. The default is the user's name and host.
    pub fn set_author(&mut self, author: Author) {
        self.author = author;
    }

    /// The `--as-known` moment that this copy shows; `None` for the ledger itself.
    pub fn known(&self) -> Option<&Moment> {
        self.known.as_ref()
    }

    /// When a text file was read into this ledger: the `logged_at` of actions for which the file gives no time. `None` for any other
    /// ledger.
    pub fn read_at(&self) -> Option<&str> {
        self.read_at.as_deref()
    }

    /// Records when a text file was read into this ledger.
    pub(crate) fn set_read_at(&mut self, stamp: String) {
        self.read_at = Some(stamp);
    }

    /// Makes every later change a dry run: it is made, reported and rolled back (`--dry-run`).
    pub fn set_dry_run(&mut self) {
        self.dry_run = true;
    }

    /// Sets `mark` to the id of a change as soon as it is committed. A dry run and a change that touches no row leave it as it is.
    pub fn mark_changes(&mut self, mark: Arc<AtomicI64>) {
        self.changed = mark;
    }

    /// The time of the latest change, if it is later than the clock by more than a minute: then one of the two is wrong.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn change_later_than_clock(&self) -> Result<Option<String>> {
        change_times::later_than_clock(&self.conn, self.clock.seconds())
    }

    /// The number and the token of the latest change; `None`: there is none.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn latest_change(&self) -> Result<Option<(i64, String)>> {
        let latest = "SELECT id, token FROM change ORDER BY id DESC LIMIT 1";
        Ok(self.conn.query_row(latest, [], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
    }

    /// Makes one change in one transaction: settles and validates what it touches, and records it in the history.
    pub(crate) fn change<T>(&mut self, make: impl FnOnce(&Connection, Clock) -> Result<T>) -> Result<T> {
        if let Some(moment) = &self.known {
            return Err(Error::refused(
                "cannot change the ledger",
                format!("this is a copy of the ledger as it was known {moment}"),
                "make the change in the ledger itself",
            ));
        }
        let (clock, dry_run, path) = (self.clock, self.dry_run, self.path.clone());
        let busy = |e: rusqlite::Error| with_path(&path, e);
        let transaction = self.conn.transaction_with_behavior(TransactionBehavior::Immediate).map_err(&busy)?;
        let change = change::begin(&transaction, clock, &self.author)?;
        let made = make(&transaction, clock).and_then(|made| settlement::settle(&transaction, None).map(|_| made));
        // A load that failed may have left the triggers off.
        transaction.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, true)?;
        let made = made?;
        // A change that touched no row leaves no trace.
        if !change::end(&transaction, change)? || dry_run {
            transaction.rollback()?;
        } else {
            transaction.commit().map_err(&busy)?;
            self.changed.store(change, Ordering::Relaxed);
        }
        Ok(made)
    }

    /// Makes one part of a change that takes several transactions. The first part begins the change and stores its id in `change`; the
    /// others continue it. A part that was committed stays, even if a later part fails.
    pub(crate) fn continue_change<T>(&mut self, change: &mut Option<i64>, make: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let path = self.path.clone();
        let busy = |e: rusqlite::Error| with_path(&path, e);
        let transaction = self.conn.transaction_with_behavior(TransactionBehavior::Immediate).map_err(&busy)?;
        let id = match *change {
            Some(id) => change::resume(&transaction, id)?,
            None => change::begin(&transaction, self.clock, &self.author)?,
        };
        let made = make(&transaction)?;
        if change::end(&transaction, id)? {
            transaction.commit().map_err(&busy)?;
            self.changed.store(id, Ordering::Relaxed);
            *change = Some(id);
        } else {
            transaction.rollback()?;
        }
        Ok(made)
    }

    /// True if changes are dry runs.
    pub(crate) fn is_dry_run(&self) -> bool {
        self.dry_run
    }
}

fn with_path(path: &Option<PathBuf>, e: rusqlite::Error) -> Error {
    match path {
        Some(path) => Error::from(e).named_busy(path, open::WAIT),
        None => e.into(),
    }
}
