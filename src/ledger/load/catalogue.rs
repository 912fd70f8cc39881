//! Loading the catalogue rows of a file.

use rusqlite::Connection;

use crate::error::Result;

use super::catalogue_table::{CatalogueTable, Fact};
use super::names::Names;
use super::problems::{Place, Problems};

/// Loads catalogue rows, and counts those that were new or changed.
#[derive(Debug, Default)]
pub(super) struct Catalogue {
    /// The number of rows that were added or changed.
    pub taken: u64,
}

impl Catalogue {
    /// Loads one row. It may be new, equal to the stored row, or replace a built-in row that is unchanged.
    pub fn take(
        &mut self,
        conn: &Connection,
        at: Place,
        table: &'static CatalogueTable,
        fact: &Fact,
        names: &mut Names<'_>,
        problems: &mut Problems,
    ) -> Result<()> {
        if let Some((column, why)) = table.flaw(fact) {
            problems.add(at, Some(column), why);
            return Ok(());
        }
        match table.load(conn, fact)? {
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
