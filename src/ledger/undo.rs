//! Undo and redo: one change taken back, whole or not at all, as a change of its own.

use rusqlite::{Connection, OptionalExtension, params};

use crate::error::{Error, Result};
use crate::ledger::history::{self, Change, Op};
use crate::ledger::history_table::Reversals;
use crate::ledger::{Ledger, change, dependents, feed_undo, settlement};

/// What an undo or a redo did.
#[derive(Debug, Clone, PartialEq)]
pub struct Undone {
    /// The change that was taken back.
    pub undone: Change,
    /// What that changed.
    pub by: Change,
}

/// How many rows an undo tells one by one.
const TOLD: i64 = 30;

const UNDONE: &str = "EXISTS (SELECT 1 FROM change u WHERE u.undoes = c.id AND NOT EXISTS (SELECT 1 FROM change r WHERE r.undoes = u.id))";

impl Ledger {
    /// Takes a change back; `None`: the latest that is not undone and is itself no undo and no redo.
    ///
    /// # Errors
    /// There is none, it is undone already, or what was entered after it hangs on it: that is named.
    pub fn undo(&mut self, change: Option<i64>) -> Result<Undone> {
        self.change(|conn, _| {
            let id = match change {
                Some(id) => id,
                None => latest(conn, "c.undoes IS NULL")?.ok_or_else(|| nothing("undo", "no change stands that could be undone"))?,
            };
            let undone = ordinary(conn, id)?;
            reverse(conn, undone)
        })
    }

    /// Makes again what the latest undo took back.
    ///
    /// # Errors
    /// There is none, or the ledger was changed since.
    pub fn redo(&mut self) -> Result<Undone> {
        self.change(|conn, _| {
            let id = latest(conn, "c.undoes IN (SELECT id FROM change WHERE undoes IS NULL)")?
                .ok_or_else(|| nothing("redo", "nothing is undone"))?;
            let since: Option<i64> = conn
                .query_row(&format!("SELECT max(id) FROM change c WHERE id > ? AND undoes IS NULL AND NOT {UNDONE} AND id <> (SELECT change_id FROM under_way)"), [id], |r| r.get(0))
                .optional()?
                .flatten();
            if let Some(since) = since {
                return Err(Error::refused(
                    format!("redo what change {id} undid"),
                    format!("the ledger was changed since, by change {since}"),
                    format!("'recip undo {since}' first, or enter it again; 'recip history' tells what it was"),
                ));
            }
            feed_undo::refuse_to_bring_back(conn, id)?;
            reverse(conn, found(conn, id)?)
        })
    }
}

/// The latest change that is such and is not undone.
fn latest(conn: &Connection, such: &'static str) -> Result<Option<i64>> {
    let select = format!("SELECT max(id) FROM change c WHERE {such} AND id <> (SELECT change_id FROM under_way) AND NOT {UNDONE}");
    Ok(conn.query_row(&select, [], |r| r.get(0))?)
}

fn nothing(what: &str, why: &str) -> Error {
    Error::refused(what, why, "'recip history' tells the changes")
}

fn found(conn: &Connection, id: i64) -> Result<Change> {
    let change = if id == change::under_way(conn)? { None } else { history::find(conn, id, 0)? };
    change.ok_or_else(|| Error::Unknown {
        what: "change",
        given: id.to_string(),
        nearest: Vec::new(),
        way_out: "'recip history' tells the changes".to_owned(),
    })
}

/// A change that can be undone.
fn ordinary(conn: &Connection, id: i64) -> Result<Change> {
    let change = found(conn, id)?;
    if let Some(undoes) = change.undoes {
        let way_out = format!("'recip redo' takes back the latest undo; 'recip undo {undoes}' undoes what was made again");
        return Err(Error::refused(format!("undo change {id}"), format!("it is an undo or a redo itself, of change {undoes}"), way_out));
    }
    if let Some(by) = change.undone_by {
        return Err(Error::refused(format!("undo change {id}"), format!("change {by} undid it already"), "'recip redo' makes it again"));
    }
    Ok(change)
}

/// Takes a change back, the rules on: what was added goes, what was changed or deleted comes back.
fn reverse(conn: &Connection, change: Change) -> Result<Undone> {
    change::takes_back(conn, change.id)?;
    dependents::refuse_later(conn, &change)?;
    conn.execute_batch("PRAGMA defer_foreign_keys = ON")?;
    feed_undo::take_away(conn, change.id)?;
    remove_links(conn, &change)?;
    let (above, to) = history::given(conn, change.id, "action")?;
    conn.execute("DELETE FROM citation WHERE action_id > ? AND action_id <= ?", [above, to])?;
    conn.execute("DELETE FROM action WHERE id > ? AND id <= ?", [above, to])?;
    // Links after the actions they join.
    take_back(conn, &change, "table_name <> 'link'")?;
    take_back(conn, &change, "table_name = 'link'")?;
    // A source that something else cites by now stays.
    let (above, to) = history::given(conn, change.id, "source")?;
    conn.execute(
        "DELETE FROM source WHERE id > ? AND id <= ? AND NOT EXISTS (SELECT 1 FROM citation WHERE source_id = source.id)",
        [above, to],
    )?;
    dependents::refuse_dangling(conn, &change)?;
    feed_undo::fold_reviewed(conn, change.id)?;
    settlement::settle(conn, None).map_err(|e| dependents::refused_by(&change, e))?;
    let by = found_own(conn)?;
    Ok(Undone { undone: change, by })
}

fn found_own(conn: &Connection) -> Result<Change> {
    Ok(history::find(conn, change::under_way(conn)?, TOLD)?.ok_or(rusqlite::Error::QueryReturnedNoRows)?)
}

/// The links that the change made go.
fn remove_links(conn: &Connection, change: &Change) -> Result<()> {
    let (above, to) = history::given(conn, change.id, "link")?;
    conn.execute("DELETE FROM link WHERE id > ? AND id <= ?", [above, to])?;
    Ok(())
}

/// Takes back the entries of a change, the last first, but for those of rows that it added itself.
fn take_back(conn: &Connection, change: &Change, which: &'static str) -> Result<()> {
    let (actions, links, sources) =
        (history::given(conn, change.id, "action")?, history::given(conn, change.id, "link")?, history::given(conn, change.id, "source")?);
    let mut entries = conn.prepare(&format!(
        "SELECT table_name, row_key, op, before FROM history WHERE change_id = ?1 AND {which}
           AND NOT (table_name IN ('action', 'citation') AND json_extract(row_key, '$[0]') > ?2 AND json_extract(row_key, '$[0]') <= ?3)
           AND NOT (table_name = 'link' AND json_extract(row_key, '$[0]') > ?4 AND json_extract(row_key, '$[0]') <= ?5)
           AND NOT (table_name = 'source' AND json_extract(row_key, '$[0]') > ?6 AND json_extract(row_key, '$[0]') <= ?7)
         ORDER BY id DESC"
    ))?;
    let mut entries = entries.query(params![change.id, actions.0, actions.1, links.0, links.1, sources.0, sources.1])?;
    let mut reversals = Reversals::default();
    while let Some(entry) = entries.next()? {
        let (table, key, op): (String, String, Op) = (entry.get("table_name")?, entry.get("row_key")?, entry.get("op")?);
        let before: Option<String> = entry.get("before")?;
        reversals.take_back(conn, &table, op, before.as_deref(), &key).map_err(|e| dependents::explain_row(change, e))?;
    }
    Ok(())
}
