//! Sorts the reports of a feed into the order of the files of a lake, and removes repeats. SQLite does it on disk, so the memory needed
//! does not depend on the number of reports.

use std::path::Path;

use rusqlite::{Connection, Row, params};

use crate::error::Result;
use crate::ledger::feed_intake::{FeedReport, Names};
use crate::model::{Day, Feed};

use super::table::REPORTS;

/// The reports of a feed in a table of their own, with the columns of [`REPORTS`] and, after them, the feed and the day on which it added
/// each report.
pub(super) struct Sorter {
    conn: Connection,
    feed: Feed,
}

impl Sorter {
    /// An empty table in this file, which is not kept.
    pub fn new(file: &Path, feed: Feed) -> Result<Sorter> {
        let conn = Connection::open(file)?;
        super::tune(&conn)?;
        let columns: Vec<&str> = REPORTS.columns.iter().map(|column| column.name).collect();
        conn.execute_batch(&format!(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;
             CREATE TABLE report ({}, feed, added, UNIQUE (event)); BEGIN",
            columns.join(", ")
        ))?;
        Ok(Sorter { conn, feed })
    }

    /// Adds reports, and returns how many of them it had already.
    pub fn add(&self, reports: &[FeedReport], names: Names<'_>) -> Result<u64> {
        let mut insert = self.conn.prepare_cached(
            "INSERT INTO report VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        )?;
        let mut repeated = 0;
        for r in reports {
            let new = insert.execute(params![
                r.event,
                names.parties[usize::from(r.series.actor)],
                names.parties[usize::from(r.series.target)],
                names.kinds[usize::from(r.series.kind)].0,
                r.series.stage,
                r.series.precision,
                r.dated.0,
                r.day.0,
                r.code,
                r.guessed,
                r.mentions,
                r.intensity,
                r.exchanged,
                r.actor,
                r.target,
                r.actor_type,
                r.target_type,
                r.place,
                r.source,
                self.feed,
                r.added.map(|day| day.0),
            ])?;
            repeated += u64::from(new == 0);
        }
        Ok(repeated)
    }

    /// The first and the last of the feed's identifiers; `None`: there are no reports.
    pub fn range(&self) -> Result<Option<[String; 2]>> {
        let [first, last]: [Option<String>; 2] =
            self.one("SELECT min(event), max(event) FROM report", |row| Ok([row.get(0)?, row.get(1)?]))?;
        Ok(first.zip(last).map(|(first, last)| [first, last]))
    }

    /// Removes the report with this identifier of the feed. Returns the number removed.
    pub fn remove(&self, event: &[u8]) -> Result<u64> {
        let Ok(event) = std::str::from_utf8(event) else { return Ok(0) };
        Ok(self.conn.prepare_cached("DELETE FROM report WHERE event = ?")?.execute([event])? as u64)
    }

    /// The parties and the kinds that the reports name.
    pub fn named(&self) -> Result<[Vec<String>; 2]> {
        let list = |select: &str| -> Result<Vec<String>> {
            let mut select = self.conn.prepare(select)?;
            let rows = select.query_map([], |row| row.get(0))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        };
        Ok([list("SELECT actor FROM report UNION SELECT target FROM report")?, list("SELECT DISTINCT kind FROM report")?])
    }

    /// The earliest day on which the feed added one of the reports; `None`: it says no day of them.
    pub fn since(&self) -> Result<Option<Day>> {
        self.one("SELECT min(added) FROM report", |row| Ok(row.get::<_, Option<i64>>(0)?.map(Day)))
    }

    /// Gives the reports to `take`, in the order of the files of a lake.
    pub fn each(&self, take: &mut dyn FnMut(&Row<'_>) -> Result<()>) -> Result<()> {
        let mut select = self.conn.prepare(&format!("SELECT * FROM report ORDER BY added, {}", REPORTS.sorted_by.join(", ")))?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            take(row)?;
        }
        Ok(())
    }

    fn one<T>(&self, select: &str, read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>) -> Result<T> {
        Ok(self.conn.query_row(select, [], read)?)
    }
}
