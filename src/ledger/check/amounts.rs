//! Checks that the stored derived values equal those recomputed from the facts, and that every link follows the rules.

use rusqlite::Connection;

use super::Findings;
use crate::error::Result;
use crate::ledger::facts::{LedgerFacts, text};
use crate::model::Date;
use crate::model::settle::{Breach, SettledAct, SettledLink};

/// Settles the whole ledger in memory and compares the result with the stored values. Returns the settled facts.
pub(super) fn compare(conn: &Connection, findings: &mut Findings) -> Result<LedgerFacts> {
    dates(conn, findings)?;
    unsettled(conn, findings)?;
    let mut facts = LedgerFacts::whole(conn)?;
    let stored_acts: Vec<(u32, u32, i32)> = facts.book.acts.iter().map(derived_values).collect();
    let stored_links: Vec<SettledLink> = facts.book.links.clone();
    let circles = facts.book.circles();
    facts.settle(conn)?;
    for (place, link) in facts.book.links.iter().enumerate() {
        let breach = facts.book.breach(link).filter(|_| facts.book.lives(link));
        if let Some(breach) = breach.or(circles.binary_search(&place).is_ok().then_some(Breach::Circle)) {
            let (later, earlier) = (facts.ids[link.later as usize], facts.ids[link.earlier as usize]);
            let help = format!("remove it with 'recip unlink {later} {earlier}', correct the actions, and link them again");
            findings.error("arithmetic", place_of(&facts, place), rule(breach), help);
        }
    }
    for (place, (link, stored)) in facts.book.links.iter().zip(&stored_links).enumerate() {
        let (stored_unmet, unmet) = (facts.unmet[place], if facts.book.lives(link) { link.unmet() } else { facts.unmet[place] });
        if (link.day, link.amounts, unmet) != (stored.day, stored.amounts, stored_unmet) {
            let (stored, computed) = (amounts(stored, stored_unmet), amounts(link, unmet));
            let what = format!("it is stored as {stored}, but the facts give {computed}");
            let help = recompute_help(facts.ids[link.later as usize]);
            findings.error("arithmetic", place_of(&facts, place), what, help);
        }
        if link.unmet() > 0 && facts.book.lives(link) {
            let (later, earlier) = (facts.ids[link.later as usize], facts.ids[link.earlier as usize]);
            let what = format!("{} is stated, but only {} could be settled", link.stated.unwrap_or(0), settled(link));
            let help =
                format!("an action was voided since; to state another amount: recip edit {later} --{} {earlier}:COUNT", link.relation);
            findings.warning("stated-amount", place_of(&facts, place), what, help);
        }
    }
    for ((act, stored), id) in facts.book.acts.iter().zip(&stored_acts).zip(&facts.ids) {
        let (computed, stored) = (derived_values(act), *stored);
        for (column, stored, computed) in [
            ("stands", i64::from(stored.0), i64::from(computed.0)),
            ("open", stored.1.into(), computed.1.into()),
            ("posted_day", stored.2.into(), computed.2.into()),
        ] {
            if stored != computed {
                findings.error(
                    "arithmetic",
                    format!("#{id}"),
                    format!("{column} is stored as {stored}, but the facts give {computed}"),
                    recompute_help(*id),
                );
            }
        }
    }
    Ok(facts)
}

/// The command that recomputes an action: an update that changes nothing makes the triggers derive the connected actions again.
fn recompute_help(id: i64) -> String {
    format!("another program wrote it; to recompute it: sqlite3 FILE 'UPDATE action SET date = date WHERE id = {id}'")
}

fn derived_values(act: &SettledAct) -> (u32, u32, i32) {
    (act.stands, act.open, act.posted_day)
}

fn settled(link: &SettledLink) -> u32 {
    link.amounts.covers.max(link.amounts.takes)
}

fn amounts(link: &SettledLink, unmet: u32) -> String {
    let a = link.amounts;
    let unmet = if unmet > 0 { format!(", unmet {unmet}") } else { String::new() };
    format!("day {}, covers {}, spends {}, takes {}, reinstated {}{unmet}", link.day, a.covers, a.spends, a.takes, a.reinstated)
}

fn place_of(facts: &LedgerFacts, place: usize) -> String {
    let link = &facts.book.links[place];
    format!("link {}: #{} {} #{}", facts.link_ids[place], facts.ids[link.later as usize], link.relation, facts.ids[link.earlier as usize])
}

fn rule(breach: Breach) -> &'static str {
    match breach {
        Breach::Itself => "an action cannot be linked to itself",
        Breach::Circle => "links form a circle",
        Breach::Earlier => "the later action is certainly earlier than the action that it is linked to",
        Breach::Aim => "an answer or a waiver must be aimed at the actor of the action that it answers or waives",
        Breach::NotInjured => "only the injured party, or a member of it, can waive",
        Breach::NotNeutral => "only a neutral action can waive",
        Breach::NotOwn => "a party executes, reverses, extends or renews only its own actions towards the same target",
        Breach::NoDeadline => "only an action with a deadline, a threat or an announcement can be extended",
        Breach::NotPending => "only a threat or an announcement can be executed",
        Breach::NoFurther => "an action can execute only one at an earlier stage",
        Breach::OtherSign => "an action is executed or renewed only by an action of the same sign",
        Breach::OtherUnit => "an announcement is executed, and an action renewed, only by an action with the same unit",
    }
}

/// Checks that the stored days of each action are those of its date.
fn dates(conn: &Connection, findings: &mut Findings) -> Result<()> {
    let mut select = conn.prepare("SELECT id, day, day_latest, date FROM action")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let days: (i64, i64) = (row.get(1)?, row.get(2)?);
        if !text(row, 3)?.parse::<Date>().is_ok_and(|date| (date.earliest().0, date.latest().0) == days) {
            let id: i64 = row.get(0)?;
            let help = format!("enter its date again: recip edit {id} --on DATE");
            findings.error("arithmetic", format!("#{id}"), "its stored days do not match its date", help);
        }
    }
    Ok(())
}

/// Finds actions that are marked to be settled again. The marks exist only within a statement or a change.
fn unsettled(conn: &Connection, findings: &mut Findings) -> Result<()> {
    let mut select = conn.prepare("SELECT action_id FROM unsettled ORDER BY action_id")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let help = "another program wrote it; to remove it: sqlite3 FILE 'DELETE FROM unsettled'";
        findings.error("arithmetic", format!("#{}", row.get::<_, i64>(0)?), "it is still marked to be settled again", help);
    }
    Ok(())
}
