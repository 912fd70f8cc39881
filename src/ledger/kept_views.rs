//! The temporary views of a lens that stay on a connection for the next lens of the same form. SQLite takes longer to prepare them, and the
//! statements that read them, than most reports of a pair take to run.

use std::cell::{Cell, RefCell};

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

/// Temporary views: the statements that create them and the statements that remove them.
#[derive(Debug)]
pub(crate) struct Laid {
    pub create: String,
    pub remove: String,
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

    /// Takes the views of a lens back; returns false if they must not stay.
    pub(crate) fn leave_views(&self, laid: Laid) -> bool {
        let stay = self.kept_views.on.get();
        if stay {
            self.kept_views.laid.replace(Some(laid));
        }
        stay
    }

    /// Notes that views could not be removed, as when a person ends the command. The ledger is opened again for the next one.
    pub(crate) fn spoil_views(&self) {
        self.kept_views.laid.take();
        self.kept_views.spoilt.set(true);
    }

    /// Removes the views that the last lens left: whoever reads without a lens reads the schema's own views.
    pub(super) fn remove_kept_views(&self) {
        if let Some(laid) = self.kept_views.laid.take()
            && self.conn.execute_batch(&laid.remove).is_err()
        {
            self.spoil_views();
        }
    }
}
