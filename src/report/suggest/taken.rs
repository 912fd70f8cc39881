//! The suggested answers that were taken and still stand.

use serde::Serialize;

use crate::error::Result;
use crate::model::count::Count;
use crate::report::{Lens, Row};

/// A suggested answer that was taken.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Taken {
    /// The id of the later act.
    pub action_id: i64,
    /// Its ref.
    pub action_ref: String,
    /// The id of the act that it may answer.
    pub earlier_id: i64,
    /// Its ref.
    pub earlier_ref: String,
    /// The day it counts from.
    pub date: String,
    /// How much of the earlier claim it closes.
    pub covers: Count,
    /// How much of the later act it uses up.
    pub spends: Count,
    /// What speaks for it, from 0 to 1.
    pub score: f64,
}

impl Row for Taken {
    const COLUMNS: &'static [&'static str] = &["action_id", "action_ref", "earlier_id", "earlier_ref", "date", "covers", "spends", "score"];
}

/// Hands those of the selection to `each`, in the order of the earlier act's day.
///
/// # Errors
/// The ledger cannot be read, or `each` fails.
pub fn taken(lens: &Lens<'_>, mut each: impl FnMut(Taken) -> Result<()>) -> Result<()> {
    let mut taken = lens.prepare(
        "SELECT s.action_id, a.ref AS action_ref, s.earlier_id, e.ref AS earlier_ref, date(s.day * 86400, 'unixepoch') AS date, s.covers, s.spends, s.score
         FROM main.suggested_link s JOIN main.action a ON a.id = s.action_id JOIN standing e ON e.id = s.earlier_id
         WHERE s.day <= (SELECT as_of FROM moment) ORDER BY e.day, e.id, s.id",
    )?;
    let mut rows = taken.query([])?;
    while let Some(row) = rows.next()? {
        each(Taken {
            action_id: row.get("action_id")?,
            action_ref: row.get("action_ref")?,
            earlier_id: row.get("earlier_id")?,
            earlier_ref: row.get("earlier_ref")?,
            date: row.get("date")?,
            covers: row.get("covers")?,
            spends: row.get("spends")?,
            score: row.get("score")?,
        })?;
    }
    Ok(())
}
