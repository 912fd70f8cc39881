//! Checks that the history is complete: the changes are in order, and every action was added by a change. Finds wrong clocks.

use rusqlite::Connection;

use super::Findings;
use crate::error::Result;
use crate::ledger::change_times;

const RESTORE: &str = "restore a backup: another program has altered the history";

/// Finds unfinished changes, changes out of order, wrong clocks, and actions without a change.
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
    unaccounted(conn, findings)
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
