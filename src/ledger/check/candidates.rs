//! Checks that the stored candidates equal those folded from the reports of feeds, and that the imports account for the reports.

use rusqlite::Connection;

use super::Findings;
use crate::error::Result;
use crate::ledger::feed_fold;
use crate::ledger::feed_intake::window_in_force;
use crate::record::ReadColumn;

const REFOLD: &str = "import a file of the feed with another --window, which folds all reports again, and then with the present --window";
const RESTORE: &str = "restore a backup: another program has altered the reports of feeds";

/// Compares each candidate, each series and each import with the reports, and finds reports that are in no candidate.
pub(super) fn compare(conn: &Connection, findings: &mut Findings) -> Result<()> {
    for mismatch in feed_fold::mismatches(conn, window_in_force(conn)?)? {
        let [stored, computed] = mismatch.values.map(|value| value.map_or("unknown".to_owned(), |n| n.to_string()));
        let what = format!("{} is stored as {stored}, but its reports give {computed}", mismatch.column);
        findings.error("candidate", format!("candidate {}", mismatch.candidate), what, REFOLD);
    }
    orphans(conn, findings)?;
    series(conn, findings)?;
    batches(conn, findings)
}

fn orphans(conn: &Connection, findings: &mut Findings) -> Result<()> {
    let mut orphans = conn.prepare(
        "SELECT r.feed, r.event FROM feed_report r WHERE NOT EXISTS (
           SELECT 1 FROM candidate c WHERE c.series_id = r.series_id AND r.day BETWEEN c.day AND c.last_day)
         ORDER BY r.id",
    )?;
    let mut rows = orphans.query([])?;
    while let Some(row) = rows.next()? {
        let place = format!("{} event {}", row.read::<String>(0)?, row.read::<String>(1)?);
        findings.error("candidate", place, "this report is in no candidate", REFOLD);
    }
    Ok(())
}

/// Checks whether the acts of each series open claims.
fn series(conn: &Connection, findings: &mut Findings) -> Result<()> {
    let mut select = conn.prepare(
        "SELECT s.id, s.claims, s.stage <> 'threatened' AND k.sign <> 'neutral' AS computed
         FROM series s JOIN kind k ON k.name = s.kind WHERE s.claims <> computed ORDER BY s.id",
    )?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let (id, stored, computed): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let what = format!("claims is stored as {stored}, but its kind and stage give {computed}");
        let help = format!("another program wrote it; to correct it: sqlite3 FILE 'UPDATE series SET claims = {computed} WHERE id = {id}'");
        findings.error("candidate", format!("series {id}"), what, help);
    }
    Ok(())
}

/// Checks that the imports of feeds account for each report exactly once. The ids of an import's reports have no gaps.
fn batches(conn: &Connection, findings: &mut Findings) -> Result<()> {
    let mut select = conn.prepare(
        "SELECT b.id, b.upto - b.above, (SELECT count(*) FROM feed_report r WHERE r.id > b.above AND r.id <= b.upto AND r.feed = b.feed),
           b.above < coalesce((SELECT max(p.upto) FROM feed_batch p WHERE p.id < b.id), 0)
         FROM feed_batch b ORDER BY b.id",
    )?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let (id, expected, found, overlaps): (i64, i64, i64, bool) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
        let place = format!("table feed_batch, row {id}");
        if overlaps {
            findings.error("candidate", &place, "it claims reports of an earlier import", RESTORE);
        }
        if expected != found {
            let what = format!("it records an import of {expected} reports, but the ledger has {found} of them");
            findings.error("candidate", &place, what, RESTORE);
        }
    }
    let mut select = conn.prepare(
        "SELECT r.id FROM feed_report r WHERE NOT EXISTS (SELECT 1 FROM feed_batch b WHERE r.id > b.above AND r.id <= b.upto) ORDER BY r.id",
    )?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let place = format!("table feed_report, row {}", row.get::<_, i64>(0)?);
        findings.error("candidate", place, "no import in the ledger added it", RESTORE);
    }
    Ok(())
}
