//! What one party did to another that has not been answered, waived or undone.

use rusqlite::named_params;
use serde::Serialize;

use crate::error::Result;
use crate::ledger::Ledger;
use crate::model::count::Count;
use crate::model::{Sign, Stage};
use crate::report::{Lens, Row, Selection, collect};

/// A claim that stands open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unanswered {
    /// The action's id.
    pub id: i64,
    /// The action's ref.
    #[serde(rename = "ref")]
    pub reference: String,
    /// When it was done, as written.
    pub date: String,
    /// Who did it.
    pub actor: String,
    /// To whom.
    pub target: String,
    /// What sort of act.
    pub kind: String,
    /// How many; `None`: not known.
    pub count: Option<Count>,
    /// How many of them are open; `None`: an unknown count, all of it.
    pub open: Option<Count>,
    /// What is counted.
    pub unit: String,
    /// Days from its earliest day to the day of the report.
    pub age_days: i64,
    /// Announced or done.
    pub stage: Stage,
    /// The case.
    pub dispute: Option<String>,
    /// What happened.
    pub summary: Option<String>,
}

impl Row for Unanswered {
    const COLUMNS: &'static [&'static str] =
        &["id", "ref", "date", "actor", "target", "kind", "count", "open", "unit", "age_days", "stage", "dispute", "summary"];
}

/// Hands every open claim of `sign` to `each`, the oldest first.
///
/// # Errors
/// The ledger cannot be read, or `each` fails.
pub fn read(lens: &Lens<'_>, sign: Sign, mut each: impl FnMut(Unanswered) -> Result<()>) -> Result<()> {
    let mut claims = lens.prepare(
        "SELECT id, ref, date, actor, target, kind, count, open, unit, :as_of - day AS age_days, stage, dispute, summary, day
         FROM open_claim WHERE sign = :sign ORDER BY day, id",
    )?;
    let mut rows = claims.query(named_params! { ":as_of": lens.as_of().0, ":sign": sign })?;
    // By place: a name would be looked up anew in each of a million rows.
    while let Some(row) = rows.next()? {
        each(Unanswered {
            id: row.get(0)?,
            reference: row.get(1)?,
            date: row.get(2)?,
            actor: row.get(3)?,
            target: row.get(4)?,
            kind: row.get(5)?,
            count: row.get(6)?,
            open: row.get(7)?,
            unit: row.get(8)?,
            age_days: row.get(9)?,
            stage: row.get(10)?,
            dispute: row.get(11)?,
            summary: row.get(12)?,
        })?;
    }
    Ok(())
}

/// The hostile claims that stand open, the oldest first.
///
/// # Errors
/// A name of the selection is unknown, or the ledger cannot be read.
pub fn rows(ledger: &Ledger, selection: &Selection) -> Result<Vec<Unanswered>> {
    let lens = Lens::new(ledger, selection)?;
    collect(|each| read(&lens, Sign::Hostile, each))
}
