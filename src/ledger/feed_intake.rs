//! Importing the reports of a feed, batch by batch, and folding them into candidates.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, params};

use crate::error::Result;
use crate::ledger::{feed_fold, guard};
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
    /// The file and the line that it comes from; `None`: it comes from a lake.
    pub place_in_files: Option<(Arc<str>, u64)>,
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

impl FeedReport {
    /// What it says happened. `codes` are those of the parties, by index.
    pub fn act<'r>(&'r self, codes: &'r [String]) -> ReportedAct<'r> {
        let [actor, target] = [self.series.actor, self.series.target].map(|party| codes[usize::from(party)].as_str());
        ReportedAct::new(self.dated, [actor, target], self.exchanged, &self.code)
    }
}

/// What a report says happened, with the parties in the order of the feed. Two reports with one identifier are the same if they agree in it: a
/// feed may publish an event again with other mentions, and a map may give its code another kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ReportedAct<'r> {
    dated: Day,
    parties: [&'r str; 2],
    code: &'r str,
}

impl<'r> ReportedAct<'r> {
    /// `exchanged`: the feed names the parties the other way round.
    fn new(dated: Day, [actor, target]: [&'r str; 2], exchanged: bool, code: &'r str) -> ReportedAct<'r> {
        ReportedAct { dated, parties: if exchanged { [target, actor] } else { [actor, target] }, code }
    }

    /// Says that it is not the act that the identifier `event` stands for.
    pub fn instead_of(&self, first: &ReportedAct<'_>, event: &str) -> String {
        format!("the identifier {event} comes again with another act: {self}; the first is kept: {first}")
    }
}

impl fmt::Display for ReportedAct<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [actor, target] = self.parties;
        write!(f, "{actor} -> {target}, code {}, {}", self.code, self.dated)
    }
}

/// A report whose identifier stands for another act in the ledger.
#[derive(Debug)]
pub(crate) struct OtherEvent {
    /// The file and the line that it comes from; `None`: it comes from a lake.
    pub place_in_files: Option<(Arc<str>, u64)>,
    pub why: String,
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
    /// Reports that repeat one that this import added.
    pub repeated: u64,
    /// Reports that the ledger had already, but as another kind of act or at another stage than this import reads.
    pub of_other_kind: u64,
    /// By how much the number of candidates grew.
    pub candidates: i64,
}

/// An import of a feed, over all its batches.
#[derive(Debug)]
pub(crate) struct Intake {
    feed: Feed,
    window: i64,
    series: HashMap<SeriesKey, i64>,
    /// The id of the last report before this import.
    last_before: i64,
    /// What it has done so far.
    pub taken: Taken,
    /// The changes that imported the reports that have another kind now.
    pub changes_of_other_kind: BTreeSet<i64>,
}

impl Intake {
    /// Begins an import. Without `window` it uses the window that is in force.
    pub fn new(conn: &Connection, feed: Feed, window: Option<i64>) -> Result<Intake> {
        let window = match window {
            Some(days) => days,
            None => window_in_force(conn)?,
        };
        let last_before = last_report(conn)?;
        let (series, taken, changes_of_other_kind) = (HashMap::new(), Taken::default(), BTreeSet::new());
        Ok(Intake { feed, window, series, last_before, taken, changes_of_other_kind })
    }

    /// The maximum number of days between the first report of an event and a repeat.
    pub fn window(&self) -> i64 {
        self.window
    }

