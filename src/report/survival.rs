//! The time to the first answer, one row for each act that opened a claim: the input of survival analysis. Dates that are known to a month or
//! a year give the shortest and the longest time that is possible.

use rusqlite::named_params;
use serde_json::Value;

use crate::error::Result;
use crate::model::Sign;
use crate::record::ReadColumn;
use crate::report::Lens;

/// The columns.
const COLUMNS: [&str; 15] = [
    "id", "ref", "date", "actor", "target", "kind", "sign", "count", "unit", "dispute", "ended_by", "ended_on", "answered", "days_min",
    "days_max",
];

/// Reads the rows: passes the names of the columns to `begin`, and each row to `each`, oldest first. An act with nothing to answer, because
/// it was used up as an answer itself, has no row.
///
/// # Errors
/// The ledger cannot be read, or `begin` or `each` fails.
pub fn read(
    lens: &Lens<'_>,
    sign: Sign,
    begin: impl FnOnce(Vec<String>) -> Result<()>,
    mut each: impl FnMut(Vec<Value>) -> Result<()>,
) -> Result<()> {
    // The first answer ends the time; without one, the waiver or reversal that settled the rest. An announcement that one act carried out
    // counts from its own day.
    let mut select = lens.prepare(
        "WITH claim AS (
           SELECT r.*, coalesce((SELECT c.announcement_id FROM carried_out c WHERE c.action_id = r.id), r.id) AS part_id
           FROM response r WHERE r.sign = :sign AND r.outcome <> 'spent' AND r.id IN (SELECT id FROM selected_action)
         ), ended AS (
           SELECT c.*, coalesce(
             (SELECT l.id FROM effective_link l WHERE l.earlier_id IN (c.id, c.part_id) AND l.relation = 'answers' AND l.covers > 0
              ORDER BY l.day, l.action_id LIMIT 1),
             CASE WHEN c.outcome <> 'open' THEN
               (SELECT l.id FROM effective_link l WHERE l.earlier_id IN (c.id, c.part_id) AND l.relation IN ('waives', 'reverses')
                AND l.covers > l.reinstated ORDER BY l.day DESC, l.action_id DESC LIMIT 1) END) AS link_id
           FROM claim c
         )
         SELECT e.id, e.ref, e.date, e.actor, e.target, e.kind, e.sign, e.count, e.unit, e.dispute,
           CASE l.relation WHEN 'answers' THEN 'answer' WHEN 'waives' THEN 'waiver' WHEN 'reverses' THEN 'reversal' END AS ended_by,
           b.date AS ended_on, l.relation IS 'answers' AS answered,
           max(0, coalesce(b.day, :as_of) - p.day_latest) AS days_min, max(0, coalesce(b.day_latest, :as_of) - p.day) AS days_max
         FROM ended e JOIN main.action p ON p.id = e.part_id
         LEFT JOIN effective_link l ON l.id = e.link_id LEFT JOIN main.action b ON b.id = l.action_id
         ORDER BY e.day, e.ref",
    )?;
    begin(COLUMNS.map(str::to_owned).into())?;
    let mut rows = select.query(named_params! { ":sign": sign, ":as_of": lens.as_of().0 })?;
    while let Some(row) = rows.next()? {
        let text = |column: &str| row.read::<Option<String>>(column).map(Value::from);
        let number = |column: &str| row.get::<_, Option<i64>>(column).map(Value::from);
        let mut values = Vec::with_capacity(COLUMNS.len());
        for column in COLUMNS {
            values.push(match column {
                "id" | "count" | "answered" | "days_min" | "days_max" => number(column)?,
                _ => text(column)?,
            });
        }
        each(values)?;
    }
    Ok(())
}
