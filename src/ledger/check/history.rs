//! Checks that the history is complete: the changes are in order, its entries can be read, the clocks were right, and the numbers that the ledger has given
//! account for every row.

use rusqlite::Connection;
use serde_json::{Map, Value};

use super::Findings;
use crate::error::Result;
use crate::ledger::change_times;
use crate::ledger::history::Op;
use crate::ledger::history_table::{HistoryTable, TABLES};
use crate::record::ReadColumn;

const RESTORE: &str = "restore a backup: another program has altered the history";

/// Finds unfinished changes, changes out of order, wrong clocks, entries that cannot be read, and rows and numbers without a change.
pub(super) fn check(conn: &Connection, findings: &mut Findings) -> Result<()> {
    let mut in_progress = conn.prepare("SELECT change_id FROM current_change")?;
    let mut rows = in_progress.query([])?;
    while let Some(row) = rows.next()? {
        let place = format!("change {}", row.get::<_, i64>(0)?);
        let what = "it was not ended, so everything that other clients write is attributed to it";
        findings.error("history", place, what, "end it: sqlite3 FILE 'DELETE FROM current_change'");
    }
    out_of_order(conn, findings)?;
    wrong_clocks(conn, findings)?;
    unaccounted(conn, findings)?;
    identity(conn, findings)?;
    let readable = entries(conn, findings)?;
    numbering(conn, findings)?;
    missing_rows(conn, findings)?;
    if readable {
        vanished_rows(conn, findings)?;
    }
    sequences(conn, findings)
}

/// Finds only the rows that the history knows and that are missing.
pub(super) fn missing(conn: &Connection, findings: &mut Findings) -> Result<()> {
    missing_rows(conn, findings)?;
    if entries(conn, &mut Findings::default())? { vanished_rows(conn, findings) } else { Ok(()) }
}

/// Finds that the ledger has lost its identity.
fn identity(conn: &Connection, findings: &mut Findings) -> Result<()> {
    if conn.query_row("SELECT NOT EXISTS (SELECT 1 FROM ledger)", [], |r| r.get(0))? {
        let help = "restore a backup, or write everything to a new ledger, which gets a new identity: recip check --repair NEW_FILE";
        findings.error("identity", "table ledger", "its only row, the identity of the ledger, is missing", help);
    }
    Ok(())
}

/// Finds changes that record lower ids than the change before them.
fn out_of_order(conn: &Connection, findings: &mut Findings) -> Result<()> {
    let mut select = conn.prepare("SELECT id, action_mark, link_mark, source_mark FROM change ORDER BY id")?;
    let mut rows = select.query([])?;
    let mut last = [0i64; 3];
    while let Some(row) = rows.next()? {
        let (id, marks): (i64, [i64; 3]) = (row.get(0)?, [row.get(1)?, row.get(2)?, row.get(3)?]);
        if marks.iter().zip(&last).any(|(mark, before)| mark < before) {
            findings.error("history", format!("change {id}"), "it records lower ids than the change before it", RESTORE);
        }
        last = marks;
    }
    Ok(())
}

/// Finds changes whose time contradicts the times of the changes around them.
fn wrong_clocks(conn: &Connection, findings: &mut Findings) -> Result<()> {
    let stamped = change_times::stamped(conn)?;
    for ((id, at), counted) in stamped.iter().zip(change_times::counted(&stamped)) {
        if change_times::contradict(at, counted) {
            findings.warning(
                "clock",
                format!("change {id}"),
                format!("it is dated {at}, out of order with the changes around it: a clock was wrong"),
                format!("--as-known takes it as made at {counted}; nothing needs to be repaired, but check the clock of each machine"),
            );
        }
    }
    Ok(())
}

/// Finds actions that no change added.
fn unaccounted(conn: &Connection, findings: &mut Findings) -> Result<()> {
    let mut select = conn.prepare(
        "SELECT a.id FROM action a WHERE (a.id <= (SELECT min(action_mark) FROM change) OR NOT EXISTS (SELECT 1 FROM change))
           AND NOT EXISTS (SELECT 1 FROM history h WHERE h.table_name = 'action' AND h.row_key = json_array(a.id) AND h.op = 'insert')",
    )?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        findings.error("history", format!("#{}", row.get::<_, i64>(0)?), "no change in the history added it", RESTORE);
    }
    Ok(())
}

