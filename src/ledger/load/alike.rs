//! Finds the actions that may be the same as a row, by what they have in common.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use rusqlite::{Connection, params};

use crate::error::Result;
use crate::ledger::facts::text;

/// Finds the actions of the ledger with the date, parties and kind of a row. Voided ones are left out.
#[derive(Debug, Default)]
pub(super) struct Alike {
    /// All actions by a digest of their date, actor, target and kind, if the indexes were dropped.
    all: Option<HashMap<u64, Vec<u32>>>,
}

impl Alike {
    /// Reads all actions with ids less than `first` into memory, so that their indexes can be dropped.
    pub fn read_all(&mut self, conn: &Connection, first: u32) -> Result<()> {
        let all = self.all.insert(HashMap::new());
        add(all, conn, "SELECT id, date, actor, target, kind FROM main.action WHERE id < ? AND voided IS NULL", first)?;
        Ok(())
    }

    /// The ids of these actions, in ascending order.
    pub fn of(&self, conn: &Connection, act: [&str; 4], day: i64, first: u32) -> Result<Vec<u32>> {
        if let Some(all) = &self.all {
            return Ok(all.get(&digest(act)).cloned().unwrap_or_default());
        }
        // With `+`, the index on the day is used: a pair can have many acts of a kind.
        let mut select = conn.prepare_cached(
            "SELECT id FROM main.action WHERE date = ?1 AND day = ?6 AND +actor = ?2 AND +target = ?3 AND +kind = ?4 AND voided IS NULL AND id < ?5 ORDER BY id",
        )?;
        let [date, actor, target, kind] = act;
        Ok(select.query_map(params![date, actor, target, kind, first, day], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?)
    }
}

/// Finds the actions of this load with the date, parties and kind of a row without a ref, if rows with refs are among them. It costs nothing in files
/// whose rows all have a ref, or none.
#[derive(Debug, Default)]
pub(super) struct AlikeInLoad {
    /// The actions read so far, by a digest of their date, actor, target and kind.
    read: HashMap<u64, Vec<u32>>,
    /// The first id that is not read yet; `None`: no row had a ref.
    next: Option<u32>,
}

impl AlikeInLoad {
    /// Notes that a row with a ref was added. `first` is the first id of the load.
    pub fn note(&mut self, first: u32) {
        self.next.get_or_insert(first);
    }

    /// The ids of these actions, in ascending order.
    pub fn of(&mut self, conn: &Connection, act: [&str; 4]) -> Result<&[u32]> {
        if let Some(next) = self.next {
            let select = "SELECT id, date, actor, target, kind FROM main.action WHERE id >= ? AND voided IS NULL ORDER BY id";
            self.next = add(&mut self.read, conn, select, next)?.map(|last| last + 1).or(self.next);
        }
        Ok(self.read.get(&digest(act)).map_or(&[], Vec::as_slice))
    }
}

/// Finds the actions of the ledger with the parties, kind and count of a row, whatever their dates. Voided ones are left out.
#[derive(Debug, Default)]
pub(super) struct OnAnyDay {
    /// All actions by a digest of their actor, target, kind and count; `None` until a row needs them.
    all: Option<HashMap<u64, Vec<u32>>>,
}

impl OnAnyDay {
    /// The ids of the actions with ids less than `first` that have a stated count and this digest.
    pub fn of(&mut self, conn: &Connection, act: [&str; 4], first: u32) -> Result<&[u32]> {
        if self.all.is_none() {
            let select = "SELECT id, actor, target, kind, coalesce(count_words, CAST(count AS TEXT)) AS stated
                FROM main.action WHERE id < ? AND voided IS NULL AND stated IS NOT NULL ORDER BY id";
            add(self.all.insert(HashMap::new()), conn, select, first)?;
        }
        Ok(self.all.as_ref().and_then(|all| all.get(&digest(act))).map_or(&[], Vec::as_slice))
    }
}

/// Finds the actions of the ledger with the date, kind, count and one party of a row, whatever the other party is. Voided ones are left out.
#[derive(Debug, Default)]
pub(super) struct WithOtherParty {
    /// All actions by a digest of their date, one of the parties with its side, and their kind with the count; `None` until a row needs them.
    all: Option<HashMap<u64, Vec<u32>>>,
}

impl WithOtherParty {
    /// The ids of the actions with ids less than `first` that have this stated count.
    pub fn of(&mut self, conn: &Connection, [date, actor, target, kind]: [&str; 4], count: &str, first: u32) -> Result<Vec<u32>> {
        if self.all.is_none() {
            let all = self.all.insert(HashMap::new());
            let of_actor = "SELECT id, date, 'actor', actor, kind || ' ' || coalesce(count_words, CAST(count AS TEXT)) AS counted
                FROM main.action WHERE id < ? AND voided IS NULL AND counted IS NOT NULL ORDER BY id";
            let of_target = "SELECT id, date, 'target', target, kind || ' ' || coalesce(count_words, CAST(count AS TEXT)) AS counted
                FROM main.action WHERE id < ? AND voided IS NULL AND counted IS NOT NULL ORDER BY id";
            add(all, conn, of_actor, first)?;
            add(all, conn, of_target, first)?;
        }
        let counted = format!("{kind} {count}");
        let keys = [["actor", actor], ["target", target]].map(|[side, party]| digest([date, side, party, &counted]));
        Ok(keys.iter().filter_map(|key| self.all.as_ref()?.get(key)).flatten().copied().collect())
    }
}

/// Adds the ids that a query finds, by a digest of the four texts behind each. Returns the last id.
fn add(all: &mut HashMap<u64, Vec<u32>>, conn: &Connection, select: &str, first: u32) -> Result<Option<u32>> {
    let mut select = conn.prepare_cached(select)?;
    let mut rows = select.query([first])?;
    let mut last = None;
    while let Some(row) = rows.next()? {
        let id = row.get(0)?;
        all.entry(digest([&text(row, 1)?, &text(row, 2)?, &text(row, 3)?, &text(row, 4)?])).or_default().push(id);
        last = Some(id);
    }
    Ok(last)
}

fn digest(act: [&str; 4]) -> u64 {
    let mut hasher = DefaultHasher::new();
    act.hash(&mut hasher);
    hasher.finish()
}
