//! Checks that the stored candidates equal those folded from the reports of feeds.

use rusqlite::Connection;

use super::Findings;
use crate::error::Result;

const REFOLD: &str = "import a file of the feed with another --window, which folds all reports again, and then with the present --window";

/// Compares each candidate with its reports, and finds reports that are in no candidate.
pub(super) fn compare(conn: &Connection, findings: &mut Findings) -> Result<()> {
    let mut differing = conn.prepare(
        "SELECT c.id FROM candidate c WHERE (c.last_day, c.added, c.reports, c.mentions, c.guessed) IS NOT (
           SELECT max(r.day), min(r.added), count(*), sum(r.mentions), min(r.guessed) FROM feed_report r
           WHERE r.series_id = c.series_id AND r.day BETWEEN c.day AND c.last_day)
         ORDER BY c.id",
    )?;
    let mut rows = differing.query([])?;
    while let Some(row) = rows.next()? {
        let place = format!("candidate {}", row.get::<_, i64>(0)?);
        findings.error("candidate", place, "its figures do not match its reports", REFOLD);
    }
    let mut orphans = conn.prepare(
        "SELECT r.feed, r.event FROM feed_report r WHERE NOT EXISTS (
           SELECT 1 FROM candidate c WHERE c.series_id = r.series_id AND r.day BETWEEN c.day AND c.last_day)
         ORDER BY r.id",
    )?;
    let mut rows = orphans.query([])?;
    while let Some(row) = rows.next()? {
        let place = format!("{} event {}", row.get::<_, String>(0)?, row.get::<_, String>(1)?);
        findings.error("candidate", place, "this report is in no candidate", REFOLD);
    }
    Ok(())
}
