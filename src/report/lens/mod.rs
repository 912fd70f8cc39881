//! The ledger seen through a selection: as of a day, for a pair, a kind, a case.
//!
//! Every report is a view in `schema.sql` that stands on a few others: the day, the actions of a pair, those that are shown, the links that
//! have taken effect, the weights in force. A lens puts temporary views of the same names in their place and, above them, the schema's
//! other views again as temporary ones. So a report for a past day or for one pair is the very SQL of the view.

mod suggested;
mod views;

use std::ops::Deref;

use rusqlite::{Connection, params};

use crate::error::Result;
use crate::ledger::{Ledger, Moment, catalogue};
use crate::model::Day;
use crate::report::{Pair, Selection};

/// A connection that sees a ledger through a selection, as it is at one moment, until it is dropped.
#[derive(Debug)]
pub struct Lens<'l> {
    conn: &'l Connection,
    as_of: Day,
    instant: i64,
    known: Option<&'l Moment>,
    read_at: Option<&'l str>,
    scale: String,
    period: (Option<Day>, Option<Day>),
    narrows: bool,
    with_candidates: bool,
    /// It holds the moment itself: no transaction was under way.
    holds: bool,
}

/// The scale of weights where none is named.
const DEFAULT_SCALE: &str = "goldstein";

/// The condition that every action meets.
const ALL: &str = "1";

