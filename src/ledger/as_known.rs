//! The ledger as it was known at a given moment: a copy in which every later change is reverted.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

use chrono::DateTime;
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, params};

use crate::error::{Error, Result};
use crate::ledger::history::Op;
use crate::ledger::history_table::Reversals;
use crate::ledger::open::WAIT;
use crate::ledger::{Author, Ledger, change_times, feed_fold, feed_intake, guard, refusal, settlement};
use crate::model::{Clock, day_alone};
use crate::record::ReadColumn;

/// A moment in UTC: an RFC 3339 time, or the end of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// As text in a message: "on 2017-07-12", "at 2017-07-12T09:30:00Z".
    text: String,
    /// Its last second, UTC.
    stamp: String,
}

impl FromStr for Moment {
    type Err = Error;

    fn from_str(text: &str) -> Result<Moment> {
        let text = text.trim();
        if let Some(day) = day_alone(text, "as known")? {
            return Ok(Moment { text: format!("on {day}"), stamp: format!("{day}T23:59:59Z") });
        }
        match DateTime::parse_from_rfc3339(text) {
            Ok(time) => {
                let stamp = time.to_utc().format("%Y-%m-%dT%H:%M:%SZ").to_string();
                Ok(Moment { text: format!("at {stamp}"), stamp })
            }
            Err(_) => Err(Error::invalid(
                "as known",
                text,
                "this is neither a day nor a time",
                "write it like 2017-07-12, which means the end of that day in UTC, or like 2017-07-12T09:30:00Z",
            )),
        }
    }
}

