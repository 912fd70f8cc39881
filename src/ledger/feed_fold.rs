//! Folding: combining the reports of a series that are only a few days apart into one candidate.
//!
//! The earliest report that is in no candidate begins one, which includes all reports within the window after it. The result depends on
//! the reports alone, not on the order in which they were imported. A reviewed candidate is an exception: its first day never changes,
//! and reports imported later are added to it if they are dated within the window after that day, or no later than its last report.
//!
//! Other engines fold with `src/report/portable/fold.sql`, which knows no reviews; `tests/lake/append.rs` compares the two.

use std::collections::HashMap;

use rusqlite::{Connection, Statement, params};

use crate::error::Result;

/// The derived values of a candidate, as stored or as folding computes them.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Fold {
    day: i64,
    last_day: i64,
    added: Option<i64>,
    reports: i64,
    mentions: i64,
    guessed: bool,
}

/// A candidate as stored in the ledger.
#[derive(Debug)]
struct StoredCandidate {
    id: i64,
    fold: Fold,
    reviewed: bool,
}

/// Folds each series again from the given day on; earlier candidates are not affected. Returns by how much the number of candidates grew.
pub(super) fn fold_from(conn: &Connection, window: i64, touched: HashMap<i64, i64>) -> Result<i64> {
    let mut touched: Vec<(i64, i64)> = touched.into_iter().collect();
    touched.sort_unstable();
    let mut folder = Folder::new(conn, window)?;
    touched.into_iter().try_fold(0, |growth, (series, day)| Ok(growth + folder.series(series, day)?))
}

