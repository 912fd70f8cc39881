//! Threats and announcements that were neither carried out nor withdrawn.

use rusqlite::named_params;
use serde::Serialize;

use crate::error::Result;
use crate::ledger::Ledger;
use crate::model::Stage;
use crate::model::count::Count;
use crate::report::{Lens, Row, Selection, collect};

/// A threat or an announcement that hangs in the air.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pending {
    /// The action's id.
    pub id: i64,
    /// The action's ref.
    #[serde(rename = "ref")]
    pub reference: String,
    /// When it was said, as written.
    pub date: String,
    /// Who said it.
    pub actor: String,
    /// Against whom.
    pub target: String,
    /// What sort of act.
    pub kind: String,
    /// How many; `None`: not known.
    pub count: Option<Count>,
    /// What is counted.
    pub unit: String,
    /// Threatened or announced.
    pub stage: Stage,
    /// Days from its earliest day to the day of the report.
    pub age_days: i64,
    /// When it is to be complied with, or to take effect, as written.
    pub deadline: Option<String>,
    /// Days from the day of the report to the deadline's own; negative: past.
    pub days_left: Option<i64>,
    /// The case.
    pub dispute: Option<String>,
    /// What was said.
    pub summary: Option<String>,
}

impl Row for Pending {
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "ref",
        "date",
        "actor",
        "target",
        "kind",
        "count",
        "unit",
        "stage",
        "age_days",
        "deadline",
        "days_left",
        "dispute",
        "summary",
    ];
}

/// Hands every pending threat and announcement to `each`: those with a deadline first, the nearest first of them,
/// then the oldest first.
///
/// # Errors
/// The ledger cannot be read, or `each` fails.
pub fn read(lens: &Lens<'_>, mut each: impl FnMut(Pending) -> Result<()>) -> Result<()> {
    let mut pending = lens.prepare(
        "SELECT id, ref, date, actor, target, kind, count, unit, stage, :as_of - day AS age_days, deadline,
           unixepoch(substr(deadline, 1, 10)) / 86400 - :as_of AS days_left, dispute, summary
         FROM pending_threat ORDER BY deadline IS NULL, deadline, day, id",
    )?;
    let mut rows = pending.query(named_params! { ":as_of": lens.as_of().0 })?;
    while let Some(row) = rows.next()? {
        each(Pending {
            id: row.get("id")?,
            reference: row.get("ref")?,
            date: row.get("date")?,
            actor: row.get("actor")?,
            target: row.get("target")?,
            kind: row.get("kind")?,
            count: row.get("count")?,
            unit: row.get("unit")?,
            stage: row.get("stage")?,
            age_days: row.get("age_days")?,
            deadline: row.get("deadline")?,
            days_left: row.get("days_left")?,
            dispute: row.get("dispute")?,
            summary: row.get("summary")?,
        })?;
    }
    Ok(())
}

/// The pending threats and announcements.
///
/// # Errors
/// A name of the selection is unknown, or the ledger cannot be read.
pub fn rows(ledger: &Ledger, selection: &Selection) -> Result<Vec<Pending>> {
    let lens = Lens::new(ledger, selection)?;
    collect(|each| read(&lens, each))
}
