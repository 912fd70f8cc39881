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
    views: RefCell<Option<LensViews>>,
    /// True if SQLite failed to create or to remove views, so it is not known which there are.
    spoilt: Cell<bool>,
}

impl KeptViews {
    pub fn are_known(&self) -> bool {
        !self.spoilt.get()
    }
}

/// The temporary views of a lens.
#[derive(Debug, Default)]
pub(crate) struct LensViews {
    /// The views that the lens defines itself: the name of each, and what follows it in the statement that creates it.
    pub own: Vec<(&'static str, String)>,
    /// The names of those that were made.
    pub made: RefCell<BTreeSet<&'static str>>,
}

impl LensViews {
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
    pub(crate) fn take_views(&self) -> Option<LensViews> {
        self.kept_views.views.take()
    }

    /// Takes the views of a lens back, or returns them if they must not stay.
    pub(crate) fn leave_views(&self, views: LensViews) -> Option<LensViews> {
        if !self.kept_views.on.get() {
            return Some(views);
        }
        self.kept_views.views.replace(Some(views));
        None
    }

    /// Notes that it is not known which views there are, as when a statement is interrupted. The ledger is opened again for the next one.
    pub(crate) fn spoil_views(&self) {
        self.kept_views.views.take();
        self.kept_views.spoilt.set(true);
    }

    /// Removes the views that the last lens left: whoever reads without a lens reads the schema's own views.
    pub(super) fn remove_kept_views(&self) {
        if let Some(views) = self.kept_views.views.take()
            && views.remove(&self.conn).is_err()
        {
            self.spoil_views();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    use crate::ledger::Entry;
    use crate::model::Sign;
    use crate::report::{Lens, Pair, Selection, balance, collect, timeline, unanswered};
    use crate::{Ledger, Result};

    fn reports(ledger: &Ledger, selection: &Selection) -> Result<String> {
        let lens = Lens::new(ledger, selection)?;
        let open = collect(|each| unanswered::read(&lens, Sign::Hostile, each))?;
        let (balance, timeline) = (collect(|each| balance::read(&lens, each))?, collect(|each| timeline::read(&lens, each))?);
        Ok(format!("{open:?}\n{balance:?}\n{timeline:?}"))
    }

    /// Interrupts the second of three reports after a number of SQLite's steps. The others, and all that the ledger says later, must be right.
    /// Returns whether the report was interrupted, and whether the ledger need not be opened again.
    fn interrupted(path: &Path, selections: [&Selection; 2], expected: [&str; 2], steps: u64) -> (bool, bool) {
        let mut ledger = Ledger::open_to_read(path).unwrap();
        ledger.keep_views();
        let left = Arc::new(AtomicU64::new(u64::MAX));
        let counted = Arc::clone(&left);
        ledger.conn.progress_handler(1, Some(move || counted.fetch_sub(1, Ordering::Relaxed) == 1)).unwrap();
        assert_eq!(reports(&ledger, selections[0]).unwrap(), expected[0]);
        left.store(steps, Ordering::Relaxed);
        let is_interrupted = reports(&ledger, selections[1]).is_err();
        left.store(u64::MAX, Ordering::Relaxed);
        if ledger.is_current() {
            for at in [1, 0] {
                assert_eq!(reports(&ledger, selections[at]).unwrap(), expected[at], "interrupted after {steps} steps");
            }
        }
        (is_interrupted, ledger.is_current())
    }

    #[test]
    fn after_an_interruption_a_report_is_right_or_the_ledger_is_opened_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("l.db");
        let mut ledger = Ledger::create(&path).unwrap();
        for (actor, target, date) in [("USA", "RUS", "2016-12-29"), ("RUS", "USA", "2017-07-28"), ("GBR", "RUS", "2018-03-14")] {
            ledger.log(&Entry::new(actor, target, "expulsion", date.parse().unwrap()).count(35)).unwrap();
        }
        let pair = Some(Pair::Both("USA".to_owned(), "RUS".to_owned()));
        let of = |pair, day: &str| Selection { pair, as_of: Some(day.parse().unwrap()), ..Selection::default() };
        let suggested = Selection { with_suggested: Some("0.1".parse().unwrap()), ..of(None, "2017-08-31") };
        let [first, seconds @ ..] = [of(pair, "2017-01-15"), of(None, "2017-07-31"), suggested];
        let says = |selection| reports(&Ledger::open_to_read(&path).unwrap(), selection).unwrap();
        let mut reopened = 0;
        for second in &seconds {
            let (selections, expected) = ([&first, second], [&*says(&first), &*says(second)]);
            for steps in (1..).map(|n| 29 * n * n) {
                let (is_interrupted, is_current) = interrupted(&path, selections, expected, steps);
                reopened += usize::from(!is_current);
                if !is_interrupted {
                    break;
                }
            }
        }
        assert!(reopened > 0, "no interruption came while views were made");
    }
}
