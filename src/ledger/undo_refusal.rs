//! Why an undo is refused: finds the later entries that depend on a change, and lists them in the error.

use rusqlite::{Connection, params};
use serde_json::Value;

use crate::error::{Error, Result};
use crate::ledger::history::{self, Change};

/// The maximum number of dependents that an error names.
const MAX_NAMED: usize = 5;

/// Refuses an undo if a later change, not itself undone, wrote to the same rows or linked to them.
pub(super) fn refuse_later(conn: &Connection, change: &Change) -> Result<()> {
    let mut found = later_links(conn, change)?;
    found.extend(later_rows(conn, change)?);
    refuse_with(change, found)
}

/// Links that were made later from or to an action that the change added.
fn later_links(conn: &Connection, change: &Change) -> Result<Vec<(String, i64)>> {
    let (above, to) = history::assigned_ids(conn, change.id, "action")?;
    let (_, last) = history::assigned_ids(conn, change.id, "link")?;
    let select = "SELECT id, action_id, relation, earlier_id FROM link
        WHERE id > ?3 AND (action_id > ?1 AND action_id <= ?2 OR earlier_id > ?1 AND earlier_id <= ?2) ORDER BY id LIMIT ?4";
    links(conn, select, &[above, to, last, MAX_NAMED as i64])
}

fn links(conn: &Connection, select: &str, values: &[i64]) -> Result<Vec<(String, i64)>> {
    let mut select = conn.prepare(select)?;
    let mut rows = select.query(rusqlite::params_from_iter(values))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let id: i64 = row.get("id")?;
        let link =
            format!("#{} {} #{}", row.get::<_, i64>("action_id")?, row.get::<_, String>("relation")?, row.get::<_, i64>("earlier_id")?);
        found.push((link, history::adding_change(conn, "link", id)?.unwrap_or(0)));
    }
    Ok(found)
}

