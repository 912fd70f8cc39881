//! The suggested answers that a lens includes. They are computed on request and not stored in the ledger.

use rusqlite::params;

use super::conditions::ALL;
use super::{Lens, views};
use crate::error::Result;
use crate::model::Score;
use crate::report::Selection;
use crate::report::suggest::{self, SuggestFilter};

/// Fills the temporary table `suggested` with the suggested answers that fit with each other and score `over` or more, and with what they
/// settle.
pub(super) fn derive(lens: &mut Lens<'_>, of_pair: &str, over: Score) -> Result<()> {
    lens.views.own = views::of_selection(of_pair, ALL, &Selection::default());
    let narrows = std::mem::take(&mut lens.narrows);
    let answers = suggest::answers(lens, &SuggestFilter { over, ..SuggestFilter::default() }, &mut |_, _| ());
    lens.narrows = narrows;
    lens.remove_views()?;
    lens.conn.execute_batch(
        "CREATE TEMP TABLE suggested (id INTEGER PRIMARY KEY, action_id INTEGER NOT NULL, earlier_id INTEGER NOT NULL, day INTEGER NOT NULL,
           covers INTEGER NOT NULL, spends INTEGER NOT NULL);
         CREATE INDEX temp.suggested_action ON suggested (action_id); CREATE INDEX temp.suggested_earlier ON suggested (earlier_id);",
    )?;
    let mut insert = lens.conn.prepare("INSERT INTO suggested (action_id, earlier_id, day, covers, spends) VALUES (?, ?, ?, ?, ?)")?;
    for answer in answers? {
        insert.execute(params![answer.later, answer.earlier, answer.day, answer.covers, answer.spends])?;
    }
    Ok(())
}
