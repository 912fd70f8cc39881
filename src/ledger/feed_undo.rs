//! Undoing an import of a feed, and the review of a candidate.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension};

use crate::error::{Error, Result};
use crate::ledger::feed_fold;
use crate::ledger::feed_intake::window_in_force;

/// Deletes the reports that a change imported, before the change's own rows are reverted, and folds the affected series again.
///
/// # Errors
/// A candidate made from these reports has been reviewed since; the error names it and the change that reviewed it.
pub(super) fn delete_reports(conn: &Connection, change: i64) -> Result<()> {
    let mut batches = conn.prepare("SELECT above, upto FROM feed_batch WHERE change_id = ? ORDER BY id")?;
    let batches: Vec<(i64, i64)> = batches.query_map([change], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
    if batches.is_empty() {
        return Ok(());
    }
    let window = window_in_force(conn)?;
    let mut touched: HashMap<i64, i64> = HashMap::new();
    for (above, upto) in &batches {
        refuse_reviewed(conn, change, *above, *upto)?;
        let mut series = conn.prepare_cached("SELECT series_id, min(day) FROM feed_report WHERE id > ? AND id <= ? GROUP BY series_id")?;
        let mut rows = series.query([above, upto])?;
        while let Some(row) = rows.next()? {
            let (id, day): (i64, i64) = (row.get(0)?, row.get(1)?);
            touched.entry(id).and_modify(|first| *first = (*first).min(day)).or_insert(day);
        }
        conn.execute("DELETE FROM feed_report WHERE id > ? AND id <= ?", [above, upto])?;
    }
    conn.execute("DELETE FROM feed_batch WHERE change_id = ?", [change])?;
    let window_left = window_in_force(conn)?;
    if window_left == window {
        feed_fold::fold_from(conn, window, touched)?
    } else {
        feed_fold::fold_all(conn, window_left)?
    };
    Ok(())
}

/// Refuses to delete reports on which a later review of their candidate rests. Reports that came after the review can go.
fn refuse_reviewed(conn: &Connection, change: i64, above: i64, upto: i64) -> Result<()> {
    // A redo restores a review; the change that first made it counts.
    let later_review = "WITH reviewed (id, review, latest) AS (
           SELECT c.id, c.review, (SELECT max(change_id) FROM history WHERE table_name = 'candidate' AND row_key = json_array(c.id))
           FROM candidate c WHERE c.review IS NOT NULL AND EXISTS (SELECT 1 FROM feed_report r
             WHERE r.series_id = c.series_id AND r.day BETWEEN c.day AND c.last_day AND r.id > ?1 AND r.id <= ?2)),
         made (id, review, by) AS (
           SELECT id, review, coalesce((SELECT u.undoes FROM change r JOIN change u ON u.id = r.undoes WHERE r.id = latest), latest) FROM reviewed)
         SELECT id, review, by FROM made WHERE by > ?3 ORDER BY by DESC LIMIT 1";
    let reviewed: Option<(i64, String, i64)> =
        conn.query_row(later_review, [above, upto, change], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).optional()?;
    let Some((id, review, by)) = reviewed else { return Ok(()) };
    Err(Error::refused(
        format!("cannot undo change {change}"),
        format!("candidate {id}, which contains reports of that import, has been {review} since (change {by})"),
        format!("run 'recip undo {by}' first, or keep the reports and dismiss the candidates that are not yet reviewed"),
    ))
}

/// Refuses to redo an import of a feed, because its reports are no longer stored.
pub(super) fn refuse_redo_of_import(conn: &Connection, change: i64) -> Result<()> {
    let deleted: bool = conn.query_row(
        "SELECT EXISTS (SELECT 1 FROM history WHERE change_id = ? AND table_name = 'feed_batch' AND op = 'delete')",
        [change],
        |r| r.get(0),
    )?;
    if !deleted {
        return Ok(());
    }
    Err(Error::refused(
        format!("cannot redo what change {change} undid"),
        "the reports of an undone import are not kept",
        "import the files of the feed again",
    ))
}

/// Folds again the series of candidates that a reverted change had reviewed.
pub(super) fn refold_reviewed(conn: &Connection, change: i64) -> Result<()> {
    let mut reviewed = conn.prepare(
        "SELECT DISTINCT c.series_id FROM history h JOIN candidate c ON c.id = json_extract(h.row_key, '$[0]')
         WHERE h.change_id = ? AND h.table_name = 'candidate'",
    )?;
    let touched = reviewed.query_map([change], |r| Ok((r.get(0)?, i64::MIN)))?.collect::<rusqlite::Result<HashMap<i64, i64>>>()?;
    if !touched.is_empty() {
        feed_fold::fold_from(conn, window_in_force(conn)?, touched)?;
    }
    Ok(())
}
