//! What changed: in a period of days (valid time), or in what the ledger knows (transaction time).

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, named_params};

use crate::error::Result;
use crate::model::count::Count;
use crate::model::{Day, Sign, Stage, StatedCount};
use crate::record::record;
use crate::report::list::{self, ActionRow};
use crate::report::{Lens, collect};

record! {
    /// One change.
    pub struct Change {
        /// What happened. In a period: `act`, `answered`, `waived`, `reversed`, `executed`, `reinstated`, `extended` or `due`. In what the ledger knows:
        /// `logged`, `corrected`, `voided`, or `opened` and `settled`, if only the open amount of an action changed.
        event: String,
        /// The day on which it happened; for `due`, the deadline; for a change in what the ledger knows, the date of the action.
        date: String,
        /// The action's id.
        id: i64,
        /// The action's ref.
        reference as "ref": String,
        /// Code of the party that acted.
        actor: String,
        /// Code of the party the act is directed at.
        target: String,
        /// Kind of act.
        kind: String,
        /// Count, as stated.
        count: StatedCount,
        /// Unit of the count.
        unit: String,
        /// Stage of the act.
        stage: Stage,
        /// Amount that was answered, waived and so on; `None`: the event has no amount, or the count is unknown.
        amount: Option<Count>,
        /// Id of the action that answered, waived, reversed, executed or extended it, or renewed it with another deadline.
        by_id: Option<i64>,
        /// Ref of that action.
        by_ref: Option<String>,
        /// Open amount as known before; `None`: it was not known to the ledger, or only an unknown count is open.
        open_before: Option<Count>,
        /// Open amount on the day of the report; `None`: an unknown count is open, or the action is no longer shown.
        open: Option<Count>,
        /// What was corrected: `count: 35 -> 30; date: 2016 -> 2016-12-29`. For `extended`, the deadline that was moved.
        changed: Option<String>,
        /// Summary of the act.
        summary: Option<String>,
    }
    unlisted {
        /// Hostile, friendly or neutral. It decides the wording.
        sign: Sign,
    }
}

