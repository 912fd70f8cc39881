//! Whether candidates are what the reports of feeds fold into.

use rusqlite::Connection;

use super::Findings;
use crate::error::Result;

const MEND: &str = "import a file of the feed with another --window, which folds all anew, and with this one again";

/// Compares each candidate with its reports, and looks for reports that are in none.
pub(super) fn folded(conn: &Connection, findings: &mut Findings) -> Result<()> {
    let mut other = conn.prepare(
        "SELECT c.id FROM candidate c WHERE (c.last_day, c.added, c.reports, c.mentions, c.guessed) IS NOT (
           SELECT max(r.day), min(r.added), count(*), sum(r.mentions), min(r.guessed) FROM feed_report r
           WHERE r.series_id = c.series_id AND r.day BETWEEN c.day AND c.last_day)
         ORDER BY c.id",
    )?;
    let mut rows = other.query([])?;
    while let Some(row) = rows.next()? {
        let place = format!("candidate {}", row.get::<_, i64>(0)?);
        findings.error("candidate", place, "its figures are not those of its reports", MEND);
    }
    let mut alone = conn.prepare(
        "SELECT r.feed, r.event FROM feed_report r WHERE NOT EXISTS (
           SELECT 1 FROM candidate c WHERE c.series_id = r.series_id AND r.day BETWEEN c.day AND c.last_day)
         ORDER BY r.id",
    )?;
    let mut rows = alone.query([])?;
    while let Some(row) = rows.next()? {
        let place = format!("{} event {}", row.get::<_, String>(0)?, row.get::<_, String>(1)?);
        findings.error("candidate", place, "this report of a feed is in no candidate", MEND);
    }
    Ok(())
}
