//! Taking the catalogue's rows that a file brings.

use rusqlite::Connection;

use crate::error::Result;

use super::catalogue_table::{CatalogueTable, Fact, Shipped};
use super::names::Names;
use super::problems::{Place, Problems};

/// How many rows were taken, and what a new ledger starts with.
#[derive(Debug, Default)]
pub(super) struct Catalogue {
    shipped: Shipped,
    /// How many rows were new, or other than what a new ledger starts with.
    pub taken: u64,
}

impl Catalogue {
    /// Takes one row: a new one, one that is the same, or one that replaces what every new ledger has.
    pub fn take(
        &mut self,
        conn: &Connection,
        at: Place,
        table: &'static CatalogueTable,
        fact: &Fact,
        names: &mut Names<'_>,
        problems: &mut Problems,
    ) -> Result<()> {
        match self.shipped.put(conn, table, fact)? {
            Ok(false) => (),
            Ok(true) => {
                self.taken += 1;
                names.refresh(table, fact)?;
            }
            Err(why) => problems.add(at, None, why),
        }
        Ok(())
    }
}
