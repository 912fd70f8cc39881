//! Settlement at the end of a change: settles what the change touched, and validates its links.
//!
//! During a change the triggers only record which actions must be settled again (in the table `unsettled`). Here these actions are read
//! together with all actions connected to them, the rule of [`settle`](crate::model::settle) is applied, and the results that differ are
//! written. For other SQLite clients, which have no such end of a change, the triggers settle immediately.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, params};

use crate::error::{Error, Result};
use crate::ledger::facts::{ACT, LINK, LedgerFacts};
use crate::ledger::refusal::{self, Naming};
use crate::model::Relation;
use crate::model::settle::{Amounts, Breach, OUTSIDE, SettledLink, Shortage};

/// A new link, or a link that settles other amounts than before the change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effect {
    /// The link's id.
    pub link: i64,
    /// How the later action relates to the earlier one.
    pub relation: Relation,
    /// The id of the later action.
    pub later: i64,
    /// The id of the earlier action.
    pub earlier: i64,
    /// What it settled before; `None` if it is new.
    pub before: Option<Amounts>,
    /// What it settles now.
    pub after: Amounts,
}

/// The command that is correcting an action. An error can suggest adding a corrected stated amount to it.
#[derive(Debug, Clone)]
pub(super) struct Correcting {
    pub action: i64,
    pub command: String,
    /// The links of the action whose amounts the command states, each by its relation and the earlier action.
    pub restated: Vec<(Relation, i64)>,
}

const UPDATE_LINK: &str = "UPDATE link SET day = ?, covers = ?, spends = ?, takes = ?, reinstated = ?, unmet = ? WHERE id = ?";

/// The result of settling.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// The new links, and the existing links whose amounts changed.
    pub effects: Vec<Effect>,
    /// The errors, with the id of the link at fault. If there are any, nothing was written.
    pub violations: Vec<(i64, Error)>,
    /// True if they are stated amounts that do not fit, and false if links break a rule.
    pub unmet: bool,
}

/// A link that has not been written yet.
#[derive(Debug, Clone, Copy)]
pub(super) struct NewLink {
    pub later: i64,
    pub relation: Relation,
    pub earlier: i64,
    pub stated: Option<u32>,
    pub stated_spends: Option<u32>,
}

/// Adds links, and notes their actions, which are settled from the day on which a link takes effect. It does without the triggers, which would
/// note the same.
pub(super) fn add(conn: &Connection, new: &[NewLink]) -> Result<()> {
    let mut insert =
        conn.prepare_cached("INSERT INTO link (action_id, relation, earlier_id, stated, stated_spends) VALUES (?, ?, ?, ?, ?)")?;
    let mut note = conn.prepare_cached(
        "INSERT INTO unsettled (action_id, day)
         SELECT id, (SELECT max(day) FROM action WHERE id IN (?1, ?2)) FROM action WHERE id IN (?1, ?2)
         ON CONFLICT (action_id) DO UPDATE SET day = min(day, excluded.day)",
    )?;
    for link in new {
        insert.execute(params![link.later, link.relation, link.earlier, link.stated, link.stated_spends])?;
        note.execute([link.later, link.earlier])?;
    }
    Ok(())
}

/// Settles what the change in progress has touched so far.
///
/// # Errors
/// A link breaks a rule, or a stated amount does not fit. The error names the link and, for a stated amount, the command that corrects it.
pub(super) fn settle(conn: &Connection, correcting: Option<&Correcting>) -> Result<Vec<Effect>> {
    let Outcome { effects, violations, .. } = try_to_settle(conn, Naming::ById, correcting, true)?;
    match violations.into_iter().next() {
        Some((_, violation)) => Err(violation),
        None => Ok(effects),
    }
}

/// Like [`settle`], but returns all errors. Without `amounts`, links are validated but not settled, because facts are missing.
pub(super) fn try_to_settle(conn: &Connection, naming: Naming, correcting: Option<&Correcting>, amounts: bool) -> Result<Outcome> {
    let seeds = seeds(conn)?;
    if seeds.days.is_empty() {
        return Ok(Outcome::default());
    }
    let mut region = Region::read(conn, &seeds.days)?;
    let mut violations = region.validate(conn, naming)?;
    let (mut effects, mut unmet) = (Vec::new(), false);
    if amounts && violations.is_empty() {
        let shortages = region.facts.settle(conn)?;
        if !seeds.leniently {
            violations = region.unmet(conn, &shortages, naming, correcting)?;
            unmet = !violations.is_empty();
        }
        if violations.is_empty() {
            effects = region.write(conn)?;
        }
    }
    conn.execute("DELETE FROM unsettled", [])?;
    Ok(Outcome { effects, violations, unmet })
}

