//! Sources: those cited in a selection, and one source with the actions that cite it.

use rusqlite::Connection;
use serde::Serialize;

use crate::error::Result;
use crate::ledger::catalogue::{Source, find_source};
use crate::model::{Reading, Sign, Stage, StatedCount};
use crate::record::{record, select};
use crate::report::Lens;

/// One source with the actions that cite it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceDetail {
    /// The source.
    #[serde(flatten)]
    pub source: Source,
    /// The actions that cite it, by date.
    pub cited_for: Vec<CitedFor>,
}

record! {
    /// An action that cites a source.
    #[derive(Eq)]
    pub struct CitedFor {
        /// The action's id.
        id: i64,
        /// The action's ref.
        reference as "ref": String,
        /// Date, as written.
        date: String,
        /// Code of the actor.
        actor: String,
        /// Code of the target.
        target: String,
        /// Kind of act.
        kind: String,
        /// Count, as stated.
        count: StatedCount,
        /// Unit of the count.
        unit: String,
        /// Stage of the act.
        stage: Stage,
        /// Hostile, friendly or neutral.
        sign: Sign,
        /// Why the action was voided; `None`: it was not voided.
        voided: Option<String>,
        /// What the source says, if it disagrees with the action.
        reading: Reading,
    }
}

/// Reads the source with this id or name.
///
/// # Errors
/// No source has this id or name, or the ledger cannot be read.
pub fn read(conn: &Connection, given: &str) -> Result<SourceDetail> {
    let source = find_source(conn, given)?;
    let cited_for = conn
        .prepare(
            "SELECT a.id, a.ref, a.date, a.actor, a.target, a.kind, a.count, a.count_words, k.unit, a.stage, k.sign, a.voided, c.says_date, c.says_count, c.says_words, c.denies
             FROM citation c JOIN action a ON a.id = c.action_id JOIN kind k ON k.name = a.kind WHERE c.source_id = ? ORDER BY a.day, a.ref",
        )?
        .query_map([source.id], CitedFor::from_row)?
        .collect::<rusqlite::Result<_>>()?;
    Ok(SourceDetail { source, cited_for })
}

/// Passes every source to `each`, ordered by citation: all sources of the ledger, or those that the selected actions cite.
///
/// # Errors
/// The ledger cannot be read, or `each` fails.
pub fn list(lens: &Lens<'_>, mut each: impl FnMut(Source) -> Result<()>) -> Result<()> {
    let from = if lens.is_whole()? {
        "FROM source ORDER BY cite"
    } else {
        "FROM source WHERE id IN (SELECT c.source_id FROM shown_action s JOIN citation c ON c.action_id = s.id) ORDER BY cite"
    };
    let mut select = lens.prepare_cached(&select::<Source>(from))?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        each(Source::from_row(row)?)?;
    }
    Ok(())
}
