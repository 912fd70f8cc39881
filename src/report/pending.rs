//! Threats and announcements that have been neither carried out nor withdrawn, and the deadlines of acts that are done.

use rusqlite::named_params;

use crate::error::Result;
use crate::ledger::Ledger;
use crate::model::{Stage, StatedCount};
use crate::record::record;
use crate::report::{Lens, Selection, collect};

/// The number of seconds in a day.
const DAY: i64 = 86_400;

record! {
    /// A pending threat or announcement, or a deadline of an act that is done.
    pub struct Pending {
        /// The action's id.
        id: i64,
        /// The action's ref.
        reference as "ref": String,
        /// Date of the statement, as written.
        date: String,
        /// Code of the party that made the statement.
        actor: String,
        /// Code of the party the act is directed at.
        target: String,
        /// Kind of act.
        kind: String,
        /// Pending part of its count.
        count: StatedCount,
        /// Unit of the count.
        unit: String,
        /// Threatened, announced or, for a deadline that the act set, done.
        stage: Stage,
        /// Days from its earliest day to the day of the report.
        age_days: i64,
        /// Deadline for compliance, or the date on which the act is to take effect, as written.
        deadline: Option<String>,
        /// Whole days from the report to the deadline; negative: past. A deadline without a time runs to the end of its day and is counted
        /// from the day of the report; a deadline with a time is counted from the moment of the report.
        days_left: Option<i64>,
        /// Hours from the moment of the report to a deadline with a time, in any time zone; negative: past. `None`: the deadline has no
        /// time of day.
        hours_left: Option<f64>,
        /// Slug of the dispute.
        dispute: Option<String>,
        /// Summary of the statement.
        summary: Option<String>,
    }
}

/// Which rows to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Threats and announcements.
    Statements,
    /// Also the deadlines of acts that are done, until they have passed.
    Running,
    /// Also those that have passed.
    Passed,
}

impl Pending {
    /// True if its deadline has passed.
    pub fn has_passed(&self) -> bool {
        self.hours_left.map_or(self.days_left.is_some_and(|days| days < 0), |hours| hours < 0.0)
    }

    /// True if its deadline has passed or is at most `hours` away. A deadline without a time runs to the end of its day.
    pub fn is_due_within(&self, hours: f64) -> bool {
        match (self.hours_left, self.days_left) {
            (Some(left), _) => left <= hours,
            (None, Some(days)) => days as f64 * 24.0 <= hours,
            (None, None) => false,
        }
    }
}

/// Passes the rows to `each`: first those with a deadline, nearest first, then the others, oldest first.
///
/// # Errors
/// The ledger cannot be read, or `each` fails.
pub fn read(lens: &Lens<'_>, scope: Scope, mut each: impl FnMut(Pending) -> Result<()>) -> Result<()> {
    let mut select = lens.prepare_cached(
        "SELECT id, ref, date, actor, target, kind, count, count_words, unit, stage, :as_of - day AS age_days, deadline,
           NULL AS days_left, NULL AS hours_left, dispute, summary, unixepoch(deadline) AS ends
         FROM (SELECT * FROM pending_threat UNION ALL SELECT * FROM set_deadline WHERE :done)
         ORDER BY deadline IS NULL, CASE length(deadline) WHEN 10 THEN unixepoch(deadline) + 86400 ELSE unixepoch(deadline) END, day, ref",
    )?;
    let mut rows = select.query(named_params! { ":as_of": lens.as_of().0, ":done": scope != Scope::Statements })?;
    while let Some(row) = rows.next()? {
        let mut pending = Pending::from_row(row)?;
        if let (Some(deadline), Some(ends)) = (&pending.deadline, row.get("ends")?) {
            (pending.days_left, pending.hours_left) = left(deadline, ends, lens);
        }
        if pending.stage != Stage::Done || scope == Scope::Passed || !pending.has_passed() {
            each(pending)?;
        }
    }
    Ok(())
}

/// The days and the hours left until a deadline. `ends` is its moment in seconds since 1970; for a deadline without a time, the start of
/// its day.
fn left(deadline: &str, ends: i64, lens: &Lens<'_>) -> (Option<i64>, Option<f64>) {
    if deadline.len() == "2017-08-01".len() {
        return (Some(ends / DAY - lens.as_of().0), None);
    }
    let seconds = ends.saturating_sub(lens.instant());
    (Some(seconds / DAY), Some((seconds as f64 / 36.0).round() / 100.0))
}

/// The pending threats and announcements, without the deadlines of acts that are done.
///
/// # Errors
/// A name in the selection is unknown, or the ledger cannot be read.
pub fn rows(ledger: &Ledger, selection: &Selection) -> Result<Vec<Pending>> {
    let lens = Lens::new(ledger, selection)?;
    collect(|each| read(&lens, Scope::Statements, each))
}
