//! The rows that a change touched, before and after it.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::{Map, Value};

use crate::error::{Error, Result};
use crate::ledger::history::{Op, Touch, assigned_ids};
use crate::ledger::history_table::HistoryTable;
use crate::record::ReadColumn;

/// The ids of the rows that a change added, including rows that have been deleted since.
pub(super) fn added_ids(conn: &Connection, change: i64, table: &str) -> Result<BTreeSet<i64>> {
    let (above, to) = assigned_ids(conn, change, table)?;
    let select = match table {
        "action" => "SELECT id FROM action WHERE id > ? AND id <= ?",
        "link" => "SELECT id FROM link WHERE id > ? AND id <= ?",
        _ => "SELECT id FROM source WHERE id > ? AND id <= ?",
    };
    let mut select = conn.prepare_cached(select)?;
    let mut ids: BTreeSet<i64> = select.query_map([above, to], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
    if above < to && (to == i64::MAX || (ids.len() as i64) < to - above) {
        let mut deleted = conn.prepare_cached(
            "SELECT json_extract(row_key, '$[0]') FROM history WHERE table_name = ?1 AND op = 'delete' AND change_id >= ?2
               AND json_extract(row_key, '$[0]') > ?3 AND json_extract(row_key, '$[0]') <= ?4",
        )?;
        for id in deleted.query_map(params![table, change, above, to], |r| r.get(0))? {
            ids.insert(id?);
        }
    }
    Ok(ids)
}

/// A row that a change added, as it was at the end of that change.
pub(super) fn added(conn: &Connection, change: i64, table: &str, id: i64) -> Result<Option<Touch>> {
    let key = format!("[{id}]");
    let last: i64 =
        conn.prepare_cached("SELECT coalesce(max(id), 0) FROM history WHERE change_id <= ?")?.query_row([change], |r| r.get(0))?;
    let after = row_after(conn, table, &key, last)?;
    Ok(after.map(|after| Touch { table: table.to_owned(), key: vec![id.into()], op: Op::Insert, before: None, after: Some(after) }))
}

/// The row that an entry of the history records.
pub(super) fn touch(conn: &Connection, entry: &Row<'_>) -> Result<Touch> {
    let (id, table, key, op): (i64, String, String, Op) =
        (entry.read("id")?, entry.read("table_name")?, entry.read("row_key")?, entry.read("op")?);
    let before: Option<String> = entry.read("before")?;
    let before = before.map(|text| object(&text)).transpose()?;
    let after = if op == Op::Delete { None } else { row_after(conn, &table, &key, id)? };
    Ok(Touch { table, key: serde_json::from_str(&key).map_err(unreadable)?, op, before, after })
}

/// A row as it was after an entry of the history: the before-image of its next entry or, if there is none, the row as it is now.
fn row_after(conn: &Connection, table: &str, key: &str, entry: i64) -> Result<Option<Map<String, Value>>> {
    let next: Option<Option<String>> = conn
        .prepare_cached("SELECT before FROM history WHERE table_name = ?1 AND row_key = ?2 AND id > ?3 ORDER BY id LIMIT 1")?
        .query_row(params![table, key, entry], |r| r.read(0))
        .optional()?;
    let row = match next {
        Some(before) => before,
        None => {
            let table = HistoryTable::of(table)?;
            let now = format!("SELECT {} FROM {} WHERE ?1 IS NULL AND {}", table.image(), table.name, table.key_condition());
            conn.prepare_cached(&now)?.query_row(params![None::<i64>, key], |r| r.read(0)).optional()?
        }
    };
    row.map(|text| object(&text)).transpose()
}

/// The table and key of every row that belongs to an action.
pub(super) fn keys_of_action(conn: &Connection, action: i64) -> Result<BTreeSet<(&'static str, String)>> {
    let mut keys = BTreeSet::from([("action", format!("[{action}]"))]);
    let links = "SELECT json_array(id) FROM link WHERE action_id = ?1 OR earlier_id = ?1
        UNION SELECT row_key FROM history WHERE table_name = 'link' AND before IS NOT NULL
          AND (json_extract(before, '$.action_id') = ?1 OR json_extract(before, '$.earlier_id') = ?1)";
    for key in conn.prepare(links)?.query_map([action], |r| r.read(0))? {
        keys.insert(("link", key?));
    }
    for table in ["citation", "quantity"] {
        let of_action = "SELECT DISTINCT row_key FROM history WHERE table_name = ?2
            AND row_key >= '[' || ?1 || ',' AND row_key < '[' || ?1 || '-'";
        for key in conn.prepare(of_action)?.query_map(params![action, table], |r| r.read(0))? {
            keys.insert((table, key?));
        }
    }
    Ok(keys)
}

fn object(text: &str) -> Result<Map<String, Value>> {
    serde_json::from_str(text).map_err(unreadable)
}

fn unreadable(e: serde_json::Error) -> Error {
    Error::refused("cannot read the history", e.to_string(), "the ledger file is damaged: restore a backup with 'recip restore'")
}
