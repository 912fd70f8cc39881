//! The sources of an action in order. Both copies may have added some, so the sources added since the base are sorted by their names,
//! unless one copy has all of them: then its order stays.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, params};
use serde_json::json;

use crate::error::Result;
use crate::ledger::history::Op;
use crate::ledger::history_table::Reversals;
use crate::record::ReadColumn;

use super::copies::Copy;
use super::decide::Plan;
use super::key::{CITATION, Fact, Key};

/// The sources that an action cites in a copy, each with its position.
type Cited = Vec<(i64, String)>;

fn cited(conn: &Connection, reference: &str) -> Result<Cited> {
    let mut select = conn.prepare_cached(
        "SELECT c.position, s.cite FROM citation c JOIN source s ON s.id = c.source_id
         WHERE c.action_id = (SELECT id FROM action WHERE ref = ? COLLATE NOCASE) ORDER BY c.position",
    )?;
    Ok(select.query_map([reference], |r| Ok((r.get(0)?, r.read(1)?)))?.collect::<rusqlite::Result<_>>()?)
}

/// Writes the citations of every action whose sources the other copy touched.
pub(super) fn write(conn: &Connection, plan: &Plan, ours: &Copy<'_>, theirs: &Copy<'_>) -> Result<()> {
    let touched = theirs.side.deltas.keys().chain(plan.puts.keys()).filter(|key| key.place == CITATION);
    let acts: BTreeSet<&String> = touched.map(|key| &key.names[0]).collect();
    let mut writing = Reversals::default();
    for act in acts {
        let mut exists = conn.prepare_cached("SELECT id FROM action WHERE ref = ? COLLATE NOCASE")?;
        let id: Option<i64> = exists.query_map([act], |r| r.get(0))?.next().transpose()?;
        if let Some(id) = id {
            write_action(conn, &mut writing, (id, act), plan, ours, theirs)?;
        }
    }
    Ok(())
}

/// Writes the citations of an action, given by its id and its ref.
fn write_action<'c>(
    conn: &'c Connection,
    writing: &mut Reversals<'c>,
    (id, act): (i64, &str),
    plan: &Plan,
    ours: &Copy<'_>,
    theirs: &Copy<'_>,
) -> Result<()> {
    let key = |cite: &str| Key { place: CITATION, names: vec![act.to_owned(), cite.to_owned()] };
    let (here, there) = (cited(conn, act)?, cited(theirs.conn, plan.renamed.get(act).map_or(act, String::as_str))?);
    let mut before: BTreeMap<String, Fact> = BTreeMap::new();
    for (_, cite) in &here {
        before.extend(ours.row(&key(cite))?.after.map(|fact| (cite.clone(), fact)));
    }
    let mut after = before.clone();
    for (key, fact) in plan.puts.range(key("")..).take_while(|(key, _)| key.place == CITATION && key.names[0] == act) {
        match fact {
            Some(fact) => drop(after.insert(key.names[1].clone(), fact.clone())),
            None => drop(after.remove(&key.names[1])),
        }
    }
    let is_new =
        |cite: &str| [ours, theirs].iter().any(|copy| copy.side.deltas.get(&key(cite)).is_some_and(|delta| delta.before.is_none()));
    let order = positions(&here, &there, &after.keys().cloned().collect(), is_new);
    let row = |position: i64, fact: &Fact| (position, serde_json::Value::Object(fact.clone()).to_string());
    let stays: BTreeSet<(i64, String, (i64, String))> =
        order.iter().map(|(position, cite)| (*position, cite.clone(), row(*position, &after[cite]))).collect();
    let mut kept = BTreeSet::new();
    for (position, cite) in &here {
        let same = (*position, cite.clone(), row(*position, &before[cite]));
        if stays.contains(&same) {
            kept.insert(*position);
        } else {
            conn.prepare_cached("DELETE FROM citation WHERE action_id = ? AND position = ?")?.execute(params![id, position])?;
        }
    }
    for (position, cite) in order.iter().filter(|(position, _)| !kept.contains(position)) {
        let mut fact = after[cite].clone();
        fact.insert("position".to_owned(), json!(position));
        let image = key(cite).with_ids(conn, &fact, None)?;
        writing.revert(conn, "citation", Op::Delete, Some(&image), "[]")?;
    }
    Ok(())
}

/// The order of these sources.
fn positions(here: &Cited, there: &Cited, all: &BTreeSet<String>, is_new: impl Fn(&str) -> bool) -> Cited {
    let names = |list: &Cited| list.iter().map(|(_, cite)| cite.clone()).collect::<Vec<String>>();
    let has_all = |list: &Cited| list.len() == all.len() && names(list).into_iter().collect::<BTreeSet<_>>() == *all;
    match (has_all(here), has_all(there)) {
        (true, true) if here == there => return here.clone(),
        (true, false) => return here.clone(),
        (false, true) => return there.clone(),
        _ => (),
    }
    let mut order: Vec<String> = names(here).into_iter().filter(|cite| all.contains(cite) && !is_new(cite)).collect();
    order.extend(all.iter().filter(|cite| !order.contains(cite)).cloned().collect::<Vec<_>>());
    (1..).zip(order).collect()
}
