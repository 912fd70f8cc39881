//! Adding, changing and removing links, and what they settle.

use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;

use crate::error::{Error, Result};
use crate::ledger::settlement::{self, Effect};
use crate::ledger::{Action, Ledger, Link};
use crate::model::count::Count;
use crate::model::settle::Amounts;
use crate::model::{Amount, LinkSpec, Relation, Stage};

/// A new link, with what it settles.
#[derive(Debug, Clone)]
pub struct Settled {
    /// How the later action relates to the earlier one.
    pub relation: Relation,
    /// The earlier action after the change.
    pub earlier: Action,
    /// The amounts that it settles.
    pub amounts: Amounts,
    /// How much of the earlier claim was open before this link was settled.
    pub open_before: Count,
    /// The actions that have the claim of the earlier one, as far as it is open: those that carried it out or, for a renewal, the one that it
    /// renews.
    pub claim_of: Vec<Holder>,
    /// True if something of the earlier action stood on the day of the link.
    pub stood: bool,
    /// For the renewal of a renewal: the action that the earlier one renews, if nothing of it stood on the day of the link.
    pub lapsed: Option<i64>,
    /// The action that the later one seems to repeat without renewing it, so that both count.
    pub repeats: Option<i64>,
    /// For an answer that settles nothing, the reason.
    pub no_effect: Option<NoEffect>,
    /// Claims that are open again because the link reverses a waiver, each with the amount reopened.
    pub reinstated: Vec<(Action, Count)>,
}

/// An action that has the claim of another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holder {
    /// The action.
    pub id: i64,
    /// How much of the other action it carried out; `None`: the other action renews it.
    pub carried_out: Option<i64>,
}

/// Why an answer settles nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoEffect {
    /// One of the two actions is voided.
    Voided,
    /// The answer comes from a third party, so the claim of the injured party stays open.
    ThirdParty,
    /// The answer is a threat.
    Threat,
    /// The two actions have different signs: one is hostile and the other friendly.
    OtherSign,
    /// The earlier action opens no claim: it is a threat or neutral.
    NoClaim,
    /// Nothing was left of the earlier claim, or of the answer, when the link was settled.
    NothingLeft,
}

/// Why a link settles nothing; `None` if it settles something or is not an answer.
pub(crate) fn no_effect(conn: &Connection, link: i64) -> Result<Option<NoEffect>> {
    use rusqlite::OptionalExtension;
    let mut terms = conn.prepare_cached(
        "SELECT t.both_valid, t.by_target, t.stage, t.sign = t.earlier_sign, t.earlier_stage, t.earlier_sign = 'neutral'
         FROM main.link l JOIN main.link_terms t ON t.link_id = l.id WHERE l.id = ? AND l.relation = 'answers' AND l.covers = 0",
    )?;
    let why = terms.query_row([link], |r| {
        let (lives, injured, stage): (bool, bool, Stage) = (r.get(0)?, r.get(1)?, r.get(2)?);
        let (same_sign, earlier_stage, neutral): (bool, Stage, bool) = (r.get(3)?, r.get(4)?, r.get(5)?);
        Ok(match () {
            _ if !lives => NoEffect::Voided,
            _ if !injured => NoEffect::ThirdParty,
            _ if neutral || earlier_stage == Stage::Threatened => NoEffect::NoClaim,
            _ if stage == Stage::Threatened => NoEffect::Threat,
            _ if !same_sign => NoEffect::OtherSign,
            _ => NoEffect::NothingLeft,
        })
    });
    Ok(why.optional()?)
}

/// An existing link whose settled amounts a change altered.
#[derive(Debug, Clone)]
pub struct Shift {
    /// How the later action relates to the earlier one.
    pub relation: Relation,
    /// The later action after the change.
    pub later: Action,
    /// The earlier action after the change.
    pub earlier: Action,
    /// What the link settled before.
    pub before: Amounts,
    /// What it settles now.
    pub after: Amounts,
}

/// The effect of a change on the settlement: the links it added, and existing links that now settle other amounts.
#[derive(Debug, Clone, Default)]
pub struct Settlement {
    /// The links it added, in the order of settlement.
    pub settled: Vec<Settled>,
    /// Existing links that settle more or less than before.
    pub shifts: Vec<Shift>,
}

impl Ledger {
    /// Links two actions of the ledger.
    ///
    /// # Errors
    /// An action is unknown, the two have such a link already, a rule forbids the link, or a stated amount does not fit.
    pub fn link(&mut self, later: &str, relation: Relation, earlier: &str, amount: Amount) -> Result<(Action, Settlement)> {
        self.change(|conn, _| {
            let later = Action::find(conn, later)?;
            let (earlier, amount) = Action::find_linked(conn, &LinkSpec { earlier: earlier.to_owned(), amount })?;
            add(conn, &later, relation, &earlier, amount)?;
            let settlement = read(conn, settlement::settle(conn, None)?)?;
            Ok((reread(conn, later.id)?, settlement))
        })
    }

