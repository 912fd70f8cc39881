//! The actions themselves, in the order they were logged.

use serde::Serialize;

use crate::error::Result;
use crate::model::count::Count;
use crate::model::{Sign, Stage};
use crate::report::{Lens, Row};

/// One action of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// Its id.
    pub id: i64,
    /// Its ref.
    #[serde(rename = "ref")]
    pub reference: String,
    /// When, as written.
    pub date: String,
    /// Who acted.
    pub actor: String,
    /// Against whom.
    pub target: String,
    /// What sort of act.
    pub kind: String,
    /// How many; `None`: not known.
    pub count: Option<Count>,
    /// What is counted.
    pub unit: String,
    /// How far it has come.
    pub stage: Stage,
    /// What of its claim is open; `None`: an unknown count, all of it.
    pub open: Option<Count>,
    /// The body that acted.
    pub by: Option<String>,
    /// Where.
    pub place: Option<String>,
    /// When it must be complied with.
    pub deadline: Option<String>,
    /// The case.
    pub dispute: Option<String>,
    /// What happened.
    pub summary: Option<String>,
    /// Hostile, friendly or neutral: for the wording, not a column.
    #[serde(skip)]
    pub sign: Sign,
}

impl Row for Listed {
    const COLUMNS: &'static [&'static str] = &[
        "id", "ref", "date", "actor", "target", "kind", "count", "unit", "stage", "open", "by", "place", "deadline", "dispute", "summary",
    ];
}

/// Hands every selected action to `each`, by date.
///
/// # Errors
/// The ledger cannot be read, or `each` fails.
pub fn read(lens: &Lens<'_>, mut each: impl FnMut(Listed) -> Result<()>) -> Result<()> {
    let mut list = lens.prepare(
        "SELECT s.id, s.ref, s.date, s.actor, s.target, s.kind, s.count, k.unit, k.sign, s.stage,
           CASE WHEN s.count IS NULL AND s.open > 0 THEN NULL ELSE s.open END AS open,
           s.\"by\", s.place, s.deadline, s.dispute, s.summary
         FROM shown_action s JOIN kind k ON k.name = s.kind ORDER BY s.day, s.ref",
    )?;
    let mut rows = list.query([])?;
    // By place: a name would be looked up anew in each of a million rows.
    while let Some(row) = rows.next()? {
        each(Listed {
            id: row.get(0)?,
            reference: row.get(1)?,
            date: row.get(2)?,
            actor: row.get(3)?,
            target: row.get(4)?,
            kind: row.get(5)?,
            count: row.get(6)?,
            unit: row.get(7)?,
            stage: row.get(9)?,
            open: row.get(10)?,
            by: row.get(11)?,
            place: row.get(12)?,
            deadline: row.get(13)?,
            dispute: row.get(14)?,
            summary: row.get(15)?,
            sign: row.get(8)?,
        })?;
    }
    Ok(())
}
