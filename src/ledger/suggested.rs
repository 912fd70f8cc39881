//! Answers that were suggested and are taken at that word: links that no rule rests on, and that reports count where
//! they are asked to.

use rusqlite::{Connection, OptionalExtension, Row, named_params, params};

use crate::error::Result;
use crate::ledger::link::is_member;
use crate::ledger::{Ledger, record};
use crate::model::count::Count;
use crate::model::settle::{Bearings, Settlement, Terms, settle};
use crate::model::{Amount, Day, Points, Relation};

/// An act that may answer another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proposal {
    /// The id of the later act.
    pub action_id: i64,
    /// The id of the act it may answer.
    pub earlier_id: i64,
    /// What speaks for it.
    pub points: Points,
}

/// A suggested answer that was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// Which answers which.
    pub proposal: Proposal,
    /// How much of the earlier claim it would close.
    pub covers: Count,
    /// How much of the later act it would use up.
    pub spends: Count,
}

impl Ledger {
    /// Takes suggested answers in their order, each as far as those before it leave room by the arithmetic. Where none is
    /// left, or the two are linked, it is passed over.
    ///
    /// # Errors
    /// The ledger cannot be read or written.
    pub fn take_suggested(&mut self, proposals: &[Proposal]) -> Result<Vec<Taken>> {
        self.change(|conn, _| proposals.iter().filter_map(|proposal| take(conn, proposal).transpose()).collect())
    }
}

fn take(conn: &Connection, proposal: &Proposal) -> Result<Option<Taken>> {
    let (Some(later), Some(earlier)) = (Act::find(conn, proposal.action_id)?, Act::find(conn, proposal.earlier_id)?) else {
        return Ok(None);
    };
    let day = later.day.max(earlier.day);
    let bearings = bearings(conn, &later, &earlier)?;
    let (later, earlier) = (later.terms(conn, day)?, earlier.terms(conn, day)?);
    let Ok(Settlement { covers, spends, .. }) = settle(Relation::Answers, &later, &earlier, bearings, Amount::default()) else {
        return Ok(None);
    };
    // A third country's answer settles nothing, and what is used up answers nothing more.
    if covers == 0 || later.free == 0 || are_linked(conn, proposal)? || is_circle(conn, proposal.action_id, proposal.earlier_id)? {
        return Ok(None);
    }
    conn.prepare_cached(
        "INSERT INTO suggested_link (action_id, earlier_id, covers, spends, day, score)
         VALUES (:action_id, :earlier_id, :covers, :spends, :day, :score)",
    )?
    .execute(named_params! {
        ":action_id": proposal.action_id,
        ":earlier_id": proposal.earlier_id,
        ":covers": covers,
        ":spends": spends,
        ":day": day.0,
        ":score": proposal.points.score(),
    })?;
    Ok(Some(Taken { proposal: *proposal, covers, spends }))
}

fn bearings(conn: &Connection, later: &Act, earlier: &Act) -> Result<Bearings> {
    Ok(Bearings {
        aims: later.target == earlier.actor || is_member(conn, &earlier.actor, &later.target, &earlier.date)?,
        injured: later.actor == earlier.target || is_member(conn, &earlier.target, &later.actor, &earlier.date)?,
        own: false,
        same_unit: later.unit == earlier.unit,
    })
}

/// True where the two are linked already.
fn are_linked(conn: &Connection, proposal: &Proposal) -> Result<bool> {
    let linked = "SELECT EXISTS (SELECT 1 FROM link WHERE action_id = ?1 AND earlier_id = ?2)
        OR EXISTS (SELECT 1 FROM suggested_link WHERE action_id = ?1 AND earlier_id = ?2)";
    Ok(conn.prepare_cached(linked)?.query_row([proposal.action_id, proposal.earlier_id], |r| r.get(0))?)
}

/// True where the earlier bears on the later, by whatever lies between.
fn is_circle(conn: &Connection, later: i64, earlier: i64) -> Result<bool> {
    let circle = "WITH RECURSIVE up (id) AS (SELECT ?2
          UNION SELECT l.earlier_id FROM up JOIN link l ON l.action_id = up.id
          UNION SELECT s.earlier_id FROM up JOIN suggested_link s ON s.action_id = up.id)
        SELECT EXISTS (SELECT 1 FROM up WHERE id = ?1)";
    Ok(conn.prepare_cached(circle)?.query_row([later, earlier], |r| r.get(0))?)
}

