//! The actions whose refs are made of one date, two parties and a kind, by what they say.

use std::collections::HashMap;

use super::record::Columns;

/// The actions of one stem.
#[derive(Debug, Default)]
pub(super) struct SameStem {
    /// Their ids, by a digest of what they say in these columns.
    pub by_content: HashMap<u64, u32>,
    /// The columns of the file that was read last.
    pub columns: Columns,
    /// Their ids.
    pub ids: Vec<u32>,
    /// The first number that was free when it was last looked for.
    pub next: u32,
}

/// What is known of each stem that more than one row has.
#[derive(Debug, Default)]
pub(super) struct Stems(HashMap<String, SameStem>);

impl Stems {
    /// What is known of a stem so far.
    pub fn take(&mut self, stem: &str) -> SameStem {
        self.0.remove(stem).unwrap_or(SameStem { next: 1, ..SameStem::default() })
    }

    /// Keeps what is known of a stem.
    pub fn put(&mut self, stem: String, known: SameStem) {
        self.0.insert(stem, known);
    }
}
