//! Deadlines for a calendar. Deadlines that are no longer pending are included, so that calendars that show them cancel them.

use rusqlite::named_params;

use crate::error::Result;
use crate::ledger::action::what;
use crate::ledger::uuid;
use crate::model::{Day, Stage, StatedCount};
use crate::record::{Field, ReadColumn};
use crate::report::Lens;

const SECONDS_PER_DAY: i64 = 86_400;

/// When a deadline ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// With this day.
    Day(Day),
    /// At this moment, in seconds since 1970-01-01 UTC.
    Moment(i64),
}

/// A deadline of a threat, an announcement or an act that is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    /// The action's ref.
    pub reference: String,
    /// Code of the party that acted.
    pub actor: String,
    /// Code of the party that it acted against.
    pub target: String,
    /// The act in words: "threat of expulsion of 30 persons".
    pub what: String,
    /// Summary of the act.
    pub summary: Option<String>,
    /// Slug of the dispute.
    pub dispute: Option<String>,
    /// When it ends.
    pub due: Due,
    /// The deadline as written.
    pub written: String,
    /// True if it is no longer awaited: the act was carried out, withdrawn, reversed or voided.
    pub cancelled: bool,
    /// The last change of the ledger that concerned the deadline; 0: it is as it was logged.
    pub revision: i64,
    /// When it was logged or last changed, in UTC: `2017-07-10T09:30:00Z`.
    pub revised_at: String,
}

/// Reads the deadlines, nearest first.
///
/// # Errors
/// The ledger cannot be read.
pub fn read(lens: &Lens<'_>) -> Result<Vec<Deadline>> {
    let mut select = lens.prepare(
        "SELECT d.*, k.unit, k.sign, coalesce((SELECT at FROM main.change c WHERE c.id = d.revision), d.logged_at) AS revised_at FROM (
           SELECT id, ref, actor, target, kind, count, count_words, stage, deadline, dispute, summary, ended, unixepoch(deadline) AS ends,
             (SELECT logged_at FROM main.action a WHERE a.id = e.id) AS logged_at,
             max(
               coalesce((SELECT max(change_id) FROM main.history h WHERE h.table_name = 'action' AND h.row_key = json_array(e.id)), 0),
               coalesce((SELECT max(c.id) FROM main.change c WHERE c.link_mark < (SELECT max(l.id) FROM main.link l WHERE l.earlier_id = e.id)), 0),
               coalesce((SELECT max(change_id) FROM main.link l JOIN main.history h ON h.table_name = 'link' AND h.row_key = json_array(l.id)
                 WHERE l.earlier_id = e.id), 0),
               coalesce((SELECT max(change_id) FROM main.history h
                 WHERE h.table_name = 'link' AND h.op <> 'insert' AND json_extract(h.before, '$.earlier_id') = e.id), 0)
             ) AS revision
           FROM (
             SELECT id, ref, actor, target, kind, count, count_words, stage, deadline, dispute, summary, false AS ended FROM pending_threat
             UNION ALL
             SELECT id, ref, actor, target, kind, count, count_words, stage, deadline, dispute, summary, false FROM set_deadline
             UNION ALL
             SELECT id, ref, actor, target, kind, count, count_words, stage, deadline, dispute, summary, true FROM shown_action s
             WHERE stands = 0
               AND coalesce(count, 1) > (SELECT coalesce(sum(l.spends), 0) FROM effective_link l WHERE l.action_id = s.id AND l.relation = 'renews')
             UNION ALL
             SELECT id, ref, actor, target, kind, count, count_words, stage, deadline, dispute, summary, true FROM voided_action
             WHERE +day <= :as_of
           ) e WHERE deadline IS NOT NULL
         ) d JOIN main.kind k ON k.name = d.kind ORDER BY d.ends, d.ref",
    )?;
    let mut rows = select.query(named_params! { ":as_of": lens.as_of().0 })?;
    let mut deadlines = Vec::new();
    while let Some(row) = rows.next()? {
        let (kind, unit, stage): (String, String, Stage) = (row.read("kind")?, row.read("unit")?, row.get("stage")?);
        let (written, ends): (String, Option<i64>) = (row.read("deadline")?, row.get("ends")?);
        // The schema forbids deadlines that are not dates; if one is there nevertheless, it is left out.
        let Some(ends) = ends else { continue };
        let due = if written.len() == "2017-08-01".len() { Due::Day(Day(ends.div_euclid(SECONDS_PER_DAY))) } else { Due::Moment(ends) };
        deadlines.push(Deadline {
            reference: row.read("ref")?,
            actor: row.read("actor")?,
            target: row.read("target")?,
            what: what(&kind, StatedCount::read(row, &mut 5)?, &unit, stage, row.get("sign")?),
            summary: row.read("summary")?,
            dispute: row.read("dispute")?,
            due,
            written,
            cancelled: row.get("ended")?,
            revision: row.get("revision")?,
            revised_at: row.read("revised_at")?,
        });
    }
    Ok(deadlines)
}

/// The identity of the ledger, which it keeps for ever.
///
/// # Errors
/// The ledger cannot be read.
pub fn ledger_uuid(lens: &Lens<'_>) -> Result<String> {
    uuid(lens.connection())
}
