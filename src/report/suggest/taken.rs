//! The suggested answers that were taken and still stand.

use serde::Serialize;

use crate::error::Result;
use crate::model::count::Count;
use crate::report::{Lens, Row};

/// A suggested answer that was taken.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Taken {
    /// The id of the act that it may answer.
    pub claim_id: i64,
    /// Its ref.
    pub claim_ref: String,
    /// The id of the act.
    pub answer_id: i64,
    /// Its ref.
    pub answer_ref: String,
    /// The day it counts from.
    pub date: String,
    /// How much of the claim it closes, in the claim's unit.
    pub covers: Count,
    /// How much of the act it uses up, in the act's unit.
    pub spends: Count,
    /// What speaks for it, from 0 to 1.
    pub score: f64,
}

impl Row for Taken {
    const COLUMNS: &'static [&'static str] = &["claim_id", "claim_ref", "answer_id", "answer_ref", "date", "covers", "spends", "score"];
}

/// Hands those of the selection to `each`, in the order of the earlier act's day.
///
/// # Errors
/// The ledger cannot be read, or `each` fails.
pub fn taken(lens: &Lens<'_>, mut each: impl FnMut(Taken) -> Result<()>) -> Result<()> {
    let mut taken = lens.prepare(
        "SELECT s.earlier_id AS claim_id, e.ref AS claim_ref, s.action_id AS answer_id, a.ref AS answer_ref, date(s.day * 86400, 'unixepoch') AS date, s.covers, s.spends, s.score
         FROM main.suggested_link s JOIN main.action a ON a.id = s.action_id JOIN standing e ON e.id = s.earlier_id
         WHERE s.day <= (SELECT as_of FROM moment) ORDER BY e.day, e.id, s.id",
    )?;
    let mut rows = taken.query([])?;
    while let Some(row) = rows.next()? {
        each(Taken {
            claim_id: row.get("claim_id")?,
            claim_ref: row.get("claim_ref")?,
            answer_id: row.get("answer_id")?,
            answer_ref: row.get("answer_ref")?,
            date: row.get("date")?,
            covers: row.get("covers")?,
            spends: row.get("spends")?,
            score: row.get("score")?,
        })?;
    }
    Ok(())
}
