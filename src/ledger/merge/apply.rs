//! Writing what a merge decided: rows of the catalogue first, then sources and actions, then what belongs to the actions, and removals last.

use std::collections::HashSet;

use rusqlite::{Connection, ErrorCode};
use serde_json::Value;

use crate::error::{Error, Result};
use crate::ledger::history::Op;
use crate::ledger::history_table::Reversals;
use crate::ledger::load::Loader;
use crate::ledger::load::problems::{Place, Problems};
use crate::ledger::load::record::{ACTION as COLUMNS, Draft, Item};
use crate::ledger::refusal::Naming;
use crate::ledger::settlement;
use crate::model::Clock;
use crate::record::ReadColumn;

use super::copies::Copy;
use super::decide::Plan;
use super::key::{ACTION, Fact, Key, LINK, QUANTITY, SOURCE};
use super::order;

/// What stands against a merge after it was written; it is then rolled back.
#[derive(Debug)]
pub(super) enum Obstacle {
    /// A rule of the schema refuses a row of the other copy.
    Row(Key, String),
    /// A link does not fit; true: a stated amount is too large.
    Link(Key, bool, String),
}

/// The outcome of writing.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub obstacles: Vec<Obstacle>,
    /// Notes on it.
    pub notes: Vec<String>,
}

/// Writes the plan into the ledger, and settles.
pub(super) fn write(conn: &Connection, clock: Clock, plan: &Plan, ours: &Copy<'_>, theirs: &Copy<'_>) -> Result<Written> {
    let mut writing = Writing { conn, reversals: Reversals::default(), written: Written::default() };
    let has_parts = |key: &Key| matches!(key.table().name, "alias" | "membership" | "weight");
    writing.remove(plan, has_parts)?;
    writing.put(plan, |key| key.place < ACTION || key.place == SOURCE)?;
    if writing.written.obstacles.is_empty() {
        let added = writing.add_actions(plan, clock)?;
        writing.put(plan, |key| key.place == ACTION && !added.contains(key))?;
        order::write(conn, plan, ours, theirs)?;
        writing.remove(plan, |key| matches!(key.place, LINK | QUANTITY))?;
        writing.put(plan, |key| matches!(key.place, LINK | QUANTITY))?;
        writing.note_decided(plan)?;
        writing.remove_actions(plan)?;
        writing.remove(plan, |key| key.place == SOURCE || key.place < ACTION && !has_parts(key))?;
        writing.settle()?;
    }
    Ok(writing.written)
}

struct Writing<'c> {
    conn: &'c Connection,
    reversals: Reversals<'c>,
    written: Written,
}

