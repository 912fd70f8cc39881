//! Entries that are consistent but may be wrong, and that a person should review.

use std::collections::HashSet;

use rusqlite::Connection;

use super::Findings;
use crate::error::Result;
use crate::ledger::doubt::{Act, Doubts};
use crate::ledger::facts::{LedgerFacts, text};
use crate::ledger::link::repeated;
use crate::model::settle::{OUTSIDE, SettledAct};
use crate::model::{Date, Day, Reading, Stage, StatedCount};
use crate::record::{Field, ReadColumn};

/// The maximum number of days between two actions that may be the same act.
const MAX_DAYS_APART: i32 = 3;

/// The maximum number of runs of consecutive ids that a finding names.
const MAX_RUNS: usize = 10;

/// Finds all doubts, as of `today`.
pub(super) fn find(conn: &Connection, facts: &LedgerFacts, today: Day, findings: &mut Findings) -> Result<()> {
    impossible(conn, today, findings)?;
    duplicates(conn, facts, findings)?;
    repeats(conn, findings)?;
    without_source(conn, findings)?;
    deadlines(conn, facts, today, findings)?;
    disagreeing(conn, findings)
}

/// Finds actions that cannot have happened as they are entered.
fn impossible(conn: &Connection, today: Day, findings: &mut Findings) -> Result<()> {
    let doubts = Doubts::new(conn, today)?;
    let mut select = conn.prepare(
        "SELECT id, date, stage, actor, target, coalesce(deadline, '') AS deadline FROM action WHERE voided IS NULL ORDER BY id",
    )?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let (id, date): (i64, String) = (row.read("id")?, row.read("date")?);
        // An invalid date is an error, which is found elsewhere.
        let Ok(date) = date.parse::<Date>() else { continue };
        let (actor, target, deadline) = (text(row, 3)?, text(row, 4)?, text(row, 5)?);
        let act = Act { date: &date, stage: row.get("stage")?, actor: &actor, target: &target, deadline: &deadline };
        for doubt in doubts.of(&act) {
            findings.warning(doubt.code, format!("#{id}"), &doubt.what, doubt.help(id));
        }
    }
    Ok(())
}

/// Finds actions with the same pair, kind, stage and count within three days that are not linked.
fn duplicates(conn: &Connection, facts: &LedgerFacts, findings: &mut Findings) -> Result<()> {
    // Their counts must be stated alike (50+ is not ~50), and a month or a year is only near itself.
    let mut alike = conn.prepare(
        "SELECT a.count_words IS b.count_words AND (a.date = b.date OR length(a.date) + length(b.date) = 20)
         FROM action a JOIN action b ON b.id = ?2 WHERE a.id = ?1",
    )?;
    let book = &facts.book;
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
        if what(one) == what(other) && other.day.saturating_sub(one.day) <= MAX_DAYS_APART && !linked {
            let (first, second) = (facts.ids[pair[0].min(pair[1]) as usize], facts.ids[pair[0].max(pair[1]) as usize]);
            if !alike.query_row([first, second], |row| row.get(0))? {
                continue;
            }
            findings.warning(
                "duplicate",
                format!("#{first} and #{second}"),
                format!("they have the same pair, kind and count within {MAX_DAYS_APART} days: one act may have been logged twice"),
                format!("compare them with 'recip show'; if they are the same act: recip void {second} --reason WHY"),
            );
        }
    }
    Ok(())
}

/// Finds actions that may be renewals of others without a link to them.
fn repeats(conn: &Connection, findings: &mut Findings) -> Result<()> {
    for (id, standing) in repeated(conn, None)? {
        findings.warning(
            "counted-twice",
            format!("#{id} and #{standing}"),
            format!("#{id} is linked to what led to #{standing}, which still stands, so both count: one may be the renewal of the other"),
            format!("if it is: recip link {id} renews {standing}"),
        );
    }
    Ok(())
}