/// Those that join acts of which they could not have been taken: other parties, another day, or nothing that could be answered.
/// Whether there is room for the amounts is for their accounts to say. Of a change only what it brought back is looked at.
pub(super) fn unfit(conn: &Connection, change: Option<i64>) -> Result<Vec<(i64, i64)>> {
    let mut select = conn.prepare(
        "SELECT action_id, earlier_id, covers, spends, day FROM suggested_link WHERE ?1 IS NULL OR id IN (
           SELECT json_extract(row_key, '$[0]') FROM history WHERE change_id = ?1 AND table_name = 'suggested_link') ORDER BY id",
    )?;
    let mut rows = select.query([change])?;
    let mut unfit = Vec::new();
    while let Some(row) = rows.next()? {
        let (later, earlier) = (row.get("action_id")?, row.get("earlier_id")?);
        let amount = Amount { covers: Some(row.get("covers")?), spends: Some(row.get("spends")?) };
        if !fits(conn, later, earlier, amount, Day(row.get("day")?))? {
            unfit.push((later, earlier));
        }
    }
    Ok(unfit)
}

fn fits(conn: &Connection, later_id: i64, earlier_id: i64, amount: Amount, day: Day) -> Result<bool> {
    let (Some(later), Some(earlier)) = (Act::find(conn, later_id)?, Act::find(conn, earlier_id)?) else { return Ok(false) };
    let bearings = bearings(conn, &later, &earlier)?;
    let dated = later.day.max(earlier.day) == day;
    let of_amount = |terms: Terms, amount: Option<Count>| Terms { open: amount.unwrap_or(0), free: amount.unwrap_or(0), ..terms };
    let (later, earlier) = (of_amount(later.terms, amount.spends), of_amount(earlier.terms, amount.covers));
    Ok(dated && settle(Relation::Answers, &later, &earlier, bearings, amount).is_ok() && !is_circle(conn, later_id, earlier_id)?)
}

/// Gives up those that an undo brought back though they do not fit any more.
pub(super) fn give_up_unfit(conn: &Connection) -> Result<()> {
    let brought_back = unfit(conn, Some(record::under_way(conn)?))?;
    let mut delete = conn.prepare("DELETE FROM suggested_link WHERE action_id = ? AND earlier_id = ?")?;
    brought_back.into_iter().try_for_each(|(later, earlier)| Ok(delete.execute([later, earlier]).map(drop)?))
}

/// An act, with what was suggested of it so far.
struct Act {
    id: i64,
    date: String,
    day: Day,
    actor: String,
    target: String,
    unit: String,
    posted_day: Day,
    suggested: Count,
    terms: Terms,
}

impl Act {
    fn find(conn: &Connection, id: i64) -> Result<Option<Act>> {
        let mut select = conn.prepare_cached(
            "SELECT a.id, a.date, a.day, a.day_latest, a.actor, a.target, a.count, a.stage, a.stands, a.open, a.posted_day, k.unit, k.sign,
               coalesce((SELECT sum(covers) FROM suggested_link WHERE earlier_id = a.id), 0)
                 + coalesce((SELECT sum(spends) FROM suggested_link WHERE action_id = a.id), 0) AS suggested
             FROM action a JOIN kind k ON k.name = a.kind WHERE a.id = ? AND a.voided IS NULL",
        )?;
        Ok(select.query_row([id], Act::from_row).optional()?)
    }

    fn from_row(row: &Row<'_>) -> rusqlite::Result<Act> {
        let (day, open) = (Day(row.get("day")?), row.get("open")?);
        Ok(Act {
            id: row.get("id")?,
            date: row.get("date")?,
            day,
            actor: row.get("actor")?,
            target: row.get("target")?,
            unit: row.get("unit")?,
            posted_day: Day(row.get("posted_day")?),
            suggested: row.get("suggested")?,
            terms: Terms {
                stage: row.get("stage")?,
                sign: row.get("sign")?,
                count: row.get("count")?,
                day,
                latest: Day(row.get("day_latest")?),
                stands: row.get("stands")?,
                open,
                free: open,
                executed: false,
                reversed_later: false,
            },
        })
    }

    /// What the arithmetic asks of it, with what was suggested: all of that is taken for settled on `day`, which is the
    /// most it can be. Only where a link counts from a later day is the account itself read.
    fn terms(self, conn: &Connection, day: Day) -> Result<Terms> {
        let free = if self.posted_day <= day {
            self.terms.open - self.suggested
        } else {
            let least = "SELECT coalesce(min(open), 0) FROM suggested_account WHERE action_id = ?1
                AND day >= (SELECT max(day) FROM suggested_account WHERE action_id = ?1 AND day <= ?2)";
            conn.prepare_cached(least)?.query_row(params![self.id, day.0], |r| r.get(0))?
        };
        Ok(Terms { open: free, free: free.max(0), ..self.terms })
    }
}