/// Folds all series again.
pub(super) fn fold_all(conn: &Connection, window: i64) -> Result<i64> {
    let series: Vec<i64> =
        conn.prepare("SELECT id FROM series ORDER BY id")?.query_map([], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
    fold_from(conn, window, series.into_iter().map(|id| (id, i64::MIN)).collect())
}

/// A derived value of a candidate that differs from what its reports give.
#[derive(Debug)]
pub(super) struct Mismatch {
    pub candidate: i64,
    pub column: &'static str,
    /// The stored value, and the computed one.
    pub values: [Option<i64>; 2],
}

/// Folds all series in memory, and compares the candidates with the stored ones that contain the same days. A report that is in no stored
/// candidate is not noticed here.
pub(super) fn mismatches(conn: &Connection, window: i64) -> Result<Vec<Mismatch>> {
    let mut folder = Folder::new(conn, window)?;
    let mut found = Vec::new();
    let series: Vec<i64> =
        conn.prepare("SELECT id FROM series ORDER BY id")?.query_map([], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
    for id in series {
        let (stored, folds) = folder.both(id, i64::MIN)?;
        for candidate in stored {
            let same_days = |fold: &&Fold| fold.day <= candidate.fold.last_day && candidate.fold.day <= fold.last_day;
            match folds.iter().filter(same_days).min_by_key(|fold| fold.day.abs_diff(candidate.fold.day)) {
                Some(fold) => found.extend(candidate.fold.differences(fold).map(|(column, values)| Mismatch {
                    candidate: candidate.id,
                    column,
                    values,
                })),
                // The review of a candidate is kept even if its reports are not.
                None if candidate.reviewed => (),
                None => {
                    found.push(Mismatch { candidate: candidate.id, column: "reports", values: [Some(candidate.fold.reports), Some(0)] })
                }
            }
        }
    }
    Ok(found)
}

impl Fold {
    fn values(&self) -> [(&'static str, Option<i64>); 6] {
        [
            ("day", Some(self.day)),
            ("last_day", Some(self.last_day)),
            ("added", self.added),
            ("reports", Some(self.reports)),
            ("mentions", Some(self.mentions)),
            ("guessed", Some(self.guessed.into())),
        ]
    }

    /// The values in which another fold differs: the column, the value here, and the value there.
    fn differences(&self, other: &Fold) -> impl Iterator<Item = (&'static str, [Option<i64>; 2])> {
        let pairs = self.values().into_iter().zip(other.values());
        pairs.filter(|(here, there)| here != there).map(|(here, there)| (here.0, [here.1, there.1]))
    }
}

struct Folder<'c> {
    window: i64,
    start: Statement<'c>,
    stored: Statement<'c>,
    reports: Statement<'c>,
    insert: Statement<'c>,
    update: Statement<'c>,
    delete: Statement<'c>,
}

impl<'c> Folder<'c> {
    fn new(conn: &'c Connection, window: i64) -> Result<Folder<'c>> {
        Ok(Folder {
            window,
            start: conn.prepare("SELECT coalesce(max(day), ?2) FROM candidate WHERE series_id = ?1 AND day <= ?2")?,
            stored: conn.prepare(
                "SELECT id, day, last_day, added, reports, mentions, guessed, review IS NOT NULL FROM candidate
                 WHERE series_id = ? AND day >= ? ORDER BY day, id",
            )?,
            reports: conn.prepare("SELECT day, added, guessed, mentions FROM feed_report WHERE series_id = ? AND day >= ? ORDER BY day")?,
            insert: conn.prepare(
                "INSERT INTO candidate (series_id, day, last_day, added, reports, mentions, guessed) VALUES (?, ?, ?, ?, ?, ?, ?)",
            )?,
            update: conn.prepare(
                "UPDATE candidate SET day = ?2, last_day = ?3, added = ?4, reports = ?5, mentions = ?6, guessed = ?7 WHERE id = ?1",
            )?,
            delete: conn.prepare("DELETE FROM candidate WHERE id = ?")?,
        })
    }

    /// Folds a series from the candidate on that may contain this day: later reports cannot change where that candidate begins.
    fn series(&mut self, series: i64, day: i64) -> Result<i64> {
        let start: i64 = self.start.query_row([series, day], |r| r.get(0))?;
        let (stored, folds) = self.both(series, start)?;
        self.reconcile(series, &stored, &folds)
    }

    /// The candidates of a series from a day on, as stored and as folding computes them.
    fn both(&mut self, series: i64, start: i64) -> Result<(Vec<StoredCandidate>, Vec<Fold>)> {
        let stored: Vec<StoredCandidate> = self.stored.query_map([series, start], stored_candidate)?.collect::<rusqlite::Result<_>>()?;
        let kept: Vec<(i64, i64)> =
            stored.iter().filter(|h| h.reviewed).map(|h| (h.fold.day, h.fold.last_day.max(h.fold.day + self.window))).collect();
        let folds = self.fold(series, start, &kept)?;
        Ok((stored, folds))
    }

    fn fold(&mut self, series: i64, start: i64, kept: &[(i64, i64)]) -> Result<Vec<Fold>> {
        let mut folds: Vec<Fold> = Vec::new();
        let mut end = i64::MIN;
        let mut rows = self.reports.query([series, start])?;
        while let Some(row) = rows.next()? {
            let (day, added, guessed, mentions): (i64, Option<i64>, bool, i64) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
            match folds.last_mut() {
                Some(fold) if day <= end => {
                    fold.last_day = day;
                    fold.added = fold.added.into_iter().chain(added).min();
                    fold.reports += 1;
                    fold.mentions = fold.mentions.saturating_add(mentions);
                    fold.guessed &= guessed;
                }
                _ => {
                    let within = kept.iter().rev().find(|(first, last)| *first <= day && day <= *last);
                    let next = kept.iter().map(|(first, _)| *first).find(|first| *first > day);
                    let (day_begun, last) = within.copied().unwrap_or((day, day + self.window));
                    end = next.map_or(last, |next| last.min(next - 1));
                    folds.push(Fold { day: day_begun, last_day: day, added, reports: 1, mentions, guessed });
                }
            }
        }
        Ok(folds)
    }

    /// Writes the differences. A stored candidate keeps its id if its first day is still within the days of a candidate.
    fn reconcile(&mut self, series: i64, stored: &[StoredCandidate], folds: &[Fold]) -> Result<i64> {
        let mut growth = 0;
        let mut stored = stored.iter().peekable();
        for (n, fold) in folds.iter().enumerate() {
            let next = folds.get(n + 1).map_or(i64::MAX, |f| f.day);
            let mut known: Option<&StoredCandidate> = None;
            while let Some(h) = stored.next_if(|h| h.fold.day < next) {
                match known {
                    // A reviewed candidate takes precedence over an unreviewed one.
                    Some(k) if h.reviewed && !k.reviewed => {
                        self.delete.execute([k.id])?;
                        growth -= 1;
                        known = Some(h);
                    }
                    Some(_) if !h.reviewed => {
                        self.delete.execute([h.id])?;
                        growth -= 1;
                    }
                    Some(_) => (),
                    None => known = Some(h),
                }
            }
            match known {
                Some(h) if h.fold == *fold => (),
                Some(h) => {
                    self.update.execute(params![h.id, fold.day, fold.last_day, fold.added, fold.reports, fold.mentions, fold.guessed])?;
                }
                None => {
                    self.insert.execute(params![series, fold.day, fold.last_day, fold.added, fold.reports, fold.mentions, fold.guessed])?;
                    growth += 1;
                }
            }
        }
        // Candidates are left here only if the series has no reports any more.
        for h in stored.filter(|h| !h.reviewed) {
            self.delete.execute([h.id])?;
            growth -= 1;
        }
        Ok(growth)
    }
}

fn stored_candidate(row: &rusqlite::Row<'_>) -> rusqlite::Result<StoredCandidate> {
    let fold = Fold {
        day: row.get(1)?,
        last_day: row.get(2)?,
        added: row.get(3)?,
        reports: row.get(4)?,
        mentions: row.get(5)?,
        guessed: row.get(6)?,
    };
    Ok(StoredCandidate { id: row.get(0)?, fold, reviewed: row.get(7)? })
}