impl Moment {
    /// Its last second, UTC: `2017-07-12T23:59:59Z`.
    pub fn stamp(&self) -> &str {
        &self.stamp
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The first change after a moment, and the highest ids that were in use before it.
struct Later {
    change: i64,
    action: i64,
    link: i64,
    source: i64,
}

impl Ledger {
    /// A copy of the ledger as it was known at `moment`, which any report can read. Its clock is stopped at the moment, unless the moment
    /// is in the future.
    ///
    /// # Errors
    /// The ledger cannot be read, or its history does not match its rows.
    pub fn as_known(&self, moment: &Moment) -> Result<Ledger> {
        let conn = self.copy()?;
        conn.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536")?;
        if let Some(later) = later_than(&conn, moment)? {
            guard::without_triggers(&conn, || {
                let transaction = conn.unchecked_transaction()?;
                revert(&transaction, &later)?;
                Ok(transaction.commit()?)
            })?;
        }
        conn.execute_batch("PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF")?;
        conn.set_prepared_statement_cache_capacity(64);
        let clock = if moment.stamp < self.clock.stamp() { Clock::fixed(&moment.stamp)? } else { self.clock };
        Ok(Ledger {
            conn,
            path: self.path.clone(),
            clock,
            dry_run: false,
            author: Author::here(),
            known: Some(moment.clone()),
            read_at: None,
            checked: None,
            changed: Default::default(),
            kept_views: Default::default(),
        })
    }
}

impl Ledger {
    /// A temporary copy of the ledger, which is deleted when its connection closes.
    pub(super) fn copy(&self) -> Result<Connection> {
        // SQLite keeps a database with an empty name in memory, and spills it to disk if it grows too large.
        let mut conn = Connection::open("")?;
        // All pages are copied in one step, so that no concurrent write is mixed in.
        match Backup::new(&self.conn, &mut conn)?.step(-1)? {
            StepResult::Done => (),
            _ => return Err(Error::Busy { path: self.path.clone().unwrap_or_default(), waited_s: WAIT.as_secs() }),
        }
        Ok(conn)
    }
}

fn later_than(conn: &Connection, moment: &Moment) -> Result<Option<Later>> {
    let stamped = change_times::stamped(conn)?;
    let first = change_times::counted(&stamped).partition_point(|at| *at <= moment.stamp.as_str());
    let Some((change, _)) = stamped.get(first) else { return Ok(None) };
    let select = "SELECT id, action_mark, link_mark, source_mark FROM change WHERE id = ?";
    let read = |r: &rusqlite::Row<'_>| {
        Ok(Later { change: r.get("id")?, action: r.get("action_mark")?, link: r.get("link_mark")?, source: r.get("source_mark")? })
    };
    Ok(Some(conn.query_row(select, [change], read)?))
}

/// Restores every row that changed since, the latest change first. Triggers and foreign keys are off.
fn revert(conn: &Connection, later: &Later) -> Result<()> {
    let to_refold = delete_reports(conn, later)?;
    // Added rows are deleted first, because a deleted row may have had the same key.
    conn.execute("DELETE FROM link WHERE id > ?", [later.link])?;
    conn.execute("DELETE FROM citation WHERE action_id > ?", [later.action])?;
    conn.execute("DELETE FROM quantity WHERE action_id > ?", [later.action])?;
    conn.execute("DELETE FROM action WHERE id > ?", [later.action])?;
    conn.execute("DELETE FROM source WHERE id > ?", [later.source])?;
    revert_rows(conn, later)?;
    feed_fold::fold_from(conn, feed_intake::window_in_force(conn)?, to_refold)?;
    settlement::settle_with(conn, &[], i64::MAX, refusal::Naming::ById, true)?;
    conn.execute("DELETE FROM history WHERE change_id >= ?", [later.change])?;
    conn.execute("DELETE FROM merged_change WHERE change_id >= ?", [later.change])?;
    conn.execute("DELETE FROM change WHERE id >= ?", [later.change])?;
    for (table, mark) in [("action", later.action), ("link", later.link), ("source", later.source)] {
        conn.execute("UPDATE sqlite_sequence SET seq = ?2 WHERE name = ?1", params![table, mark])?;
    }
    Ok(())
}

/// Deletes the feed reports that later changes imported. Returns the series whose candidates must be folded again, each with the first
/// affected day. Reports of an import that has been undone are no longer stored and cannot be restored.
fn delete_reports(conn: &Connection, later: &Later) -> Result<HashMap<i64, i64>> {
    let mut touched = HashMap::new();
    let mut series = conn.prepare(
        "SELECT r.series_id, min(r.day) FROM feed_batch b JOIN feed_report r ON r.id > b.above AND r.id <= b.upto
         WHERE b.change_id >= ? GROUP BY r.series_id",
    )?;
    let mut rows = series.query([later.change])?;
    while let Some(row) = rows.next()? {
        touched.insert(row.get(0)?, row.get(1)?);
    }
    let mut reviewed = conn.prepare(
        "SELECT DISTINCT c.series_id FROM history h JOIN candidate c ON c.id = json_extract(h.row_key, '$[0]')
         WHERE h.change_id >= ? AND h.table_name = 'candidate'",
    )?;
    let mut rows = reviewed.query([later.change])?;
    while let Some(row) = rows.next()? {
        touched.insert(row.get(0)?, i64::MIN);
    }
    conn.execute(
        "DELETE FROM feed_report WHERE EXISTS (SELECT 1 FROM feed_batch b WHERE b.change_id >= ? AND feed_report.id > b.above AND feed_report.id <= b.upto)",
        [later.change],
    )?;
    conn.execute("DELETE FROM feed_batch WHERE change_id >= ?", [later.change])?;
    Ok(touched)
}

fn revert_rows(conn: &Connection, later: &Later) -> Result<()> {
    let mut entries = conn.prepare(
        "SELECT table_name, row_key, op, before FROM history WHERE change_id >= ?1
           AND json_extract(row_key, '$[0]') <= CASE table_name WHEN 'action' THEN ?2 WHEN 'citation' THEN ?2 WHEN 'quantity' THEN ?2 WHEN 'link' THEN ?3
             WHEN 'source' THEN ?4 ELSE json_extract(row_key, '$[0]') END
         ORDER BY id DESC",
    )?;
    let mut entries = entries.query(params![later.change, later.action, later.link, later.source])?;
    let mut reversals = Reversals::default();
    while let Some(entry) = entries.next()? {
        let (table, key, op): (String, String, Op) = (entry.read("table_name")?, entry.read("row_key")?, entry.read("op")?);
        let before: Option<String> = entry.read("before")?;
        reversals.revert(conn, &table, op, before.as_deref(), &key)?;
    }
    Ok(())
}
