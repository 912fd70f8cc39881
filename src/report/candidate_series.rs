//! Reads the candidates that a report includes, as numbers.
//!
//! The view `unreviewed_candidate` gives each candidate as an action, with its texts. A ledger may hold ten million candidates, so this
//! module reads them series by series and builds texts only for those a report shows. Tests check that it agrees with the view.

use rusqlite::CachedStatement;

use crate::error::Result;
use crate::model::feed::Precision;
use crate::model::{Sign, Stage};
use crate::report::Lens;

/// The attributes that all candidates of a series share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Series {
    pub id: i64,
    pub actor: String,
    pub target: String,
    pub kind: String,
    /// Unit of the kind.
    pub unit: String,
    pub sign: Sign,
    pub stage: Stage,
    pub precision: Precision,
    /// True if each candidate of the series opens a claim.
    pub claims: bool,
}

/// A candidate, as the numbers from which its texts are built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Candidate {
    /// Negative, as in the view.
    pub id: i64,
    /// Day on which it takes effect.
    pub day: i64,
    pub reports: i64,
    pub mentions: i64,
    pub guessed: bool,
}

/// The series of the lens's pair, by actor and target; empty if the lens does not include candidates.
pub(super) fn series(lens: &Lens<'_>) -> Result<Vec<Series>> {
    if !lens.with_candidates() {
        return Ok(Vec::new());
    }
    let mut select = lens.prepare_cached(
        "SELECT s.id, s.actor, s.target, s.kind, k.unit, k.sign, s.stage, s.precision, s.claims
         FROM candidate_series s JOIN kind k ON k.name = s.kind ORDER BY s.actor, s.target, s.id",
    )?;
    let rows = select.query_map([], |r| {
        Ok(Series {
            id: r.get("id")?,
            actor: r.get("actor")?,
            target: r.get("target")?,
            kind: r.get("kind")?,
            unit: r.get("unit")?,
            sign: r.get("sign")?,
            stage: r.get("stage")?,
            precision: r.get("precision")?,
            claims: r.get("claims")?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Reads the candidates of one series after another.
pub(super) struct Candidates<'l> {
    select: CachedStatement<'l>,
}

impl<'l> Candidates<'l> {
    pub fn new(lens: &'l Lens<'_>) -> Result<Candidates<'l>> {
        Ok(Candidates {
            select: lens.prepare_cached("SELECT id, day, reports, mentions, guessed FROM seen_candidate WHERE series_id = ? AND shown")?,
        })
    }

    /// Passes the candidates of a series that the lens shows to `each`, by day.
    pub fn of(&mut self, series: &Series, mut each: impl FnMut(Candidate)) -> Result<()> {
        let mut rows = self.select.query([series.id])?;
        // Columns are read by index: looking up a name in each of a million rows is slow.
        while let Some(r) = rows.next()? {
            each(Candidate { id: r.get(0)?, day: r.get(1)?, reports: r.get(2)?, mentions: r.get(3)?, guessed: r.get(4)? });
        }
        Ok(())
    }
}

/// A candidate's id and day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dated {
    /// Day on which it takes effect.
    pub day: i64,
    /// Negative, as in the view.
    pub id: i64,
    /// True if the lens shows it; otherwise it only enters the computation.
    pub shown: bool,
}

/// Reads the days of the candidates of one series after another, from an index that holds them together.
pub(super) struct Days<'l> {
    select: CachedStatement<'l>,
}

impl<'l> Days<'l> {
    pub fn new(lens: &'l Lens<'_>) -> Result<Days<'l>> {
        Ok(Days { select: lens.prepare_cached("SELECT id, day, shown FROM seen_candidate WHERE series_id = ?")? })
    }

    /// Passes the days of a series to `each`, in order, until `each` returns false.
    pub fn of(&mut self, series: &Series, mut each: impl FnMut(Dated) -> bool) -> Result<()> {
        let mut rows = self.select.query([series.id])?;
        while let Some(r) = rows.next()?
            && each(Dated { id: r.get(0)?, day: r.get(1)?, shown: r.get(2)? })
        {}
        Ok(())
    }
}

impl Candidate {
    /// Its name, `candidate-7`.
    pub fn reference(&self) -> String {
        format!("candidate-{}", self.id.unsigned_abs())
    }

    /// The evidence for it: `2 reports, 1 mention, kind guessed`.
    pub fn summary(&self) -> String {
        let s = |n| if n == 1 { "" } else { "s" };
        let guessed = if self.guessed { ", kind guessed" } else { "" };
        let Candidate { reports, mentions, .. } = *self;
        format!("{reports} report{}, {mentions} mention{}{guessed}", s(reports), s(mentions))
    }
}

/// Cuts an ISO date to the precision that the feed knows: `2018-06-01`, `2018-06`, `2018`.
pub(super) fn cut(date: &str, precision: Precision) -> &str {
    let length = match precision {
        Precision::Day => 10,
        Precision::Month => 7,
        Precision::Year => 4,
    };
    date.get(..length).unwrap_or(date)
}
