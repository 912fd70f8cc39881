//! Actions with generated refs, grouped by the stem of the ref (date, parties and kind) and indexed by their content.

use std::collections::HashMap;

use super::record::Columns;

/// The actions with the same stem.
#[derive(Debug, Default)]
pub(super) struct SameStem {
    /// Their ids, by a digest of their content in these columns.
    pub by_content: HashMap<u64, u32>,
    /// The columns that the digests cover: those of the file read last.
    pub columns: Columns,
    /// Their ids.
    pub ids: Vec<u32>,
    /// The first number after the stem that was free at the last search.
    pub next: u32,
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
