//! The reports: one file for each, with its row type and its `SELECT`. They read the views of the schema through a
//! [`Lens`], which restricts the ledger to a [`Selection`].

pub mod answers;
pub mod balance;
pub mod brief;
pub mod calendar;
mod candidate_series;
pub mod candidates;
pub mod chain;
pub mod changes;
mod check;
pub mod completion;
pub mod exchange;
pub(crate) mod export;
mod lens;
pub mod list;
pub mod matrix;
pub mod organisation_acts;
pub mod panel;
pub mod pending;
pub mod portable;
pub mod quantity;
pub mod reciprocity;
mod selection;
pub mod show;
pub mod source;
pub mod sql;
mod standing_quantity;
pub mod suggest;
pub mod survival;
pub mod timeline;
pub mod unanswered;

use std::borrow::Cow;
use std::collections::HashMap;

use rusqlite::Connection;

use crate::error::Result;
use crate::model::name;

use crate::record::ReadColumn;
pub use crate::record::{FromCells, Row};
pub use lens::{Lens, Side};
pub use selection::{Pair, Selection};

/// The names of the parties, by code.
#[derive(Debug, Clone, Default)]
pub struct Names(HashMap<String, String>);

impl Names {
    /// Reads the names of all parties.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn read(conn: &Connection) -> Result<Names> {
        let mut parties = conn.prepare_cached("SELECT code, name FROM party")?;
        let names = parties.query_map([], |r| Ok((r.read(0)?, r.read(1)?)))?.collect::<rusqlite::Result<_>>()?;
        Ok(Names(names))
    }

    /// The names by code.
    pub(crate) fn of_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Names {
        Names(pairs.into_iter().collect())
    }

    /// The name of the party with this code; the code itself if no party has it.
    pub fn of<'a>(&'a self, code: &'a str) -> &'a str {
        self.0.get(code).map_or(code, String::as_str)
    }

    /// The name with its article, for use within a sentence: "the United States".
    pub fn in_sentence<'a>(&'a self, code: &'a str) -> Cow<'a, str> {
        name::with_article(self.of(code))
    }
}

/// Collects the rows that `read` passes on one by one.
///
/// # Errors
/// `read` fails.
pub fn collect<R>(read: impl FnOnce(&mut dyn FnMut(R) -> Result<()>) -> Result<()>) -> Result<Vec<R>> {
    let mut rows = Vec::new();
    read(&mut |row| {
        rows.push(row);
        Ok(())
    })?;
    Ok(rows)
}
