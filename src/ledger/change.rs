//! The change in progress, to which the triggers attribute every row that is written.

use rusqlite::{Connection, named_params, params};

use crate::error::Result;
use crate::ledger::{Author, seal};
use crate::model::Clock;

/// Begins a change, before any of its rows is written, and returns its id.
pub(super) fn begin(conn: &Connection, clock: Clock, author: &Author) -> Result<i64> {
    // A row that another client left here would attribute this change's rows to another change.
    conn.execute("DELETE FROM current_change", [])?;
    // A mark is never below an id in use, whatever another program wrote to "sqlite_sequence": an undo takes away all ids above it.
    conn.prepare_cached(
        "INSERT INTO change (at, who, command, action_mark, link_mark, source_mark)
         SELECT :now, :who, :command,
           max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'action'), 0), coalesce((SELECT max(id) FROM action), 0)),
           max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'link'), 0), coalesce((SELECT max(id) FROM link), 0)),
           max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'source'), 0), coalesce((SELECT max(id) FROM source), 0))",
    )?
    .execute(named_params! { ":now": clock.stamp(), ":who": author.who, ":command": author.command })?;
    let id = conn.last_insert_rowid();
    conn.execute("INSERT INTO current_change (id, change_id) VALUES (1, ?)", [id])?;
    Ok(id)
}

/// Continues a change that an earlier transaction began, and returns its id.
pub(super) fn resume(conn: &Connection, change: i64) -> Result<i64> {
    conn.execute("DELETE FROM current_change", [])?;
    conn.execute("INSERT INTO current_change (id, change_id) VALUES (1, ?)", [change])?;
    Ok(change)
}

/// Records which change the one in progress reverts.
pub(super) fn set_undoes(conn: &Connection, change: i64) -> Result<()> {
    conn.execute("UPDATE change SET undoes = ? WHERE id = (SELECT change_id FROM current_change)", [change])?;
    Ok(())
}

/// The id of the change in progress.
pub(super) fn current_change(conn: &Connection) -> Result<i64> {
    Ok(conn.query_row("SELECT change_id FROM current_change", [], |r| r.get(0))?)
}

/// Ends and seals a change, after all its rows are written. Returns false if it changed nothing.
pub(super) fn end(conn: &Connection, change: i64) -> Result<bool> {
    let changed = conn
        .prepare_cached(
            "SELECT undoes IS NOT NULL OR EXISTS (SELECT 1 FROM history WHERE change_id = c.id) OR EXISTS (SELECT 1 FROM action WHERE id > action_mark)
               OR EXISTS (SELECT 1 FROM link WHERE id > link_mark) OR EXISTS (SELECT 1 FROM source WHERE id > source_mark)
               OR EXISTS (SELECT 1 FROM merged_change WHERE change_id = c.id)
             FROM change c WHERE id = ?",
        )?
        .query_row(params![change], |r| r.get(0))?;
    if changed {
        seal::seal(conn, change)?;
    }
    conn.execute("DELETE FROM current_change", [])?;
    Ok(changed)
}