/// Passes what happened from `since` to `until` to `each`, by day: the acts, what was settled or opened again, the deadlines that were moved, and
/// those deadlines of standing acts that fell within these days.
///
/// # Errors
/// The ledger cannot be read, or `each` fails.
pub fn in_period(lens: &Lens<'_>, since: Day, until: Day, mut each: impl FnMut(Change) -> Result<()>) -> Result<()> {
    let mut select = lens.prepare_cached(
        "WITH RECURSIVE shown AS (
           SELECT s.id, s.ref, s.date, s.day, s.actor, s.target, s.kind, s.count, s.count_words, k.unit, s.stage, s.stands, s.deadline,
             CASE WHEN s.count IS NULL AND s.open > 0 THEN NULL ELSE s.open END AS open, s.summary, k.sign
           FROM shown_action s JOIN kind k ON k.name = s.kind
         ), moved AS ( -- each extension and renewal that states a deadline, and what it extends or renews, also over others of these
           SELECT x.action_id AS by_id, x.day, x.earlier_id AS id FROM effective_link x
             JOIN unfiltered_action b ON b.id = x.action_id JOIN main.action o ON o.id = b.id JOIN main.action e ON e.id = x.earlier_id
           WHERE (x.relation = 'extends' OR x.relation = 'renews' AND e.stage <> 'threatened') AND b.stage <> 'threatened' AND o.deadline IS NOT NULL
             AND (b.stands > 0 OR NOT EXISTS (SELECT 1 FROM effective_link r WHERE r.earlier_id = b.id AND r.relation = 'reverses' AND r.takes > 0))
           UNION
           SELECT m.by_id, m.day, l.earlier_id FROM moved m JOIN effective_link l ON l.action_id = m.id AND l.relation IN ('extends', 'renews')
         ), extended AS (
           SELECT m.id, m.by_id, m.day, b.ref AS by_ref, b.deadline,
             coalesce(lag(b.deadline) OVER (PARTITION BY m.id ORDER BY m.day, b.ref), a.deadline) AS deadline_before
           FROM moved m JOIN main.action a ON a.id = m.id JOIN main.action b ON b.id = m.by_id
           WHERE NOT EXISTS (SELECT 1 FROM effective_link l WHERE l.action_id = m.id AND l.relation IN ('extends', 'renews'))
         )
         SELECT 'act', date, id, ref, actor, target, kind, count, count_words, unit, stage, NULL, NULL, NULL, NULL, open, NULL, summary, sign,
           day AS on_day, 0 AS turn
         FROM shown WHERE day BETWEEN :since AND :until
         UNION ALL
         SELECT CASE l.relation WHEN 'answers' THEN 'answered' WHEN 'executes' THEN 'executed' WHEN 'waives' THEN 'waived' ELSE 'reversed' END,
           date(l.day * 86400, 'unixepoch'), s.id, s.ref, s.actor, s.target, s.kind, s.count, s.count_words, s.unit, s.stage,
           CASE WHEN s.count IS NOT NULL THEN max(l.covers, l.takes) END, l.action_id, b.ref, NULL, s.open, NULL, s.summary, s.sign, l.day, 1
         FROM effective_link l JOIN shown s ON s.id = l.earlier_id JOIN main.action b ON b.id = l.action_id
         WHERE l.day BETWEEN :since AND :until AND (l.covers > 0 OR l.takes > 0)
         UNION ALL
         SELECT p.posting, date(p.day * 86400, 'unixepoch'), s.id, s.ref, s.actor, s.target, s.kind, s.count, s.count_words, s.unit, s.stage,
           CASE WHEN s.count IS NOT NULL THEN p.amount END, p.by_id, b.ref, NULL, s.open, NULL, s.summary, s.sign, p.day, 2
         FROM link_posting p JOIN shown s ON s.id = p.action_id JOIN main.action b ON b.id = p.by_id
         WHERE p.day BETWEEN :since AND :until AND p.posting = 'reinstated'
         UNION ALL
         SELECT 'extended', date(m.day * 86400, 'unixepoch'), s.id, s.ref, s.actor, s.target, s.kind, s.count, s.count_words, s.unit, s.stage,
           NULL, m.by_id, m.by_ref, NULL, s.open, 'deadline: ' || coalesce(m.deadline_before, '-') || ' -> ' || m.deadline, s.summary, s.sign, m.day, 3
         FROM extended m JOIN shown s ON s.id = m.id WHERE m.day BETWEEN :since AND :until AND m.deadline IS NOT m.deadline_before
         UNION ALL
         SELECT 'due', deadline, id, ref, actor, target, kind, count, count_words, unit, stage, NULL, NULL, NULL, NULL, open, NULL, summary, sign,
           unixepoch(substr(deadline, 1, 10)) / 86400, 9
         FROM shown WHERE id IN (SELECT id FROM pending_threat UNION ALL SELECT id FROM set_deadline)
           AND unixepoch(substr(deadline, 1, 10)) / 86400 BETWEEN :since AND :until
         ORDER BY on_day, turn, ref",
    )?;
    let mut rows = select.query(named_params! { ":since": since.0, ":until": until.0 })?;
    while let Some(row) = rows.next()? {
        each(Change::from_row(row)?)?;
    }
    Ok(())
}

