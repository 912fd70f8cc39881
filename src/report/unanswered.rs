//! What one party did to another that has not been answered, waived or undone.

use std::cmp::Reverse;

use rusqlite::named_params;
use serde::Serialize;

use crate::error::Result;
use crate::ledger::Ledger;
use crate::model::count::Count;
use crate::model::{Day, Sign, Stage};
use crate::report::candidate_series::{self, Candidate, Candidates, Series};
use crate::report::{Lens, Row, Selection, collect};

/// A claim that stands open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unanswered {
    /// The action's id.
    pub id: i64,
    /// The action's ref.
    #[serde(rename = "ref")]
    pub reference: String,
    /// When it was done, as written.
    pub date: String,
    /// Who did it.
    pub actor: String,
    /// To whom.
    pub target: String,
    /// What sort of act.
    pub kind: String,
    /// How many; `None`: not known.
    pub count: Option<Count>,
    /// How many of them are open; `None`: an unknown count, all of it.
    pub open: Option<Count>,
    /// What is counted.
    pub unit: String,
    /// Days from its earliest day to the day of the report.
    pub age_days: i64,
    /// Announced or done.
    pub stage: Stage,
    /// The case.
    pub dispute: Option<String>,
    /// What happened.
    pub summary: Option<String>,
}

impl Row for Unanswered {
    const COLUMNS: &'static [&'static str] =
        &["id", "ref", "date", "actor", "target", "kind", "count", "open", "unit", "age_days", "stage", "dispute", "summary"];
}

/// Hands every open claim of `sign` to `each`, the oldest first.
///
/// # Errors
/// The ledger cannot be read, or `each` fails.
pub fn read(lens: &Lens<'_>, sign: Sign, mut each: impl FnMut(Unanswered) -> Result<()>) -> Result<()> {
    let mut supposed = Supposed::read(lens, sign)?;
    let mut claims = lens.prepare(
        "SELECT id, ref, date, actor, target, kind, count, open, unit, :as_of - day AS age_days, stage, dispute, summary, day
         FROM open_claim WHERE sign = :sign ORDER BY day, ref",
    )?;
    let mut rows = claims.query(named_params! { ":as_of": lens.as_of().0, ":sign": sign })?;
    // By place: a name would be looked up anew in each of a million rows.
    while let Some(row) = rows.next()? {
        supposed.before((row.get(13)?, row.get(0)?), &mut each)?;
        each(Unanswered {
            id: row.get(0)?,
            reference: row.get(1)?,
            date: row.get(2)?,
            actor: row.get(3)?,
            target: row.get(4)?,
            kind: row.get(5)?,
            count: row.get(6)?,
            open: row.get(7)?,
            unit: row.get(8)?,
            age_days: row.get(9)?,
            stage: row.get(10)?,
            dispute: row.get(11)?,
            summary: row.get(12)?,
        })?;
    }
    supposed.before((i64::MAX, i64::MAX), &mut each)
}

/// The claims that candidates would open, to be told between the known ones: series by series they are soon read, and
/// their numbers sorted, where the database would look up the series of each.
struct Supposed {
    as_of: i64,
    series: Vec<Series>,
    /// Each with the place of its series, the next one to tell last.
    claims: Vec<(Candidate, u32)>,
    /// The day told last, and how it is written.
    day: i64,
    date: String,
}

impl Supposed {
    fn read(lens: &Lens<'_>, sign: Sign) -> Result<Supposed> {
        let mut series = candidate_series::series(lens)?;
        series.retain(|s| s.claims && s.sign == sign);
        // The candidates lie in the order of their series.
        series.sort_unstable_by_key(|s| s.id);
        let mut claims = Vec::new();
        if !series.is_empty() {
            let mut candidates = Candidates::new(lens)?;
            for (at, series) in (0..).zip(&series) {
                candidates.of(series, |candidate| claims.push((candidate, at)))?;
            }
        }
        claims.sort_unstable_by_key(|(c, _)| Reverse((c.day, c.id)));
        Ok(Supposed { as_of: lens.as_of().0, series, claims, day: i64::MIN, date: String::new() })
    }

    /// Tells those that are earlier than the claim of this day and id.
    fn before(&mut self, next: (i64, i64), each: &mut impl FnMut(Unanswered) -> Result<()>) -> Result<()> {
        while let Some((candidate, at)) = self.claims.pop_if(|(c, _)| (c.day, c.id) < next) {
            each(self.row(&candidate, at as usize))?;
        }
        Ok(())
    }

    fn row(&mut self, candidate: &Candidate, at: usize) -> Unanswered {
        let of = &self.series[at];
        if self.day != candidate.day {
            (self.day, self.date) = (candidate.day, Day(candidate.day).iso());
        }
        Unanswered {
            id: candidate.id,
            reference: candidate.reference(),
            date: candidate_series::cut(&self.date, of.precision).to_owned(),
            actor: of.actor.clone(),
            target: of.target.clone(),
            kind: of.kind.clone(),
            count: None,
            open: None,
            unit: of.unit.clone(),
            age_days: self.as_of.saturating_sub(candidate.day),
            stage: of.stage,
            dispute: None,
            summary: Some(candidate.summary()),
        }
    }
}

/// The hostile claims that stand open, the oldest first.
///
/// # Errors
/// A name of the selection is unknown, or the ledger cannot be read.
pub fn rows(ledger: &Ledger, selection: &Selection) -> Result<Vec<Unanswered>> {
    let lens = Lens::new(ledger, selection)?;
    collect(|each| read(&lens, Sign::Hostile, each))
}
