//! Undo and redo: reverting one change as a whole. The reversal is itself a change.

use rusqlite::{Connection, OptionalExtension, params};

use crate::error::{Error, Result};
use crate::ledger::history::{self, Change, Op};
use crate::ledger::history_table::Reversals;
use crate::ledger::{Ledger, change, feed_undo, settlement, undo_refusal};
use crate::record::ReadColumn;

/// What an undo or a redo did.
#[derive(Debug, Clone, PartialEq)]
pub struct Undone {
    /// The change that was reverted.
    pub undone: Change,
    /// The change that reverted it.
    pub by: Change,
}

/// The maximum number of rows that an undo lists.
const MAX_ROWS: i64 = 30;

/// The condition that a change `c` is undone, and not redone since.
pub(super) const UNDONE: &str =
    "EXISTS (SELECT 1 FROM change u WHERE u.undoes = c.id AND NOT EXISTS (SELECT 1 FROM change r WHERE r.undoes = u.id))";

impl Ledger {
    /// Undoes a change; `None` undoes the latest change that is not undone and is neither an undo nor a redo.
    ///
    /// # Errors
    /// There is no such change, it is undone already, or later entries depend on it; the error names them.
    pub fn undo(&mut self, change: Option<i64>) -> Result<Undone> {
        self.change(|conn, _| {
            let id = match change {
                Some(id) => id,
                None => latest(conn, "c.undoes IS NULL")?.ok_or_else(|| nothing_to("undo", "there is no change to undo"))?,
            };
            let undone = find_undoable(conn, id)?;
            revert(conn, undone)
        })
    }

    /// Redoes the change that the latest undo reverted.
    ///
    /// # Errors
    /// No change is undone, or the ledger was changed after the undo.
    pub fn redo(&mut self) -> Result<Undone> {
        self.change(|conn, _| {
            let id = latest(conn, "c.undoes IN (SELECT id FROM change WHERE undoes IS NULL)")?
                .ok_or_else(|| nothing_to("redo", "no change is undone"))?;
            let since: Option<i64> = conn
                .query_row(&format!("SELECT max(id) FROM change c WHERE id > ? AND undoes IS NULL AND NOT {UNDONE} AND id <> (SELECT change_id FROM current_change)"), [id], |r| r.get(0))
                .optional()?
                .flatten();
            if let Some(since) = since {
                return Err(Error::refused(
                    format!("cannot redo what change {id} undid"),
                    format!("change {since} has changed the ledger since"),
                    format!("run 'recip undo {since}' first, or enter the undone change again; 'recip history' shows what it was"),
                ));
            }
            feed_undo::refuse_redo_of_import(conn, id)?;
            revert(conn, find(conn, id)?)
        })
    }
}

/// The latest change that meets `condition` and is not undone.
fn latest(conn: &Connection, condition: &'static str) -> Result<Option<i64>> {
    let select =
        format!("SELECT max(id) FROM change c WHERE {condition} AND id <> (SELECT change_id FROM current_change) AND NOT {UNDONE}");
    Ok(conn.query_row(&select, [], |r| r.get(0))?)
}

fn nothing_to(verb: &str, why: &str) -> Error {
    Error::refused(format!("cannot {verb}"), why, "'recip history' lists the changes")
}

fn find(conn: &Connection, id: i64) -> Result<Change> {
    let change = if id == change::current_change(conn)? { None } else { history::find(conn, id, 0)? };
    change.ok_or_else(|| Error::Unknown {
        what: "change",
        given: id.to_string(),
        nearest: Vec::new(),
        way_out: "'recip history' lists the changes".to_owned(),
    })
}

/// Finds a change that can be undone: it is not undone already, and it is neither an undo nor a redo.
fn find_undoable(conn: &Connection, id: i64) -> Result<Change> {
    let change = find(conn, id)?;
    if let Some(undoes) = change.undoes {
        let (why, way_out) = match history::find(conn, undoes, 0)?.and_then(|undo| undo.undoes) {
            None => (format!("it is itself an undo, of change {undoes}"), "'recip redo' reverts the latest undo".to_owned()),
            Some(redone) => (format!("it is a redo of change {redone}"), format!("'recip undo {redone}' undoes that change again")),
        };
        return Err(Error::refused(format!("cannot undo change {id}"), why, way_out));
    }
    if let Some(by) = change.undone_by {
        let way_out = "'recip redo' reverts the latest undo";
        return Err(Error::refused(format!("cannot undo change {id}"), format!("change {by} has undone it already"), way_out));
    }
    Ok(change)
}