/// Adds many links, with ids from `first` on, and settles the whole ledger. The caller must have switched the triggers off.
pub(super) fn settle_with(conn: &Connection, new: &[NewLink], first: i64, naming: Naming, amounts: bool) -> Result<Vec<(i64, Error)>> {
    let mut region = Region::whole(conn, new, first)?;
    let mut violations = region.validate(conn, naming)?;
    if amounts && violations.is_empty() {
        let stored: Vec<(u32, u32, i32)> = region.facts.book.acts.iter().map(derived_values).collect();
        let shortages = region.facts.settle(conn)?;
        violations = region.unmet(conn, &shortages, naming, None)?;
        if violations.is_empty() {
            region.write_whole(conn, first, &stored)?;
        }
    }
    Ok(violations)
}

/// The actions at which settlement begins, each with the first day to settle again.
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

/// The derived values of a link as stored before settling.
#[derive(Debug, Clone, Copy)]
struct StoredLink {
    /// The day on which it took effect; `None` if it is new.
    day: Option<i32>,
    amounts: Amounts,
    unmet: u32,
}

/// True if the change in progress reverts another.
fn is_undo(conn: &Connection) -> Result<bool> {
    let undo = "SELECT EXISTS (SELECT 1 FROM current_change u JOIN change c ON c.id = u.change_id WHERE c.undoes IS NOT NULL)";
    Ok(conn.query_row(undo, [], |r| r.get(0))?)
}

/// True if the actions of a link are connected, over any number of links, to a voided one. The region may not reach so far.
fn is_connected_to_voided(conn: &Connection, link: i64) -> Result<bool> {
    let connected = "WITH RECURSIVE near (id) AS (
          SELECT action_id FROM link WHERE id = ?
          UNION SELECT l.earlier_id FROM near JOIN link l ON l.action_id = near.id
          UNION SELECT l.action_id FROM near JOIN link l ON l.earlier_id = near.id)
        SELECT EXISTS (SELECT 1 FROM near JOIN action a ON a.id = near.id WHERE a.voided IS NOT NULL)";
    Ok(conn.query_row(connected, [link], |r| r.get(0))?)
}

/// Connected actions, with all their links.
struct Region {
    facts: LedgerFacts,
    stored: Vec<StoredLink>,
    /// True if it is the whole ledger.
    whole: bool,
}

impl Region {
    /// Reads the actions that are reachable from the seeds.
    fn read(conn: &Connection, seeds: &[(i64, i64)]) -> Result<Region> {
        let from = reach(conn, seeds)?;
        let mut ids: Vec<i64> = from.keys().copied().collect();
        ids.sort_unstable();
        let mut facts = LedgerFacts::empty(conn)?;
        let mut act = conn.prepare_cached(&format!("SELECT {ACT} FROM action WHERE id = ?"))?;
        for id in &ids {
            let mut rows = act.query([id])?;
            if let Some(row) = rows.next()? {
                facts.take_act(row)?;
            }
        }
        let mut outgoing = conn.prepare_cached(&format!("SELECT {LINK} FROM link WHERE action_id = ?"))?;
        let mut incoming = conn.prepare_cached(&format!("SELECT {LINK} FROM link WHERE earlier_id = ?"))?;
        for id in &ids {
            let mut rows = outgoing.query([id])?;
            while let Some(row) = rows.next()? {
                facts.take_link(row)?;
            }
            let mut rows = incoming.query([id])?;
            while let Some(row) = rows.next()? {
                // If the later action is in the region too, the link has been read as its outgoing link.
                if !from.contains_key(&row.get(1)?) {
                    facts.take_link(row)?;
                }
            }
        }
        let mut region = Region::of(facts);
        region.fix(&from);
        Ok(region)
    }

    /// Reads the whole ledger, and adds links that have not been written yet.
    fn whole(conn: &Connection, new: &[NewLink], first: i64) -> Result<Region> {
        let mut region = Region { whole: true, ..Region::of(LedgerFacts::whole(conn)?) };
        for (link, id) in new.iter().zip(first..) {
            let (later, earlier) = (region.facts.place(link.later), region.facts.place(link.earlier));
            let NewLink { relation, stated, stated_spends, .. } = *link;
            region.facts.book.links.push(SettledLink { stated, stated_spends, ..SettledLink::new(later, relation, earlier) });
            region.facts.link_ids.push(id);
            region.stored.push(StoredLink { day: None, amounts: Amounts::default(), unmet: 0 });
        }
        Ok(region)
    }

