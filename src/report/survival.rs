//! The time to the first answer, one row for each act that opened a claim: the input of survival analysis. Dates that are known to a month or
//! a year give the shortest and the longest time that is possible.

use rusqlite::named_params;

use crate::error::Result;
use crate::model::Sign;
use crate::record::{record, select};
use crate::report::Lens;

record! {
    /// An act that opened a claim, and the time to its first answer.
    #[derive(Eq)]
    pub struct Survival {
        /// The action's id.
        id: i64,
        /// The action's ref.
        reference as "ref": String,
        /// Date, as written; of an announcement that one act carried out, that of the announcement.
        date: String,
        /// Code of the party that acted.
        actor: String,
        /// Code of the party the act is directed at.
        target: String,
        /// Kind of act.
        kind: String,
        /// Hostile or friendly.
        sign: Sign,
        /// Count; `None`: unknown.
        count: Option<i64>,
        /// Unit of the count.
        unit: String,
        /// Slug of the dispute.
        dispute: Option<String>,
        /// What ended the time: `answer`, `waiver` or `reversal`; `None`: it is still open on the day of the report.
        ended_by: Option<String>,
        /// Date of the act that ended it, as written.
        ended_on: Option<String>,
        /// 1: it was answered; 0: the time is censored.
        answered: i64,
        /// The shortest time in days that the dates allow.
        days_min: i64,
        /// The longest.
        days_max: i64,
    }
}

/// The first answer ends the time; without one, the waiver or reversal that settled the rest. An announcement that one act carried out counts
/// from its own day.
pub(super) const SELECT: &str = "
WITH opened AS (
  SELECT r.id, r.ref, r.date, r.actor, r.target, r.kind, r.sign, r.count, r.unit, r.dispute, r.outcome, r.day,
    coalesce(r.announcement_id, r.id) AS part_id
  FROM response r JOIN selected_action s ON s.id = r.id WHERE r.sign = :sign AND r.outcome <> 'spent'
), opened_part AS (
  SELECT o.id, o.id AS part_id, o.outcome FROM opened o
  UNION ALL
  SELECT o.id, o.part_id, o.outcome FROM opened o WHERE o.part_id <> o.id
), ending AS (
  SELECT o.id, l.relation, l.action_id, row_number() OVER (PARTITION BY o.id ORDER BY
    CASE WHEN l.relation = 'answers' THEN 0 ELSE 1 END,
    CASE WHEN l.relation = 'answers' THEN l.day ELSE -l.day END,
    CASE WHEN l.relation = 'answers' THEN l.action_id ELSE -l.action_id END) AS place,
    min(CASE WHEN l.relation = 'answers' THEN b.day_latest END) OVER (PARTITION BY o.id) AS first_latest
  FROM opened_part o JOIN effective_link l ON l.earlier_id = o.part_id JOIN action b ON b.id = l.action_id
  WHERE (l.relation = 'answers' AND l.covers > 0)
    OR (o.outcome <> 'open' AND l.relation IN ('waives', 'reverses') AND l.covers > l.reinstated)
)
SELECT o.id, o.ref, p.date, o.actor, o.target, o.kind, o.sign, o.count, o.unit, o.dispute,
  CASE e.relation WHEN 'answers' THEN 'answer' WHEN 'waives' THEN 'waiver' WHEN 'reverses' THEN 'reversal' END AS ended_by,
  b.date AS ended_on, CASE WHEN e.relation = 'answers' THEN 1 ELSE 0 END AS answered,
  max(0, coalesce(b.day, :as_of) - p.day_latest) AS days_min, max(0, coalesce(e.first_latest, b.day_latest, :as_of) - p.day) AS days_max,
  p.day
FROM opened o JOIN action p ON p.id = o.part_id
LEFT JOIN ending e ON e.id = o.id AND e.place = 1 LEFT JOIN action b ON b.id = e.action_id";
/// The order of the rows.
pub(super) const ORDER: &str = "day, ref";

/// Passes the rows to `each`, oldest first. An act with nothing to answer, because it was used up as an answer itself, has no row.
///
/// # Errors
/// The ledger cannot be read, or `each` fails.
pub fn read(lens: &Lens<'_>, sign: Sign, mut each: impl FnMut(Survival) -> Result<()>) -> Result<()> {
    let mut statement = lens.prepare(&format!("{} ORDER BY {ORDER}", select::<Survival>(&format!("FROM ({SELECT})"))))?;
    let mut rows = statement.query(named_params! { ":sign": sign, ":as_of": lens.as_of().0 })?;
    while let Some(row) = rows.next()? {
        each(Survival::from_row(row)?)?;
    }
    Ok(())
}
