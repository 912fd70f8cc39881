//! Threats and announcements that were neither carried out nor withdrawn.

use rusqlite::named_params;
use serde::Serialize;

use crate::error::Result;
use crate::ledger::Ledger;
use crate::model::Stage;
use crate::model::count::Count;
use crate::report::{Lens, Row, Selection, collect};

/// The seconds of a day.
const DAY: i64 = 86_400;

/// A threat or an announcement that hangs in the air.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pending {
    /// The action's id.
    pub id: i64,
    /// The action's ref.
    #[serde(rename = "ref")]
    pub reference: String,
    /// When it was said, as written.
    pub date: String,
    /// Who said it.
    pub actor: String,
    /// Against whom.
    pub target: String,
    /// What sort of act.
    pub kind: String,
    /// How many; `None`: not known.
    pub count: Option<Count>,
    /// What is counted.
    pub unit: String,
    /// Threatened or announced.
    pub stage: Stage,
    /// Days from its earliest day to the day of the report.
    pub age_days: i64,
    /// When it is to be complied with, or to take effect, as written.
    pub deadline: Option<String>,
    /// Whole days from the report to the deadline; negative: past. A deadline that is a day runs to its end, and is
    /// counted from the day of the report; one that is a moment from the moment of the report.
    pub days_left: Option<i64>,
    /// Hours from the moment of the report to a deadline that is a moment, whatever time zone each is told in;
    /// negative: past. `None`: the deadline is a day.
    pub hours_left: Option<f64>,
    /// The case.
    pub dispute: Option<String>,
    /// What was said.
    pub summary: Option<String>,
}

impl Pending {
    /// True where its deadline has passed, or comes within so many hours. A day ends with its last hour.
    pub fn is_due_within(&self, hours: f64) -> bool {
        match (self.hours_left, self.days_left) {
            (Some(left), _) => left <= hours,
            (None, Some(days)) => days as f64 * 24.0 <= hours,
            (None, None) => false,
        }
    }
}

impl Row for Pending {
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "ref",
        "date",
        "actor",
        "target",
        "kind",
        "count",
        "unit",
        "stage",
        "age_days",
        "deadline",
        "days_left",
        "hours_left",
        "dispute",
        "summary",
    ];
}

/// Hands every pending threat and announcement to `each`: those with a deadline first, the nearest first of them,
/// then the oldest first.
///
/// # Errors
/// The ledger cannot be read, or `each` fails.
pub fn read(lens: &Lens<'_>, mut each: impl FnMut(Pending) -> Result<()>) -> Result<()> {
    let mut pending = lens.prepare(
        "SELECT id, ref, date, actor, target, kind, count, unit, stage, :as_of - day AS age_days, deadline,
           unixepoch(deadline) AS ends, dispute, summary, day
         FROM pending_threat
         ORDER BY deadline IS NULL, CASE length(deadline) WHEN 10 THEN unixepoch(deadline) + 86400 ELSE unixepoch(deadline) END, day, ref",
    )?;
    let mut rows = pending.query(named_params! { ":as_of": lens.as_of().0 })?;
    while let Some(row) = rows.next()? {
        let deadline: Option<String> = row.get("deadline")?;
        let (days_left, hours_left) = match (&deadline, row.get("ends")?) {
            (Some(deadline), Some(ends)) => left(deadline, ends, lens),
            _ => (None, None),
        };
        each(Pending {
            id: row.get("id")?,
            reference: row.get("ref")?,
            date: row.get("date")?,
            actor: row.get("actor")?,
            target: row.get("target")?,
            kind: row.get("kind")?,
            count: row.get("count")?,
            unit: row.get("unit")?,
            stage: row.get("stage")?,
            age_days: row.get("age_days")?,
            deadline,
            days_left,
            hours_left,
            dispute: row.get("dispute")?,
            summary: row.get("summary")?,
        })?;
    }
    Ok(())
}

/// The days and the hours to a deadline that ends, or is a day that begins, at this second.
fn left(deadline: &str, ends: i64, lens: &Lens<'_>) -> (Option<i64>, Option<f64>) {
    if deadline.len() == "2017-08-01".len() {
        return (Some(ends / DAY - lens.as_of().0), None);
    }
    let seconds = ends.saturating_sub(lens.instant());
    (Some(seconds / DAY), Some((seconds as f64 / 36.0).round() / 100.0))
}

/// The pending threats and announcements.
///
/// # Errors
/// A name of the selection is unknown, or the ledger cannot be read.
pub fn rows(ledger: &Ledger, selection: &Selection) -> Result<Vec<Pending>> {
    let lens = Lens::new(ledger, selection)?;
    collect(|each| read(&lens, each))
}