/// Rows of the change that later changes touched as well.
fn later_rows(conn: &Connection, change: &Change) -> Result<Vec<(String, i64)>> {
    let (actions, links, sources) = (
        history::assigned_ids(conn, change.id, "action")?,
        history::assigned_ids(conn, change.id, "link")?,
        history::assigned_ids(conn, change.id, "source")?,
    );
    let mut select = conn.prepare(
        "SELECT DISTINCT h.change_id, h.table_name, h.row_key FROM history h JOIN change c ON c.id = h.change_id
         WHERE h.change_id > ?1 AND c.undoes IS NULL
           AND NOT EXISTS (SELECT 1 FROM change u WHERE u.undoes = c.id AND NOT EXISTS (SELECT 1 FROM change r WHERE r.undoes = u.id))
           AND (EXISTS (SELECT 1 FROM history m WHERE m.change_id = ?1 AND m.table_name = h.table_name AND m.row_key = h.row_key)
             OR h.table_name IN ('action', 'citation', 'quantity') AND json_extract(h.row_key, '$[0]') > ?2 AND json_extract(h.row_key, '$[0]') <= ?3
             OR h.table_name = 'link' AND json_extract(h.row_key, '$[0]') > ?4 AND json_extract(h.row_key, '$[0]') <= ?5
             OR h.table_name = 'source' AND json_extract(h.row_key, '$[0]') > ?6 AND json_extract(h.row_key, '$[0]') <= ?7)
         ORDER BY h.id LIMIT ?8",
    )?;
    let marks = params![change.id, actions.0, actions.1, links.0, links.1, sources.0, sources.1, MAX_NAMED as i64];
    let rows: Vec<(i64, String, String)> =
        select.query_map(marks, |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?.collect::<rusqlite::Result<_>>()?;
    Ok(rows.into_iter().map(|(id, table, key)| (format!("{} was changed", row_name(&table, &key)), id)).collect())
}

/// The name of a row in a message: `#7`, `party TUR`.
fn row_name(table: &str, key: &str) -> String {
    let words: Vec<String> = match serde_json::from_str(key) {
        Ok(Value::Array(parts)) => parts.iter().map(|p| p.as_str().map_or_else(|| p.to_string(), ToOwned::to_owned)).collect(),
        _ => vec![key.to_owned()],
    };
    match (table, words.as_slice()) {
        ("action", [id]) => format!("#{id}"),
        ("citation", [id, _]) => format!("a source of #{id}"),
        ("quantity", [id, name]) => format!("the quantity {name} of #{id}"),
        _ => format!("{table} {}", words.join(" ")),
    }
}

/// Refuses an undo that would leave references to deleted rows.
pub(super) fn refuse_dangling(conn: &Connection, change: &Change) -> Result<()> {
    let mut added = conn.prepare("SELECT table_name, json_extract(row_key, '$[0]') FROM history WHERE change_id = ? AND op = 'insert'")?;
    let mut added = added.query([change.id])?;
    while let Some(row) = added.next()? {
        let (table, key): (String, rusqlite::types::Value) = (row.get(0)?, row.get(1)?);
        let naming = match table.as_str() {
            "party" => {
                "SELECT id FROM action WHERE (actor = ?1 OR target = ?1) AND NOT EXISTS (SELECT 1 FROM party WHERE code = ?1) ORDER BY id LIMIT ?2"
            }
            "kind" => "SELECT id FROM action WHERE kind = ?1 AND NOT EXISTS (SELECT 1 FROM kind WHERE name = ?1) ORDER BY id LIMIT ?2",
            "dispute" => {
                "SELECT id FROM action WHERE dispute = ?1 AND NOT EXISTS (SELECT 1 FROM dispute WHERE slug = ?1) ORDER BY id LIMIT ?2"
            }
            _ => continue,
        };
        let mut naming = conn.prepare_cached(naming)?;
        let ids: Vec<i64> = naming.query_map(params![key, MAX_NAMED as i64], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
        let mut found = Vec::with_capacity(ids.len());
        for id in ids {
            found.push((format!("#{id} uses the {table} that it added"), history::adding_change(conn, "action", id)?.unwrap_or(0)));
        }
        refuse_with(change, found)?;
    }
    // Aliases, memberships and weights of rows that the undo would delete.
    let mut dangling = conn.prepare(
        "SELECT 'alias', folded FROM alias WHERE party NOT IN (SELECT code FROM party)
         UNION ALL SELECT 'membership', organisation || ' ' || member FROM membership
           WHERE organisation NOT IN (SELECT code FROM party) OR member NOT IN (SELECT code FROM party)
         UNION ALL SELECT 'weight', scale || ' ' || kind FROM weight
           WHERE scale NOT IN (SELECT name FROM scale) OR kind NOT IN (SELECT name FROM kind)",
    )?;
    let named: Vec<String> = dangling
        .query_map([], |r| Ok(format!("{} {}", r.get::<_, String>(0)?, r.get::<_, String>(1)?)))?
        .take(MAX_NAMED)
        .collect::<rusqlite::Result<_>>()?;
    if named.is_empty() {
        return Ok(());
    }
    Err(refused(
        change,
        format!("later rows refer to what it added: {}", named.join(", ")),
        "undo the changes that added those rows first; 'recip history' lists them",
    ))
}

/// Explains that a rule of the schema refused to revert a row.
pub(super) fn explain_row(change: &Change, e: Error) -> Error {
    match &e {
        Error::Sqlite(rusqlite::Error::SqliteFailure(code, Some(rule))) if code.code == rusqlite::ErrorCode::ConstraintViolation => {
            refused(change, rule.clone(), "undo or correct the later changes first; 'recip history' lists them")
        }
        _ => e,
    }
}

/// Explains that the settlement refused the result of an undo.
pub(super) fn explain_refusal(change: &Change, e: Error) -> Error {
    match e {
        Error::Refused { what, why, way_out } => refused(change, format!("{what}: {why}"), &way_out),
        other => other,
    }
}

/// Refuses the undo if there are dependents: what each is, and the change that made it.
fn refuse_with(change: &Change, mut found: Vec<(String, i64)>) -> Result<()> {
    let Some(&(_, last)) = found.iter().max_by_key(|(_, id)| *id) else { return Ok(()) };
    found.truncate(MAX_NAMED);
    let named: Vec<String> = found.iter().map(|(what, id)| format!("{what} (change {id})")).collect();
    Err(refused(
        change,
        format!("later changes depend on it: {}", named.join(", ")),
        &format!("run 'recip undo {last}' first, or keep the change and correct the ledger with a new one"),
    ))
}

fn refused(change: &Change, why: String, way_out: &str) -> Error {
    let command = if change.command.is_empty() { String::new() } else { format!(" ({})", change.command) };
    let verb = if change.undoes.is_some() { "cannot redo what change" } else { "cannot undo change" };
    let did = if change.undoes.is_some() { " undid" } else { "" };
    Error::refused(format!("{verb} {}{did}{command}", change.id), why, way_out)
}
