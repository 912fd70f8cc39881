//! The candidates that a report counts, as numbers.
//!
//! The view `unreviewed_candidate` says of each, in words, what action it would be. Of ten million they are read here series by series, and
//! only what is told is put into words; tests hold the two together.

use rusqlite::Statement;

use crate::error::Result;
use crate::model::feed::Precision;
use crate::model::{Sign, Stage};
use crate::report::Lens;

/// What a series of candidates has in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Series {
    pub id: i64,
    pub actor: String,
    pub target: String,
    pub kind: String,
    /// What the kind counts.
    pub unit: String,
    pub sign: Sign,
    pub stage: Stage,
    pub precision: Precision,
    /// True where each opens a claim.
    pub claims: bool,
}

/// A candidate, by what its words are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Candidate {
    /// As in the view: negative.
    pub id: i64,
    /// The day it counts from.
    pub day: i64,
    pub reports: i64,
    pub mentions: i64,
    pub guessed: bool,
}

/// The series of the lens's pair, by actor and target; none where candidates do not count.
pub(super) fn series(lens: &Lens<'_>) -> Result<Vec<Series>> {
    if !lens.with_candidates() {
        return Ok(Vec::new());
    }
    let mut select = lens.prepare(
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

/// Reads what a report says of the candidates of one series after the other.
pub(super) struct Candidates<'l> {
    select: Statement<'l>,
}

impl<'l> Candidates<'l> {
    pub fn new(lens: &'l Lens<'_>) -> Result<Candidates<'l>> {
        Ok(Candidates {
            select: lens.prepare("SELECT id, day, reports, mentions, guessed FROM seen_candidate WHERE series_id = ? AND shown")?,
        })
    }

    /// Hands those of a series that the lens shows to `each`, by their days.
    pub fn of(&mut self, series: &Series, mut each: impl FnMut(Candidate)) -> Result<()> {
        let mut rows = self.select.query([series.id])?;
        // By place: a name would be looked up anew in each of a million rows.
        while let Some(r) = rows.next()? {
            each(Candidate { id: r.get(0)?, day: r.get(1)?, reports: r.get(2)?, mentions: r.get(3)?, guessed: r.get(4)? });
        }
        Ok(())
    }
}

/// The day of a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dated {
    /// The day it counts from.
    pub day: i64,
    /// As in the view: negative.
    pub id: i64,
    /// True where the lens shows it; else it is only reckoned with.
    pub shown: bool,
}

/// Reads the days of the candidates of one series after the other, which lie in an index together.
pub(super) struct Days<'l> {
    select: Statement<'l>,
}

impl<'l> Days<'l> {
    pub fn new(lens: &'l Lens<'_>) -> Result<Days<'l>> {
        Ok(Days { select: lens.prepare("SELECT id, day, shown FROM seen_candidate WHERE series_id = ?")? })
    }

    /// Hands those of a series to `each`, by their days, until it says no.
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

    /// What speaks for it: `2 reports, 1 mention, kind guessed`.
    pub fn summary(&self) -> String {
        let s = |n| if n == 1 { "" } else { "s" };
        let guessed = if self.guessed { ", kind guessed" } else { "" };
        let Candidate { reports, mentions, .. } = *self;
        format!("{reports} report{}, {mentions} mention{}{guessed}", s(reports), s(mentions))
    }
}

/// A day as precisely as the feed knows it, of its ISO date: `2018-06-01`, `2018-06`, `2018`.
pub(super) fn cut(date: &str, precision: Precision) -> &str {
    let length = match precision {
        Precision::Day => 10,
        Precision::Month => 7,
        Precision::Year => 4,
    };
    date.get(..length).unwrap_or(date)
}
