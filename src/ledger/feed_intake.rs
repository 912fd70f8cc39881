//! Importing the reports of a feed, batch by batch, and folding them into candidates.

use std::collections::HashMap;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OptionalExtension, params};

use crate::error::Result;
use crate::ledger::feed_fold;
use crate::model::{Day, Feed, Precision, Sign, Stage};

/// The default window: the number of days after the first report of an event within which further reports count as repeats of it.
pub const WINDOW_DAYS: i64 = 3;

/// What the reports of a series have in common. Parties and kinds are indexes into [`Names`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct SeriesKey {
    pub actor: u16,
    pub target: u16,
    pub kind: u16,
    pub stage: Stage,
    pub precision: Precision,
}

/// One report of a feed.
#[derive(Debug, Clone)]
pub(crate) struct FeedReport {
    pub event: String,
    pub series: SeriesKey,
    /// The day that the feed gives.
    pub dated: Day,
    /// The day used for folding: the first day of the month or year if the feed's date is only that precise.
    pub day: Day,
    pub added: Option<Day>,
    pub code: String,
    pub guessed: bool,
    pub mentions: i64,
    /// The intensity that the feed gives.
    pub intensity: Option<f64>,
    /// True if the feed names actor and target the other way round.
    pub exchanged: bool,
    pub actor: Option<String>,
    pub target: Option<String>,
    pub actor_type: Option<String>,
    pub target_type: Option<String>,
    pub place: Option<String>,
    pub source: Option<String>,
}

/// The parties and kinds that reports name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Names<'n> {
    /// Codes of parties, by index.
    pub parties: &'n [String],
    /// Names and signs of kinds, by index.
    pub kinds: &'n [(String, Sign)],
}

/// What an import has done so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Taken {
    /// New reports that were added.
    pub added: u64,
    /// Reports that the ledger had already.
    pub present: u64,
    /// By how much the number of candidates grew.
    pub candidates: i64,
}

/// An import of a feed, over all its batches.
#[derive(Debug)]
pub(crate) struct Intake {
    feed: Feed,
    window: i64,
    series: HashMap<SeriesKey, i64>,
    /// What it has done so far.
    pub taken: Taken,
}

impl Intake {
    /// Begins an import. Without `window` it uses the window that is in force.
    pub fn new(conn: &Connection, feed: Feed, window: Option<i64>) -> Result<Intake> {
        let window = match window {
            Some(days) => days,
            None => window_in_force(conn)?,
        };
        Ok(Intake { feed, window, series: HashMap::new(), taken: Taken::default() })
    }

    /// The maximum number of days between the first report of an event and a repeat.
    pub fn window(&self) -> i64 {
        self.window
    }

    /// Adds a batch to the ledger, in the transaction of a change, and folds the series that it touches.
    pub fn put(&mut self, conn: &Connection, names: Names<'_>, batch: &[FeedReport]) -> Result<()> {
        let refold_all =
            self.window != window_in_force(conn)? && conn.query_row("SELECT EXISTS (SELECT 1 FROM feed_batch)", [], |r| r.get(0))?;
        let above: i64 = conn.query_row("SELECT coalesce(max(id), 0) FROM feed_report", [], |r| r.get(0))?;
        let series = batch.iter().map(|report| self.series_id(conn, names, report.series)).collect::<Result<Vec<_>>>()?;
        // In the order of the most used index, so that the reports of a series are stored close together.
        let mut order: Vec<usize> = (0..batch.len()).collect();
        order.sort_by_key(|at| (series[*at], batch[*at].day));
        // The triggers enforce the rules for other clients; here they would only cost time for each of a million rows.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
        let touched = self.insert(conn, order.iter().map(|at| (series[*at], &batch[*at])));
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, true)?;
        let touched = touched?;
        if touched.is_empty() && !refold_all {
            // A batch that changes nothing is rolled back, and with it any series made for it, so the cached ids are no longer valid.
            self.series.clear();
            return Ok(());
        }
        self.record_batch(conn, above)?;
        let before = self.taken.candidates;
        self.taken.candidates =
            before + if refold_all { feed_fold::fold_all(conn, self.window)? } else { feed_fold::fold_from(conn, self.window, touched)? };
        Ok(())
    }

    /// Adds the new reports. Returns the series they touch, each with its earliest day.
    fn insert<'r>(&mut self, conn: &Connection, reports: impl Iterator<Item = (i64, &'r FeedReport)>) -> Result<HashMap<i64, i64>> {
        let mut touched: HashMap<i64, i64> = HashMap::new();
        let mut insert = conn.prepare_cached(
            "INSERT INTO feed_report (feed, event, series_id, dated, day, added, code, guessed, mentions, intensity, exchanged, actor, target,
               actor_type, target_type, place, source)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        )?;
        for (series, r) in reports {
            let new = insert.execute(params![
                self.feed,
                r.event,
                series,
                r.dated.0,
                r.day.0,
                r.added.map(|d| d.0),
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
                r.source
            ])?;
            if new == 0 {
                self.taken.present += 1;
                continue;
            }
            self.taken.added += 1;
            touched.entry(series).and_modify(|first| *first = (*first).min(r.day.0)).or_insert(r.day.0);
        }
        Ok(touched)
    }

    /// Records which change imported the reports with ids greater than `above`.
    fn record_batch(&self, conn: &Connection, above: i64) -> Result<()> {
        let upto: i64 = conn.query_row("SELECT coalesce(max(id), 0) FROM feed_report", [], |r| r.get(0))?;
        let grown = conn.execute(
            "UPDATE feed_batch SET upto = ?1 WHERE id = (SELECT max(id) FROM feed_batch) AND upto = ?2 AND feed = ?3 AND window_days = ?4
               AND change_id = (SELECT change_id FROM current_change)",
            params![upto, above, self.feed, self.window],
        )?;
        if grown == 0 {
            conn.execute(
                "INSERT INTO feed_batch (change_id, feed, window_days, above, upto) SELECT change_id, ?1, ?2, ?3, ?4 FROM current_change",
                params![self.feed, self.window, above, upto],
            )?;
        }
        Ok(())
    }

    fn series_id(&mut self, conn: &Connection, names: Names<'_>, key: SeriesKey) -> Result<i64> {
        if let Some(id) = self.series.get(&key) {
            return Ok(*id);
        }
        let (kind, sign) = &names.kinds[usize::from(key.kind)];
        let (actor, target) = (&names.parties[usize::from(key.actor)], &names.parties[usize::from(key.target)]);
        let known = conn
            .prepare_cached("SELECT id FROM series WHERE actor = ? AND target = ? AND kind = ? AND stage = ? AND precision = ?")?
            .query_row(params![actor, target, kind, key.stage, key.precision], |r| r.get(0))
            .optional()?;
        let id = match known {
            Some(id) => id,
            None => {
                let claims = key.stage != Stage::Threatened && *sign != Sign::Neutral;
                conn.prepare_cached("INSERT INTO series (actor, target, kind, stage, precision, claims) VALUES (?, ?, ?, ?, ?, ?)")?
                    .execute(params![actor, target, kind, key.stage, key.precision, claims])?;
                conn.last_insert_rowid()
            }
        };
        self.series.insert(key, id);
        Ok(id)
    }
}

/// The window in force: that of the latest import, else the default.
pub(crate) fn window_in_force(conn: &Connection) -> Result<i64> {
    let last = conn.query_row("SELECT window_days FROM feed_batch ORDER BY id DESC LIMIT 1", [], |r| r.get(0)).optional()?;
    Ok(last.unwrap_or(WINDOW_DAYS))
}