fn without_source(conn: &Connection, findings: &mut Findings) -> Result<()> {
    let mut select = conn.prepare(
        "SELECT DISTINCT l.action_id, (SELECT max(c.id) FROM change c WHERE c.action_mark < l.action_id) FROM link l
         JOIN action a ON a.id = l.action_id
         WHERE l.relation = 'answers' AND a.voided IS NULL AND NOT EXISTS (SELECT 1 FROM citation c WHERE c.action_id = l.action_id) ORDER BY 1",
    )?;
    let found = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<Vec<(i64, Option<i64>)>>>()?;
    // What was logged at once, such as the acts of a coalition, is one finding.
    for group in found.chunk_by(|(_, one), (_, other)| one.is_some() && one == other) {
        let ids: Vec<i64> = group.iter().map(|(id, _)| *id).collect();
        let [first, rest @ ..] = &ids[..] else { continue };
        let (what, help) = match rest {
            [] => ("it answers another action but cites no source", format!("add a source: recip edit {first} --source URL")),
            _ => (
                "they answer other actions but cite no source",
                format!("add a source to each: recip edit {first} --source URL, and so on; they were logged at once"),
            ),
        };
        findings.warning("answer-without-source", ranges(&ids), what, help);
    }
    Ok(())
}

/// The actions with these ids, in order: `#3`, `#3-#30 and #32`; of many pieces, the first ones.
fn ranges(ids: &[i64]) -> String {
    let runs: Vec<&[i64]> = ids.chunk_by(|one, next| one + 1 == *next).collect();
    let mut pieces: Vec<String> = runs
        .iter()
        .take(MAX_RUNS)
        .map(|run| match run {
            [first, _, .., last] => format!("#{first}-#{last}"),
            run => run.iter().map(|id| format!("#{id}")).collect::<Vec<_>>().join(", "),
        })
        .collect();
    let more: usize = runs.iter().skip(MAX_RUNS).map(|run| run.len()).sum();
    if more > 0 {
        pieces.push(format!("{more} more"));
    }
    match pieces.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        _ => pieces.concat(),
    }
}

/// Finds threats and announcements whose deadline has passed without a recorded outcome.
fn deadlines(conn: &Connection, facts: &LedgerFacts, today: Day, findings: &mut Findings) -> Result<()> {
    let mut select = conn.prepare("SELECT id, deadline FROM unfiltered_action WHERE deadline IS NOT NULL ORDER BY id")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let (id, deadline): (i64, String) = (row.read("id")?, row.read("deadline")?);
        let place = facts.place(id);
        if place == OUTSIDE {
            continue;
        }
        let act = facts.book.act(place);
        let passed = deadline.get(..10).and_then(|day| day.parse::<Day>().ok()).is_some_and(|day| day < today);
        if passed && act.stage != Stage::Done && act.stands > 0 {
            let stage = act.stage;
            findings.warning(
                "deadline-passed",
                format!("#{id}"),
                format!("it is {stage} and its deadline {deadline} has passed, but nothing has carried it out or withdrawn it"),
                format!("log its outcome with --executes {id} or --reverses {id}"),
            );
        }
    }
    Ok(())
}

fn disagreeing(conn: &Connection, findings: &mut Findings) -> Result<()> {
    let mut select = conn.prepare(
        "SELECT c.action_id, s.cite, a.date, a.count, a.count_words, c.says_date, c.says_count, c.says_words, c.denies FROM citation c
         JOIN action a ON a.id = c.action_id JOIN source s ON s.id = c.source_id
         WHERE a.voided IS NULL AND (c.says_date IS NOT NULL AND c.says_date <> a.date OR c.denies
           OR (c.says_count IS NOT NULL OR c.says_words IS NOT NULL) AND (c.says_count, c.says_words) IS NOT (a.count, a.count_words))
         ORDER BY c.action_id, c.position",
    )?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let (id, cite): (i64, String) = (row.read("action_id")?, row.read("cite")?);
        let (date, count, says): (String, StatedCount, Reading) = (row.read("date")?, Field::read(row, &mut 3)?, Field::read(row, &mut 5)?);
        let dated = says.date.filter(|d| *d != date).map(|d| format!("the date {d} instead of {date}"));
        let stated = if count == StatedCount::Unknown { "an unknown count".to_owned() } else { count.to_string() };
        let counted = Some(says.count).filter(|c| *c != StatedCount::Unknown && *c != count);
        let gives: Vec<String> = dated.into_iter().chain(counted.map(|c| format!("the count {c} instead of {stated}"))).collect();
        let what = if says.denies { format!("{cite} denies it") } else { format!("{cite} gives {}", gives.join(" and ")) };
        findings.warning(
            "sources-disagree",
            format!("#{id}"),
            what,
            format!("if the source is right, correct the action with 'recip edit {id}', or 'recip void {id}' if it did not happen; otherwise ignore this: both readings are kept"),
        );
    }
    Ok(())
}
