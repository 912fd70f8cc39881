//! Whether the views say what the rows add up to.

use std::collections::BTreeMap;

use rusqlite::{Connection, ErrorCode};

use super::Findings;
use super::book::{Book, text};
use super::fold::{Posting, Reckoned};
use crate::error::{Error, Result};
use crate::model::Stage;

const MEND: &str = "the file is not as recip wrote it: restore a backup, or export and import into a new ledger";

/// Compares them all.
pub(super) fn compare(conn: &Connection, book: &Book, is: &[Reckoned], findings: &mut Findings) -> Result<()> {
    let read = reckoned(conn, book, is, findings);
    told("reckoned", read, findings)?;
    let read = accounts(conn, book, findings);
    told("account", read, findings)?;
    let read = open_claims(conn, book, findings);
    told("open_claim", read, findings)?;
    let read = balance(conn, book, findings);
    told("balance", read, findings)
}

/// A view that ends in an error, as sums beyond all measure do, is a finding; the file is still to be read.
fn told(view: &str, read: Result<()>, findings: &mut Findings) -> Result<()> {
    match read {
        Err(Error::Sqlite(e)) if e.sqlite_error_code() == Some(ErrorCode::Unknown) => {
            findings.error("arithmetic", format!("view {view}"), format!("it cannot be read: {e}"), MEND);
            Ok(())
        }
        read => read,
    }
}

fn differs(findings: &mut Findings, view: &str, id: i64) {
    findings.error("arithmetic", format!("#{id}"), format!("the view {view} says other than the rows"), MEND);
}

fn reckoned(conn: &Connection, book: &Book, is: &[Reckoned], findings: &mut Findings) -> Result<()> {
    let mut select = conn.prepare("SELECT action_id, stands, open, posted_day FROM reckoned")?;
    let mut rows = select.query([])?;
    let mut seen = 0;
    while let Some(row) = rows.next()? {
        let (id, says) = (row.get(0)?, Reckoned { stands: row.get(1)?, open: row.get(2)?, posted: row.get(3)? });
        seen += 1;
        if says != is[book.find(id)? as usize] {
            differs(findings, "reckoned", id);
        }
    }
    if seen != book.acts.len() {
        findings.error("arithmetic", "view reckoned", "it leaves actions out", MEND);
    }
    Ok(())
}

/// One number for a posting, so that a million of them can be compared in whatever order they come.
fn print(posting: &Posting, open: i64) -> u64 {
    let word = posting.word.bytes().fold(0i64, |n, b| n.wrapping_mul(31).wrapping_add(i64::from(b)));
    [posting.day, posting.link, word, posting.amount, posting.by, open]
        .into_iter()
        .fold(0xcbf2_9ce4_8422_2325u64, |print, n| (print ^ n as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29))
}

/// Every posting, and what is open after it.
fn accounts(conn: &Connection, book: &Book, findings: &mut Findings) -> Result<()> {
    let mut prints = vec![0u64; book.acts.len()];
    let mut account = Vec::new();
    for (place, sum) in (0u32..).zip(&mut prints) {
        book.account(place, &mut account);
        let mut open = 0i64;
        for posting in &account {
            open = open.saturating_add(posting.amount);
            *sum = sum.wrapping_add(print(posting, open));
        }
    }
    let mut select = conn.prepare("SELECT action_id, day, posting, amount, by_id, link_id, open FROM account")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let word = text(row, 2)?;
        let known = ["claim", "answered", "spent", "waived", "reversed", "executed", "revived"].into_iter().find(|w| *w == word);
        let posting = Posting { day: row.get(1)?, link: row.get(5)?, word: known.unwrap_or(""), amount: row.get(3)?, by: row.get(4)? };
        let sum = &mut prints[book.find(row.get(0)?)? as usize];
        *sum = sum.wrapping_sub(print(&posting, row.get(6)?));
    }
    for (act, _) in book.acts.iter().zip(&prints).filter(|(_, sum)| **sum != 0) {
        differs(findings, "account", act.id);
    }
    Ok(())
}

