//! Making and cutting links: the facts are read, the arithmetic of [`settle`](crate::model::settle) says what a
//! link settles, the schema's rules hold it to that.

use rusqlite::{Connection, OptionalExtension, named_params, params};

use crate::error::{Error, Result};
use crate::ledger::refusal::{Side, refuse};
use crate::ledger::{Action, Ledger};
use crate::model::count::Count;
use crate::model::settle::{Bearings, Settlement, Terms, settle};
use crate::model::{Amount, Day, Relation};

/// What a link settled.
#[derive(Debug, Clone)]
pub struct Settled {
    /// How the later act bears on the earlier.
    pub relation: Relation,
    /// The earlier act, as it stands after the link.
    pub earlier: Action,
    /// The amounts.
    pub amounts: Settlement,
    /// What of the earlier claim was open before, on the day of the link.
    pub open_before: Count,
    /// Claims that stand open again, with how much: those of a waiver that is taken back.
    pub revived: Vec<(Action, Count)>,
}

impl Ledger {
    /// Links two actions that are in the ledger.
    ///
    /// # Errors
    /// An action is unknown, the two are linked so already, or the arithmetic refuses.
    pub fn link(&mut self, later: &str, relation: Relation, earlier: &str, amount: Amount) -> Result<(Action, Settled)> {
        self.change(|conn, _| {
            let (later, earlier) = (Action::find(conn, later)?, Action::find(conn, earlier)?);
            let settled = add(conn, later.id, relation, earlier.id, amount)?;
            Ok((reread(conn, later.id)?, settled))
        })
    }

    /// Cuts every link from one action to another, and gives back what it settled.
    ///
    /// # Errors
    /// There is no such link, or something later was settled on the strength of it.
    pub fn unlink(&mut self, later: &str, earlier: &str) -> Result<(Action, Action, Vec<Relation>)> {
        self.change(|conn, _| {
            let (later, earlier) = (Action::find(conn, later)?, Action::find(conn, earlier)?);
            let mut relations: Vec<Relation> = conn
                .prepare("DELETE FROM link WHERE action_id = ? AND earlier_id = ? RETURNING relation")?
                .query_map([later.id, earlier.id], |r| r.get(0))?
                .collect::<rusqlite::Result<_>>()?;
            // What was only suggested is cut like what somebody linked.
            if conn.execute("DELETE FROM suggested_link WHERE action_id = ? AND earlier_id = ?", [later.id, earlier.id])? > 0 {
                relations.push(Relation::Answers);
            }
            if relations.is_empty() {
                return Err(Error::refused(
                    format!("unlink {later} from {earlier}"),
                    "they are not linked that way",
                    format!("'recip show {}' lists its links", later.id),
                ));
            }
            Ok((reread(conn, later.id)?, reread(conn, earlier.id)?, relations))
        })
    }
}

fn reread(conn: &Connection, id: i64) -> Result<Action> {
    Ok(Action::by_id(conn, id)?.ok_or(rusqlite::Error::QueryReturnedNoRows)?)
}

/// Makes one link.
pub(crate) fn add(conn: &Connection, later: i64, relation: Relation, earlier: i64, asked: Amount) -> Result<Settled> {
    let (later, earlier) = (reread(conn, later)?, reread(conn, earlier)?);
    check_standing(conn, &later, relation, &earlier)?;
    let day =
        Day(conn.prepare_cached("SELECT max(day) FROM action WHERE id IN (?, ?)")?.query_row([later.id, earlier.id], |r| r.get(0))?);
    let (later_terms, earlier_terms) = (terms(conn, &later, day)?, terms(conn, &earlier, day)?);
    let bearings = bearings(conn, &later, &earlier)?;
    let amounts = settle(relation, &later_terms, &earlier_terms, bearings, asked).map_err(|refusal| {
        let (l, e) = (format!("#{}", later.id), format!("#{}", earlier.id));
        refuse(refusal, relation, &Side::of(&later, &l), &Side::of(&earlier, &e), asked)
    })?;
    conn.prepare_cached(
        "INSERT INTO link (action_id, relation, earlier_id, covers, spends, reversed)
         VALUES (:action_id, :relation, :earlier_id, :covers, :spends, :reversed)",
    )?
    .execute(named_params! {
        ":action_id": later.id,
        ":relation": relation,
        ":earlier_id": earlier.id,
        ":covers": amounts.covers,
        ":spends": amounts.spends,
        ":reversed": amounts.reversed,
    })?;
    let earlier = reread(conn, earlier.id)?;
    let revived = if relation == Relation::Reverses { waived_by(conn, earlier.id)? } else { Vec::new() };
    Ok(Settled { relation, earlier, amounts, open_before: earlier_terms.open, revived })
}

