//! Settles, at the end of a change, what the change touched; and judges its links.
//!
//! While a change is under way the triggers only note which actions have to be settled again (the table `unsettled`). Here these actions
//! are read with all that hangs together with them, the rule of [`settle`](crate::model::settle) is applied, and what came out otherwise
//! than before is written. Other SQLite clients have no such end: for them the triggers settle at once.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, params};

use crate::error::{Error, Result};
use crate::ledger::facts::{ACT, LINK, LedgerFacts};
use crate::ledger::refusal::{self, Naming};
use crate::model::Relation;
use crate::model::settle::{Amounts, Breach, OUTSIDE, SettledLink, Shortage};

/// A link that settles something else than before the change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effect {
    /// The link's id.
    pub link: i64,
    /// How the later action bears on the earlier one.
    pub relation: Relation,
    /// The id of the later action.
    pub later: i64,
    /// The id of the earlier action.
    pub earlier: i64,
    /// What it settled before; `None`: it is new.
    pub before: Option<Amounts>,
    /// What it settles now.
    pub after: Amounts,
}

/// A command that corrects an action, to which a corrected stated amount can be added.
#[derive(Debug, Clone)]
pub(super) struct Correcting {
    pub action: i64,
    pub command: String,
}

const UPDATE_LINK: &str = "UPDATE link SET day = ?, covers = ?, spends = ?, takes = ?, reinstated = ?, unmet = ? WHERE id = ?";

/// What settling came to.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// The links that settle something else than before, and the new ones.
    pub effects: Vec<Effect>,
    /// What no ledger may hold, by the id of the link. Then nothing was written.
    pub violations: Vec<(i64, Error)>,
}

/// A link that is not in the ledger yet.
#[derive(Debug, Clone, Copy)]
pub(super) struct NewLink {
    pub later: i64,
    pub relation: Relation,
    pub earlier: i64,
    pub stated: Option<u32>,
    pub stated_spends: Option<u32>,
}

/// Settles what the change under way has touched so far.
///
/// # Errors
/// A link breaks a rule, or a stated amount does not fit: the link is named, with the command that mends it.
pub(super) fn settle(conn: &Connection, correcting: Option<&Correcting>) -> Result<Vec<Effect>> {
    let Outcome { effects, violations } = try_to_settle(conn, Naming::ById, correcting, true)?;
    match violations.into_iter().next() {
        Some((_, violation)) => Err(violation),
        None => Ok(effects),
    }
}

/// The same; what no ledger may hold is returned, all of it. Without `amounts` links are judged, and nothing is settled: facts are missing.
pub(super) fn try_to_settle(conn: &Connection, naming: Naming, correcting: Option<&Correcting>, amounts: bool) -> Result<Outcome> {
    let seeds = seeds(conn)?;
    if seeds.days.is_empty() {
        return Ok(Outcome::default());
    }
    let mut region = Region::read(conn, &seeds.days)?;
    let mut violations = region.judge(conn, naming)?;
    let mut effects = Vec::new();
    if amounts && violations.is_empty() {
        let shortages = region.held.settle(conn)?;
        if !seeds.leniently {
            violations = region.unmet(conn, &shortages, naming, correcting)?;
        }
        if violations.is_empty() {
            effects = region.write(conn)?;
        }
    }
    conn.execute("DELETE FROM unsettled", [])?;
    Ok(Outcome { effects, violations })
}

/// Adds many links and settles the whole ledger with them. The links get the ids from `first` on. The caller has switched triggers off.
pub(super) fn settle_with(conn: &Connection, new: &[NewLink], first: i64, naming: Naming, amounts: bool) -> Result<Vec<(i64, Error)>> {
    let mut region = Region::whole(conn, new, first)?;
    let mut violations = region.judge(conn, naming)?;
    if amounts && violations.is_empty() {
        let kept: Vec<(u32, u32, i32)> = region.held.book.acts.iter().map(numbers).collect();
        let shortages = region.held.settle(conn)?;
        violations = region.unmet(conn, &shortages, naming, None)?;
        if violations.is_empty() {
            region.write_whole(conn, first, &kept)?;
        }
    }
    Ok(violations)
}

/// Where settlement begins.
struct Seeds {
    days: Vec<(i64, i64)>,
    leniently: bool,
}