    /// Links many pairs at once: the first action of each pair answers the second. Pairs that are linked already are skipped.
    ///
    /// # Errors
    /// An action is unknown, or a rule forbids a link.
    pub fn link_answers(&mut self, pairs: &[(i64, i64)]) -> Result<Settlement> {
        self.change(|conn, _| {
            for (later, earlier) in pairs {
                let (later, earlier) = (reread(conn, *later)?, reread(conn, *earlier)?);
                let ends = (later.id, earlier.id);
                if !are_linked(conn, later.id, Relation::Answers, earlier.id)? && !settlement::closes_circle(conn, ends)? {
                    add(conn, &later, Relation::Answers, &earlier, Amount::default())?;
                }
            }
            read(conn, settlement::settle(conn, None)?)
        })
    }

    /// Removes every link from one action to another; what they settled is open again.
    ///
    /// # Errors
    /// There is no such link, or without it a stated amount of another link would not fit.
    pub fn unlink(&mut self, later: &str, earlier: &str) -> Result<(Action, Action, Vec<Relation>)> {
        self.change(|conn, _| {
            let (later, earlier) = (Action::find(conn, later)?, Action::find(conn, earlier)?);
            let relations: Vec<Relation> = conn
                .prepare("DELETE FROM link WHERE action_id = ? AND earlier_id = ? RETURNING relation")?
                .query_map([later.id, earlier.id], |r| r.get(0))?
                .collect::<rusqlite::Result<_>>()?;
            if relations.is_empty() {
                let what = format!("cannot unlink {later} from {earlier}");
                let reversed: Option<Relation> = conn
                    .prepare("SELECT relation FROM link WHERE action_id = ? AND earlier_id = ?")?
                    .query_row([earlier.id, later.id], |r| r.get(0))
                    .optional()?;
                return Err(match reversed {
                    Some(relation) => {
                        let why = format!("the link goes the other way: #{} {relation} #{}", earlier.id, later.id);
                        Error::refused(what, why, format!("name the later action first: recip unlink {} {}", earlier.id, later.id))
                    }
                    None => not_linked(&later, &earlier, what),
                });
            }
            settlement::settle(conn, None)?;
            Ok((reread(conn, later.id)?, reread(conn, earlier.id)?, relations))
        })
    }
}

fn not_linked(later: &Action, earlier: &Action, what: String) -> Error {
    Error::refused(
        what,
        "they are not linked that way",
        format!("'recip show {0}' lists the links of #{0}; 'recip link' adds one to #{1}", later.id, earlier.id),
    )
}

pub(super) fn reread(conn: &Connection, id: i64) -> Result<Action> {
    Ok(Action::by_id(conn, id)?.ok_or(rusqlite::Error::QueryReturnedNoRows)?)
}

/// The links of an action that can state an amount, each with the amount that it states.
pub(super) fn stated(conn: &Connection, later: i64) -> Result<Vec<Link>> {
    let mut select = conn.prepare_cached(
        "SELECT relation, earlier_id, stated, stated_spends FROM link WHERE action_id = ? AND relation IN ('answers', 'reverses') ORDER BY id",
    )?;
    let links = select.query_map([later], |r| {
        let amount = Amount { covers: r.get(2)?, spends: r.get(3)? };
        Ok(Link { relation: r.get(0)?, spec: LinkSpec { earlier: r.get::<_, i64>(1)?.to_string(), amount } })
    })?;
    Ok(links.collect::<rusqlite::Result<_>>()?)
}

fn are_linked(conn: &Connection, later: i64, relation: Relation, earlier: i64) -> Result<bool> {
    let linked = "SELECT EXISTS (SELECT 1 FROM link WHERE action_id = ? AND relation = ? AND earlier_id = ?)";
    Ok(conn.prepare_cached(linked)?.query_row(params![later, relation, earlier], |r| r.get(0))?)
}

/// Adds one link, which is settled at the end of the change.
pub(super) fn add(conn: &Connection, later: &Action, relation: Relation, earlier: &Action, stated: Amount) -> Result<()> {
    if later.id == earlier.id {
        return Err(Error::refused(
            format!("cannot link {later} to {earlier}"),
            "an action cannot be linked to itself",
            "name an earlier action",
        ));
    }
    if are_linked(conn, later.id, relation, earlier.id)? {
        let way_out = match relation {
            Relation::Answers | Relation::Reverses => {
                format!("to state another amount: recip edit {} --{relation} {}:COUNT", later.id, earlier.id)
            }
            _ => format!("to remove the link: recip unlink {} {}", later.id, earlier.id),
        };
        return Err(Error::refused(
            format!("cannot link {later} to {earlier}"),
            format!("#{} {relation} #{} already", later.id, earlier.id),
            way_out,
        ));
    }
    check_stated(relation, earlier, stated)?;
    conn.prepare_cached("INSERT INTO link (action_id, relation, earlier_id, stated, stated_spends) VALUES (?, ?, ?, ?, ?)")?
        .execute(params![later.id, relation, earlier.id, stated.covers, stated.spends])?;
    Ok(())
}

