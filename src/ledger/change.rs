//! A change under way: what the rows it touches are put down to.

use rusqlite::{Connection, named_params, params};

use crate::error::Result;
use crate::ledger::Author;
use crate::model::Clock;

/// Begins a change, before anything of it is written. Gives its id.
pub(super) fn begin(conn: &Connection, clock: Clock, author: &Author) -> Result<i64> {
    // What another client left here would put this change's rows down to another.
    conn.execute("DELETE FROM under_way", [])?;
    // A clock that went back does not put a later change before an earlier one.
    conn.prepare_cached(
        "INSERT INTO change (at, who, command, action_mark, link_mark, source_mark)
         SELECT max(:now, coalesce((SELECT at FROM change ORDER BY id DESC LIMIT 1), '')), :who, :command,
           coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'action'), 0),
           coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'link'), 0),
           coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'source'), 0)",
    )?
    .execute(named_params! { ":now": clock.stamp(), ":who": author.who, ":command": author.command })?;
    let id = conn.last_insert_rowid();
    conn.execute("INSERT INTO under_way (id, change_id) VALUES (1, ?)", [id])?;
    Ok(id)
}

/// Goes on with a change that an earlier transaction began. Gives its id.
pub(super) fn go_on(conn: &Connection, change: i64) -> Result<i64> {
    conn.execute("DELETE FROM under_way", [])?;
    conn.execute("INSERT INTO under_way (id, change_id) VALUES (1, ?)", [change])?;
    Ok(change)
}

/// Says which change the one under way takes back.
pub(super) fn takes_back(conn: &Connection, change: i64) -> Result<()> {
    conn.execute("UPDATE change SET undoes = ? WHERE id = (SELECT change_id FROM under_way)", [change])?;
    Ok(())
}

/// The change under way.
pub(super) fn under_way(conn: &Connection) -> Result<i64> {
    Ok(conn.query_row("SELECT change_id FROM under_way", [], |r| r.get(0))?)
}

/// Ends a change, after all of it is written. False: it changed nothing.
pub(super) fn end(conn: &Connection, change: i64) -> Result<bool> {
    let changed = conn
        .prepare_cached(
            "SELECT undoes IS NOT NULL OR EXISTS (SELECT 1 FROM history WHERE change_id = c.id) OR EXISTS (SELECT 1 FROM action WHERE id > action_mark)
               OR EXISTS (SELECT 1 FROM link WHERE id > link_mark) OR EXISTS (SELECT 1 FROM source WHERE id > source_mark)
             FROM change c WHERE id = ?",
        )?
        .query_row(params![change], |r| r.get(0))?;
    conn.execute("DELETE FROM under_way", [])?;
    Ok(changed)
}