    fn of(facts: LedgerFacts) -> Region {
        let day = |link: &SettledLink| (link.day != i32::MIN).then_some(link.day);
        let stored = facts.book.links.iter().zip(&facts.unmet).map(|(link, unmet)| StoredLink {
            day: day(link),
            amounts: link.amounts,
            unmet: *unmet,
        });
        let stored = stored.collect();
        Region { facts, stored, whole: false }
    }

    /// Marks the links that took effect before anything changed as fixed.
    fn fix(&mut self, from: &HashMap<i64, i64>) {
        let book = &mut self.facts.book;
        for (link, stored) in book.links.iter_mut().zip(&self.stored) {
            link.fixed = match (link.later, link.earlier) {
                (OUTSIDE, _) | (_, OUTSIDE) => true,
                (later, earlier) => {
                    let day = i64::from(book.acts[later as usize].day.max(book.acts[earlier as usize].day));
                    let begins = from[&self.facts.ids[later as usize]].min(from[&self.facts.ids[earlier as usize]]);
                    stored.day.is_some() && day < begins
                }
            };
        }
        // A claim that the reversal of a waiver reopened is settled again with that reversal.
        let fixed_reversal = |l: &&SettledLink| l.relation == Relation::Reverses && l.fixed && l.earlier != OUTSIDE && l.amounts.takes > 0;
        let reversed: HashSet<u32> = book.links.iter().filter(fixed_reversal).map(|l| l.earlier).collect();
        for link in book.links.iter_mut().filter(|l| l.relation == Relation::Waives && l.later != OUTSIDE) {
            if !reversed.contains(&link.later) {
                link.amounts.reinstated = 0;
            }
        }
    }

    /// The errors for links that break a rule.
    fn validate(&self, conn: &Connection, naming: Naming) -> Result<Vec<(i64, Error)>> {
        let book = &self.facts.book;
        let is_new = |place: usize| self.stored[place].day.is_none();
        let circles: HashSet<usize> = if self.whole { book.circles().into_iter().collect() } else { HashSet::new() };
        let mut violations = Vec::new();
        for (place, link) in book.links.iter().enumerate().filter(|(_, l)| l.later != OUTSIDE && l.earlier != OUTSIDE) {
            let ends = self.ends(link);
            let breach = match book.breach(link).filter(|_| book.lives(link)) {
                // Only a new link, or one that an undo restored, can close a circle.
                None if self.whole && is_new(place) && circles.contains(&place) => Some(Breach::Circle),
                None if !self.whole && is_new(place) && closes_circle(conn, ends)? => Some(Breach::Circle),
                other => other,
            };
            if let Some(breach) = breach {
                violations.push((self.facts.link_ids[place], refusal::breach(conn, breach, link.relation, ends, naming)?));
            }
        }
        Ok(violations)
    }

    /// The errors for links whose stated amounts do not fit, or no longer fit.
    fn unmet(
        &self,
        conn: &Connection,
        shortages: &[Shortage],
        naming: Naming,
        correcting: Option<&Correcting>,
    ) -> Result<Vec<(i64, Error)>> {
        let mut violations = Vec::new();
        // An amount stated in a file, or restored by an undo, may have fitted until a connected action was voided.
        let excused = if naming == Naming::ByRef && !shortages.is_empty() { self.connected_to_voided() } else { HashSet::new() };
        let is_undo = !shortages.is_empty() && is_undo(conn)?;
        for shortage in shortages {
            let place = shortage.link as usize;
            let (link, stored) = (&self.facts.book.links[place], &self.stored[place]);
            let id = self.facts.link_ids[place];
            if stored.unmet == 0 && !excused.contains(&link.later) && !(is_undo && is_connected_to_voided(conn, id)?) {
                let error = refusal::unmet(conn, link, self.ends(link), *shortage, stored.day.is_some(), naming, correcting)?;
                violations.push((id, error));
            }
        }
        Ok(violations)
    }