/// Changes the stated amount of an existing link, or removes it so that the rule decides.
pub(super) fn restate(conn: &Connection, later: &Action, relation: Relation, earlier: &Action, stated: Amount) -> Result<()> {
    check_stated(relation, earlier, stated)?;
    let restated = conn
        .prepare_cached("UPDATE link SET stated = ?4, stated_spends = ?5 WHERE action_id = ?1 AND relation = ?2 AND earlier_id = ?3")?
        .execute(params![later.id, relation, earlier.id, stated.covers, stated.spends])?;
    if restated == 0 {
        Err(not_linked(later, earlier, format!("cannot change how much #{} {relation} of #{}", later.id, earlier.id)))
    } else {
        Ok(())
    }
}

/// Refuses a stated amount for executions, waivers and extensions, and the amount used up for reversals.
pub(crate) fn check_stated(relation: Relation, earlier: &dyn std::fmt::Display, stated: Amount) -> Result<()> {
    let why = match relation {
        Relation::Executes => "an action always carries out as much as its own count",
        Relation::Waives => "a waiver closes all that is open",
        Relation::Extends => "an extension moves the deadline and settles nothing",
        Relation::Renews => "a renewal carries on all that stands of it",
        Relation::Reverses if stated.spends.is_some() => "a reversal uses up nothing of the action that makes it",
        Relation::Answers | Relation::Reverses => return Ok(()),
    };
    if stated == Amount::default() {
        return Ok(());
    }
    Err(Error::refused(format!("cannot state how much it {relation} of {earlier}"), why, "leave the amount out"))
}

/// Reads the actions of settled links, for a report of the change.
pub(super) fn read(conn: &Connection, effects: Vec<Effect>) -> Result<Settlement> {
    let mut settlement = Settlement::default();
    let mut made: Vec<(i64, Settled)> = Vec::new();
    for effect in effects {
        let earlier = reread(conn, effect.earlier)?;
        match effect.before {
            Some(before)
                if (before.covers, before.takes, before.spends) != (effect.after.covers, effect.after.takes, effect.after.spends) =>
            {
                let later = reread(conn, effect.later)?;
                settlement.shifts.push(Shift { relation: effect.relation, later, earlier, before, after: effect.after });
            }
            Some(_) => (),
            None => {
                let reinstated = if effect.relation == Relation::Reverses { reinstated_by(conn, earlier.id)? } else { Vec::new() };
                let (open_before, claim_of) = (open_before(conn, &effect)?, claim_of(conn, earlier.id)?);
                let no_effect = no_effect(conn, effect.link)?;
                let stood = stood(conn, effect.link, earlier.id)?;
                let lapsed = if effect.relation == Relation::Renews { lapsed(conn, effect.link, earlier.id)? } else { None };
                let Effect { relation, after: amounts, .. } = effect;
                let may_repeat = matches!(relation, Relation::Renews | Relation::Executes);
                let repeated = if may_repeat { repeated(conn, Some(effect.link))? } else { Vec::new() };
                let repeats = repeated.first().map(|(_, standing)| *standing);
                let settled = Settled { relation, earlier, amounts, open_before, claim_of, stood, lapsed, repeats, no_effect, reinstated };
                made.push((effect.link, settled));
            }
        }
    }
    let mut rank = conn.prepare_cached("SELECT day, rank, earlier_day, ref, earlier_ref FROM link_terms WHERE link_id = ?")?;
    let mut ranked = Vec::with_capacity(made.len());
    for (link, settled) in made {
        let key: (i64, i64, i64, String, String) =
            rank.query_row([link], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?)))?;
        ranked.push((key, settled));
    }
    ranked.sort_by(|(a, _), (b, _)| a.cmp(b));
    settlement.settled = ranked.into_iter().map(|(_, settled)| settled).collect();
    Ok(settlement)
}

/// How much of the earlier claim was open before a link was settled.
fn open_before(conn: &Connection, effect: &Effect) -> Result<Count> {
    use rusqlite::OptionalExtension;
    let mut account = conn.prepare_cached("SELECT open - amount FROM account WHERE action_id = ? AND link_id = ? AND amount < 0")?;
    Ok(account.query_row([effect.earlier, effect.link], |r| r.get(0)).optional()?.unwrap_or(0))
}

