//! What one copy did since the base: every row that it touched, before and after.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use rusqlite::{Connection, OptionalExtension, params};
use serde_json::Value;

use crate::error::Result;
use crate::ledger::history_table::{HistoryTable, TABLES};
use crate::record::ReadColumn;

use super::base_taken::{Step, taken};
use super::key::{ACTION, CITATION, Fact, Key, LINK, MERGED, QUANTITY, SOURCE};
use super::names::{Names, parsed};
use super::values::STAMP;

/// A row as it was at the base and as it is now.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Delta {
    pub before: Option<Fact>,
    pub after: Option<Fact>,
    /// The row at the base with what merges alone have changed since; `None`: they have changed nothing.
    pub taken: Option<Option<Fact>>,
    /// The same, but only with the merges that took over nothing unknown to the other copy.
    pub settled: Option<Option<Fact>>,
    /// The last change that touched it; `None` if that is not known.
    pub change: Option<i64>,
}

/// The rows that a copy touched since the base.
#[derive(Debug, Default)]
pub(super) struct Side {
    pub deltas: BTreeMap<Key, Delta>,
}

impl Side {
    /// Reads from the history what a copy did after this change. The time that it takes depends on the number of rows that were touched.
    /// `settled` are the merges that took over nothing unknown to the other copy.
    pub fn since(conn: &Connection, base: i64, settled: &HashSet<i64>) -> Result<Side> {
        let mut changes = conn.prepare("SELECT id, action_mark, link_mark, source_mark FROM change WHERE id > ? ORDER BY id")?;
        let changes = changes.query_map([base], |r| Ok((r.get(0)?, [r.get(1)?, r.get(2)?, r.get(3)?])))?;
        let changes: Vec<(i64, [i64; 3])> = changes.collect::<rusqlite::Result<_>>()?;
        let Some((_, marks)) = changes.first().copied() else { return Ok(Side::default()) };
        let mut merges = conn.prepare("SELECT DISTINCT change_id FROM merged_change WHERE change_id > ?")?;
        let merges = merges.query_map([base], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
        let (names, later) = (Names::new(conn), HashMap::new());
        let mut reading = Reading { conn, changes, merges, settled, marks, names, later, side: Side::default() };
        reading.touched(base)?;
        reading.added()?;
        Ok(reading.side)
    }

    /// Compares two copies row by row, for copies without a common history. Without `stamps`, the times of logging are left out: a text file
    /// may not have them.
    pub fn between(base: &Connection, now: &Connection, stamps: bool) -> Result<Side> {
        let mut side = Side::default();
        for place in 0..MERGED {
            for (key, fact) in all(base, place, stamps)? {
                side.deltas.entry(key).or_default().before = Some(fact);
            }
            for (key, fact) in all(now, place, stamps)? {
                side.deltas.entry(key).or_default().after = Some(fact);
            }
        }
        side.deltas.retain(|_, delta| delta.before != delta.after);
        Ok(side)
    }

    /// Forgets when actions were logged and who changed them, which a text file does not say.
    pub fn forget_stamps(&mut self) {
        for delta in self.deltas.values_mut() {
            delta.change = None;
            delta.after.iter_mut().for_each(|fact| drop(fact.remove(STAMP)));
        }
    }

    /// The refs of the actions that this side worked on: it changed a text, a link, a source or a quantity. An action that it only voided
    /// is not among them.
    pub fn busy(&self) -> BTreeSet<String> {
        let is_work = |(key, delta): &(&Key, &Delta)| key.place != ACTION || delta.before.is_none() || !is_void(delta);
        let moved = self.deltas.iter().filter(|(_, delta)| delta.before != delta.after);
        moved.filter(is_work).flat_map(|(key, _)| key.acts()).map(str::to_owned).collect()
    }

    /// The refs of actions that this side voided or removed.
    pub fn voided(&self) -> BTreeSet<&str> {
        let gone = self.deltas.iter().filter(|(key, delta)| key.place == ACTION && (is_void(delta) || is_removal(delta)));
        gone.map(|(key, _)| key.names[0].as_str()).collect()
    }
}

/// True if an action was voided.
fn is_void(delta: &Delta) -> bool {
    let voided = |fact: &Option<Fact>| fact.as_ref().and_then(|f| f.get("voided")).is_some_and(|v| !v.is_null());
    delta.before.is_some() && !voided(&delta.before) && voided(&delta.after)
}

fn is_removal(delta: &Delta) -> bool {
    delta.before.is_some() && delta.after.is_none()
}

/// All rows of a table.
fn all(conn: &Connection, place: usize, stamps: bool) -> Result<Vec<(Key, Fact)>> {
    let mut names = Names::new(conn);
    let mut select = conn.prepare(&format!("SELECT {} FROM {}", TABLES[place].image(), TABLES[place].name))?;
    let mut rows = select.query([])?;
    let mut facts = Vec::new();
    while let Some(row) = rows.next()? {
        let Some((key, mut fact)) = names.name(place, parsed(&row.read::<String>(0)?)?)? else { continue };
        if !stamps {
            fact.remove(STAMP);
        }
        facts.push((key, fact));
    }
    Ok(facts)
}

/// The work of [`Side::since`].
struct Reading<'c> {
    conn: &'c Connection,
    /// The changes since the base, each with the highest ids of actions, links and sources before it.
    changes: Vec<(i64, [i64; 3])>,
    /// Those of them that are merges.
    merges: HashSet<i64>,
    /// The merges that took over nothing unknown to the other copy.
    settled: &'c HashSet<i64>,
    /// These ids at the base.
    marks: [i64; 3],
    names: Names<'c>,
    /// What became of rows that were added since the base.
    later: HashMap<(usize, String), Vec<Step>>,
    side: Side,
}

