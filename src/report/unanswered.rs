//! Open claims: acts that have not been answered, waived or reversed.

use std::cmp::Reverse;

use rusqlite::named_params;

use crate::error::Result;
use crate::ledger::Ledger;
use crate::model::count::Count;
use crate::model::{Day, Sign, Stage, StatedCount};
use crate::record::record;
use crate::report::candidate_series::{self, Candidate, Candidates, Series};
use crate::report::{Lens, Selection, collect};

record! {
    /// An open claim.
    #[derive(Eq)]
    pub struct Unanswered {
        /// The action's id.
        id: i64,
        /// The action's ref.
        reference as "ref": String,
        /// Date, as written.
        date: String,
        /// Code of the party that acted.
        actor: String,
        /// Code of the party the act is directed at.
        target: String,
        /// Kind of act.
        kind: String,
        /// Count, as stated.
        count: StatedCount,
        /// Open part of the count; `None`: the count is unknown and all of it is open. What counts acts is then one act.
        open: Option<Count>,
        /// Unit of the count.
        unit: String,
        /// Days from its earliest day to the day of the report.
        age_days: i64,
        /// Stage: announced or done.
        stage: Stage,
        /// Slug of the dispute.
        dispute: Option<String>,
        /// Summary of the act.
        summary: Option<String>,
    }
}

/// The open claims of a sign.
pub(super) const SELECT: &str = "
SELECT id, ref, date, actor, target, kind, count, count_words, open, unit, :as_of - day AS age_days, stage, dispute, summary, day
FROM open_claim WHERE sign = :sign";

/// Passes every open claim of `sign` to `each`, oldest first.
///
/// # Errors
/// The ledger cannot be read, or `each` fails.
pub fn read(lens: &Lens<'_>, sign: Sign, mut each: impl FnMut(Unanswered) -> Result<()>) -> Result<()> {
    let mut candidates = CandidateClaims::read(lens, sign)?;
    let mut claims = lens.prepare_cached(&format!("{SELECT} ORDER BY day, ref"))?;
    let mut rows = claims.query(named_params! { ":as_of": lens.as_of().0, ":sign": sign })?;
    // Columns are read by index: looking up a name in each of a million rows is slow.
    while let Some(row) = rows.next()? {
        candidates.pass_before((row.get(14)?, row.get(0)?), &mut each)?;
        each(Unanswered::from_row(row)?)?;
    }
    candidates.pass_before((i64::MAX, i64::MAX), &mut each)
}

/// The claims that candidates would open, to be merged with the claims of logged actions by date. Reading them series by series and sorting
/// them here is faster than letting the database look up the series of each candidate.
struct CandidateClaims {
    as_of: i64,
    series: Vec<Series>,
    /// Each candidate with the index of its series, in reverse order: the next one to pass on is the last.
    claims: Vec<(Candidate, u32)>,
    /// The day of the last row, and its ISO date.
    day: i64,
    date: String,
}

impl CandidateClaims {
    fn read(lens: &Lens<'_>, sign: Sign) -> Result<CandidateClaims> {
        let mut series = candidate_series::series(lens)?;
        series.retain(|s| s.claims && s.sign == sign);
        // Reading in the order of the series ids follows the index on candidates.
        series.sort_unstable_by_key(|s| s.id);
        let mut claims = Vec::new();
        if !series.is_empty() {
            let mut candidates = Candidates::new(lens)?;
            for (at, series) in (0..).zip(&series) {
                candidates.of(series, |candidate| claims.push((candidate, at)))?;
            }
        }
        claims.sort_unstable_by_key(|(c, _)| Reverse((c.day, c.id)));
        Ok(CandidateClaims { as_of: lens.as_of().0, series, claims, day: i64::MIN, date: String::new() })
    }

    /// Passes on the claims that come before the day and id `next`.
    fn pass_before(&mut self, next: (i64, i64), each: &mut impl FnMut(Unanswered) -> Result<()>) -> Result<()> {
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
            count: StatedCount::Unknown,
            open: StatedCount::Unknown.shown_in(&of.unit).number(),
            unit: of.unit.clone(),
            age_days: self.as_of.saturating_sub(candidate.day),
            stage: of.stage,
            dispute: None,
            summary: Some(candidate.summary()),
        }
    }
}

/// The open hostile claims, oldest first.
///
/// # Errors
/// A name in the selection is unknown, or the ledger cannot be read.
pub fn rows(ledger: &Ledger, selection: &Selection) -> Result<Vec<Unanswered>> {
    let lens = Lens::new(ledger, selection)?;
    collect(|each| read(&lens, Sign::Hostile, each))
}