fn open_claims(conn: &Connection, book: &Book, findings: &mut Findings) -> Result<()> {
    let mut select = conn.prepare("SELECT id, open FROM open_claim")?;
    let mut rows = select.query([])?;
    let mut expected = book.acts.iter().filter(|a| a.open > 0 && !a.voided).count();
    while let Some(row) = rows.next()? {
        let (id, open): (i64, Option<i64>) = (row.get(0)?, row.get(1)?);
        let act = book.act(book.find(id)?);
        if act.voided || act.open <= 0 || open != act.count.map(|_| act.open) {
            differs(findings, "open_claim", id);
        }
        expected = expected.wrapping_sub(1);
    }
    if expected != 0 {
        findings.error("arithmetic", "view open_claim", "it does not hold every open claim once", MEND);
    }
    Ok(())
}

/// One side of a pair and kind: what stands, what it counts, what of it is open, what it weighs.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
struct Side {
    actions: i64,
    count: Option<i64>,
    open: i64,
    unknown: i64,
    weight: Option<f64>,
}

fn balance(conn: &Connection, book: &Book, findings: &mut Findings) -> Result<()> {
    let mut sides = weigh(conn, book)?;
    let mut select = conn.prepare(
        "SELECT party_a, party_b, kind, a_actions, b_actions, a_count, b_count, a_open, b_open, a_weight, b_weight FROM balance",
    )?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let (a, b, kind): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let place = format!("view balance: {a}, {b}, {kind}");
        for (at, key) in [(0, (a.clone(), b.clone(), kind.clone())), (1, (b, a, kind))] {
            let says = (row.get::<_, i64>(3 + at)?, row.get::<_, Option<i64>>(5 + at)?, row.get::<_, Option<i64>>(7 + at)?);
            let weight: Option<f64> = row.get(9 + at)?;
            let side = sides.remove(&key);
            let is = side
                .map_or((0, Some(0), Some(0)), |s| (s.actions, s.count, if s.open == 0 && s.unknown > 0 { None } else { Some(s.open) }));
            // Where a side has nothing it weighs nothing, if the other has a weight.
            let weighs = side.map_or(weight.unwrap_or(0.0) == 0.0, |s| near(s.weight, weight));
            if says != is || !weighs {
                findings.error("arithmetic", place.clone(), "the balance says other than the rows", MEND);
            }
        }
    }
    for ((actor, target, kind), _) in sides {
        findings.error("arithmetic", format!("view balance: {actor}, {target}, {kind}"), "the balance leaves it out", MEND);
    }
    Ok(())
}

/// Adds every action that stands to its side.
fn weigh(conn: &Connection, book: &Book) -> Result<BTreeMap<(String, String, String), Side>> {
    let mut weights: BTreeMap<(String, Stage), (f64, bool)> = BTreeMap::new();
    let mut select = conn.prepare("SELECT kind, stage, weight, per = 'unit' FROM weighing")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        weights.insert((row.get(0)?, row.get(1)?), (row.get(2)?, row.get(3)?));
    }
    let mut sums: BTreeMap<(u32, u32, u32), Side> = BTreeMap::new();
    let standing = book.acts.iter().filter(|a| !a.voided && a.stands > 0 && book.claims(a));
    for act in standing {
        let side = sums.entry((act.actor, act.target, act.kind)).or_default();
        side.actions += 1;
        match act.count {
            Some(_) => {
                side.count = Some(side.count.unwrap_or(0).saturating_add(act.stands));
                side.open = side.open.saturating_add(act.open);
            }
            None => side.unknown = side.unknown.saturating_add(act.open),
        }
        if let Some((weight, per_unit)) = weights.get(&(book.kind(act).name.clone(), act.stage)) {
            let times = if *per_unit { act.stands } else { 1 };
            side.weight = Some(side.weight.unwrap_or(0.0) + weight * times as f64);
        }
    }
    let name = |party: u32| book.parties[party as usize].clone();
    Ok(sums.into_iter().map(|((a, t, k), side)| ((name(a), name(t), book.kinds[k as usize].name.clone()), side)).collect())
}

/// Equal but for what adding up in another order makes of it.
fn near(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * (1.0 + a.abs().max(b.abs())),
        (None, None) => true,
        _ => false,
    }
}
