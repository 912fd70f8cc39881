//! Actions with generated refs, grouped by the stem of the ref (date, parties and kind) and indexed by their content.

use std::collections::{BTreeSet, HashMap};

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