/// Finds entries whose table, key or before-image cannot be read, so an undo would fail. Returns true if there are none.
fn entries(conn: &Connection, findings: &mut Findings) -> Result<bool> {
    let mut readable = true;
    let mut select = conn.prepare("SELECT id, table_name, row_key, op, before FROM history ORDER BY id")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let (table, key, before): (String, String, Option<String>) = (row.read(1)?, row.read(2)?, row.read(4)?);
        if let Some(what) = flaw(&table, &key, row.read(3)?, before.as_deref()) {
            readable = false;
            findings.error("history", format!("table history, row {}", row.get::<_, i64>(0)?), what, RESTORE);
        }
    }
    Ok(readable)
}

/// Finds gaps in the numbers of the changes and of the entries. Nothing deletes either, and a change that is rolled back gives its numbers
/// back.
fn numbering(conn: &Connection, findings: &mut Findings) -> Result<()> {
    for table in ["change", "history"] {
        let mut select = conn.prepare(&format!(
            "WITH known AS (
               SELECT 0 AS id UNION ALL SELECT id FROM {table} UNION ALL SELECT 1 + max(seq) FROM sqlite_sequence WHERE name = '{table}')
             SELECT id + 1, next - 1 FROM (SELECT id, lead(id) OVER (ORDER BY id) AS next FROM known) WHERE next > id + 1 ORDER BY id"
        ))?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            findings.error("history", range(table, row.get(0)?, row.get(1)?), "it was removed from the history", RESTORE);
        }
    }
    Ok(())
}

/// What is wrong with an entry of the history.
fn flaw(table: &str, key: &str, op: Op, before: Option<&str>) -> Option<String> {
    let Some(of) = TABLES.iter().find(|t| t.name == table) else {
        return Some(format!("it names a table '{table}', which has no history"));
    };
    let width = serde_json::from_str::<Vec<Value>>(key).map(|key| key.len());
    if !width.is_ok_and(|width| width == of.key.len()) {
        return Some(format!("its row_key '{key}' is not a key of the table {table}"));
    }
    let image = before.map(serde_json::from_str::<Map<String, Value>>);
    match (op, image) {
        (Op::Insert, None) => None,
        (Op::Insert, Some(_)) => Some("it records an insertion, but has a before-image".to_owned()),
        (_, None) => Some("its before-image is missing".to_owned()),
        (_, Some(Err(_))) => Some("its before-image cannot be read".to_owned()),
        (_, Some(Ok(image))) => lacking(of, &image).map(|column| format!("its before-image lacks the column {column}")),
    }
}

/// A column of the table that a before-image lacks.
fn lacking(table: &HistoryTable, image: &Map<String, Value>) -> Option<&'static str> {
    table.key.iter().chain(table.columns).find(|column| !image.contains_key(**column)).copied()
}

/// Finds ids that a change of recip gave to rows which are neither in their table nor deleted according to the history. Other clients may
/// choose ids, and so leave gaps.
fn missing_rows(conn: &Connection, findings: &mut Findings) -> Result<()> {
    for table in ["action", "link", "source"] {
        let mut given = conn.prepare(&format!(
            "WITH given AS (
               SELECT id, {table}_mark AS above, who = 'another client' OR lead(who, 1, '') OVER later = 'another client' AS free,
                 lead({table}_mark, 1, (SELECT max(seq) FROM sqlite_sequence WHERE name = '{table}')) OVER later AS upto
               FROM change WINDOW later AS (ORDER BY id))
             SELECT id, above, upto, (SELECT command FROM change c WHERE c.id = given.id) FROM given WHERE NOT free
               AND upto - above > (SELECT count(*) FROM \"{table}\" t WHERE t.id > above AND t.id <= upto)"
        ))?;
        // The ids that are accounted for, and the first one that does not belong to the change.
        let mut known = conn.prepare(&format!(
            "SELECT id FROM \"{table}\" WHERE id > ?1 AND id <= ?2
             UNION SELECT deleted FROM (SELECT CASE WHEN json_valid(row_key) THEN json_extract(row_key, '$[0]') END AS deleted FROM history
               WHERE table_name = '{table}' AND op = 'delete') WHERE deleted > ?1 AND deleted <= ?2
             UNION SELECT ?2 + 1 ORDER BY 1"
        ))?;
        let mut rows = given.query([])?;
        while let Some(row) = rows.next()? {
            let (change, above, upto, command): (i64, i64, i64, String) = (row.get(0)?, row.get(1)?, row.get(2)?, row.read(3)?);
            let mut last = above;
            let mut ids = known.query([above, upto])?;
            while let Some(id) = ids.next()? {
                let id: i64 = id.get(0)?;
                if id > last + 1 {
                    let what = format!("change {change} added it, but it is missing, and no change deleted it");
                    findings.error("history", range(table, last + 1, id - 1), what, enter_again(&command));
                }
                last = id;
            }
        }
    }
    Ok(())
}

