//! Actions with generated refs, grouped by the stem of the ref (date, parties and kind) and indexed by their content.

use std::collections::{BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use rusqlite::{Connection, params};

use crate::error::Result;
use crate::ledger::facts::text;

use super::content::{Content, SOURCES};
use super::record::Columns;

/// The actions with the same stem.
#[derive(Debug, Default)]
pub(super) struct SameStem {
    /// Their ids, by a digest of their content in these columns.
    pub by_content: HashMap<u64, u32>,
    /// The columns that the digests cover: those of the file read last.
    pub columns: Columns,
    /// Their ids.
    pub ids: BTreeSet<u32>,
    /// The first number after the stem that was free at the last search.
    pub next: u32,
    /// Their ids, by a digest of the same columns without the sources.
    by_act: HashMap<u64, u32>,
}

impl SameStem {
    /// Forgets the content of all actions, whose digests are to cover other columns.
    pub fn forget(&mut self, columns: Columns) {
        self.columns = columns;
        self.by_content.clear();
        self.by_act.clear();
    }

    /// Adds the content of an action.
    pub fn know(&mut self, id: u32, content: &Content) {
        self.by_content.insert(content.digest(self.columns), id);
        if self.columns[SOURCES] {
            self.by_act.entry(content.digest_without_sources(self.columns)).or_insert(id);
        }
    }

    /// The first action that is like this content in everything but its sources.
    pub fn with_other_sources(&self, content: &Content) -> Option<u32> {
        if self.columns[SOURCES] { self.by_act.get(&content.digest_without_sources(self.columns)).copied() } else { None }
    }
}

/// Finds the actions of the ledger with the date, parties and kind of a row. Voided ones are left out.
#[derive(Debug, Default)]
pub(super) struct Alike {
    /// All actions by a digest of their date, actor, target and kind, if the indexes were dropped.
    all: Option<HashMap<u64, Vec<u32>>>,
}

impl Alike {
    /// Reads all actions with ids less than `first` into memory, so that their indexes can be dropped.
    pub fn read_all(&mut self, conn: &Connection, first: u32) -> Result<()> {
        let mut all: HashMap<u64, Vec<u32>> = HashMap::new();
        let mut select = conn.prepare("SELECT id, date, actor, target, kind FROM main.action WHERE id < ? AND voided IS NULL")?;
        let mut rows = select.query([first])?;
        while let Some(row) = rows.next()? {
            let act = [text(row, 1)?, text(row, 2)?, text(row, 3)?, text(row, 4)?];
            all.entry(digest(act.each_ref().map(|part| &**part))).or_default().push(row.get(0)?);
        }
        self.all = Some(all);
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
        if let Some(next) = &mut self.next {
            let mut select =
                conn.prepare_cached("SELECT id, date, actor, target, kind FROM main.action WHERE id >= ? AND voided IS NULL ORDER BY id")?;
            let mut rows = select.query([*next])?;
            while let Some(row) = rows.next()? {
                let act = [text(row, 1)?, text(row, 2)?, text(row, 3)?, text(row, 4)?];
                let id = row.get(0)?;
                self.read.entry(digest(act.each_ref().map(|part| &**part))).or_default().push(id);
                *next = id + 1;
            }
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
        let all = match self.all.take() {
            Some(all) => all,
            None => Self::read_all(conn, first)?,
        };
        Ok(self.all.insert(all).get(&digest(act)).map_or(&[], Vec::as_slice))
    }

    fn read_all(conn: &Connection, first: u32) -> Result<HashMap<u64, Vec<u32>>> {
        let mut all: HashMap<u64, Vec<u32>> = HashMap::new();
        let mut select =
            conn.prepare("SELECT id, actor, target, kind, coalesce(count_words, CAST(count AS TEXT)) AS stated FROM main.action WHERE id < ? AND voided IS NULL AND stated IS NOT NULL ORDER BY id")?;
        let mut rows = select.query([first])?;
        while let Some(row) = rows.next()? {
            let act = [text(row, 1)?, text(row, 2)?, text(row, 3)?, text(row, 4)?];
            all.entry(digest(act.each_ref().map(|part| &**part))).or_default().push(row.get(0)?);
        }
        Ok(all)
    }
}

/// Finds the actions of the ledger with the date, kind, count and one party of a row, whatever the other party is. Voided ones are left out.
#[derive(Debug, Default)]
pub(super) struct WithOtherParty {
    /// All actions by a digest of their date, one of the parties with its side, and their kind with the count; `None` until a row needs them.
    all: Option<HashMap<u64, Vec<u32>>>,
}

impl WithOtherParty {
    /// The ids of the actions with ids less than `first` that have a stated count and one of these digests.
    pub fn of(&mut self, conn: &Connection, act: [&str; 4], count: &str, first: u32) -> Result<Vec<u32>> {
        let all = match self.all.take() {
            Some(all) => all,
            None => Self::read_all(conn, first)?,
        };
        let all = self.all.insert(all);
        Ok(Self::keys(act, count).iter().flat_map(|key| all.get(key)).flatten().copied().collect())
    }

    fn keys([date, actor, target, kind]: [&str; 4], count: &str) -> [u64; 2] {
        let what = format!("{kind} {count}");
        [["actor", actor], ["target", target]].map(|[side, party]| digest([date, side, party, &what]))
    }

    fn read_all(conn: &Connection, first: u32) -> Result<HashMap<u64, Vec<u32>>> {
        let mut all: HashMap<u64, Vec<u32>> = HashMap::new();
        let mut select =
            conn.prepare("SELECT id, date, actor, target, kind, coalesce(count_words, CAST(count AS TEXT)) AS stated FROM main.action WHERE id < ? AND voided IS NULL AND stated IS NOT NULL ORDER BY id")?;
        let mut rows = select.query([first])?;
        while let Some(row) = rows.next()? {
            let act = [text(row, 1)?, text(row, 2)?, text(row, 3)?, text(row, 4)?];
            let count = text(row, 5)?;
            for key in Self::keys(act.each_ref().map(|part| &**part), &count) {
                all.entry(key).or_default().push(row.get(0)?);
            }
        }
        Ok(all)
    }
}

fn digest(act: [&str; 4]) -> u64 {
    let mut hasher = DefaultHasher::new();
    act.hash(&mut hasher);
    hasher.finish()
}

/// The actions of each stem that more than one row has.
#[derive(Debug, Default)]
pub(super) struct Stems(HashMap<String, SameStem>);

impl Stems {
    /// Takes out the actions known for a stem.
    pub fn take(&mut self, stem: &str) -> SameStem {
        self.0.remove(stem).unwrap_or(SameStem { next: 1, ..SameStem::default() })
    }

    /// Puts back the actions known for a stem.
    pub fn put(&mut self, stem: String, known: SameStem) {
        self.0.insert(stem, known);
    }
}