fn seeds(conn: &Connection) -> Result<Seeds> {
    let mut select = conn.prepare_cached("SELECT action_id, day, leniently FROM unsettled ORDER BY action_id")?;
    let mut seeds = Seeds { days: Vec::new(), leniently: false };
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        seeds.days.push((row.get(0)?, row.get(1)?));
        seeds.leniently |= row.get::<_, bool>(2)?;
    }
    Ok(seeds)
}

/// What the ledger kept of a link before.
#[derive(Debug, Clone, Copy)]
struct Kept {
    /// The day it took effect; `None`: it is new.
    day: Option<i32>,
    amounts: Amounts,
    unmet: u32,
}

/// Actions that hang together, with all their links.
struct Region {
    held: LedgerFacts,
    kept: Vec<Kept>,
    /// True where it is the whole ledger.
    whole: bool,
}

impl Region {
    /// What the seeds reach.
    fn read(conn: &Connection, seeds: &[(i64, i64)]) -> Result<Region> {
        let from = reach(conn, seeds)?;
        let mut ids: Vec<i64> = from.keys().copied().collect();
        ids.sort_unstable();
        let mut held = LedgerFacts::empty(conn)?;
        let mut act = conn.prepare_cached(&format!("SELECT {ACT} FROM action WHERE id = ?"))?;
        for id in &ids {
            let mut rows = act.query([id])?;
            if let Some(row) = rows.next()? {
                held.take_act(row)?;
            }
        }
        let mut made = conn.prepare_cached(&format!("SELECT {LINK} FROM link WHERE action_id = ?"))?;
        let mut borne = conn.prepare_cached(&format!("SELECT {LINK} FROM link WHERE earlier_id = ?"))?;
        for id in &ids {
            let mut rows = made.query([id])?;
            while let Some(row) = rows.next()? {
                held.take_link(row)?;
            }
            let mut rows = borne.query([id])?;
            while let Some(row) = rows.next()? {
                // Where the later action is in the region too, the link was read with it.
                if !from.contains_key(&row.get(1)?) {
                    held.take_link(row)?;
                }
            }
        }
        let mut region = Region::of(held);
        region.fix(&from);
        Ok(region)
    }

    /// The whole ledger, with links that are not in it yet.
    fn whole(conn: &Connection, new: &[NewLink], first: i64) -> Result<Region> {
        let mut region = Region { whole: true, ..Region::of(LedgerFacts::whole(conn)?) };
        for (link, id) in new.iter().zip(first..) {
            let (later, earlier) = (region.held.place(link.later), region.held.place(link.earlier));
            let NewLink { relation, stated, stated_spends, .. } = *link;
            region.held.book.links.push(SettledLink { stated, stated_spends, ..SettledLink::new(later, relation, earlier) });
            region.held.link_ids.push(id);
            region.kept.push(Kept { day: None, amounts: Amounts::default(), unmet: 0 });
        }
        Ok(region)
    }

    fn of(held: LedgerFacts) -> Region {
        let day = |link: &SettledLink| (link.day != i32::MIN).then_some(link.day);
        let kept =
            held.book.links.iter().zip(&held.unmet).map(|(link, unmet)| Kept { day: day(link), amounts: link.amounts, unmet: *unmet });
        let kept = kept.collect();
        Region { held, kept, whole: false }
    }

    /// Fixes the links that took effect before anything changed.
    fn fix(&mut self, from: &HashMap<i64, i64>) {
        let book = &mut self.held.book;
        for (link, kept) in book.links.iter_mut().zip(&self.kept) {
            link.fixed = match (link.later, link.earlier) {
                (OUTSIDE, _) | (_, OUTSIDE) => true,
                (later, earlier) => {
                    let day = i64::from(book.acts[later as usize].day.max(book.acts[earlier as usize].day));
                    let begins = from[&self.held.ids[later as usize]].min(from[&self.held.ids[earlier as usize]]);
                    kept.day.is_some() && day < begins
                }
            };
        }
        // What the reversal of a waiver opened again is settled again with the reversal.
        let undoes = |l: &&SettledLink| l.relation == Relation::Reverses && l.fixed && l.earlier != OUTSIDE && l.amounts.takes > 0;
        let reversed: HashSet<u32> = book.links.iter().filter(undoes).map(|l| l.earlier).collect();
        for link in book.links.iter_mut().filter(|l| l.relation == Relation::Waives && l.later != OUTSIDE) {
            if !reversed.contains(&link.later) {
                link.amounts.reinstated = 0;
            }
        }
    }

