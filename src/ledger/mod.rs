//! The ledger file: opening and making one, and every change to it. Nothing else writes.

pub mod action;
mod as_known;
mod author;
pub mod backup;
pub mod candidate;
pub mod catalogue;
mod change;
pub mod check;
mod create;
mod dependents;
pub mod edit;
pub mod entry;
pub(crate) mod facts;
mod feed_fold;
pub(crate) mod feed_intake;
mod feed_undo;
mod guard;
pub mod history;
mod history_table;
pub mod link;
pub(crate) mod load;
mod mount;
mod open;
mod refusal;
mod row_change;
mod seed;
mod settlement;
mod undo;

use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, TransactionBehavior};

use crate::error::{Error, Result};
use crate::model::Clock;

pub use action::{Action, ActionKey};
pub use as_known::Moment;
pub use author::Author;
pub use candidate::{Candidate, Confirmation, Reported};
pub use edit::Correction;
pub use entry::{Entry, Link, Logged};
pub use guard::LONGEST;
pub(crate) use guard::objects;
pub use link::{Settled, Settlement, Shift};
pub use load::Loaded;
pub use open::{APPLICATION_ID, SCHEMA, SCHEMA_VERSION, is_sqlite};
pub use undo::Undone;

/// An open ledger.
#[derive(Debug)]
pub struct Ledger {
    conn: Connection,
    path: Option<PathBuf>,
    clock: Clock,
    rehearsal: bool,
    author: Author,
    known: Option<Moment>,
    read_at: Option<String>,
}

impl Ledger {
    /// The connection, for reports to read from.
    pub fn connection(&self) -> &Connection {
        &self.conn
    }

    /// The file; `None` for a ledger in memory.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// What this ledger takes for now.
    pub fn clock(&self) -> Clock {
        self.clock
    }

    /// Takes another time for now.
    pub fn set_clock(&mut self, clock: Clock) {
        self.clock = clock;
    }

    /// Says who makes the changes that follow, and by which command. Without it the user's name and host are taken.
    pub fn set_author(&mut self, author: Author) {
        self.author = author;
    }

    /// The moment as known at which this is the ledger; `None`: it is the ledger itself.
    pub fn known(&self) -> Option<&Moment> {
        self.known.as_ref()
    }

    /// When a file of text was read into this ledger: what its actions have for `logged_at` where the file does not say.
    /// `None`: this is no such ledger.
    pub fn read_at(&self) -> Option<&str> {
        self.read_at.as_deref()
    }

    /// Says when a file of text was read into this ledger.
    pub(crate) fn set_read_at(&mut self, stamp: String) {
        self.read_at = Some(stamp);
    }

    /// From here on changes are tried, reported and taken back: `--dry-run`.
    pub fn rehearse(&mut self) {
        self.rehearsal = true;
    }

    /// Makes one change, whole or not at all: what it touches is settled and judged, and the history says that this change did it.
    pub(crate) fn change<T>(&mut self, make: impl FnOnce(&Connection, Clock) -> Result<T>) -> Result<T> {
        if let Some(moment) = &self.known {
            return Err(Error::refused(
                "change the ledger",
                format!("this is a copy, as it was known {moment}"),
                "change the ledger itself",
            ));
        }
        let (clock, rehearsal, path) = (self.clock, self.rehearsal, self.path.clone());
        let busy = |e: rusqlite::Error| named(&path, e);
        let transaction = self.conn.transaction_with_behavior(TransactionBehavior::Immediate).map_err(&busy)?;
        let change = change::begin(&transaction, clock, &self.author)?;
        let made = make(&transaction, clock).and_then(|made| settlement::settle(&transaction, None).map(|_| made));
        // A load that failed may have left them off.
        transaction.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, true)?;
        let made = made?;
        // What changed nothing is no change: it leaves no trace.
        if !change::end(&transaction, change)? || rehearsal {
            transaction.rollback()?;
        } else {
            transaction.commit().map_err(&busy)?;
        }
        Ok(made)
    }

    /// Makes a part of a change that takes several transactions: the first begins it and notes its id in `under_way`, the
    /// others go on with it. What a part did stays, whatever becomes of the next.
    pub(crate) fn go_on<T>(&mut self, under_way: &mut Option<i64>, make: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let path = self.path.clone();
        let busy = |e: rusqlite::Error| named(&path, e);
        let transaction = self.conn.transaction_with_behavior(TransactionBehavior::Immediate).map_err(&busy)?;
        let change = match *under_way {
            Some(change) => change::go_on(&transaction, change)?,
            None => change::begin(&transaction, self.clock, &self.author)?,
        };
        let made = make(&transaction)?;
        if change::end(&transaction, change)? {
            transaction.commit().map_err(&busy)?;
            *under_way = Some(change);
        } else {
            transaction.rollback()?;
        }
        Ok(made)
    }

    /// True where changes are taken back.
    pub(crate) fn rehearses(&self) -> bool {
        self.rehearsal
    }
}

fn named(path: &Option<PathBuf>, e: rusqlite::Error) -> Error {
    match path {
        Some(path) => Error::from(e).named_busy(path, open::WAIT),
        None => e.into(),
    }
}
