//! Reading the history: every change, with the rows it touched before and after it.

use std::collections::BTreeMap;

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ValueRef};
use rusqlite::{Connection, OptionalExtension, Row};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::error::Result;
use crate::ledger::row_change::{added, added_ids, keys_of_action, touch};
use crate::record::{FromColumn, ReadColumn};

/// The operation on a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Op {
    /// The row was added.
    Insert,
    /// The row was changed.
    Update,
    /// The row was deleted.
    Delete,
}

impl FromSql for Op {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Op> {
        match value.as_str()? {
            "insert" => Ok(Op::Insert),
            "update" => Ok(Op::Update),
            "delete" => Ok(Op::Delete),
            _ => Err(FromSqlError::InvalidType),
        }
    }
}

impl FromColumn for Op {
    fn from_column(value: ValueRef<'_>) -> FromSqlResult<Op> {
        Op::column_result(value)
    }
}

/// One change of the ledger: everything that one command wrote.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// Its number; later changes have higher numbers.
    pub id: i64,
    /// When it was made, in UTC.
    pub at: String,
    /// Who made it.
    pub who: String,
    /// The command that made it; empty if that is not known.
    pub command: String,
    /// The change that it reverts: the undone change if this is an undo, the undo if this is a redo.
    pub undoes: Option<i64>,
    /// The undo that reverted it and that has not itself been reverted.
    pub undone_by: Option<i64>,
    /// The number of rows it touched, by table and operation.
    pub counts: Vec<Touched>,
    /// The rows, in the order in which they were touched; `None` if there are too many to list.
    pub rows: Option<Vec<Touch>>,
    /// If it is a merge, the changes of the other copy that it took over, in their order there; if there are too many to list, they are counted
    /// in `counts`, in the table `merged_change`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub merged: Vec<Merged>,
}

/// A change of another copy that a merge took over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Merged {
    /// When it was made in the other copy, in UTC.
    pub at: String,
    /// Who made it there.
    pub who: String,
    /// The command that made it; empty if that is not known.
    pub command: String,
}

/// The number of rows of a table that a change touched with one operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Touched {
    /// The table.
    pub table: String,
    /// The operation on the rows.
    pub op: Op,
    /// The number of rows.
    pub rows: i64,
}

/// One row that a change touched.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Touch {
    /// The table.
    pub table: String,
    /// The row's primary key.
    pub key: Vec<Value>,
    /// The operation on the row.
    pub op: Op,
    /// Its content before the change; `None` if it did not exist.
    pub before: Option<Map<String, Value>>,
    /// Its content after the change; `None` if it was deleted.
    pub after: Option<Map<String, Value>>,
}

/// The range of ids that a change assigned: greater than the first number, and up to the second.
pub(crate) type IdRange = (i64, i64);

/// The tables whose added rows are recognised by their ids.
pub(crate) const NUMBERED: [&str; 3] = ["source", "action", "link"];

const SELECT: &str = "SELECT c.*, (SELECT max(u.id) FROM change u WHERE u.undoes = c.id
    AND NOT EXISTS (SELECT 1 FROM change r WHERE r.undoes = u.id)) AS undone_by FROM change c";

/// Reads every change, the oldest first. The rows of a change are read only if it touched at most `max_rows`.
///
/// # Errors
/// The ledger cannot be read, or `each` fails.
pub fn read(conn: &Connection, max_rows: i64, each: &mut dyn FnMut(Change) -> Result<()>) -> Result<()> {
    let mut select = conn.prepare(&format!("{SELECT} ORDER BY c.id"))?;
    let mut changes = select.query([])?;
    while let Some(row) = changes.next()? {
        each(fill(conn, heading(row)?, max_rows)?)?;
    }
    Ok(())
}

/// Reads the changes that touched an action: its own row, a link from or to it, or a source it cites. Other rows are left out.
///
/// # Errors
/// The ledger cannot be read, or `each` fails.
pub fn read_of_action(conn: &Connection, action: i64, each: &mut dyn FnMut(Change) -> Result<()>) -> Result<()> {
    let mut touches: BTreeMap<i64, Vec<Touch>> = BTreeMap::new();
    for (table, key) in keys_of_action(conn, action)? {
        if let (true, Some(id)) = (NUMBERED.contains(&table), key.trim_matches(['[', ']']).parse().ok())
            && let Some(change) = adding_change(conn, table, id)?
            && let Some(touch) = added(conn, change, table, id)?
        {
            touches.entry(change).or_default().push(touch);
        }
        let mut entries = conn.prepare_cached("SELECT * FROM history WHERE table_name = ? AND row_key = ? ORDER BY id")?;
        let mut entries = entries.query([table, key.as_str()])?;
        while let Some(entry) = entries.next()? {
            touches.entry(entry.get("change_id")?).or_default().push(touch(conn, entry)?);
        }
    }
    for (id, rows) in touches {
        let mut change = one(conn, id)?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
        change.counts = count(&rows);
        change.rows = Some(rows);
        each(change)?;
    }
    Ok(())
}

