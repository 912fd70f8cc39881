//! Everything between two parties in order, with what was open on each side after each entry.

use serde::Serialize;

use crate::error::Result;
use crate::ledger::Ledger;
use crate::model::Stage;
use crate::model::count::Count;
use crate::report::{Lens, Row, Selection, collect};

/// One entry of the timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Event {
    /// The action's id.
    pub id: i64,
    /// The action's ref.
    #[serde(rename = "ref")]
    pub reference: String,
    /// When, as written.
    pub date: String,
    /// The party of the pair whose code comes first.
    pub party_a: String,
    /// The other.
    pub party_b: String,
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
    /// How far it had come.
    pub stage: Stage,
    /// When it was to be complied with.
    pub deadline: Option<String>,
    /// The case.
    pub dispute: Option<String>,
    /// What happened.
    pub summary: Option<String>,
    /// What it bears on: `answers 2016-12-29-usa-rus-expulsion:35`, joined by ` | `.
    pub links: Option<String>,
    /// Hostile acts of party_a open after it: `35 persons, 2 properties`.
    pub a_open: String,
    /// Hostile acts of party_b open after it.
    pub b_open: String,
}

impl Row for Event {
    const COLUMNS: &'static [&'static str] = &[
        "id", "ref", "date", "party_a", "party_b", "actor", "target", "kind", "count", "unit", "stage", "deadline", "dispute", "summary",
        "links", "a_open", "b_open",
    ];
}

/// Hands every entry to `each`, in order.
///
/// # Errors
/// The ledger cannot be read, or `each` fails.
pub fn read(lens: &Lens<'_>, mut each: impl FnMut(Event) -> Result<()>) -> Result<()> {
    let mut timeline = lens.prepare("SELECT * FROM timeline ORDER BY day, ref")?;
    let mut rows = timeline.query([])?;
    while let Some(row) = rows.next()? {
        each(Event {
            id: row.get("id")?,
            reference: row.get("ref")?,
            date: row.get("date")?,
            party_a: row.get("party_a")?,
            party_b: row.get("party_b")?,
            actor: row.get("actor")?,
            target: row.get("target")?,
            kind: row.get("kind")?,
            count: row.get("count")?,
            unit: row.get("unit")?,
            stage: row.get("stage")?,
            deadline: row.get("deadline")?,
            dispute: row.get("dispute")?,
            summary: row.get("summary")?,
            links: row.get("links")?,
            a_open: row.get("a_open")?,
            b_open: row.get("b_open")?,
        })?;
    }
    Ok(())
}

/// The timeline.
///
/// # Errors
/// A name of the selection is unknown, or the ledger cannot be read.
pub fn rows(ledger: &Ledger, selection: &Selection) -> Result<Vec<Event>> {
    let lens = Lens::new(ledger, selection)?;
    collect(|each| read(&lens, each))
}