    /// The links that break a rule.
    fn judge(&self, conn: &Connection, naming: Naming) -> Result<Vec<(i64, Error)>> {
        let book = &self.held.book;
        let is_new = |place: usize| self.kept[place].day.is_none();
        let circles: HashSet<usize> = if self.whole { book.circles().into_iter().collect() } else { HashSet::new() };
        let mut violations = Vec::new();
        for (place, link) in book.links.iter().enumerate().filter(|(_, l)| l.later != OUTSIDE && l.earlier != OUTSIDE) {
            let ends = self.ends(link);
            let breach = match book.breach(link).filter(|_| book.lives(link)) {
                // Only a new link closes a circle, or one that an undo brings back.
                None if self.whole && is_new(place) && circles.contains(&place) => Some(Breach::Circle),
                None if !self.whole && is_new(place) && closes_circle(conn, ends)? => Some(Breach::Circle),
                other => other,
            };
            if let Some(breach) = breach {
                violations.push((self.held.link_ids[place], refusal::breach(conn, breach, link.relation, ends, naming)?));
            }
        }
        Ok(violations)
    }

    /// The links whose stated amounts fit no more, or not at all.
    fn unmet(
        &self,
        conn: &Connection,
        shortages: &[Shortage],
        naming: Naming,
        correcting: Option<&Correcting>,
    ) -> Result<Vec<(i64, Error)>> {
        let mut violations = Vec::new();
        // What a file states may have fitted until an action was voided.
        let beside = if naming == Naming::ByRef && !shortages.is_empty() { self.beside_voided() } else { HashSet::new() };
        for shortage in shortages {
            let place = shortage.link as usize;
            let (link, kept) = (&self.held.book.links[place], &self.kept[place]);
            if kept.unmet == 0 && !beside.contains(&link.later) {
                let error = refusal::unmet(conn, link, self.ends(link), *shortage, kept.day.is_some(), naming, correcting)?;
                violations.push((self.held.link_ids[place], error));
            }
        }
        Ok(violations)
    }

    /// The acts that hang together, over whatever links, with one that was voided.
    fn beside_voided(&self) -> HashSet<u32> {
        let book = &self.held.book;
        let mut up: Vec<u32> = (0..book.acts.len() as u32).collect();
        fn top(up: &mut [u32], mut at: u32) -> u32 {
            while up[at as usize] != at {
                up[at as usize] = up[up[at as usize] as usize];
                at = up[at as usize];
            }
            at
        }
        for link in book.links.iter().filter(|l| l.later != OUTSIDE && l.earlier != OUTSIDE) {
            let (later, earlier) = (top(&mut up, link.later), top(&mut up, link.earlier));
            up[later as usize] = earlier;
        }
        let voided: HashSet<u32> = (0..).zip(&book.acts).filter(|(_, act)| act.voided).map(|(at, _)| top(&mut up, at)).collect();
        (0..book.acts.len() as u32).filter(|at| voided.contains(&top(&mut up, *at))).collect()
    }

    /// Writes what came out otherwise than the ledger kept it.
    fn write(&self, conn: &Connection) -> Result<Vec<Effect>> {
        let mut update = conn.prepare_cached(UPDATE_LINK)?;
        let mut effects = Vec::new();
        for ((link, kept), id) in self.held.book.links.iter().zip(&self.kept).zip(&self.held.link_ids) {
            let Some(unmet) = self.changed(link, kept) else { continue };
            let Amounts { covers, spends, takes, reinstated } = link.amounts;
            update.execute(params![link.day, covers, spends, takes, reinstated, unmet, id])?;
            if kept.day.is_none() || kept.amounts != link.amounts {
                let (later, earlier) = self.ends(link);
                let before = kept.day.map(|_| kept.amounts);
                effects.push(Effect { link: *id, relation: link.relation, later, earlier, before, after: link.amounts });
            }
        }
        let mut derive = conn.prepare_cached(
            "UPDATE action SET (stands, open, posted_day) = (d.stands, d.open, d.posted_day) FROM derived_action d
             WHERE action.id = ?1 AND d.action_id = ?1
               AND (action.stands, action.open, action.posted_day) IS NOT (d.stands, d.open, d.posted_day)",
        )?;
        for id in &self.held.ids {
            derive.execute([id])?;
        }
        effects.sort_by_key(|e| e.link);
        Ok(effects)
    }

