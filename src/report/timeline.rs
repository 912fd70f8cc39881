//! Every act between two parties in order, with the amounts open on each side after each act. An act by or against a member of an organisation
//! that settles an act of that organisation also has a row between the organisation and the other side.

use crate::error::Result;
use crate::ledger::Ledger;
use crate::model::{Stage, StatedCount};
use crate::record::{record, select};
use crate::report::{Lens, Selection, collect};

record! {
    /// One act in the timeline.
    #[derive(Eq)]
    pub struct Event {
        /// The action's id.
        id: i64,
        /// The action's ref.
        reference as "ref": String,
        /// Date, as written.
        date: String,
        /// The first of the pair's two codes in alphabetical order.
        party_a: String,
        /// The second of the pair's two codes.
        party_b: String,
        /// Code of the party that acted.
        actor: String,
        /// Code of the party the act is directed at.
        target: String,
        /// Kind of act.
        kind: String,
        /// Count, as stated.
        count: StatedCount,
        /// Unit of the count.
        unit: String,
        /// Stage of the act.
        stage: Stage,
        /// Deadline for compliance, as written.
        deadline: Option<String>,
        /// Slug of the dispute.
        dispute: Option<String>,
        /// Summary of the act.
        summary: Option<String>,
        /// Its links to earlier acts: `answers 2016-12-29-usa-rus-expulsion:35`, joined by ` | `.
        links: Option<String>,
        /// Amounts open against party_a after this act: `35 persons, 2 properties`.
        a_open: String,
        /// Amounts open against party_b after this act.
        b_open: String,
    }
}

/// The order of the acts.
pub(super) const ORDER: &str = "day, turn, ref, party_a, party_b";

/// Passes every act to `each`, in order.
///
/// # Errors
/// The ledger cannot be read, or `each` fails.
pub fn read(lens: &Lens<'_>, mut each: impl FnMut(Event) -> Result<()>) -> Result<()> {
    let mut timeline = lens.prepare_cached(&select::<Event>(&format!("FROM timeline ORDER BY {ORDER}")))?;
    let mut rows = timeline.query([])?;
    while let Some(row) = rows.next()? {
        each(Event::from_row(row)?)?;
    }
    Ok(())
}

/// The timeline.
///
/// # Errors
/// A name in the selection is unknown, or the ledger cannot be read.
pub fn rows(ledger: &Ledger, selection: &Selection) -> Result<Vec<Event>> {
    let lens = Lens::new(ledger, selection)?;
    collect(|each| read(&lens, each))
}
