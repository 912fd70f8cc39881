//! The ledger file: opening and making one, and every change to it. Nothing else writes.

pub mod action;
pub mod catalogue;
pub mod edit;
pub mod entry;
pub mod link;
mod open;
mod seed;

use std::path::{Path, PathBuf};

use rusqlite::{Connection, TransactionBehavior};

use crate::error::{Error, Result};
use crate::model::Clock;

pub use action::{Action, ActionKey};
pub use edit::Change;
pub use entry::{Entry, Link, Logged, Settled};
pub use open::{APPLICATION_ID, SCHEMA, SCHEMA_VERSION, is_sqlite};

/// An open ledger.
#[derive(Debug)]
pub struct Ledger {
    conn: Connection,
    path: Option<PathBuf>,
    clock: Clock,
    rehearsal: bool,
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

    /// From here on changes are tried, reported and taken back: `--dry-run`.
    pub fn rehearse(&mut self) {
        self.rehearsal = true;
    }

    /// Makes one change, whole or not at all.
    pub(crate) fn change<T>(&mut self, make: impl FnOnce(&Connection, Clock) -> Result<T>) -> Result<T> {
        let (clock, rehearsal, path) = (self.clock, self.rehearsal, self.path.clone());
        let busy = |e: rusqlite::Error| match (e.sqlite_error_code(), path) {
            (Some(rusqlite::ErrorCode::DatabaseBusy), Some(path)) => Error::Busy { path, waited_s: open::WAIT.as_secs() },
            _ => e.into(),
        };
        let transaction = self.conn.transaction_with_behavior(TransactionBehavior::Immediate).map_err(busy)?;
        let made = make(&transaction, clock)?;
        if rehearsal {
            transaction.rollback()?;
        } else {
            transaction.commit()?;
        }
        Ok(made)
    }
}
