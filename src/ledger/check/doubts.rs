//! What holds together and may be wrong all the same: for somebody to look at.

use std::collections::HashSet;

use rusqlite::Connection;

use super::Findings;
use crate::error::Result;
use crate::ledger::facts::LedgerFacts;
use crate::model::settle::{OUTSIDE, SettledAct};
use crate::model::{Day, Stage};

/// How many days apart two entries of one act may be.
const DAYS_APART: i32 = 3;

/// Looks for all of it, on `today`.
pub(super) fn look(conn: &Connection, held: &LedgerFacts, today: Day, findings: &mut Findings) -> Result<()> {
    duplicates(held, findings);
    without_source(conn, findings)?;
    deadlines(conn, held, today, findings)?;
    disagreeing(conn, findings)
}

/// The same pair, kind, stage and count within three days, and neither bears on the other.
fn duplicates(held: &LedgerFacts, findings: &mut Findings) {
    let book = &held.book;
    let linked: HashSet<(u32, u32)> = book.links.iter().map(|l| (l.later, l.earlier)).collect();
    let what = |act: &SettledAct| (act.actor, act.target, act.kind, act.stage, act.count);
    let mut order: Vec<u32> = (0u32..).zip(&book.acts).filter(|(_, act)| !act.voided).map(|(place, _)| place).collect();
    order.sort_unstable_by_key(|place| {
        let act = book.act(*place);
        (what(act), act.day, *place)
    });
    for pair in order.windows(2) {
        let (one, other) = (book.act(pair[0]), book.act(pair[1]));
        let linked = linked.contains(&(pair[0], pair[1])) || linked.contains(&(pair[1], pair[0]));
        if what(one) == what(other) && other.day.saturating_sub(one.day) <= DAYS_APART && !linked {
            let (first, second) = (held.ids[pair[0].min(pair[1]) as usize], held.ids[pair[0].max(pair[1]) as usize]);
            findings.warning(
                "duplicate",
                format!("#{first} and #{second}"),
                format!("the same pair, kind and count within {DAYS_APART} days: one act may have been logged twice"),
                format!("'recip show' both; if they are one, 'recip void {second} --reason WHY'"),
            );
        }
    }
}

fn without_source(conn: &Connection, findings: &mut Findings) -> Result<()> {
    let mut select = conn.prepare(
        "SELECT DISTINCT l.action_id FROM link l JOIN action a ON a.id = l.action_id
         WHERE l.relation = 'answers' AND a.voided IS NULL AND NOT EXISTS (SELECT 1 FROM citation c WHERE c.action_id = l.action_id) ORDER BY 1",
    )?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let id: i64 = row.get(0)?;
        let help = format!("'recip edit {id} --source URL' names one");
        findings.warning("answer-without-source", format!("#{id}"), "it answers, and no source says so", help);
    }
    Ok(())
}

/// A deadline is that of what was threatened or announced: it has passed, and nobody says what came of it.
fn deadlines(conn: &Connection, held: &LedgerFacts, today: Day, findings: &mut Findings) -> Result<()> {
    let mut select = conn.prepare("SELECT id, deadline FROM action WHERE deadline IS NOT NULL AND voided IS NULL ORDER BY id")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let (id, deadline): (i64, String) = (row.get("id")?, row.get("deadline")?);
        let place = held.place(id);
        if place == OUTSIDE {
            continue;
        }
        let act = held.book.act(place);
        let passed = deadline.get(..10).and_then(|day| day.parse::<Day>().ok()).is_some_and(|day| day < today);
        if passed && act.stage != Stage::Done && act.stands > 0 {
            let stage = act.stage;
            findings.warning(
                "deadline-passed",
                format!("#{id}"),
                format!("it is {stage} with the deadline {deadline}, which has passed, and nothing carried it out or withdrew it"),
                format!("log what came of it with --executes {id} or --reverses {id}"),
            );
        }
    }
    Ok(())
}

fn disagreeing(conn: &Connection, findings: &mut Findings) -> Result<()> {
    let mut select = conn.prepare(
        "SELECT c.action_id, a.date, a.count, s.cite, c.says_date, c.says_count FROM citation c
         JOIN action a ON a.id = c.action_id JOIN source s ON s.id = c.source_id
         WHERE a.voided IS NULL AND (c.says_date IS NOT NULL AND c.says_date <> a.date OR c.says_count IS NOT NULL AND c.says_count IS NOT a.count)
         ORDER BY c.action_id, c.position",
    )?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let (id, cite): (i64, String) = (row.get("action_id")?, row.get("cite")?);
        let (date, count): (String, Option<i64>) = (row.get("date")?, row.get("count")?);
        let (says_date, says_count): (Option<String>, Option<i64>) = (row.get("says_date")?, row.get("says_count")?);
        let dated = says_date.filter(|d| *d != date).map(|d| format!("the date {d} for {date}"));
        let counted = says_count
            .filter(|c| Some(*c) != count)
            .map(|c| format!("the count {c} for {}", count.map_or("an unknown one".to_owned(), |n| n.to_string())));
        let gives: Vec<String> = dated.into_iter().chain(counted).collect();
        findings.warning(
            "sources-disagree",
            format!("#{id}"),
            format!("{cite} gives {}", gives.join(" and ")),
            format!("if it is right, 'recip edit {id}'; else leave it: both readings are kept"),
        );
    }
    Ok(())
}