/// Finds a change by its id. Its rows are read only if it touched at most `max_rows`.
pub(crate) fn find(conn: &Connection, id: i64, max_rows: i64) -> Result<Option<Change>> {
    one(conn, id)?.map(|change| fill(conn, change, max_rows)).transpose()
}

/// The change that added the row with this id; `None` if the row is older than the first change.
pub(crate) fn adding_change(conn: &Connection, table: &str, id: i64) -> Result<Option<i64>> {
    let select = match table {
        "action" => "SELECT id FROM change WHERE action_mark < ? ORDER BY id DESC LIMIT 1",
        "link" => "SELECT id FROM change WHERE link_mark < ? ORDER BY id DESC LIMIT 1",
        _ => "SELECT id FROM change WHERE source_mark < ? ORDER BY id DESC LIMIT 1",
    };
    Ok(conn.prepare_cached(select)?.query_row([id], |r| r.get(0)).optional()?)
}

/// The range of ids that a change assigned to new rows of a table.
pub(crate) fn assigned_ids(conn: &Connection, change: i64, table: &str) -> Result<IdRange> {
    let select = match table {
        "action" => "SELECT action_mark FROM change WHERE id >= ? ORDER BY id LIMIT 2",
        "link" => "SELECT link_mark FROM change WHERE id >= ? ORDER BY id LIMIT 2",
        _ => "SELECT source_mark FROM change WHERE id >= ? ORDER BY id LIMIT 2",
    };
    let mut select = conn.prepare_cached(select)?;
    let marks: Vec<i64> = select.query_map([change], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok((marks.first().copied().unwrap_or(i64::MAX), marks.get(1).copied().unwrap_or(i64::MAX)))
}

fn one(conn: &Connection, id: i64) -> Result<Option<Change>> {
    Ok(conn.prepare_cached(&format!("{SELECT} WHERE c.id = ?"))?.query_row([id], heading).optional()?)
}

fn heading(row: &Row<'_>) -> rusqlite::Result<Change> {
    Ok(Change {
        id: row.read("id")?,
        at: row.read("at")?,
        who: row.read("who")?,
        command: row.read("command")?,
        undoes: row.read("undoes")?,
        undone_by: row.read("undone_by")?,
        counts: Vec::new(),
        rows: None,
        merged: Vec::new(),
    })
}

/// Adds to a change the rows that it touched, or only their numbers if there are too many.
fn fill(conn: &Connection, mut change: Change, max_rows: i64) -> Result<Change> {
    let mut counts = BTreeMap::new();
    for table in NUMBERED {
        let rows = added_ids(conn, change.id, table)?.len();
        if rows > 0 {
            counts.insert((table.to_owned(), Op::Insert), rows as i64);
        }
    }
    let mut grouped = conn.prepare_cached("SELECT table_name, op, count(*) FROM history WHERE change_id = ? GROUP BY table_name, op")?;
    let mut grouped = grouped.query([change.id])?;
    while let Some(row) = grouped.next()? {
        *counts.entry((row.read(0)?, row.read(1)?)).or_insert(0) += row.read::<i64>(2)?;
    }
    let merged: i64 =
        conn.prepare_cached("SELECT count(*) FROM merged_change WHERE change_id = ?")?.query_row([change.id], |r| r.get(0))?;
    if merged > max_rows {
        counts.insert(("merged_change".to_owned(), Op::Insert), merged);
    } else if merged > 0 {
        let mut select = conn.prepare_cached("SELECT at, who, command FROM merged_change WHERE change_id = ? ORDER BY position")?;
        let rows = select.query_map([change.id], |r| Ok(Merged { at: r.read(0)?, who: r.read(1)?, command: r.read(2)? }))?;
        change.merged = rows.collect::<rusqlite::Result<_>>()?;
    }
    if counts.values().sum::<i64>() <= max_rows {
        let mut rows = Vec::new();
        for table in NUMBERED {
            for id in added_ids(conn, change.id, table)? {
                rows.extend(added(conn, change.id, table, id)?);
            }
        }
        let mut entries = conn.prepare_cached("SELECT * FROM history WHERE change_id = ? ORDER BY id")?;
        let mut entries = entries.query([change.id])?;
        while let Some(entry) = entries.next()? {
            rows.push(touch(conn, entry)?);
        }
        change.rows = Some(rows);
    }
    change.counts = counts.into_iter().map(|((table, op), rows)| Touched { table, op, rows }).collect();
    Ok(change)
}

fn count(rows: &[Touch]) -> Vec<Touched> {
    let mut counts = BTreeMap::new();
    for row in rows {
        *counts.entry((row.table.clone(), row.op)).or_insert(0) += 1;
    }
    counts.into_iter().map(|((table, op), rows)| Touched { table, op, rows }).collect()
}