fn check_standing(conn: &Connection, later: &Action, relation: Relation, earlier: &Action) -> Result<()> {
    let what = format!("link {later} to {earlier}");
    if let Some(voided) = [later, earlier].into_iter().find(|a| a.voided.is_some()) {
        return Err(Error::refused(what, format!("#{} is voided", voided.id), "link actions that stand"));
    }
    if later.id == earlier.id {
        return Err(Error::refused(what, "an action does not bear on itself", "name an earlier action"));
    }
    let linked: bool = conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM link WHERE action_id = ? AND relation = ? AND earlier_id = ?)")?
        .query_row(params![later.id, relation, earlier.id], |r| r.get(0))?;
    if linked {
        let unlink = format!("to give another count, 'recip unlink {} {}' first", later.id, earlier.id);
        return Err(Error::refused(what, format!("#{} {relation} #{} already", later.id, earlier.id), unlink));
    }
    let circle: bool = conn
        .prepare_cached(
            "WITH RECURSIVE up (id) AS (SELECT ?2 UNION SELECT l.earlier_id FROM link l JOIN up ON l.action_id = up.id)
             SELECT EXISTS (SELECT 1 FROM up WHERE id = ?1)",
        )?
        .query_row([later.id, earlier.id], |r| r.get(0))?;
    if circle {
        let why = format!("#{} bears on #{} already: links may not run in a circle", earlier.id, later.id);
        return Err(Error::refused(what, why, format!("'recip chain {}' draws what bears on what", later.id)));
    }
    Ok(())
}

/// What the arithmetic asks of an action, as it stands on `day`.
fn terms(conn: &Connection, action: &Action, day: Day) -> Result<Terms> {
    let (earliest, latest) = conn
        .prepare_cached("SELECT day, day_latest FROM action WHERE id = ?")?
        .query_row([action.id], |r| Ok((Day(r.get(0)?), Day(r.get(1)?))))?;
    let executed: bool = conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM link WHERE earlier_id = ? AND relation = 'executes')")?
        .query_row([action.id], |r| r.get(0))?;
    let reversed_later: bool = conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM link WHERE earlier_id = ? AND relation = 'reverses' AND day > ?)")?
        .query_row([action.id, day.0], |r| r.get(0))?;
    let mut account = conn.prepare_cached("SELECT day, open FROM account WHERE action_id = ? ORDER BY day, link_id")?;
    let (mut open, mut free) = (0, None::<Count>);
    for row in account.query_map([action.id], |r| Ok((Day(r.get(0)?), r.get(1)?)))? {
        let (posted, after): (Day, Count) = row?;
        if posted <= day {
            open = after;
        } else {
            free = Some(free.map_or(after, |least| least.min(after)));
        }
    }
    Ok(Terms {
        stage: action.stage,
        sign: action.sign,
        count: action.count,
        day: earliest,
        latest,
        stands: action.stands,
        open,
        free: free.map_or(open, |least| least.min(open)),
        executed,
        reversed_later,
    })
}

fn bearings(conn: &Connection, later: &Action, earlier: &Action) -> Result<Bearings> {
    let member = |party: &str, of: &str| -> Result<bool> { Ok(party == of || is_member(conn, of, party, &earlier.date)?) };
    Ok(Bearings {
        aims: member(&later.target, &earlier.actor)?,
        injured: member(&later.actor, &earlier.target)?,
        own: later.actor == earlier.actor && later.target == earlier.target,
        same_unit: later.unit == earlier.unit,
    })
}

/// True where `member` belonged to `organisation` on the first day of `date`.
pub(super) fn is_member(conn: &Connection, organisation: &str, member: &str, date: &str) -> Result<bool> {
    let found: Option<i64> = conn
        .prepare_cached(
            "SELECT 1 FROM membership WHERE organisation = ?1 AND member = ?2
             AND substr(since || '-01-01', 1, 10) <= substr(?3 || '-01-01', 1, 10)
             AND (until IS NULL OR until || '-99-99' >= substr(?3 || '-01-01', 1, 10))",
        )?
        .query_row([organisation, member, date], |r| r.get(0))
        .optional()?;
    Ok(found.is_some())
}

fn waived_by(conn: &Connection, waiver: i64) -> Result<Vec<(Action, Count)>> {
    let mut waived = conn.prepare_cached("SELECT earlier_id, covers FROM link WHERE action_id = ? AND relation = 'waives' ORDER BY id")?;
    let waived: Vec<(i64, Count)> = waived.query_map([waiver], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
    waived.into_iter().map(|(id, amount)| Ok((reread(conn, id)?, amount))).collect()
}
