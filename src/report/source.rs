//! Sources: those behind what is selected, and one with what it is cited for.

use rusqlite::{Connection, Row};
use serde::Serialize;

use crate::error::Result;
use crate::ledger::catalogue::{Source, find_source};
use crate::model::count::Count;
use crate::model::{Sign, Stage};
use crate::report::Lens;

/// One source, and the actions it is cited for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// The source.
    #[serde(flatten)]
    pub source: Source,
    /// What it is cited for, by date.
    pub cited_for: Vec<CitedFor>,
}

/// An action that a source is cited for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CitedFor {
    /// The action's id.
    pub id: i64,
    /// The action's ref.
    #[serde(rename = "ref")]
    pub reference: String,
    /// When it was, as written.
    pub date: String,
    /// Its actor.
    pub actor: String,
    /// Its target.
    pub target: String,
    /// Its kind.
    pub kind: String,
    /// How many; `None`: not known.
    pub count: Option<Count>,
    /// What is counted.
    pub unit: String,
    /// How far it had come.
    pub stage: Stage,
    /// Hostile, friendly or neutral.
    pub sign: Sign,
    /// Why it was voided; `None`: it stands.
    pub voided: Option<String>,
    /// The date the source gives, where that is another.
    pub says_date: Option<String>,
    /// The count the source gives, where that is another.
    pub says_count: Option<Count>,
}

impl CitedFor {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<CitedFor> {
        Ok(CitedFor {
            id: row.get("id")?,
            reference: row.get("ref")?,
            date: row.get("date")?,
            actor: row.get("actor")?,
            target: row.get("target")?,
            kind: row.get("kind")?,
            count: row.get("count")?,
            unit: row.get("unit")?,
            stage: row.get("stage")?,
            sign: row.get("sign")?,
            voided: row.get("voided")?,
            says_date: row.get("says_date")?,
            says_count: row.get("says_count")?,
        })
    }
}

/// Reads the source with this id or name.
///
/// # Errors
/// There is none, or the ledger cannot be read.
pub fn read(conn: &Connection, given: &str) -> Result<Shown> {
    let source = find_source(conn, given)?;
    let cited_for = conn
        .prepare(
            "SELECT a.*, k.unit, k.sign, c.says_date, c.says_count
             FROM citation c JOIN action a ON a.id = c.action_id JOIN kind k ON k.name = a.kind WHERE c.source_id = ? ORDER BY a.day, a.ref",
        )?
        .query_map([source.id], CitedFor::from_row)?
        .collect::<rusqlite::Result<_>>()?;
    Ok(Shown { source, cited_for })
}

/// Hands every source to `each`, in the order in which the ledger learned of them: those of the whole ledger, or those
/// that are cited for what is selected.
///
/// # Errors
/// The ledger cannot be read, or `each` fails.
pub fn list(lens: &Lens<'_>, mut each: impl FnMut(Source) -> Result<()>) -> Result<()> {
    let select = if lens.is_whole()? {
        "SELECT * FROM source ORDER BY cite"
    } else {
        "SELECT * FROM source WHERE id IN (SELECT c.source_id FROM shown_action s JOIN citation c ON c.action_id = s.id) ORDER BY cite"
    };
    let mut select = lens.prepare(select)?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        each(Source::from_row(row)?)?;
    }
    Ok(())
}