    /// Adds a batch to the ledger, in the transaction of a change, and folds the series that it touches. Returns the reports whose identifiers
    /// stand for other acts, in their order.
    pub fn put(&mut self, conn: &Connection, names: Names<'_>, batch: &[FeedReport]) -> Result<Vec<OtherEvent>> {
        let refold_all =
            self.window != window_in_force(conn)? && conn.query_row("SELECT EXISTS (SELECT 1 FROM feed_batch)", [], |r| r.get(0))?;
        let above = last_report(conn)?;
        let series = batch.iter().map(|report| self.series_id(conn, names, report.series)).collect::<Result<Vec<_>>>()?;
        // In the order of the most used index, so that the reports of a series are stored close together.
        let mut order: Vec<usize> = (0..batch.len()).collect();
        order.sort_by_key(|at| (series[*at], batch[*at].day));
        // The triggers enforce the rules for other clients; here they would only cost time for each of a million rows.
        let mut others = Vec::new();
        let in_order = order.iter().map(|at| (series[*at], &batch[*at]));
        let touched = guard::without_triggers(conn, || self.insert(conn, names, in_order, &mut others))?;
        others.sort_by(|one, other| one.place_in_files.cmp(&other.place_in_files));
        if touched.is_empty() && !refold_all {
            // A batch that changes nothing is rolled back, and with it any series made for it, so the cached ids are no longer valid.
            self.series.clear();
            return Ok(others);
        }
        self.record_batch(conn, above)?;
        let before = self.taken.candidates;
        self.taken.candidates =
            before + if refold_all { feed_fold::fold_all(conn, self.window)? } else { feed_fold::fold_from(conn, self.window, touched)? };
        Ok(others)
    }

    /// Adds the new reports, and those whose identifiers stand for other acts to `others`. Returns the series they touch, each with its
    /// earliest day.
    fn insert<'r>(
        &mut self,
        conn: &Connection,
        names: Names<'_>,
        reports: impl Iterator<Item = (i64, &'r FeedReport)>,
        others: &mut Vec<OtherEvent>,
    ) -> Result<HashMap<i64, i64>> {
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
                others.extend(self.compare(conn, names, r)?);
                continue;
            }
            self.taken.added += 1;
            touched.entry(series).and_modify(|first| *first = (*first).min(r.day.0)).or_insert(r.day.0);
        }
        Ok(touched)
    }

    /// Compares a report with the one that has its identifier. Returns it if that one is of another act.
    fn compare(&mut self, conn: &Connection, names: Names<'_>, report: &FeedReport) -> Result<Option<OtherEvent>> {
        let mut select = conn.prepare_cached(
            "SELECT r.id, r.dated, r.code, r.exchanged, s.actor, s.target, s.kind, s.stage
             FROM feed_report r JOIN series s ON s.id = r.series_id WHERE r.event = ? AND r.feed = ?",
        )?;
        let (id, dated, code, exchanged, actor, target, kind, stage): (i64, i64, String, bool, String, String, String, Stage) = select
            .query_row(params![report.event, self.feed], |r| {
                Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?, r.get(6)?, r.get(7)?))
            })?;
        let held = ReportedAct::new(Day(dated), [&actor, &target], exchanged, &code);
        let given = report.act(names.parties);
        if held != given {
            return Ok(Some(OtherEvent { place_in_files: report.place_in_files.clone(), why: given.instead_of(&held, &report.event) }));
        }
        if id > self.last_before {
            self.taken.repeated += 1;
            return Ok(None);
        }
        self.taken.present += 1;
        if (kind.as_str(), stage) != (names.kinds[usize::from(report.series.kind)].0.as_str(), report.series.stage) {
            self.taken.of_other_kind += 1;
            let change = conn
                .prepare_cached("SELECT change_id FROM feed_batch WHERE above < ?1 AND upto >= ?1")?
                .query_row([id], |r| r.get(0))
                .optional()?;
            self.changes_of_other_kind.extend::<Option<i64>>(change);
        }
        Ok(None)
    }

    /// Records which change imported the reports with ids greater than `above`.
    fn record_batch(&self, conn: &Connection, above: i64) -> Result<()> {
        let upto = last_report(conn)?;
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

/// The id of the last report; 0: there is none.
fn last_report(conn: &Connection) -> Result<i64> {
    Ok(conn.query_row("SELECT coalesce(max(id), 0) FROM feed_report", [], |r| r.get(0))?)
}

/// The window in force: that of the latest import, else the default.
pub(crate) fn window_in_force(conn: &Connection) -> Result<i64> {
    let last = conn.query_row("SELECT window_days FROM feed_batch ORDER BY id DESC LIMIT 1", [], |r| r.get(0)).optional()?;
    Ok(last.unwrap_or(WINDOW_DAYS))
}