    /// The same of the whole ledger: new links are added, and actions get the numbers that the book has of them.
    fn write_whole(&self, conn: &Connection, first: i64, kept: &[(u32, u32, i32)]) -> Result<()> {
        let mut insert = conn.prepare(
            "INSERT INTO link (id, action_id, relation, earlier_id, stated, stated_spends, day, covers, spends, takes, reinstated, unmet)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?;
        let mut update = conn.prepare(UPDATE_LINK)?;
        for ((link, kept), id) in self.held.book.links.iter().zip(&self.kept).zip(&self.held.link_ids) {
            let Amounts { covers, spends, takes, reinstated } = link.amounts;
            if *id >= first {
                let unmet = if self.held.book.lives(link) { link.unmet() } else { 0 };
                let ((later, earlier), relation) = (self.ends(link), link.relation.as_str());
                let (stated, stated_spends) = (link.stated, link.stated_spends);
                insert.execute(params![
                    id,
                    later,
                    relation,
                    earlier,
                    stated,
                    stated_spends,
                    link.day,
                    covers,
                    spends,
                    takes,
                    reinstated,
                    unmet
                ])?;
            } else if let Some(unmet) = self.changed(link, kept) {
                update.execute(params![link.day, covers, spends, takes, reinstated, unmet, id])?;
            }
        }
        let mut update = conn.prepare("UPDATE action SET stands = ?2, open = ?3, posted_day = ?4 WHERE id = ?1")?;
        for ((act, kept), id) in self.held.book.acts.iter().zip(kept).zip(&self.held.ids) {
            if numbers(act) != *kept {
                update.execute(params![id, act.stands, act.open, act.posted_day])?;
            }
        }
        Ok(())
    }

    /// Of a link that came out otherwise: how much of its stated amounts is unmet.
    fn changed(&self, link: &SettledLink, kept: &Kept) -> Option<u32> {
        if link.later == OUTSIDE || link.earlier == OUTSIDE {
            return None;
        }
        let unmet = if self.held.book.lives(link) { link.unmet() } else { 0 };
        (kept.amounts != link.amounts || kept.day != Some(link.day) || kept.unmet != unmet).then_some(unmet)
    }

    /// The ids of the two actions of a link.
    fn ends(&self, link: &SettledLink) -> (i64, i64) {
        (self.held.ids[link.later as usize], self.held.ids[link.earlier as usize])
    }
}

/// All actions that the seeds reach, each with the first day on which something of it may change: over links from that day on, and over
/// waivers of any day, since the reversal of one opens again what is left of what it waived.
fn reach(conn: &Connection, seeds: &[(i64, i64)]) -> Result<HashMap<i64, i64>> {
    let mut made = conn.prepare_cached(
        "SELECT earlier_id, day, relation = 'waives' FROM link WHERE action_id = ?1 AND (day >= ?2 OR relation = 'waives')",
    )?;
    let mut borne = conn.prepare_cached(
        "SELECT action_id, day, relation = 'waives' FROM link WHERE earlier_id = ?1 AND (day >= ?2 OR relation = 'waives')",
    )?;
    let sown: HashMap<i64, i64> = seeds.iter().copied().collect();
    let mut from: HashMap<i64, i64> = HashMap::new();
    let mut next: Vec<(i64, i64)> = seeds.to_vec();
    while let Some((id, day)) = next.pop() {
        if from.get(&id).is_some_and(|known| *known <= day) {
            continue;
        }
        from.insert(id, day);
        // The date of a seed may just have changed, and with it the days of its links.
        let is_seed = sown.contains_key(&id);
        for select in [&mut made, &mut borne] {
            let mut rows = select.query(params![id, day])?;
            while let Some(row) = rows.next()? {
                let effect: Option<i64> = row.get(1)?;
                let waived: bool = row.get(2)?;
                let begins = if is_seed || waived { day } else { effect.unwrap_or(day) };
                next.push((row.get(0)?, begins));
            }
        }
    }
    Ok(from)
}

/// True where the earlier action bears, over whatever links, on the later one.
pub(super) fn closes_circle(conn: &Connection, (later, earlier): (i64, i64)) -> Result<bool> {
    let circle = "WITH RECURSIVE up (id) AS (SELECT ?2 UNION SELECT l.earlier_id FROM link l JOIN up ON l.action_id = up.id)
        SELECT EXISTS (SELECT 1 FROM up WHERE id = ?1)";
    Ok(conn.prepare_cached(circle)?.query_row([later, earlier], |r| r.get(0))?)
}

/// What the ledger keeps of an action.
fn numbers(act: &crate::model::settle::SettledAct) -> (u32, u32, i32) {
    (act.stands, act.open, act.posted_day)
}
