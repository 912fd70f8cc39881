//! Reads the rows for suggestions from the ledger.

use crate::error::Result;
use crate::ledger::Action;
use crate::record::Cells;
use crate::report::Lens;

use super::rows::{OF_REQUESTED, Part, Requested, Rows};

/// The rows of a ledger.
pub(super) struct LedgerRows<'l> {
    lens: &'l Lens<'l>,
    requested: Option<Requested>,
}

impl LedgerRows<'_> {
    /// The rows for all open acts, or for those between the parties of an action, which is found by its id or ref.
    pub fn new<'l>(lens: &'l Lens<'l>, action: Option<&str>) -> Result<LedgerRows<'l>> {
        let requested = action.map(|key| Action::find(lens.connection(), key)).transpose()?.map(|action| Requested {
            id: action.id,
            name: action.to_string(),
            is_voided: action.voided.is_some(),
            way_out: format!("'recip show {}' shows the action, its links and what is open", action.id),
        });
        Ok(LedgerRows { lens, requested })
    }
}

impl Rows for LedgerRows<'_> {
    fn requested(&self) -> Option<&Requested> {
        self.requested.as_ref()
    }

    fn each(&self, part: Part, each: &mut dyn FnMut(&dyn Cells) -> Result<()>) -> Result<()> {
        let one = self.requested.as_ref().filter(|_| part == Part::Acts);
        let select = part.select(one.is_some());
        let mut select = self.lens.prepare(&if one.is_some() { with_views(&select) } else { select.into_owned() })?;
        let mut rows = match one {
            Some(action) => select.query([action.id])?,
            None => select.query([])?,
        };
        while let Some(row) = rows.next()? {
            each(row)?;
        }
        Ok(())
    }
}

/// The statement with the views that it reads about the requested action, whose id is its parameter.
fn with_views(select: &str) -> String {
    let views = OF_REQUESTED.map(|(name, view)| format!(", {name} AS ({view})")).concat();
    format!("WITH requested_action AS (SELECT actor, target FROM main.action WHERE id = ?){views} {select}")
}
