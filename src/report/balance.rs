//! The balance between two parties, by kind of act.

use crate::error::Result;
use crate::ledger::Ledger;
use crate::model::count::Count;
use crate::record::{record, select};
use crate::report::{Lens, Selection, collect};

record! {
    /// The acts of one kind between two parties, a and b. Net values are a's minus b's.
    pub struct Balance {
        /// Party a: the first of the pair's two codes in alphabetical order.
        party_a: String,
        /// Party b: the second of the pair's two codes.
        party_b: String,
        /// Kind of act.
        kind: String,
        /// Unit of the count.
        unit: String,
        /// Number of a's acts that stand.
        a_actions: i64,
        /// Number of b's acts that stand.
        b_actions: i64,
        /// Sum of the known counts of a's acts; `None`: no count is known.
        a_count: Option<Count>,
        /// Sum of the known counts of b's acts; `None`: no count is known.
        b_count: Option<Count>,
        /// a's count minus b's.
        net_count: Option<Count>,
        /// Amount of a's acts that b has not answered; `None`: only acts of unknown count are open.
        a_open: Option<Count>,
        /// Amount of b's acts that a has not answered; `None`: only acts of unknown count are open.
        b_open: Option<Count>,
        /// True if `a_count` is a lower bound: a count was stated as a range or as "at least".
        a_at_least: bool,
        /// True if `b_count` is a lower bound.
        b_at_least: bool,
        /// True if `a_open` is a lower bound.
        a_open_at_least: bool,
        /// True if `b_open` is a lower bound.
        b_open_at_least: bool,
        /// Weight of a's acts; `None`: the kind has no weight on the scale.
        a_weight: Option<f64>,
        /// Weight of b's acts; `None`: the kind has no weight on the scale.
        b_weight: Option<f64>,
        /// a's weight minus b's; negative: a was more hostile than b.
        net_weight: Option<f64>,
    }
}

/// Passes the balance of every pair and kind to `each`, ordered by the codes of the pair, then by kind.
///
/// # Errors
/// The ledger cannot be read, or `each` fails.
pub fn read(lens: &Lens<'_>, mut each: impl FnMut(Balance) -> Result<()>) -> Result<()> {
    let mut balance = lens.prepare(&select::<Balance>("FROM balance"))?;
    let mut rows = balance.query([])?;
    while let Some(row) = rows.next()? {
        each(Balance::from_row(row)?)?;
    }
    Ok(())
}

/// The balance of every pair and kind.
///
/// # Errors
/// A name in the selection is unknown, or the ledger cannot be read.
pub fn rows(ledger: &Ledger, selection: &Selection) -> Result<Vec<Balance>> {
    let lens = Lens::new(ledger, selection)?;
    collect(|each| read(&lens, each))
}
