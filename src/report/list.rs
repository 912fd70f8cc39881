//! The list of actions, by date.

use crate::error::Result;
use crate::model::count::Count;
use crate::model::{Details, Sign, Stage, StatedCount};
use crate::record::{record, select};
use crate::report::Lens;

record! {
    /// One action in the list.
    #[derive(Eq)]
    pub struct ActionRow {
        /// Its id.
        id: i64,
        /// Its ref.
        reference as "ref": String,
        /// Date, as written.
        date: String,
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
        /// Open part of its claim; `None`: the count is unknown and all of it is open.
        open: Option<Count>,
        /// Its details.
        details: Details<Option<String>>,
    }
    unlisted {
        /// Hostile, friendly or neutral. It decides the wording.
        sign: Sign,
    }
}

/// Passes every selected action to `each`, by date.
///
/// # Errors
/// The ledger cannot be read, or `each` fails.
pub fn read(lens: &Lens<'_>, mut each: impl FnMut(ActionRow) -> Result<()>) -> Result<()> {
    let mut list = lens.prepare_cached(&select::<ActionRow>(", sign FROM shown_action JOIN kind ON name = kind ORDER BY day, ref"))?;
    let mut rows = list.query([])?;
    while let Some(row) = rows.next()? {
        let mut action = ActionRow::from_row(row)?;
        action.open = action.open.filter(|open| action.count.number().is_some() || *open == 0);
        each(action)?;
    }
    Ok(())
}