    /// The acts that are connected, over any number of links, to a voided one.
    fn connected_to_voided(&self) -> HashSet<u32> {
        let book = &self.facts.book;
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

    /// Writes the derived values that differ from those stored.
    fn write(&self, conn: &Connection) -> Result<Vec<Effect>> {
        let mut update = conn.prepare_cached(UPDATE_LINK)?;
        let mut effects = Vec::new();
        for ((link, stored), id) in self.facts.book.links.iter().zip(&self.stored).zip(&self.facts.link_ids) {
            let Some(unmet) = self.changed(link, stored) else { continue };
            let Amounts { covers, spends, takes, reinstated } = link.amounts;
            update.execute(params![link.day, covers, spends, takes, reinstated, unmet, id])?;
            if stored.day.is_none() || stored.amounts != link.amounts {
                let (later, earlier) = self.ends(link);
                let before = stored.day.map(|_| stored.amounts);
                effects.push(Effect { link: *id, relation: link.relation, later, earlier, before, after: link.amounts });
            }
        }
        let mut derive = conn.prepare_cached(
            "UPDATE action SET (stands, open, posted_day) = (d.stands, d.open, d.posted_day) FROM derived_action d
             WHERE action.id = ?1 AND d.action_id = ?1
               AND (action.stands, action.open, action.posted_day) IS NOT (d.stands, d.open, d.posted_day)",
        )?;
        for id in &self.facts.ids {
            derive.execute([id])?;
        }
        effects.sort_by_key(|e| e.link);
        Ok(effects)
    }

    /// The same for the whole ledger: adds the new links, and writes the actions' derived values from the book.
    fn write_whole(&self, conn: &Connection, first: i64, stored: &[(u32, u32, i32)]) -> Result<()> {
        let mut insert = conn.prepare(
            "INSERT INTO link (id, action_id, relation, earlier_id, stated, stated_spends, day, covers, spends, takes, reinstated, unmet)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?;
        let mut update = conn.prepare(UPDATE_LINK)?;
        for ((link, stored), id) in self.facts.book.links.iter().zip(&self.stored).zip(&self.facts.link_ids) {
            let Amounts { covers, spends, takes, reinstated } = link.amounts;
            if *id >= first {
                let unmet = if self.facts.book.lives(link) { link.unmet() } else { 0 };
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
            } else if let Some(unmet) = self.changed(link, stored) {
                update.execute(params![link.day, covers, spends, takes, reinstated, unmet, id])?;
            }
        }
        let mut update = conn.prepare("UPDATE action SET stands = ?2, open = ?3, posted_day = ?4 WHERE id = ?1")?;
        for ((act, stored), id) in self.facts.book.acts.iter().zip(stored).zip(&self.facts.ids) {
            if derived_values(act) != *stored {
                update.execute(params![id, act.stands, act.open, act.posted_day])?;
            }
        }
        Ok(())
    }

    /// If the derived values of a link changed, how much of its stated amounts is unmet.
    fn changed(&self, link: &SettledLink, stored: &StoredLink) -> Option<u32> {
        if link.later == OUTSIDE || link.earlier == OUTSIDE {
            return None;
        }
        let unmet = if self.facts.book.lives(link) { link.unmet() } else { 0 };
        (stored.amounts != link.amounts || stored.day != Some(link.day) || stored.unmet != unmet).then_some(unmet)
    }

    /// The ids of the two actions of a link.
    fn ends(&self, link: &SettledLink) -> (i64, i64) {
        (self.facts.ids[link.later as usize], self.facts.ids[link.earlier as usize])
    }
}

/// All actions reachable from the seeds, each with the first day on which its amounts may change. It follows links from that day on, and
/// waivers of any day, because the reversal of a waiver reopens what is left of the waived claim.
fn reach(conn: &Connection, seeds: &[(i64, i64)]) -> Result<HashMap<i64, i64>> {
    let mut outgoing = conn.prepare_cached(
        "SELECT earlier_id, day, relation = 'waives' FROM link WHERE action_id = ?1 AND (day >= ?2 OR relation = 'waives')",
    )?;
    let mut incoming = conn.prepare_cached(
        "SELECT action_id, day, relation = 'waives' FROM link WHERE earlier_id = ?1 AND (day >= ?2 OR relation = 'waives')",
    )?;
    let seed_ids: HashSet<i64> = seeds.iter().map(|(id, _)| *id).collect();
    let mut from: HashMap<i64, i64> = HashMap::new();
    let mut next: Vec<(i64, i64)> = seeds.to_vec();
    while let Some((id, day)) = next.pop() {
        if from.get(&id).is_some_and(|known| *known <= day) {
            continue;
        }
        from.insert(id, day);
        // The date of a seed may just have changed, and with it the days of its links.
        let is_seed = seed_ids.contains(&id);
        for select in [&mut outgoing, &mut incoming] {
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

/// True if the earlier action is linked, directly or through other actions, to the later one, so a new link would close a circle.
pub(super) fn closes_circle(conn: &Connection, (later, earlier): (i64, i64)) -> Result<bool> {
    let circle = "WITH RECURSIVE up (id) AS (SELECT ?2 UNION SELECT l.earlier_id FROM link l JOIN up ON l.action_id = up.id)
        SELECT EXISTS (SELECT 1 FROM up WHERE id = ?1)";
    Ok(conn.prepare_cached(circle)?.query_row([later, earlier], |r| r.get(0))?)
}

/// The derived values of an action.
fn derived_values(act: &crate::model::settle::SettledAct) -> (u32, u32, i32) {
    (act.stands, act.open, act.posted_day)
}
