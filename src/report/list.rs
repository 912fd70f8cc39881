//! The list of actions, by date.

use serde::Serialize;

use crate::error::Result;
use crate::model::count::Count;
use crate::model::{Sign, Stage};
use crate::record::ReadColumn;
use crate::report::{Lens, Row};

/// One action in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ActionRow {
    /// Its id.
    pub id: i64,
    /// Its ref.
    #[serde(rename = "ref")]
    pub reference: String,
    /// Date, as written.
    pub date: String,
    /// Code of the party that acted.
    pub actor: String,
    /// Code of the party the act is directed at.
    pub target: String,
    /// Kind of act.
    pub kind: String,
    /// Count; `None`: unknown.
    pub count: Option<Count>,
    /// Unit of the count.
    pub unit: String,
    /// Stage of the act.
    pub stage: Stage,
    /// Open part of its claim; `None`: the count is unknown and all of it is open.
    pub open: Option<Count>,
    /// The body that acted.
    pub by: Option<String>,
    /// Place of the act.
    pub place: Option<String>,
    /// Deadline for compliance, as written.
    pub deadline: Option<String>,
    /// Slug of the dispute.
    pub dispute: Option<String>,
    /// Summary of the act.
    pub summary: Option<String>,
    /// Hostile, friendly or neutral. It decides the wording and is not a column.
    #[serde(skip)]
    pub sign: Sign,
}

impl Row for ActionRow {
    const COLUMNS: &'static [&'static str] = &[
        "id", "ref", "date", "actor", "target", "kind", "count", "unit", "stage", "open", "by", "place", "deadline", "dispute", "summary",
    ];
}

/// Passes every selected action to `each`, by date.
///
/// # Errors
/// The ledger cannot be read, or `each` fails.
pub fn read(lens: &Lens<'_>, mut each: impl FnMut(ActionRow) -> Result<()>) -> Result<()> {
    let mut list = lens.prepare(
        "SELECT s.id, s.ref, s.date, s.actor, s.target, s.kind, s.count, k.unit, k.sign, s.stage,
           CASE WHEN s.count IS NULL AND s.open > 0 THEN NULL ELSE s.open END AS open,
           s.\"by\", s.place, s.deadline, s.dispute, s.summary
         FROM shown_action s JOIN kind k ON k.name = s.kind ORDER BY s.day, s.ref",
    )?;
    let mut rows = list.query([])?;
    // Columns are read by index: looking up a name in each of a million rows is slow.
    while let Some(row) = rows.next()? {
        each(ActionRow {
            id: row.read(0)?,
            reference: row.read(1)?,
            date: row.read(2)?,
            actor: row.read(3)?,
            target: row.read(4)?,
            kind: row.read(5)?,
            count: row.read(6)?,
            unit: row.read(7)?,
            stage: row.read(9)?,
            open: row.read(10)?,
            by: row.read(11)?,
            place: row.read(12)?,
            deadline: row.read(13)?,
            dispute: row.read(14)?,
            summary: row.read(15)?,
            sign: row.read(8)?,
        })?;
    }
    Ok(())
}