impl Lens<'_> {
    /// Looks at `ledger` through `selection`.
    ///
    /// # Errors
    /// A party, kind, dispute or scale of the selection is unknown.
    pub fn new<'l>(ledger: &'l Ledger, selection: &Selection) -> Result<Lens<'l>> {
        let conn = ledger.connection();
        let as_of = selection.as_of.unwrap_or_else(|| ledger.clock().today());
        let instant = selection.as_of.map_or_else(|| ledger.clock().seconds(), |day| (day.0.saturating_add(1)).saturating_mul(86_400));
        let period = (selection.since, selection.until);
        let (known, read_at, with_candidates) = (ledger.known(), ledger.read_at(), selection.with_candidates);
        let (scale, narrows, holds) = (DEFAULT_SCALE.to_owned(), false, conn.is_autocommit());
        if holds {
            // What others write meanwhile is not mixed in, however many questions a report asks.
            conn.execute_batch("BEGIN")?;
        }
        let mut lens = Lens { conn, as_of, instant, known, read_at, scale, period, narrows, with_candidates, holds };
        if let Some(name) = &selection.scale {
            lens.scale = catalogue::find_scale(conn, name)?.name;
        }
        lens.fit(selection)?;
        Ok(lens)
    }

    /// The day it looks from.
    pub fn as_of(&self) -> Day {
        self.as_of
    }

    /// The moment it looks from, in seconds from the beginning of 1970: now, or the end of the day asked for, in UTC.
    pub fn instant(&self) -> i64 {
        self.instant
    }

    /// The moment at which it was known so; `None`: now.
    pub fn known(&self) -> Option<&Moment> {
        self.known
    }

    /// Whether it shows the whole ledger: then what was voided is given out too.
    pub(crate) fn is_whole(&self) -> Result<bool> {
        Ok(self.conn.query_row(
            "SELECT day = 9223372036854775807 AND since IS NULL AND until IS NULL AND NOT EXISTS (SELECT 1 FROM temp.chosen WHERE what <> 'scale')
             FROM temp.moment",
            [],
            |r| r.get(0),
        )?)
    }

    /// When a file of text was read into the ledger it looks at; `None`: it was not. See [`Ledger::read_at`].
    pub fn read_at(&self) -> Option<&str> {
        self.read_at
    }

    /// The scale its weights are on.
    pub fn scale(&self) -> &str {
        &self.scale
    }

    /// The first and the last day of the actions it shows, where the selection limits them.
    pub fn period(&self) -> (Option<Day>, Option<Day>) {
        self.period
    }

    /// True where it shows less than all that is reckoned over: a kind, a period, a case.
    pub fn narrows(&self) -> bool {
        self.narrows
    }

    /// True where candidates count.
    pub(crate) fn with_candidates(&self) -> bool {
        self.with_candidates
    }

    /// Lays the temporary views over the schema's. A value goes into a temporary table, never into the SQL; which
    /// conditions there are depends on the selection, so that a question about a pair reaches only its rows.
    fn fit(&mut self, selection: &Selection) -> Result<()> {
        let conn = self.conn;
        conn.execute_batch(
            "CREATE TEMP TABLE chosen (what TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (what, value)) WITHOUT ROWID;
             CREATE TEMP TABLE moment (day INTEGER NOT NULL, since INTEGER, until INTEGER)",
        )?;
        let as_of = if selection.whatever_day { i64::MAX } else { self.as_of.0 };
        conn.execute("INSERT INTO moment VALUES (?, ?, ?)", params![as_of, selection.since.map(|d| d.0), selection.until.map(|d| d.0)])?;
        self.choose("scale", &self.scale)?;
        let (of_pair, of_actions) = (self.of_pair(selection)?, self.of_actions(selection)?);
        self.narrows = of_actions != ALL;
        if let Some(over) = selection.with_suggested {
            suggested::derive(self, of_pair, over)?;
        }
        conn.execute_batch(&views::of_selection(of_pair, &of_actions, selection))?;
        if selection.with_suggested.is_some() {
            conn.execute_batch(views::WITH_SUGGESTED)?;
        }
        conn.execute_batch(&views::of_reports(selection.with_suggested.is_some()))?;
        Ok(())
    }

    fn choose(&self, what: &str, value: &str) -> Result<()> {
        self.conn.prepare_cached("INSERT OR IGNORE INTO chosen VALUES (?, ?)")?.execute([what, value])?;
        Ok(())
    }

    fn choose_party(&self, what: &str, name: &str) -> Result<()> {
        self.choose(what, &catalogue::find_party(self.conn, name)?.code)
    }

    /// The conditions on the parties of all that is reckoned over.
    fn of_pair(&self, selection: &Selection) -> Result<&'static str> {
        match &selection.pair {
            None => Ok(ALL),
            Some(Pair::One(party)) => {
                self.choose_party("pair", party)?;
                Ok("(actor IN (SELECT value FROM chosen WHERE what = 'pair') OR target IN (SELECT value FROM chosen WHERE what = 'pair'))")
            }
            Some(Pair::Both(a, b)) => {
                self.choose_party("pair", a)?;
                self.choose_party("pair", b)?;
                Ok("actor IN (SELECT value FROM chosen WHERE what = 'pair') AND target IN (SELECT value FROM chosen WHERE what = 'pair')")
            }
        }
    }

    /// The conditions on the actions that are shown.
    fn of_actions(&self, selection: &Selection) -> Result<String> {
        let mut conditions = vec![ALL];
        if let Some(actor) = &selection.actor {
            self.choose_party("actor", actor)?;
            conditions.push("actor = (SELECT value FROM chosen WHERE what = 'actor')");
        }
        if let Some(target) = &selection.target {
            self.choose_party("target", target)?;
            conditions.push("target = (SELECT value FROM chosen WHERE what = 'target')");
        }
        for kind in &selection.kinds {
            self.choose("kind", &catalogue::find_kind(self.conn, kind)?.name)?;
        }
        if !selection.kinds.is_empty() {
            conditions.push("kind IN (SELECT value FROM chosen WHERE what = 'kind')");
        }
        if let Some(stage) = selection.stage {
            self.choose("stage", stage.as_str())?;
            conditions.push("stage = (SELECT value FROM chosen WHERE what = 'stage')");
        }
        if let Some(slug) = &selection.dispute {
            self.choose("dispute", &catalogue::find_dispute(self.conn, slug)?.slug)?;
            conditions.push("dispute = (SELECT value FROM chosen WHERE what = 'dispute')");
        }
        if let Some(text) = &selection.text {
            self.choose("text", &text.to_lowercase())?;
            conditions.push(
                "instr(lower(ref || ' ' || coalesce(summary, '') || ' ' || coalesce(place, '') || ' ' || coalesce(\"by\", '')),
                   (SELECT value FROM chosen WHERE what = 'text')) > 0",
            );
        }
        if selection.since.is_some() {
            conditions.push("day_latest >= (SELECT since FROM moment)");
        }
        if selection.until.is_some() {
            conditions.push("day <= (SELECT until FROM moment)");
        }
        Ok(conditions.join(" AND "))
    }
}

impl Deref for Lens<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.conn
    }
}

impl Drop for Lens<'_> {
    fn drop(&mut self) {
        // With the transaction go the views it laid. Nothing can be done about a failure here: they go with the connection.
        let _ = if self.holds {
            self.conn.execute_batch("ROLLBACK")
        } else {
            let views: String = views::names().map(|name| format!("DROP VIEW IF EXISTS temp.{name};")).collect();
            self.conn.execute_batch(
                &(views + "DROP TABLE IF EXISTS temp.chosen; DROP TABLE IF EXISTS temp.moment; DROP TABLE IF EXISTS temp.suggested;"),
            )
        };
    }
}