impl Writing<'_> {
    /// Writes the planned rows of some tables, in the order of their keys.
    fn put(&mut self, plan: &Plan, of: impl Fn(&Key) -> bool) -> Result<()> {
        for (key, fact) in plan.puts.iter().filter(|(key, _)| of(key)) {
            let Some(fact) = fact else { continue };
            let row_key = key.row_key(self.conn)?;
            let mut fact = fact.clone();
            // What a text file does not say, such as when an action was logged, stays.
            for (column, value) in key.find(self.conn)?.into_iter().flatten() {
                fact.entry(column).or_insert(value);
            }
            let image = key.with_ids(self.conn, &fact, row_key.as_deref())?;
            // Restoring a row of the history writes any row from its image.
            let op = if row_key.is_some() { Op::Update } else { Op::Delete };
            match self.reversals.revert(self.conn, key.table().name, op, Some(&image), row_key.as_deref().unwrap_or("[]")) {
                Err(Error::Sqlite(e)) if e.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
                    self.written.obstacles.push(Obstacle::Row(key.clone(), Error::Sqlite(e).to_string()));
                }
                other => drop(other?),
            }
        }
        Ok(())
    }

    /// Removes the planned rows of some tables, in the reverse order. What the ledger still uses stays.
    fn remove(&mut self, plan: &Plan, of: impl Fn(&Key) -> bool) -> Result<()> {
        for (key, _) in plan.puts.iter().rev().filter(|(key, fact)| fact.is_none() && of(key)) {
            let Some(row_key) = key.row_key(self.conn)? else { continue };
            match self.reversals.revert(self.conn, key.table().name, Op::Insert, None, &row_key) {
                Err(Error::Sqlite(e)) if e.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
                    self.written.notes.push(format!("{key} stays: the other copy removed it, but this ledger uses it"));
                }
                other => drop(other?),
            }
        }
        Ok(())
    }

    /// Adds the actions that are new here.
    fn add_actions(&mut self, plan: &Plan, clock: Clock) -> Result<HashSet<Key>> {
        let mut added = HashSet::new();
        let mut loader = Loader::new(self.conn, clock)?;
        let mut problems = Problems::default();
        let file = problems.file("the other copy");
        let actions = plan.puts.iter().filter(|(key, _)| key.place == ACTION);
        for ((key, fact), line) in actions.zip(1..) {
            let (Some(fact), None) = (fact, key.row_key(self.conn)?) else { continue };
            let texts: Vec<String> = COLUMNS.iter().map(|column| text(fact, column)).collect();
            let draft = Draft::from_texts(texts.iter().map(String::as_str));
            loader.take(Item::Action(Place { file, line }, draft), &mut problems)?;
            added.insert(key.clone());
        }
        loader.finish(&mut problems, Naming::ByRef)?;
        problems.result()?;
        Ok(added)
    }

    /// Notes in the history that a row was decided on, although it stays as it is.
    fn note_decided(&mut self, plan: &Plan) -> Result<()> {
        for key in plan.decided.iter().filter(|key| !plan.puts.contains_key(key)) {
            let Some(row_key) = key.row_key(self.conn)? else { continue };
            let table = key.table();
            let select = format!("SELECT {} FROM {} WHERE ?1 IS NULL AND {}", table.image(), table.name, table.key_condition());
            let image: String = self.conn.prepare_cached(&select)?.query_row((None::<i64>, &row_key), |r| r.read(0))?;
            self.conn
                .prepare_cached("INSERT INTO history_entry (table_name, row_key, op, before) VALUES (?, ?, 'update', ?)")?
                .execute((table.name, row_key, image))?;
        }
        Ok(())
    }

    /// Removes actions whose insertion the other copy undid, with everything that belongs to them.
    fn remove_actions(&mut self, plan: &Plan) -> Result<()> {
        for (key, _) in plan.puts.iter().filter(|(key, fact)| key.place == ACTION && fact.is_none()) {
            let id = "(SELECT id FROM action WHERE ref = ?1 COLLATE NOCASE)";
            for delete in [
                format!("DELETE FROM link WHERE action_id = {id} OR earlier_id = {id}"),
                format!("DELETE FROM citation WHERE action_id = {id}"),
                format!("DELETE FROM quantity WHERE action_id = {id}"),
                format!("DELETE FROM action WHERE id = {id}"),
            ] {
                self.conn.prepare_cached(&delete)?.execute([&key.names[0]])?;
            }
        }
        Ok(())
    }

    /// Settles once. Stated amounts that do not fit are an obstacle, even if another action was voided, unless they are connected to it.
    fn settle(&mut self) -> Result<()> {
        self.conn.execute("UPDATE unsettled SET leniently = 0", [])?;
        let outcome = settlement::try_to_settle(self.conn, Naming::ByRef, None, true)?;
        let mut ends = self.conn.prepare(
            "SELECT lower(b.ref), l.relation, lower(e.ref) FROM link l JOIN action b ON b.id = l.action_id JOIN action e ON e.id = l.earlier_id
             WHERE l.id = ?",
        )?;
        for (link, violation) in outcome.violations {
            let names: [String; 3] = ends.query_row([link], |r| Ok([r.read(0)?, r.read(1)?, r.read(2)?]))?;
            let key = Key { place: LINK, names: names.to_vec() };
            self.written.obstacles.push(Obstacle::Link(key, outcome.unmet, violation.to_string()));
        }
        Ok(())
    }
}

fn text(fact: &Fact, column: &str) -> String {
    match fact.get(column) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}
