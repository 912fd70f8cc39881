//! Whether a row of a file and an action of the ledger say the same.

use rusqlite::{Connection, OptionalExtension, params};

use crate::error::Result;
use crate::ledger::Action;
use crate::model::settle::Settlement;
use crate::model::{Cite, Date, Relation};

use super::check::{Row, some};
use super::item::{COLUMNS, LinkDraft};
use super::names::Names;

/// A link as the ledger has it.
struct Held {
    relation: Relation,
    earlier: String,
    amounts: Settlement,
}

/// What a row says otherwise than the action that has its ref: the column, and what is wrong. What the file has no
/// column for is not compared.
pub(super) fn differs(conn: &Connection, action: &Action, row: &Row<'_>, names: &Names<'_>) -> Result<Option<(&'static str, String)>> {
    let draft = &row.draft;
    let count = |c: Option<i64>| c.map(|c| c.to_string());
    let pairs: [(Option<String>, Option<String>); 11] = [
        (Some(action.date.clone()), Some(row.date.to_string())),
        (Some(action.actor.clone()), Some(names.code(row.actor).to_owned())),
        (Some(action.target.clone()), Some(names.code(row.target).to_owned())),
        (Some(action.kind.clone()), Some(names.facts(row.kind).name.clone())),
        (count(action.count), count(row.count)),
        (Some(action.stage.to_string()), Some(row.stage.to_string())),
        (action.by.clone(), some(draft.by).map(str::to_owned)),
        (action.place.clone(), some(draft.place).map(str::to_owned)),
        (action.deadline.clone(), some(draft.deadline).map(str::to_owned)),
        (action.dispute.clone(), some(draft.dispute).map(str::to_owned)),
        (action.summary.clone(), some(draft.summary).map(str::to_owned)),
    ];
    let has = |column: usize| draft.columns & (1 << column) != 0;
    for (column, (held, given)) in (1..).zip(pairs) {
        if has(column) && held != given {
            return Ok(Some((COLUMNS[column], other(action, COLUMNS[column], &said(held), &said(given)))));
        }
    }
    if action.voided.as_deref() != some(draft.voided) {
        let why = format!("{action} is voided in the one and not in the other; help: leave the row out, or give it another ref");
        return Ok(Some(("voided", why)));
    }
    let held = links(conn, action.id)?;
    for (column, relation) in [(12, Relation::Answers), (13, Relation::Executes), (14, Relation::Reverses), (15, Relation::Waives)] {
        let held: Vec<&Held> = held.iter().filter(|h| h.relation == relation).collect();
        let given: Vec<&LinkDraft> = draft.links.iter().filter(|l| l.relation == relation).collect();
        let same = held.len() == given.len() && given.iter().all(|g| held.iter().any(|h| h.is(g)));
        if has(column) && !same {
            let held: Vec<String> = held.iter().map(|h| h.said()).collect();
            let given: Vec<String> = given.iter().map(|g| g.spec.to_string()).collect();
            return Ok(Some((COLUMNS[column], other(action, COLUMNS[column], &list(&held), &list(&given)))));
        }
    }
    let held = sources(conn, action.id)?;
    if has(16) && held != draft.sources {
        let said = |cites: &[Cite]| list(&cites.iter().map(Cite::to_string).collect::<Vec<_>>());
        return Ok(Some(("sources", other(action, "sources", &said(&held), &said(draft.sources)))));
    }
    Ok(None)
}

fn said(value: Option<String>) -> String {
    value.map_or_else(|| "nothing".to_owned(), |v| format!("'{v}'"))
}

fn list(items: &[String]) -> String {
    if items.is_empty() { "nothing".to_owned() } else { format!("'{}'", items.join(" | ")) }
}

fn other(action: &Action, column: &str, held: &str, given: &str) -> String {
    format!(
        "{action} is in the ledger with another {column}: {held} there, {given} here; help: make them agree ('recip edit {}'), or give the row another ref",
        action.id
    )
}

impl Held {
    fn is(&self, given: &LinkDraft) -> bool {
        let asked = given.spec.amount;
        let covers = if self.relation == Relation::Reverses { self.amounts.reversed } else { self.amounts.covers };
        self.earlier == given.spec.earlier.to_lowercase()
            && asked.covers.is_none_or(|c| c == covers)
            && asked.spends.is_none_or(|s| s == self.amounts.spends)
    }

    fn said(&self) -> String {
        match self.relation {
            Relation::Answers if self.amounts.covers > 0 => format!("{}:{}", self.earlier, self.amounts.covers),
            Relation::Reverses => format!("{}:{}", self.earlier, self.amounts.reversed),
            _ => self.earlier.clone(),
        }
    }
}

fn links(conn: &Connection, id: i64) -> Result<Vec<Held>> {
    let mut select = conn.prepare_cached(
        "SELECT l.relation, a.ref, l.covers, l.spends, l.reversed FROM link l JOIN action a ON a.id = l.earlier_id
         WHERE l.action_id = ? ORDER BY a.date, a.id",
    )?;
    let rows = select.query_map([id], |r| {
        let amounts = Settlement { covers: r.get(2)?, spends: r.get(3)?, reversed: r.get(4)? };
        Ok(Held { relation: r.get(0)?, earlier: r.get(1)?, amounts })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn sources(conn: &Connection, id: i64) -> Result<Vec<Cite>> {
    let mut select = conn.prepare_cached(
        "SELECT s.cite, c.says_date, c.says_count FROM citation c JOIN source s ON s.id = c.source_id WHERE c.action_id = ? ORDER BY c.position",
    )?;
    let rows = select.query_map([id], |r| {
        let says: Option<String> = r.get(1)?;
        Ok((Cite { cite: r.get(0)?, says_date: None, says_count: r.get(2)? }, says))
    })?;
    rows.map(|row| {
        let (cite, says) = row?;
        Ok(Cite { says_date: says.map(|d| d.parse()).transpose()?, ..cite })
    })
    .collect()
}

/// Whether the ledger has a source for an action, with the same reading.
pub(super) fn cites(conn: &Connection, id: u32, cite: &Cite) -> Result<bool> {
    let mut there = conn.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM source s JOIN citation c ON c.source_id = s.id
           WHERE s.cite = ? AND c.action_id = ? AND c.says_date IS ? AND c.says_count IS ?)",
    )?;
    Ok(there.query_row(params![cite.cite, id, cite.says_date.as_ref().map(Date::as_str), cite.says_count], |r| r.get(0))?)
}

/// Whether the ledger has a link: `None` if not; what is wrong if it settles something else there.
pub(super) fn same_link(conn: &Connection, later: u32, earlier: u32, link: &LinkDraft) -> Result<Option<Result<(), String>>> {
    let held = conn
        .prepare_cached("SELECT covers, spends, reversed FROM link WHERE action_id = ? AND relation = ? AND earlier_id = ?")?
        .query_row(params![later, link.relation, earlier], |r| Ok(Settlement { covers: r.get(0)?, spends: r.get(1)?, reversed: r.get(2)? }))
        .optional()?;
    Ok(held.map(|held| match link.stated {
        Some(stated) if stated != held => Err(format!(
            "the ledger has this link with other amounts: {held:?} there, {stated:?} here; help: unlink it there, or leave it out"
        )),
        _ => Ok(()),
    }))
}