/// Finds missing rows that no change deleted. The history has entries about them, so more than their ids is known.
fn vanished_rows(conn: &Connection, findings: &mut Findings) -> Result<()> {
    // Candidates that nobody has reviewed are derived from the reports of feeds, and come and go with them.
    for table in TABLES.iter().filter(|table| table.name != "candidate") {
        let mut vanished = conn.prepare(&format!(
            "SELECT h.row_key, h.change_id, c.command FROM history h JOIN change c ON c.id = h.change_id
             WHERE h.table_name = ?1 AND h.op <> 'delete' AND NOT EXISTS (SELECT 1 FROM \"{}\" WHERE {})
               AND NOT EXISTS (SELECT 1 FROM history l WHERE l.table_name = ?1 AND l.row_key = h.row_key AND l.id > h.id)
               AND NOT EXISTS (SELECT 1 FROM history u WHERE u.table_name = ?1 AND u.id > h.id AND u.op = 'update' AND {} = h.row_key)
             ORDER BY h.id",
            table.name,
            table.has_key("h.row_key"),
            table.key_of("u.before")
        ))?;
        let mut rows = vanished.query([table.name])?;
        while let Some(row) = rows.next()? {
            let (key, change, command): (String, i64, String) = (row.read(0)?, row.get(1)?, row.read(2)?);
            let key: Vec<Value> = serde_json::from_str(&key).unwrap_or_default();
            let place = match key.first().and_then(Value::as_i64) {
                Some(id) if table.key == ["id"] => range(table.name, id, id),
                _ => format!("table {}, row {}", table.name, key.iter().map(shown).collect::<Vec<_>>().join(", ")),
            };
            if !findings.listed.iter().any(|finding| finding.place == place) {
                let what = format!("change {change} wrote it, but it is missing, and no change deleted it");
                findings.error("history", place, what, enter_again(&command));
            }
        }
    }
    Ok(())
}

/// A part of a key as a finding shows it.
fn shown(part: &Value) -> String {
    part.as_str().map_or_else(|| part.to_string(), str::to_owned)
}

/// How to get back a row that is missing.
fn enter_again(command: &str) -> String {
    let restore = "restore a backup: another program has deleted it";
    if command.is_empty() { restore.to_owned() } else { format!("{restore}; or enter it again: the command was recip {command}") }
}

/// The rows of a table with these ids, as a finding names them.
fn range(table: &str, first: i64, last: i64) -> String {
    let name = |id: i64| if table == "action" { format!("#{id}") } else { id.to_string() };
    let table = if table == "action" { String::new() } else { format!("table {table}, row ") };
    if first == last { format!("{table}{}", name(first)) } else { format!("{table}{} to {}", name(first), name(last)) }
}

/// Finds tables whose next id was already assigned. An undo would then mistake other rows for those of the change that it reverts.
fn sequences(conn: &Connection, findings: &mut Findings) -> Result<()> {
    for table in ["action", "link", "source", "change", "history", "series", "feed_batch", "candidate"] {
        let mark = match table {
            "action" | "link" | "source" => format!("(SELECT max({table}_mark) FROM change)"),
            _ => "0".to_owned(),
        };
        let (next, given): (i64, i64) = conn.query_row(
            &format!(
                "SELECT coalesce((SELECT max(seq) FROM sqlite_sequence WHERE name = '{table}'), 0),
                   max(coalesce((SELECT max(id) FROM \"{table}\"), 0), coalesce({mark}, 0))"
            ),
            [],
            |r| Ok((r.get(0)?, r.get(1)?)),
        )?;
        if next < given {
            let what = format!("its last id is recorded as {next}, but it has given the id {given} already");
            let help = format!(
                "to correct it: sqlite3 FILE \"DELETE FROM sqlite_sequence WHERE name = '{table}'; \
                 INSERT INTO sqlite_sequence VALUES ('{table}', {given})\""
            );
            findings.error("history", format!("table {table}"), what, help);
        }
    }
    Ok(())
}
