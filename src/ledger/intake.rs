//! Taking in the reports of a feed, batch by batch, and folding them into candidates.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, params};

use crate::error::{Error, Result};
use crate::ledger::fold;
use crate::model::{Day, Feed, Precision, Sign, Stage};

/// Repeats of an event are looked for up to so many days after its first report, where nobody says otherwise.
pub const WINDOW_DAYS: i64 = 3;

/// What the reports of a series have in common; parties and kinds by their numbers in [`Names`].
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
    /// The day the feed gives.
    pub dated: Day,
    /// The day it counts from.
    pub day: Day,
    pub added: Option<Day>,
    pub code: String,
    pub guessed: bool,
    pub mentions: i64,
    pub actor: Option<String>,
    pub target: Option<String>,
    pub place: Option<String>,
    pub source: Option<String>,
}

/// The parties and kinds that reports name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Names<'n> {
    /// Codes of parties.
    pub parties: &'n [String],
    /// Names of kinds, with their signs.
    pub kinds: &'n [(String, Sign)],
}

/// What an intake has done so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Taken {
    /// Reports that are new.
    pub added: u64,
    /// Reports that were there already.
    pub present: u64,
    /// Candidates that were made.
    pub candidates: i64,
}

/// The import of a feed, over all its batches.
#[derive(Debug)]
pub(crate) struct Intake {
    feed: Feed,
    window: i64,
    series: HashMap<SeriesKey, i64>,
    /// What it has done.
    pub taken: Taken,
}

impl Intake {
    /// Begins an import; `window`: as given, else as in force.
    pub fn new(conn: &Connection, feed: Feed, window: Option<i64>) -> Result<Intake> {
        let window = match window {
            Some(days) => days,
            None => window_in_force(conn)?,
        };
        Ok(Intake { feed, window, series: HashMap::new(), taken: Taken::default() })
    }

    /// The days that repeats of an event may be apart.
    pub fn window(&self) -> i64 {
        self.window
    }

