//! The temporary views of a lens that stay on a connection for the next lens of the same form. SQLite takes longer to prepare them, and the
//! statements that read them, than most reports of a pair take to run.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use rusqlite::Connection;

/// The views that the last lens left.
#[derive(Debug, Default)]
pub(super) struct KeptViews {
    /// True if views stay.
    on: Cell<bool>,
    laid: RefCell<Option<Laid>>,
    /// True if SQLite could not remove views, so some may be left.
    spoilt: Cell<bool>,
}

impl KeptViews {
    pub fn are_known(&self) -> bool {
        !self.spoilt.get()
    }
}

/// The temporary views of a lens: how it defines them, and which of them were made so far.
#[derive(Debug, Default)]
pub(crate) struct Laid {
    /// The views that the lens defines itself: the name of each, and what follows it in the statement that creates it.
    pub own: Vec<(&'static str, String)>,
    pub made: RefCell<BTreeSet<&'static str>>,
}

impl Laid {
    /// Removes the views, one by one: after a rollback, SQLite would read the schema again.
    pub fn remove(&self, conn: &Connection) -> rusqlite::Result<()> {
        let made = self.made.take();
        conn.execute_batch(&made.iter().map(|name| format!("DROP VIEW IF EXISTS temp.{name};")).collect::<String>())
    }
}

impl super::Ledger {
    /// Keeps the views of a lens for the next one, if many reports are read from the ledger.
    pub fn keep_views(&self) {
        self.kept_views.on.set(true);
    }

    /// The connection as it is, for a lens.
    pub(crate) fn connection_of_lens(&self) -> &Connection {
        &self.conn
    }

    /// The views that the last lens left, which are the caller's from now on.
    pub(crate) fn take_views(&self) -> Option<Laid> {
        self.kept_views.laid.take()
    }

    /// Takes the views of a lens back, or returns them if they must not stay.
    pub(crate) fn leave_views(&self, laid: Laid) -> Option<Laid> {
        if !self.kept_views.on.get() {
            return Some(laid);
        }
        self.kept_views.laid.replace(Some(laid));
        None
    }

    /// Notes that views could not be removed, as when a person ends the command. The ledger is opened again for the next one.
    pub(crate) fn spoil_views(&self) {
        self.kept_views.laid.take();
        self.kept_views.spoilt.set(true);
    }

    /// Removes the views that the last lens left: whoever reads without a lens reads the schema's own views.
    pub(super) fn remove_kept_views(&self) {
        if let Some(laid) = self.kept_views.laid.take()
            && laid.remove(&self.conn).is_err()
        {
            self.spoil_views();
        }
    }
}
