//! Whether the derived numbers are what the facts make them, and every link one that a ledger may hold: settled again from the facts
//! alone, by the rule that loads files.

use rusqlite::Connection;

use super::Findings;
use crate::error::Result;
use crate::ledger::facts::{LedgerFacts, text};
use crate::model::Date;
use crate::model::settle::{Breach, SettledAct, SettledLink};

/// Settles the whole ledger in memory and compares. Returns it, as the facts make it.
pub(super) fn compare(conn: &Connection, findings: &mut Findings) -> Result<LedgerFacts> {
    dates(conn, findings)?;
    let mut held = LedgerFacts::whole(conn)?;
    let kept_acts: Vec<(u32, u32, i32)> = held.book.acts.iter().map(numbers).collect();
    let kept_links: Vec<SettledLink> = held.book.links.clone();
    let circles = held.book.circles();
    held.settle(conn)?;
    for (place, link) in held.book.links.iter().enumerate() {
        let breach = held.book.breach(link).filter(|_| held.book.lives(link));
        if let Some(breach) = breach.or(circles.binary_search(&place).is_ok().then_some(Breach::Circle)) {
            let (later, earlier) = (held.ids[link.later as usize], held.ids[link.earlier as usize]);
            let help = format!("'recip unlink {later} {earlier}' cuts it; correct the actions, and link them again");
            findings.error("arithmetic", place_of(&held, place), rule(breach), help);
        }
    }
    for (place, (link, kept)) in held.book.links.iter().zip(&kept_links).enumerate() {
        if (link.day, link.amounts) != (kept.day, kept.amounts) {
            let what = format!("it is kept as {}, and the facts make it {}", amounts(kept), amounts(link));
            let help = help(held.ids[link.later as usize]);
            findings.error("arithmetic", place_of(&held, place), what, help);
        }
        if link.unmet() > 0 && held.book.lives(link) {
            let (later, earlier) = (held.ids[link.later as usize], held.ids[link.earlier as usize]);
            let what = format!("{} stated, and {} could be settled", link.stated.unwrap_or(0), settled(link));
            let help =
                format!("an action was voided since: 'recip edit {later} --{} {earlier}:COUNT' states another amount", link.relation);
            findings.warning("stated-amount", place_of(&held, place), what, help);
        }
    }
    for ((act, kept), id) in held.book.acts.iter().zip(&kept_acts).zip(&held.ids) {
        let (is, kept) = (numbers(act), *kept);
        for (column, kept, is) in [
            ("stands", i64::from(kept.0), i64::from(is.0)),
            ("open", kept.1.into(), is.1.into()),
            ("posted_day", kept.2.into(), is.2.into()),
        ] {
            if kept != is {
                findings.error(
                    "arithmetic",
                    format!("#{id}"),
                    format!("{column} is kept as {kept}, and the facts make it {is}"),
                    help(*id),
                );
            }
        }
    }
    Ok(held)
}

/// A correction that changes nothing lets the rules derive again what hangs together with an action.
fn help(id: i64) -> String {
    format!("another program wrote it: sqlite3 FILE 'UPDATE action SET date = date WHERE id = {id}' derives it again")
}

fn numbers(act: &SettledAct) -> (u32, u32, i32) {
    (act.stands, act.open, act.posted_day)
}

fn settled(link: &SettledLink) -> u32 {
    link.amounts.covers.max(link.amounts.takes)
}

fn amounts(link: &SettledLink) -> String {
    let a = link.amounts;
    format!("day {}, covers {}, spends {}, takes {}, reinstated {}", link.day, a.covers, a.spends, a.takes, a.reinstated)
}

fn place_of(held: &LedgerFacts, place: usize) -> String {
    let link = &held.book.links[place];
    format!("link {}: #{} {} #{}", held.link_ids[place], held.ids[link.later as usize], link.relation, held.ids[link.earlier as usize])
}

fn rule(breach: Breach) -> &'static str {
    match breach {
        Breach::Itself => "an action cannot bear on itself",
        Breach::Circle => "links run in a circle",
        Breach::Earlier => "the later action is certainly earlier than the action it bears on",
        Breach::Aim => "an answer or a waiver aims at the actor of the action it bears on",
        Breach::NotInjured => "only the injured party, or a member of it, can waive",
        Breach::NotNeutral => "only a neutral action waives",
        Breach::NotOwn => "a party executes and reverses its own actions towards the same target",
        Breach::NotPending => "only a threat or an announcement is executed",
        Breach::NoFurther => "an action executes one of an earlier stage",
        Breach::OtherSign => "an action is executed by one of its own sign",
        Breach::OtherUnit => "an announcement is executed in its own unit",
    }
}

/// The days that an action counts from are those of its date.
fn dates(conn: &Connection, findings: &mut Findings) -> Result<()> {
    let mut select = conn.prepare("SELECT id, day, day_latest, date FROM action")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let days: (i64, i64) = (row.get(1)?, row.get(2)?);
        if !text(row, 3)?.parse::<Date>().is_ok_and(|date| (date.earliest().0, date.latest().0) == days) {
            let id: i64 = row.get(0)?;
            let help = format!("'recip edit {id} --on DATE' gives it its date again");
            findings.error("arithmetic", format!("#{id}"), "the days it counts from are not those of its date", help);
        }
    }
    Ok(())
}