    /// Puts a batch into the ledger, in the transaction of a change, and folds what it touches.
    pub fn put(&mut self, conn: &Connection, names: Names<'_>, mut batch: Vec<FeedReport>) -> Result<()> {
        let anew = self.window != window_in_force(conn)? && conn.query_row("SELECT EXISTS (SELECT 1 FROM feed_batch)", [], |r| r.get(0))?;
        let above: i64 = conn.query_row("SELECT coalesce(max(id), 0) FROM feed_report", [], |r| r.get(0))?;
        // Stable: of reports with one identifier the first of the file stays.
        let mut keyed = Vec::with_capacity(batch.len());
        for report in batch.drain(..) {
            keyed.push((self.series_id(conn, names, report.series)?, report));
        }
        keyed.sort_by_key(|(series, report)| (*series, report.day));
        let mut touched: HashMap<i64, i64> = HashMap::new();
        let mut insert = conn.prepare_cached(
            "INSERT INTO feed_report (feed, event, series_id, dated, day, added, code, guessed, mentions, actor, target, place, source)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        )?;
        for (series, r) in &keyed {
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
                r.actor,
                r.target,
                r.place,
                r.source
            ])?;
            if new == 0 {
                self.taken.present += 1;
                continue;
            }
            self.taken.added += 1;
            touched.entry(*series).and_modify(|first| *first = (*first).min(r.day.0)).or_insert(r.day.0);
        }
        if !touched.is_empty() || anew {
            self.note(conn, above)?;
        }
        let before = self.taken.candidates;
        self.taken.candidates = before + if anew { fold::all(conn, self.window)? } else { fold::from(conn, self.window, touched)? };
        Ok(())
    }

    /// Notes which change brought the reports above this id.
    fn note(&self, conn: &Connection, above: i64) -> Result<()> {
        let upto: i64 = conn.query_row("SELECT coalesce(max(id), 0) FROM feed_report", [], |r| r.get(0))?;
        let grown = conn.execute(
            "UPDATE feed_batch SET upto = ?1 WHERE id = (SELECT max(id) FROM feed_batch) AND upto = ?2 AND feed = ?3 AND window_days = ?4
               AND change_id = (SELECT change_id FROM under_way)",
            params![upto, above, self.feed, self.window],
        )?;
        if grown == 0 {
            conn.execute(
                "INSERT INTO feed_batch (change_id, feed, window_days, above, upto) SELECT change_id, ?1, ?2, ?3, ?4 FROM under_way",
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

/// The window that candidates are folded with.
pub(super) fn window_in_force(conn: &Connection) -> Result<i64> {
    let last = conn.query_row("SELECT window_days FROM feed_batch ORDER BY id DESC LIMIT 1", [], |r| r.get(0)).optional()?;
    Ok(last.unwrap_or(WINDOW_DAYS))
}

/// Takes away the reports that a change brought, before the change's own rows go. Candidates are folded anew.
///
/// # Errors
/// Somebody has reviewed a candidate that they are part of: it is named.
pub(super) fn take_away(conn: &Connection, change: i64) -> Result<()> {
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
    let left = window_in_force(conn)?;
    if left == window {
        fold::from(conn, window, touched)?
    } else {
        fold::all(conn, left)?
    };
    Ok(())
}

fn refuse_reviewed(conn: &Connection, change: i64, above: i64, upto: i64) -> Result<()> {
    let reviewed: Option<(i64, String)> = conn
        .query_row(
            "SELECT c.id, c.review FROM candidate c WHERE c.review IS NOT NULL AND EXISTS (SELECT 1 FROM feed_report r
               WHERE r.series_id = c.series_id AND r.day BETWEEN c.day AND c.last_day AND r.id > ?1 AND r.id <= ?2) ORDER BY c.id LIMIT 1",
            [above, upto],
            |r| Ok((r.get(0)?, r.get(1)?)),
        )
        .optional()?;
    match reviewed {
        None => Ok(()),
        Some((id, review)) => {
            let by: Option<i64> = conn
                .query_row("SELECT max(change_id) FROM history WHERE table_name = 'candidate' AND row_key = json_array(?1)", [id], |r| {
                    r.get(0)
                })
                .optional()?
                .flatten();
            let since = by.map_or(String::new(), |by| format!(" (change {by})"));
            Err(Error::refused(
                format!("undo change {change}"),
                format!("candidate {id}, which it reports, was {review} since{since}"),
                "undo that first, or leave the reports and dismiss the candidates",
            ))
        }
    }
}

/// Refuses to bring back reports that are gone.
pub(super) fn refuse_to_bring_back(conn: &Connection, change: i64) -> Result<()> {
    let gone: bool = conn.query_row(
        "SELECT EXISTS (SELECT 1 FROM history WHERE change_id = ? AND table_name = 'feed_batch' AND op = 'delete')",
        [change],
        |r| r.get(0),
    )?;
    if !gone {
        return Ok(());
    }
    Err(Error::refused(format!("make again what change {change} undid"), "the reports of the feed are not kept", "import its files again"))
}

/// Folds anew where a change that was taken back had reviewed candidates.
pub(super) fn fold_reviewed(conn: &Connection, change: i64) -> Result<()> {
    let mut reviewed = conn.prepare(
        "SELECT DISTINCT c.series_id FROM history h JOIN candidate c ON c.id = json_extract(h.row_key, '$[0]')
         WHERE h.change_id = ? AND h.table_name = 'candidate'",
    )?;
    let touched = reviewed.query_map([change], |r| Ok((r.get(0)?, i64::MIN)))?.collect::<rusqlite::Result<HashMap<i64, i64>>>()?;
    if !touched.is_empty() {
        fold::from(conn, window_in_force(conn)?, touched)?;
    }
    Ok(())
}