/// The differences between what the ledger knew before and what it knows now, in both cases about the day and the selection of the lens.
/// `before` is `None` if the ledger did not know the names in the selection.
///
/// # Errors
/// The ledger cannot be read, or `each` fails.
pub fn learned(before: Option<&Lens<'_>>, now: &Lens<'_>, mut each: impl FnMut(Change) -> Result<()>) -> Result<()> {
    let mut earlier: HashMap<i64, ActionRow> = HashMap::new();
    if let Some(before) = before {
        list::read(before, |row| {
            earlier.insert(row.id, row);
            Ok(())
        })?;
    }
    for row in collect(|each| list::read(now, each))? {
        let change = match (earlier.remove(&row.id), before) {
            (Some(old), _) => difference(&old, row),
            (None, Some(before)) if is_known(before.connection(), row.id)? => {
                let open_before = open_of(before, row.id)?;
                Some(change("corrected", &row, open_before, row.open, Some("now part of the selection".to_owned())))
            }
            (None, _) => Some(change("logged", &row, None, row.open, None)),
        };
        change.map_or(Ok(()), &mut each)?;
    }
    let mut gone: Vec<ActionRow> = earlier.into_values().collect();
    gone.sort_by(|a, b| (&a.date, &a.reference).cmp(&(&b.date, &b.reference)));
    for row in gone {
        each(match why_voided(now.connection(), row.id)? {
            Some(why) => change("voided", &row, row.open, None, Some(why)),
            None => change("corrected", &row, row.open, open_of(now, row.id)?, Some("no longer part of the selection".to_owned())),
        })?;
    }
    Ok(())
}

fn is_known(conn: &Connection, id: i64) -> Result<bool> {
    Ok(conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM main.action WHERE id = ? AND voided IS NULL)")?.query_row([id], |r| r.get(0))?)
}

/// How much of an action is open on the day of a lens, which need not select it: 0 if it has not happened by then; `None`: an unknown count.
fn open_of(lens: &Lens<'_>, id: i64) -> Result<Option<Count>> {
    let mut select =
        lens.prepare_cached("SELECT CASE WHEN count IS NULL AND open > 0 THEN NULL ELSE open END FROM unfiltered_action WHERE id = ?")?;
    Ok(select.query_row([id], |r| r.get(0)).optional()?.unwrap_or(Some(0)))
}

/// The reason for which an action was voided, if it was.
fn why_voided(conn: &Connection, id: i64) -> Result<Option<String>> {
    let mut select = conn.prepare_cached("SELECT voided FROM main.action WHERE id = ?")?;
    let mut rows = select.query([id])?;
    // An undone log leaves no row.
    Ok(rows.next()?.map_or(Ok(Some("its entry was undone".to_owned())), |row| row.get(0))?)
}

/// The change of an action that was and is shown; `None`: it did not change.
fn difference(old: &ActionRow, now: ActionRow) -> Option<Change> {
    let changed = corrections(old, &now);
    let event = match (old.open, now.open) {
        _ if !changed.is_empty() => "corrected",
        (before, after) if before == after => return None,
        (Some(before), Some(after)) if after < before => "settled",
        (None, Some(_)) => "settled",
        _ => "opened",
    };
    Some(change(event, &now, old.open, now.open, (!changed.is_empty()).then(|| changed.join("; "))))
}

/// The fields that differ: `count: 35 -> 30`.
fn corrections(old: &ActionRow, now: &ActionRow) -> Vec<String> {
    let facts = |row: &ActionRow| {
        let own = [
            ("date", row.date.clone()),
            ("actor", row.actor.clone()),
            ("target", row.target.clone()),
            ("kind", row.kind.clone()),
            ("count", row.count.to_string()),
            ("stage", row.stage.to_string()),
        ];
        let details = row.details.each().map(|(detail, value)| (detail.name, value.clone().unwrap_or_else(|| "-".to_owned())));
        own.into_iter().chain(details).collect::<Vec<_>>()
    };
    let both = facts(old).into_iter().zip(facts(now));
    both.filter(|(old, now)| old != now).map(|((field, old), (_, now))| format!("{field}: {old} -> {now}")).collect()
}

fn change(event: &str, row: &ActionRow, open_before: Option<Count>, open: Option<Count>, changed: Option<String>) -> Change {
    Change {
        event: event.to_owned(),
        date: row.date.clone(),
        id: row.id,
        reference: row.reference.clone(),
        actor: row.actor.clone(),
        target: row.target.clone(),
        kind: row.kind.clone(),
        count: row.count,
        unit: row.unit.clone(),
        stage: row.stage,
        amount: None,
        by_id: None,
        by_ref: None,
        open_before,
        open,
        changed,
        summary: row.details.summary.clone(),
        sign: row.sign,
    }
}