/// Reverts a change with all rules in force: deletes the rows that it added, and restores those that it changed or deleted.
fn revert(conn: &Connection, change: Change) -> Result<Undone> {
    change::set_undoes(conn, change.id)?;
    undo_refusal::refuse_later(conn, &change)?;
    conn.execute_batch("PRAGMA defer_foreign_keys = ON")?;
    feed_undo::delete_reports(conn, change.id)?;
    delete_links(conn, &change)?;
    let (above, to) = history::assigned_ids(conn, change.id, "action")?;
    conn.execute("DELETE FROM citation WHERE action_id > ? AND action_id <= ?", [above, to])?;
    conn.execute("DELETE FROM quantity WHERE action_id > ? AND action_id <= ?", [above, to])?;
    conn.execute("DELETE FROM action WHERE id > ? AND id <= ?", [above, to])?;
    // Links are restored after the actions that they join.
    revert_rows(conn, &change, "table_name <> 'link'")?;
    revert_rows(conn, &change, "table_name = 'link'")?;
    // A source that another action has come to cite stays.
    let (above, to) = history::assigned_ids(conn, change.id, "source")?;
    conn.execute(
        "DELETE FROM source WHERE id > ? AND id <= ? AND NOT EXISTS (SELECT 1 FROM citation WHERE source_id = source.id)",
        [above, to],
    )?;
    undo_refusal::refuse_dangling(conn, &change)?;
    feed_undo::refold_reviewed(conn, change.id)?;
    settlement::settle(conn, None).map_err(|e| undo_refusal::explain_refusal(&change, e))?;
    let by = current_change(conn)?;
    Ok(Undone { undone: change, by })
}

fn current_change(conn: &Connection) -> Result<Change> {
    Ok(history::find(conn, change::current_change(conn)?, MAX_ROWS)?.ok_or(rusqlite::Error::QueryReturnedNoRows)?)
}

/// Deletes the links that a change added.
fn delete_links(conn: &Connection, change: &Change) -> Result<()> {
    let (above, to) = history::assigned_ids(conn, change.id, "link")?;
    conn.execute("DELETE FROM link WHERE id > ? AND id <= ?", [above, to])?;
    Ok(())
}

/// Reverts the entries of a change that meet `condition`, the last first, except those of rows that the change itself added.
fn revert_rows(conn: &Connection, change: &Change, condition: &'static str) -> Result<()> {
    let (actions, links, sources) = (
        history::assigned_ids(conn, change.id, "action")?,
        history::assigned_ids(conn, change.id, "link")?,
        history::assigned_ids(conn, change.id, "source")?,
    );
    let mut entries = conn.prepare(&format!(
        "SELECT table_name, row_key, op, before FROM history WHERE change_id = ?1 AND {condition}
           AND NOT (table_name IN ('action', 'citation', 'quantity') AND json_extract(row_key, '$[0]') > ?2 AND json_extract(row_key, '$[0]') <= ?3)
           AND NOT (table_name = 'link' AND json_extract(row_key, '$[0]') > ?4 AND json_extract(row_key, '$[0]') <= ?5)
           AND NOT (table_name = 'source' AND json_extract(row_key, '$[0]') > ?6 AND json_extract(row_key, '$[0]') <= ?7)
         ORDER BY id DESC"
    ))?;
    let mut entries = entries.query(params![change.id, actions.0, actions.1, links.0, links.1, sources.0, sources.1])?;
    let mut reversals = Reversals::default();
    while let Some(entry) = entries.next()? {
        let (table, key, op): (String, String, Op) = (entry.read("table_name")?, entry.read("row_key")?, entry.read("op")?);
        let before: Option<String> = entry.read("before")?;
        reversals.revert(conn, &table, op, before.as_deref(), &key).map_err(|e| undo_refusal::explain_row(change, e))?;
    }
    Ok(())
}