/// True if something of an action stood on the day of a link.
fn stood(conn: &Connection, link: i64, action: i64) -> Result<bool> {
    let mut select = conn.prepare_cached(
        "SELECT a.voided IS NULL AND CASE k.sign WHEN 'neutral' THEN 1 ELSE coalesce(a.count, 1) END
           > (SELECT coalesce(sum(t.takes), 0) FROM link t WHERE t.earlier_id = a.id AND t.day <= l.day)
         FROM link l JOIN action a ON a.id = ?2 JOIN kind k ON k.name = a.kind WHERE l.id = ?1",
    )?;
    Ok(select.query_row([link, action], |r| r.get(0))?)
}

/// The action that this one renews, if nothing of it stood on the day of a link.
fn lapsed(conn: &Connection, link: i64, renewal: i64) -> Result<Option<i64>> {
    let mut select =
        conn.prepare_cached("SELECT earlier_id FROM link WHERE action_id = ? AND relation = 'renews' AND spends > 0 ORDER BY earlier_id")?;
    for renewed in select.query_map([renewal], |r| r.get(0))?.collect::<rusqlite::Result<Vec<i64>>>()? {
        if !stood(conn, link, renewed)? {
            return Ok(Some(renewed));
        }
    }
    Ok(None)
}

/// The actions that open a claim although they seem to repeat one that still stands, each with that one: the renewal of an announcement that was
/// carried out repeats the action that carried it out, and what executes a threat to renew an action repeats that action. With `link`, only what
/// this link shows.
pub(super) fn repeated(conn: &Connection, link: Option<i64>) -> Result<Vec<(i64, i64)>> {
    let of_link = if link.is_some() { "l.id = ?1" } else { "?1 IS NULL" };
    let mut select = conn.prepare_cached(&format!(
        "WITH repeat AS (
           SELECT l.action_id AS id, x.action_id AS standing_id FROM link l CROSS JOIN link x ON x.earlier_id = l.earlier_id
           WHERE {of_link} AND l.relation = 'renews' AND l.spends = 0 AND x.relation = 'executes' AND x.takes > 0
           UNION ALL
           SELECT l.action_id, t.earlier_id FROM link l CROSS JOIN action a ON a.id = l.earlier_id CROSS JOIN link t ON t.action_id = a.id
           WHERE {of_link} AND l.relation = 'executes' AND a.stage = 'threatened' AND t.relation = 'renews'
         )
         SELECT r.id, r.standing_id FROM repeat r CROSS JOIN action b ON b.id = r.id CROSS JOIN action s ON s.id = r.standing_id
         WHERE b.open > 0 AND s.stands > 0 AND s.id <> b.id
           AND NOT EXISTS (SELECT 1 FROM link n WHERE n.action_id = b.id AND n.relation = 'renews' AND n.earlier_id = s.id)
         ORDER BY 1, 2"
    ))?;
    let repeats = select.query_map([link], |r| Ok((r.get(0)?, r.get(1)?)))?;
    Ok(repeats.collect::<rusqlite::Result<_>>()?)
}

/// The actions that carried out this action, or that it renews, and that have a claim or had one and still stand.
fn claim_of(conn: &Connection, action: i64) -> Result<Vec<Holder>> {
    let mut select = conn.prepare_cached(
        "WITH RECURSIVE renewed (id) AS (
           SELECT earlier_id FROM link WHERE action_id = ?1 AND relation = 'renews' AND spends > 0
           UNION SELECT l.earlier_id FROM renewed r JOIN link l ON l.action_id = r.id AND l.relation = 'renews' AND l.spends > 0
         ), holder (id, carried_out) AS (
           SELECT id, NULL FROM renewed UNION ALL SELECT action_id, takes FROM link WHERE earlier_id = ?1 AND relation = 'executes' AND takes > 0
         )
         SELECT a.id, h.carried_out FROM holder h JOIN action a ON a.id = h.id WHERE a.voided IS NULL
           AND (a.open > 0 OR a.stands > 0 AND NOT EXISTS (SELECT 1 FROM link l WHERE l.action_id = a.id AND l.relation = 'renews' AND l.spends > 0))
         ORDER BY a.id",
    )?;
    let holders = select.query_map([action], |r| Ok(Holder { id: r.get(0)?, carried_out: r.get(1)? }))?;
    Ok(holders.collect::<rusqlite::Result<_>>()?)
}

fn reinstated_by(conn: &Connection, waiver: i64) -> Result<Vec<(Action, Count)>> {
    let mut waived = conn.prepare_cached(
        "SELECT earlier_id, reinstated FROM link WHERE action_id = ? AND relation = 'waives' AND reinstated > 0 ORDER BY earlier_id",
    )?;
    let waived: Vec<(i64, Count)> = waived.query_map([waiver], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
    waived.into_iter().map(|(id, amount)| Ok((reread(conn, id)?, amount))).collect()
}
