//! How two parties stand to each other, kind by kind.

use serde::Serialize;

use crate::error::Result;
use crate::ledger::Ledger;
use crate::model::count::Count;
use crate::report::{Lens, Row, Selection, collect};

/// What two parties did to each other of one kind. `net` is a's less b's.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Balance {
    /// The party whose code comes first.
    pub party_a: String,
    /// The other.
    pub party_b: String,
    /// What sort of act.
    pub kind: String,
    /// What is counted.
    pub unit: String,
    /// Acts of a that stand.
    pub a_actions: i64,
    /// Acts of b that stand.
    pub b_actions: i64,
    /// What they count, those that are known; `None`: none is known.
    pub a_count: Option<Count>,
    /// The same of b.
    pub b_count: Option<Count>,
    /// a's count less b's.
    pub net_count: Option<Count>,
    /// What a has done and b has not answered; `None`: only unknown counts are open.
    pub a_open: Option<Count>,
    /// What b has done and a has not answered.
    pub b_open: Option<Count>,
    /// The weight of a's acts; `None`: the kind has none on the scale.
    pub a_weight: Option<f64>,
    /// The weight of b's acts.
    pub b_weight: Option<f64>,
    /// a's weight less b's; negative: a was the more hostile.
    pub net_weight: Option<f64>,
}

impl Row for Balance {
    const COLUMNS: &'static [&'static str] = &[
        "party_a",
        "party_b",
        "kind",
        "unit",
        "a_actions",
        "b_actions",
        "a_count",
        "b_count",
        "net_count",
        "a_open",
        "b_open",
        "a_weight",
        "b_weight",
        "net_weight",
    ];
}

/// Hands the balance of every pair and kind to `each`, by the codes of the pair, then by kind.
///
/// # Errors
/// The ledger cannot be read, or `each` fails.
pub fn read(lens: &Lens<'_>, mut each: impl FnMut(Balance) -> Result<()>) -> Result<()> {
    let mut balance = lens.prepare("SELECT * FROM balance")?;
    let mut rows = balance.query([])?;
    while let Some(row) = rows.next()? {
        each(Balance {
            party_a: row.get("party_a")?,
            party_b: row.get("party_b")?,
            kind: row.get("kind")?,
            unit: row.get("unit")?,
            a_actions: row.get("a_actions")?,
            b_actions: row.get("b_actions")?,
            a_count: row.get("a_count")?,
            b_count: row.get("b_count")?,
            net_count: row.get("net_count")?,
            a_open: row.get("a_open")?,
            b_open: row.get("b_open")?,
            a_weight: row.get("a_weight")?,
            b_weight: row.get("b_weight")?,
            net_weight: row.get("net_weight")?,
        })?;
    }
    Ok(())
}

/// The balance of every pair and kind.
///
/// # Errors
/// A name of the selection is unknown, or the ledger cannot be read.
pub fn rows(ledger: &Ledger, selection: &Selection) -> Result<Vec<Balance>> {
    let lens = Lens::new(ledger, selection)?;
    collect(|each| read(&lens, each))
}