/// Which of the three marks of a change says whether a row is new.
fn number(place: usize) -> Option<usize> {
    match place {
        ACTION | CITATION | QUANTITY => Some(0),
        LINK => Some(1),
        SOURCE => Some(2),
        _ => None,
    }
}

impl Reading<'_> {
    /// The highest id at the base, for a table whose new rows are recognised by an id.
    fn mark(&self, place: usize) -> Option<i64> {
        number(place).map(|number| self.marks[number])
    }

    /// The change that added the row with this id.
    fn adding(&self, number: usize, id: i64) -> Option<i64> {
        let after = self.changes.partition_point(|(_, marks)| marks[number] < id);
        self.changes[..after].last().map(|(change, _)| *change)
    }

    /// Reads the rows that the history mentions, and that existed at the base or have no id.
    fn touched(&mut self, base: i64) -> Result<()> {
        let mut rows: HashMap<(usize, String), Vec<Step>> = HashMap::new();
        let mut entries =
            self.conn.prepare("SELECT table_name, row_key, before, change_id FROM history WHERE change_id > ? ORDER BY id")?;
        let mut entries = entries.query([base])?;
        while let Some(entry) = entries.next()? {
            let (name, key, change): (String, String, i64) = (entry.read(0)?, entry.read(1)?, entry.get(3)?);
            let Some(place) = TABLES[..MERGED].iter().position(|t| t.name == name) else { continue };
            let before = entry.read::<Option<String>>(2)?.map(|image| parsed(&image)).transpose()?;
            let key: Vec<Value> = serde_json::from_str(&key).unwrap_or_default();
            let first = key.first().and_then(Value::as_i64);
            let key = Value::Array(key).to_string();
            if self.mark(place).is_some_and(|mark| first.is_some_and(|id| id > mark)) {
                self.later.entry((place, key)).or_default().push(Step { change, before });
                continue;
            }
            // An update that changed the key removed the row with the old key.
            let old_key = before.as_ref().map(|image| key_of(&TABLES[place], image)).filter(|old| *old != key);
            let mut step = Step { change, before };
            if let Some(old_key) = old_key {
                rows.entry((place, old_key)).or_default().push(step);
                step = Step { change, before: None };
            }
            rows.entry((place, key)).or_default().push(step);
        }
        for ((place, _), steps) in &rows {
            if let Some(before) = &steps[0].before {
                self.names.note(*place, before);
            }
        }
        for ((place, key), steps) in rows {
            let table = &TABLES[place];
            let now = format!("SELECT {} FROM {} WHERE ?1 IS NULL AND {}", table.image(), table.name, table.key_condition());
            let now: Option<String> = self.conn.prepare_cached(&now)?.query_row(params![None::<i64>, key], |r| r.read(0)).optional()?;
            self.put(place, steps, now.map(|image| parsed(&image)).transpose()?)?;
        }
        Ok(())
    }

    /// Reads the rows that were added since the base, and the rows that belong to actions added since then.
    fn added(&mut self) -> Result<()> {
        for place in [ACTION, LINK, SOURCE, CITATION, QUANTITY] {
            let Some(number) = number(place) else { continue };
            let (table, mark) = (&TABLES[place], self.marks[number]);
            let mut select = self.conn.prepare(&format!("SELECT {} FROM {} WHERE {} > ?", table.image(), table.name, table.key[0]))?;
            let mut rows = select.query([mark])?;
            while let Some(row) = rows.next()? {
                let image = parsed(&row.read::<String>(0)?)?;
                let id = image.get(table.key[0]).and_then(Value::as_i64);
                let added = self.adding(number, id.unwrap_or_default()).unwrap_or_default();
                let mut steps = vec![Step { change: added, before: None }];
                steps.extend(self.later.remove(&(place, key_of(table, &image))).into_iter().flatten());
                self.put(place, steps, Some(image))?;
            }
        }
        Ok(())
    }

    /// Enters a row: what was done to it since the base, and as it is now.
    fn put(&mut self, place: usize, steps: Vec<Step>, now: Option<Fact>) -> Result<()> {
        let of_merges = [&self.merges, self.settled].map(|merges| taken(&steps, now.as_ref(), |change| merges.contains(&change)));
        let change = steps.iter().map(|step| step.change).max();
        let before = steps.into_iter().next().and_then(|step| step.before);
        let moved = of_merges.map(|taken| (taken != before).then_some(taken));
        // A row that the merges removed has the name that it had at the base.
        let mut put = |image: Option<Fact>, removed: Option<&Key>, set: fn(&mut Delta, Option<Fact>)| -> Result<Option<Key>> {
            let named = image.map(|image| self.names.name(place, image)).transpose()?.flatten();
            let (key, fact) = match (named, removed) {
                (Some((key, fact)), _) => (key, Some(fact)),
                (None, Some(key)) => (key.clone(), None),
                (None, None) => return Ok(None),
            };
            let delta = self.side.deltas.entry(key.clone()).or_default();
            delta.change = delta.change.max(change);
            set(delta, fact);
            Ok(Some(key))
        };
        let key = put(before, None, |delta, fact| delta.before = fact)?;
        put(now, None, |delta, fact| delta.after = fact)?;
        let [taken, settled] = moved;
        if let Some(fact) = taken {
            put(fact, key.as_ref(), |delta, fact| delta.taken = Some(fact))?;
        }
        if let Some(fact) = settled {
            put(fact, key.as_ref(), |delta, fact| delta.settled = Some(fact))?;
        }
        Ok(())
    }
}

/// The primary key of a row as the history stores it.
fn key_of(table: &HistoryTable, image: &Fact) -> String {
    Value::Array(table.key.iter().map(|column| image.get(*column).cloned().unwrap_or_default()).collect()).to_string()
}
